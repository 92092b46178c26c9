"""`hakari pack`: look at policy packs, check one strictly, and see what changed between two."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from hakari.cli._command import command, group
from hakari.cli.terminal.layout import table
from hakari.cli.terminal.session import Session
from hakari.messages import Message, say

if TYPE_CHECKING:
    from pathlib import Path

    from hakari.packs.model import Pack, Requirement

__all__ = ["find_pack", "pack", "place_of"]

pack = group("pack")


def place_of(reference: str, session: Session) -> Path | str:
    """Return the folder that a person means, or the name of a shipped pack."""
    folder = session.path(reference)
    # A bare name is a shipped pack, unless a folder of that name with a pack in it is there.
    is_folder = "/" in reference or reference.startswith(".") or (folder / "pack.yaml").is_file()
    return folder if is_folder else reference


def find_pack(reference: str, session: Session) -> Pack:
    """Return the pack of a name or folder, checked against the measures that are installed."""
    from hakari.packs import load_pack
    from hakari.workflows.project import RegistryCatalogue

    return load_pack(place_of(reference, session), RegistryCatalogue())


@command("list", of=pack)
def list_packs_(session: Session) -> None:
    """List the shipped packs."""
    from hakari.packs import list_packs

    packs = list_packs()
    if session.as_json:
        session.emit([_summary(item, session) for item in packs])
        return
    rows = [
        (
            item.reference,
            session.say(f"cli.pack.authority.{item.authority}"),
            session.say("cli.pack.line", title=dict(item.title), n=len(item.requirements)),
        )
        for item in packs
    ]
    session.lines(table(rows, session.width, indent=""))


@command("show", of=pack)
@click.argument("reference", metavar="PACK")
@click.argument("requirement", required=False, metavar="[REQUIREMENT]")
def show(session: Session, reference: str, requirement: str | None) -> None:
    """Print a pack, or one requirement of it."""
    found = find_pack(reference, session)
    if requirement is not None:
        _show_requirement(_find(found, requirement), session)
        return
    if session.as_json:
        session.emit({**_summary(found, session), "requirements": [_row(item, session) for item in found.requirements]})
        return
    session.print(session.pick(found.title))
    session.print(session.say("cli.pack.head", reference=found.reference, digest=found.digest))
    session.print(session.say(f"cli.pack.authority_meaning.{found.authority}"))
    session.print()
    session.print(session.pick(found.summary))
    for principle in found.groups:
        session.print()
        session.print(click.style(session.pick(principle.title), bold=True))
        rows = [
            (item.slug, session.say("cli.pack.requirement", title=dict(item.title), stages=_stages(item)))
            for item in found.requirements
            if item.group == principle.id
        ]
        session.lines(table(rows, session.width))


@command("check", of=pack)
@click.argument("reference", metavar="PACK")
@click.option("--budget", is_flag=True)
def check(session: Session, reference: str, budget: bool) -> int:
    """Read a pack strictly; a fault is told with file and line. Exit 1 if its examples or the budget break."""
    found = find_pack(reference, session)
    problems = [*_examples(reference, found, session), *(_budget(found) if budget else ())]
    counts = {
        "checks": sum(len(item.checks) for item in found.requirements),
        "languages": list(found.languages),
        "questions": sum(len(item.questions) for item in found.requirements),
        "requirements": len(found.requirements),
    }
    if session.as_json:
        told = [session.text(problem) for problem in problems]
        document = {**counts, "digest": found.digest, "ok": not problems, "reference": found.reference}
        session.emit({**document, "problems": told})
        return int(bool(problems))
    for problem in problems:
        session.print(session.text(problem), first="✗ ", rest="  ")
    if not problems:
        session.print(session.say("cli.pack.sound", reference=found.reference, **counts))
    session.lines(session.say("cli.pack.digest", digest=found.digest))
    return int(bool(problems))


def _examples(reference: str, found: Pack, session: Session) -> tuple[Message, ...]:
    """Return the worked examples of a pack's triage that come out differently."""
    from hakari.packs.triage import example_problems, load_triage

    rules = load_triage(place_of(reference, session), found)
    return () if rules is None else example_problems(found, rules)


