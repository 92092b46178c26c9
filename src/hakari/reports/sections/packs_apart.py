"""Where packs differ about the same evidence, as the report shows it."""

from __future__ import annotations

from dataclasses import dataclass

from hakari.assessment.case import Case
from hakari.assessment.reasons import check_name, limit_words, status_word
from hakari.assessment.rules.conflicts import LineConflict, LineSide, RuleConflict, conflicts_of
from hakari.reports.sections.links import RequirementLink, links_by_name
from hakari.reports.words import Words, capital

__all__ = ["ConflictView", "ConflictsView", "SideView", "conflict_view"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SideView:
    """One of two packs."""

    link: RequirementLink
    wants: str
    """Its line, or what it makes of the evidence."""
    status: str
    """The verdict of its check; empty where it is not about a check."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictView:
    """One conflict, all text rendered."""

    title: str
    sides: tuple[SideView, SideView]
    sentence: str
    stricter: str
    """Whose line is the stricter; empty where neither is, or where it is not about a line."""
    reasons: tuple[str, ...]
    differ: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictsView:
    """The whole section; shown as soon as there are several packs."""

    packs: int
    differing: int
    conflicts: tuple[ConflictView, ...]


def conflict_view(case: Case, words: Words) -> ConflictsView:
    """Return the section; without any conflict it says so, because nobody sees what is not shown."""
    links = links_by_name(case, words)
    found = conflicts_of(case)
    views = [_line(item, case, links, words) for item in found.lines]
    views += [_rule(item, links, words) for item in found.rules]
    return ConflictsView(
        packs=len(case.packs),
        differing=sum(view.differ for view in views),
        conflicts=tuple(sorted(views, key=lambda view: not view.differ)),
    )


def _link(pack: str, requirement: str, case_links: dict[str, RequirementLink]) -> RequirementLink:
    slug = requirement.rsplit(":", 1)[-1].rsplit("@", 1)[0]
    name = f"{pack}:{slug}"
    return case_links.get(name) or RequirementLink(anchor="", title=slug, pack=pack, status="")


def _line(item: LineConflict, case: Case, links: dict[str, RequirementLink], words: Words) -> ConflictView:
    planned = {check.id: check for check in case.plan.checks}

    def side(given: LineSide) -> SideView:
        return SideView(
            link=_link(given.pack, given.requirement, links),
            wants=words(limit_words(planned[given.check])),
            status=given.status,
        )

    key = "differ" if item.differ else "same"
    first, second = (words(status_word(given.status)) for given in (item.first, item.second))
    told = words.say(f"reports.conflicts.line_{key}", first=first, second=second)
    stricter = "" if item.stricter is None else words.say("reports.conflicts.stricter", pack=item.stricter.pack)
    return ConflictView(
        title=capital(words(check_name(planned[item.first.check]))),
        sides=(side(item.first), side(item.second)),
        sentence=told,
        stricter=stricter,
        reasons=(),
        differ=item.differ,
    )


def _rule(item: RuleConflict, links: dict[str, RequirementLink], words: Words) -> ConflictView:
    mine, other = _link(item.pack, item.requirement, links), _link(item.other_pack, item.other, links)
    key = "rule_differ" if item.differ else "rule_same"
    return ConflictView(
        title=words.say("reports.conflicts.rule", title=mine.title),
        sides=(
            SideView(link=mine, wants=words.say(f"reports.conflicts.{item.here}"), status=""),
            SideView(link=other, wants=words.say(f"reports.conflicts.{item.there}"), status=""),
        ),
        sentence=words.say(f"reports.conflicts.{key}"),
        stricter="",
        reasons=tuple(words(reason) for reason in item.reasons),
        differ=item.differ,
    )
