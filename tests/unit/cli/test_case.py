"""Commands on a case: answer, except, report, verify."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from hakari.assessment.archive import pack_archive, unpack_archive
from tests.unit.cli.small import one_line, run

EXCEPT = ("--reason", "r", "--until", "2027-03-31", "--condition", "look monthly", "--by", "Ethics office")


def _answers(folder: Path) -> dict[str, dict[str, dict[str, str]]]:
    found: dict[str, dict[str, dict[str, str]]] = yaml.safe_load((folder / "answers.yaml").read_text("utf-8"))[
        "answers"
    ]
    return found


def _change_day(folder: Path) -> Path:
    """Change one word of the assessment and pack the bundle again as if nothing had happened."""
    bundle = folder / "case" / "small-develop.zip"
    members, _ = unpack_archive(bundle.read_bytes())
    changed = members["assessment.json"].replace(b'"as_of":"2026-11-22"', b'"as_of":"2026-11-23"')
    assert changed != members["assessment.json"]
    bundle.write_bytes(pack_archive({**members, "assessment.json": changed}))
    return bundle


def test_answer_lists_what_is_open(project: Path) -> None:
    text = run("-C", project, "answer", "--list").stdout
    assert "2 open questions" in text
    assert "told: Are people told?" in text


def test_answer_by_arguments(project: Path) -> None:
    assert run("-C", project, "answer", "words", "told", "yes", "--by", "owner").exit_code == 0
    assert _answers(project)["words"]["told"]["value"] == "yes"
    assert _answers(project)["words"]["told"]["by"] == "owner"


def test_answer_works_through_questions_that_open_by_answers(project: Path) -> None:
    result = run("-C", project, "answer", "--by", "owner", typed="yes\n1\n")
    assert result.exit_code == 0
    assert _answers(project)["words"]["how"]["value"] == "letter"
    assert "2 answers saved, 0 open" in result.stdout


def test_answer_asks_again_after_a_value_that_does_not_fit(project: Path) -> None:
    result = run("-C", project, "answer", "--by", "owner", typed="perhaps\nno\n")
    assert "“perhaps” is no answer" in result.stdout
    assert _answers(project)["words"]["told"]["value"] == "no"


def test_not_knowing_is_saved_and_stays_open(project: Path) -> None:
    run("-C", project, "answer", "--by", "owner", typed="?\n\n\n")
    assert _answers(project)["words"]["told"]["value"] == "unknown"
    assert "I don't know" in run("-C", project, "answer", "--list").stdout


def test_skipping_and_stopping_save_nothing(project: Path) -> None:
    assert run("-C", project, "answer", "--by", "owner", typed="\n").exit_code == 0
    assert run("-C", project, "answer", "--by", "owner", typed="q\n").exit_code == 0
    assert not (project / "answers.yaml").exists()


def test_what_was_answered_before_the_input_ended_is_kept(project: Path) -> None:
    one_line(run("-C", project, "answer", "--by", "owner", typed="yes\n"))
    assert _answers(project)["words"]["told"]["value"] == "yes"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("word", "told", "yes"), "words"),
        (("words", "tolled", "yes"), "told"),
        (("words", "told", "perhaps"), "perhaps"),
        (("words",), "QUESTION"),
    ],
)
def test_wrong_answers_are_told_in_one_line(project: Path, arguments: tuple[str, ...], named: str) -> None:
    assert named in one_line(run("-C", project, "answer", *arguments))


def test_an_accepted_bound_turns_the_requirement_excepted(assessed: Path) -> None:
    result = run("-C", assessed, "except", "gap", *EXCEPT, "--key", "office.pem")
    assert result.exit_code == 0, result.output
    assert "the bound" in result.stdout
    text = run("-C", assessed, "assess", "--key", "engineer.pem").stdout
    assert "1 excepted" in text


def test_the_key_that_signed_the_evidence_accepts_nothing(assessed: Path) -> None:
    assert "also signed the evidence" in one_line(
        run("-C", assessed, "except", "gap", *EXCEPT, "--key", "engineer.pem")
    )
    assert not (assessed / ".hakari" / "exceptions").exists()


def test_accepting_needs_a_key(assessed: Path) -> None:
    assert "hakari key new" in one_line(run("-C", assessed, "except", "gap", *EXCEPT))


def test_report_renders_again_from_bundle_and_from_folder(assessed: Path, tmp_path: Path) -> None:
    bundle = assessed / "case" / "small-develop.zip"
    assert run("report", bundle, "--out", tmp_path / "a.html").exit_code == 0
    assert run("-C", assessed, "report", "--lang", "ja", "--out", tmp_path / "b.html").exit_code == 0
    assert (tmp_path / "a.html").read_bytes() == (assessed / "case" / "small-develop.en.html").read_bytes()
    assert (tmp_path / "b.html").read_bytes() == (assessed / "case" / "small-develop.ja.html").read_bytes()


def test_report_makes_no_page_of_a_changed_bundle(assessed: Path) -> None:
    bundle = _change_day(assessed)
    assert "hakari verify" in one_line(run("report", bundle))


@pytest.mark.parametrize("name", ["nothing.zip", "hakari.yaml"])
def test_report_of_something_else_is_one_line(assessed: Path, name: str) -> None:
    one_line(run("-C", assessed, "report", name))


def test_report_before_any_assessment_says_what_to_do(project: Path) -> None:
    assert "hakari assess" in one_line(run("-C", project, "report"))


def test_verify_always_prints_all_three_levels(assessed_once: Path) -> None:
    result = run("verify", assessed_once / "case" / "small-develop.zip")
    assert result.exit_code == 0
    for words in ("genuine     yes", "recomputed  yes", "re-run      not done", "Genuine does not mean true"):
        assert words in result.stdout


def test_verify_measures_again(assessed_once: Path) -> None:
    result = run("verify", assessed_once / "case" / "small-develop.zip", "--rerun", assessed_once)
    assert "re-run      yes" in result.stdout
    assert result.exit_code == 0


def test_verify_names_the_changed_file_and_what_rests_on_it(assessed: Path) -> None:
    bundle = _change_day(assessed)
    result = run("verify", bundle)
    assert result.exit_code == 1
    assert "genuine     no" in result.stdout
    assert "assessment.json" in result.stdout
    document = json.loads(run("verify", bundle, "--json").stdout)
    assert document["ok"] is False
    assert [level["name"] for level in document["levels"]] == ["genuine", "recomputed", "re-run"]


def test_verify_names_who_signed(assessed: Path) -> None:
    public = json.loads(run("-C", assessed, "key", "show", "--path", "engineer.pem", "--json").stdout)["public"]
    office = json.loads(run("-C", assessed, "key", "show", "--path", "office.pem", "--json").stdout)["public"]
    entries = [
        {"key": public, "name": "Daniel Reyes", "from": "2026-01-01", "until": "2026-12-31"},
        {"key": office, "name": "Ethics office", "from": "2026-01-01"},
    ]
    (assessed / "entries.yaml").write_text(yaml.safe_dump(entries))
    run("-C", assessed, "key", "directory", "entries.yaml", "--key", "office.pem")
    result = run("-C", assessed, "verify", "case/small-develop.zip", "--keys", "keys.json")
    assert "Signed by Daniel Reyes" in result.stdout


@pytest.mark.parametrize("name", ["nothing.zip", "hakari.yaml"])
def test_verify_of_something_else_is_one_line(assessed: Path, name: str) -> None:
    one_line(run("-C", assessed, "verify", name))
