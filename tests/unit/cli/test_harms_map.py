"""`hakari harms map`: one answer by flags, the open ones in a conversation, and what is open still."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hakari.cli.harms import mapping
from tests.unit.cli.small import edit, one_line, run
from tests.unit.cli.test_harms import OWN, with_facts

FACTS = "{decides_about_people: true}"


@pytest.fixture
def stated(project: Path) -> Path:
    return with_facts(project, FACTS)


def state(project: Path, *more: str | Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("-C", project, "harms", "map", "--json", *more).stdout)
    return found


def test_before_anybody_answers_everything_is_open(stated: Path) -> None:
    found = state(stated)
    assert (found["mapped"], found["complete"], len(found["open_exposures"])) == (False, False, 4)
    assert {harm["state"] for harm in found["harms"]} == {"unanswered"}
    text = run("-C", stated, "harms", "map").stdout
    assert "Not mapped yet" in text
    assert "Open: 4 of 4 questions" in text
    assert "まだ対応付けがありません" in run("-C", stated, "harms", "map", "--lang", "ja").stdout
    assert not (stated / "harms.yaml").exists()


def test_one_of_the_four_questions_is_answered_by_a_flag(stated: Path) -> None:
    text = run("-C", stated, "harms", "map", "subject_of", "--who", "Applicants", "--by", "owner").stdout
    assert "Applicants" in text
    found = state(stated)["exposures"]["subject_of"]
    assert (found["who"], found["by"], found["at"]) == ("Applicants", "owner", "2026-11-22T09:00:00+00:00")
    assert run("-C", stated, "harms", "map", "subject_of", "--who", "？").exit_code == 0
    assert state(stated)["exposures"]["subject_of"]["who"] == "unknown"


def test_a_harm_is_answered_by_flags(stated: Path) -> None:
    why = ("--motive", "deployer:saving", "--motive", "creator：春に間に合わせるため")
    said = ("--applies", "yes", "--exposure", "subject_of", "--against", "A person looks.")
    run("-C", stated, "harms", "map", "scoring-wrong-no", *said, *why)
    found = next(harm for harm in state(stated)["harms"] if harm["harm"] == "scoring-wrong-no")
    assert found["state"] == "against"
    assert found["answer"]["motives"] == [
        {"held_by": "deployer", "motive": "saving"},
        {"held_by": "creator", "motive": "春に間に合わせるため"},
    ]


def test_a_harm_that_the_library_does_not_have_gets_a_name(stated: Path) -> None:
    run("-C", stated, "harms", "map", "longer-queue", "--title", "A longer queue", "--applies", "yes",
        "--exposure", "excluded_from")  # fmt: skip
    found = next(harm for harm in state(stated)["harms"] if harm["harm"] == "longer-queue")
    assert (found["title"], found["state"]) == ("A longer queue", "nothing")
    assert "A longer queue: applies" in run("-C", stated, "harms", "map").stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--who", "x"), "Put it first"),
        (("subject_of",), "--who"),
        (("subject_of", "--who", "x", "--applies", "yes"), "--who"),
        (("scoring-wrong-no", "--who", "x"), "--applies"),
        (("scoring-wrong-no", "--applies", "no"), "because"),
        (("scoring-wrong-no", "--applies", "yes", "--motive", "saving"), "deployer:saving"),
        (("scoring-wrong-maybe", "--applies", "yes"), "scoring-wrong-no"),
    ],
)
def test_a_mistake_is_told_in_one_line_and_nothing_is_written(
    stated: Path, arguments: tuple[str, ...], told: str
) -> None:
    assert told in one_line(run("-C", stated, "harms", "map", *arguments))
    assert not (stated / "harms.yaml").exists()


@pytest.fixture
def at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    class _Terminal:
        @staticmethod
        def isatty() -> bool:
            return True

    class _System:
        stdin = _Terminal()

    monkeypatch.setattr(mapping, "sys", _System)


@pytest.mark.usefixtures("at_a_terminal")
def test_a_conversation_asks_the_questions_then_the_harms_and_saves_each_answer(stated: Path) -> None:
    typed = ["owner", "Applicants", "?", "", "Callers", "perhaps", "yes", "deployer", "deployer:saving", "A person.",
             "no", "", "q"]  # fmt: skip
    text = run("-C", stated, "harms", "map", typed="\n".join(typed) + "\n").stdout
    assert "Whose data, work, voice or face is in it?" in text
    found = state(stated)
    who = {name: answer and answer["who"] for name, answer in found["exposures"].items()}
    assert who == {
        "subject_of": "Applicants", "interacts_with": "unknown", "suffers_due_to": None, "excluded_from": "Callers",
    }  # fmt: skip
    answered = {harm["harm"]: harm["answer"] for harm in found["harms"] if harm["answer"]}
    assert list(answered) == ["scoring-wrong-no"]
    assert (answered["scoring-wrong-no"]["against"], answered["scoring-wrong-no"]["by"]) == ("A person.", "owner")
    assert "“perhaps” is neither" in text


@pytest.mark.usefixtures("at_a_terminal")
def test_what_is_answered_is_not_asked_again(stated: Path) -> None:
    for exposure in ("subject_of", "interacts_with", "suffers_due_to", "excluded_from"):
        run("-C", stated, "harms", "map", exposure, "--who", "Applicants", typed="q\n")
    text = run("-C", stated, "harms", "map", "--by", "owner", typed="no\nNobody is refused.\nq\n").stdout
    assert "Whose data" not in text.partition("Enter skips")[2].partition("A wrong no")[0]
    assert next(h for h in state(stated)["harms"] if h["answer"])["state"] == "ruled_out"


def test_own_incidents_come_from_the_manifest_or_a_flag(stated: Path, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN, "utf-8")
    told = [item["incident"] for item in state(stated, "--incidents", tmp_path / "own.yaml")["incidents"]]
    assert "our-own" in told
    assert "our-own" not in [item["incident"] for item in state(stated)["incidents"]]
    edit(stated / "hakari.yaml", "label_source:", "incidents: ../own.yaml\nlabel_source:")
    (stated.parent / "own.yaml").write_text(OWN, "utf-8")
    assert "our-own" in [item["incident"] for item in state(stated)["incidents"]]
    document = json.loads(run("-C", stated, "harms", "project", "--json").stdout)
    assert "our-own" in [item["incident"] for item in document["incidents"]]


def test_an_assessment_tells_machines_of_the_mapping_and_of_conflicts(stated: Path) -> None:
    run("-C", stated, "harms", "map", "subject_of", "--who", "Applicants")
    document = json.loads(run("-C", stated, "assess", "--json").stdout)
    assert document["harms"]["exposures"]["subject_of"]["who"] == "Applicants"
    assert document["harms"]["open_exposures"] == ["interacts_with", "suffers_due_to", "excluded_from"]
    assert document["conflicts"] == {"lines": [], "rules": []}
