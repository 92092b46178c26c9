"""Published figures beside ours: every figure before mitigation that the shipped data allow, each with our interval.

python -m bench.published.run --environments DIR
python -m bench.published.run --quick --environments DIR
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "peers"))  # the neighbours are scripts

from bench.published.cases import CASES
from bench.published.measuring import measured
from bench.published.writing import write_markdown
from environments import ROOT, default_folder, prepare_one

HERE = Path(__file__).resolve().parent
COUNTS = HERE / "counts.json"
"""Kept in the repository: the decisions' counts, from which our figures follow without training anything."""


def main() -> None:
    """Train, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--environments", type=Path, default=default_folder(), help="where the environments are kept")
    parser.add_argument("--out", type=Path, help="where the results are written; bench/published/results")
    parser.add_argument("--reuse", action="store_true", help="take the models' counts of an earlier run")
    parser.add_argument("--quick", action="store_true", help="few other splits and seeds, into a temporary folder")
    settings = parser.parse_args()
    out = settings.out or (Path(tempfile.mkdtemp(prefix="hakari-published-")) if settings.quick else HERE / "results")
    out.mkdir(parents=True, exist_ok=True)
    made = settings.environments / ("models-quick.json" if settings.quick else "models.json")
    if not (settings.reuse and made.exists()):
        python = prepare_one(settings.environments, "published", HERE / "requirements.txt")
        fewer = ["--repeats", "5", "--seeds", "2"] if settings.quick else []
        alone = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
        command = [str(python), "-m", "bench.published.models", str(made), *fewer]
        subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, **alone})
    counts: dict[str, Any] = json.loads(made.read_text(encoding="utf-8"))
    results = {
        "versions": counts["versions"],
        "cases": {case.name: measured(case, counts) for case in CASES},
    }
    (out / "published.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    (out / "published.md").write_text(write_markdown(results), encoding="utf-8")
    if not settings.quick:
        kept = {"versions": counts["versions"], "counts": counts["counts"]}
        COUNTS.write_text(json.dumps(kept, sort_keys=True, indent=0) + "\n", encoding="utf-8")
    print(f"written: {out}", flush=True)


if __name__ == "__main__":
    main()
