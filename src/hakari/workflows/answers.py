"""Answers: the open questions of a project, and signed evidence from what people answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hakari.assessment.answer_edit import with_answer
from hakari.assessment.answer_file import AnswerEntry, Answers, read_answers, typed_value
from hakari.assessment.rules.answer_effects import UNKNOWN, answer_problem
from hakari.errors import InputError
from hakari.evidence import Evidence, Producer, SigningKey, digest_bytes, encode
from hakari.evidence.canonical import freeze
from hakari.evidence.record import Answer
from hakari.messages import say
from hakari.packs import asked, list_packs
from hakari.packs.expression import compile_expression
from hakari.packs.model import Pack, Question, Requirement
from hakari.packs.overview import asking_at
from hakari.workflows.project import Project
from hakari.workflows.store import write_file

__all__ = [
    "OpenQuestion",
    "answer_evidence",
    "answers_path",
    "current_records",
    "load_answers",
    "open_questions",
    "read_attachment",
    "record_answer",
]

LARGEST_ATTACHMENT = 20 * 2**20
LARGEST_ANSWERS = 10 * 2**20
DEFAULT_FILE = "answers.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion:
    """A question that waits for an answer."""

    pack: Pack
    requirement: Requirement
    question: Question
    answered_unknown: bool
    """True if somebody said that they do not know."""


def answers_path(project: Project) -> Path:
    """Return where this project keeps its answers."""
    name = project.manifest.answers or DEFAULT_FILE
    path = (project.folder / name).resolve()
    if not path.is_relative_to(project.folder):
        raise InputError(say("workflows.subject.outside", role="answers", path=name))
    return path


def load_answers(project: Project) -> Answers:
    """Return the answers at hand, those of the company among them; a file that the manifest names must exist.

    Of the company's file only requirements of that scope count, and an answer in the project's own file wins.
    """
    own = _read_answers(answers_path(project), project.packs, project.manifest.answers)
    named = project.manifest.organisation
    if named is None:
        return own
    # The company's file may answer packs that this project does not use.
    known = (*list_packs(versions=False), *project.packs)
    theirs = _read_answers((project.folder / named).resolve(), known, named)
    shared = {item.slug for pack in project.packs for item in pack.requirements if item.scope == "organisation"}
    merged = {
        slug: {**entries, **own.answers.get(slug, {})} for slug, entries in theirs.answers.items() if slug in shared
    }
    return Answers(answers={**own.answers, **merged})


def _read_answers(path: Path, packs: Sequence[Pack], named: str | None) -> Answers:
    if not path.is_file():
        if named is not None:
            raise InputError(say("workflows.answers.missing", path=named))
        return Answers()
    size = path.stat().st_size
    if size > LARGEST_ANSWERS:
        raise InputError(say("workflows.answers.too_large", path=path.name, size=size, limit=LARGEST_ANSWERS))
    return read_answers(path.read_bytes(), packs, file=path.name)


def _asked(
    project: Project, answers: Answers, day: str | None = None
) -> Iterator[tuple[Pack, Requirement, Question, AnswerEntry | None]]:
    """Yield every question that the stage asks, in order, with its answer if there is one."""
    manifest = project.manifest
    for pack, requirement in asking_at(project.packs, manifest.stage, manifest.facts, day):
        values: dict[str, Any] = {}
        entries = answers.answers.get(requirement.slug, {})
        for question in requirement.questions:
            entry = entries.get(question.id)
            if entry is not None:
                values[question.id] = typed_value(question, entry.value)
            if asked(question, values, manifest.facts, requirement=requirement, pack=pack) is not False:
                yield pack, requirement, question, entry


def open_questions(project: Project, *, day: str | None = None, organisation: bool = False) -> tuple[OpenQuestion, ...]:
    """Return what still waits for an answer at the manifest's stage.

    On a `day` (ISO date) only what is in force then. With `organisation` the questions that are answered once for the
    company, else those of the use case.
    """
    return tuple(
        OpenQuestion(pack=pack, requirement=requirement, question=question, answered_unknown=entry is not None)
        for pack, requirement, question, entry in _asked(project, load_answers(project), day)
        if (entry is None or entry.value == UNKNOWN) and (requirement.scope == "organisation") is organisation
    )


def record_answer(
    project: Project, requirement: Requirement, question: Question, value: Any, *, by: str, at: str
) -> None:
    """Write one answer into the project's file.

    Raises:
        InputError: the question does not accept the value.
    """
    typed = typed_value(question, value)
    problem = answer_problem(question, typed)
    if problem is not None:
        raise InputError(problem)
    if question.type == "file" and typed != UNKNOWN:
        read_attachment(project.folder, typed)
    load_answers(project)
    path = answers_path(project)
    before = path.read_bytes() if path.is_file() else b""
    entry = AnswerEntry(value=typed, by=by, at=at)
    write_file(path, with_answer(before, project.packs, requirement, question.id, entry))


def answer_evidence(
    project: Project,
    records: Mapping[str, Evidence],
    signers: Mapping[str, str],
    *,
    now: str,
    key: SigningKey | None,
) -> tuple[Evidence, ...]:
    """Return new evidence for the answers that no record at hand holds yet.

    An answer to an earlier version of a requirement is not carried over by itself: it stays stale until a person
    confirms it, which gives it a later time in the file.
    """
    mine = key.public.id if key else None
    known = {identifier: record for identifier, record in records.items() if signers.get(identifier) == mine}
    made = []
    for _, requirement, question, entry in _asked(project, load_answers(project)):
        if entry is None:
            continue
        record = _record(project, requirement, question, entry, now)
        newest = _newest(record, known)
        if (newest is None or not _same(record, newest)) and not _unconfirmed(record, entry, known):
            made.append(record)
    return tuple(made)


def current_records(project: Project, records: Mapping[str, Evidence]) -> dict[str, Evidence]:
    """Return `records` without answers that the file no longer gives: what people say now is what counts."""
    said: dict[tuple[str, str], Any] = {}
    for _, requirement, question, entry in _asked(project, load_answers(project)):
        if entry is not None:
            said[requirement.urn, question.id] = typed_value(question, entry.value)
    return {
        identifier: record
        for identifier, record in records.items()
        if record.answer is None
        or freeze(said.get((record.answer.requirement.rsplit("@", 1)[0], record.answer.question), _NOTHING))
        == freeze(record.answer.value)
    }


_NOTHING = object()


def _newest(record: Evidence, known: Mapping[str, Evidence]) -> Evidence | None:
    """Return the last answer to the same question of the same version."""
    assert record.answer is not None
    mine = [
        (other.collected_at, identifier)
        for identifier, other in known.items()
        if other.answer is not None
        and (other.answer.requirement, other.answer.question) == (record.answer.requirement, record.answer.question)
    ]
    return known[max(mine)[1]] if mine else None


def _unconfirmed(record: Evidence, entry: AnswerEntry, known: Mapping[str, Evidence]) -> bool:
    assert record.answer is not None
    urn, question = record.answer.requirement.rsplit("@", 1)[0], record.answer.question
    for other in known.values():
        if other.answer is None or other.answer.question != question or other.answer.value != record.answer.value:
            continue
        if other.answer.requirement.rsplit("@", 1)[0] == urn and other.answer.requirement != record.answer.requirement:
            return entry.at is None or entry.at <= other.collected_at
    return False


def _record(project: Project, requirement: Requirement, question: Question, entry: AnswerEntry, now: str) -> Evidence:
    value = typed_value(question, entry.value)
    attachment = None
    if question.type == "file" and value != UNKNOWN:
        attachment, _ = read_attachment(project.folder, value)
    used = _facts_read(requirement, question) & set(project.manifest.facts)
    by = str(project.manifest.people.get(entry.by, entry.by)) if entry.by else ""
    return Evidence(
        kind="answer",
        answer=Answer(requirement=requirement.reference, question=question.id, value=value, attachment=attachment),
        facts={name: project.manifest.facts[name] for name in sorted(used)},
        collected_at=now,
        effective_at=entry.at or now,
        producer=Producer(name=by),
    )


def _facts_read(requirement: Requirement, question: Question) -> set[str]:
    """Return the facts on which it hangs whether the question is asked; the answer goes stale when one changes."""
    sources = [source for source in (requirement.applies_when, question.when) if source is not None]
    names = [name for source in sources for name in compile_expression(source).names]
    return {name[0] for name in names if len(name) == 1}


def _same(record: Evidence, other: Evidence) -> bool:
    """Return whether `other` says the same, apart from when it was collected."""
    moved = replace(record, collected_at=other.collected_at, effective_at=other.effective_at)
    return encode(moved) == encode(other) and _same_time(record, other)


def _same_time(record: Evidence, other: Evidence) -> bool:
    """An answer with a stated time must have that time; one without keeps the time at which it was first seen."""
    if record.effective_at == record.collected_at:
        return other.effective_at == other.collected_at
    return record.effective_at == other.effective_at


def read_attachment(folder: Path, name: str) -> tuple[str, bytes]:
    """Return digest and bytes of an attached file inside `folder`."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise InputError(say("workflows.subject.outside", role="answers", path=name))
    if not path.is_file():
        raise InputError(say("workflows.attachment.missing", path=name))
    if path.stat().st_size > LARGEST_ATTACHMENT:
        raise InputError(
            say("workflows.attachment.too_large", path=name, size=path.stat().st_size, limit=LARGEST_ATTACHMENT)
        )
    content = path.read_bytes()
    return digest_bytes(content), content
