"""`hakari pack budget`, `coverage`, `crosswalk`: several packs seen at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from hakari.cli._command import command
from hakari.cli.packs.look import find_pack, pack
from hakari.cli.terminal.layout import table
from hakari.cli.terminal.session import Session
from hakari.errors import InputError
from hakari.messages import say

if TYPE_CHECKING:
    from hakari.packs.model import Pack, Requirement
    from hakari.packs.overview import Link, Served

__all__ = ["budget", "coverage", "crosswalk"]


def _packs(references: tuple[str, ...], session: Session) -> list[Pack]:
    """Return the packs named, or the usual version of every shipped one."""
    from hakari.packs import list_packs

    if not references:
        return list(list_packs(versions=False))
    return [find_pack(reference, session) for reference in references]


@command("budget", of=pack)
@click.argument("references", nargs=-1, metavar="[PACK…]")
@click.option("--fact", "stated", multiple=True, metavar="NAME=VALUE")
def budget(session: Session, references: tuple[str, ...], stated: tuple[str, ...]) -> int:
    """Count what packs ask together in each tier; exit 1 where the budget is broken.

    Without facts it is counted over the worked use cases of the shipped packs, and the worst of each tier is shown.
    """
    from hakari.packs.overview import BUDGET, MOST_AT_ONCE, count_budget, worst_budgets

    packs, facts = _packs(references, session), dict(map(_fact, stated))
    if facts:
        found = [count_budget(packs, facts, tier=tier) for tier in BUDGET if tier != "stop"]
    else:
        found = list(worst_budgets(packs))
    broken = any(item.problems for item in found)
    if session.as_json:
        session.emit(
            {
                "broken": broken,
                "packs": [item.reference for item in packs],
                "tiers": {
                    item.tier: {
                        "by_role": {f"{stage}/{role}": n for (stage, role), n in sorted(item.by_role.items())},
                        "limit": BUDGET[item.tier],
                        "minutes": item.minutes,
                        "problems": [session.text(problem) for problem in item.problems],
                        "questions": len(item.questions),
                    }
                    for item in found
                },
            }
        )
        return int(broken)
    session.print(session.say("cli.pack.budget", packs=[item.reference for item in packs], limit=MOST_AT_ONCE))
    rows = [
        (
            session.say(f"triage.level.{item.tier}"),
            session.say(
                "cli.pack.budget_line",
                n=len(item.questions), limit=BUDGET[item.tier], minutes=item.minutes,
                most=max(item.by_role.values(), default=0),
            ),
        )
        for item in found
    ]  # fmt: skip
    session.lines(table(rows, session.width))
    for item in found:
        for problem in item.problems:
            session.print(session.text(problem), first="✗ ", rest="  ")
    return int(broken)


def _fact(text: str) -> tuple[str, Any]:
    name, sign, value = text.partition("=")
    if not sign or not name or not value:
        raise InputError(say("cli.pack.fact", value=text[:60]))
    return name, {"true": True, "false": False}.get(value, value)


@command("coverage", of=pack)
@click.argument("reference", metavar="PACK")
@click.argument("references", nargs=-1, metavar="[OTHER…]")
def coverage(session: Session, reference: str, references: tuple[str, ...]) -> None:
    """Say what answers each requirement of a pack, given the other packs."""
    from collections import Counter

    from hakari.packs.overview import coverage as covered

    found = find_pack(reference, session)
    packs = [found, *(item for item in _packs(references, session) if item.urn != found.urn)]
    ways = list(covered(packs, found))
    counts = Counter(way for _, way in ways)
    if session.as_json:
        session.emit({"counts": counts, "pack": found.reference, "requirements": {r.slug: way for r, way in ways}})
        return
    session.print(session.say("cli.pack.coverage", pack=found.reference, n=len(ways)))
    for way, count in counts.most_common():
        session.print(session.say(f"cli.pack.way.{way}", n=count), first="  ", rest="    ")
    session.print()
    rows = [(item.slug, session.say(f"cli.pack.way_short.{way}")) for item, way in ways]
    session.lines(table(rows, session.width))


@command("crosswalk", of=pack)
@click.argument("name", required=False, metavar="[MEASURE|REQUIREMENT]")
@click.option("--pack", "references", multiple=True, metavar="PACK")
def crosswalk(session: Session, name: str | None, references: tuple[str, ...]) -> None:
    """From a measure to every requirement that it serves, or from a requirement to its siblings."""
    from hakari.packs.overview import conflicts, links_of, served_by

    packs = _packs(references, session)
    if name is None:
        _show_conflicts(conflicts(packs), session)
        return
    slugs = {item.slug: item for each in packs for item in each.requirements}
    if name in slugs:
        _show_links(slugs[name], links_of(packs, slugs[name]), session)
        return
    served = served_by(packs, name)
    if not served:
        from hakari.assessment.manifest import nearest

        measures = {check.measure.partition("@")[0] for item in slugs.values() for check in item.checks}
        raise InputError(say("cli.pack.crosswalk_unknown", name=name, nearest=nearest(name, [*slugs, *measures])[:5]))
    _show_served(name, served, session)


def _show_served(name: str, served: tuple[Served, ...], session: Session) -> None:
    if session.as_json:
        session.emit(
            [
                {
                    "check": item.check.id,
                    "pack": item.pack.reference,
                    "requirement": item.requirement.slug,
                    "via": item.via.slug if item.via else None,
                }
                for item in served
            ]
        )
        return
    packs = dict.fromkeys(item.pack.reference for item in served)
    requirements = {(item.pack.reference, item.requirement.slug) for item in served}
    session.print(session.say("cli.pack.serves", measure=name, n=len(requirements), packs=len(packs)))
    for reference in packs:
        session.print()
        session.lines(click.style(reference, bold=True))
        rows: dict[str, str] = {}
        for item in served:
            if item.pack.reference == reference:
                via = session.say("cli.pack.via", requirement=item.via.slug) if item.via else item.check.id
                rows.setdefault(item.requirement.slug, via)
        session.lines(table(list(rows.items()), session.width))


def _show_links(requirement: Requirement, links: tuple[Link, ...], session: Session) -> None:
    if session.as_json:
        session.emit(
            [
                {
                    "direction": link.direction,
                    "pack": link.pack.reference,
                    "rationale": session.pick(link.mapping.rationale),
                    "relation": link.mapping.relation,
                    "requirement": link.requirement.slug,
                    "status": link.mapping.status,
                }
                for link in links
            ]
        )
        return
    session.lines(click.style(session.pick(requirement.title), bold=True))
    if not links:
        session.print(session.say("cli.pack.no_links"))
    for link in links:
        told = session.say(
            f"cli.pack.link.{link.direction}",
            relation=say(f"packs.relation.{link.mapping.relation}"),
            requirement=link.requirement.slug, pack=link.pack.reference,
            title=dict(link.requirement.title), rationale=dict(link.mapping.rationale),
        )  # fmt: skip
        session.print(told, first="  - ", rest="    ")


def _show_conflicts(found: tuple[Any, ...], session: Session) -> None:
    if session.as_json:
        session.emit(
            [
                [
                    {"check": side.check.id, "requirement": side.requirement.slug, "threshold": side.check.threshold}
                    for side in (item.first, item.second)
                ]
                for item in found
            ]
        )
        return
    if not found:
        session.print(session.say("cli.pack.no_conflicts"))
    for item in found:
        first, second = item.first, item.second
        told = session.say(
            "cli.pack.conflict",
            metric=first.check.metric,
            first=f"{first.requirement.slug}/{first.check.id}", a=first.check.threshold,
            second=f"{second.requirement.slug}/{second.check.id}", b=second.check.threshold,
        )  # fmt: skip
        session.print(told, first="  - ", rest="    ")
