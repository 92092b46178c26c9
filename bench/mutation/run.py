"""Mutation testing: small faults in the statistical floor and the engine, one at a time, and which tests find them.

A mutant is killed if a unit test of the same room fails on it. The runner forks one process for each mutant, with
pytest and scipy loaded, and runs only the tests that execute the changed line. Where there are more mutants than wanted
it draws a seeded sample, the same share of every file.

    python bench/mutation/run.py --out bench/mutation/results
    python bench/mutation/run.py --quick
    python bench/mutation/run.py --only contrasts.py verdict.py --share 1 --out look

Without `--share` a fixed share of each file's mutants is drawn (see TARGETS). `--seed` draws other mutants: tests are
written against the survivors of one seed, and the share is reported for another one, which they have not seen.
Every finished mutant is kept in `cells.jsonl` in the folder, so that an interrupted run goes on where it stopped.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import sys
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[_name] = "1"
sys.dont_write_bytecode = False  # else every child would compile every test again

from bench.mutation.operators import Mutant, mutants, mutated  # noqa: E402 - the path comes first
from bench.mutation.report import machine, write_report  # noqa: E402
from bench.mutation.worker import Outcome, Reach, measure_reach, run_mutant  # noqa: E402

SEED = 7
KEPT = "cells.jsonl"


@dataclass(frozen=True, slots=True)
class Target:
    """A room whose modules get faults, and the tests that have to find them."""

    folder: str
    pattern: str
    tests: tuple[str, ...]
    share: float
    """The share of the mutants that is drawn."""
    loaded: tuple[str, ...]
    """Modules that are loaded before forking, because no fault is in them."""


_LIBRARIES = ("numpy", "scipy.special", "scipy.stats", "sklearn.metrics", "hakari.errors", "hakari.messages")
_STATISTICS = tuple(
    f"hakari.statistics.{name}"
    for name in ("tally", "rates", "smooth", "verdict", "noise", "sample_size", "multiplicity", "streams")
)
_ENGINE_TESTS = tuple(
    f"tests/unit/assessment/{name}"
    for name in ("test_engine.py", "test_mapped.py", "test_findings.py", "test_plan_power.py", "rules")
)
_PLANNED = (*_LIBRARIES, "hakari.evidence", "hakari.packs", "hakari.packs.model", *_STATISTICS)
TARGETS = (
    Target("src/hakari/statistics", "*.py", ("tests/unit/statistics",), 0.2, _LIBRARIES),
    Target("src/hakari/assessment", "engine.py", _ENGINE_TESTS, 1.0, _PLANNED),
    Target("src/hakari/assessment/rules", "*.py", _ENGINE_TESTS, 0.2, _PLANNED),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One mutant and what became of it."""

    file: str
    line: int
    function: str
    operator: str
    before: str
    after: str
    outcome: str
    seconds: float
    by: str


def main() -> None:
    """Run, and write the results."""
    options = _options()
    os.chdir(ROOT)
    if options.out is not None:
        options.out.mkdir(parents=True, exist_ok=True)
    cells: list[Cell] = []
    sizes: dict[str, int] = {}
    for target in TARGETS:
        cells.extend(_run(target, options, sizes))
    print(f"{len(cells)} mutants, {sum(cell.seconds for cell in cells) / 60:.1f} processor minutes")
    if options.out is not None:
        result = {
            "machine": machine(), "seed": options.seed, "mutants": sizes, "cells": [asdict(cell) for cell in cells],
        }  # fmt: skip
        path = options.out / "mutation.json"
        path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        write_report(path)
        (options.out / KEPT).unlink()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, help="folder for mutation.json and mutation.md")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--share", type=float, help="share of every file's mutants, instead of the fixed ones")
    parser.add_argument("--runs", type=int, help="at most so many mutants of each file")
    parser.add_argument("--quick", action="store_true", help="five mutants of each file, for a look")
    parser.add_argument("--only", nargs="+", default=(), help="names of files")
    parser.add_argument("--again", type=Path, help="an earlier mutation.json: only its survivors, by their text")
    options = parser.parse_args()
    options.runs = 5 if options.quick else options.runs
    return options


