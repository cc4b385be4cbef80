from collections.abc import Callable, Iterator, Mapping, Sequence
from os import PathLike
from typing import Any, TypeAlias, TypeVar

import pandas  # type: ignore[import-untyped, unused-ignore]
import polars
import pyarrow  # type: ignore[import-untyped, unused-ignore]

from . import spark as spark

__version__: str

#: True shows how far the work is; a function is called with stage, done, and total or None.
Progress: TypeAlias = Callable[[str, int, int | None], object] | bool | None
#: A path, a data frame, a dict of columns, a list of dicts; of lists of persons also a dict of sets.
Tabular: TypeAlias = Any
#: A path, the words of a case file, a dict, or a list of these.
Cases: TypeAlias = str | PathLike[str] | Mapping[str, Any] | Sequence[Any] | None
#: A list of texts, or anything that speaks Arrow.
Column: TypeAlias = Any

class NomoscopeError(Exception):
    problems: list[dict[str, Any]]
    def __init__(self, message: str, problems: Sequence[Mapping[str, Any]] = ...) -> None: ...

class Table:
    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def notes(self) -> list[str]: ...
    @property
    def columns(self) -> list[str]: ...
    def __len__(self) -> int: ...
    def __getitem__(self, column: str) -> list[Any]: ...
    def to_dict(self) -> dict[str, list[Any]]: ...
    def rows(self) -> list[dict[str, Any]]: ...
    def to_pandas(self) -> pandas.DataFrame: ...
    def to_polars(self) -> polars.DataFrame: ...
    def to_arrow(self) -> pyarrow.Table: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

_Item = TypeVar("_Item")

class Named(Mapping[str, _Item]):
    def __getitem__(self, key: str | int) -> _Item: ...
    def __iter__(self) -> Iterator[str]: ...
    def __len__(self) -> int: ...

class Figure:
    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def svg(self) -> str: ...
    @property
    def table(self) -> Table: ...
    def themed(self, theme: str) -> str: ...
    def save(self, path: str | PathLike[str]) -> None: ...

class Answer:
    @property
    def question(self) -> str: ...
    @property
    def lead(self) -> str: ...
    @property
    def cautions(self) -> list[str]: ...
    @property
    def json(self) -> dict[str, Any]: ...
    @property
    def tables(self) -> Named[Table]: ...
    @property
    def figures(self) -> Named[Figure]: ...
    def narrow_figures(self) -> Named[Figure]: ...

