"""Which versions of Python pass the unit tests: one clean environment each, the pinned packages, warnings as errors.

python bench/pythons.py

Interpreters are looked for on the path, in pyenv and with uv; what is not found is said, not skipped in silence.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements" / "constraints.txt"
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
SHOWN = ("numpy", "scipy", "narwhals", "duckdb", "pydantic", "cryptography", "pandas", "polars", "pyarrow", "pytest")


def interpreter(version: str) -> Path | None:
    """Return the newest interpreter of `version` that this machine has or uv can fetch."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = [Path(sys.executable)] if sys.version.startswith(f"{version}.") else []
    found += list(pyenv.glob(f"{version}.*/bin/python{version}"))
    on_path = shutil.which(f"python{version}")
    found += [Path(on_path)] if on_path else []
    working = {path: micro for path in found if (micro := _micro(path, version)) is not None}
    return max(working, key=lambda path: working[path]) if working else _from_uv(version)


def _micro(path: Path, version: str) -> int | None:
    """Return the last part of the version, or None where the program does not run or is another version."""
    program = "import sys, ensurepip; print(*sys.version_info[:3], sep='.')"
    done = subprocess.run([str(path), "-c", program], capture_output=True, text=True, check=False)
    major_minor, _, micro = done.stdout.strip().rpartition(".")
    return int(micro) if done.returncode == 0 and major_minor == version else None


def _from_uv(version: str) -> Path | None:
    uv = shutil.which("uv")
    if uv is None:
        return None
    subprocess.run([uv, "python", "install", "--quiet", version], capture_output=True, check=False)
    done = subprocess.run([uv, "python", "find", version], capture_output=True, text=True, check=False)
    return Path(done.stdout.strip()) if done.returncode == 0 else None


