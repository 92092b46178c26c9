"""The report as one HTML file in the look of the house: nothing is fetched, no script runs, it prints on A4."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

from hakari.messages import LANGUAGES, Language
from hakari.office.oversight.programme.statement import Signed
from hakari.office.oversight.programme.telling import tell_report
from hakari.reports._page import policy, style
from hakari.reports.marks import scale_mark

__all__ = ["FIGURES", "file_name", "render_programme", "written"]

FIGURES = "report.json"


def file_name(language: Language) -> str:
    """Return the name of the page in a language."""
    return f"report.{language}.html"


def render_programme(signed: Signed, language: Language, *, on_paper: bool = False) -> str:
    """Return the page of signed figures; the same figures give the same page in one version of this program.

    Args:
        on_paper: As `printed` takes it: charts carry their colours and words themselves, and nothing is to be pressed.
    """
    sheet = f"{style()}\n{_own_style('programme')}" + (f"\n{_own_style('paper')}" if on_paper else "")
    mark = str(scale_mark())
    if on_paper:
        mark = mark.replace(">", "><title>Hakari</title>", 1)
    context: dict[str, Any] = {
        "digest": signed.digest,
        "figures": signed.figures,
        "key": signed.key,
        "language": language,
        "mark": mark_safe(mark),  # noqa: S308  # our own drawing
        "on_paper": on_paper,
        "policy": policy(sheet),
        "report": tell_report(signed.figures),
        "style": mark_safe(sheet),  # noqa: S308  # our own style sheet, and CSS must not be escaped
    }
    with translation.override(language):
        return render_to_string("oversight/programme/file.html", context)


def written(signed: Signed, languages: tuple[Language, ...] = LANGUAGES) -> dict[str, bytes]:
    """Return the files of a report by name: the signed figures, and a page for each language."""
    pages = {file_name(language): render_programme(signed, language).encode() for language in languages}
    return {FIGURES: signed.envelope, **pages}


def _own_style(name: str) -> str:
    return files("hakari.office.oversight").joinpath("programme", f"{name}.css").read_text("utf-8")
