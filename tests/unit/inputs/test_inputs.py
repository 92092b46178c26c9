from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from hakari.errors import InputError
from hakari.inputs import Columns, Inputs, open_data
from hakari.inputs.inputs import EXACT_SCORES, SCORE_STEP

DEFAULT = Columns(label="y", prediction="p", score="s", sensitive=("g",))


def inputs(columns: Columns = DEFAULT, /, **table: list[Any]) -> Inputs:
    size = max(map(len, table.values()))
    plain: dict[str, list[Any]] = {"y": [1, 0] * size, "p": [1, 0] * size, "s": [0.5] * size, "g": ["a"] * size}
    whole = {name: values[:size] for name, values in plain.items()} | table
    return Inputs(open_data(pl.DataFrame(whole, strict=False), role="data.test", name="t"), None, columns)


def refusal(action: Any) -> tuple[str, dict[str, Any]]:
    with pytest.raises(InputError) as caught:
        action()
    message: Any = caught.value.message
    assert "\n" not in str(caught.value)
    return message.key, dict(message.arguments)


@pytest.mark.parametrize(
    ("labels", "positive"),
    [
        (["1", "0", "1"], "1"),
        (["1.0", "0.0", "1.0"], "1"),
        ([1, 0, 1], "1.0"),
        ([1.0, 0.0, 1.0], "1"),
        ([True, False, True], "1"),
        ([True, False, True], "true"),
        (["True", "False", "TRUE"], "1"),
        (["Yes", "no", " yes "], "yes"),
        (["１", "０", "1"], "1"),
        (["承認", "否決", "承認"], "承認"),
        ([2, 1, 2], "2"),
        ([1, -1, 1], "1"),
    ],
)
def test_the_positive_class_is_told_by_its_text(labels: list[Any], positive: str) -> None:
    columns = Columns(label="y", positive=positive)
    assert inputs(columns, y=labels).tally(prediction=False).to_rows() == [[0, 1], [1, 2]]


@pytest.mark.parametrize(("labels", "expected"), [([1, 1], [[1, 2]]), ([0, 0], [[0, 2]]), ([False], [[0, 1]])])
def test_one_class_is_counted_and_not_refused(labels: list[Any], expected: list[list[int]]) -> None:
    assert inputs(y=labels).tally(prediction=False).to_rows() == expected


def test_one_class_in_one_column_takes_its_meaning_from_the_other() -> None:
    columns = Columns(label="y", prediction="p", positive="good")
    found = inputs(columns, y=["good", "bad"], p=["bad", "bad"]).tally()
    assert found.to_rows() == [[0, 0, 1], [1, 0, 1]]


@pytest.mark.parametrize(
    ("labels", "options", "key"),
    [
        (["a", "b", "c"], {}, "inputs.classes.many"),
        ([0, 1, 2], {}, "inputs.classes.many"),
        (["yes", "no"], {}, "inputs.classes.many"),
        (["no", "no"], {}, "inputs.classes.no_positive"),
        ([1, 0, 2], {"negative": "0"}, "inputs.classes.unknown"),
        ([1, 5], {"negative": "0"}, "inputs.classes.unknown"),
    ],
)
def test_wrong_labels_are_named(labels: list[Any], options: dict[str, str], key: str) -> None:
    found, arguments = refusal(lambda: inputs(Columns(label="y", **options), y=labels).tally(prediction=False))  # type: ignore[arg-type]  # on purpose
    assert (found, arguments["column"]) == (key, "y")
    assert set(arguments["values"]) == {str(label) for label in labels}


def test_label_and_prediction_must_share_their_classes() -> None:
    columns = Columns(label="y", prediction="p", positive="good")
    assert refusal(inputs(columns, y=["good", "bad"], p=["good", "poor"]).tally)[0] == "inputs.classes.disagree"


@pytest.mark.parametrize(("axis", "column"), [("label", "y"), ("prediction", "p")])
def test_missing_labels_and_predictions_are_counted_and_placed(axis: str, column: str) -> None:
    key, arguments = refusal(inputs(**{column: [1, None, 0, None]}).tally)
    assert (key, arguments) == (f"inputs.{axis}.missing", {"column": column, "count": 2, "rows": [2, 4]})


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -0.001, 1.5, None])
def test_scores_that_are_no_probabilities_are_counted_and_placed(value: float | None) -> None:
    key, arguments = refusal(lambda: inputs(s=[0.5, value, 1.0, value]).tally(score=True))
    assert (key, arguments["count"], arguments["row"]) == ("inputs.score.invalid", 2, 2)


