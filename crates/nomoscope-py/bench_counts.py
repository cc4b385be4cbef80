"""Measures how fast texts are counted, on one core and on all: `python bench_counts.py CODEBOOK FILE…`.

Each file is one text a paragraph block, or a folder of such files.
"""

import argparse
import pathlib
import statistics
import time

import nomoscope
from nomoscope import _native


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("codebook")
    parser.add_argument("texts", nargs="+", type=pathlib.Path)
    parser.add_argument("--megabytes", type=float, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    files = [file for path in given.texts for file in (sorted(path.rglob("*.txt")) if path.is_dir() else [path])]
    texts, size = [], 0
    for file in files:
        if size >= given.megabytes * 1e6:
            break
        texts.append(file.read_text(encoding="utf-8", errors="replace"))
        size += len(texts[-1].encode())
    print(f"{len(texts)} texts, {size:,} bytes")
    book = nomoscope.Codebook(given.codebook)
    for threads in (1, None):
        took = []
        for _ in range(given.rounds):
            counter = _native.Counter(book._native, [], "paragraph", threads)
            began = time.perf_counter()
            counter.add_columns(texts, [], None)
            took.append(time.perf_counter() - began)
        rates = sorted(size / 1e6 / seconds for seconds in took)
        print(
            f"{threads or 'all'} thread(s): {statistics.median(rates):.1f} MB/s,"
            f" {given.rounds} rounds ({rates[0]:.1f}–{rates[-1]:.1f})"
        )


if __name__ == "__main__":
    main()