class Study:
    def __init__(self, path: str | PathLike[str], *, passphrase: str | None = None) -> None: ...
    @classmethod
    def new(cls, path: str | PathLike[str], template: str = "blank") -> Study: ...
    @property
    def path(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def revision(self) -> str: ...
    @property
    def notes(self) -> list[str]: ...
    @property
    def sources(self) -> Table: ...
    @property
    def log(self) -> list[dict[str, Any]]: ...
    def text(self, source: str) -> str: ...
    def codings(self, *, progress: Progress = None) -> Table: ...
    def apply(self, act: Mapping[str, Any], *, coder: str | None = None) -> dict[str, Any]: ...
    def add(
        self,
        *paths: str | PathLike[str],
        attributes: Mapping[str, str] | None = None,
        rows: Mapping[str, Mapping[str, str]] | None = None,
        name: str | None = None,
        strict: bool = False,
        coder: str | None = None,
    ) -> dict[str, Any]: ...
    def add_texts(
        self,
        texts: Mapping[str, str | bytes],
        *,
        attributes: Mapping[str, str] | None = None,
        rows: Mapping[str, Mapping[str, str]] | None = None,
        coder: str | None = None,
    ) -> dict[str, Any]: ...
    def import_projects(
        self,
        *files: str | PathLike[str],
        roles: Mapping[str, Sequence[str]] | None = None,
        prune: bool = False,
        coder: str | None = None,
    ) -> dict[str, Any]: ...
    def merge(
        self, other: str | PathLike[str], *, coders: Mapping[str, str] | None = None, coder: str | None = None
    ) -> dict[str, Any]: ...
    def describe(self, sources: Sequence[str] | str, *, coder: str | None = None, **said: str) -> dict[str, Any]: ...
    def forget(self, what: str, *, coder: str | None = None) -> dict[str, Any]: ...
    def names(self, known: Mapping[str, str] | None = None) -> list[dict[str, Any]]: ...
    def pseudonymise(self, names: Mapping[str, str], *, coder: str | None = None) -> dict[str, Any]: ...
    def encrypt(self, passphrase: str, *, before: str | None = None) -> None: ...
    def decrypt(self, passphrase: str) -> None: ...
    def doctor(self) -> dict[str, list[str]]: ...
    def code(
        self, *, name: str = "lexicon", codebook: str | PathLike[str] | None = None, coder: str | None = None
    ) -> dict[str, Any]: ...
    def mark(
        self, source: str, start: int, end: int, concept: str, *, memo: str = "", coder: str | None = None
    ) -> dict[str, Any]: ...
    def judge(self, right: bool, hits: Sequence[Mapping[str, Any]], *, coder: str | None = None) -> dict[str, Any]: ...
    def recode(
        self,
        coding: str,
        *,
        source: str | None = None,
        start: int | None = None,
        end: int | None = None,
        concept: str | None = None,
        coder: str | None = None,
    ) -> dict[str, Any]: ...
    def memo(self, about: str, text: str, *, coder: str | None = None) -> dict[str, Any]: ...
    def edit_codebook(self, toml: str, *, coder: str | None = None) -> dict[str, Any]: ...
    def remove(self, path: str, *, coder: str | None = None) -> dict[str, Any]: ...
    def undo(self, *, coder: str | None = None) -> dict[str, Any]: ...
    def redo(self, *, coder: str | None = None) -> dict[str, Any]: ...
    def export(self, folder: str | PathLike[str]) -> list[str]: ...
    def ask(self, question: str, **settings: Any) -> Answer: ...
    # generated from the table of questions: study
    def concepts(
        self,
        *,
        by: str | None = None,
        where: Sequence[str] | str | Mapping[str, str] = (),
        since: str | None = None,
        until: str | None = None,
        interviewers: bool = False,
        codebook: str | PathLike[str] | None = None,
        progress: Progress = None,
    ) -> Answer:
        """How often does each concept occur, where, and since when?

        Args:
            by: Count by this attribute of the sources.
            where: Only sources whose attribute has this value, each as `attribute=value`.
            since: Only sources from this date on.
            until: Only sources up to this date.
            interviewers: Whether what interviewers say is coded like what others say.
            codebook: Reads with this codebook (a file) instead of the study's own.
            progress: True shows how far the work is; or a function of (stage, done, total or None).
        """
    def kwic(
        self,
        pattern: str,
        *,
        sort: str | None = None,
        width: int = 8,
        where: Sequence[str] | str | Mapping[str, str] = (),
        since: str | None = None,
        until: str | None = None,
        interviewers: bool = False,
        codebook: str | PathLike[str] | None = None,
        progress: Progress = None,
    ) -> Answer:
        """Where does a pattern or a concept stand, and between which words?

        Args:
            pattern: A concept of the codebook by its id, or else a pattern as codebooks have them.
            sort: `left` (the words before it), `right` (the words after it) or an attribute of the sources; none leaves the order of the texts.
            width: Words of context on either side.
            where: Only sources whose attribute has this value, each as `attribute=value`.
            since: Only sources from this date on.
            until: Only sources up to this date.
            interviewers: Whether what interviewers say is coded like what others say.
            codebook: Reads with this codebook (a file) instead of the study's own.
            progress: True shows how far the work is; or a function of (stage, done, total or None).
        """
    def terms(
        self,
        *,
        by: str | None = None,
        ngrams: int = 1,
        near: str | None = None,
        width: int = 5,
        least: int = 3,
        stop_words: bool = False,
        where: Sequence[str] | str | Mapping[str, str] = (),
        since: str | None = None,
        until: str | None = None,
        interviewers: bool = False,
        codebook: str | PathLike[str] | None = None,
        progress: Progress = None,
    ) -> Answer:
        """Which words and phrases are frequent, which set groups of sources apart, and which stand near a concept?

        Args:
            by: Compare the groups of sources that this attribute makes.
            ngrams: Words of a phrase; 1 counts single words.
            near: A concept of the codebook: which words stand near it?
            width: How many words before and after the concept are near.
            least: How often a word must occur to be compared.
            stop_words: List words that say little alone (the, of, and), too.
            where: Only sources whose attribute has this value, each as `attribute=value`.
            since: Only sources from this date on.
            until: Only sources up to this date.
            interviewers: Whether what interviewers say is coded like what others say.
            codebook: Reads with this codebook (a file) instead of the study's own.
            progress: True shows how far the work is; or a function of (stage, done, total or None).
        """
    def suggest(
        self,
        concept: str,
        *,
        least: int = 2,
        where: Sequence[str] | str | Mapping[str, str] = (),
        since: str | None = None,
        until: str | None = None,
        interviewers: bool = False,
        codebook: str | PathLike[str] | None = None,
        progress: Progress = None,
    ) -> Answer:
        """Which words may a concept miss?

        Args:
            concept: The concept.
            least: How often a word must stand outside the concept's codings.
            where: Only sources whose attribute has this value, each as `attribute=value`.
            since: Only sources from this date on.
            until: Only sources up to this date.
            interviewers: Whether what interviewers say is coded like what others say.
            codebook: Reads with this codebook (a file) instead of the study's own.
            progress: True shows how far the work is; or a function of (stage, done, total or None).
        """
    def review(
        self,
        *,
        concept: str | None = None,
        source: str | None = None,
        where: Sequence[str] | str | Mapping[str, str] = (),
        since: str | None = None,
        until: str | None = None,
        interviewers: bool = False,
        codebook: str | PathLike[str] | None = None,
        progress: Progress = None,
    ) -> Answer:
        """How good is what the lexicon finds, and what of it has nobody looked at?

        Args:
            concept: Only this concept.
            source: Only this source.
            where: Only sources whose attribute has this value, each as `attribute=value`.
            since: Only sources from this date on.
            until: Only sources up to this date.
            interviewers: Whether what interviewers say is coded like what others say.
            codebook: Reads with this codebook (a file) instead of the study's own.
            progress: True shows how far the work is; or a function of (stage, done, total or None).
        """
    def audit(
        self,
        *,
        where: Sequence[str] | str | Mapping[str, str] = (),
        since: str | None = None,
        until: str | None = None,
        interviewers: bool = False,
        codebook: str | PathLike[str] | None = None,
        progress: Progress = None,
    ) -> Answer:
        """How much of what is there does the lexicon find, by the last audit?

        Args:
            where: Only sources whose attribute has this value, each as `attribute=value`.
            since: Only sources from this date on.
            until: Only sources up to this date.
            interviewers: Whether what interviewers say is coded like what others say.
            codebook: Reads with this codebook (a file) instead of the study's own.
            progress: True shows how far the work is; or a function of (stage, done, total or None).
        """
    def propose(
        self,
        concept: str,
        *,
        where: Sequence[str] | str | Mapping[str, str] = (),
        since: str | None = None,
        until: str | None = None,
        interviewers: bool = False,
        codebook: str | PathLike[str] | None = None,
        progress: Progress = None,
    ) -> Answer:
        """Which passages look like those in which people found a concept?

        Args:
            concept: The concept.
            where: Only sources whose attribute has this value, each as `attribute=value`.
            since: Only sources from this date on.
            until: Only sources up to this date.
            interviewers: Whether what interviewers say is coded like what others say.
            codebook: Reads with this codebook (a file) instead of the study's own.
            progress: True shows how far the work is; or a function of (stage, done, total or None).
        """
    def adjudicate(
        self,
        *,
        source: str | None = None,
        viewer: str = "",
        where: Sequence[str] | str | Mapping[str, str] = (),
        since: str | None = None,
        until: str | None = None,
        interviewers: bool = False,
        codebook: str | PathLike[str] | None = None,
        progress: Progress = None,
    ) -> Answer:
        """Over what do coders who are done differ, and what of it is decided?

        Args:
            source: Only this source.
            viewer: Who is to decide: sources of which something is hidden from them are left out.
            where: Only sources whose attribute has this value, each as `attribute=value`.
            since: Only sources from this date on.
            until: Only sources up to this date.
            interviewers: Whether what interviewers say is coded like what others say.
            codebook: Reads with this codebook (a file) instead of the study's own.
            progress: True shows how far the work is; or a function of (stage, done, total or None).
        """
    def map(
        self,
        *,
        focus: str | None = None,
        window: str | None = None,
        inherit: bool = False,
        min_or: float = 1.5,
        bootstrap: int = 200,
        seeds: int = 5,
        seed: int = 1,
        strata: str = "kind",
        actor: str | None = None,
        where: Sequence[str] | str | Mapping[str, str] = (),
        since: str | None = None,
        until: str | None = None,
        interviewers: bool = False,
        codebook: str | PathLike[str] | None = None,
        progress: Progress = None,
    ) -> Answer:
        """What is the norm made of, for whom, and how certain is that?

        Args:
            focus: The concept whose cluster is mapped; none takes the study's own focus.
            window: The unit of co-occurrence; none takes the study's own, or else the paragraph.
            inherit: Whether operative units inherit problems and values of title and preamble.
            min_or: Least lower bound of the odds ratio in the backbone.
            bootstrap: Bootstrap draws over sources; 0 for none.
            seeds: Seeds of the community search in each draw.
            seed: Seed of everything that is drawn at random.
            strata: Attribute by which actor-level tests are stratified.
            actor: The attribute that says whose a source is: sources of one actor are one cluster; none takes the study's own, or else each source.
            where: Only sources whose attribute has this value, each as `attribute=value`.
            since: Only sources from this date on.
            until: Only sources up to this date.
            interviewers: Whether what interviewers say is coded like what others say.
            codebook: Reads with this codebook (a file) instead of the study's own.
            progress: True shows how far the work is; or a function of (stage, done, total or None).
        """
    def compare(
        self,
        by: str,
        *,
        groups: Sequence[str] | str | None = None,
        definition: str | None = None,
        actor: str | None = None,
        cross: Sequence[Sequence[str] | str] = (),
        with_: Sequence[str] | str = (),
        permutations: int = 999,
        map: Any = {"focus": None, "window": None, "inherit": False, "min_or": 1.5, "bootstrap": 200, "seeds": 5, "seed": 1, "strata": "kind", "actor": None},
        where: Sequence[str] | str | Mapping[str, str] = (),
        since: str | None = None,
        until: str | None = None,
        interviewers: bool = False,
        codebook: str | PathLike[str] | None = None,
        progress: Progress = None,
    ) -> Answer:
        """Who couples, holds and names what others do not?

        Args:
            by: The attribute of sources that makes the groups.
            groups: Two of its values: only these are compared, the first with the second; none compares each with all the others.
            definition: The attribute that says which definition a source adopts; none takes `definition`, if sources have it.
            actor: The attribute that says whose a source is: sources of one actor then count as one wherever sources vary; none takes that of the study, or `actor`, if sources have it, or else each is its own.
            cross: Pairs of attributes of actors to cross, each with an exact test; the definition is crossed with the groups anyway.
            with_: Only pairs with one of these concepts, or a narrower one, are compared; empty for all.
            permutations: Permutations of actors over groups.
            map: How the cluster of each group is mapped.
            where: Only sources whose attribute has this value, each as `attribute=value`.
            since: Only sources from this date on.
            until: Only sources up to this date.
            interviewers: Whether what interviewers say is coded like what others say.
            codebook: Reads with this codebook (a file) instead of the study's own.
            progress: True shows how far the work is; or a function of (stage, done, total or None).
        """
    def trend(
        self,
        *,
        every: str | None = None,
        periods: Sequence[str] | str | None = None,
        kernel: str | None = None,
        width: str | None = None,
        step: str | None = None,
        actor: str | None = None,
        focus: str | None = None,
        window: str | None = None,
        inherit: bool = False,
        min_or: float = 1.5,
        bootstrap: int = 200,
        permutations: int = 999,
        seed: int = 1,
        where: Sequence[str] | str | Mapping[str, str] = (),
        since: str | None = None,
        until: str | None = None,
        interviewers: bool = False,
        codebook: str | PathLike[str] | None = None,
        progress: Progress = None,
    ) -> Answer:
        """When did the cluster change, and who said what first?

        Args:
            every: Divide time into periods of this length (`10y`, `6m`), decades beginning with a nought; if no division is named, the study's own periods are taken, or else decades.
            periods: Divide time into these periods, both years included (`1945-1969`, `1970-`).
            kernel: Slide a window of this shape over time: `uniform`, `epanechnikov`, `triangular` or `gaussian`; none is uniform if there is a width or a step.
            width: Width of the sliding window, which covers exactly that much; none is ten years.
            step: How far the window slides each time; none is a year.
            actor: The attribute that says whose a source is: what an actor says in one period is one cluster, for types, couplings and every test; none takes the study's own, or else each source.
            focus: The concept whose cluster is followed; none takes the study's own focus.
            window: The unit of co-occurrence; none takes the study's own, or else the paragraph.
            inherit: Whether operative units inherit problems and values of title and preamble.
            min_or: Least lower bound of the odds ratio in the backbone.
            bootstrap: Bootstrap draws over sources in each period; 0 for none.
            permutations: Random divisions of the sources, for the tests of change.
            seed: Seed of everything that is drawn at random.
            where: Only sources whose attribute has this value, each as `attribute=value`.
            since: Only sources from this date on.
            until: Only sources up to this date.
            interviewers: Whether what interviewers say is coded like what others say.
            codebook: Reads with this codebook (a file) instead of the study's own.
            progress: True shows how far the work is; or a function of (stage, done, total or None).
        """
    def slip(
        self,
        *,
        labels: Sequence[str] | str | None = None,
        actor: str | None = None,
        by: str | None = None,
        window: str | None = None,
        permutations: int | None = None,
        bootstrap: int = 200,
        seed: int = 1,
        where: Sequence[str] | str | Mapping[str, str] = (),
        since: str | None = None,
        until: str | None = None,
        interviewers: bool = False,
        codebook: str | PathLike[str] | None = None,
        progress: Progress = None,
    ) -> Answer:
        """Are norm labels used for one another, listed together, or kept apart?

        Args:
            labels: The labels; none takes all norm labels of the codebook.
            actor: Sources with the same value of this attribute have one speaker; none takes the study's own, or else whoever speaks a turn, or else the source.
            by: Answer also apart for each value of this attribute of the sources.
            window: What stands around a label: the unit; none takes the study's own, or else the paragraph.
            permutations: Random orders for each test; none takes enough for p ≤ 0.05 / (2 × pairs tested).
            bootstrap: Bootstrap draws for the similarity of contexts; 0 for none.
            seed: Seed of everything that is drawn at random.
            where: Only sources whose attribute has this value, each as `attribute=value`.
            since: Only sources from this date on.
            until: Only sources up to this date.
            interviewers: Whether what interviewers say is coded like what others say.
            codebook: Reads with this codebook (a file) instead of the study's own.
            progress: True shows how far the work is; or a function of (stage, done, total or None).
        """
    def agree(
        self,
        *,
        coders: Sequence[str] | str = (),
        unit: str | None = None,
        all_read: bool = False,
        level: str = "nominal",
        units: str | None = None,
        order: Sequence[str] | str = (),
        bootstrap: int = 1000,
        seed: int = 1,
        where: Sequence[str] | str | Mapping[str, str] = (),
        since: str | None = None,
        until: str | None = None,
        interviewers: bool = False,
        codebook: str | PathLike[str] | None = None,
        progress: Progress = None,
    ) -> Answer:
        """How far do coders agree, and where do they differ?

        Args:
            coders: Whom to compare, `lexicon` being the codebook's; empty for all people, or one person and the lexicon.
            unit: Of a study: what is compared, a unit counting as coded if any of it is; none compares every character.
            all_read: Of a study: whether every coder read every source; otherwise those in which they coded anything.
            level: Of a table: how values are compared, `nominal`, `ordinal`, `interval` or `ratio`.
            units: Of a table: where the units stand, `rows` or `columns`; none reads it from the first header cell.
            order: Of a table at ordinal level: the values, lowest first; empty where they are numbers.
            bootstrap: Bootstrap draws for the intervals; 0 for none.
            seed: Seed of the draws.
            where: Only sources whose attribute has this value, each as `attribute=value`.
            since: Only sources from this date on.
            until: Only sources up to this date.
            interviewers: Whether what interviewers say is coded like what others say.
            codebook: Reads with this codebook (a file) instead of the study's own.
            progress: True shows how far the work is; or a function of (stage, done, total or None).
        """
    def network(
        self,
        *,
        mode: Any = "actors",
        aggregate: str | None = None,
        normalise: str = "no",
        duplicates: str | None = None,
        qualifier: str | None = None,
        actor: str | None = None,
        concept: str | None = None,
        stance: str | None = None,
        document: str | None = None,
        date: str | None = None,
        type: str | None = None,
        only: Sequence[str] | str = (),
        exclude: Sequence[str] | str = (),
        time: str | None = None,
        width: int = 1,
        kernel: str = "no",
        compat: str = "corrected",
        where: Sequence[str] | str | Mapping[str, str] = (),
        since: str | None = None,
        until: str | None = None,
        interviewers: bool = False,
        codebook: str | PathLike[str] | None = None,
        progress: Progress = None,
    ) -> Answer:
        """Which actors take the same stances, on what, and which concepts go together?

        Args:
            mode: Which nodes: `actors`, `concepts` or `two-mode`.
            aggregate: How stances are put together: `ignore`, `congruence`, `conflict`, `subtract` or `combine`; none is congruence, between actors and concepts subtract (combine, if stances are words), and without stances ignore.
            normalise: How ties are divided by how much their ends say: `no`, `average`, `jaccard`, `cosine`, `activity` or `prominence`.
            duplicates: Which repetitions of a statement are left out: `include` for none, `document`, `week`, `month`, `year` or `acrossrange`; none leaves out those in a document of a study, and none of a table.
            qualifier: Of a table: what stances are, `boolean`, `integer` or `text`; none tells it from the values.
            actor: Column, or attribute of the sources, that names the actor; none takes the study's own, or else the usual names.
            concept: Of a table, or of passages that are statements: column of the concept.
            stance: Of a table: column of the stance.
            document: Of a table: column of the document.
            date: Of a table: column of the date.
            type: Of a table: column of the type of statement.
            only: Only statements on these concepts; empty for all.
            exclude: No statements of these actors, or on these concepts.
            time: A network for each window of time: its unit, `days`, `weeks`, `months`, `years` or `events`; none for one network.
            width: Units of time that a window covers.
            kernel: How much statements count by their distance from the middle of a window: `no`, `uniform`, `triangular`, `epanechnikov` or `gaussian`.
            compat: `corrected`, or `dna3` to compute as that program does, its faults included.
            where: Only sources whose attribute has this value, each as `attribute=value`.
            since: Only sources from this date on.
            until: Only sources up to this date.
            interviewers: Whether what interviewers say is coded like what others say.
            codebook: Reads with this codebook (a file) instead of the study's own.
            progress: True shows how far the work is; or a function of (stage, done, total or None).
        """
    def report(
        self,
        *,
        map: Any = {"focus": None, "window": None, "inherit": False, "min_or": 1.5, "bootstrap": 200, "seeds": 5, "seed": 1, "strata": "kind", "actor": None},
        further: Sequence[str] | str = (),
        where: Sequence[str] | str | Mapping[str, str] = (),
        since: str | None = None,
        until: str | None = None,
        interviewers: bool = False,
        codebook: str | PathLike[str] | None = None,
        progress: Progress = None,
    ) -> Answer:
        """What is to be told of a study as a whole?

        Args:
            map: How the cluster is mapped.
            further: Further questions, each as an address such as `compare?by=region`; they are asked beside those that the study keeps for its report.
            where: Only sources whose attribute has this value, each as `attribute=value`.
            since: Only sources from this date on.
            until: Only sources up to this date.
            interviewers: Whether what interviewers say is coded like what others say.
            codebook: Reads with this codebook (a file) instead of the study's own.
            progress: True shows how far the work is; or a function of (stage, done, total or None).
        """
    # generated: end

class Law:
    def __init__(self, path: str | PathLike[str] | None = None) -> None: ...
    # generated from the table of questions: law
    def list(
        self,
        *,
        system: str | None = None,
        family: str | None = None,
        progress: Progress = None,
    ) -> Answer:
        """Which norms are there, from which legal order, and how far was each checked?

        Args:
            system: Only norms of this legal order: `un`, `eu`, `fr` …
            family: Only norms of this family: `trafficking`, `slavery`, `forced-labour` …
            progress: True shows how far the work is; or a function of (stage, done, total or None).
        """
    def show(
        self,
        *,
        norms: Sequence[str] | str = (),
        progress: Progress = None,
    ) -> Answer:
        """What does a definition ask for, and what does it bring?

        Args:
            norms: The norms, by id; `fr` stands for all norms of that order. None: all.
            progress: True shows how far the work is; or a function of (stage, done, total or None).
        """
    def facts(
        self,
        *,
        group: str | None = None,
        progress: Progress = None,
    ) -> Answer:
        """Which facts can a case hold, and what follows from what?

        Args:
            group: Only facts of this group: `victim`, `act`, `means`, `purpose`, `work` …
            progress: True shows how far the work is; or a function of (stage, done, total or None).
        """
    def check(
        self,
        *,
        progress: Progress = None,
    ) -> Answer:
        """What is wrong with facts, norms and cases, and which limbs does no case reach?

        Args:
            progress: True shows how far the work is; or a function of (stage, done, total or None).
        """
    def compare(
        self,
        *,
        norms: Sequence[str] | str = (),
        open: str | None = None,
        all: bool = False,
        interpretation: bool = False,
        progress: Progress = None,
    ) -> Answer:
        """What does one definition let in that another does not?

        Args:
            norms: Two norms, one against all of its family, or none for all pairs.
            open: How the open end of a list is read: `closed`, `shared`, `own`; none: two norms under all three, all pairs as closed.
            all: With one norm: against all norms, not only those of its family.
            interpretation: Whether facts follow from others by interpretation, too.
            progress: True shows how far the work is; or a function of (stage, done, total or None).
        """
    def overlap(
        self,
        *,
        norms: Sequence[str] | str = (),
        family: str | None = None,
        open: str = "shared",
        interpretation: bool = False,
        progress: Progress = None,
    ) -> Answer:
        """What do definitions list side by side, and how many ways to meet one does another hold, too?

        Args:
            norms: The norms, by id; `fr` stands for all norms of that order. None: all.
            family: Only norms of this family: `trafficking`, `slavery`, `forced-labour` …
            open: How the open end of a list is read: `closed`, `shared`, `own`.
            interpretation: Whether facts follow from others by interpretation, too.
            progress: True shows how far the work is; or a function of (stage, done, total or None).
        """
    def burden(
        self,
        *,
        norms: Sequence[str] | str = (),
        progress: Progress = None,
    ) -> Answer:
        """What has to be proved?

        Args:
            norms: The norms, by id; `fr` stands for all norms of that order. None: all.
            progress: True shows how far the work is; or a function of (stage, done, total or None).
        """
    def fallback(
        self,
        cases: Cases = None,
        *,
        norm: str | None = None,
        without: Sequence[str] | str = (),
        age: int | None = None,
        on: str = "entered",
        within: int = 1,
        person: str | None = None,
        state: str | None = None,
        date: str | None = None,
        most: int = 12,
        open: str = "shared",
        interpretation: bool = True,
        progress: Progress = None,
    ) -> Answer:
        """What is left when a norm cannot be established?

        Args:
            norm: A norm that cannot be established.
            without: Without a case: the elements of the norm that cannot be proved.
            age: Without a case: the age of the person in completed years; none: an adult.
            on: On which facts of a case: `entered`, `protection`, `prosecution`.
            within: How many facts a norm may be away.
            person: Only this person of the cases.
            state: Only the norms of this State and its treaties; none: of the State of the case, or of all.
            date: The day on which norms have to be in force, where the case names none; none: any day.
            most: At most so many norms; 0: all.
            open: How the open end of a list is read: `closed`, `shared`, `own`.
            interpretation: Whether facts follow from others by interpretation, too.
            progress: True shows how far the work is; or a function of (stage, done, total or None).
        """
    def test(
        self,
        cases: Cases = None,
        *,
        norms: Sequence[str] | str = (),
        at: str | None = None,
        person: str | None = None,
        state: str | None = None,
        date: str | None = None,
        thorough: bool = False,
        own_acts: bool = False,
        file: bool = False,
        grade: str | None = "supported",
        language: str = "en",
        open: str = "shared",
        interpretation: bool = True,
        progress: Progress = None,
    ) -> Answer:
        """Do norms hold on the facts of a case, and what is missing?

        Args:
            norms: The norms, by id; `fr` stands for all norms of that order. None: all.
            at: Only facts of at least this grade: `supported` is the line of protection, `proved` that of prosecution.
            person: Only this person of the cases.
            state: The State whose law, with that of its treaties, is tried when no norms are named; none: the State of the case.
            date: The day of whose law it is asked about: a year, a month or a day; none: that of the case, else the law as it stands.
            thorough: In an interview: whether it goes on until nothing more can change, for every norm.
            own_acts: In an interview: whether it asks about what could be held against the person.
            file: In an interview: whether it asks what is a question for the file and not for the person.
            grade: In an interview: the grade of what is answered.
            language: In an interview: the language of the questions; `en` where there is no other.
            open: How the open end of a list is read: `closed`, `shared`, `own`.
            interpretation: Whether facts follow from others by interpretation, too.
            progress: True shows how far the work is; or a function of (stage, done, total or None).
        """
    # generated: end

# generated from the table of questions: tables
def agree(
    *tables: Tabular,
    coders: Sequence[str] | str = (),
    unit: str | None = None,
    all_read: bool = False,
    level: str = "nominal",
    units: str | None = None,
    order: Sequence[str] | str = (),
    bootstrap: int = 1000,
    seed: int = 1,
    progress: Progress = None,
) -> Answer:
    """How far do coders agree, and where do they differ?

    Args:
        coders: Whom to compare, `lexicon` being the codebook's; empty for all people, or one person and the lexicon.
        unit: Of a study: what is compared, a unit counting as coded if any of it is; none compares every character.
        all_read: Of a study: whether every coder read every source; otherwise those in which they coded anything.
        level: Of a table: how values are compared, `nominal`, `ordinal`, `interval` or `ratio`.
        units: Of a table: where the units stand, `rows` or `columns`; none reads it from the first header cell.
        order: Of a table at ordinal level: the values, lowest first; empty where they are numbers.
        bootstrap: Bootstrap draws for the intervals; 0 for none.
        seed: Seed of the draws.
        progress: True shows how far the work is; or a function of (stage, done, total or None).
    """
def network(
    *tables: Tabular,
    mode: Any = "actors",
    aggregate: str | None = None,
    normalise: str = "no",
    duplicates: str | None = None,
    qualifier: str | None = None,
    actor: str | None = None,
    concept: str | None = None,
    stance: str | None = None,
    document: str | None = None,
    date: str | None = None,
    type: str | None = None,
    only: Sequence[str] | str = (),
    exclude: Sequence[str] | str = (),
    time: str | None = None,
    width: int = 1,
    kernel: str = "no",
    compat: str = "corrected",
    progress: Progress = None,
) -> Answer:
    """Which actors take the same stances, on what, and which concepts go together?

    Args:
        mode: Which nodes: `actors`, `concepts` or `two-mode`.
        aggregate: How stances are put together: `ignore`, `congruence`, `conflict`, `subtract` or `combine`; none is congruence, between actors and concepts subtract (combine, if stances are words), and without stances ignore.
        normalise: How ties are divided by how much their ends say: `no`, `average`, `jaccard`, `cosine`, `activity` or `prominence`.
        duplicates: Which repetitions of a statement are left out: `include` for none, `document`, `week`, `month`, `year` or `acrossrange`; none leaves out those in a document of a study, and none of a table.
        qualifier: Of a table: what stances are, `boolean`, `integer` or `text`; none tells it from the values.
        actor: Column, or attribute of the sources, that names the actor; none takes the study's own, or else the usual names.
        concept: Of a table, or of passages that are statements: column of the concept.
        stance: Of a table: column of the stance.
        document: Of a table: column of the document.
        date: Of a table: column of the date.
        type: Of a table: column of the type of statement.
        only: Only statements on these concepts; empty for all.
        exclude: No statements of these actors, or on these concepts.
        time: A network for each window of time: its unit, `days`, `weeks`, `months`, `years` or `events`; none for one network.
        width: Units of time that a window covers.
        kernel: How much statements count by their distance from the middle of a window: `no`, `uniform`, `triangular`, `epanechnikov` or `gaussian`.
        compat: `corrected`, or `dna3` to compute as that program does, its faults included.
        progress: True shows how far the work is; or a function of (stage, done, total or None).
    """
def scan(
    *tables: Tabular,
    text: str = "text",
    by: Sequence[str] | str = (),
    language: Sequence[str] | str = (),
    window: str | None = None,
    interviewers: bool = False,
    strict: bool = False,
    progress: Progress = None,
) -> Answer:
    """How often does each concept occur in the rows of tables, and where with which others?

    Args:
        text: The column that holds the text.
        by: Columns by whose values sums are made; counts keep them for `compare`, `trend` and strata.
        language: Languages of the texts, where a row has no column `language`.
        window: The unit of co-occurrence; none is the paragraph.
        interviewers: Whether what interviewers say is coded like what others say.
        strict: Whether a row that cannot be read ends the scan.
        progress: True shows how far the work is; or a function of (stage, done, total or None).
    """
def map_counts(
    *tables: Tabular,
    which: Any = {"where": [], "since": None, "until": None, "interviewers": False},
    how: Any = {"focus": None, "window": None, "inherit": False, "min_or": 1.5, "bootstrap": 200, "seeds": 5, "seed": 1, "strata": "kind", "actor": None},
    progress: Progress = None,
) -> Answer:
    """Which concepts go together, by counts alone?

    Args:
        which: Which sources are read.
        how: What is asked of them; what needs passages is not answered.
        progress: True shows how far the work is; or a function of (stage, done, total or None).
    """
def compare_counts(
    *tables: Tabular,
    which: Any = {"where": [], "since": None, "until": None, "interviewers": False},
    how: Any = {"by": "", "groups": None, "definition": None, "actor": None, "cross": [], "with": [], "permutations": 999, "map": {"focus": None, "window": None, "inherit": False, "min_or": 1.5, "bootstrap": 200, "seeds": 5, "seed": 1, "strata": "kind", "actor": None}},
    progress: Progress = None,
) -> Answer:
    """Who couples what others do not, by counts alone?

    Args:
        which: Which sources are read.
        how: What is asked of them; what needs passages is not answered.
        progress: True shows how far the work is; or a function of (stage, done, total or None).
    """
def trend_counts(
    *tables: Tabular,
    which: Any = {"where": [], "since": None, "until": None, "interviewers": False},
    how: Any = {"every": None, "periods": None, "kernel": None, "width": None, "step": None, "actor": None, "focus": None, "window": None, "inherit": False, "min_or": 1.5, "bootstrap": 200, "permutations": 999, "seed": 1},
    progress: Progress = None,
) -> Answer:
    """Which couplings came and went, by counts alone?

    Args:
        which: Which sources are read.
        how: What is asked of them; what needs passages is not answered.
        progress: True shows how far the work is; or a function of (stage, done, total or None).
    """
def attrition(
    *tables: Tabular,
    mixed: bool = False,
    by: Sequence[str] | str = (),
    where: Sequence[str] | str = (),
    suppressed_from: int = 0,
    draws: int = 10000,
    seed: int = 1,
    progress: Progress = None,
) -> Answer:
    """Of those whom a norm protects, how many are left from stage to stage?

    Args:
        mixed: Whether stages may count different things: orders of magnitude without intervals.
        by: Of a table: a ladder for each value of these attributes: `year`, `region`, `subregion`, `country` …
        where: Of a table: only rows with these values, each as `attribute=value`.
        suppressed_from: The least that a suppressed cell such as `<5` may be.
        draws: Draws over the ranges.
        seed: What the draws follow from.
        progress: True shows how far the work is; or a function of (stage, done, total or None).
    """
def estimate(
    *tables: Tabular,
    model: str = "bic",
    max_order: int = 2,
    by: Sequence[str] | str = (),
    count: str | None = None,
    lists: Sequence[str] | str = (),
    bootstrap: int = 500,
    seed: int = 1,
    threshold: float = 0.02,
    progress: Progress = None,
) -> Answer:
    """How many persons are on none of several lists?

    Args:
        model: `bic` (with more than five lists: stepwise), `main`, `stepwise`, `all`, or a formula such as `A*B + C`.
        max_order: Lists in the largest dependence that is tried: 2 for pairs.
        by: Groups of persons are estimated apart by these columns, and added up.
        count: The column that holds the counts; `none` if each row is a person; none: it is looked for.
        lists: The columns that are lists; none: all that look like one.
        bootstrap: Bootstrap draws for an interval that holds the choice of the model; 0 for none.
        seed: Seed of the bootstrap.
        threshold: p-value below which stepwise adds a pair.
        progress: True shows how far the work is; or a function of (stage, done, total or None).
    """
def adoption(
    *tables: Tabular,
    name: Sequence[str] | str = (),
    of: str | None = None,
    until: int | None = None,
    today: str | None = None,
    criminalised: str | None = None,
    convicted: str | None = None,
    progress: Progress = None,
) -> Answer:
    """Which states joined a treaty when, and how far do law and courts trail behind?

    Args:
        name: Names of treaties, one a table in their order; none: the name of the file.
        of: The treaty whose gap is measured; none: the first.
        until: What came after this year is left out.
        today: The day after which no date can lie; none: that of the tables that the program brings along.
        criminalised: The name of the table that says which states made it a crime, and when.
        convicted: The name of the table that says which states convicted somebody, and when.
        progress: True shows how far the work is; or a function of (stage, done, total or None).
    """
# generated: end

def test(case: Cases, law: str | PathLike[str] | None = None, **settings: Any) -> Answer: ...

class Codebook:
    def __init__(
        self,
        codebook: str | bytes | PathLike[str],
        *,
        language: str | Sequence[str] = (),
        interviewers: bool = False,
    ) -> None: ...
    @property
    def concepts(self) -> list[str]: ...

def code(
    texts: Column,
    codebook: Codebook | str | bytes | PathLike[str],
    *,
    ids: Column | None = None,
    text: str = "text",
    id: str | None = None,
    language: str | Sequence[str] = (),
    interviewers: bool = False,
    progress: Progress = None,
) -> Table: ...
def counts(
    texts: Column,
    codebook: Codebook | str | bytes | PathLike[str],
    *,
    by: str | Sequence[str] | Mapping[str, Column] = (),
    text: str = "text",
    window: str = "paragraph",
    language: str | Sequence[str] = (),
    interviewers: bool = False,
    progress: Progress = None,
) -> Table: ...
def formats() -> list[dict[str, Any]]: ...
def exchange_formats() -> list[str]: ...
