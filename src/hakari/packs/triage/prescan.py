"""The pre-scan: from a few answers to facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hakari.errors import InputError
from hakari.messages import say
from hakari.packs.facts import UNKNOWN
from hakari.packs.model import FactDeclaration
from hakari.packs.triage._decided import decided
from hakari.packs.triage.model import PreScanQuestion

__all__ = ["facts_of", "is_asked", "next_question"]

Answers = Mapping[str, Any]


def is_asked(question: PreScanQuestion, facts: Mapping[str, Any], declared: Iterable[FactDeclaration]) -> bool | None:
    """Return whether `question` is asked where these facts are stated; None if that is open."""
    if question.when is None:
        return True
    return decided(question.when, declared, facts)[0]


def facts_of(
    questions: Sequence[PreScanQuestion], answers: Answers, declared: Sequence[FactDeclaration]
) -> dict[str, Any]:
    """Return the facts that the answers state. Answers are a choice, a list of choices or `unknown`.

    Raises:
        InputError: an answer to a question that is not there, or a choice that it does not have.
    """
    booleans = {fact.id for fact in declared if fact.type == "boolean"}
    known = [question.id for question in questions]
    for name in answers:
        if name not in known:
            raise InputError(say("packs.prescan.question", question=name, known=known))
    facts: dict[str, Any] = {}
    for question in questions:
        own = _own(question) & booleans
        asked = is_asked(question, facts, declared)
        if asked is False:
            facts |= {**dict.fromkeys(own - facts.keys(), False), **_missing(question.otherwise, facts)}
            continue
        answer = answers.get(question.id)
        if answer is None or answer == UNKNOWN or asked is None:
            continue
        taken = [choice for choice in question.choices if choice.id in chosen(question, answer)]
        said: dict[str, Any] = dict.fromkeys(own, False)
        for choice in taken:
            # What one choice affirms no other choice takes back.
            said |= {name: value for name, value in choice.facts.items() if value is not False or name not in said}
        facts |= {name: facts.get(name) or value for name, value in said.items()}
    return facts


def next_question(
    questions: Sequence[PreScanQuestion], answers: Answers, declared: Sequence[FactDeclaration]
) -> PreScanQuestion | None:
    """Return the first question that is asked and has no answer yet, not even `unknown`."""
    facts = facts_of(questions, answers, declared)
    for question in questions:
        if question.id not in answers and is_asked(question, facts, declared):
            return question
    return None


def chosen(question: PreScanQuestion, answer: Any) -> tuple[str, ...]:
    """Return the ids of the choices in an answer.

    Raises:
        InputError: a choice that the question does not have, or several where one is asked for.
    """
    given = tuple(answer) if isinstance(answer, (list, tuple)) else (answer,)
    known = [choice.id for choice in question.choices]
    wrong = [str(item)[:60] for item in given if item not in known]
    if wrong or not given or (question.type == "single" and len(given) > 1):
        shown = wrong or [str(item) for item in given]
        raise InputError(say("packs.prescan.choice", question=question.id, value=shown, known=[*known, UNKNOWN]))
    return given


def _own(question: PreScanQuestion) -> set[str]:
    return {name for choice in question.choices for name in choice.facts}


def _missing(otherwise: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in otherwise.items() if name not in facts}
