"""How long packs and triage take: all shipped packs cold and again, and triage with everything and with little known.

Each figure is the median of fresh processes for the cold start, and of repeated calls in one process for the rest.

    python bench/packs.py --out bench/results
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import statistics
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

COLD = """
import time
from hakari.packs import list_packs
started = time.perf_counter()
list_packs()
print(time.perf_counter() - started)
"""
GOALS = {"all packs, cold": 3.0, "all packs, again": 0.3, "triage, decided": 0.05, "triage, little known": 0.05}


def seconds() -> dict[str, list[float]]:
    """Return the runs of each figure, in seconds."""
    from hakari.packs import list_packs
    from hakari.packs.triage import facts_of, load_triage, triage

    cold = [
        float(subprocess.run([sys.executable, "-c", COLD], capture_output=True, text=True, check=True).stdout)
        for _ in range(5)
    ]
    list_packs()
    packs = list_packs(versions=False)
    again = [_timed(list_packs) for _ in range(9)]
    frameworks = [(pack, rules) for pack in packs if (rules := load_triage(pack.name, pack)) is not None]
    base = next(rules for _, rules in frameworks if rules.prescan)
    declared = next(pack.facts for pack, rules in frameworks if rules is base)
    known = {question.id: question.choices[0].id for question in base.prescan}
    little = {"does": ["decides"]}
    found = {"all packs, cold": cold, "all packs, again": again}
    for name, answers in (("triage, decided", known), ("triage, little known", little)):
        facts = facts_of(base.prescan, answers, declared)
        call = partial(triage, frameworks, facts, prescan=base.prescan, answers=answers)
        found[name] = [_timed(call) for _ in range(9)]
    return found


def _timed(call: object) -> float:
    started = time.perf_counter()
    call()  # type: ignore[operator]  # any callable without arguments
    return time.perf_counter() - started


def main() -> None:
    """Measure and write `packs.json` and `packs.md`."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("bench/results"))
    asked = parser.parse_args()
    load = Path("/proc/loadavg").read_text(encoding="utf-8").split()[0]
    runs = seconds()
    system = re.sub(r"-with-.*", "", platform.platform())
    lines = [
        f"Python {platform.python_version()}, {system}, load {load} before the run; medians.",
        "",
        "| what | median, ms | first call, ms | goal, ms |",
        "|---|---:|---:|---:|",
    ]
    for name, found in runs.items():
        lines.append(
            f"| {name} | {statistics.median(found) * 1000:.1f} | {found[0] * 1000:.1f} | {GOALS[name] * 1000:,.0f} |"
        )
    asked.out.mkdir(parents=True, exist_ok=True)
    whole = json.dumps({"load": load, "seconds": runs}, indent=1)
    (asked.out / "packs.json").write_text(whole + "\n", encoding="utf-8")
    (asked.out / "packs.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
