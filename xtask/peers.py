"""Peers of `nomoscope scan`: look for the same patterns in the same texts, and nothing else.

python3 -m venv VENV && VENV/bin/pip install hyperscan pyahocorasick
python3 peers.py TEXTS.jsonl CODEBOOK.toml   prints a line a peer: name, tab, seconds (median of three)
"""
import json
import statistics
import sys
import time
import tomllib

with open(sys.argv[1], encoding="utf-8") as file:
    texts = [json.loads(line)["text"].lower() for line in file]
with open(sys.argv[2], "rb") as file:
    patterns = sorted({p for c in tomllib.load(file)["concept"] for p in c["patterns"]["en"]})


def report(name, search):
    seconds, hits = [], 0
    for _ in range(3):
        began = time.perf_counter()
        hits = search()
        seconds.append(time.perf_counter() - began)
    print(f"{name}, {hits:,} hits\t{statistics.median(seconds):.4f}")


try:
    import ahocorasick

    automaton = ahocorasick.Automaton()
    for i, pattern in enumerate(patterns):
        automaton.add_word(pattern, i)
    automaton.make_automaton()
    report("pyahocorasick, bare literals without word boundaries", lambda: sum(sum(1 for _ in automaton.iter(t)) for t in texts))
except ImportError:
    print("pyahocorasick is not installed", file=sys.stderr)

try:
    import hyperscan

    database = hyperscan.Database()
    database.compile(
        expressions=[rf"\b{p}\b".encode() for p in patterns],
        ids=list(range(len(patterns))),
        elements=len(patterns),
        flags=[hyperscan.HS_FLAG_CASELESS] * len(patterns),
    )
    whole = "\n".join(texts).encode()

    def search():
        n = 0

        def hit(*_):
            nonlocal n
            n += 1

        database.scan(whole, match_event_handler=hit)
        return n

    report("hyperscan from Python, whole text at once, a call a hit", search)
except ImportError:
    print("hyperscan is not installed", file=sys.stderr)
