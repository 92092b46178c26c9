"""`answers.yaml`: what people answered, kept by requirement and question in a file that they can read and edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hakari.assessment.manifest import nearest
from hakari.assessment.rules.answer_effects import answer_problem
from hakari.errors import ManifestError, PackError
from hakari.messages import say
from hakari.packs import Written, read_record
from hakari.packs.model import Pack, Question, Requirement

__all__ = ["AnswerEntry", "Answers", "read_answers", "typed_value", "write_answers"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerEntry:
    """One answer in the file."""

    value: Any
    by: str = ""
    at: str | None = None
    """ISO time of the answer; the time of the assessment if absent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One answer as it stands in the file; its question says what type it has."""

    value: Written
    by: str = ""
    at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    answers: Mapping[str, Mapping[str, _Line]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The whole file: requirement slug → question id → answer."""

    answers: Mapping[str, Mapping[str, AnswerEntry]] = field(default_factory=dict)


def read_answers(content: bytes, packs: Sequence[Pack], *, file: str = "answers.yaml") -> Answers:
    """Return the answers in `content`, each checked against its question.

    Raises:
        ManifestError: unknown requirement or question, or a value that the question does not accept.
    """
    try:
        written = read_record(_File, content, file=file)
    except PackError as error:
        raise ManifestError(error.message) from None
    known = {requirement.slug: requirement for pack in packs for requirement in pack.requirements}
    found: dict[str, dict[str, AnswerEntry]] = {}
    for slug, lines in written.answers.items():
        if slug not in known:
            near = nearest(slug, list(known))
            problem = say("assessment.answers.requirement", file=file, requirement=slug, nearest=near)
            raise ManifestError(problem)
        found[slug] = {name: _entry_of(known[slug], name, line, file) for name, line in lines.items()}
    return Answers(answers=found)


def _entry_of(requirement: Requirement, identifier: str, line: _Line, file: str) -> AnswerEntry:
    question = _question(requirement, identifier, file)
    value = typed_value(question, line.value)
    problem = answer_problem(question, value)
    if problem is not None:
        told = say("assessment.answers.value", file=file, requirement=requirement.slug, problem=problem)
        raise ManifestError(told)
    return AnswerEntry(value=value, by=line.by, at=line.at)


def _question(requirement: Requirement, identifier: str, file: str) -> Question:
    for question in requirement.questions:
        if question.id == identifier:
            return question
    known = [question.id for question in requirement.questions]
    problem = say(
        "assessment.answers.question",
        file=file,
        requirement=requirement.slug,
        question=identifier,
        nearest=nearest(identifier, known),
    )
    raise ManifestError(problem)


def typed_value(question: Question, value: Any) -> Any:
    """Return a value as its question means it: lists as tuples, `true` as `yes`, digits as text where text is asked."""
    text = value.text if isinstance(value, Written) else value
    value = value.value if isinstance(value, Written) else value
    if question.type == "multi" and isinstance(text, (list, tuple)):
        return tuple(str(item) for item in text)
    if question.type == "yes_no" and isinstance(value, bool):
        return "yes" if value else "no"
    if question.type in ("text", "single", "date", "file") and isinstance(value, (int, float, bool)):
        return str(text)
    return value


def write_answers(answers: Answers) -> bytes:
    """Return the file's bytes, sorted and with plain quoting, so that a difference shows only what changed."""
    import yaml

    document = {
        slug: {name: _entry(entry) for name, entry in sorted(entries.items())}
        for slug, entries in sorted(answers.answers.items())
    }
    text = yaml.safe_dump({"answers": document}, allow_unicode=True, sort_keys=False, width=110)
    return text.encode("utf-8")


def _entry(entry: AnswerEntry) -> dict[str, Any]:
    value = list(entry.value) if isinstance(entry.value, tuple) else entry.value
    document: dict[str, Any] = {"value": value}
    if entry.by:
        document["by"] = entry.by
    if entry.at:
        document["at"] = entry.at
    return document
