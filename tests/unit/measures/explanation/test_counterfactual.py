"""`explanation.counterfactual`: who among the refused has a change that the model would accept, and at which cost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hakari.errors import InputError, InterruptedRun
from hakari.evidence import Estimate, Interval, Unmeasured
from hakari.inputs import Columns, Inputs, ModelAtHand, ModelSpec, open_data
from hakari.measures import Context, Measured
from hakari.measures.explanation.counterfactual import CounterfactualParameters, measure_counterfactual
from hakari.statistics.limits import clopper_pearson_lower

MODEL = """
import numpy as np
def score(columns):
    return np.clip(columns["saved"] / 100 - 0.3 * columns["barred"], 0, 1)
"""
CONSTRAINTS = {"columns": {"saved": {"monotone": "up", "range": [0, 100], "cost": {"amount": 1, "per": "unit"}}}}


def _table() -> pd.DataFrame:
    rng = np.random.default_rng(7)
    table = pd.DataFrame(
        {
            "saved": rng.integers(0, 100, 300).astype(float),
            "barred": rng.integers(0, 2, 300) * rng.integers(0, 2, 300) * 2.0,
            "sex": rng.choice(np.array(["f", "m", None], dtype=object), 300),
        }
    )
    table["prediction"] = (np.clip(table["saved"] / 100 - 0.3 * table["barred"], 0, 1) >= 0.5).astype(int)
    return table


def _inputs(folder: Path, table: pd.DataFrame, *, model: bool = True, **columns: Any) -> Inputs:
    (folder / "asked_model.py").write_text(MODEL, "utf-8")
    spec = ModelSpec(adapter="python", call="asked_model:score", features=("saved", "barred"))
    at_hand = ModelAtHand(spec, base=folder) if model else None
    named = {"prediction": "prediction", "sensitive": ("sex",)} | columns
    return Inputs(open_data(table, role="data.test"), None, Columns(**named), at_hand)


def _measured(inputs: Inputs, **parameters: Any) -> Measured:
    context = Context(seed=3, measure="explanation.counterfactual", **parameters.pop("context", {}))
    given = {"constraints": CONSTRAINTS} | parameters
    return measure_counterfactual(inputs, CounterfactualParameters(**given), context=context)


def _one(measured: Measured, metric: str, **slice_: str) -> Estimate:
    (found,) = [each for each in measured.estimates if each.metric == metric and dict(each.slice) == slice_]
    return found


def test_shares_and_costs_are_those_that_arithmetic_gives(tmp_path: Path) -> None:
    table = _table()
    measured = _measured(_inputs(tmp_path, table), rows=1000)
    refused = table[table["prediction"] == 0]
    # Who is barred twice over would need 110 of at most 100.
    cost = np.where(refused["barred"] > 0, np.inf, 50 - refused["saved"])
    share = _one(measured, "recourse_share")
    assert share.value == pytest.approx(np.isfinite(cost).mean())
    assert isinstance(share.interval, Interval)
    low = clopper_pearson_lower(np.array([float(np.isfinite(cost).sum())]), np.array([float(len(cost))]), 0.025)
    assert share.interval.low == pytest.approx(low[0])
    for sex in ("f", "m"):
        own = np.sort(cost[refused["sex"] == sex])
        expected = own[(len(own) - 1) // 2]
        assert _one(measured, "recourse_cost_median", sex=sex).value == pytest.approx(expected, abs=0.05)
    assert _one(measured, "recourse_share", sex="missing").n == refused["sex"].isna().sum()
    assert _one(measured, "changes_median").value == 1.0
    assert _one(measured, "model_agreement").value == 1.0


def test_the_table_holds_counts_from_which_the_share_follows(tmp_path: Path) -> None:
    measured = _measured(_inputs(tmp_path, _table()), rows=50)
    table = next(each for each in measured.tables if each.name == "recourse")
    assert table.columns == ("sex", "prediction", "n")
    counts = [(row[1], row[2]) for row in table.rows]
    hits = sum(int(str(n)) for has, n in counts if has == 1)
    assert sum(int(str(n)) for _, n in counts) == 50
    assert _one(measured, "recourse_share").value == pytest.approx(hits / 50)


def test_the_same_seed_gives_the_same_record(tmp_path: Path) -> None:
    first, second = (_measured(_inputs(tmp_path, _table()), rows=40) for _ in range(2))
    assert first == second


def test_without_constraints_or_model_every_number_says_why(tmp_path: Path) -> None:
    for measured in (
        _measured(_inputs(tmp_path, _table()), constraints={}),
        _measured(_inputs(tmp_path, _table(), model=False)),
    ):
        assert len(measured.estimates) == 5
        assert all(isinstance(each.value, Unmeasured) for each in measured.estimates)


def test_rows_on_which_file_and_model_differ_are_not_drawn_but_counted(tmp_path: Path) -> None:
    table = _table()
    table.loc[:29, "prediction"] = 1 - table.loc[:29, "prediction"]
    measured = _measured(_inputs(tmp_path, table), rows=1000)
    assert _one(measured, "model_agreement").value == pytest.approx(0.9)
    assert _one(measured, "recourse_share").n == int((table.loc[30:, "prediction"] == 0).sum())


def test_where_the_positive_class_is_unwanted_the_other_side_is_reached_for(tmp_path: Path) -> None:
    down = {"columns": {"saved": {"monotone": "down", "range": [0, 100], "cost": {"amount": 1, "per": "unit"}}}}
    measured = _measured(_inputs(tmp_path, _table()), favourable="negative", constraints=down)
    assert _one(measured, "recourse_share").value == 1.0


def test_nobody_refused_is_said(tmp_path: Path) -> None:
    table = _table().query("prediction == 1")
    measured = _measured(_inputs(tmp_path, table))
    assert isinstance(_one(measured, "recourse_share").value, Unmeasured)
    assert _one(measured, "model_agreement").value == 1.0


def test_weights_are_not_used_and_that_is_a_limit(tmp_path: Path) -> None:
    table = _table().assign(weight=2.0)
    measured = _measured(_inputs(tmp_path, table, weight="weight"), rows=20)
    assert any(limit.key.endswith("limit.dependent") for limit in measured.limits)


def test_a_person_can_stop_it(tmp_path: Path) -> None:
    with pytest.raises(InterruptedRun):
        _measured(_inputs(tmp_path, _table()), context={"cancelled": lambda: True})


def test_a_parameter_out_of_range_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="number of rows is 0"):
        _measured(_inputs(tmp_path, _table()), rows=0)
