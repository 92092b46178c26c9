"""`fairness.classes` against plain loops over rows, scikit-learn and quantiles of scipy."""

from __future__ import annotations

import warnings
from dataclasses import replace
from functools import cache
from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import balanced_accuracy_score, f1_score

from hakari.errors import InputError, InterruptedRun
from hakari.evidence import Interval, canonical_bytes, encode
from hakari.measures import Context, Measured
from hakari.measures.fairness.classes import ClassesParameters, measure_classes
from hakari.statistics.metrics.classes import DEFINITIONS
from tests.unit.measures.lending import bounds, find, inputs_of, said, value, why

CONTEXT = Context(seed=7, measure="fairness.classes")
ACCURACY = {"accuracy", "accuracy_difference", "accuracy_ratio", "accuracy_worst_group"}
JOBS = ("cook", "nurse", "pilot")


def run(frame: Any, *, parameters: dict[str, Any] | None = None, **columns: Any) -> Measured:
    named = {"label": "job", "prediction": "given", "score": None, "sensitive": ("town",), **columns}
    return measure_classes(inputs_of(frame, **named), ClassesParameters(**(parameters or {})), context=CONTEXT)


@cache
def rows() -> pd.DataFrame:
    rng = np.random.default_rng(5)
    job = rng.choice(JOBS, 1_200, p=[0.5, 0.3, 0.2])
    guessed = rng.choice(JOBS, 1_200, p=[0.6, 0.3, 0.1])
    return pd.DataFrame(
        {
            "town": rng.choice(["east", "north", "south"], 1_200, p=[0.5, 0.3, 0.2]),
            "sex": rng.choice(["f", "m"], 1_200),
            "job": job,
            "given": np.where(rng.random(1_200) < 0.7, job, guessed),
        }
    )


@cache
def whole() -> Measured:
    return run(rows(), sensitive=("town", "sex"))


def parts() -> dict[str, pd.DataFrame]:
    return {str(town): part for town, part in rows().groupby("town")}


def counted(metric: str, part: pd.DataFrame, job: str) -> tuple[int, int]:
    """Successes and trials, row by row."""
    pairs = list(zip(part["job"], part["given"], strict=True))
    if metric == "class_selection_rate":
        return sum(p == job for _, p in pairs), len(pairs)
    at = 0 if metric == "class_recall" else 1
    among = [pair for pair in pairs if pair[at] == job]
    return sum(y == p for y, p in among), len(among)


RATES = ("class_selection_rate", "class_recall", "class_precision")


@pytest.mark.parametrize("metric", RATES)
def test_rates_of_every_class_are_counts_of_rows_with_exact_limits(metric: str) -> None:
    each = -np.expm1(np.log1p(-0.05 / 3) / 3) / 2
    for town, part in parts().items():
        for job in JOBS:
            x, n = counted(metric, part, job)
            found = {"town": town, "class": job}
            assert value(whole(), metric, **found) == pytest.approx(x / n, abs=1e-12)
            expected = stats.beta.ppf(each, x, n - x + 1), stats.beta.isf(each, x + 1, n - x)
            assert bounds(whole(), metric, **found) == pytest.approx(expected, abs=1e-10)
            assert find(whole(), metric, **found).n == n


def test_averages_are_those_of_scikit_learn() -> None:
    for town, part in parts().items():
        y, p = part["job"], part["given"]
        assert value(whole(), "macro_f1", town=town) == pytest.approx(f1_score(y, p, average="macro"), abs=1e-12)
        assert value(whole(), "weighted_f1", town=town) == pytest.approx(f1_score(y, p, average="weighted"), abs=1e-12)
        assert value(whole(), "macro_recall", town=town) == pytest.approx(balanced_accuracy_score(y, p), abs=1e-12)
        assert value(whole(), "accuracy", town=town) == pytest.approx((y == p).mean(), abs=1e-12)


