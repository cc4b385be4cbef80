"""Tables: columns with names, for any library of data frames."""

import collections.abc
import html

#: Rows that a notebook shows.
SHOWN = 20


class Table:
    """A table with named columns; a missing value is None.

    Whatever speaks Arrow takes it without a copy: ``polars.DataFrame(table)``, ``pyarrow.table(table)``,
    ``duckdb.sql("from table")``. ``to_pandas()``, ``to_polars()`` and ``to_arrow()`` do it for you.
    """

    def __init__(self, native):
        self._native = native

    @property
    def id(self):
        """A short name, unique in its answer."""
        return self._native.id

    @property
    def title(self):
        """What the table says."""
        return self._native.title

    @property
    def notes(self):
        """What is left out, and what columns mean."""
        return self._native.notes

    @property
    def columns(self):
        """The names of the columns."""
        return self._native.columns

    def __len__(self):
        return len(self._native)

    def __getitem__(self, column):
        """The values of a column, as a list."""
        values = self.to_dict()
        if column not in values:
            raise KeyError(f"no column {column!r}; columns are {', '.join(values)}")
        return values[column]

    def to_dict(self):
        """The columns by name, each a list."""
        return dict(self._native.lists())

    def rows(self):
        """The rows, each a dict."""
        columns = self.to_dict()
        return [dict(zip(columns, row)) for row in zip(*columns.values())]

    def to_pandas(self):
        """The table as a pandas.DataFrame."""
        import pandas

        try:
            import pyarrow
        except ImportError:
            return pandas.DataFrame(self.to_dict(), columns=self.columns)
        return pyarrow.table(self).to_pandas()

    def to_polars(self):
        """The table as a polars.DataFrame, without a copy."""
        import polars

        return polars.DataFrame(self)

    def to_arrow(self):
        """The table as a pyarrow.Table, without a copy."""
        import pyarrow

        return pyarrow.table(self)

    def __arrow_c_stream__(self, requested_schema=None):
        return self._native.__arrow_c_stream__(requested_schema)

    def __repr__(self):
        return f"<Table {self.id}: {len(self)} rows of {', '.join(self.columns)}>"

    def _repr_html_(self):
        columns = self.to_dict()
        head = "".join(f"<th>{html.escape(name)}</th>" for name in columns)
        shown = min(len(self), SHOWN)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(said(values[row]))}</td>" for values in columns.values()) + "</tr>"
            for row in range(shown)
        )
        more = f"<p>{shown} of {len(self)} rows</p>" if shown < len(self) else ""
        notes = "".join(f"<p>{html.escape(note)}</p>" for note in self.notes)
        caption = f"<caption>{html.escape(self.title)}</caption>" if self.title else ""
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}{notes}"


def said(value):
    """A value as people read it."""
    if value is None:
        return "–"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


class Named(collections.abc.Mapping):
    """Tables or figures by their id, in the order of the answer."""

    def __init__(self, items):
        self._items = {item.id: item for item in items}

    def __getitem__(self, key):
        if isinstance(key, int):
            return list(self._items.values())[key]
        if key not in self._items:
            raise KeyError(f"no {key!r}; there are {', '.join(self._items) or 'none'}")
        return self._items[key]

    def __iter__(self):
        return iter(self._items)

    def __len__(self):
        return len(self._items)

    def __repr__(self):
        lines = (f"  {key}: {item.title}" for key, item in self._items.items())
        return "\n".join([f"{len(self)}:", *lines])
