"""Golden digests: regression anchors of every measure on one small input.

They prove nothing about correctness; the unit tests recompute the numbers by another road. They only notice a change,
and a change for equal input demands a new major version. Simulated figures are left out, because another release of
numpy may draw other numbers. After a major bump, write them anew: python -m tests.contract.golden_estimates
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pandas as pd

from hakari.evidence import Estimate, Unmeasured, encode
from hakari.inputs import Columns, Inputs, open_data
from hakari.measures import Context, Measure, registered_measures

FOLDER = Path(__file__).parent / "golden"
_DIGITS = 9

REGIONS = ["north", "south", "east", None]


def frame(rows: int = 240) -> pd.DataFrame:
    """Rows that follow from their number alone."""
    number = list(range(rows))
    score = [((k * 37) % 101) / 100 for k in number]
    return pd.DataFrame(
        {
            "region": [REGIONS[(k * k + k // 7) % 4] for k in number],
            "age": ["old" if k % 5 < 2 else "young" for k in number],
            "income": [(k * 17) % 89 * 0.5 for k in number],
            "approve": [int(s + ((k * 53) % 29) / 29 > 1) for k, s in zip(number, score, strict=True)],
            "score": score,
            "prediction": [int(s > 0.5) for s in score],
        }
    )


def golden_inputs(test: Any = None, train: Any = None) -> Inputs:
    """The small input of every contract test."""
    rows = frame()
    meaning = Columns(label="approve", prediction="prediction", score="score", sensitive=("region", "age"))
    tested = open_data(rows.iloc[:160].reset_index(drop=True) if test is None else test, role="data.test")
    learnt = open_data(rows.iloc[120:].reset_index(drop=True) if train is None else train, role="data.train")
    return Inputs(tested, learnt, meaning)


def run(measure: Measure, inputs: Inputs, *, seed: int = 11) -> tuple[Estimate, ...]:
    """The estimates of a measure with its default parameters."""
    context = Context(seed=seed, measure=measure.id)
    return measure.function()(inputs, measure.parameters()(), context=context).estimates


def digests(estimates: tuple[Estimate, ...]) -> dict[str, str]:
    """Metric → digest of its estimates in order, numbers to nine digits."""
    parts: dict[str, list[Any]] = {}
    for estimate in estimates:
        parts.setdefault(estimate.metric, []).append(_rounded(encode(_settled(estimate))))
    return {
        metric: hashlib.sha256(json.dumps(part, sort_keys=True).encode()).hexdigest()
        for metric, part in sorted(parts.items())
    }


def _settled(estimate: Estimate) -> dict[str, Any]:
    drawn = estimate.metric.endswith(("ratio_noise_floor", "ndkl_noise_floor"))
    method = "" if isinstance(estimate.interval, Unmeasured) else estimate.interval.method
    # Halves that are drawn decide the value, the interval and the rows.
    halves = "held-out" in method
    return {
        "slice": estimate.slice,
        "value": "drawn" if drawn or halves else estimate.value,
        "interval": "simulated" if "bootstrap" in method or halves else estimate.interval,
        "n": "drawn" if halves else estimate.n,
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{_DIGITS}g}")
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return [_rounded(item) for item in value] if isinstance(value, list) else value


def write() -> None:
    """Write the golden file of every measure of this distribution."""
    for identifier, (measure, _) in registered_measures().items():
        content = {"version": measure.version, "digests": digests(run(measure, golden_inputs()))}
        (FOLDER / f"{identifier}.json").write_text(json.dumps(content, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    write()
