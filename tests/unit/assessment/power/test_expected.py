"""What is assumed before rows are collected: as stated, else of all rows together, never of a group."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from hakari.assessment.power.expected import Expected, expected_of, read_expected
from hakari.errors import InputError
from hakari.inputs import Columns, Inputs, open_data
from hakari.messages import Message
from tests.unit.assessment._planning import TABLE, plan_of, planned


def inputs(table: pd.DataFrame = TABLE, **changes: Any) -> Inputs:
    meaning = {"label": "repaid", "prediction": "approved", "sensitive": ("sex",)} | changes
    return Inputs(open_data(table, role="data.test"), None, Columns(**meaning))


def asked(metric: str, stated: dict[str, float], data: Inputs | None = None, groups: int | None = None) -> Any:
    plan = plan_of({"id": "more", "metric": metric, **_CHECK})
    return expected_of(planned(plan, "gaps/more[sex]"), stated, data, groups)


_CHECK = {
    "measure": "fairness.groups@1", "aggregation": "difference", "slice": "each_sensitive", "operator": "<=",
    "threshold": 0.1, "set_by": {"en": "x", "ja": "x"}, "why": {"en": "x", "ja": "x"}, "source": {"en": "x", "ja": "x"},
}  # fmt: skip


def test_rates_are_read_by_name_by_alias_and_for_all_others() -> None:
    assert read_expected(["selection_rate=0.3", " recall =.7", "0.5"]) == {
        "selection_rate": 0.3, "true_positive_rate": 0.7, "*": 0.5,
    }  # fmt: skip
    assert read_expected([]) == {}


@pytest.mark.parametrize("text", ["selection_rate", "selection_rate=0", "selection_rate=1", "1.2", "accuracy=nan"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="is not an expected rate"):
        read_expected([text])


def test_an_unknown_metric_and_a_second_rate_are_refused() -> None:
    with pytest.raises(InputError, match="There is no rate"):
        read_expected(["=x"])
    with pytest.raises(InputError, match="selction_rate"):
        read_expected(["selction_rate=0.3"])
    with pytest.raises(InputError, match="second expected rate"):
        read_expected(["recall=0.3", "true_positive_rate=0.4"])


def test_a_stated_rate_goes_before_that_of_the_data_and_a_name_before_all_others() -> None:
    both = {"selection_rate": 0.3, "*": 0.6}
    assert asked("selection_rate", both, inputs()) == Expected(0.3, "stated", 1.0, 2)
    assert asked("accuracy", both, inputs()) == Expected(0.6, "stated", 1.0, 2)


def test_without_a_statement_the_rate_is_that_of_all_rows_together() -> None:
    found = asked("true_positive_rate", {}, inputs())
    positive = TABLE[TABLE["repaid"] == 1]
    assert (found.source, found.groups) == ("data", 2)
    assert found.rate == pytest.approx(positive["approved"].mean())
    assert found.share == pytest.approx(len(positive) / len(TABLE))


def test_the_plan_stays_blind_to_which_group_has_which_rate() -> None:
    turned = TABLE.assign(sex=TABLE["sex"].map({"f": "m", "m": "f"}))
    assert asked("selection_rate", {}, inputs()) == asked("selection_rate", {}, inputs(turned))


@pytest.mark.parametrize(
    ("metric", "stated", "share"),
    [
        ("selection_rate", {}, 1.0),
        ("true_positive_rate", {"base_rate": 0.2}, 0.2),
        ("false_positive_rate", {"base_rate": 0.2}, 0.8),
        ("positive_predictive_value", {"selection_rate": 0.4}, 0.4),
    ],
)
def test_the_denominator_is_the_share_that_is_stated(metric: str, stated: dict[str, float], share: float) -> None:
    assert asked(metric, {**stated, metric: 0.5}).share == pytest.approx(share)


@pytest.mark.parametrize(
    ("metric", "stated", "key"),
    [
        ("selection_rate", {}, "assessment.power.no_rate"),
        ("true_positive_rate", {"true_positive_rate": 0.5}, "assessment.power.no_share"),
    ],
)
def test_what_is_not_known_is_asked_for(metric: str, stated: dict[str, float], key: str) -> None:
    found = asked(metric, stated)
    assert isinstance(found, Message)
    assert found.key == key


def test_without_data_there_are_two_groups_unless_a_person_says_more() -> None:
    assert asked("selection_rate", {"*": 0.3}).groups == 2
    assert asked("selection_rate", {"*": 0.3}, groups=7).groups == 7
    assert asked("selection_rate", {}, inputs(), groups=5).groups == 5


def test_crossed_columns_have_the_product_of_their_groups() -> None:
    plan = plan_of({"id": "more", "metric": "selection_rate", **_CHECK, "slice": "intersection"})
    check = planned(plan, "gaps/more[sex+area]")
    for groups, expected in ((None, 4), (3, 9)):
        found = expected_of(check, {"*": 0.3}, None, groups)
        assert isinstance(found, Expected)
        assert found.groups == expected


def test_one_group_compares_nothing() -> None:
    found = asked("selection_rate", {}, inputs(TABLE[TABLE["sex"] == "f"]))
    assert isinstance(found, Message)
    assert found.key == "assessment.power.one_group"


def test_data_without_predictions_says_nothing_of_selection() -> None:
    found = asked("selection_rate", {}, inputs(prediction=None))
    assert isinstance(found, Message)
    assert found.key == "assessment.power.no_rate"
