"""Rows: Parquet folders of any size, made from a seed; text is dictionary-encoded, as every writer does it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

GROUPS = {
    "sex": ("female", "male"),
    "region": ("north", "south", "east", "west", "centre"),
    "age": ("18-29", "30-44", "45-59", "60-74", "75 and over"),
}
ROW_GROUP = 1_000_000
SEED = 20261122
MARK = "made.json"
VERSION = 1


def make_folder(folder: Path, *, rows: int, files: int) -> Path:
    """Write `files` Parquet files with `rows` rows in all, unless they are there; return the folder with the data."""
    data, mark = folder / "data", folder / MARK
    wanted = {"rows": rows, "files": files, "version": VERSION}
    if mark.is_file() and json.loads(mark.read_text(encoding="utf-8")) == wanted:
        return data
    data.mkdir(parents=True, exist_ok=True)
    for old in data.glob("*.parquet"):
        old.unlink()
    for number in range(files):
        share = rows * (number + 1) // files - rows * number // files
        _file(data / f"part-{number:04d}.parquet", share, (SEED, rows, number))
        if (number + 1) % max(files // 10, 1) == 0:
            print(f"  {number + 1} of {files} files", flush=True)
    mark.write_text(json.dumps(wanted), encoding="utf-8")
    return data


def _file(path: Path, rows: int, seed: tuple[int, ...]) -> None:
    rng = np.random.default_rng(seed)
    with pq.ParquetWriter(path, _schema()) as writer:
        for start in range(0, rows, ROW_GROUP):
            writer.write_table(_block(rng, min(ROW_GROUP, rows - start)))


def _schema() -> pa.Schema:
    columns = [(name, pa.string()) for name in GROUPS]
    columns += [("label", pa.int8()), ("prediction", pa.int8()), ("amount", pa.float32()), ("visits", pa.int32())]
    return pa.schema(columns)


def _block(rng: np.random.Generator, rows: int) -> pa.Table:
    """Groups with different rates, and two columns that nothing asks for."""
    codes = [rng.integers(0, len(levels), rows, dtype=np.int8) for levels in GROUPS.values()]
    shift = sum(np.float32(0.05 / (place + 1)) * code for place, code in enumerate(codes))
    label = rng.random(rows, dtype=np.float32) < np.float32(0.25) + shift
    chance = np.where(label, np.float32(0.6), np.float32(0.15)) + shift / 2
    prediction = rng.random(rows, dtype=np.float32) < chance
    text = [
        pa.DictionaryArray.from_arrays(pa.array(code), pa.array(levels)).cast(pa.string())
        for code, levels in zip(codes, GROUPS.values(), strict=True)
    ]
    answers = [pa.array(label.astype(np.int8)), pa.array(prediction.astype(np.int8))]
    unused = [pa.array(rng.random(rows, dtype=np.float32)), pa.array(rng.integers(0, 5000, rows, dtype=np.int32))]
    return pa.table([*text, *answers, *unused], schema=_schema())
