"""One assessment of the demo, in the environment and with the engine that it is told; prints one line of JSON.

Started by `run.py` with the Python of the environment under test. Key and clock are fixed, so that whole bundles can be
compared, not only figures.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import platform
import shutil
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

NOW = "2026-11-22T09:00:00+00:00"
PACKAGES = (
    "numpy", "scipy", "narwhals", "duckdb", "pydantic", "cryptography", "pandas", "polars", "pyarrow", "scikit-learn",
    "vl-convert-python",
)  # fmt: skip


def main() -> None:
    """Do what the arguments say."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("step", choices=["train", "assess", "verify"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--engine", default="csv", choices=sorted(ENGINES))
    parser.add_argument("--duckdb-threads", type=int)
    parser.add_argument("--salt", type=int, help="draw other random numbers from the same seeds")
    parser.add_argument("--bundle", type=Path, help="for verify: the bundle that is measured again in the folder")
    asked = parser.parse_args()
    if asked.duckdb_threads:
        set_duckdb_threads(asked.duckdb_threads)
    if asked.salt:
        draw_otherwise(asked.salt)
    started = time.perf_counter()
    if asked.step == "train":
        found = train(asked.folder)
    elif asked.step == "verify":
        found = verify(asked.bundle, asked.folder)
    else:
        found = assess(asked.folder, asked.engine)
    print(json.dumps({**found, **environment(), "seconds": round(time.perf_counter() - started, 1)}))


def set_duckdb_threads(threads: int) -> None:
    """Make the database through which files are read use `threads` threads."""
    from hakari.inputs.readers.engine import connection

    connection().execute(f"SET threads = {threads}")


def draw_otherwise(salt: int) -> None:
    """Make every seed give another stream of random numbers, as a later release of numpy might."""
    import numpy as np

    seed_sequence = np.random.SeedSequence
    np.random.SeedSequence = lambda entropy: seed_sequence([salt, *entropy])


def environment() -> dict[str, Any]:
    """The versions that a figure may depend on, and the threads that the libraries really use."""
    from threadpoolctl import threadpool_info

    from hakari.inputs.readers.engine import connection

    threads = {pool["user_api"] + " " + pool["prefix"]: pool["num_threads"] for pool in threadpool_info()}
    threads["duckdb"] = connection().sql("SELECT current_setting('threads')").fetchall()[0][0]
    if "polars" in sys.modules:
        threads["polars"] = sys.modules["polars"].thread_pool_size()
    if "pyarrow" in sys.modules:
        threads["pyarrow"] = sys.modules["pyarrow"].cpu_count()
    packages = {name: version(name) for name in PACKAGES}
    return {"python": platform.python_version(), "packages": packages, "threads": threads, "hash": hash("hakari")}


def train(folder: Path) -> dict[str, Any]:
    """Copy the example to `folder`, train its model there and write a fixed key; return what was written."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    from hakari.workflows.demo import _train

    with as_file(files("hakari.examples").joinpath("mortgage")) as source:
        shutil.copytree(source, folder, ignore=shutil.ignore_patterns("__pycache__", "__init__.py"))
    key = Ed25519PrivateKey.from_private_bytes(b"\7" * 32)
    path = folder / ".hakari" / "demo-key.pem"
    path.parent.mkdir()
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    path.chmod(0o600)
    _train(folder)
    return {
        "files": {path.name: digest(path.read_bytes()) for path in sorted(folder.glob("data/*.csv"))}
        | {"model.skops": digest((folder / "model.skops").read_bytes())}
    }


def assess(folder: Path, engine: str) -> dict[str, Any]:
    """Plan and assess `folder`, its data held by `engine`; return digests of what came out."""
    from hakari.evidence import load_key
    from hakari.workflows.assess import assess_project
    from hakari.workflows.plan import plan_project
    from hakari.workflows.project import open_project
    from hakari.workflows.settings import Clock

    plan_project(held_by(open_project(folder), engine))
    project = held_by(open_project(folder), engine)
    run = assess_project(project, clock=Clock(NOW), key=load_key(folder / ".hakari" / "demo-key.pem"))
    return {"table": type(project.inputs.data.table).__name__, "bundle_path": str(run.bundle), **digests(run.bundle)}


def held_by(project: Any, engine: str) -> Any:
    """Return the project with the rows of its tables held by `engine`; the subjects stay the files that they are."""
    from hakari.inputs import Data, Inputs, open_data

    if engine == "csv":
        return project

    def moved(data: Any) -> Any:
        frame = ENGINES[engine](project.folder / data.name)
        table = open_data(frame, role=data.role).table
        return Data(table, role=data.role, name=data.name, subject=lambda _: data.subject, notices=data.notices)

    inputs = project.inputs
    train = None if inputs.train is None else moved(inputs.train)
    return replace(project, inputs=Inputs(moved(inputs.data), train, inputs.columns))


def _pandas(path: Path) -> Any:
    import pandas as pd

    return pd.read_csv(path)


def _pandas_arrow(path: Path) -> Any:
    import pandas as pd

    return pd.read_csv(path, dtype_backend="pyarrow")


def _polars(path: Path) -> Any:
    import polars as pl

    return pl.read_csv(path)


def _polars_lazy(path: Path) -> Any:
    import polars as pl

    return pl.scan_csv(path)


def _pyarrow(path: Path) -> Any:
    from pyarrow import csv

    return csv.read_csv(path, convert_options=csv.ConvertOptions(strings_can_be_null=True))


def _parquet(path: Path) -> Any:
    from pyarrow import parquet

    parquet.write_table(_pyarrow(path), path.with_suffix(".parquet"))
    return path.with_suffix(".parquet")


def _duckdb(path: Path) -> Any:
    import duckdb

    return duckdb.connect(":memory:").read_csv(str(path))


ENGINES: dict[str, Callable[[Path], Any]] = {
    "csv": lambda path: path,
    "duckdb": _duckdb,
    "pandas": _pandas,
    "pandas on arrow": _pandas_arrow,
    "parquet": _parquet,
    "polars": _polars,
    "polars lazy": _polars_lazy,
    "pyarrow": _pyarrow,
}


def digests(bundle: Path) -> dict[str, Any]:
    """The digest of the bundle, of its assessment, and of the estimates of each measure."""
    from hakari.evidence import canonical_bytes

    estimates = {}
    with zipfile.ZipFile(bundle) as archive:
        names = archive.namelist()
        for name in names:
            if name.startswith("evidence/"):
                record = json.loads(base64.b64decode(json.loads(archive.read(name))["payload"]))["predicate"]
                if record["kind"] == "measurement":
                    estimates[record["measure"]["id"]] = digest(canonical_bytes(record["estimates"]))
        judged = {name: digest(archive.read(name)) for name in names if name.startswith("assessment")}
    return {"estimates": estimates, "assessment": judged, "bundle": digest(bundle.read_bytes())}


def verify(bundle: Path, folder: Path) -> dict[str, Any]:
    """Check `bundle` on three levels, measuring again in `folder`; return what each level says."""
    from hakari.messages import render
    from hakari.workflows.verify import verify_bundle

    found = verify_bundle(bundle, rerun=folder)
    return {
        "levels": {
            level.name: {
                "status": level.status,
                "summary": render(level.summary, "en"),
                "problems": [f"{problem.member}: {render(problem.problem, 'en')}" for problem in level.problems],
            }
            for level in found.levels
        }
    }


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    main()