def _run(target: Target, options: argparse.Namespace, sizes: dict[str, int]) -> Iterator[Cell]:
    files = [
        path
        for path in sorted((ROOT / target.folder).glob(target.pattern))
        if path.name != "__init__.py" and (not options.only or path.name in options.only)
    ]
    chosen = {path: _drawn(path, target, options, sizes) for path in files}
    if not any(chosen.values()):
        return
    for name in target.loaded:
        __import__(name)
    watched = sorted((ROOT / target.folder).glob("*.py"))
    reach = measure_reach(target.tests, watched)
    kept = _kept(options.out)
    for path, found in chosen.items():
        module = ".".join(path.relative_to(ROOT / "src").with_suffix("").parts)
        if module in sys.modules:
            raise SystemExit(f"{module} is loaded already: a fault in it would not be felt")
        source = path.read_text(encoding="utf-8")
        for mutant in found:
            name = f"{path.relative_to(ROOT)} {mutant.spot}"
            cell = kept.get(name)
            if cell is None:
                outcome = _outcome(module, path, source, mutant, reach)
                cell = Cell(
                    str(path.relative_to(ROOT)), mutant.line, mutant.function, mutant.operator, mutant.before,
                    mutant.after, outcome.outcome, round(outcome.seconds, 2), outcome.by,
                )  # fmt: skip
                _keep(options.out, name, cell)
            if cell.outcome in ("survived", "unreached"):
                print(f"  {path.name}:{cell.line} {cell.outcome}: {cell.before}  →  {cell.after}", flush=True)
            yield cell
        print(f"{path.name}: {len(found)} mutants done", flush=True)


def _kept(folder: Path | None) -> dict[str, Cell]:
    """The mutants that an interrupted run has finished."""
    path = None if folder is None else folder / KEPT
    if path is None or not path.exists():
        return {}
    lines = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return {line["name"]: Cell(**line["cell"]) for line in lines}


def _keep(folder: Path | None, name: str, cell: Cell) -> None:
    if folder is not None:
        with (folder / KEPT).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"name": name, "cell": asdict(cell)}) + "\n")


def _drawn(path: Path, target: Target, options: argparse.Namespace, sizes: dict[str, int]) -> list[Mutant]:
    everything = mutants(path.read_text(encoding="utf-8"))
    name = str(path.relative_to(ROOT))
    sizes[name] = len(everything)
    if options.again is not None:
        cells = json.loads(options.again.read_text(encoding="utf-8"))["cells"]
        open_ = {_text(cell) for cell in cells if cell["file"] == name and cell["outcome"] in ("survived", "unreached")}
        return [mutant for mutant in everything if _text(asdict(mutant)) in open_]
    share = target.share if options.share is None else options.share
    count = round(len(everything) * share)
    count = count if options.runs is None else min(options.runs, len(everything))
    rng = random.Random(f"{options.seed} {name}")
    return sorted(rng.sample(everything, count), key=lambda mutant: (mutant.line, mutant.before, mutant.after))


def _text(cell: dict[str, object]) -> tuple[object, ...]:
    return tuple(cell[name] for name in ("function", "operator", "before", "after"))


def _outcome(module: str, path: Path, source: str, mutant: Mutant, reach: Reach) -> Outcome:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a fault may be silly Python
        tree = mutated(source, mutant.spot)
    return run_mutant(module, path, tree, _wanted(path, mutant, reach), reach)


def _wanted(path: Path, mutant: Mutant, reach: Reach) -> list[str]:
    """The tests that feel the mutant, the quickest first."""
    at = reach.lines.get(str(path), {})
    if mutant.lines != (0, 0):
        first, last = mutant.lines
        felt = {test for line, tests in at.items() if first <= line <= last for test in tests}
    else:
        constant = mutant.names and all(name.isupper() for name in mutant.names)
        felt = _using(mutant.names, reach) if constant else {test for tests in at.values() for test in tests}
        felt |= _naming(path.stem, reach)
    felt = felt or _naming(path.stem, reach)  # a function that is called at import only
    return sorted(felt, key=lambda test: (reach.seconds[test], test))


def _using(names: Sequence[str], reach: Reach) -> set[str]:
    """Tests that execute a line on which one of the names stands."""
    felt: set[str] = set()
    for file, at in reach.lines.items():
        text = Path(file).read_text(encoding="utf-8").splitlines()
        for line, tests in at.items():
            if any(name in text[line - 1] for name in names):
                felt |= tests
    return felt


def _naming(module: str, reach: Reach) -> set[str]:
    """Tests in files that name the module, or walk through all: what is read at import only is no line of a test."""
    named = re.compile(rf"\b{module}\b|import_module")
    files = {test.split("::")[0] for test in reach.seconds}
    found = {file for file in files if named.search(Path(file).read_text(encoding="utf-8"))}
    return {test for test in reach.seconds if test.split("::")[0] in found}


if __name__ == "__main__":
    main()
