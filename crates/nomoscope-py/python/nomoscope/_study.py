"""Studies: opened, made, changed and asked."""

import inspect
import json
import os

from . import _native
from ._ask import QUESTIONS, function, method_name
from ._table import Table


class Study:
    """A study, a folder or a `.nomo` file.

    It holds no lock: others may work on the same study, and what they changed is read at the next question.
    Each question is a method; its keyword arguments are the settings of the command line.
    """

    def __init__(self, path, *, passphrase=None):
        """Opens a study.

        Args:
            path: Where it lies.
            passphrase: That of an encrypted file. It is known to this process until it ends.
        """
        self._desk = _native.Desk(os.fspath(path), passphrase)

    @classmethod
    def new(cls, path, template="blank"):
        """Makes a study, as one file if the name ends in `.nomo`.

        Args:
            path: Where; nothing may be there.
            template: `blank`, or a study that is brought along: `child-trafficking`, `transitional-justice`.
        """
        _native.Desk.make(os.fspath(path), template)
        return cls(path)

    @property
    def path(self):
        """Where the study lies."""
        return os.fspath(self._desk.path)

    @property
    def title(self):
        """What the study is called."""
        return self._desk.title()

    @property
    def revision(self):
        """What tells this state of the study from every other one."""
        return self._desk.revision()

    @property
    def notes(self):
        """What should be known of the study as it was read."""
        return self._desk.notes()

    @property
    def sources(self):
        """A table of the sources: what is said of them, and how many characters they have."""
        return Table(self._desk.sources())

    @property
    def log(self):
        """Everything that was done to the study, the first thing first: dicts with id, coder, time and command."""
        return json.loads(self._desk.log())

    def text(self, source):
        """The text of a source, by its path."""
        return self._desk.text(source)

    def codings(self, *, progress=None):
        """A table of what the lexicon finds and people coded, less what people turned down.

        Its columns are source, concept, start and end (in characters, from 0) and text.
        """
        from ._ask import watcher

        return Table(self._desk.codings(watcher(progress)))

    def apply(self, act, *, coder=None):
        """Does something to the study, whole or not at all, and logs it.

        Args:
            act: A dict as the program has acts: `{"act": "memo", "about": "study", "text": "…"}`.
            coder: In whose name; by default NOMOSCOPE_CODER of the environment, or `me`.

        Returns:
            A dict: event (None if nothing changed), command, undone, files, there, left_out, n, imported, joined, rewritten, notes.
        """
        return json.loads(self._desk.apply(json.dumps(act, default=os.fspath), coder))

    def add(self, *paths, attributes=None, rows=None, name=None, strict=False, coder=None):
        """Adds files and folders; without any, a change that was interrupted is completed.

        Args:
            paths: Files and folders.
            attributes: What is said of all of them: `{"kind": "treaty"}`.
            rows: What is said of single files, by path or name: `{"a.pdf": {"date": "1999"}}`.
            name: A pattern of file names whose parts are attributes: `{institution}_{date}`.
            strict: Whether a file that cannot be read keeps all others out.
            coder: In whose name.
        """
        given = {"all": attributes or {}, "rows": rows or {}, "name": name, "strict": strict}
        return self.apply({"act": "add", "paths": [os.fspath(path) for path in paths], "given": given}, coder=coder)

    def add_texts(self, texts, *, attributes=None, rows=None, coder=None):
        """Adds texts that no file holds.

        Args:
            texts: By file name, such as `a.txt`: text, or the bytes of any format that can be read.
            attributes: What is said of all of them.
            rows: What is said of single ones, by name.
            coder: In whose name.
        """
        files = {name: text.encode() if isinstance(text, str) else bytes(text) for name, text in texts.items()}
        given = json.dumps({"all": attributes or {}, "rows": rows or {}})
        return json.loads(self._desk.add_bytes(files, given, coder))

    def import_projects(self, *files, roles=None, prune=False, coder=None):
        """Takes in projects of other programs; what is there already is matched and stays.

        Args:
            files: Their files.
            roles: Roles of codes by name or path: `{"slavery": ["problem"]}`.
            prune: Whether what is gone from a project that was taken in before goes here too.
            coder: In whose name.
        """
        options = {"roles": roles or {}, "prune": prune}
        return self.apply({"act": "import", "files": [os.fspath(file) for file in files], "options": options}, coder=coder)

    def merge(self, other, *, coders=None, coder=None):
        """Joins another study to this one: what both have is one thing, what either has alone is kept.

        Args:
            other: Its folder or file.
            coders: Other names for its coders: `{"ana": "ana2"}`.
            coder: In whose name.
        """
        return self.apply({"act": "merge", "other": os.fspath(other), "coders": coders or {}}, coder=coder)

    def describe(self, sources, *, coder=None, **said):
        """Says something of sources: `study.describe(["sources/a.txt"], kind="interview", date="2011")`.

        Args:
            sources: Their paths.
            coder: In whose name.
            said: Attributes with their values; an empty one is taken away.
        """
        sources = [sources] if isinstance(sources, str) else list(sources)
        return self.apply({"act": "describe", "sources": sources, "said": said}, coder=coder)

    def forget(self, what, *, coder=None):
        """Erases a source by its path, or words wherever they stand, from the past of the study, too. It cannot be undone."""
        return self.apply({"act": "forget", "what": what}, coder=coder)

    def names(self, known=None):
        """What in the texts may tell who somebody is; rules miss names.

        Args:
            known: Pseudonyms that were given before, by name.

        Returns:
            Dicts with kind, found, replacement, times, texts, sure and example.
        """
        columns = ["kind", "found", "replacement", "times", "texts", "sure", "example"]
        return [dict(zip(columns, row)) for row in self._desk.names(known or {})]

    def pseudonymise(self, names, *, coder=None):
        """Puts pseudonyms in the place of names, in the past of the study, too. It cannot be undone, and no key is kept.

        Args:
            names: Pseudonyms by name: `{"Amina Diallo": "[person 1]"}`. Whoever keeps them keeps the key.
            coder: In whose name.
        """
        return self.apply({"act": "pseudonymise", "names": [list(pair) for pair in names.items()]}, coder=coder)

    def encrypt(self, passphrase, *, before=None):
        """Encrypts the study file, or gives it another passphrase than the one `before`."""
        self._desk.settle(before, passphrase)

    def decrypt(self, passphrase):
        """Takes the passphrase off the study file."""
        self._desk.settle(passphrase, None)

    def doctor(self):
        """Puts right what an interruption left, and looks the study over.

        Returns:
            A dict of lists of words: repaired, wrong, notes. It is sound if nothing is wrong.
        """
        return dict(zip(["repaired", "wrong", "notes"], self._desk.doctor()))

    def code(self, *, name="lexicon", codebook=None, coder=None):
        """Codes all sources with the codebook and stores the codings; questions need none to be stored.

        Args:
            name: The name under which they are stored.
            codebook: Another codebook than the study's own, a file.
            coder: In whose name.
        """
        codebook = None if codebook is None else os.fspath(codebook)
        return self.apply({"act": "code", "coder": name, "codebook": codebook}, coder=coder)

    def _span(self, source, start, end):
        text = self.text(source)
        if not 0 <= start < end <= len(text):
            from ._error import refuse

            raise refuse(f"{start} to {end} is no stretch of a text of {len(text)} characters", file=source)
        first = len(text[:start].encode())
        return {"start": first, "end": first + len(text[start:end].encode())}

    def mark(self, source, start, end, concept, *, memo="", coder=None):
        """Codes a passage by hand, from one character (from 0) up to another, not included."""
        span = self._span(source, start, end)
        act = {"act": "mark", "source": source, "span": span, "concept": concept, "memo": memo}
        return self.apply(act, coder=coder)

    def judge(self, right, hits, *, coder=None):
        """Says of hits of the lexicon whether they are right: those that are not count no longer.

        Args:
            right: Whether they are right.
            hits: Dicts with source, start, end and concept, such as rows of `codings()`.
            coder: In whose name.
        """
        hits = [
            {"source": hit["source"], "span": self._span(hit["source"], hit["start"], hit["end"]), "concept": hit["concept"]}
            for hit in hits
        ]
        return self.apply({"act": "judge", "right": right, "hits": hits}, coder=coder)

    def recode(self, coding, *, source=None, start=None, end=None, concept=None, coder=None):
        """Gives a coding by hand another place or another concept; its note stays.

        Args:
            coding: Its id.
            source, start, end: The source and the characters of the new place; none leaves it.
            concept: The other concept; none leaves it.
            coder: In whose name: only whoever made a coding changes it.
        """
        span = None if source is None else self._span(source, start, end)
        return self.apply({"act": "recode", "coding": coding, "span": span, "concept": concept}, coder=coder)

    def memo(self, about, text, *, coder=None):
        """Writes a memo on `study`, `source:<path>` or `concept:<id>`."""
        return self.apply({"act": "memo", "about": about, "text": text}, coder=coder)

    def edit_codebook(self, toml, *, coder=None):
        """Gives the study another codebook: the whole of codebook.toml."""
        return self.apply({"act": "edit_codebook", "toml": toml}, coder=coder)

    def remove(self, path, *, coder=None):
        """Takes a file with all its sources, their codings and memos out of the study."""
        return self.apply({"act": "remove_source", "path": path}, coder=coder)

    def undo(self, *, coder=None):
        """Takes back what was done last."""
        return self.apply({"act": "undo"}, coder=coder)

    def redo(self, *, coder=None):
        """Does again what was taken back last."""
        return self.apply({"act": "redo"}, coder=coder)

    def export(self, folder):
        """Writes a study file as a folder; returns the files that were left out, for no study has such files."""
        return self._desk.export(os.fspath(folder))

    def ask(self, question, **settings):
        """Asks a question by its name in a run record: `study.ask("map", bootstrap=0)`."""
        return getattr(self, _of(question))(**settings)

    def __repr__(self):
        return f"<Study {self.path}>"


def _of(question):
    kind = QUESTIONS.get(question)
    if kind is None or not kind["of"].startswith("study"):
        from ._error import refuse

        known = ", ".join(name for name, kind in QUESTIONS.items() if kind["of"].startswith("study"))
        raise refuse(f"no question of a study is called `{question}`", setting="question", hint=f"questions are {known}")
    return method_name(kind)


def _ask(leading, question, settings, which, codebook, progress):
    (study,) = leading
    codebook = None if codebook is None else os.fspath(codebook)
    return study._desk.ask((question, settings, which), codebook, progress)


_SELF = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)

for _kind in QUESTIONS.values():
    if _kind["of"].startswith("study"):
        _name = method_name(_kind)
        setattr(Study, _name, function(_kind, True, _ask, _name, (_SELF,)))
