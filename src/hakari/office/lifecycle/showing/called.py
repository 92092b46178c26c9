"""What checks, requirements and facts are called: readers get the words of the packs, their ids stand small beside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hakari.assessment.model import PlannedCheck
from hakari.assessment.reasons import check_name
from hakari.messages import Message, say
from hakari.office.lifecycle.policy import known_packs
from hakari.packs import Pack, Requirement
from hakari.packs.model import Check

__all__ = ["Called", "check_called", "packs_named", "reworded"]

Called = Message | Mapping[str, str] | str
"""Words for a reader; an id where no pack has any."""


def packs_named(pins: Iterable[Mapping[str, Any]]) -> list[Pack]:
    """Return the packs that pins name, as far as this office has them: for words their digest does not matter."""
    known = known_packs()
    found = (known.get(f"{pin['name']}@{pin['version']}") for pin in pins)
    return [pack for pack in found if pack is not None]


def check_called(identifier: str, packs: Sequence[Pack], *, alone: bool = True) -> Called:
    """Return what a check measures, such as "largest difference in selection rate between groups by gender".

    Args:
        identifier: `requirement-slug/check-id` or `requirement-slug/check-id[column+column]`.
        packs: Where it is looked for.
        alone: With the title of its requirement, for places that do not show it.
    """
    name, _, columns = identifier.partition("[")
    slug, _, own = name.partition("/")
    for requirement in _requirements(packs):
        for check in requirement.checks if requirement.slug == slug else ():
            if check.id == own:
                words = check_name(
                    _planned(identifier, check, tuple(columns.rstrip("]").split("+")) if columns else ())
                )
                return say("office.lifecycle.check_of", requirement=requirement.title, check=words) if alone else words
    return identifier


def reworded(reason: Message, packs: Sequence[Pack]) -> Message:
    """Return a stored reason for readers: checks, requirements and facts by their words."""
    told: dict[str, Any] = dict(reason.arguments)
    if isinstance(told.get("checks"), (list, tuple)):
        told["checks"] = [_quoted(check_called(str(item), packs), item) for item in told["checks"]]
    if isinstance(told.get("requirements"), (list, tuple)):
        titles = {item.slug: item.title for item in _requirements(packs)}
        told["requirements"] = [titles.get(item, item) for item in told["requirements"]]
    if isinstance(told.get("facts"), (list, tuple)):
        facts = {fact.id: fact.title for pack in packs for fact in pack.facts}
        told["facts"] = [facts.get(item, item) for item in told["facts"]]
    return Message(reason.key, told)


def _quoted(words: Called, identifier: Any) -> Any:
    return words if words == identifier else say("office.lifecycle.check_with_id", check=words, id=str(identifier))


def _requirements(packs: Sequence[Pack]) -> Iterable[Requirement]:
    return (item for pack in packs for item in pack.requirements)


def _planned(identifier: str, check: Check, columns: tuple[str, ...]) -> PlannedCheck:
    """Return a check of a pack as a plan would hold it, as far as its name needs it."""
    return PlannedCheck(
        id=identifier, requirement="", measurement="", measure=check.measure, metric=check.metric, basis="rate",
        table="", aggregation=check.aggregation, columns=columns, operator=check.operator, threshold=check.threshold,
        margin=check.margin, confidence=check.confidence, method=check.method, reference=check.reference,
        family_met=check.family_met, min_rows=check.min_rows, coverage_min=check.coverage_min,
        severity=check.severity, look=1, set_by=check.set_by, why=check.why, source=check.source,
        alternatives=check.alternatives, confirmed=check.confirmed,
    )  # fmt: skip
