"""Environments: one virtual environment for each library, from pinned requirements; made once, then found again."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LIBRARIES = ("hakari", "fairlearn", "aif360", "aequitas", "holisticai")
WITH_HAKARI = ("hakari", "spark")
PYTHON = (3, 11)
STAMP = "installed.txt"


def default_folder() -> Path:
    """Where environments are kept if nothing else is said."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hakari-bench" / "peers"


def prepare(folder: Path) -> dict[str, Path]:
    """Return the Python of every library's environment, making what is not there or not up to date."""
    return {name: prepare_one(folder, name, HERE / "requirements" / f"{name}.txt") for name in LIBRARIES}


def prepare_one(folder: Path, name: str, requirements: Path) -> Path:
    """Return the Python of one environment; those of `WITH_HAKARI` also hold this repository, editable."""
    wanted = hashlib.sha256(requirements.read_bytes())
    if name in WITH_HAKARI:
        wanted.update(str(ROOT).encode() + (ROOT / "pyproject.toml").read_bytes())
    place = folder / name
    python = place / "bin" / "python"
    stamp = place / STAMP
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted.hexdigest():
        return python
    print(f"environment {name}: installing {requirements.relative_to(ROOT)} into {place}", flush=True)
    if place.exists():
        shutil.rmtree(place)
    place.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([_interpreter(), "-m", "venv", str(place)], check=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--no-deps", "-r", str(requirements)], check=True)
    if name in WITH_HAKARI:
        subprocess.run([*pip, "--no-deps", "--editable", str(ROOT)], check=True)
    stamp.write_text(wanted.hexdigest(), encoding="utf-8")
    return python


def _interpreter() -> str:
    """The Python that the pins are for."""
    if sys.version_info[:2] == PYTHON:
        return sys.executable
    found = shutil.which("python{}.{}".format(*PYTHON))
    if found is None:
        raise SystemExit("The pinned versions are for Python 3.11, which was not found on the path.")
    return found
