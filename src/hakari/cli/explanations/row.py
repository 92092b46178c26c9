"""`hakari explain`: the engineer's view of one row, on the terminal, as a page or as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hakari.cli._command import command
from hakari.cli.terminal.session import Session
from hakari.cli.terminal.steps import Steps
from hakari.errors import InputError
from hakari.messages import say

if TYPE_CHECKING:
    from hakari.reports.explained import RowExplanation, RowView

__all__ = ["explain"]


@command("explain")
@click.option("--row", type=int, metavar="N")
@click.option("--where", metavar="COLUMN=VALUE")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE")
def explain(session: Session, row: int | None, where: str | None, out: Path | None) -> None:
    """Explain one row and try the explanation."""
    if out is not None and session.path(out).is_dir():
        raise InputError(say("cli.explain.folder", path=str(out)))
    from hakari.reports.explained import row_view
    from hakari.reports.words import Words
    from hakari.workflows.explaining import explain_single, row_number
    from hakari.workflows.project import open_project

    with Steps(session) as steps:
        project = open_project(session.folder, progress=steps.tell)
        found = explain_single(project, row_number(project, row, where), progress=steps.tell)
    written = None if out is None else _write(session, found, out)
    view = row_view(found, Words(session.language))
    if session.as_json:
        session.emit(_document(found, view, written))
    elif written is not None:
        session.print(session.say("cli.explain.written", path=session.shown(written)))
    else:
        from hakari.cli.explanations.showing import show_row

        show_row(view, found.seconds, session)


def _write(session: Session, found: RowExplanation, out: Path) -> Path:
    from hakari.reports.explained import explained_html
    from hakari.workflows.store import write_file

    path = session.path(out)
    write_file(path, explained_html(found, session.language).encode("utf-8"))
    return path


def _document(found: RowExplanation, view: RowView, written: Path | None) -> dict[str, Any]:
    shown = found.shown
    return {
        "row": found.row,
        "rows": found.rows,
        "decision": {
            "positive": found.positive,
            "positive_class": found.positive_class,
            "score": found.score,
            "threshold": found.threshold,
        },
        "explained": {
            "additive": shown.additive,
            "base": view.base,
            "correlated": shown.correlated,
            "exact": shown.exact,
            "line": found.line,
            "method": shown.method,
            "output": view.output,
            "quantity": shown.quantity,
        },
        "features": [
            {
                "columns": {column: found.own[column] for column in shown.players[line.name]},
                "contribution": line.contribution,
                "error": line.error,
                "kept": line.kept,
                "name": line.name,
                "place": place,
                "usual": {column: found.usual[column] for column in shown.players[line.name]},
            }
            for place, line in enumerate(view.features, 1)
        ],
        "following": {
            "beaten": found.following.beaten,
            "followed": found.following.followed,
            "infidelity": found.following.infidelity,
            "orders": found.following.orders,
            "tied": found.following.tied,
        },
        "near_line": shown.near_line is not None and bool(shown.near_line[0]),
        "reasons": [reason.player for reason in found.reasons.stated],
        "sentences": view.sentences,
        "tests": [{"meaning": item.meaning, "name": item.name, "value": item.value} for item in view.tests],
        "warnings": view.warnings,
        "limits": view.limits,
        "made": {
            "compared": found.compared,
            "groups_from": found.groups_from,
            "model": found.model,
            "model_rows": found.model_rows,
            "repeats": found.repeats,
            "seconds": round(found.seconds, 3),
            "seed": found.seed,
            "version": found.version,
        },
        "written": written,
    }
