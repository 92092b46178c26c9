"""`fairness.individual` against row-by-row neighbours, and the flip test against counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import StandardScaler

from hakari.errors import InputError
from hakari.evidence import Unmeasured
from hakari.inputs import Columns, Inputs, ModelAtHand, ModelSpec, add_predictions, open_data
from hakari.measures import Context, Measured
from hakari.measures.fairness.individual import IndividualParameters, measure_individual, with_flips
from hakari.statistics import clopper_pearson
from tests.unit.measures.fairness.amounts import run
from tests.unit.measures.lending import bounds, find, said, value, why

COLUMNS = {"prediction": "decision", "sensitive": ("sex",)}


def applicants(rows: int = 300, *, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    income, age = rng.gamma(4, 10, rows), rng.integers(20, 70, rows)
    sex = rng.choice(["m", "f"], rows)
    decision = (income + rng.normal(0, 5, rows) > 40).astype(int)
    flipped = np.where((sex == "f") & (np.abs(income - 40) < 4), 1 - decision, decision)
    return pd.DataFrame({"income": income, "age": age, "sex": sex, "decision": decision, "flipped": flipped})


def measured(
    frame: pd.DataFrame | None = None, *, meaning: dict[str, Any] | None = None, **parameters: Any
) -> Measured:
    rows = applicants() if frame is None else frame
    return run("fairness.individual", rows, meaning={**COLUMNS, **(meaning or {})}, **parameters)


def test_consistency_is_that_of_the_standardised_columns() -> None:
    frame = applicants()
    points = StandardScaler().fit_transform(frame[["income", "age"]])
    values = []
    for row in range(len(frame)):
        distance = np.sqrt(((points - points[row]) ** 2).sum(axis=1))
        distance[row] = np.inf
        near = distance <= np.sort(distance)[4] * (1 + 1e-9)
        values.append(1 - abs(frame["decision"][row] - frame["decision"][near].mean()))
    found = measured(features=("income", "age"))
    assert value(found, "consistency") == pytest.approx(np.mean(values))
    women = frame["sex"] == "f"
    assert value(found, "consistency", sex="f") == pytest.approx(np.mean(np.array(values)[women]))
    each = [value(found, "consistency", sex=sex) for sex in "fm"]
    assert value(found, "consistency_difference", sex="*") == pytest.approx(max(each) - min(each))
    assert value(found, "consistency_worst_group", sex="*") == pytest.approx(min(each))


def test_columns_with_another_meaning_make_nobody_alike() -> None:
    assert value(measured(flipped="flipped"), "consistency") == value(
        measured(features=("income", "age")), "consistency"
    )


def test_text_columns_are_one_unit_apart_and_names_are_left_out() -> None:
    frame = applicants().assign(town=np.tile(["x", "y", "z"], 100), name=[f"n{k}" for k in range(300)])
    found = measured(frame, features=("income", "town", "name"))
    assert "measures.fairness.individual.limit.left_out" in said(found)
    assert 0 < value(found, "consistency") < 1


def test_a_missing_number_is_no_crash() -> None:
    frame = applicants()
    frame.loc[::7, "income"] = np.nan
    assert 0 < value(measured(frame, features=("income", "age")), "consistency") < 1


def test_of_a_large_table_rows_are_drawn_and_said() -> None:
    found = measured(applicants(2000), rows=500)
    assert find(found, "consistency").n == 500
    assert "measures.fairness.individual.limit.drawn" in said(found)


@pytest.mark.parametrize("columns", [{"weight": "age"}, {"cluster": "age"}])
def test_weighted_and_clustered_rows_have_no_consistency(columns: dict[str, str]) -> None:
    found = measured(meaning=columns, flipped="flipped")
    assert why(found, "consistency") == "measures.fairness.individual.dependent"
    assert value(found, "flip_rate") > 0


def test_without_features_consistency_says_why() -> None:
    found = measured(applicants()[["sex", "decision"]])
    assert why(found, "consistency", sex="*") == "measures.fairness.individual.no_features"


def test_flips_are_counted_per_group_with_exact_limits() -> None:
    frame, found = applicants(), measured(flipped="flipped")
    women = frame[frame["sex"] == "f"]
    flips = int((women["decision"] != women["flipped"]).sum())
    assert value(found, "flip_rate", sex="f") == pytest.approx(flips / len(women))
    side = (1 - 0.95**0.5) / 2
    assert bounds(found, "flip_rate", sex="f") == pytest.approx(clopper_pearson(flips, len(women), side))
    gained = int(((women["decision"] == 0) & (women["flipped"] == 1)).sum())
    assert value(found, "gained_by_flip", sex="f") == pytest.approx(gained / len(women))
    assert value(found, "lost_by_flip", sex="f") == pytest.approx((flips - gained) / len(women))
    assert value(found, "flip_rate", sex="m") == 0.0


def test_without_the_flipped_decision_the_flip_test_says_what_to_do() -> None:
    found = measured()
    assert why(found, "flip_rate", sex="*") == "measures.fairness.individual.no_flipped"
    assert "hakari.yaml" in str(find(found, "flip_rate", sex="*").value.unmeasured)  # type: ignore[union-attr]


def test_a_missing_flipped_decision_is_a_reason() -> None:
    frame = applicants().astype({"flipped": float})
    frame.loc[3, "flipped"] = np.nan
    assert why(measured(frame, flipped="flipped"), "flip_rate") == "measures.fairness.individual.no_decision"


def test_one_decision_for_everybody_is_said_to_prove_little() -> None:
    found = measured(applicants().assign(decision=1))
    assert value(found, "consistency") == 1.0
    assert isinstance(find(found, "consistency").interval, Unmeasured)
    assert "measures.fairness.individual.limit.constant" in said(found)


@pytest.mark.parametrize("parameters", [{"neighbours": 0}, {"rows": 1}, {"min_rows": 0}, {"features": ("incme",)}])
def test_a_parameter_out_of_range_is_refused_in_one_line(parameters: dict[str, Any]) -> None:
    with pytest.raises(InputError) as refused:
        measured(**parameters)
    assert "\n" not in str(refused.value)


MODEL = """
import numpy as np

