"""Does a requirement apply, and is a question asked? Yes, no, or not known because of unstated facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hakari.errors import InputError
from hakari.packs.expression import Name, Outcome, compile_expression, evaluate
from hakari.packs.facts import check_fact_values, domains, stated
from hakari.packs.model import Pack, Question, Requirement

__all__ = ["Applicability", "applies", "asked", "condition", "facts_used"]


@dataclass(frozen=True, slots=True)
class Applicability:
    """Whether a requirement applies; `applies` is None while it hangs on facts that nobody has stated."""

    applies: bool | None
    unstated: tuple[str, ...] = ()
    """The facts on which it hangs, in the order of the pack."""


def applies(requirement: Requirement, facts: Mapping[str, Any], pack: Pack) -> Applicability:
    """Return whether `requirement` of `pack` applies to a use case with these `facts`.

    A fact that is absent, None or `unknown` is unstated and never counts as "no". Every value of unstated boolean and
    choice facts is tried, so `a || !a` applies whatever `a` is, and of several unstated facts only those that make a
    difference are named. Unstated numbers, texts and dates leave open whatever the rest does not decide.

    Raises:
        InputError: a fact that the requirement reads does not fit its declaration.
        PackError: all facts are stated and the expression still cannot be evaluated.
    """
    return Applicability(True) if requirement.applies_when is None else condition(requirement.applies_when, facts, pack)


def condition(source: str, facts: Mapping[str, Any], pack: Pack) -> Applicability:
    """Return what an expression over the facts of `pack` gives; as for `applies`, which explains it."""
    expression = compile_expression(source)
    needed = {name[0] for name in expression.names}
    for problem in check_fact_values(pack, {name: value for name, value in facts.items() if name in needed}):
        raise InputError(problem)
    values: dict[Name, Any] = {(name,): value for name, value in stated(facts).items()}
    outcome = evaluate(expression, values, domains(pack.facts))
    open_facts = {name[0] for name in outcome.open_names}
    return Applicability(outcome.value, tuple(fact.id for fact in pack.facts if fact.id in open_facts))


def asked(
    question: Question,
    answers: Mapping[str, Any],
    facts: Mapping[str, Any],
    *,
    requirement: Requirement | None = None,
    pack: Pack | None = None,
) -> bool | None:
    """Return whether `question` is asked, given the answers to other questions of its requirement (by question id).

    None means that it hangs on an unstated fact or an open answer. With its `requirement`, a question that hangs only
    on questions which are themselves not asked is not asked either, and left-over answers to such questions do not
    count. With its `pack`, the values of unstated facts are tried as in `applies`.

    Raises:
        PackError: everything is stated and the expression still cannot be evaluated.
    """
    if question.when is None:
        return True
    found = stated(facts)
    known = domains(pack.facts) if pack else {}
    if requirement is None:
        return _outcome(question, stated(answers), found, known).value
    return _asked_in(requirement, question, stated(answers), found, known)


def facts_used(requirement: Requirement) -> frozenset[str]:
    """Return the facts that decide whether `requirement` applies and which of its questions are asked."""
    sources = [requirement.applies_when, *(question.when for question in requirement.questions)]
    names = [name for source in sources if source is not None for name in compile_expression(source).names]
    return frozenset(name[0] for name in names if len(name) == 1)


def _asked_in(
    requirement: Requirement,
    question: Question,
    answers: dict[str, Any],
    facts: dict[str, Any],
    known: dict[Name, tuple[Any, ...]],
) -> bool | None:
    """Go through the questions in order, because each `when` may read only earlier ones."""
    not_asked: set[Name] = set()
    known = dict(known)
    for each in requirement.questions:
        result: bool | None = True
        if each.when is not None:
            outcome = _outcome(each, answers, facts, known)
            result = outcome.value
            if result is None and set(outcome.open_names) <= not_asked:
                result = False
        if each.id == question.id:
            return result
        if result is False:
            answers.pop(each.id, None)
            not_asked.add(("answers", each.id))
        elif each.type == "yes_no":
            known["answers", each.id] = ("yes", "no")
        elif each.type == "single":
            known["answers", each.id] = tuple(choice.id for choice in each.choices)
    return _outcome(question, answers, facts, known).value


def _outcome(
    question: Question, answers: Mapping[str, Any], facts: Mapping[str, Any], known: Mapping[Name, tuple[Any, ...]]
) -> Outcome:
    assert question.when is not None
    values: dict[Name, Any] = {(name,): value for name, value in facts.items()}
    for name, value in answers.items():
        values["answers", name] = ("yes" if value else "no") if isinstance(value, bool) else value
    return evaluate(compile_expression(question.when), values, known)
