"""What a component's version answers for every use case that builds on it: questions of the pre-scan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hakari.office.registry.models import ComponentUse, UseCase
from hakari.packs.triage import facts_of, prescan_questions

__all__ = ["checked_answers", "inherited_answers"]


def checked_answers(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers to questions of the pre-scan without the empty ones.

    Raises:
        InputError: a question or a choice that the pre-scan does not have.
    """
    given = {
        name: list(answer) if isinstance(answer, (list, tuple)) else answer
        for name, answer in answers.items()
        if answer not in ("", None, [], ())
    }
    pack, questions = prescan_questions()
    # A component does not know what else is answered: whether a question is asked at all is the use case's matter.
    facts_of([replace(question, when=None) for question in questions], given, pack.facts)
    known = {question.id: question for question in questions}
    return {name: given[name] for name in known if name in given}


def inherited_answers(use_case: UseCase) -> dict[str, Any]:
    """Return what a use case inherits from its components today: question → answer; nothing that is stale.

    Where two components answer the same question, the choices of both hold for a question with several choices;
    else the first that was taken over counts.
    """
    found: dict[str, Any] = {}
    uses = ComponentUse.objects.filter(use_case=use_case).select_related("component_version")
    for use in uses:
        if use.stale_because():
            continue
        for question, answer in use.answers.items():
            before = found.get(question)
            if isinstance(before, list) and isinstance(answer, list):
                found[question] = list(dict.fromkeys([*before, *answer]))
            elif before is None:
                found[question] = answer
    return found
