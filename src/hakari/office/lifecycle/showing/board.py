"""The board of an assessment: every requirement with its status, reasons, figures and questions, and who is waited for.

One decoded document, the pinned packs and the last answers: the number of queries does not grow with the requirements.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from hakari.assessment.model import AnswerResult, Assessment, Finding, Plan, PlannedCheck
from hakari.assessment.reasons import gate_sentence, spoken
from hakari.assessment.rules.answer_effects import UNKNOWN
from hakari.assessment.rules.gate import PASSING
from hakari.messages import Message
from hakari.office.core.language import in_readers_words
from hakari.office.lifecycle.models import Answer
from hakari.office.lifecycle.showing.figures import CheckLine, check_lines
from hakari.office.lifecycle.showing.hanging import hanging
from hakari.office.lifecycle.showing.names import Holder, Roles
from hakari.office.lifecycle.showing.values import value_texts
from hakari.packs import Pack, Requirement
from hakari.packs.model import Principle, Question
from hakari.reports.marks import STATUSES

__all__ = ["Board", "GroupOfLines", "QuestionLine", "RequirementLine", "Waiting", "make_board"]

_UNSTATED: Final = "assessment.fact.unstated"
Place = tuple[str, str]
"""Requirement and question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionLine:
    """One question that is asked, and what stands there."""

    requirement: Requirement
    question: Question
    status: str
    value: tuple[Any, ...]
    """What counts now, in words; empty if nothing does."""
    given: Any
    """The same as the engine holds it."""
    evidence: str
    """Id of the record that counts."""
    answer: Answer | None
    """The last answer given on the site, also one that was only carried."""
    holder: Holder
    mine: bool
    may: bool
    unknown: bool
    """Somebody said that they do not know."""
    hangs: tuple[Question, ...] = ()
    """Questions answered with "I don't know" that decide whether this one is asked: nobody is asked it before."""

    @property
    def place(self) -> Place:
        """Requirement and question."""
        return self.requirement.reference, self.question.id

    @property
    def open(self) -> bool:
        """Whether an answer is wanted."""
        return self.status in ("missing", "stale") and not self.hangs

    @property
    def carried(self) -> bool:
        """Whether an answer was carried that nobody confirmed."""
        return self.answer is not None and self.answer.carried

    @property
    def by_bundle(self) -> bool:
        """Whether what counts came with delivered evidence and not from the site."""
        here = self.answer.record if self.answer is not None else None
        return bool(self.evidence) and (here is None or here.evidence != self.evidence)

    @property
    def carried_value(self) -> tuple[Any, ...]:
        """What was answered before."""
        return value_texts(self.question, self.answer.given) if self.answer is not None else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementLine:
    """One requirement with its finding."""

    pack: Pack
    requirement: Requirement
    finding: Finding
    reasons: tuple[Message, ...]
    checks: tuple[CheckLine, ...]
    questions: tuple[QuestionLine, ...]
    holder: Holder
    mine: bool

    @property
    def open(self) -> bool:
        """Whether it stands in the way of the gate."""
        return self.finding.status not in PASSING

    @property
    def unstated(self) -> bool:
        """Whether it hangs on a fact that nobody has stated."""
        return any(reason.key == _UNSTATED for reason in self.finding.reasons)

    @property
    def good_until(self) -> datetime.date | None:
        """The first day on which its evidence is too old."""
        day = self.finding.stale_from
        return datetime.date.fromisoformat(day) if day else None

    @property
    def number(self) -> str:
        """A name for it within a page."""
        return self.finding.requirement.replace(":", "-").replace("@", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupOfLines:
    """One principle."""

    pack: Pack
    principle: Principle | None
    lines: tuple[RequirementLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What one holder is waited for."""

    holder: Holder
    mine: bool
    questions: int
    minutes: int
    checks: int
    """Checks that miss their measurement."""


@dataclass(frozen=True)
class Board:
    """Everything that one reader sees of an assessment's findings."""

    found: Assessment
    lines: tuple[RequirementLine, ...]

    @cached_property
    def questions(self) -> tuple[QuestionLine, ...]:
        """Every question that is asked, in the order of the packs."""
        return tuple(question for line in self.lines for question in line.questions)

    @cached_property
    def open_questions(self) -> tuple[QuestionLine, ...]:
        """Questions that want an answer."""
        return tuple(item for item in self.questions if item.open)

    @cached_property
    def carried(self) -> tuple[QuestionLine, ...]:
        """Questions whose answer was carried and waits for somebody to confirm it."""
        return tuple(item for item in self.questions if item.carried)

    @property
    def minutes(self) -> int:
        """Minutes that the open questions take."""
        return sum(item.question.minutes for item in self.open_questions)

    @property
    def my_questions(self) -> int:
        """How many of them are the reader's."""
        return sum(item.mine for item in self.open_questions)

    @property
    def my_minutes(self) -> int:
        """Minutes of the reader's own."""
        return sum(item.question.minutes for item in self.open_questions if item.mine)

    @property
    def my_carried(self) -> tuple[QuestionLine, ...]:
        """Carried answers that the reader may confirm: theirs by role, also where the owner may answer anew."""
        return tuple(item for item in self.carried if item.mine)

    @property
    def open_lines(self) -> int:
        """How many requirements stand in the way."""
        return sum(line.open for line in self.lines)

    @property
    def unstated(self) -> int:
        """How many of them hang on facts that nobody has stated."""
        return sum(line.unstated for line in self.lines)

    @property
    def several(self) -> bool:
        """Whether more than one pack is behind it."""
        return len(self.found.packs) > 1

    @property
    def counts(self) -> list[tuple[str, int]]:
        """Requirements by status, in the order of statuses, those at zero left out."""
        return [(name, self.found.gate.counts[name]) for name in STATUSES if self.found.gate.counts.get(name)]

    @property
    def gate(self) -> Message:
        """The gate in one sentence."""
        return gate_sentence(self.found)

    @cached_property
    def waiting(self) -> tuple[Waiting, ...]:
        """Who is waited for: most minutes first."""
        found: dict[tuple[str, ...], Waiting] = {}
        for line in self.lines:
            open_here = [item for item in line.questions if item.open]
            missing = sum(check.status in ("missing", "stale") for check in line.checks)
            if not open_here and not missing:
                continue
            key = line.holder.roles
            before = found.get(key) or Waiting(holder=line.holder, mine=line.mine, questions=0, minutes=0, checks=0)
            found[key] = replace(
                before,
                questions=before.questions + len(open_here),
                minutes=before.minutes + sum(item.question.minutes for item in open_here),
                checks=before.checks + missing,
            )
        return tuple(sorted(found.values(), key=lambda item: (-item.minutes, -item.checks, item.holder.roles)))

    @property
    def roles(self) -> list[str]:
        """Every role that a requirement names."""
        return sorted({role for line in self.lines for role in line.requirement.roles})

    def at(self, place: Place) -> QuestionLine | None:
        """Return one question."""
        return next((item for item in self.questions if item.place == place), None)

    def after(self, place: Place) -> QuestionLine | None:
        """Return the reader's next open question that nobody has looked at yet: first behind `place`, then before."""
        wanted = [item for item in self.questions if item.open and item.mine and not item.unknown]
        order = [item.place for item in self.questions]
        here = order.index(place) if place in order else -1
        behind = [item for item in wanted if order.index(item.place) > here]
        return next((item for item in (*behind, *wanted) if item.place != place), None)

    def groups(self, lines: Sequence[RequirementLine]) -> list[GroupOfLines]:
        """Return lines by pack and principle, in the order of the packs."""
        found: dict[tuple[str, str], list[RequirementLine]] = {}
        for line in lines:
            found.setdefault((line.pack.reference, line.requirement.group), []).append(line)
        return [
            GroupOfLines(
                pack=lines[0].pack,
                principle=next((item for item in lines[0].pack.groups if item.id == group), None),
                lines=tuple(lines),
            )
            for (_, group), lines in found.items()
        ]


def make_board(
    found: Assessment, plan: Plan, packs: Sequence[Pack], roles: Roles, answers: Mapping[Place, Answer]
) -> Board:
    """Return the board of a document, seen by one reader."""
    known = {item.reference: (pack, item) for pack in packs for item in pack.requirements}
    facts = {fact.id: in_readers_words(fact.title) for pack in packs for fact in pack.facts}
    planned = {check.id: check for check in plan.checks}
    lines = [
        _line(finding, *known[finding.requirement], roles, planned, facts, answers, plan.facts)
        for finding in found.findings
        if finding.requirement in known
    ]
    return Board(found=found, lines=tuple(lines))


def _line(
    finding: Finding,
    pack: Pack,
    requirement: Requirement,
    roles: Roles,
    planned: Mapping[str, PlannedCheck],
    facts: Mapping[str, str],
    answers: Mapping[Place, Answer],
    stated: Mapping[str, Any],
) -> RequirementLine:
    counted = {item.question: item.value for item in finding.answers if item.value is not None}
    hangs = hanging(pack, requirement, counted, stated)
    return RequirementLine(
        pack=pack,
        requirement=requirement,
        finding=finding,
        reasons=tuple(_reworded(reason, planned, facts, roles) for reason in finding.reasons),
        checks=check_lines(finding.checks, planned),
        questions=tuple(_questions(finding.answers, requirement, roles, answers, hangs)),
        holder=roles.holder(requirement.roles),
        mine=roles.mine(requirement.roles),
    )


def _questions(
    results: Sequence[AnswerResult],
    requirement: Requirement,
    roles: Roles,
    answers: Mapping[Place, Answer],
    hangs: Mapping[str, tuple[Question, ...]],
) -> Iterator[QuestionLine]:
    by_id = {question.id: question for question in requirement.questions}
    for result in results:
        question = by_id.get(result.question)
        if question is None or result.status == "not_asked":
            continue
        yield QuestionLine(
            requirement=requirement,
            question=question,
            status=result.status,
            value=value_texts(question, result.value),
            given=result.value,
            evidence=result.evidence or "",
            answer=answers.get((requirement.reference, question.id)),
            holder=roles.holder(requirement.roles),
            mine=roles.mine(requirement.roles),
            may=roles.may(requirement.roles),
            unknown=result.value == UNKNOWN,
            hangs=hangs.get(question.id, ()),
        )


def _reworded(reason: Message, planned: Mapping[str, PlannedCheck], facts: Mapping[str, str], roles: Roles) -> Message:
    """Return a reason for readers: facts and checks by their names, and people instead of keys."""
    told = spoken(reason, planned.values())
    arguments: dict[str, Any] = dict(told.arguments)
    if isinstance(arguments.get("fact"), str):
        arguments["fact"] = facts.get(arguments["fact"], arguments["fact"])
    if isinstance(arguments.get("by"), str):
        arguments["by"] = roles.names.get(arguments["by"], arguments["by"])
    return Message(told.key, arguments)
