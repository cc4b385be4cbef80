"""How much of a PDF is read, and in order, beside poppler's pdftotext.

    python pdf_peers.py PROGRAM LIST

Each line of LIST names a PDF and, after a tab, a text of the same document that was not made from the PDF (plain or .gz), or
nothing. What is told is the share of five-word sequences of that text that stand in what was read; without such a text, the
share of those of pdftotext that stand in ours, and the other way round. Words that are numbers are left out, since a table of
contents has those of pages in the PDF alone; Chinese and Japanese characters count as words.
"""

import collections
import gzip
import pathlib
import re
import subprocess
import sys
import tempfile
import unicodedata

WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")


def sequences(text):
    text = unicodedata.normalize("NFKC", text).replace("\u00ad", "")
    text = re.sub(r"(\w)[-‐]\s*\n\s*(\w)", r"\1\2", text)
    words = [word for word in WORD.findall(text.lower()) if not word.isdigit()]
    return collections.Counter(zip(*(words[i:] for i in range(5))))


def share(wanted, read):
    total = sum(wanted.values())
    return sum(min(n, read[s]) for s, n in wanted.items()) / total if total else float("nan")


def ours(program, pdf, folder):
    study = pathlib.Path(folder) / "study"
    for words in (["new", study], ["add", study, pdf]):
        done = subprocess.run([program, *words], capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{pdf}: {done.stderr}")
    told = subprocess.run([program, "sources", study, "--text", f"sources/{pdf.name}"], capture_output=True, text=True)
    # The labels of units stand before the bar.
    return "\n".join(line.partition("| ")[2] for line in told.stdout.split("\n"))


def whole(path):
    found = path.read_bytes()
    return (gzip.decompress(found) if path.suffix == ".gz" else found).decode("utf-8", "replace")


def main(program, names):
    program = str(pathlib.Path(program).resolve())
    print("| file | sequences | ours | pdftotext |\n| --- | --- | --- | --- |")
    for line in pathlib.Path(names).read_text().splitlines():
        pdf, _, text = line.partition("\t")
        pdf = pathlib.Path(pdf)
        drawn = subprocess.run(["pdftotext", "-enc", "UTF-8", pdf, "-"], capture_output=True, text=True).stdout
        poppler = sequences(drawn)
        with tempfile.TemporaryDirectory() as folder:
            own = sequences(ours(program, pdf, folder))
        if text.strip():
            wanted = sequences(whole(pathlib.Path(text.strip())))
            left, right, n, name = share(wanted, own), share(wanted, poppler), sum(wanted.values()), pdf.name
        else:
            left, right, n, name = share(poppler, own), share(own, poppler), sum(poppler.values()), f"{pdf.name}, of each other"
        print(f"| {name} | {n:,} | {left:.3f} | {right:.3f} |", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
