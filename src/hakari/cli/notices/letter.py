"""`hakari notice`: what one person is told about one decision, as a page, as text or as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from hakari.cli._command import command
from hakari.cli.terminal.log import logger
from hakari.cli.terminal.session import Session
from hakari.errors import InputError
from hakari.messages import say

if TYPE_CHECKING:
    from hakari.assessment.notice import DecisionNotice, ReadingLevel
    from hakari.assessment.notice.wording import NoticeLanguage

__all__ = ["notice"]

_UNRELIABLE: Final = 3


@command("notice")
@click.option("--row", type=int, metavar="N")
@click.option("--where", metavar="COLUMN=VALUE")
@click.option("--language", "in_language", type=click.Choice(["en", "ja", "both"]))
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE|FOLDER")
@click.option("--text", "as_text", is_flag=True)
@click.option("--reference", metavar="TEXT")
def notice(
    session: Session,
    row: int | None,
    where: str | None,
    in_language: str | None,
    out: Path | None,
    as_text: bool,
    reference: str | None,
) -> int:
    """Write the notice about one row; return 3 if no reason can be stated reliably."""
    from hakari.reports.notice import notice_view, sentences_of
    from hakari.workflows.explaining import row_number
    from hakari.workflows.notice import NoticeRoom, make_notice
    from hakari.workflows.project import open_project
    from hakari.workflows.settings import Clock

    project = open_project(session.folder)
    room = NoticeRoom.of(project.folder, project.manifest)
    languages = _languages(in_language or session.language, room.wording.languages)
    number = row_number(project, row, where)
    made = make_notice(project, room, number, today=Clock.read().now[:10], reference=reference)
    from hakari.assessment.notice import reading_level

    levels = [reading_level(sentences_of(notice_view(made, language)), language) for language in languages]
    written = _write(session, made, languages, out, as_text=as_text)
    if session.as_json:
        session.emit(_document(made, number, levels, written))
    _warn(made, levels)
    return 0 if made.reliable else _UNRELIABLE


def _languages(wanted: str, known: tuple[NoticeLanguage, ...]) -> tuple[NoticeLanguage, ...]:
    if wanted == "both":
        return known
    chosen = tuple(language for language in known if language == wanted)
    if not chosen:
        raise InputError(say("workflows.notice.language", language=wanted, languages=list(known)))
    return chosen


def _write(
    session: Session,
    made: DecisionNotice,
    languages: tuple[NoticeLanguage, ...],
    out: Path | None,
    *,
    as_text: bool,
) -> dict[str, Path]:
    """Write each language where it belongs and say so; text without a place goes to the terminal."""
    from hakari.reports.notice import render_notice, render_plain_notice
    from hakari.workflows.store import write_file

    suffix = "txt" if as_text else "html"
    contents = {language: (render_plain_notice if as_text else render_notice)(made, language) for language in languages}
    if out is None and (as_text or session.as_json):
        if not session.as_json:
            session.lines("\n\n".join(contents.values()))
        return {}
    target = session.folder if out is None else session.path(out)
    one_file = target.suffix in (".html", ".txt") and not target.is_dir()
    if one_file and len(languages) > 1:
        raise InputError(say("cli.notice.one_file", path=str(out)))
    paths: dict[str, Path] = {}
    for language, content in contents.items():
        paths[language] = target if one_file else target / f"notice.{language}.{suffix}"
        write_file(paths[language], content.encode("utf-8"))
        if not session.as_json:
            session.lines(session.say("cli.notice.written", path=session.shown(paths[language])))
    return paths


def _document(
    made: DecisionNotice, number: int, levels: list[ReadingLevel], written: dict[str, Path]
) -> dict[str, Any]:
    from hakari.evidence import encode

    return {
        "row": number,
        "reliable": made.reliable,
        "notice": encode(made),
        "missing": [] if made.contest is not None else ["contest"],
        "reading_level": [{**encode(level), "passes": level.passes} for level in levels],
        "written": written,
    }


def _warn(made: DecisionNotice, levels: list[ReadingLevel]) -> None:
    for level in levels:
        for found in level.warnings:
            logger.warning(
                say(f"cli.notice.rule.{found.rule}", found=found.found, most=found.most, sentence=found.sentence)
            )
    if made.contest is None:
        logger.warning(say("cli.notice.no_contest"))
    if not made.reliable:
        logger.warning(say("cli.notice.unreliable"))