@pytest.mark.parametrize(
    ("largest", "metric"), [("multiclass_parity", RATES[0]), ("multiclass_equal_opportunity", RATES[1])]
)
def test_the_largest_difference_over_classes_has_ends_that_hold_for_all_of_them(largest: str, metric: str) -> None:
    differences = [value(whole(), f"{metric}_difference", town="*", **{"class": job}) for job in JOBS]
    uppers = [bounds(whole(), f"{metric}_difference", town="*", **{"class": job})[1] for job in JOBS]
    assert value(whole(), largest, town="*") == max(differences)
    low, high = bounds(whole(), largest, town="*")
    assert high == max(uppers)
    # The lower end by MOVER, its error divided over ordered pairs and classes.
    share = 0.025 / 3 / 6
    ends = []
    for job in JOBS:
        counts = [counted(metric, part, job) for part in parts().values()]
        for (x, n), (y, m) in permutations(counts, 2):
            below, above = stats.beta.ppf(share, x, n - x + 1), stats.beta.isf(share, y + 1, m - y)
            ends.append(x / n - y / m - np.hypot(x / n - below, above - y / m))
    assert low == pytest.approx(max(0.0, *ends), abs=1e-10)


def test_every_defined_metric_is_measured_and_no_other() -> None:
    assert {each.metric for each in whole().estimates} == {each.name for each in DEFINITIONS} | ACCURACY
    slices = [(each.metric, tuple(each.slice.items())) for each in whole().estimates]
    assert len(slices) == len(set(slices))


def test_the_table_counts_every_cell() -> None:
    (table,) = whole().tables
    assert table.columns == ("town", "sex", "job" if "job" in table.columns else "label", "prediction", "n")
    expected = rows().groupby(["town", "sex", "job", "given"]).size()
    assert {row[:4]: row[4] for row in table.rows} == expected.to_dict()


def test_a_class_of_few_labels_leaves_averages_without_limits() -> None:
    frame = pd.concat([rows(), rows().head(4).assign(town="east", job="smith", given="cook")], ignore_index=True)
    measured = run(frame)
    assert isinstance(find(measured, "macro_f1", town="east").value, float)
    assert not isinstance(find(measured, "macro_f1", town="east").interval, Interval)
    assert isinstance(find(measured, "weighted_f1", town="east").interval, Interval)
    spread = [value(measured, "macro_f1", town=town) for town in ("north", "south")]
    assert value(measured, "macro_f1_difference", town="*") == pytest.approx(max(spread) - min(spread))


def test_two_classes_are_read_as_elsewhere() -> None:
    frame = pd.DataFrame({"town": ["a", "b"] * 60, "job": ["1", "0"] * 60, "given": [1.0, 0.0, 0.0, 1.0] * 30})
    measured = run(frame, parameters={"min_rows": 1})
    assert value(measured, "class_recall", town="a", **{"class": "1"}) == 0.5
    assert value(measured, "accuracy", town="b") == 0.5


def test_without_labels_only_the_classes_given_are_compared() -> None:
    measured = run(rows(), label=None)
    assert value(measured, "multiclass_parity", town="*") > 0
    assert why(measured, "multiclass_equal_opportunity", town="*") == "measures.fairness.classes.no_label"
    assert why(measured, "macro_f1_difference", town="*") == "measures.fairness.classes.no_label"


def test_columns_can_be_named_in_the_parameters() -> None:
    named = {"columns": ("sex",), "label": "job", "prediction": "given"}
    measured = run(rows(), label=None, prediction=None, parameters=named)
    assert value(measured, "accuracy", sex="f") == value(whole(), "accuracy", sex="f")


def test_weights_move_values_as_repeated_rows_do() -> None:
    frame = rows().assign(w=np.tile([1.0, 2.0, 3.0], 400))
    repeated = frame.loc[frame.index.repeat(frame["w"].astype(int))]
    weighted, plain = run(frame, weight="w"), run(repeated)
    for metric in ("accuracy", "macro_f1", "weighted_f1", "macro_recall"):
        assert value(weighted, metric, town="east") == pytest.approx(value(plain, metric, town="east"), abs=1e-9)
        low, high = bounds(weighted, metric, town="east")
        near, far = bounds(plain, metric, town="east")
        assert high - low > far - near
    assert "measures.fairness.classes.limit.dependent" in said(weighted)


