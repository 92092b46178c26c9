"""Answers in words, as far as the pack has words for them."""

from __future__ import annotations

import datetime
from typing import Any

from hakari.assessment.rules.answer_effects import UNKNOWN
from hakari.messages import say
from hakari.office.core.templatetags.office import day
from hakari.packs.model import FactDeclaration, Question

__all__ = ["fact_text", "value_texts"]


def value_texts(question: Question, value: Any) -> tuple[Any, ...]:
    """Return an answer as texts for the filter `told`; nothing where there is no answer."""
    if value is None:
        return ()
    if value == UNKNOWN:
        return (say("office.lifecycle.page.unknown"),)
    if question.type == "yes_no":
        return (say(f"office.lifecycle.page.{'yes' if value == 'yes' else 'no'}"),)
    if question.type in ("single", "multi"):
        given = [value] if question.type == "single" else list(value)
        words = {choice.id: choice.text or choice.title or choice.id for choice in question.choices}
        return tuple(words.get(item, str(item)) for item in given)
    if question.type == "date":
        return (_day(value),)
    return (f"{value:g}" if isinstance(value, float) else str(value),)


def fact_text(fact: FactDeclaration, value: Any) -> Any:
    """Return the value of a fact for the filter `told`; None where nobody stated it."""
    if value is None or value == UNKNOWN:
        return None
    if isinstance(value, bool):
        return say(f"office.lifecycle.page.{'yes' if value else 'no'}")
    if fact.type == "choice":
        words = {choice.id: choice.text or choice.title or choice.id for choice in fact.choices}
        return words.get(value, str(value))
    return _day(value) if fact.type == "date" else str(value)


def _day(value: Any) -> str:
    try:
        return day(datetime.date.fromisoformat(str(value)))
    except ValueError:
        return str(value)
