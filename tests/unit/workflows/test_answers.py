"""Answers of a project: what is open, what is recorded once, and what replaces it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from hakari.assessment.bundle import seal_evidence
from hakari.errors import InputError, ManifestError
from hakari.evidence import Evidence, SigningKey, create_key, digest_bytes
from hakari.workflows import answers as module
from hakari.workflows.answers import answer_evidence, answers_path, load_answers, open_questions, read_attachment
from hakari.workflows.answers import record_answer as record
from hakari.workflows.project import Project, open_project
from tests.unit.workflows._project import NOW, QUESTIONS, requirement, write_answers, write_project

LATER = "2026-11-23T09:00:00+00:00"
MINUTES = b"%PDF minutes"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    write_project(tmp_path, requirement("asked", questions=QUESTIONS), subjects={}, columns={})
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "minutes.pdf").write_bytes(MINUTES)
    return open_project(tmp_path)


def _open(project: Project) -> list[tuple[str, bool]]:
    return [(item.question.id, item.answered_unknown) for item in open_questions(project)]


def _new(
    project: Project, known: Sequence[Evidence] = (), *, now: str = NOW, key: SigningKey | None = None
) -> tuple[Evidence, ...]:
    records = {seal_evidence(item, None)[0]: item for item in known}
    signers = dict.fromkeys(records, key.public.id) if key else {}
    return answer_evidence(project, records, signers, now=now, key=key)


def _values(found: Sequence[Evidence]) -> dict[str, Any]:
    return {item.answer.question: item.answer.value for item in found if item.answer}


def test_what_nobody_answered_is_open_and_a_question_on_another_waits(project: Project) -> None:
    assert _open(project) == [("heard", False), ("whom", False), ("minutes", False)]
    write_answers(project.folder, heard="no")
    assert _open(project) == [("minutes", False)]
    write_answers(project.folder, heard="yes", minutes="docs/minutes.pdf")
    assert _open(project) == [("whom", False)]


def test_i_do_not_know_stays_open_and_is_said(project: Project) -> None:
    write_answers(project.folder, heard="unknown", minutes="docs/minutes.pdf")
    assert ("heard", True) in _open(project)


def test_what_does_not_apply_is_not_asked(tmp_path: Path) -> None:
    asked = requirement("asked", questions=QUESTIONS, applies_when="people")
    other = requirement("other", questions=[QUESTIONS[0]], stages=["plan"])
    plain: dict[str, Any] = {"subjects": {}, "columns": {}}
    assert _open(open_project(write_project(tmp_path, asked, other, **plain)))
    assert _open(open_project(write_project(tmp_path, asked, other, facts={"people": False}, **plain))) == []


def test_a_question_that_hangs_on_an_open_fact_is_asked(tmp_path: Path) -> None:
    write_project(tmp_path, requirement("asked", questions=QUESTIONS), subjects={}, columns={}, facts={})
    assert ("minutes", False) in _open(open_project(tmp_path))


def test_an_answer_is_recorded_with_requirement_time_facts_and_person(project: Project) -> None:
    write_answers(project.folder, heard={"value": True, "by": "engineer"}, minutes="docs/minutes.pdf")
    heard, minutes = _new(project)
    assert heard.answer is not None
    assert minutes.answer is not None
    assert (heard.answer.requirement, heard.answer.value) == ("urn:test:requirement:office:asked@1", "yes")
    assert (heard.collected_at, heard.effective_at, heard.producer.name, heard.facts) == (NOW, NOW, "E. Ng", {})
    assert (minutes.facts, minutes.producer.name) == ({"people": True}, "")


def test_an_answer_to_a_question_that_is_not_asked_is_not_recorded(project: Project) -> None:
    write_answers(project.folder, heard="no", whom="the applicants")
    assert _values(_new(project)) == {"heard": "no"}


def test_i_do_not_know_is_recorded(project: Project) -> None:
    write_answers(project.folder, heard="unknown", minutes="unknown")
    assert _values(_new(project)) == {"heard": "unknown", "minutes": "unknown"}


@pytest.mark.parametrize("entry", ["yes", {"value": "yes", "at": NOW}, {"value": "yes", "by": "O. Ito"}])
def test_an_unchanged_answer_is_not_recorded_twice(project: Project, entry: Any) -> None:
    write_answers(project.folder, heard=entry)
    first = _new(project)
    assert len(first) == 1
    assert _new(project, first, now=LATER) == ()


@pytest.mark.parametrize(
    "edited",
    ["no", {"value": "yes", "at": "2026-11-22T20:00:00+00:00"}, {"value": "yes", "by": "O. Ito"}, "unknown"],
    ids=str,
)
def test_an_edited_answer_is_recorded_anew(project: Project, edited: Any) -> None:
    write_answers(project.folder, heard="yes")
    first = _new(project)
    write_answers(project.folder, heard=edited)
    (second,) = _new(project, first, now=LATER)
    assert second.answer is not None
    assert second.answer.value == (edited["value"] if isinstance(edited, dict) else edited)
    assert second.collected_at == LATER


def test_an_answer_that_is_edited_back_is_recorded_anew(project: Project) -> None:
    known: list[Evidence] = []
    for day, value in enumerate(("yes", "no", "yes"), start=22):
        write_answers(project.folder, heard=value)
        known += _new(project, known, now=f"2026-11-{day}T09:00:00+00:00")
    newest = max(known, key=lambda item: item.collected_at)
    assert newest.answer is not None
    assert newest.answer.value == "yes"


def test_an_answer_that_another_key_signed_is_recorded_anew(project: Project, tmp_path: Path) -> None:
    write_answers(project.folder, heard="yes")
    first = _new(project)
    key = create_key(tmp_path / "key.pem")
    signed = _new(project, first, now=LATER)
    assert signed == ()
    records = {seal_evidence(item, None)[0]: item for item in first}
    assert len(answer_evidence(project, records, {}, now=LATER, key=key)) == 1
    assert _new(project, first, now=LATER, key=key) == ()


def test_an_attachment_is_recorded_by_its_digest_and_a_changed_one_anew(project: Project) -> None:
    write_answers(project.folder, heard="no", minutes="docs/minutes.pdf")
    first = _new(project)
    assert [item.answer.attachment for item in first if item.answer] == [None, digest_bytes(MINUTES)]
    (project.folder / "docs" / "minutes.pdf").write_bytes(b"other")
    (again,) = _new(project, first, now=LATER)
    assert again.answer is not None
    assert again.answer.attachment == digest_bytes(b"other")


def test_an_attachment_has_a_largest_size(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST_ATTACHMENT", len(MINUTES))
    assert read_attachment(project.folder, "docs/minutes.pdf") == (digest_bytes(MINUTES), MINUTES)
    monkeypatch.setattr(module, "LARGEST_ATTACHMENT", len(MINUTES) - 1)
    with pytest.raises(InputError) as caught:
        read_attachment(project.folder, "docs/minutes.pdf")
    assert "too_large" in repr(caught.value.message)


@pytest.mark.parametrize("name", ["../outside.pdf", "/etc/hostname", "docs/none.pdf", "docs", "link.pdf"])
def test_an_attachment_lies_in_the_folder_and_is_a_file(project: Project, name: str) -> None:
    (project.folder.parent / "outside.pdf").write_bytes(b"x")
    (project.folder / "link.pdf").symlink_to(project.folder.parent / "outside.pdf")
    with pytest.raises(InputError):
        read_attachment(project.folder, name)


def _record(project: Project, identifier: str, value: Any) -> None:
    asked = project.packs[0].requirements[0]
    question = next(item for item in asked.questions if item.id == identifier)
    record(project, asked, question, value, by="O. Ito", at=NOW)


def test_an_answer_from_the_terminal_joins_those_in_the_file(project: Project) -> None:
    write_answers(project.folder, heard="yes")
    _record(project, "whom", "the applicants")
    entries = load_answers(project).answers["asked"]
    assert {name: (entry.value, entry.by, entry.at) for name, entry in entries.items()} == {
        "heard": ("yes", "", None),
        "whom": ("the applicants", "O. Ito", NOW),
    }


@pytest.mark.parametrize(("question", "value"), [("heard", "maybe"), ("whom", "abc"), ("minutes", "docs/none.pdf")])
def test_an_answer_that_does_not_fit_is_refused_and_nothing_is_written(
    project: Project, question: str, value: str
) -> None:
    with pytest.raises(InputError):
        _record(project, question, value)
    assert not answers_path(project).exists()


def test_a_file_that_the_manifest_names_must_exist_and_lie_in_the_folder(tmp_path: Path) -> None:
    plain: dict[str, Any] = {"subjects": {}, "columns": {}}
    with pytest.raises(InputError):
        load_answers(open_project(write_project(tmp_path, answers="people.yaml", **plain)))
    with pytest.raises(InputError):
        load_answers(open_project(write_project(tmp_path, answers="../people.yaml", **plain)))


def test_a_bad_answer_in_the_file_is_refused_when_it_is_read(project: Project) -> None:
    write_answers(project.folder, heard="maybe")
    with pytest.raises(ManifestError, match="maybe"):
        open_questions(project)


def test_what_the_company_answers_once_is_taken_from_its_file(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    parts = (
        requirement("asked", questions=QUESTIONS[:1]),
        requirement("policy", questions=QUESTIONS[:1], scope="organisation"),
    )
    write_project(folder, *parts, subjects={}, columns={}, organisation="../company.yaml")
    theirs = 'answers:\n  policy:\n    heard: {value: "yes"}\n  asked:\n    heard: {value: "no"}\n'
    (tmp_path / "company.yaml").write_text(theirs + "  nist-govern-1.1:\n    rules_listed: {value: unknown}\n")
    project = open_project(folder)
    found = load_answers(project).answers
    assert found["policy"]["heard"].value == "yes"
    assert "asked" not in found, "of the company's file only what it answers for all counts"
    assert [item.requirement.slug for item in open_questions(project)] == ["asked"]
    assert open_questions(project, organisation=True) == ()
    (folder / "answers.yaml").write_text("answers:\n  policy:\n    heard: {value: unknown}\n")
    assert [item.requirement.slug for item in open_questions(project, organisation=True)] == ["policy"]
    (tmp_path / "company.yaml").unlink()
    with pytest.raises(InputError, match=r"\.\./company\.yaml"):
        load_answers(project)
