"""Counts on Apache Spark are those of one machine, also when a worker dies in the middle."""

import os
import pathlib
import shutil
import signal
import sys

import pandas
import pytest

import nomoscope
import nomoscope.spark
from test_texts import corpus

pytest.importorskip("pyspark", reason="there is no PySpark: `pip install pyspark` (400 MB)")
if shutil.which("java") is None:
    pytest.skip("there is no Java: Spark needs 17 or later", allow_module_level=True)

BY = ["year", "country", "day", "ratified"]


@pytest.fixture(scope="module")
def spark():
    """Two workers of their own, with a core and a gigabyte each."""
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    # Workers are processes of their own: they find the package, and the helpers of the tests, where this one does.
    path = os.pathsep.join([str(pathlib.Path(nomoscope.__file__).parents[1]), str(pathlib.Path(__file__).parent)])
    session = (
        SparkSession.builder.master("local-cluster[2,1,1024]")
        .appName("nomoscope")
        .config("spark.ui.enabled", "false")
        .config("spark.executor.memory", "512m")
        .config("spark.executorEnv.PYTHONPATH", path)
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "50")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


def spread(spark, frame, partitions=8):
    """The rows as a data frame of Spark."""
    from pyspark.sql.types import BooleanType, DateType, LongType, StringType, StructField, StructType

    schema = StructType(
        [
            StructField("text", StringType()),
            StructField("year", LongType()),
            StructField("country", StringType()),
            StructField("day", DateType()),
            StructField("ratified", BooleanType()),
        ]
    )

    def plain(value):
        return None if pandas.isna(value) else value.item() if hasattr(value, "item") else value

    rows = [tuple(plain(value) for value in row) for row in frame.itertuples(index=False)]
    return spark.createDataFrame(rows, schema).repartition(partitions)


def ordered(rows):
    return sorted((tuple(row) for row in rows), key=lambda row: tuple((value is None, str(value)) for value in row[:-6]))


def local(frame, codebook, by=BY, **settings):
    return ordered(tuple(row.values()) for row in nomoscope.counts(frame, codebook, by=by, **settings).rows())


def told(rows):
    """Dates as the local table has them in lists, in words."""
    return [tuple(str(value) if hasattr(value, "isoformat") else value for value in row) for row in rows]


def test_a_cluster_counts_what_one_machine_counts(spark, codebook):
    frame = corpus(1000)
    df = spread(spark, frame)
    for by, settings in [(BY, {}), ([], {}), (["country"], {"window": "sentence"})]:
        got = nomoscope.spark.scan(df, codebook, by=by, **settings)
        assert got.columns == [*by, "concept", "other", *nomoscope.spark.SUMS]
        assert ordered(told(got.collect())) == local(frame, codebook, by, **settings)


def kill_one(marker):
    """Kills the executor that reads the third batch, once: the process above the one that runs Python."""

    def dying(batches):
        for number, batch in enumerate(batches):
            if number == 2:
                try:
                    os.close(os.open(marker, os.O_CREAT | os.O_EXCL))
                except FileExistsError:
                    pass
                else:
                    os.kill(executor(), signal.SIGKILL)
            yield batch

    return dying


def executor():
    """The Java process that this worker belongs to."""
    process = os.getpid()
    while process > 1:
        stat = pathlib.Path(f"/proc/{process}/stat").read_text()
        name, rest = stat.split("(", 1)[1].rsplit(")", 1)
        if name == "java":
            return process
        process = int(rest.split()[1])
    raise RuntimeError("no executor above this worker")


@pytest.mark.skipif(not pathlib.Path("/proc/self/stat").exists(), reason="finds the executor through /proc")
def test_a_worker_that_dies_changes_no_number(spark, codebook, tmp_path):
    frame = corpus(2000, seed=2)
    marker = tmp_path / "killed"
    df = spread(spark, frame)
    dying = df.mapInArrow(kill_one(str(marker)), df.schema)
    got = nomoscope.spark.scan(dying, codebook, by=BY).collect()
    assert marker.exists()
    assert ordered(told(got)) == local(frame, codebook)


def test_what_is_wrong_is_told(spark, codebook):
    df = spread(spark, corpus(10), 1)
    with pytest.raises(nomoscope.NomoscopeError, match="no column nowhere"):
        nomoscope.spark.scan(df, codebook, by=["nowhere"])
    with pytest.raises(nomoscope.NomoscopeError, match="name of a column of the counts"):
        nomoscope.spark.scan(df.withColumn("words", df.year), codebook, by=["words"])
    with pytest.raises(nomoscope.NomoscopeError, match="year: is no column of words but of bigint"):
        nomoscope.spark.scan(df, codebook, text="year")
    with pytest.raises(nomoscope.NomoscopeError, match="half: is a column of double"):
        nomoscope.spark.scan(df.withColumn("half", df.year / 2), codebook, by=["half"])


def test_names_with_dots_and_quotes(spark, codebook):
    df = spread(spark, corpus(100), 4).withColumnRenamed("country", "country.name `x` 'y'")
    by = ["country.name `x` 'y'"]
    frame = corpus(100).rename(columns={"country": by[0]})
    assert ordered(told(nomoscope.spark.scan(df, codebook, by=by).collect())) == local(frame, codebook, by)
