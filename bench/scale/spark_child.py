"""Spark child: starts a local Spark once, counts each folder bare and through Hakari in turn, and prints JSON.

Run by run.py in the environment that holds PySpark. Spark's own start is timed apart; a small folder is counted first.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from pathlib import Path
from typing import Any

from child import peak, timed
from engines import KEYS, tallied


def main() -> None:
    """Count every folder that was named and print one line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--folders", type=Path, nargs="+", required=True)
    parser.add_argument("--small", type=Path, required=True)
    parser.add_argument("--runs", type=int, required=True)
    asked = parser.parse_args()
    started = time.perf_counter()
    spark = _session()
    found: dict[str, Any] = {"start": time.perf_counter() - started, "version": spark.version, "folders": []}
    _pair(spark, asked.small)
    for folder in asked.folders:
        runs = [_pair(spark, folder) for _ in range(asked.runs)]
        found["folders"].append({"runs": runs, "peak": peak(), "java_peak": _java_peak(spark)})
        print(f"  {folder.parent.name}: done", file=sys.stderr, flush=True)
    spark.stop()
    print(json.dumps(found))


def _session() -> Any:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[*]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.driver.memory", "2g").config("spark.sql.shuffle.partitions", "4")
    spark = builder.config("spark.driver.host", "127.0.0.1").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def _pair(spark: Any, folder: Path) -> dict[str, Any]:
    """Spark's own group-by and ours. Hakari's processor time is Python's; Spark's is not seen from here."""
    frame = spark.read.parquet(str(folder))
    bare, bare_wall, _ = timed(lambda: frame.groupBy(*KEYS).count().collect())
    counted, wall, cpu = timed(lambda: tallied(frame))
    same = sorted(map(tuple, bare)) == sorted(counted.cells)
    cells = sorted([list(cell) for cell in counted.cells])
    return {"bare": bare_wall, "wall": wall, "cpu": cpu, "opening": counted.opening, "same": same, "cells": cells}


def _java_peak(spark: Any) -> int | None:
    """Largest resident memory of Spark's Java process, where the system tells it."""
    process = spark._jvm.java.lang.ProcessHandle.current().pid()
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return None
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found.group(1)) * 1024 if found else None


if __name__ == "__main__":
    main()
