"""Questions that hang on an answer "I don't know": nobody is asked them before that one is known.

The engine holds what it needs open; whether a person is asked is another thing, and only that is decided here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hakari.assessment.rules.answer_effects import UNKNOWN
from hakari.packs import Pack, Requirement, asked
from hakari.packs.expression import compile_expression
from hakari.packs.model import Question

__all__ = ["hanging"]


def hanging(
    pack: Pack, requirement: Requirement, answers: Mapping[str, Any], facts: Mapping[str, Any]
) -> dict[str, tuple[Question, ...]]:
    """Return the questions that are not asked yet, each with those on whose unknown answers it hangs.

    Args:
        pack: Pack of the requirement.
        requirement: Whose questions are looked at.
        answers: What counts now, by question; `unknown` among them.
        facts: What is stated of the use case.
    """
    found: dict[str, tuple[Question, ...]] = {}
    open_ones = {question.id: question for question in requirement.questions if answers.get(question.id) == UNKNOWN}
    if not open_ones:
        return {}
    values = {name: value for name, value in answers.items() if value is not None}
    for question in requirement.questions:
        if question.when is None or question.id in answers:
            continue
        names = compile_expression(question.when).names
        named = {name[1] for name in names if len(name) == 2 and name[0] == "answers"}
        direct = [open_ones[name] for name in named if name in open_ones]
        behind = [each for name in named for each in found.get(name, ())]
        if (direct or behind) and asked(question, values, facts, requirement=requirement, pack=pack) is None:
            order = {each.id: place for place, each in enumerate(requirement.questions)}
            unique = {each.id: each for each in (*direct, *behind)}
            found[question.id] = tuple(sorted(unique.values(), key=lambda each: order[each.id]))
    return found