def score(columns):
    return 0.4 + 0.2 * (columns["sex"] == "m") + 0.001 * columns["age"] * (columns["sex"] == "m")

def age_only(columns):
    return (columns["age"] > 40) * 1.0
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "lending_model_of_a_test.py").write_text(MODEL, "utf-8")
    return tmp_path


def spec(function: str) -> ModelSpec:
    return ModelSpec(adapter="python", call=f"lending_model_of_a_test:{function}", features=("sex", "age"))


def test_the_model_is_asked_with_the_attribute_changed(repository: Path) -> None:
    meaning = Columns(prediction="decision", sensitive=("sex",))
    data = open_data(applicants()[["sex", "age", "income"]], role="data.test")
    decided = add_predictions(data, spec("score"), Columns(prediction="decision", score="p"), repository)
    flipped = with_flips(decided, spec("score"), meaning, "sex", base=repository)
    inputs = Inputs(flipped, None, meaning)
    found = measure_individual(inputs, IndividualParameters(flipped="flipped"), context=Context())
    assert value(found, "flip_rate") == 1.0
    assert value(found, "gained_by_flip", sex="f") == 1.0
    assert value(found, "lost_by_flip", sex="m") == 1.0


def asked(repository: Path, model: str, *, sensitive: tuple[str, ...] = ("sex",), **parameters: Any) -> Measured:
    data = open_data(applicants()[["sex", "age", "income"]], role="data.test")
    decided = add_predictions(data, spec(model), Columns(prediction="decision", score="p"), repository)
    meaning = Columns(prediction="decision", sensitive=sensitive)
    inputs = Inputs(decided, None, meaning, ModelAtHand(spec(model), repository))
    return measure_individual(inputs, IndividualParameters(**parameters), context=Context())


def test_a_model_at_hand_is_asked_by_the_measure_itself(repository: Path) -> None:
    found = asked(repository, "score")
    assert value(found, "flip_rate") == 1.0
    assert value(found, "gained_by_flip", sex="f") == 1.0
    # What the flip made is no feature by which people are alike.
    assert "flipped" not in str(found.limits)
    assert value(asked(repository, "age_only"), "flip_rate") == 0.0


def test_why_a_model_at_hand_cannot_be_asked_is_a_reason_and_the_rest_is_measured(repository: Path) -> None:
    none = asked(repository, "score", sensitive=("income",))
    assert why(none, "flip_rate") == "measures.fairness.individual.not_given"
    assert value(none, "consistency") > 0
    both = asked(repository, "score", sensitive=("sex", "age"), intersections=False)
    assert why(both, "flip_rate") == "measures.fairness.individual.several"
    named = asked(repository, "score", sensitive=("sex", "age"), intersections=False, attribute="sex")
    assert value(named, "flip_rate") == 1.0
    other = asked(repository, "score", attribute="income")
    assert why(other, "flip_rate") == "measures.fairness.individual.no_attribute"


def test_a_model_that_looks_past_the_attribute_never_flips(repository: Path) -> None:
    meaning = Columns(prediction="decision", sensitive=("sex",))
    data = open_data(applicants()[["sex", "age"]], role="data.test")
    decided = add_predictions(data, spec("age_only"), Columns(prediction="decision", score="p"), repository)
    flipped = with_flips(decided, spec("age_only"), meaning, "sex", base=repository)
    assert flipped.read(["flipped"])["flipped"].astype(int).tolist() == decided.read(["decision"])["decision"].tolist()


@pytest.mark.parametrize(
    ("attribute", "problem"),
    [("income", "not given the column"), ("age", "otherwise than the prediction column")],
)
def test_what_cannot_be_flipped_is_refused_in_one_line(repository: Path, attribute: str, problem: str) -> None:
    data = open_data(applicants().drop(columns="flipped"), role="data.test")
    with pytest.raises(InputError, match=problem):
        with_flips(data, spec("age_only"), Columns(prediction="decision"), attribute, base=repository)
