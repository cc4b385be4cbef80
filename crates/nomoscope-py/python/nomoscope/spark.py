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
    _check(fields, text, by, types)
    # Names with dots or quotes are columns, and no paths into one; on the way they have others.
    keys = [f"by{number}" for number in range(len(by))]
    columns = [functions.col(f"`{name.replace('`', '``')}`") for name in [text, *by]]
    chosen = df.select(*(column.alias(key) for column, key in zip(columns, ["text", *keys])))
    strata = [types.StructField(key, fields[name]) for key, name in zip(keys, by)]
    names = [types.StructField(name, types.StringType()) for name in ("concept", "other")]
    sums = [types.StructField(name, types.LongType()) for name in SUMS]
    parts = chosen.mapInArrow(_counting(book, keys, window), types.StructType(strata + names + sums))
    whole = parts.groupBy(*keys, "concept", "other").agg(*(functions.sum(name).alias(name) for name in SUMS))
    return whole.toDF(*by, "concept", "other", *SUMS)


def _check(fields, text, by, types):
    """Refuses columns that there are not, or that cannot be read, before anything is started."""
    missing = [name for name in [text, *by] if name not in fields]
    if missing:
        hint = f"columns are {', '.join(fields)}"
        raise refuse(f"the data frame has no column {', '.join(missing)}", hint=hint)
    if not isinstance(fields[text], types.StringType):
        raise refuse(f"is no column of words but of {fields[text].simpleString()}", file=text)
    strata = (types.StringType, types.IntegralType, types.DateType, types.BooleanType)
    for name in by:
        if not isinstance(fields[name], strata):
            said = fields[name].simpleString()
            reason = f"is a column of {said}; texts are grouped by words, whole numbers, dates or truth values"
            raise refuse(reason, file=name)


def _counting(book, keys, window):
    """The function that counts a partition; it is made here, so that it holds nothing but what it needs."""

    def count(batches):
        import pyarrow

        from nomoscope import _native

        # Spark starts as many workers as there are cores: one thread is enough for each.
        counter = _native.Counter(book._native, keys, window, 1)
        for batch in batches:
            counter.add_table(batch, "text", None)
        yield from pyarrow.table(counter.table()).to_batches()

    return count
