"""Times spaCy's PhraseMatcher, tokenising included, and prints `VERSION SECONDS HITS` for every run.

Arguments: file of the text, file of the phrases (one a line), number of runs. Called by `matcher.rs`.
"""

import sys
import time

try:
    import spacy
    from spacy.matcher import PhraseMatcher
except ImportError:
    sys.exit(3)

text_file, phrase_file, n_runs = sys.argv[1:4]
with open(text_file, encoding="utf-8") as file:
    text = file.read()
with open(phrase_file, encoding="utf-8") as file:
    phrases = file.read().splitlines()

nlp = spacy.blank("en")
nlp.max_length = 10**9
matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
matcher.add("PHRASES", [nlp.make_doc(phrase) for phrase in phrases])

# One document for every 100,000 characters or so: a single one of many megabytes would be slower.
chunks = []
start = 0
while start < len(text):
    end = text.find("\n", min(len(text), start + 100_000))
    end = len(text) if end < 0 else end
    chunks.append(text[start:end])
    start = end

for _ in range(int(n_runs)):
    begin = time.perf_counter()
    hits = sum(len(matcher(nlp.make_doc(chunk))) for chunk in chunks)
    print(spacy.__version__, time.perf_counter() - begin, hits, flush=True)
