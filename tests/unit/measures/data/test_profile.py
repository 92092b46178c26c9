"""`data.profile` against pandas, scipy and plain loops."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score

from hakari.errors import InputError
from hakari.measures import Measured
from tests.unit.measures.lending import bounds, find, inputs_of, loans, measure, said, synthetic, value, why

PLAIN = {"score": None, "prediction": None}


def halves() -> tuple[pd.DataFrame, pd.DataFrame]:
    frame = loans()
    return frame.iloc[::2].reset_index(drop=True), frame.iloc[1::2].reset_index(drop=True)


@pytest.fixture(scope="module")
def lending() -> Measured:
    test, train = halves()
    return measure("data.profile", inputs_of(test, train=train))


def lines(measured: Measured, name: str) -> dict[str, dict[str, object]]:
    """The rows of a table by their first cell."""
    (found,) = [item for item in measured.tables if item.name == name]
    return {str(row[0]): dict(zip(found.columns, row, strict=True)) for row in found.rows}


def flagged(measured: Measured, flag: str) -> set[str]:
    return {name for name, line in lines(measured, "columns").items() if flag in str(line["flags"]).split()}


def test_sizes_gaps_and_values_equal_the_ones_of_pandas(lending: Measured) -> None:
    test, _ = halves()
    assert [value(lending, "rows"), value(lending, "columns")] == list(test.shape)
    assert value(lending, "missing_share_max") == pytest.approx(test.isna().mean().max(), abs=1e-12)
    for name, line in lines(lending, "columns").items():
        assert (line["missing"], line["distinct"]) == (test[name].isna().sum(), test[name].nunique())


def test_a_count_is_its_own_interval(lending: Measured) -> None:
    assert bounds(lending, "missing_share_max") == (value(lending, "missing_share_max"),) * 2
    assert "measures.data.profile.limit.count" in said(lending)


def test_repeated_rows_count_from_the_second_on() -> None:
    frame = synthetic(200)
    frame = pd.concat([frame, frame.iloc[:30], frame.iloc[:10]], ignore_index=True)
    expected = frame.duplicated().sum() / len(frame)
    measured = measure("data.profile", inputs_of(frame, sensitive=("age",)))
    assert value(measured, "duplicate_share") == pytest.approx(expected, abs=1e-12)


def test_columns_that_give_the_label_away_are_found_in_the_lending_data(lending: Measured) -> None:
    """`reject` is `1 − approve`, and `action` tells a refusal from two kinds of approval."""
    assert flagged(lending, "leaking") == {"reject", "action"}
    assert value(lending, "leaking_columns") == 2
    assert "measures.data.profile.limit.leaking" in said(lending)


def test_prediction_and_score_are_never_called_leaking() -> None:
    frame = synthetic(300)
    frame["prediction"], frame["score"] = frame["approve"], frame["approve"].astype(float)
    measured = measure("data.profile", inputs_of(frame, sensitive=("age",)))
    assert flagged(measured, "leaking") == set()


@pytest.mark.parametrize("name", ["obrat", "loanprc", "hrat"])
def test_how_well_a_number_predicts_is_at_least_its_auc(lending: Measured, name: str) -> None:
    test, _ = halves()
    area = roc_auc_score(test["approve"], test[name])
    found = lines(lending, "columns")[name]["predicts"]
    assert isinstance(found, float)
    assert found >= max(area, 1 - area) - 1e-12
    assert found < 0.8


def leave_one_out(frame: pd.DataFrame, column: str) -> float:
    """Balanced accuracy of the majority of the other rows at the same level, row by row."""
    label, right = frame["approve"].to_numpy(), []
    common = label.sum() > len(label) / 2
    for row in range(len(frame)):
        same = (frame[column] == frame[column].iloc[row]).to_numpy(copy=True)
        same[row] = False
        ones, zeros = label[same].sum(), (1 - label[same]).sum()
        guess = ones > zeros if ones != zeros else common
        right.append(guess == label[row])
    hit = np.array(right)
    return float((hit[label == 1].mean() + hit[label == 0].mean()) / 2)


def test_how_well_a_category_predicts_is_its_majority_with_the_row_left_out() -> None:
    frame = synthetic(150).assign(branch=lambda f: [f"b{round(s * 20)}" for s in f["score"]])
    measured = measure("data.profile", inputs_of(frame, sensitive=("age",)))
    found = lines(measured, "columns")["branch"]["predicts"]
    assert found == pytest.approx(leave_one_out(frame, "branch"), abs=1e-12)


def test_identifiers_and_constants_are_found() -> None:
    frame = synthetic(200).assign(number=range(200), name=[f"n{i}" for i in range(200)], country="JP", empty=None)
    frame["income"] = np.random.default_rng(1).normal(size=200)
    measured = measure("data.profile", inputs_of(frame, sensitive=("age",)))
    assert flagged(measured, "identifier") == {"number", "name"}
    assert flagged(measured, "constant") == {"country", "empty"}
    assert flagged(measured, "leaking") == set()


def test_rows_shared_with_training_equal_a_merge_of_pandas() -> None:
    test, train = synthetic(200, seed=1), synthetic(300, seed=2)
    test = pd.concat([test, train.iloc[:25]], ignore_index=True)
    features = ["region", "age"]
    measured = measure("data.profile", inputs_of(test[["approve", *features]], train=train[["approve", *features]],
                                                 sensitive=("age",), **PLAIN))  # fmt: skip
    assert value(measured, "overlap_share") == 1.0
    test["amount"], train["amount"] = np.arange(len(test)) * 1.5, np.arange(len(train)) + 200.5
    test.loc[200:, "amount"] = train.loc[:24, "amount"]
    columns = [*features, "amount", "approve"]
    measured = measure("data.profile", inputs_of(test[columns], train=train[columns], sensitive=("age",), **PLAIN))
    known = {tuple(row) for row in train[[*features, "amount"]].itertuples(index=False)}
    expected = sum(tuple(row) in known for row in test[[*features, "amount"]].itertuples(index=False)) / len(test)
    assert value(measured, "overlap_share") == pytest.approx(expected, abs=1e-12)


def test_shift_of_numbers_equals_the_two_sample_test_of_scipy(lending: Measured) -> None:
    test, train = halves()
    for name in ("loanamt", "obrat", "hrat"):
        line = lines(lending, "shift")[name]
        expected = stats.ks_2samp(test[name], train[name], method="asymp")
        assert line["statistic"] == pytest.approx(expected.statistic, abs=1e-12)
        assert line["p"] == pytest.approx(expected.pvalue, abs=1e-12)
        pooled = np.sqrt((test[name].var(ddof=0) + train[name].var(ddof=0)) / 2)
        assert line["effect"] == pytest.approx((test[name].mean() - train[name].mean()) / pooled, abs=1e-12)


def test_shift_of_categories_equals_the_test_of_scipy(lending: Measured) -> None:
    test, train = halves()
    table = np.array([[(part["white"] == level).sum() for level in (0, 1)] for part in (test, train)])
    line = lines(lending, "shift")["white"]
    assert line["p"] == pytest.approx(stats.chi2_contingency(table, correction=False).pvalue, abs=1e-12)
    shares = table / table.sum(axis=1, keepdims=True)
    assert line["effect"] == pytest.approx(np.abs(shares[0] - shares[1]).sum() / 2, abs=1e-12)


def test_adjusted_p_values_are_those_of_holm(lending: Measured) -> None:
    shift = list(lines(lending, "shift").values())
    ordered = sorted(float(str(line["p"])) for line in shift)
    for line in shift:
        rank = ordered.index(float(str(line["p"])))
        expected = max(min(1.0, (len(ordered) - k) * ordered[k]) for k in range(rank + 1))
        assert line["p_adjusted"] == pytest.approx(expected, abs=1e-12)


def test_halves_of_one_table_are_not_shifted_and_a_moved_column_is(lending: Measured) -> None:
    assert value(lending, "shifted_columns") == 0
    test, train = halves()
    measured = measure("data.profile", inputs_of(test.assign(obrat=test["obrat"] + 10), train=train))
    assert {name for name, line in lines(measured, "shift").items() if line["shifted"]} == {"obrat"}


def test_more_gaps_than_in_training_are_a_shift() -> None:
    test, train = synthetic(500, seed=1), synthetic(500, seed=2)
    rng = np.random.default_rng(0)
    test["income"], train["income"] = rng.normal(size=500), rng.normal(size=500)
    test.loc[:100, "income"] = np.nan
    measured = measure("data.profile", inputs_of(test, train=train, sensitive=("age",)))
    assert lines(measured, "shift")["income"]["shifted"] is True


def test_without_training_data_what_needs_it_says_so() -> None:
    measured = measure("data.profile", inputs_of(synthetic(100), sensitive=("age",)))
    assert why(measured, "overlap_share") == "measures.data.profile.no_training"
    assert why(measured, "shifted_columns") == "measures.data.profile.no_training"


def test_group_sizes_and_label_rates_equal_those_of_the_rows() -> None:
    frame = synthetic(600)
    measured = measure("data.profile", inputs_of(frame, sensitive=("region", "age")))
    sizes = frame["region"].fillna("missing").value_counts()
    each = (1 - 0.95 ** (1 / len(sizes))) / 2
    for level, size in sizes.items():
        labels = frame.loc[frame["region"].fillna("missing") == level, "approve"]
        x = int(labels.sum())
        assert value(measured, "rows", region=str(level)) == size
        assert value(measured, "base_rate", region=str(level)) == pytest.approx(x / size, abs=1e-12)
        expected = stats.beta.ppf(each, x, size - x + 1), stats.beta.ppf(1 - each, x + 1, size - x)
        assert bounds(measured, "base_rate", region=str(level)) == pytest.approx(expected, abs=1e-12)
    assert value(measured, "smallest_group_rows") == sizes.min()


def test_rows_without_a_label_are_counted_and_left_out_of_label_rates() -> None:
    frame = synthetic(300)
    frame["approve"] = frame["approve"].astype(float).where(np.arange(300) % 10 > 0)
    measured = measure("data.profile", inputs_of(frame, sensitive=("age",)))
    assert value(measured, "unlabelled_share") == pytest.approx(0.1, abs=1e-12)
    old = frame[frame["age"] == "old"]
    assert value(measured, "base_rate", age="old") == pytest.approx(old["approve"].mean(), abs=1e-12)
    assert find(measured, "base_rate", age="old").n == old["approve"].notna().sum()


def test_without_label_or_groups_the_rest_is_still_measured() -> None:
    measured = measure("data.profile", inputs_of(synthetic(100), label=None, sensitive=()))
    assert why(measured, "leaking_columns") == "measures.data.profile.no_label"
    assert why(measured, "unlabelled_share") == "measures.data.profile.no_label"
    assert why(measured, "smallest_group_rows") == "measures.data.profile.no_sensitive"
    assert value(measured, "rows") == 100


def test_few_rows_of_a_class_are_too_few_to_speak_of_leaking() -> None:
    frame = synthetic(100).assign(approve=[1] * 5 + [0] * 95)
    measured = measure("data.profile", inputs_of(frame, sensitive=("age",)))
    assert why(measured, "leaking_columns") == "measures.data.profile.few_labels"


def test_many_different_numbers_are_read_and_many_texts_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading and counting agree, because only the way to the same counts differs."""
    frame = synthetic(400).assign(note=[f"t{i % 390}" for i in range(400)], income=lambda f: f["score"] * 7 + 0.1)
    inputs = inputs_of(frame, sensitive=("age",))
    counted = measure("data.profile", inputs)
    monkeypatch.setattr("hakari.measures.data._counted.MOST_DISTINCT", 50)
    read = measure("data.profile", inputs)
    assert lines(read, "columns")["income"] == lines(counted, "columns")["income"]
    assert "not_examined" in str(lines(read, "columns")["note"]["flags"])
    assert "measures.data.profile.limit.not_examined" in said(read)


def test_the_order_of_rows_changes_nothing_and_a_harmless_column_only_its_own_lines() -> None:
    frame = synthetic(300)
    columns = {"sensitive": ("age", "region")}
    first = measure("data.profile", inputs_of(frame, **columns))
    shuffled = frame.sample(frac=1, random_state=1).reset_index(drop=True)
    assert measure("data.profile", inputs_of(shuffled, **columns)) == first
    wider = measure("data.profile", inputs_of(frame.assign(shoe=np.arange(300) % 7 + 0.5), **columns))
    changed = {a.metric for a, b in zip(first.estimates, wider.estimates, strict=True) if a != b}
    assert changed <= {"columns", "duplicate_share"}


@pytest.mark.parametrize("parameters", [{"near_perfect": 0.3}, {"shift_level": 0.0}, {"columns": ("agee",)}])
def test_a_parameter_out_of_range_is_refused(parameters: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        measure("data.profile", inputs_of(synthetic(100), sensitive=("age",)), **parameters)
