"""One row of a project: the same account as its notice, by the manifest's groups or by the glossary's."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hakari.errors import InputError
from hakari.messages import render
from hakari.reports.explained import RowExplanation
from hakari.workflows.explaining import explain_single, row_number
from hakari.workflows.project import open_project
from tests.unit.assessment.notice._texts import both
from tests.unit.workflows.notice._applicants import GLOSSARY, MODEL, table, told, write_lender


def _explained(folder: Path, number: int = 1) -> RowExplanation:
    return explain_single(open_project(folder), number)


def _grouped(**groups: list[str]) -> dict[str, Any]:
    return {**GLOSSARY, "groups": {name: {"name": both(name), "columns": columns} for name, columns in groups.items()}}


def test_contributions_are_arithmetic_and_reach_from_the_mean_to_the_row(tmp_path: Path) -> None:
    found, rows = _explained(write_lender(tmp_path)), table()
    shown = found.shown
    debts = float(np.mean([row["debts"] for row in rows]))
    assert shown.values[0, 0] == pytest.approx(-0.5 * (0.4 - debts))
    assert shown.base[0] + shown.values.sum() == pytest.approx(0.68)
    assert found.score == pytest.approx(0.68)
    assert (found.positive, found.line) == (False, 0.8)
    assert (found.own["debts"], found.usual["debts"]) == (0.4, 0.1)
    assert (found.compared, found.compared_from) == (60, "test")


def test_the_notice_and_this_view_say_the_same_of_the_same_row(tmp_path: Path) -> None:
    folder = write_lender(tmp_path, glossary=_grouped(money=["debts", "income"]))
    notice, found = told(folder), _explained(folder)

    assert found.groups_from == "glossary"
    assert found.warnings == ()
    assert [(each.player, each.share, each.kept) for each in found.reasons.stated] == [
        (each.player, each.share, each.kept) for each in notice.reasons
    ]
    assert [each.player for each in notice.reasons] == ["money"]


def test_the_manifest_s_own_groups_come_first_and_a_difference_is_told(tmp_path: Path) -> None:
    folder = write_lender(
        tmp_path,
        glossary=_grouped(money=["debts", "income"]),
        manifest={"parameters": {"explanation.tabular": {"groups": {"past": ["debts", "late"]}}}},
    )
    found = _explained(folder)
    assert set(found.shown.names) == {"past", "income"}
    assert found.groups_from == "manifest"
    assert [each.key for each in found.warnings] == ["workflows.explaining.other_groups"]


def test_groups_of_equal_columns_are_no_difference(tmp_path: Path) -> None:
    """Names differ, and a group of one column is that column."""
    folder = write_lender(
        tmp_path,
        glossary=_grouped(money=["income", "debts"], past=["late"]),
        manifest={"parameters": {"explanation.tabular": {"groups": {"m": ["debts", "income"]}}}},
    )
    assert _explained(folder).warnings == ()


def test_no_notice_is_needed(tmp_path: Path) -> None:
    folder = write_lender(tmp_path)
    (folder / "notice.yaml").unlink()
    found = _explained(folder)
    assert found.groups_from == "nobody"
    assert found.shown.names == ("debts", "income", "late")


def test_the_notice_follows_what_the_manifest_says_of_the_measure(tmp_path: Path) -> None:
    folder = write_lender(
        tmp_path, manifest={"parameters": {"explanation.tabular": {"background": 20, "method": "enumerated_shapley"}}}
    )
    notice, found = told(folder), _explained(folder)
    assert (notice.model.compared, found.compared) == (20, 20)
    assert (notice.method["method"], found.shown.method) == ("enumerated_shapley", "enumerated_shapley")


def test_a_model_that_decides_otherwise_than_the_data_is_explained_with_a_warning(tmp_path: Path) -> None:
    """An engineer wants to see this very row; a person would be told about another decision."""
    rows = table()
    rows[0]["approved"] = 1
    found = _explained(write_lender(tmp_path, rows=rows))
    assert "decides otherwise" in render(found.warnings[0])


def test_a_model_that_is_not_deterministic_is_refused(tmp_path: Path) -> None:
    loose = "import numpy as np\nrng = np.random.default_rng(1)\n" + MODEL.replace("import numpy as np", "").replace(
        "return np.clip(", "return 0.1 * rng.random(len(debts)) + 0.0 * np.clip("
    )
    with pytest.raises(InputError, match="different results"):
        _explained(write_lender(tmp_path, model=loose))


def test_missing_values_and_texts_are_explained(tmp_path: Path) -> None:
    rows = [{**row, "late": ["never", "東京", "<b>often</b>"][number % 3]} for number, row in enumerate(table())]
    for row in rows[::4]:
        row["debts"] = ""
    model = MODEL.replace('features["debts"],', 'np.nan_to_num(features["debts"], nan=0.6),', 1).replace(
        "0.2 * late", '0.2 * (late == "never")'
    )
    folder = write_lender(tmp_path, rows=[{**row, "approved": 0} for row in rows], model=model)

    found = _explained(folder)

    assert (found.own["debts"], found.own["late"]) == (None, "never")
    assert found.usual["late"] in {"never", "東京", "<b>often</b>"}
    assert found.shown.values[0, 2] == pytest.approx(-0.2 * 2 / 3)


def test_labels_alone_are_explained_without_a_score(tmp_path: Path) -> None:
    found = _explained(write_lender(tmp_path, model=MODEL.replace("return np.clip(", "return 0.8 <= np.clip(")))
    assert (found.score, found.threshold, found.positive) == (None, 0.5, False)
    assert found.shown.outputs[0] == 0


def test_the_same_seed_gives_the_same_values(tmp_path: Path) -> None:
    folder = write_lender(tmp_path, manifest={"parameters": {"explanation.tabular": {"method": "sampled_shapley"}}})
    first, second = _explained(folder), _explained(folder)
    assert first.shown.values.tobytes() == second.shown.values.tobytes()
    assert replace(first.following) == second.following


@pytest.mark.parametrize(("row", "where"), [(None, None), (1, "id=A0")])
def test_a_row_is_named_in_one_of_two_ways(tmp_path: Path, row: int | None, where: str | None) -> None:
    with pytest.raises(InputError, match="--row or --where"):
        row_number(open_project(write_lender(tmp_path)), row, where)


def test_without_data_or_model_there_is_nothing_to_explain(tmp_path: Path) -> None:
    folder = write_lender(tmp_path)
    manifest = json.loads((folder / "hakari.yaml").read_text("utf-8"))
    del manifest["subjects"]["model"]
    (folder / "hakari.yaml").write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(InputError, match="no model to ask"):
        _explained(folder)
    assert row_number(open_project(folder), None, "id=A3") == 4
