"""`hakari notice`: pages, text and JSON of one row, mistakes in one line, and exit code 3 without a stable reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.assessment.notice._texts import both
from tests.unit.cli.small import run
from tests.unit.workflows.notice._applicants import MODEL, write_lender


@pytest.fixture
def lender(tmp_path: Path) -> Path:
    folder = tmp_path / "lender"
    folder.mkdir()
    return write_lender(folder)


def test_both_languages_are_written_as_pages(lender: Path) -> None:
    result = run("-C", lender, "notice", "--row", "1", "--language", "both", "--out", "letters")

    assert result.exit_code == 0, result.output
    for language in ("en", "ja"):
        assert f'<html lang="{language}">' in (lender / "letters" / f"notice.{language}.html").read_text("utf-8")


def test_one_language_goes_into_the_file_that_is_named(lender: Path) -> None:
    result = run("-C", lender, "notice", "--row", "1", "--out", "letter.html")
    assert result.exit_code == 0, result.output
    assert '<html lang="en">' in (lender / "letter.html").read_text("utf-8")
    assert run("-C", lender, "notice", "--row", "1", "--language", "both", "--out", "letter.html").exit_code == 2


def test_text_goes_to_the_terminal(lender: Path) -> None:
    result = run("-C", lender, "notice", "--where", "id=A0", "--text", "--language", "ja")
    assert result.exit_code == 0, result.output
    assert "決定のお知らせ" in result.stdout
    assert not list(lender.glob("notice.*.txt"))


def test_json_holds_the_notice_and_its_reading_level(lender: Path) -> None:
    result = run("-C", lender, "notice", "--row", "1", "--language", "both", "--json", "--reference", "2026-0042")

    document = json.loads(result.stdout)
    assert result.exit_code == 0, result.output
    assert document["reliable"] is True
    assert document["notice"]["reference"] == "2026-0042"
    assert [level["language"] for level in document["reading_level"]] == ["en", "ja"]
    assert document["missing"] == []
    assert document["row"] == 1


def test_without_a_stable_reason_the_exit_code_says_so(lender: Path) -> None:
    # The result hangs on the last digits of each number: what is a reason changes with the least noise.
    digits = "np.sin(1e5 * debts) + np.sin(1e5 * income) + np.sin(1e5 * (debts + income))"
    loose = MODEL.replace("return np.clip(", f"return 0.3 + 0.05 * ({digits}) + 0.0 * np.clip(")
    write_lender(lender, model=loose)

    result = run("-C", lender, "notice", "--row", "1", "--json")

    assert result.exit_code == 3, result.output
    assert json.loads(result.stdout)["reliable"] is False
    assert "No single reason" in result.stderr


def test_what_is_hard_to_read_and_what_is_missing_is_told_by_name(lender: Path) -> None:
    hard = "Institutional creditworthiness determinations necessitate verification. " * 6
    write_lender(lender, wording={"decided_by": both(hard), "contest": None})

    result = run("-C", lender, "notice", "--row", "1", "--json")

    assert "Institutional" in result.stderr
    assert "contest" in result.stderr
    assert json.loads(result.stdout)["missing"] == ["contest"]
    assert json.loads(result.stdout)["reading_level"][0]["passes"] is False


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--row", "1", "--where", "id=A0"),
        ("--row", "999"),
        ("--where", "sex=f"),
        ("--row", "1", "--language", "fr"),
    ],
)
def test_a_mistake_is_told_in_one_line(lender: Path, arguments: tuple[str, ...]) -> None:
    result = run("-C", lender, "notice", *arguments)
    assert result.exit_code == 2
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_language_without_texts_is_refused(lender: Path) -> None:
    only: dict[str, object] = {
        name: {"ja": "文。"} for name in ("organisation", "applied_for", "decided_by", "ai_part")
    }
    only |= {
        "languages": ["ja"],
        "favourable": {"decision": {"ja": "可。"}},
        "unfavourable": {"decision": {"ja": "否。"}},
    }
    write_lender(lender, wording={**only, "not_used": [], "contest": None})
    result = run("-C", lender, "notice", "--row", "1", "--language", "en")
    assert result.exit_code == 2
    assert "ja" in result.stderr
