"""Definitions of law, cases that are held against them, and questions that are asked of tables."""

import csv
import inspect
import io
import os

from . import _native
from ._ask import QUESTIONS, function, method_name
from ._error import refuse


def bytes_of(given, name):
    """What was given as files, each with its name and bytes: a path, or a table in memory."""
    if isinstance(given, (str, os.PathLike)):
        path = os.fspath(given)
        try:
            with open(path, "rb") as file:
                return path, file.read()
        except OSError as error:
            raise refuse(f"cannot be read: {error.strerror}", file=path) from None
    return name, csv_of(given, name)


def csv_of(given, name):
    """A table in memory as separated values.

    A dict of sets is a table of lists: each set holds the persons of a list.
    """
    if isinstance(given, dict) and given and all(isinstance(part, (set, frozenset)) for part in given.values()):
        for key, part in given.items():
            if any(_is_missing(person) for person in part):
                reason = f"list `{key}` holds a person without an id, whom no other list can be known to hold"
                raise refuse(reason, file=name, hint="leave out those whose id is missing")
        persons = sorted(set().union(*given.values()), key=str)
        given = {key: [int(person in part) for person in persons] for key, part in given.items()}
    columns = columns_of(given, name)
    lengths = {len(values) for values in columns.values()}
    if len(lengths) > 1:
        raise refuse("its columns have different lengths", file=name)
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(columns)
    rows.writerows([_cell(value) for value in row] for row in zip(*columns.values()))
    return out.getvalue().encode()


def columns_of(given, name):
    """The columns of a data frame, a dict of columns or a list of dicts."""
    if isinstance(given, dict):
        return {str(key): list(values) for key, values in given.items()}
    if isinstance(given, list) and given and all(isinstance(row, dict) for row in given):
        names = list(dict.fromkeys(key for row in given for key in row))
        return {str(key): [row.get(key) for row in given] for key in names}
    if hasattr(given, "columns") and hasattr(given, "__getitem__"):
        return {str(key): list(given[key]) for key in given.columns}
    if hasattr(given, "to_pydict"):
        return given.to_pydict()
    raise refuse("is no file, data frame, dict of columns or list of dicts", file=name)


def _is_missing(value):
    # What is not equal to itself is no number; pandas' own is neither equal nor unequal to anything.
    return value is None or type(value).__name__ == "NAType" or value != value


def _cell(value):
    if _is_missing(value):
        return ""
    return int(value) if isinstance(value, bool) else value


def cases_of(given):
    """Cases as files with their bytes: a path, the words of a case file, a dict, or a list of these."""
    if given is None or isinstance(given, (list, tuple)):
        named = {}
        for number, one in enumerate(given or ()):
            for name, data in cases_of(one):
                # Two cases in memory are two files.
                named[name if name not in named else f"case-{number + 1}.toml"] = data
        return list(named.items())
    if isinstance(given, dict):
        return [("case.toml", toml(given).encode())]
    if isinstance(given, str) and "\n" in given:
        return [("case.toml", given.encode())]
    return _native.law_files(os.fspath(given))


def toml(table):
    """A dict as TOML."""
    return "".join(f"{_quoted(key)} = {_inline(value)}\n" for key, value in table.items() if value is not None)


def _inline(value):
    if isinstance(value, dict):
        inner = ", ".join(f"{_quoted(key)} = {_inline(part)}" for key, part in value.items() if part is not None)
        return f"{{ {inner} }}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_inline(part) for part in value)}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    return _quoted(value.isoformat() if hasattr(value, "isoformat") else str(value))


def _quoted(words):
    escaped = "".join(
        f"\\{char}" if char in '"\\' else char if char >= " " and char != "\x7f" else f"\\u{ord(char):04x}"
        for char in words
    )
    return f'"{escaped}"'


class Law:
    """Definitions: those that the program brings along, with your own beside them. Not legal advice.

    Each question is a method; those of cases take the case first.
    """

    def __init__(self, path=None):
        """Opens the law.

        Args:
            path: A file or folder of norms and facts; one with the id of a bundled one takes its place.
        """
        self._path = None if path is None else os.fspath(path)

    def __repr__(self):
        return "<Law>" if self._path is None else f"<Law with {self._path}>"


def _ask_law(leading, question, settings, which, codebook, progress):
    law, *cases = leading
    cases = cases_of(cases[0]) if cases and cases[0] != () else []
    return _native.ask_law(question, settings, law._path, cases, progress)


def _ask_files(leading, question, settings, which, codebook, progress):
    (given,) = leading
    files = {}
    for number, one in enumerate(given):
        name, data = bytes_of(one, "table.csv" if number == 0 else f"table-{number + 1}.csv")
        files[name] = data
    return _native.ask_files(question, settings, list(files.items()), progress)


_SELF = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)
_CASES = inspect.Parameter(
    "cases", inspect.Parameter.POSITIONAL_OR_KEYWORD, default=None, annotation="Cases"
)
_TABLES = inspect.Parameter("tables", inspect.Parameter.VAR_POSITIONAL, annotation="Tabular")

#: Functions of tables, by name.
OF_TABLES = {}

for _kind in QUESTIONS.values():
    _name = method_name(_kind)
    if _kind["of"] == "law":
        setattr(Law, _name, function(_kind, False, _ask_law, _name, (_SELF,)))
    elif _kind["of"] == "cases":
        setattr(Law, _name, function(_kind, False, _ask_law, _name, (_SELF, _CASES)))
    elif _kind["of"] in ("files", "study or table"):
        OF_TABLES[_name] = function(_kind, False, _ask_files, _name, (_TABLES,))