def test_a_score_that_is_text_is_placed(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("y,p,s\n1,1,0.5\n0,0,high\n")
    data = open_data(path, role="data.test")
    key, arguments = refusal(
        lambda: Inputs(data, None, Columns(label="y", prediction="p", score="s")).tally(score=True)
    )
    assert (key, arguments["row"], arguments["value"]) == ("inputs.number.text", 2, "high")


@pytest.mark.parametrize("value", [-1.0, math.nan, math.inf, None])
def test_wrong_weights_are_counted_and_placed(value: float | None) -> None:
    columns = Columns(label="y", prediction="p", weight="w")
    key, arguments = refusal(inputs(columns, w=[1.0, 1.0, value]).tally)
    assert (key, arguments["count"], arguments["row"]) == ("inputs.weight.invalid", 1, 3)


def test_weights_that_would_lose_digits_are_refused() -> None:
    assert (
        refusal(inputs(Columns(label="y", prediction="p", weight="w"), w=[1e-6, 2e-6]).tally)[0]
        == "inputs.weight.small"
    )


def test_large_weights_keep_their_squares_exactly() -> None:
    columns = Columns(label="y", prediction="p", weight="w")
    weights = [999_999_999.25, 123_456_789.5] * 500
    found = inputs(columns, w=weights, y=[1] * 1000, p=[1] * 1000).tally().weights
    assert found is not None
    assert found.squares == (sum(int(weight * 1_000_000) ** 2 for weight in weights),)


def test_clusters_are_an_axis_and_may_not_be_missing() -> None:
    columns = Columns(label="y", prediction="p", cluster="c")
    found = inputs(columns, c=[7, 7.0, 8]).tally(label=False, prediction=False)
    assert (found.axes, found.to_rows()) == (("cluster",), [["7", 2], ["8", 1]])
    assert refusal(inputs(columns, c=[7, None]).tally)[0] == "inputs.cluster.missing"


def test_a_missing_group_is_its_own_group_and_numbers_are_names() -> None:
    found = inputs(g=[1.0, None, 2.5, math.nan]).tally(["g"], label=False, prediction=False)
    assert found.to_rows() == [["1", 1], ["2.5", 1], ["missing", 2]]


def test_ten_thousand_groups_are_counted() -> None:
    groups = [f"群{number}" for number in range(10_000)] * 2
    found = inputs(g=groups).tally(["g"], label=False, prediction=False)
    assert (len(found.cells), set(found.counts), found.total) == (10_000, {2}, 20_000)


def test_a_column_may_be_group_label_and_prediction_at_once() -> None:
    found = inputs(Columns(label="y", prediction="y"), y=[1, 0, 1]).tally(["y"])
    assert found.to_rows() == [["0", 0, 0, 1], ["1", 1, 1, 2]]


def test_columns_named_like_axes_of_the_engine_are_counted() -> None:
    columns = Columns(label="n", prediction="k0", weight="w")
    found = inputs(columns, n=[1, 0], k0=[1, 1], w=[1.0, 2.0], w0=["a", "b"]).tally(["w0"])
    assert [row[:4] for row in found.to_rows()] == [["a", 1, 1, 1], ["b", 0, 1, 1]]


def test_very_many_scores_are_rounded_by_at_most_half_a_step() -> None:
    size = EXACT_SCORES + 1
    scores = np.linspace(0, 1, size)
    many = inputs(s=scores.tolist())
    found = many.tally(label=False, prediction=False, score=True)
    assert many.score_step() == SCORE_STEP
    assert found.total == size
    repeated = np.repeat([float(cell[0]) for cell in found.cells], found.counts)
    assert np.abs(np.sort(scores) - repeated).max() <= SCORE_STEP / 2 + 1e-12


def test_few_scores_are_exact() -> None:
    some = inputs(s=[0.1, 0.1, 1 / 3])
    assert some.score_step() is None
    assert some.tally(label=False, prediction=False, score=True).to_rows() == [[0.1, 2], [1 / 3, 1]]


def test_a_tally_is_counted_once() -> None:
    some = inputs(g=["a", "b"])
    assert some.tally(["g"]) is some.tally(("g",))


def test_what_is_not_declared_is_asked_for() -> None:
    assert refusal(inputs(Columns(label="y"), y=[1, 0]).tally) == (
        "inputs.columns.undeclared",
        {"meaning": "prediction"},
    )


def test_declared_columns_must_exist() -> None:
    assert refusal(lambda: inputs(Columns(label="outcome"), y=[1]))[0] == "inputs.column.none_near"
    assert refusal(lambda: inputs(Columns(sensitive=("gg",)), g=["a"]))[0] == "inputs.column.unknown"


def test_subjects_are_the_tested_and_the_training_data() -> None:
    test, train = (open_data(pl.DataFrame({"y": [1]}), role=role) for role in ("data.test", "data.train"))
    assert [subject.role for subject in Inputs(test, train, Columns(label="y")).subjects] == ["data.test", "data.train"]