def test_the_size_of_weights_does_not_matter() -> None:
    frame = rows().assign(w=np.tile([1.0, 2.0, 3.0], 400))
    small, large = run(frame, weight="w"), run(frame.assign(w=frame["w"] * 50), weight="w")
    for metric in ("accuracy", "macro_f1"):
        assert bounds(small, metric, town="east") == pytest.approx(bounds(large, metric, town="east"), abs=1e-9)


def test_rows_that_repeat_a_person_say_no_more_than_the_person() -> None:
    frame = rows().assign(person=np.arange(1_200))
    once, thrice = run(frame, cluster="person"), run(pd.concat([frame] * 3, ignore_index=True), cluster="person")
    for metric in ("accuracy", "weighted_f1"):
        assert bounds(thrice, metric, town="east") == pytest.approx(bounds(once, metric, town="east"), abs=2e-3)


AWKWARD: dict[str, pd.DataFrame] = {
    "one group": pd.DataFrame({"town": ["a"] * 40, "job": list("xyzw") * 10, "given": list("xxzz") * 10}),
    "one row per group": pd.DataFrame({"town": range(40), "job": list("xyzw") * 10, "given": list("xxzz") * 10}),
    "no level at all": pd.DataFrame({"town": [None] * 40, "job": list("xyzw") * 10, "given": list("xxzz") * 10}),
    "one class": pd.DataFrame({"town": ["a", "b"] * 40, "job": ["x"] * 80, "given": ["x"] * 80}),
    "names of all kinds": pd.DataFrame(
        {"town": ["job", "given", "مجموعة", "*"] * 20, "job": ["料理人", "看護師"] * 40, "given": ["料理人"] * 80}
    ),
    "one row": pd.DataFrame({"town": ["a"], "job": ["x"], "given": ["y"]}),
}


@pytest.mark.parametrize("frame", AWKWARD.values(), ids=AWKWARD)
def test_awkward_groups_give_clear_results(frame: pd.DataFrame) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        measured = run(frame)
    assert canonical_bytes(encode([*measured.estimates, *measured.tables]))
    assert {each.metric for each in measured.estimates} == {each.name for each in DEFINITIONS} | ACCURACY
    for each in measured.estimates:
        if isinstance(each.interval, Interval):
            assert isinstance(each.value, float)
            assert each.interval.low - 1e-9 <= each.value <= each.interval.high + 1e-9


def test_a_group_of_no_weight_has_no_value() -> None:
    measured = run(rows().assign(w=(rows()["town"] != "east").astype(float)), weight="w")
    for metric in ("accuracy", "macro_f1", "weighted_f1"):
        assert why(measured, metric, town="east") == "measures.estimates.no_denominator"
        assert value(measured, f"{metric}_difference", town="*") >= 0


def test_a_sensitive_column_that_is_called_class_keeps_its_name() -> None:
    measured = run(rows().rename(columns={"town": "class"}), sensitive=("class",))
    found = find(measured, "class_recall", **{"class": "east", "class given": "cook"})
    assert found.n == int((parts()["east"]["job"] == "cook").sum())


@pytest.mark.parametrize(
    ("change", "columns", "parameters"),
    [
        ({"job": None}, {}, {}),
        ({"given": [str(k) for k in range(1_200)]}, {}, {}),
        ({}, {"sensitive": ()}, {}),
        ({}, {}, {"min_rows": 0}),
        ({}, {}, {"confidence": 0.0}),
    ],
)
def test_what_cannot_be_measured_is_refused_in_one_line(
    change: dict[str, Any], columns: dict[str, Any], parameters: dict[str, Any]
) -> None:
    with pytest.raises(InputError) as told:
        run(rows().assign(**change), parameters=parameters, **columns)
    assert "\n" not in str(told.value)


def test_a_person_may_stop() -> None:
    inputs = inputs_of(rows(), label="job", prediction="given", score=None, sensitive=("town",))
    with pytest.raises(InterruptedRun):
        measure_classes(inputs, ClassesParameters(), context=replace(CONTEXT, cancelled=lambda: True))
