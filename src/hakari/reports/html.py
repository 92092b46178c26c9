"""HTML: one self-contained, accessible page of a case, which asks for nothing from outside and needs no script."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup

from hakari.assessment.case import Case
from hakari.assessment.reasons import stage_word, status_word
from hakari.messages import Language
from hakari.reports.marks import scale_mark, sign, signs, status_bar
from hakari.reports.provenance import provenance
from hakari.reports.requirements import group_views
from hakari.reports.sections import conflict_view, harm_view
from hakari.reports.summary import exceptions, excluded, open_items, verdict
from hakari.reports.words import Words

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["render_report"]


def render_report(case: Case, language: Language, *, generated_at: str) -> str:
    """Return the report of `case` in `language` as one HTML file; `generated_at` is UTC, ISO 8601.

    The same case, language and time give the same bytes on the same machine. Nothing in the page is fetched: styles
    and pictures stand in it, and its content security policy forbids everything else.
    """
    words = Words(language)
    groups = group_views(case, words)
    style = _style()
    page = _environment().get_template("report.html")
    return page.render(
        assessment=case.assessment,
        check_names=("genuine", "recomputed", "rerun"),
        conflicts=conflict_view(case, words),
        exceptions=exceptions(case, words),
        excluded=excluded(case, words),
        generated=words.time(generated_at),
        groups=groups,
        harms=harm_view(case, words),
        language=language,
        mark=scale_mark(),
        opened=open_items(groups, case),
        policy=_policy(style),
        provenance=provenance(case, words),
        say=words.say,
        sign=sign,
        signs=signs(),
        stage=words(stage_word(case.assessment.stage)),
        status=lambda status: words(status_word(status)),
        status_bar=status_bar,
        style=Markup(style),  # noqa: S704  # our own file, and CSS must not be escaped
        verdict=verdict(case, words),
        words=words,
    )


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("hakari.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _style() -> str:
    return files("hakari.reports").joinpath("templates", "report.css").read_text("utf-8")


def _policy(style: str) -> str:
    """Content security policy: this very style sheet by its hash, pictures from the page itself, nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
