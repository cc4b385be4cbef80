"""Answers: what was found, in words, tables, figures and JSON."""

import base64
import functools
import html
import json
import os

from ._table import Named, Table


class Answer:
    """The answer to a question. Nothing in it changes, and nothing is computed again."""

    def __init__(self, native):
        self._native = native

    @property
    def question(self):
        """The name of the question."""
        return self._native.question

    @property
    def lead(self):
        """What was found, in a sentence or two."""
        return self._native.lead

    @property
    def cautions(self):
        """What should be known before the answer is used."""
        return self._native.cautions

    @functools.cached_property
    def json(self):
        """The answer as a dict, as the command line prints it with --json; `run` in it is the run record."""
        return json.loads(self._native.json(None))

    @functools.cached_property
    def tables(self):
        """The tables by id, the most important first."""
        return Named(Table(native) for native in self._native.tables())

    @functools.cached_property
    def figures(self):
        """The figures by id, drawn for a page."""
        return Named(Figure(native) for native in self._native.figures(False))

    def narrow_figures(self):
        """The figures by id, drawn for one column of print or a telephone."""
        return Named(Figure(native) for native in self._native.figures(True))

    def __repr__(self):
        return f"<Answer {self.question}: {self.lead}>"

    def __str__(self):
        return "\n".join([self.lead, *(f"caution: {caution}" for caution in self.cautions)])

    def _repr_html_(self):
        parts = [f"<p><strong>{html.escape(self.lead)}</strong></p>"]
        parts += [f"<p>Caution: {html.escape(caution)}</p>" for caution in self.cautions]
        parts += [figure._repr_html_() for figure in self.figures.values()]
        if not self.figures and self.tables:
            parts.append(self.tables[0]._repr_html_())
        return "".join(parts)


class Figure:
    """A drawn figure: the same input gives the same bytes."""

    def __init__(self, native):
        self._native = native

    @property
    def id(self):
        """A short name, unique in its answer."""
        return self._native.id

    @property
    def title(self):
        """The message, as a sentence."""
        return self._native.title

    @property
    def description(self):
        """What is to be seen, in words, for those who do not see it."""
        return self._native.description

    @property
    def svg(self):
        """The drawing as a complete SVG document, dark ink on white."""
        return self._native.svg("light")

    def themed(self, theme):
        """The drawing as SVG in the theme `light`, `dark`, or `auto` (as the reader's system prefers)."""
        return self._native.svg(theme)

    @property
    def table(self):
        """The data behind it, also what the drawing leaves out."""
        return Table(self._native.table)

    def save(self, path):
        """Writes the drawing as SVG; a file that is there is replaced."""
        with open(os.fspath(path), "w", encoding="utf-8", newline="\n") as file:
            file.write(self.svg)

    def __repr__(self):
        return f"<Figure {self.id}: {self.title}>"

    def _repr_html_(self):
        # As a picture: the names inside one drawing must not meet those of another on the same page.
        data = base64.b64encode(self.svg.encode()).decode()
        width, _ = self._native.size
        alt = html.escape(f"{self.title} {self.description}", quote=True)
        return f'<img src="data:image/svg+xml;base64,{data}" alt="{alt}" style="max-width:100%;width:{width:.0f}px">'
