"""Answers: which questions are asked, and what an answer does, by the fields of the pack and never by its words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from hakari.standalone.python.judging.choice import Given, choose_answer
from hakari.standalone.python.packs.expression import Name, compiled, decided
from hakari.standalone.python.packs.rules import fact_domains
from hakari.standalone.python.words import Message, Refused, plain_message, say

__all__ = ["answer_results", "applies"]

UNKNOWN = "unknown"
_LONGEST_ANSWER = 20_000
_LONGEST_FACT = 10_000
_STATUS = {"meets": "met", "fails": "not_met", "neutral": "neutral"}

Record = Mapping[str, Any]


def _stated(values: Record) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None and value != UNKNOWN}


def applies(requirement: Record, facts: Record, pack: Record) -> tuple[bool | None, list[str]]:
    """Return whether a requirement applies, or None with the unstated facts on which that hangs."""
    if requirement["applies_when"] is None:
        return True, []
    expression = compiled(requirement["applies_when"])
    needed = {name[0] for name in expression.names}
    declared = {fact["id"]: fact for fact in pack["facts"]}
    for name, value in _stated(facts).items():
        if name in needed and not _fits(declared[name], value):
            raise Refused(say("standalone.fact", fact=name, value=str(value)[:60]))
    values: dict[Name, Any] = {(name,): value for name, value in _stated(facts).items()}
    result, hangs_on = decided(expression, values, fact_domains(pack["facts"]))
    return result, [fact["id"] for fact in pack["facts"] if (fact["id"],) in hangs_on]


def _fits(fact: Record, value: Any) -> bool:
    kind = fact["type"]
    if kind == "choice":
        return value in [choice["id"] for choice in fact["choices"]]
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "number":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if not isinstance(value, str):
        return False
    return len(value) <= _LONGEST_FACT if kind == "text" else _is_day(value)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def answer_results(
    given: Given, pack: Record, requirement: Record, rule: Record
) -> tuple[list[dict[str, Any]], str | None]:
    """Return the results of a requirement's questions by `rule`, and the first day on which one of them is too old."""
    values: dict[str, Any] = {}
    results: list[dict[str, Any]] = []
    days: list[str] = []
    for question in requirement["questions"]:
        wanted = _asked(question, values, given.plan["facts"], requirement, pack)
        choice = choose_answer(requirement, question, given, rule)
        if wanted is False:
            results.append({"question": question["id"], "status": "not_asked", "reasons": []})
        elif choice.status == "current":
            value = given.evidence[choice.identifier]["answer"].get("value")
            values[question["id"]] = value
            results.append(_judged(question, value, choice.identifier))
            days += [choice.stale_from] if choice.stale_from else []
        else:
            result = {"question": question["id"], "status": choice.status, "reasons": choice.reasons}
            results.append({**result, "evidence": choice.identifier} if choice.identifier else result)
    return results, min(days, default=None)


def _asked(question: Record, answers: Record, facts: Record, requirement: Record, pack: Record) -> bool | None:
    """Return whether a question is asked; None if that hangs on an unstated fact or an open answer.

    A question that hangs only on questions which are themselves not asked is not asked either.
    """
    if question["when"] is None:
        return True
    left, stated = _stated(answers), _stated(facts)
    known: dict[Name, tuple[Any, ...]] = fact_domains(pack["facts"])
    not_asked: set[Name] = set()
    for each in requirement["questions"]:
        name = ("answers", each["id"])
        result: bool | None = True
        if each["when"] is not None:
            result, hangs_on = decided(compiled(each["when"]), _values(left, stated), known)
            if result is None and set(hangs_on) <= not_asked:
                result = False
        if each["id"] == question["id"]:
            return result
        if result is False:
            left.pop(each["id"], None)
            not_asked.add(name)
        elif each["type"] == "yes_no":
            known[name] = ("yes", "no")
        elif each["type"] == "single":
            known[name] = tuple(choice["id"] for choice in each["choices"])
    raise AssertionError("a question of another requirement")


def _values(answers: Record, facts: Record) -> dict[Name, Any]:
    values: dict[Name, Any] = {(name,): value for name, value in facts.items()}
    for name, value in answers.items():
        values["answers", name] = ("yes" if value else "no") if isinstance(value, bool) else value
    return values


def _judged(question: Record, value: Any, evidence: str) -> dict[str, Any]:
    """Return what an answer does; one that the pack does not accept counts as missing."""
    result = {"question": question["id"], "value": value, "evidence": evidence, "reasons": []}
    if value is None:
        del result["value"]
    problem = say("assessment.answer.unknown") if value == UNKNOWN else _problem(question, value)
    if problem is not None:
        return {**result, "status": "missing", "reasons": [plain_message(problem)]}
    return {**result, "status": _STATUS[_effect(question, value)]}


def _effect(question: Record, value: Any) -> str:
    kind, effects = question["type"], {choice["id"]: choice["effect"] for choice in question["choices"]}
    if kind == "yes_no":
        return str(question["effects"].get(value, "neutral"))
    if kind == "single":
        return str(effects[value])
    if kind == "multi":
        chosen = {effects[item] for item in value}
        return next(effect for effect in ("fails", "meets", "neutral") if effect in chosen)
    if kind == "number" and question["accept"] is not None:
        low, high = question["accept"]["minimum"], question["accept"]["maximum"]
        return "meets" if (low is None or value >= low) and (high is None or value <= high) else "fails"
    return "meets"


def _problem(question: Record, value: Any) -> Message | None:
    """Return why a value is no answer to a question, or None."""
    kind, known = question["type"], [choice["id"] for choice in question["choices"]]
    if kind == "text":
        return _text_problem(question, value)
    good, expected = {
        "yes_no": (value in ("yes", "no"), "yes, no, unknown"),
        "single": (value in known, ", ".join([*known, UNKNOWN])),
        "multi": (_is_choice_of(value, known), f"[{', '.join(known)}]"),
        "number": (isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value), "12.5"),
        "date": (isinstance(value, str) and _is_date(value), "2026-11-22"),
        "file": (isinstance(value, str) and bool(value.strip()), "docs/file.pdf"),
    }[kind]
    return None if good else _wrong(question, value, expected)


def _is_choice_of(value: Any, known: list[str]) -> bool:
    if not isinstance(value, list) or not value or not all(item in known for item in value):
        return False
    return len(set(value)) == len(value)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _text_problem(question: Record, value: Any) -> Message | None:
    if not isinstance(value, str) or not value.strip():
        return _wrong(question, value, "text")
    length, least = len(value.strip()), question["min_length"]
    if length < least:
        return say("assessment.answer.short", question=question["id"], length=length, least=least)
    if length > _LONGEST_ANSWER:
        return say("assessment.answer.long", question=question["id"], length=length, most=_LONGEST_ANSWER)
    return None


def _wrong(question: Record, value: Any, expected: str) -> Message:
    shown = value if isinstance(value, dict) else " ".join(str(value).split())[:80]
    return say("assessment.answer.wrong", question=question["id"], value=shown, expected=expected)