def environment(python: Path, folder: Path) -> Path:
    """Make a clean environment with Hakari and its development packages at the pinned versions; return its Python.

    In a named work folder the packages of the last run are kept where no pin changed; Hakari is installed anew.
    """
    own, stamp = folder / "bin" / "python", folder / "pins.txt"
    pip = [str(own), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--constraint", str(LOCK)]
    pins = LOCK.read_text(encoding="utf-8") + (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == pins:
        pip += ["--no-deps", "--force-reinstall", str(ROOT)]
    else:
        subprocess.run([str(python), "-m", "venv", "--clear", str(folder)], check=True)
        pip += [f"{ROOT}[dev]"]
    done = subprocess.run(pip, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise InstallationError(done.stderr.strip().splitlines()[-1])
    stamp.write_text(pins, encoding="utf-8")
    return own


class InstallationError(Exception):
    """The pinned packages cannot be installed on this version."""


def run_tests(python: Path, report: Path, paths: list[str], workers: int) -> dict[str, Any]:
    """Run the tests from the repository, where the settings make every warning an error."""
    command = [str(python), "-W", "error", "-m", "pytest", "-q", "-n", str(workers), f"--junitxml={report}"]
    command += ["-p", "no:cacheprovider", *paths]
    variables = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    started = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)
    seconds = round(time.perf_counter() - started, 1)
    if not report.is_file():
        return {"exit": done.returncode, "seconds": seconds, "problem": (done.stderr or done.stdout).strip()[-2000:]}
    return {"exit": done.returncode, "seconds": seconds, **read_report(report)}


def read_report(report: Path) -> dict[str, Any]:
    """Return the counts of a JUnit report and each failure in one line."""
    suite = next(ElementTree.parse(report).getroot().iter("testsuite"))
    counts = {name: int(suite.get(name, "0")) for name in ("tests", "failures", "errors", "skipped")}
    failed = []
    for case in suite.iter("testcase"):
        for kind in ("failure", "error"):
            for problem in case.findall(kind):
                first = (problem.get("message") or "").splitlines()[:1]
                failed.append(f"{case.get('classname')}::{case.get('name')}: {' '.join(first)[:300]}")
    passed = counts["tests"] - counts["failures"] - counts["errors"] - counts["skipped"]
    return {"passed": passed, **counts, "failed": sorted(failed)}


def installed(python: Path) -> dict[str, str]:
    """Return the versions of the packages that matter."""
    program = f"import importlib.metadata as m, json; print(json.dumps({{n: m.version(n) for n in {SHOWN!r}}}))"
    done = subprocess.run([str(python), "-c", program], capture_output=True, check=True)
    found: dict[str, str] = json.loads(done.stdout)
    return found


def examine(version: str, folder: Path, paths: list[str], workers: int) -> dict[str, Any]:
    """Return everything that is known of one version of Python."""
    python = interpreter(version)
    if python is None:
        return {"version": version, "outcome": "no interpreter on this machine"}
    place = folder / version
    full = f"{version}.{_micro(python, version)}"
    print(f"{full}: installing", flush=True)
    try:
        own = environment(python, place)
    except InstallationError as error:
        return {"version": full, "outcome": "the pinned packages cannot be installed", "problem": str(error)}
    print(f"{full}: testing {' '.join(paths)}", flush=True)
    tests = run_tests(own, place / "report.xml", paths, workers)
    outcome = "passed" if tests["exit"] == 0 else "failed"
    print(f"{full}: {outcome}, {tests.get('passed', 0)} passed in {tests['seconds']} s", flush=True)
    return {"version": full, "outcome": outcome, **tests, "packages": installed(own)}


def table(results: list[dict[str, Any]], facts: dict[str, Any]) -> str:
    """The results as a page."""
    lines = [
        "# Versions of Python",
        "",
        f"{facts['system']}, {facts['when'][:10]}; tests: {' '.join(facts['tests'])}; warnings are errors; "
        f"packages pinned by requirements/{LOCK.name}, the same for every version.",
        "",
        "| Python | outcome | passed | failed | skipped | seconds |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for row in results:
        lost = row["failures"] + row["errors"] if "failures" in row else "–"
        cells = (row["version"], row["outcome"], row.get("passed", "–"), lost, row.get("skipped", "–"))
        lines.append(f"| {' | '.join(map(str, cells))} | {row.get('seconds', '–')} |")
    for row in results:
        problems = row.get("failed") or ([row["problem"]] if row.get("problem") else [])
        if problems:
            lines += ["", f"Python {row['version']}:", "", *(f"- `{' '.join(each.split())}`" for each in problems)]
    return "\n".join(lines) + "\n"


def write(out: Path, results: list[dict[str, Any]], facts: dict[str, Any]) -> None:
    """Write what is known so far: a run over several versions is long."""
    whole = json.dumps({**facts, "pythons": results}, indent=2, ensure_ascii=False)
    (out / "pythons.json").write_text(whole + "\n", encoding="utf-8")
    (out / "pythons.md").write_text(table(results, facts), encoding="utf-8")


def main() -> None:
    """Examine each version and write `pythons.json` and `pythons.md`."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "results")
    parser.add_argument("--work", type=Path, help="where the environments are made; kept if it is named")
    parser.add_argument("--versions", nargs="+", default=list(VERSIONS))
    parser.add_argument("--tests", nargs="+", default=["tests/unit"])
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="only the tests of the statistics")
    asked = parser.parse_args()
    paths = ["tests/unit/statistics"] if asked.quick else asked.tests
    facts = {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "system": re.sub(r"-with-.*", "", platform.platform()),
        "tests": paths,
    }
    asked.out.mkdir(parents=True, exist_ok=True)
    results: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.work or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for version in asked.versions:
            results.append(examine(version, folder.resolve(), paths, asked.workers))
            write(asked.out, results, facts)
    print(table(results, facts))
    sys.exit(any(row["outcome"] in {"failed", "the pinned packages cannot be installed"} for row in results))


if __name__ == "__main__":
    main()
