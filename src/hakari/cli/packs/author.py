"""`hakari pack new`, `shelf`, `checks`, `export`, `import`, `gaps`, `rehearse`: tools for people who write rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hakari.cli._command import command
from hakari.cli.packs.look import find_pack, pack, place_of
from hakari.cli.terminal.layout import table
from hakari.cli.terminal.session import Session
from hakari.errors import InputError
from hakari.messages import say

if TYPE_CHECKING:
    from hakari.packs.authoring import Gap, Rehearsal
    from hakari.packs.model import Pack

__all__ = ["checks", "export", "gaps", "import_", "new", "rehearse", "shelf"]


@command("new", of=pack)
@click.argument("place", metavar="FOLDER")
@click.option("--from", "guidelines", required=True, metavar="FILE")
@click.option("--name", metavar="NAME")
@click.option("--languages", type=click.Choice(["en", "ja", "both"]), default="both")
def new(session: Session, place: str, guidelines: str, name: str | None, languages: Any) -> None:
    """Write a draft pack from guidelines, and a workbook beside it in which it is worked out."""
    from hakari.packs.authoring import (
        check_target,
        draft_pack,
        export_workbook,
        find_gaps,
        read_guidelines,
        shelf_sheet,
        write_folder,
    )

    target = session.path(place)
    workbook = target.with_name(f"{target.name}.xlsx")
    check_target(target, shown=place)
    if workbook.exists():
        raise InputError(say("authoring.file.exists", file=session.shown(workbook)))
    outline = read_guidelines(session.path(guidelines), shown=guidelines)
    found, files = draft_pack(outline, name=name or target.resolve().name.lower(), languages=languages)
    target.parent.mkdir(parents=True, exist_ok=True)
    export_workbook(found, workbook, shelf=[shelf_sheet(found, language=session.language)], language=session.language)
    write_folder(target, files)
    lacking = find_gaps(found, _shipped())
    made = {
        "folder": session.shown(target),
        "principles": len(found.groups),
        "reference": found.reference,
        "requirements": len(found.requirements),
        "workbook": session.shown(workbook),
    }
    if session.as_json:
        session.emit({**made, "gaps": _gap_counts(lacking)})
        return
    session.print(session.say("cli.author.made", **made))
    _tell_gaps(lacking, session)
    session.print(session.say("cli.author.next", folder=made["folder"], workbook=made["workbook"]))


@command("shelf", of=pack)
@click.option("--pack", "references", multiple=True, metavar="PACK")
@click.option("--stage", type=click.Choice(["plan", "design", "develop", "release", "operate"]))
def shelf(session: Session, references: tuple[str, ...], stage: str | None) -> None:
    """List what can be taken over from the shipped packs."""
    from hakari.packs.authoring import shelf_items

    wanted = {find_pack(reference, session).reference for reference in references}
    items = [
        item
        for item in shelf_items()
        if (not wanted or item.pack.reference in wanted) and (stage is None or stage in item.requirement.stages)
    ]
    if session.as_json:
        session.emit(
            [
                {
                    "answered_by": item.way,
                    "requirement": item.reference,
                    "stages": item.requirement.stages,
                    "title": dict(item.requirement.title),
                }
                for item in items
            ]
        )
        return
    for reference in dict.fromkeys(item.pack.reference for item in items):
        session.lines(click.style(reference, bold=True))
        rows = [
            (
                item.requirement.slug,
                session.say(
                    "cli.author.shelf_item",
                    title=dict(item.requirement.title),
                    stages=[say(f"reasons.stage.{each}") for each in item.requirement.stages],
                    way=say(f"authoring.way.{item.way}"),
                ),
            )
            for item in items
            if item.pack.reference == reference
        ]
        session.lines(table(rows, session.width))


@command("checks", of=pack)
@click.argument("reference", metavar="[PACK]", required=False)
@click.option("--read", "sentence", metavar="SENTENCE")
def checks(session: Session, reference: str | None, sentence: str | None) -> None:
    """Print checks as sentences, or turn a sentence into the fields of a check."""
    from hakari.packs.authoring import check_sentence, read_sentence

    if sentence is not None:
        fields = read_sentence(sentence, session.language)
        if session.as_json:
            session.emit(fields)
        else:
            session.lines(table([(key, str(value)) for key, value in fields.items()], session.width, indent=""))
        return
    if reference is None:
        raise InputError(say("cli.usage.missing", name="PACK", command="hakari pack checks"))
    found = find_pack(reference, session)
    rows = [(item, check) for item in found.requirements for check in item.checks]
    if session.as_json:
        session.emit(
            [
                {
                    "check": check,
                    "requirement": item.slug,
                    "sentence": {each: check_sentence(check, each, full=True) for each in found.languages},
                }
                for item, check in rows
            ]
        )
        return
    language = session.language if session.language in found.languages else found.languages[0]
    for item, check in rows:
        session.lines(click.style(f"{item.slug}/{check.id}", bold=True))
        session.print(check_sentence(check, language), first="  ", rest="  ")
    if not rows:
        session.print(session.say("cli.author.no_checks"))


@command("export", of=pack)
@click.argument("reference", metavar="PACK")
@click.option("--out", "workbook", required=True, metavar="FILE.xlsx")
@click.option("--shelf", "with_shelf", is_flag=True)
def export(session: Session, reference: str, workbook: str, with_shelf: bool) -> None:
    """Write a pack as a workbook."""
    from hakari.packs import pack_files
    from hakari.packs.authoring import export_workbook, read_refusals, shelf_sheet

    found = find_pack(reference, session)
    target = session.path(workbook)
    if target.exists():
        raise InputError(say("authoring.file.exists", file=workbook))
    if not target.parent.is_dir():
        raise InputError(say("cli.folder", folder=session.shown(target.parent)))
    place = place_of(reference, session)
    refused = read_refusals(place) if isinstance(place, Path) else ()
    with_shelf = with_shelf or bool(refused)
    sheets = [shelf_sheet(found, language=session.language, refused=refused)] if with_shelf else []
    triage = pack_files(place).get("triage.yaml")
    export_workbook(found, target, triage=triage, shelf=sheets, language=session.language)
    told = {"reference": found.reference, "requirements": len(found.requirements), "workbook": workbook}
    if session.as_json:
        session.emit(told)
    else:
        session.print(session.say("cli.author.exported", **told))


@command("import", of=pack)
@click.argument("workbook", metavar="FILE.xlsx")
@click.argument("place", metavar="FOLDER")
@click.option("--replace", is_flag=True)
def import_(session: Session, workbook: str, place: str, replace: bool) -> None:
    """Read a pack from a workbook into a folder."""
    from hakari.packs.authoring import check_target, find_gaps, import_workbook, write_folder
    from hakari.workflows.project import RegistryCatalogue

    target = session.path(place)
    check_target(target, shown=place, replace=replace)
    found = import_workbook(session.path(workbook), shown=workbook, catalogue=RegistryCatalogue())
    write_folder(target, found.files, found.refused)
    lacking = find_gaps(found.pack, _shipped())
    told = {
        "adopted": found.adopted,
        "folder": place,
        "reference": found.pack.reference,
        "refused": len(found.refused or ()),
        "requirements": len(found.pack.requirements),
        "workbook": workbook,
    }
    if session.as_json:
        session.emit({**told, "gaps": _gap_counts(lacking)})
        return
    session.print(session.say("cli.author.imported", **told))
    _tell_gaps(lacking, session)


@command("gaps", of=pack)
@click.argument("reference", metavar="PACK")
def gaps(session: Session, reference: str) -> int:
    """List what a pack lacks before it can be published; exit 1 if anything."""
    from hakari.packs.authoring import find_gaps

    lacking = find_gaps(find_pack(reference, session), _shipped())
    if session.as_json:
        session.emit({**_gap_counts(lacking), "gaps": lacking})
        return int(bool(lacking))
    for gap in lacking:
        session.print(session.text(gap.message), first="  - ", rest="    ")
    _tell_gaps(lacking, session)
    return int(bool(lacking))


@command("rehearse", of=pack)
@click.argument("reference", metavar="PACK")
@click.option("--cases", metavar="FILE.yaml")
@click.option("--with", "together", multiple=True, metavar="PACK")
def rehearse(session: Session, reference: str, cases: str | None, together: tuple[str, ...]) -> None:
    """Try a pack on past cases."""
    from hakari.packs.authoring import past_cases, read_cases
    from hakari.packs.authoring import rehearse as rehearsed
    from hakari.packs.triage import load_triage

    found, beside = find_pack(reference, session), [find_pack(item, session) for item in together]
    others = _shipped()
    if cases is None:
        past = past_cases()
    else:
        content = _read(session.path(cases), cases)
        past = read_cases(content, [found, *beside, *others], file=cases)
    rules = load_triage(place_of(reference, session), found)
    results = list(rehearsed(found, past, others=others, rules=rules, together=beside))
    if session.as_json:
        session.emit([_document(item, session) for item in results])
        return
    session.print(session.say("cli.author.rehearsed", reference=found.reference, cases=len(results)))
    heading = [session.say(f"cli.author.column.{name}") for name in ("case", "tier", "questions", "minutes", "result")]
    session.lines(table([heading, *(_line(item, session) for item in results)], session.width, right=(2, 3)))
    total = {
        "held": sum(bool(item.held) for item in results),
        "over": sum(bool(item.budget.problems) for item in results),
        "stopped": sum(item.stopped for item in results),
    }
    session.print(session.say("cli.author.total", **total))


def _line(item: Rehearsal, session: Session) -> tuple[str, ...]:
    from hakari.assessment.reasons import role_word, stage_word

    parts = [session.say("cli.author.stopped")] if item.stopped else []
    parts += [session.say("cli.author.held", held=list(item.held))] if item.held else []
    parts = parts or [session.say("cli.author.goes_on")]
    parts += [session.say("cli.author.over")] if item.budget.problems else []
    parts += [f"{session.text(role_word(role))} {count}" for role, count in sorted(item.by_role.items())]
    parts += [f"{session.text(stage_word(stage))} {count}" for stage, count in item.by_stage.items()]
    parts += [session.say("cli.author.open", count=len(item.open))] if item.open else []
    tier = session.say(f"triage.level.{item.tier}")
    return item.case.id, tier, str(len(item.questions)), str(item.budget.minutes), session.join(parts)


def _document(item: Rehearsal, session: Session) -> dict[str, Any]:
    return {
        "applying": item.applying,
        "by_role": dict(item.by_role),
        "by_stage": dict(item.by_stage),
        "case": item.case.id,
        "held": item.held,
        "minutes": item.budget.minutes,
        "open": item.open,
        "problems": [session.text(problem) for problem in item.budget.problems],
        "questions": len(item.questions),
        "stopped": item.stopped,
        "tier": item.tier,
    }


def _shipped() -> list[Pack]:
    from hakari.packs import list_packs

    return list(list_packs(versions=False))


def _read(path: Path, shown: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(say("authoring.file.missing", file=shown, problem=error.strerror or "")) from None


def _gap_counts(lacking: Sequence[Gap]) -> dict[str, int]:
    counts = Counter(gap.kind for gap in lacking)
    return {"translate": counts["translate"], "unanswered": counts["unanswered"], "write": counts["write"]}


def _tell_gaps(lacking: Sequence[Gap], session: Session) -> None:
    key = "cli.author.gaps" if lacking else "cli.author.no_gaps"
    session.print(session.say(key, **_gap_counts(lacking)))
