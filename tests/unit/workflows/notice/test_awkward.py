"""Notices about awkward rows and models: a clear text, or one clear line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hakari.errors import InputError
from tests.unit.assessment.notice._texts import both
from tests.unit.workflows.notice._applicants import GLOSSARY, MODEL, table, told, write_lender


def fair(row: dict[str, Any]) -> int:
    """The lender's decision where everybody has an income of 100."""
    return int(0.9 - 0.5 * row["debts"] - 0.2 * row["late"] >= 0.8)


def test_a_column_that_is_the_same_in_every_row_is_no_reason(tmp_path: Path) -> None:
    rows = [
        {**row, "income": 100, "approved": int(0.9 - 0.5 * row["debts"] - 0.2 * row["late"] >= 0.8)} for row in table()
    ]
    found = told(write_lender(tmp_path, rows=rows))
    assert [reason.player for reason in found.reasons] == ["debts"]


def test_a_column_without_any_value_is_no_reason(tmp_path: Path) -> None:
    model = MODEL.replace("0.002 * (income - 100)", "0.002 * (np.nan_to_num(income.astype(float), nan=100.0) - 100)")
    rows = [
        {**row, "income": "", "approved": int(0.9 - 0.5 * row["debts"] - 0.2 * row["late"] >= 0.8)} for row in table()
    ]
    found = told(write_lender(tmp_path, rows=rows, model=model))
    assert [reason.player for reason in found.reasons] == ["debts"]


def test_a_name_that_stands_once_among_ten_thousand_is_said_as_it_is(tmp_path: Path) -> None:
    model = "import numpy as np\ndef score(c):\n    return np.where(c['late'] == 'town 0', 0.1, 0.9)\n"
    rows = [{**row, "late": f"town {at}", "approved": int(at > 0)} for at, row in enumerate(table(10_000))]
    words = {**GLOSSARY, "columns": {**GLOSSARY["columns"], "late": {"name": both("town")}}}
    found = told(write_lender(tmp_path, rows=rows, model=model, glossary=words, constraints=None))
    assert [(reason.player, reason.value["en"]) for reason in found.reasons] == [("late", "town 0")]


def test_levels_of_the_glossary_are_found_whatever_their_case(tmp_path: Path) -> None:
    model = "import numpy as np\ndef score(c):\n    return np.where(c['late'] == 'HS-grad', 0.1, 0.9)\n"
    rows = [
        {**row, "late": "Masters" if number else "HS-grad", "approved": int(number > 0)}
        for number, row in enumerate(table())
    ]
    entry = {"name": both("education"), "levels": {"HS-grad": {"en": "high school", "ja": "高校卒業"}}}
    words = {**GLOSSARY, "columns": {**GLOSSARY["columns"], "late": entry}}
    found = told(write_lender(tmp_path, rows=rows, model=model, glossary=words, constraints=None))
    assert found.reasons[0].value == {"en": "high school", "ja": "高校卒業"}


def test_a_single_row_has_nobody_to_be_compared_with_and_no_reasons(tmp_path: Path) -> None:
    found = told(write_lender(tmp_path, rows=table(1)))
    assert (found.reliable, found.reasons) == (False, ())
    assert found.model.compared == 1


@pytest.mark.parametrize(
    ("model", "told_so"),
    [
        ("def score(c):\n    raise RuntimeError('out of\\norder')\n", "out of"),
        (
            "import itertools\nturn = itertools.count()\ndef score(c):\n    return c['debts'] + 1e-3 * next(turn)\n",
            "same",
        ),
    ],
)
def test_a_model_that_fails_or_wavers_is_one_line(tmp_path: Path, model: Any, told_so: str) -> None:
    with pytest.raises(InputError, match=told_so) as refused:
        told(write_lender(tmp_path, model=model))
    assert "\n" not in str(refused.value)
