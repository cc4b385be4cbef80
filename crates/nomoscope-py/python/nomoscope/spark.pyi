from collections.abc import Sequence
from os import PathLike

from pyspark.sql import DataFrame

from . import Codebook

SUMS: tuple[str, ...]

def scan(
    df: DataFrame,
    codebook: Codebook | str | bytes | PathLike[str],
    text: str = "text",
    by: str | Sequence[str] = (),
    *,
    window: str = "paragraph",
    language: str | Sequence[str] = (),
    interviewers: bool = False,
) -> DataFrame: ...
