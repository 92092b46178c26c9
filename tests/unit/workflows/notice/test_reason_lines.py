"""Reasons in words: what the glossary says of a value, and how it stands to the middle of the other cases."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hakari.assessment.notice.model import ReasonLine
from hakari.measures.explanation import Features
from hakari.measures.explanation._reasons import Reason
from hakari.workflows.notice.reason_lines import middles, reason_line
from tests.unit.assessment.notice._texts import both, glossary, glossary_of

BACKGROUND = Features(
    {
        "debts": np.array([0.1, 0.2, 0.3, np.nan]),
        "income": np.array([90.0, 100.0, 110.0, 100.0]),
        "second": np.array([0.0, 0.0, 5.0, 0.0]),
        "late": np.array([0, 0, 1, 0]),
        "gone": np.full(4, np.nan),
    }
)


def line(player: str, *, entries: Any = None, **values: Any) -> ReasonLine:
    row = Features({name: np.array([values.get(name, BACKGROUND.columns[name][1])]) for name in BACKGROUND.names})
    reason = Reason(player=player, pull="down", value=-0.1, share=0.5, kept=1.0)
    return reason_line(reason, row, middles(BACKGROUND), entries or glossary(), ("en", "ja"))


def test_the_middle_is_the_median_of_what_is_there() -> None:
    assert middles(BACKGROUND) == {"debts": 0.2, "income": 100.0, "second": 0.0, "late": 0.0}


@pytest.mark.parametrize(("value", "side"), [(0.3, "high"), (0.1, "low"), (0.2, "plain"), (np.nan, "missing")])
def test_a_number_is_high_low_in_the_middle_or_missing(value: float, side: str) -> None:
    assert line("debts", debts=value).side == side


def test_the_company_s_sentence_takes_the_value() -> None:
    assert line("income", income=120.0).sentence == both("Much: {value}.") | {
        "en": "Much: 120.",
        "ja": "Much: 120.（日）",
    }
    assert line("income", income=80.0).sentence["en"] == "Little."


def test_a_level_speaks_for_itself_and_one_without_a_sentence_is_plain() -> None:
    assert (line("late", late=1).side, line("late", late=1).sentence["en"]) == ("level", "You paid late.")
    assert (line("late", late=0).side, line("late", late=0).value["en"]) == ("plain", "none")


def test_a_group_without_words_lists_its_columns() -> None:
    found = line("incomes", income=80.0, second=0.0)
    assert (found.side, found.value["en"]) == ("group", "income 80, second income 0")


def test_a_group_takes_the_sentence_of_a_column_that_has_one() -> None:
    groups = {"past": {"name": both("past"), "columns": ["late", "second"]}}
    found = line("past", entries=glossary(groups=groups), late=1)
    assert (found.side, found.sentence["en"]) == ("level", "You paid late.")


def test_a_group_with_words_is_high_or_low_by_its_first_column() -> None:
    groups = {"incomes": {"name": both("income"), "columns": ["income", "second"], "low": both("Only {value}.")}}
    found = line("incomes", entries=glossary(groups=groups), income=80.0, second=99.0)
    assert (found.side, found.sentence["en"]) == ("low", "Only 80.")
    assert glossary_of()["groups"]["incomes"]["name"] == both("all income")