def _budget(found: Pack) -> list[Message]:
    """Return where a pack, together with the shipped ones, asks more than the budget."""
    from hakari.packs import list_packs
    from hakari.packs.overview import worst_budgets

    others = [item for item in list_packs(versions=False) if item.urn != found.urn]
    return [problem for item in worst_budgets([found, *others]) for problem in item.problems]


@command("diff", of=pack)
@click.argument("before", metavar="BEFORE")
@click.argument("after", metavar="AFTER")
def diff(session: Session, before: str, after: str) -> None:
    """Print what changed between two packs."""
    from hakari.packs import diff_packs

    found = diff_packs(find_pack(before, session), find_pack(after, session))
    if session.as_json:
        session.emit(
            {
                "added": [item.slug for item in found.added],
                "after": found.after,
                "before": found.before,
                "changed": {item.after.slug: item.fields for item in found.changed},
                "facts": found.facts,
                "groups": found.groups,
                "metadata": found.metadata,
                "removed": [item.slug for item in found.removed],
            }
        )
        return
    for number, line in enumerate(found.lines()):
        session.print(session.text(line), first="" if number == 0 else "  ", rest="    ")


def _summary(found: Pack, session: Session) -> dict[str, Any]:
    counts = Counter(stage for item in found.requirements for stage in item.stages)
    return {
        "authority": found.authority,
        "digest": found.digest,
        "languages": found.languages,
        "reference": found.reference,
        "requirements": len(found.requirements),
        "stages": dict(counts),
        "status": found.status,
        "title": session.pick(found.title),
        "urn": found.urn,
    }


def _row(item: Requirement, session: Session) -> dict[str, Any]:
    return {
        "checks": [check.id for check in item.checks],
        "questions": [question.id for question in item.questions],
        "requirement": item.slug,
        "stages": item.stages,
        "title": session.pick(item.title),
    }


def _stages(item: Requirement) -> list[Any]:
    from hakari.assessment.reasons import stage_word

    return [stage_word(stage) for stage in item.stages]


def _find(found: Pack, slug: str) -> Requirement:
    from hakari.assessment.manifest import nearest
    from hakari.errors import InputError

    for item in found.requirements:
        if item.slug == slug:
            return item
    near = nearest(slug, [item.slug for item in found.requirements])
    raise InputError(say("cli.requirement.unknown", requirement=slug, nearest=near[:5]))


def _show_requirement(item: Requirement, session: Session) -> None:
    from hakari.assessment.reasons import role_word, severity_word

    if session.as_json:
        session.emit(item)
        return
    session.print(click.style(session.pick(item.title), bold=True))
    roles = [role_word(role) for role in item.roles]
    severity = severity_word(item.severity)
    session.print(session.say("cli.pack.about", reference=item.reference, severity=severity, roles=roles))
    session.print(session.pick(item.text))
    if item.applies_when is not None:
        session.print(session.say("cli.pack.applies", rule=item.applies_when))
    for question in item.questions:
        session.print()
        session.print(session.pick(question.text), first=f"? {question.id}: ", rest="  ")
        session.print(session.pick(question.help), first="  ", rest="  ")
        for choice in question.choices:
            session.print(session.pick(choice.text or choice.title), first=f"  - {choice.id}: ", rest="    ")
    for check in item.checks:
        session.print()
        line = session.say(
            "cli.pack.check",
            check=check.id,
            measure=check.measure,
            metric=check.metric,
            aggregation=check.aggregation,
            operator=check.operator,
            threshold=check.threshold,
            margin=check.margin,
        )
        session.print(line, first="= ", rest="  ")
        session.print(session.pick(check.why), first="  ", rest="  ")
