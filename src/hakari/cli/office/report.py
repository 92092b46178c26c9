"""`hakari office report`: the programme report of a period as signed figures and pages; and whether one is genuine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hakari.cli._command import command
from hakari.cli.office.keys import public_half
from hakari.cli.office.site import at, in_folder, office
from hakari.cli.terminal.session import Session
from hakari.errors import InputError, SignatureError
from hakari.evidence import PublicKey
from hakari.messages import LANGUAGES, say

if TYPE_CHECKING:
    from hakari.messages import Language
    from hakari.office.oversight.programme.checking import CheckedPaper
    from hakari.office.oversight.programme.statement import Signed

__all__ = ["report"]


@command("report", of=office)
@click.option("--period", metavar="PERIOD")
@click.option("--language", "languages", type=click.Choice(["en", "ja", "both"]), default="both")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", default=Path("programme-report"))
@click.option("--pdf", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--check", "checked", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--key", metavar="HEX")
@in_folder
def report(
    session: Session,
    period: str | None,
    languages: str,
    out: Path,
    pdf: Path | None,
    checked: Path | None,
    key: str | None,
    site: Path | None,
) -> int:
    """Count a period, sign the figures and write them with their pages; or check a report that somebody holds."""
    if (period is None) == (checked is None):
        raise InputError(say("cli.office.report.either"))
    at(session, site)
    if checked is not None:
        return _check(session, session.path(checked), key)
    assert period is not None
    chosen: tuple[Language, ...] = LANGUAGES if languages == "both" else ("ja",) if languages == "ja" else ("en",)
    return _write(session, period, chosen, session.path(out), session.path(pdf) if pdf is not None else None)


def _write(session: Session, period: str, languages: tuple[Language, ...], out: Path, pdf: Path | None) -> int:
    if pdf is not None:
        from hakari.office.oversight.programme.paper import printer

        printer()  # refused before anything is counted and signed
    from hakari.office.core.actions import SYSTEM
    from hakari.office.oversight import actions
    from hakari.office.oversight.programme.page import written
    from hakari.office.oversight.programme.period import read_period

    signed = actions.report(read_period(period), by=SYSTEM)
    out.mkdir(parents=True, exist_ok=True)
    names = []
    for name, content in written(signed, languages).items():
        names.append(_kept(out / name, content))
    names += _printed(signed, languages, pdf) if pdf is not None else []
    if session.as_json:
        session.emit({"digest": signed.digest, "files": names, "key": signed.key, "figures": signed.figures})
        return 0
    for path in names:
        session.lines(session.shown(path))
    session.print(session.say("cli.office.report.digest", digest=signed.digest))
    if pdf is None:
        session.print(session.say("cli.office.report.print"))
    return 0


def _kept(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _printed(signed: Signed, languages: tuple[Language, ...], path: Path) -> list[Path]:
    """Write the PDF, one for each language: of two, each has its language before the ending."""
    from hakari.office.oversight.programme.paper import printed

    suffix = path.suffix or ".pdf"
    path.parent.mkdir(parents=True, exist_ok=True)
    made = []
    for language in languages:
        ending = suffix if len(languages) == 1 else f".{language}{suffix}"
        made.append(_kept(path.with_suffix(ending), printed(signed, language)))
    return made


def _check(session: Session, path: Path, key: str | None) -> int:
    """Say whether a report is what the office signed, and whether the pages beside it show what was signed."""
    from hakari.office.oversight.programme.checking import check_paper, figures_within, is_paper
    from hakari.office.oversight.programme.statement import open_statement

    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(say("cli.office.report.unreadable", file=path.name)) from error
    try:
        figures = figures_within(content, what=path.name) if is_paper(content) else content
        public = public_half(key) or _of_then(figures)
        if is_paper(content):
            return _tell_paper(session, path, check_paper(content, what=path.name, key=public))
        signed = open_statement(content, what=path.name, key=public)
    except SignatureError as error:
        told: Any = error.message
        if session.as_json:
            session.emit({"genuine": False, "told": session.text(told)})
        else:
            session.print(session.say("cli.office.report.not_genuine"))
            session.print(session.text(told))
        return 1
    bent = _bent_pages(path.parent, signed)
    papers = sorted(beside.name for beside in path.parent.glob("*.pdf"))
    if session.as_json:
        session.emit({**_document(signed), "other_pages": bent, "papers_not_checked": papers})
        return 1 if bent else 0
    _tell_genuine(session, signed)
    for name in bent:
        session.print(session.say("cli.office.report.other_page", file=name))
    if papers:
        session.print(session.say("cli.office.report.papers_beside", files=papers))
    return 1 if bent else 0


def _tell_paper(session: Session, path: Path, found: CheckedPaper) -> int:
    """Say what was found of a PDF: only pages that were printed again are vouched for."""
    why: Any = found.why
    if session.as_json:
        told = session.text(why) if why is not None else None
        session.emit({**_document(found.signed), "pages": found.pages, "why": told})
    else:
        _tell_genuine(session, found.signed)
        more = {"why": why} if why is not None else {}
        session.print(session.say(f"cli.office.report.pages.{found.pages}", file=path.name, **more))
    return 0 if found.pages == "same" else 1


def _document(signed: Signed) -> dict[str, Any]:
    period = signed.figures["period"]
    return {"genuine": True, "digest": signed.digest, "key": signed.key, "period": period}


def _tell_genuine(session: Session, signed: Signed) -> None:
    where = signed.figures["period"]
    session.print(
        session.say("cli.office.report.genuine", first=where["first"], last=where["last"], digest=signed.digest)
    )


def _bent_pages(folder: Path, signed: Signed) -> list[str]:
    """Return the pages beside the figures that are not what this version makes of them, by name."""
    from hakari.office.oversight.programme.page import file_name, render_programme

    found = []
    for language in LANGUAGES:
        path = folder / file_name(language)
        if path.is_file() and path.read_bytes() != render_programme(signed, language).encode():
            found.append(path.name)
    return found


def _of_then(content: bytes) -> PublicKey | None:
    """Return the office's key that a report says it was signed with, if it was the office's when the report was made.

    None for the key that counts now, and for one that nobody knows: the signature is then not found genuine.
    """
    import base64
    from datetime import datetime

    from hakari.errors import HakariError
    from hakari.evidence import parse_json
    from hakari.office.keys.own import own_terms

    try:
        outer = parse_json(content, what="report.json")
        signer = outer["signatures"][0]["keyid"]
        stated = parse_json(base64.b64decode(outer["payload"]), what="report.json")["predicate"]
        made = datetime.fromisoformat(str(stated["made_at"]))
        for term in own_terms():
            if term.key.id == signer and term.role == "office":
                problem = term.problem(made)
                if problem is None and term.doubts(made):
                    problem = say("office.keys.renewal.untrusted", key=term.key.id[:16], since=str(term.lost_since))
                if problem is not None:
                    raise SignatureError(problem)
                return term.key
    except SignatureError:
        raise
    except (HakariError, ValueError, TypeError, KeyError, IndexError):
        return None
    return None
