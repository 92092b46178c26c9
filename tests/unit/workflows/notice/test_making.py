"""Making a notice: reasons, changes and what was not used, about the decision that was really made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hakari.errors import InputError
from hakari.workflows.explaining import find_row
from hakari.workflows.notice import make_notice
from tests.unit.assessment.notice._texts import both
from tests.unit.workflows.notice._applicants import CONSTRAINTS, GLOSSARY, MODEL, opened, table, told, write_lender


def test_a_refusal_names_its_stable_reasons_and_a_change_that_the_model_accepts(tmp_path: Path) -> None:
    found = told(write_lender(tmp_path))

    assert found.outcome == "unfavourable"
    # Debts of 40 % against a mean near 10 % pull 15 points; the income of 90 against a mean near 105 pulls 3.
    assert [(reason.player, reason.code, reason.side) for reason in found.reasons] == [
        ("debts", "R1", "high"), ("income", "R2", "low"),
    ]  # fmt: skip
    assert all(reason.kept >= 0.95 for reason in found.reasons)
    assert found.reasons[0].share == pytest.approx(0.85, abs=0.05)
    assert found.reasons[0].value["en"] == "40 %"
    # 0.9 − 0.5 · debts − 0.02 reaches 0.8 at debts of 16 %; the next multiple of 5 % is 15 %.
    assert found.change_state == "found"
    assert [[(line.column, line.before["en"], line.after["en"]) for line in lines] for lines in found.changes] == [
        [("debts", "40 %", "15 %")]
    ]
    assert found.model.score == pytest.approx(0.68)
    assert found.model.line == 0.8
    assert found.model.rows > 0


def test_the_same_seed_gives_the_same_notice(tmp_path: Path) -> None:
    folder = write_lender(tmp_path)
    assert told(folder) == told(folder)


def test_a_favourable_decision_names_what_spoke_for_it_and_no_change(tmp_path: Path) -> None:
    found = told(write_lender(tmp_path), 8)

    assert found.outcome == "favourable"
    assert found.change_state == "not_needed"
    assert all(reason.share > 0 for reason in found.reasons)


def test_the_favourable_class_may_be_the_negative_one(tmp_path: Path) -> None:
    found = told(write_lender(tmp_path, wording={"favourable_class": "negative"}))
    assert found.outcome == "favourable"


def test_a_change_that_holds_only_without_rounding_is_not_stated(tmp_path: Path) -> None:
    """Debts may fall to 12 % at the lowest; in steps of 50 % nothing sayable is left."""
    rough = {**GLOSSARY, "columns": {**GLOSSARY["columns"], "debts": {**GLOSSARY["columns"]["debts"], "step": 50}}}
    narrow = {"columns": {**CONSTRAINTS["columns"], "debts": {"range": [0.121, 1]}}}

    found = told(write_lender(tmp_path, glossary=rough, constraints=narrow))

    assert (found.change_state, found.changes) == ("none_found", ())


def test_where_everything_was_tried_none_exists_is_said(tmp_path: Path) -> None:
    fixed = {"columns": {name: {"immutable": True} for name in ("debts", "income", "late")}}
    assert told(write_lender(tmp_path, constraints=fixed)).change_state == "none_exists"


def test_without_constraints_no_change_is_looked_for(tmp_path: Path) -> None:
    assert told(write_lender(tmp_path, constraints=None)).change_state == "not_looked"


def test_a_private_column_is_neither_a_reason_nor_a_change(tmp_path: Path) -> None:
    private = {**GLOSSARY["columns"]["debts"], "private": True}
    found = told(write_lender(tmp_path, glossary={**GLOSSARY, "columns": {**GLOSSARY["columns"], "debts": private}}))

    assert [reason.player for reason in found.reasons] == ["income"]
    assert found.unnamed == 1
    assert found.changes == ()


def test_a_model_without_stable_reasons_gets_a_notice_that_says_so(tmp_path: Path) -> None:
    """The result hangs on the last digits of each number: what is a reason changes with the least noise."""
    digits = "np.sin(1e5 * debts) + np.sin(1e5 * income) + np.sin(1e5 * (debts + income))"
    loose = MODEL.replace("return np.clip(", f"return 0.3 + 0.05 * ({digits}) + 0.0 * np.clip(")
    found = told(write_lender(tmp_path, model=loose))

    assert found.reasons == ()
    assert not found.reliable


def test_labels_alone_are_explained_without_a_score(tmp_path: Path) -> None:
    labels = MODEL.replace("return np.clip(", "return 0.8 <= np.clip(")
    found = told(write_lender(tmp_path, model=labels))

    assert found.outcome == "unfavourable"
    assert (found.model.score, found.model.line) == (None, None)
    assert found.reasons[0].player == "debts"


def test_a_score_that_is_not_shown_is_not_in_the_record(tmp_path: Path) -> None:
    found = told(write_lender(tmp_path, wording={"show_score": False}))
    assert (found.model.score, found.model.line) == (None, None)


def test_a_missing_value_is_a_reason_of_its_own(tmp_path: Path) -> None:
    rows = table()
    rows[0]["debts"] = ""
    filled = MODEL.replace('features["debts"],', 'np.nan_to_num(features["debts"], nan=0.6),', 1)

    found = told(write_lender(tmp_path, rows=rows, model=filled))

    assert (found.reasons[0].player, found.reasons[0].side, found.reasons[0].value) == ("debts", "missing", {})


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"glossary": {**GLOSSARY, "columns": {"debts": GLOSSARY["columns"]["debts"]}}}, "income"),
        ({"wording": {"not_used": [{"name": both("late payments"), "columns": ["late"]}]}}, "late"),
        ({"wording": {"glossary": "absent.yaml"}}, "absent.yaml"),
        ({"wording": {"constraints": "absent.yaml"}}, "absent.yaml"),
        ({"wording": {"glossary": "../glossary.yaml"}}, "outside"),
        ({"wording": {"constraints": "../constraints.yaml"}}, "outside"),
        ({"wording": {"glossary": "."}}, "is a folder"),
        ({"wording": {"constraints": "."}}, "is a folder"),
        ({"manifest": {"notice": "words.yaml"}}, "There is no “words.yaml”"),
        ({"constraints": {"columns": {"debtz": {}}}}, "debtz"),
    ],
)
def test_files_that_do_not_fit_are_refused_in_one_line(tmp_path: Path, changes: dict[str, Any], word: str) -> None:
    with pytest.raises(InputError, match=word) as caught:
        told(write_lender(tmp_path, **changes))
    assert "\n" not in str(caught.value)


def test_a_model_that_decides_otherwise_than_the_data_is_refused(tmp_path: Path) -> None:
    rows = table()
    rows[0]["approved"] = 1
    with pytest.raises(InputError, match="another decision"):
        told(write_lender(tmp_path, rows=rows))


def test_a_row_that_is_not_there_is_refused(tmp_path: Path) -> None:
    folder = write_lender(tmp_path)
    for number in (0, 61):
        with pytest.raises(InputError, match=f"row {number}"):
            told(folder, number)


def test_without_a_model_that_can_be_asked_there_is_no_notice(tmp_path: Path) -> None:
    folder = write_lender(tmp_path, manifest={})
    project, room = opened(folder)
    assert project.inputs is not None
    object.__setattr__(project.inputs, "model", None)
    with pytest.raises(InputError, match="model"):
        make_notice(project, room, 1, today="2026-11-22")


def test_a_row_is_found_by_a_value_that_stands_once(tmp_path: Path) -> None:
    project, _ = opened(write_lender(tmp_path))
    assert project.inputs is not None
    data = project.inputs.data

    assert find_row(data, "id=A4") == 5
    for where in ("id=B1", "sex=f", "id", "idd=A1"):
        with pytest.raises(InputError):
            find_row(data, where)
