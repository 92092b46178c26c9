"""`hakari explain`: one row on the terminal, as a page and as JSON; mistakes in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hakari.cli.explanations.showing import bar
from hakari.cli.terminal.layout import width_of
from tests.unit.cli.small import one_line, run
from tests.unit.workflows.notice._applicants import MODEL, table, write_lender


@pytest.fixture
def lender(tmp_path: Path) -> Path:
    folder = tmp_path / "lender"
    folder.mkdir()
    return write_lender(folder)


def test_the_terminal_shows_the_way_a_bar_for_each_feature_and_the_words(lender: Path) -> None:
    result = run("-C", lender, "explain", "--row", "1")

    assert result.exit_code == 0, result.output
    told = " ".join(result.stdout.split())
    assert "not for the person" in told
    # 0.9 − 0.5 · 0.4 + 0.002 · (90 − 100) is 0.68.
    assert "score 0.68, line 0.8" in told
    # The mean of all debts is 6.4 / 60, and −0.5 · (0.4 − 6.4 / 60) is −0.147.
    (debts,) = [line for line in result.stdout.splitlines() if line.split()[:2] == ["debts", "0.4"]]
    assert debts.split()[2:4] == ["-0.147", "100%"]
    assert "━│" in debts
    assert "Price" in told


def test_lines_fit_the_terminal(lender: Path) -> None:
    for language in ("en", "ja"):
        for columns in ("60", "80", "100"):
            result = run("-C", lender, "explain", "--row", "1", "--lang", language, COLUMNS=columns)
            assert max(map(width_of, result.stdout.splitlines())) <= int(columns)


def test_a_terminal_without_box_drawing_gets_plain_signs(lender: Path) -> None:
    result = run("-C", lender, "explain", "--row", "1", HAKARI_ASCII="1")
    assert "=|" in result.stdout
    assert "━" not in result.stdout


def test_japanese_is_told_in_japanese(lender: Path) -> None:
    result = run("-C", lender, "explain", "--where", "id=A0", "--lang", "ja")
    assert result.exit_code == 0, result.output
    assert "本人向けではありません" in result.stdout.replace("\n", "")
    assert "この行について正しいか" in result.stdout


def test_a_page_is_written_where_it_is_asked_for_and_nowhere_else(lender: Path) -> None:
    before = {path.name for path in lender.iterdir()}
    result = run("-C", lender, "explain", "--row", "1", "--out", "row.html", "--lang", "ja")

    assert result.exit_code == 0, result.output
    assert "row.html" in result.stdout
    assert '<html lang="ja">' in (lender / "row.html").read_text("utf-8")
    run("-C", lender, "explain", "--row", "1")
    assert {path.name for path in lender.iterdir()} - before <= {"row.html", "__pycache__"}


def test_json_holds_numbers_words_and_no_nan(tmp_path: Path) -> None:
    rows = table()
    rows[0]["debts"] = ""
    model = MODEL.replace('features["debts"],', 'np.nan_to_num(features["debts"], nan=0.6),', 1)
    result = run("-C", write_lender(tmp_path, rows=rows, model=model), "explain", "--row", "1", "--json")

    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout, parse_constant=lambda name: pytest.fail(name))
    first = document["features"][0]
    assert (first["name"], first["columns"], first["place"]) == ("debts", {"debts": None}, 1)
    assert document["explained"]["base"] + sum(each["contribution"] for each in document["features"]) == pytest.approx(
        document["explained"]["output"]
    )
    assert document["reasons"] == ["debts", "income"]
    assert document["following"]["orders"] == 99
    assert document["made"]["model_rows"] > 0
    assert document["sentences"]


def test_a_decision_that_is_not_the_one_in_the_data_is_warned_about(tmp_path: Path) -> None:
    rows = table()
    rows[0]["approved"] = 1
    result = run("-C", write_lender(tmp_path, rows=rows), "explain", "--row", "1")
    assert result.exit_code == 0
    assert "! Row 1 has approved = 1, but the model decides otherwise." in result.stdout


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ((), "--row"),
        (("--row", "1", "--where", "id=A0"), "--row"),
        (("--row", "0"), "row 0"),
        (("--row", "999"), "999"),
        (("--where", "sex=f"), "30 rows"),
        (("--where", "id"), "column=value"),
        (("--row", "1", "--out", "."), "folder"),
    ],
)
def test_a_mistake_is_told_in_one_line(lender: Path, arguments: tuple[str, ...], word: str) -> None:
    assert word in one_line(run("-C", lender, "explain", *arguments))


def test_a_broken_notice_is_told_and_a_missing_one_is_not_needed(lender: Path) -> None:
    (lender / "glossary.yaml").write_text("columns: [", "utf-8")
    assert "glossary.yaml" in one_line(run("-C", lender, "explain", "--row", "1"))
    (lender / "notice.yaml").unlink()
    assert run("-C", lender, "explain", "--row", "1").exit_code == 0


@pytest.mark.parametrize(
    ("value", "low", "high", "drawn"),
    [
        (-1.0, -1.0, 1.0, "====|"),
        (1.0, -1.0, 1.0, "    |===="),
        (0.001, -1.0, 1.0, "    |="),
        (0.0, -1.0, 1.0, "    |"),
        (2.0, 0.0, 2.0, "|========"),
        (-0.001, -0.001, 8.0, "=|"),
        (0.0, 0.0, 0.0, "|"),
    ],
)
def test_a_bar_begins_at_zero_and_even_a_small_one_is_seen(value: float, low: float, high: float, drawn: str) -> None:
    assert bar(value, low, high, unicode=False, cells=8) == drawn
