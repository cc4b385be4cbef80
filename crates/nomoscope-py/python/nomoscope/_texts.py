"""Texts that are no study: coded with a codebook, and counted by strata."""

import importlib.util
import os

from . import _native
from ._ask import watcher
from ._error import refuse
from ._table import Table


class Codebook:
    """A codebook, made ready once and then used for any number of texts.

    It can be pickled: another process makes it ready once, however often it gets it.
    """

    def __init__(self, codebook, *, language=(), interviewers=False):
        """Reads a codebook.

        Args:
            codebook: The file codebook.toml, a study (a folder), or the words of a codebook.
            language: Languages of the texts, such as `en`; none: all that the codebook has.
            interviewers: Whether what interviewers say is coded like what others say.
        """
        name, data = _read(codebook)
        languages = [language] if isinstance(language, str) else list(language)
        self._made = (name, data, tuple(languages), bool(interviewers))
        self._native = _ready(*self._made)

    @property
    def concepts(self):
        """The ids of the concepts, in order."""
        return self._native.concepts

    def __reduce__(self):
        return _again, self._made

    def __repr__(self):
        return f"<Codebook {self._made[0]}: {len(self.concepts)} concepts>"


_READY: dict = {}


def _ready(*made):
    if made not in _READY:
        name, data, languages, interviewers = made
        _READY[made] = _native.Lexicon(name, data, list(languages), interviewers)
    return _READY[made]


def _again(*made):
    codebook = Codebook.__new__(Codebook)
    codebook._made = made
    codebook._native = _ready(*made)
    return codebook


def _read(codebook):
    if isinstance(codebook, bytes):
        return "codebook.toml", codebook
    if isinstance(codebook, str) and "\n" in codebook:
        return "codebook.toml", codebook.encode()
    path = os.fspath(codebook)
    if os.path.isdir(path):
        path = os.path.join(path, "codebook.toml")
    try:
        with open(path, "rb") as file:
            return path, file.read()
    except OSError as error:
        raise refuse(f"cannot be read: {error.strerror}", file=path) from None


def ready(codebook, language=(), interviewers=False):
    """The codebook that was given, or one that is read."""
    if isinstance(codebook, Codebook):
        return codebook
    return Codebook(codebook, language=language, interviewers=interviewers)


def _is_table(given):
    """Whether what was given has columns with names."""
    return isinstance(given, dict) or hasattr(given, "columns") or (hasattr(given, "__arrow_c_stream__") and hasattr(given, "schema"))


def _speaks_arrow(given):
    """Whether the native half can take a table as it lies; pandas needs pyarrow for that."""
    if not hasattr(given, "__arrow_c_stream__"):
        return False
    return not type(given).__module__.startswith("pandas") or importlib.util.find_spec("pyarrow") is not None


def _columns(table, names):
    """The columns of a table that speaks no Arrow."""
    columns = list(table if isinstance(table, dict) else table.columns)
    missing = [name for name in names if name not in columns]
    if missing:
        known = ", ".join(str(name) for name in columns)
        raise refuse(f"is no column; columns are {known}", file=missing[0])
    return [_column(table[name]) for name in names]


def _column(given):
    """A column as the native half takes it: Arrow, or a list in which what is missing is None."""
    if isinstance(given, (str, bytes)):
        # Letter by letter it would be a column, too, of texts without any word.
        raise refuse("one text is no column of texts", setting="texts", hint="put it into a list: [text]")
    if hasattr(given, "__arrow_c_array__") or hasattr(given, "__arrow_c_stream__"):
        return given
    return [_value(value) for value in given]


def _value(value):
    if value is None or value != value:
        return None
    return value.item() if hasattr(value, "item") else value


def code(texts, codebook, *, ids=None, text="text", id=None, language=(), interviewers=False, progress=None):
    """Codes texts: where each concept of a codebook stands.

    Args:
        texts: A column of texts (a list, or anything that speaks Arrow), a data frame, or a dict of columns.
        codebook: A Codebook, or what makes one. Made once, it need not be made ready again.
        ids: Of a column of texts: what names each of them; by default their number, from 0.
        text: Of a data frame: the column of texts.
        id: Of a data frame: the column that names them.
        language: Languages of the texts, such as `en`; none: all that the codebook has.
        interviewers: Whether what interviewers say is coded like what others say.
        progress: True shows how far the work is; or a function of (stage, done, total or None).

    Returns:
        A table with the columns source, concept, start, end (in characters, from 0) and text. Texts that are
        missing or blank have no row.
    """
    lexicon = ready(codebook, language, interviewers)._native
    if _is_table(texts):
        if _speaks_arrow(texts):
            return Table(lexicon.code(texts, None, (text, id), watcher(progress)))
        texts, *ids = _columns(texts, [text] if id is None else [text, id])
        ids = ids[0] if ids else None
    ids = None if ids is None else _column(ids)
    return Table(lexicon.code(_column(texts), ids, None, watcher(progress)))


def counts(
    texts, codebook, *, by=(), text="text", window="paragraph", language=(), interviewers=False, progress=None
):
    """Counts the concepts of a codebook in texts, stratum by stratum.

    Args:
        texts: A column of texts (a list, or anything that speaks Arrow), a data frame, or a dict of columns.
        codebook: A Codebook, or what makes one.
        by: Of a data frame: names of the columns by which texts are told apart. Of a column of texts: a dict of
            such columns by name.
        text: Of a data frame: the column of texts.
        window: The unit of co-occurrence: source, section, paragraph, item or sentence.
        language: Languages of the texts, such as `en`; none: all that the codebook has.
        interviewers: Whether what interviewers say is coded like what others say.
        progress: True shows how far the work is; or a function of (stage, done, total or None).

    Returns:
        A table of whole numbers with a row for all texts of a stratum (concept and other are None), for each
        concept (other is None) and for each pair of concepts that stand in one text. Its columns are those of
        `by`, concept, other, and: texts; units (of a pair: those that hold both, and not only one within the
        words of the other); words; codings; inside and other_inside (of a pair: units in which the concept, or
        the other, stands only within the words of the other one). Texts that are missing or blank do not count.
        Rows of parts that were counted apart add up to those of the whole.
    """
    lexicon = ready(codebook, language, interviewers)._native
    by = [by] if isinstance(by, str) else by
    counter = _native.Counter(lexicon, list(by), window, None)
    if _is_table(texts) and _speaks_arrow(texts):
        counter.add_table(texts, text, watcher(progress))
    elif _is_table(texts):
        texts, *strata = _columns(texts, [text, *by])
        counter.add_columns(texts, strata, watcher(progress))
    elif isinstance(by, dict):
        counter.add_columns(_column(texts), [_column(column) for column in by.values()], watcher(progress))
    elif by:
        raise refuse("of a column of texts it is a dict of columns by name", setting="by")
    else:
        counter.add_columns(_column(texts), [], watcher(progress))
    return Table(counter.table())
