"""Environments: clean ones, each from its own list of exact versions."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MAIN = ROOT / "requirements" / "constraints.txt"
OLDER = HERE / "older.txt"
LOCKS = {"first": MAIN, "second": MAIN, "older": OLDER}
STAMP = "installed.txt"


def prepare(folder: Path, names: list[str]) -> dict[str, Path]:
    """Return the Python of each environment, making those that are not there."""
    return {name: _environment(folder / name, LOCKS[name]) for name in names}


def _environment(place: Path, lock: Path) -> Path:
    python = place / "bin" / "python"
    stamp = place / STAMP
    wanted = f"{ROOT}\n{lock.read_text(encoding='utf-8')}"
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wanted:
        print(f"environment {place.name}: installing the versions of {lock.relative_to(ROOT)}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(place)], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--constraint", str(lock), "--editable", f"{ROOT}[demo,data]"], check=True)
        stamp.write_text(wanted, encoding="utf-8")
    return python


def variables(**changed: str) -> dict[str, str]:
    """Return the variables of this process with one thread everywhere and a fixed order of sets, but for `changed`."""
    left = {name: value for name, value in os.environ.items() if name != "CI" and not name.startswith("HAKARI_")}
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS")
    return {**left, **dict.fromkeys(threads, "1"), "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", **changed}
