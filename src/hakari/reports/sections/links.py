"""Links from a section to the requirements of the case, with their statuses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hakari.assessment.case import Case
from hakari.reports.requirements import anchor
from hakari.reports.words import Words

__all__ = ["RequirementLink", "links_by_name", "links_to"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementLink:
    """A requirement of this case, elsewhere on the page."""

    anchor: str
    title: str
    pack: str
    status: str


def links_by_name(case: Case, words: Words) -> dict[str, RequirementLink]:
    """Return a link to each finding of the case by `pack@version:slug`."""
    return {
        f"{finding.pack}:{finding.requirement.rsplit(':', 1)[-1].rsplit('@', 1)[0]}": RequirementLink(
            anchor=anchor(finding),
            title=words.text(case.requirement(finding).title),
            pack=finding.pack,
            status=finding.status,
        )
        for finding in case.assessment.findings
    }


def links_to(names: Iterable[str], found: dict[str, RequirementLink]) -> tuple[RequirementLink, ...]:
    """Return the links to those of `names` that this case has; what does not apply to it is left out."""
    return tuple(found[name] for name in names if name in found and found[name].status != "not_applicable")
