"""Nomoscope shows what international norms become in use.

>>> import nomoscope
>>> study = nomoscope.Study.new("demo", template="child-trafficking")
>>> answer = study.map(bootstrap=0)
>>> answer.tables["statements"].to_pandas()

`Study` opens studies and asks them, `Law` holds cases against definitions, `estimate`, `attrition`, `adoption`,
`agree` and `network` ask tables, `code` and `counts` read texts that are no study, and `nomoscope.spark` reads
those of a cluster. Not legal advice.
"""

from . import _native
from ._answer import Answer, Figure
from ._error import NomoscopeError
from ._law import OF_TABLES as _OF_TABLES
from ._law import Law
from ._study import Study
from ._table import Named, Table
from ._texts import Codebook, code, counts

__version__ = _native.VERSION.split(" ")[0]

globals().update(_OF_TABLES)


def test(case, law=None, **settings):
    """Holds the facts of a case against norms; the same as `Law(law).test(case, …)`."""
    return Law(law).test(case, **settings)


def formats():
    """The formats of texts that can be read: dicts with name, extensions and description."""
    keys = ("name", "extensions", "description")
    return [dict(zip(keys, row)) for row in _native.formats()]


def exchange_formats():
    """The formats of projects of other programs that can be taken in or written."""
    return _native.exchange_formats()


__all__ = [
    "Answer",
    "Codebook",
    "Figure",
    "Law",
    "Named",
    "NomoscopeError",
    "Study",
    "Table",
    "code",
    "counts",
    "exchange_formats",
    "formats",
    "test",
    *_OF_TABLES,
]
