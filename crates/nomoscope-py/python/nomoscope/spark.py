"""Counts of texts on Apache Spark: the same numbers as `nomoscope.counts`, however many machines read them.

Each partition is counted where it lies, through `mapInArrow`; what travels are sums, a row a stratum, concept and
pair. The codebook travels with the function, and each worker makes it ready once. The package must be installed on
every worker.
"""

from ._error import refuse
from ._texts import ready

#: The columns of sums, in order.
SUMS = ("texts", "units", "words", "codings", "inside", "other_inside")


def scan(df, codebook, text="text", by=(), *, window="paragraph", language=(), interviewers=False):
    """Counts the concepts of a codebook in the texts of a Spark data frame, stratum by stratum.

    Args:
        df: A Spark data frame.
        codebook: A nomoscope.Codebook, or what makes one (read here, on the driver).
        text: The column of texts.
        by: Names of the columns by which texts are told apart: words, whole numbers, dates or truth values.
        window: The unit of co-occurrence: source, section, paragraph, item or sentence.
        language: Languages of the texts, such as `en`; none: all that the codebook has.
        interviewers: Whether what interviewers say is coded like what others say.

    Returns:
        A Spark data frame with the columns and rows of `nomoscope.counts`, in no order. Nothing is computed before
        it is asked for.
    """
    from pyspark.sql import functions, types

    by = [by] if isinstance(by, str) else list(by)
    taken = {"concept", "other", *SUMS} & set(by)
    if taken:
        raise refuse(f"is the name of a column of the counts: {', '.join(sorted(taken))}", setting="by")
    book = ready(codebook, language, interviewers)
    fields = {field.name: field.dataType for field in df.schema.fields}
    missing = [name for name in [text, *by] if name not in fields]
    if missing:
        known = ", ".join(fields)
        raise refuse(f"the data frame has no column {', '.join(missing)}", hint=f"columns are {known}")
    strata = [types.StructField(name, fields[name]) for name in by]
    names = [types.StructField(name, types.StringType()) for name in ("concept", "other")]
    sums = [types.StructField(name, types.LongType()) for name in SUMS]
    # Names with dots or spaces are columns, and no paths into one.
    chosen = df.select(*(functions.col(f"`{name.replace('`', '``')}`") for name in [text, *by]))
    parts = chosen.mapInArrow(_counting(book, text, by, window), types.StructType(strata + names + sums))
    keys = [parts[f"`{name.replace('`', '``')}`"] for name in [*by, "concept", "other"]]
    return parts.groupBy(*keys).agg(*(functions.sum(name).alias(name) for name in SUMS))


def _counting(book, text, by, window):
    """The function that counts a partition; it is made here, so that it holds nothing but what it needs."""

    def count(batches):
        import pyarrow

        from nomoscope import _native

        # Spark starts as many workers as there are cores: one thread is enough for each.
        counter = _native.Counter(book._native, by, window, 1)
        for batch in batches:
            counter.add_table(batch, text, None)
        yield from pyarrow.table(counter.table()).to_batches()

    return count
