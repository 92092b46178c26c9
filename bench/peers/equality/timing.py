"""Timing: our side of `speed.py`, in the environment that holds Hakari. Prints one line of JSON.

python -m bench.peers.equality.timing groups FILE KIND RUNS
python -m bench.peers.equality.timing crossed ROWS RUNS
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from hakari.inputs import Columns, Inputs, open_data
from hakari.measures import Context
from hakari.measures.fairness.decisions import DecisionsParameters, measure_decisions
from hakari.measures.fairness.groups import GroupsParameters, measure_groups
from hakari.statistics import RATES, confusion
from hakari.statistics.metrics import decisions
from hakari.statistics.metrics.decisions import spread

LEVELS = 100
OVER_GROUPS = (
    decisions.equalized_odds_difference,
    decisions.equalized_odds_ratio,
    decisions.average_odds_difference,
    decisions.treatment_ratio,
    decisions.demographic_disparity,
    decisions.generalized_entropy_between,
    decisions.bias_amplification,
)
OF_ALL_ROWS = (decisions.generalized_entropy, decisions.theil_index, decisions.coefficient_of_variation)


def inputs(frame: Any, by: Sequence[str]) -> Inputs:
    """A frame of which nothing has been counted before."""
    columns = Columns(label="label", prediction="prediction", sensitive=tuple(by))
    return Inputs(data=open_data(frame, role="data.test"), train=None, columns=columns)


def values(frame: Any, by: Sequence[str]) -> dict[str, Any]:
    """Every metric of decisions: 12 rates by group, overall, against the rest, their gaps; odds, entropies, others."""
    counted = confusion(inputs(frame, by).tally(tuple(by)), by).counts.astype(float)
    whole, groups = counted.sum(axis=0, keepdims=True), len(counted)
    everyone = np.concatenate([counted, whole, whole - counted])
    rates = np.stack([decisions.rate(name, everyone) for name in RATES])
    found: dict[str, Any] = {"overall": rates[:, groups], "to the rest": rates[:, :groups] - rates[:, groups + 1 :]}
    low, high = spread(rates[:, :groups])
    ratio = np.divide(low, high, out=np.ones_like(low), where=high > 0)
    found |= {"by group": rates[:, :groups], "difference": high - low, "ratio": ratio}
    for metric in OVER_GROUPS:
        found[metric.__name__] = metric(counted)
    for metric in OF_ALL_ROWS:
        found[metric.__name__] = metric(counted)
    return found


def measures(frame: Any, by: Sequence[str]) -> dict[str, Callable[[], int]]:
    """The two measures, each from the frame to its estimates; how many these are."""
    return {
        "fairness.groups": lambda: len(
            measure_groups(inputs(frame, by), GroupsParameters(), context=Context(measure="fairness.groups")).estimates
        ),
        "fairness.decisions": lambda: len(
            measure_decisions(
                inputs(frame, by), DecisionsParameters(), context=Context(measure="fairness.decisions")
            ).estimates
        ),
    }


def repeated(work: Callable[[], Any], runs: int) -> list[float]:
    """Seconds of several calls after one that does not count."""
    work()
    found = []
    for _ in range(runs):
        gc.collect()
        begin = time.perf_counter()
        work()
        found.append(time.perf_counter() - begin)
    return found


def groups(path: str, kind: str, runs: str) -> dict[str, Any]:
    """Ten groups of the bench's own file."""
    import table

    frame = table.frame(table.load(Path(path)), kind)
    by = ("sex", "region")
    both = measures(frame, by)
    return {
        "values": repeated(lambda: values(frame, by), int(runs)),
        "with intervals": repeated(lambda: [each() for each in both.values()], min(int(runs), 3)),
    }


def crossed(rows: str, runs: str) -> dict[str, Any]:
    """Ten thousand groups: two columns of a hundred levels each."""
    rng, count = np.random.default_rng(1), int(rows)
    codes = {name: rng.integers(0, LEVELS, count) for name in ("first", "second")}
    label = (rng.random(count) < 0.3 + 0.2 * codes["first"] / LEVELS).astype(np.int64)
    chance = np.where(label == 1, 0.6, 0.2) + 0.1 * codes["second"] / LEVELS
    columns: dict[str, Any] = {
        name: pd.Categorical.from_codes(code, [f"{name} {level}" for level in range(LEVELS)])
        for name, code in codes.items()
    }
    frame = pd.DataFrame({**columns, "label": label, "prediction": (rng.random(count) < chance).astype(np.int64)})
    both = measures(frame, tuple(codes))
    facts = {"groups": LEVELS**2, "estimates": {name: work() for name, work in both.items()}}
    found = {name: repeated(work, int(runs)) for name, work in both.items()}
    return {"facts": facts, "values": repeated(lambda: values(frame, tuple(codes)), int(runs)), **found}


def main() -> None:
    """Time one task."""
    task, *arguments = sys.argv[1:]
    found = groups(*arguments) if task == "groups" else crossed(*arguments)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
