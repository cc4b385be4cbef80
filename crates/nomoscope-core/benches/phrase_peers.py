"""Times a peer of the matcher on one thread, and prints `VERSION SECONDS HITS` for every run:
seconds of the processor, which others who share the machine do not lengthen.

Arguments: the peer (`spacy`, `hyperscan`, `pyahocorasick`), file of the text, file of the phrases (one a line), number of
runs. Ends with 3 where the peer is not installed. Called by `matcher.rs`.
"""

import importlib.metadata
import sys
import time

peer, text_file, phrase_file, n_runs = sys.argv[1:5]
with open(text_file, encoding="utf-8") as file:
    text = file.read()
with open(phrase_file, encoding="utf-8") as file:
    phrases = file.read().splitlines()


def chunks(size):
    """Cut at line ends into pieces of about so many characters."""
    start = 0
    while start < len(text):
        end = text.find("\n", min(len(text), start + size))
        end = len(text) if end < 0 else end
        yield text[start:end]
        start = end


def spacy():
    """PhraseMatcher, tokenising included: a single document of many megabytes would be slower than pieces."""
    import spacy as package
    from spacy.matcher import PhraseMatcher

    nlp = package.blank("en")
    nlp.max_length = 10**9
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    matcher.add("PHRASES", [nlp.make_doc(phrase) for phrase in phrases])
    pieces = list(chunks(100_000))
    return lambda: sum(len(matcher(nlp.make_doc(piece))) for piece in pieces)


def hyperscan():
    """Word boundaries and either case; every hit is a call into Python, as whoever uses the package has it."""
    import hyperscan as package

    database = package.Database()
    database.compile(
        expressions=[rf"\b{phrase}\b".encode() for phrase in phrases],
        ids=list(range(len(phrases))),
        elements=len(phrases),
        flags=[package.HS_FLAG_CASELESS] * len(phrases),
    )
    # One scan takes less than 4 GiB; pieces of a few megabytes cost nothing.
    pieces = [piece.encode() for piece in chunks(8_000_000)]

    def search():
        hits = 0

        def found(*_):
            nonlocal hits
            hits += 1

        for piece in pieces:
            database.scan(piece, match_event_handler=found)
        return hits

    return search


def pyahocorasick():
    """Bare literals in text put into lower case beforehand: no word boundaries."""
    import ahocorasick

    automaton = ahocorasick.Automaton()
    for i, phrase in enumerate(phrases):
        automaton.add_word(phrase.lower(), i)
    automaton.make_automaton()
    lower = text.lower()
    return lambda: sum(1 for _ in automaton.iter(lower))


try:
    run = {"spacy": spacy, "hyperscan": hyperscan, "pyahocorasick": pyahocorasick}[peer]()
except ImportError:
    sys.exit(3)
for _ in range(int(n_runs)):
    begin = time.process_time()
    n_hits = run()
    print(importlib.metadata.version(peer), time.process_time() - begin, n_hits, flush=True)
