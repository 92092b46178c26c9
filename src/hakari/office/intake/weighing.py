"""Triage over all shipped frameworks, with what will be asked at each stage; packs are loaded once per process."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from hakari.packs import list_packs
from hakari.packs.model import Pack, Requirement
from hakari.packs.overview.asking import STAGES
from hakari.packs.overview.budget import Budget, count_budget
from hakari.packs.triage import (
    PreScanQuestion,
    Triage,
    facts_of,
    is_asked,
    load_triage,
    next_question,
    prescan_questions,
    triage,
)
from hakari.packs.triage.model import TriageRules
from hakari.packs.triage.prescan import chosen

__all__ = [
    "TECHNICAL",
    "UNKNOWN",
    "Weighed",
    "asked_questions",
    "check_answer",
    "first_open",
    "frameworks",
    "open_questions",
    "question_named",
    "requirement_named",
    "technical_open",
    "weigh",
]

UNKNOWN = "unknown"
TECHNICAL = ("does", "data", "safety", "body", "effect", "content")
"""Questions that a supplier or engineer can answer for us; the others are about our own use of it."""

_LOADING = threading.Lock()


@dataclass(frozen=True, slots=True)
class Weighed:
    """What triage says about some answers, and what follows."""

    triage: Triage
    budget: Budget
    frameworks: tuple[tuple[Pack, TriageRules], ...]

    def packs(self) -> list[dict[str, Any]]:
        """Return what each framework says, as it is stored: references, digests and ids."""
        digests = {pack.reference: pack.digest for pack, _ in self.frameworks}
        return [
            {
                "pack": item.pack,
                "digest": digests[item.pack],
                "applies": item.applies,
                "lowest": item.lowest.id,
                "highest": item.highest.id,
                "reasons": [reason.rule.id for reason in item.reasons],
                "open": [{"rule": reason.rule.id, "unstated": list(reason.unstated)} for reason in item.open],
                "roles": [{"role": role.id, "holds": holds} for role, holds in item.roles],
            }
            for item in self.triage.packs
        ]

    def stages(self) -> list[dict[str, Any]]:
        """Return what is asked at each stage, as it is stored: questions, minutes, roles, requirements."""
        return [found for stage in STAGES if (found := self._stage(stage))["questions"]]

    def _stage(self, stage: str) -> dict[str, Any]:
        items = [item for item in self.budget.questions if item.stage == stage]
        roles: dict[str, list[int]] = {}
        requirements: dict[str, list[str]] = {}
        for item in items:
            counted = roles.setdefault(item.role, [0, 0])
            counted[0] += 1
            counted[1] += item.question.minutes
            requirements[item.requirement.urn] = [item.pack.reference, item.requirement.slug]
        return {
            "stage": stage,
            "questions": len(items),
            "minutes": sum(item.question.minutes for item in items),
            "roles": [[role, *counted] for role, counted in sorted(roles.items())],
            "requirements": list(requirements.values()),
        }


@cache
def _packs() -> tuple[Pack, ...]:
    return list_packs(versions=False)


@cache
def _frameworks() -> tuple[tuple[Pack, TriageRules], ...]:
    found = ((pack, load_triage(pack.name, pack)) for pack in _packs())
    return tuple((pack, rules) for pack, rules in found if rules is not None)


def frameworks() -> tuple[tuple[Pack, TriageRules], ...]:
    """Return the shipped packs that sort use cases into tiers; the first call takes seconds, for one thread only."""
    with _LOADING:
        return _frameworks()


def weigh(answers: Mapping[str, Any]) -> Weighed:
    """Return triage and budget for these answers; equal answers are weighed once, also by many threads at a time."""
    with _LOADING:
        return _weigh(json.dumps(dict(answers), sort_keys=True))


@lru_cache(maxsize=512)
def _weigh(answers: str) -> Weighed:
    given = json.loads(answers)
    base, questions = prescan_questions()
    facts = facts_of(questions, given, base.facts)
    outcome = triage(_frameworks(), facts, prescan=questions, answers=given)
    unused = {item.pack for item in outcome.packs if item.applies is False}
    packs = tuple(pack for pack in _packs() if pack.reference not in unused)
    return Weighed(outcome, count_budget(packs, facts, tier=outcome.highest), _frameworks())


def question_named(name: str) -> PreScanQuestion | None:
    """Return a question of the pre-scan."""
    return next((item for item in prescan_questions()[1] if item.id == name), None)


def asked_questions(answers: Mapping[str, Any]) -> tuple[PreScanQuestion, ...]:
    """Return the questions that are asked where these answers stand, in order."""
    base, questions = prescan_questions()
    facts = facts_of(questions, answers, base.facts)
    return tuple(item for item in questions if is_asked(item, facts, base.facts))


def first_open(answers: Mapping[str, Any]) -> PreScanQuestion | None:
    """Return the first question that is asked and was not even answered with "I don't know"."""
    base, questions = prescan_questions()
    return next_question(questions, answers, base.facts)


def open_questions(answers: Mapping[str, Any]) -> tuple[PreScanQuestion, ...]:
    """Return the questions that are asked and to which nobody knows the answer yet."""
    return tuple(item for item in asked_questions(answers) if answers.get(item.id, UNKNOWN) == UNKNOWN)


def technical_open(answers: Mapping[str, Any]) -> tuple[PreScanQuestion, ...]:
    """Return the open questions that a supplier or engineer can answer."""
    return tuple(item for item in open_questions(answers) if item.id in TECHNICAL)


def check_answer(question: PreScanQuestion, value: Any) -> Any:
    """Return an answer as it is stored: a choice, a list of choices, or `unknown`.

    Raises:
        InputError: a choice that the question does not have.
    """
    if value == UNKNOWN or value == [UNKNOWN]:
        return UNKNOWN
    given = chosen(question, value)
    return [item.id for item in question.choices if item.id in given] if question.type == "multi" else given[0]


def requirement_named(reference: str, slug: str) -> Requirement | None:
    """Return a requirement of a shipped pack, if the pack of this version is still shipped."""
    with _LOADING:
        return _requirements().get((reference, slug))


@cache
def _requirements() -> dict[tuple[str, str], Requirement]:
    return dict(_each())


def _each() -> Iterator[tuple[tuple[str, str], Requirement]]:
    for pack in _packs():
        for requirement in pack.requirements:
            yield (pack.reference, requirement.slug), requirement
