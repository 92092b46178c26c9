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
from hakari.inputs import Columns, Inputs, ModelAtHand, ModelSpec, open_data
from hakari.measures import Context, Measure, Measured, registered_measures

FOLDER = Path(__file__).parent / "golden"
_DIGITS = 9

REGIONS = ["north", "south", "east", None]


def scores(columns: dict[str, Any]) -> Any:
    """The model of the small input: the score that stands in the table, a little of the income in it."""
    return columns["score"] * 0.9 + columns["income"] * 0.002


def _captured(rows: int) -> dict[str, list[Any]]:
    """What the store of captured decisions adds to each row."""
    number = list(range(rows))
    return {
        "captured": [int(k % 11 != 0) for k in number],
        "has_reasons": [int(k % 11 != 0 and k % 7 != 0) for k in number],
        "line_whole": [int(k % 37 != 5) for k in number],
        "inputs_match": [int(k % 29 != 3) for k in number],
        "seconds_late": [float(k % 70) for k in number],
        "store_faults": [0] * rows,
        "store_failures": [2] * rows,
    }


def frame(rows: int = 240, *, of: str = "") -> pd.DataFrame:
    """Rows that follow from their number alone; those `of` a measure that needs columns of its own have these too."""
    number = list(range(rows))
    own = _captured(rows) if of == "explanation.capture" else {}
    score = [((k * 37) % 101) / 100 for k in number]
    return pd.DataFrame(
        {
            "region": [REGIONS[(k * k + k // 7) % 4] for k in number],
            "age": ["old" if k % 5 < 2 else "young" for k in number],
            "income": [(k * 17) % 89 * 0.5 for k in number],
            "approve": [int(s + ((k * 53) % 29) / 29 > 1) for k, s in zip(number, score, strict=True)],
            "score": score,
            "prediction": [int(s > 0.5) for s in score],
            **own,
        }
    )


# What a person can change is for people to say: there is no default.
_NEEDED: dict[str, dict[str, Any]] = {
    "explanation.counterfactual": {"constraints": {"columns": {"score": {"range": [0, 1]}, "income": {}}}}
}
MODEL = ModelAtHand(
    ModelSpec(adapter="python", call="tests.contract.golden_estimates:scores", features=("income", "score")),
    Path(__file__).parents[2],
)


def golden_inputs(test: Any = None, train: Any = None, *, of: str = "") -> Inputs:
    """The small input of every contract test."""
    rows = frame(of=of)
    meaning = Columns(label="approve", prediction="prediction", score="score", sensitive=("region", "age"))
    tested = open_data(rows.iloc[:160].reset_index(drop=True) if test is None else test, role="data.test")
    learnt = open_data(rows.iloc[120:].reset_index(drop=True) if train is None else train, role="data.train")
    return Inputs(tested, learnt, meaning, MODEL)


def measured(measure: Measure, inputs: Inputs, *, seed: int = 11) -> Measured:
    """What a measure finds with its default parameters, and with those that it cannot do without."""
    parameters = measure.parameters()(**_NEEDED.get(measure.id, {}))
    return measure.function()(inputs, parameters, context=Context(seed=seed, measure=measure.id))


def run(measure: Measure, inputs: Inputs, *, seed: int = 11) -> tuple[Estimate, ...]:
    """The estimates of a measure."""
    return measured(measure, inputs, seed=seed).estimates


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
        content = {"version": measure.version, "digests": digests(run(measure, golden_inputs(of=measure.id)))}
        (FOLDER / f"{identifier}.json").write_text(json.dumps(content, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    write()
