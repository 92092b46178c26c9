"""What an answer does to its requirement: by question type and by fields of the pack, never by the words chosen."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from hakari.assessment.model import AnswerResult
from hakari.messages import Message, say
from hakari.packs.model import Effect, Question

__all__ = ["UNKNOWN", "answer_problem", "effect_of", "judge_answer"]

UNKNOWN = "unknown"
"""The answer that every question accepts; it always leaves the requirement open."""

_STATUS: dict[Effect, Literal["met", "not_met", "neutral"]] = {
    "meets": "met",
    "fails": "not_met",
    "neutral": "neutral",
}
LONGEST_TEXT = 20_000


def judge_answer(question: Question, value: Any, *, evidence: str) -> AnswerResult:
    """Return what `value` does; an answer that the pack no longer accepts counts as missing."""
    if value == UNKNOWN:
        return AnswerResult(
            question=question.id,
            status="missing",
            value=UNKNOWN,
            evidence=evidence,
            reasons=(say("assessment.answer.unknown"),),
        )
    problem = answer_problem(question, value)
    if problem is not None:
        return AnswerResult(question=question.id, status="missing", value=value, evidence=evidence, reasons=(problem,))
    return AnswerResult(
        question=question.id, status=_STATUS[effect_of(question, value)], value=value, evidence=evidence
    )


def effect_of(question: Question, value: Any) -> Effect:
    """Return the effect of a well-formed answer."""
    if question.type == "yes_no":
        return question.effects.get(value, "neutral")
    if question.type == "single":
        return next(choice.effect for choice in question.choices if choice.id == value)
    if question.type == "multi":
        effects = {choice.effect for choice in question.choices if choice.id in value}
        return "fails" if "fails" in effects else "meets" if "meets" in effects else "neutral"
    if question.type == "number" and question.accept is not None:
        low, high = question.accept.minimum, question.accept.maximum
        inside = (low is None or value >= low) and (high is None or value <= high)
        return "meets" if inside else "fails"
    return "meets"


def answer_problem(question: Question, value: Any) -> Message | None:
    """Return why `value` is no answer to `question`, or None; `unknown` is always an answer."""
    if value == UNKNOWN:
        return None
    return _PROBLEMS[question.type](question, value)


def _yes_no(question: Question, value: Any) -> Message | None:
    return None if value in ("yes", "no") else _expected(question, value, "yes, no, unknown")


def _single(question: Question, value: Any) -> Message | None:
    known = [choice.id for choice in question.choices]
    return None if value in known else _expected(question, value, ", ".join([*known, UNKNOWN]))


def _multi(question: Question, value: Any) -> Message | None:
    known = [choice.id for choice in question.choices]
    good = isinstance(value, (list, tuple)) and value and all(item in known for item in value)
    return None if good and len(set(value)) == len(value) else _expected(question, value, f"[{', '.join(known)}]")


def _number(question: Question, value: Any) -> Message | None:
    good = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    return None if good else _expected(question, value, "12.5")


def _date(question: Question, value: Any) -> Message | None:
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        return _expected(question, value, "2026-11-22")
    return None


def _text(question: Question, value: Any) -> Message | None:
    if not isinstance(value, str) or not value.strip():
        return _expected(question, value, "text")
    length = len(value.strip())
    if length < question.min_length:
        return say("assessment.answer.short", question=question.id, length=length, least=question.min_length)
    if length > LONGEST_TEXT:
        return say("assessment.answer.long", question=question.id, length=length, most=LONGEST_TEXT)
    return None


def _file(question: Question, value: Any) -> Message | None:
    return None if isinstance(value, str) and value.strip() else _expected(question, value, "docs/file.pdf")


_PROBLEMS = {
    "yes_no": _yes_no,
    "single": _single,
    "multi": _multi,
    "number": _number,
    "date": _date,
    "text": _text,
    "file": _file,
}


def _expected(question: Question, value: Any, expected: str) -> Message:
    shown = value if isinstance(value, Mapping) else " ".join(str(value).split())[:80]
    return say("assessment.answer.wrong", question=question.id, value=shown, expected=expected)
