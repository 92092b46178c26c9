"""Spark: a table of the session at hand, by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hakari.errors import InputError
from hakari.messages import say

__all__ = ["SPARK", "open_spark_table"]

SPARK = "spark:"
"""What a source begins with that names a table of Spark."""


def open_spark_table(name: str) -> Any:
    """Return a table of the Spark session that is running or can be started here.

    Raises:
        InputError: PySpark is not installed, or the session does not know the table.
    """
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError:
        raise InputError(say("workflows.audit.no_spark")) from None
    try:
        return SparkSession.builder.getOrCreate().table(name)
    except PySparkException as error:
        first: Sequence[str] = str(error).splitlines() or [type(error).__name__]
        raise InputError(say("workflows.audit.spark_table", table=name, problem=first[0])) from error
