"""HTML: one self-contained, accessible page of a case, which asks for nothing from outside and needs no script."""

from __future__ import annotations

from markupsafe import Markup

from hakari.assessment.case import Case
from hakari.assessment.reasons import stage_word, status_word
from hakari.messages import Language
from hakari.reports._page import environment, policy, style
from hakari.reports.marks import scale_mark, sign, signs, status_bar
from hakari.reports.provenance import provenance
from hakari.reports.requirements import group_views
from hakari.reports.sections import conflict_view, explanation_view, harm_view, notice_section
from hakari.reports.summary import exceptions, excluded, open_items, verdict
from hakari.reports.words import Words

__all__ = ["render_report"]


def render_report(case: Case, language: Language, *, generated_at: str) -> str:
    """Return the report of `case` in `language` as one HTML file; `generated_at` is UTC, ISO 8601.

    The same case, language and time give the same bytes on the same machine. Nothing in the page is fetched: styles
    and pictures stand in it, and its content security policy forbids everything else.
    """
    words = Words(language)
    groups = group_views(case, words)
    notice = notice_section(case, words)
    sheet = style() if notice is None else style("notice")
    page = environment().get_template("report.html")
    return page.render(
        assessment=case.assessment,
        check_names=("genuine", "recomputed", "rerun"),
        conflicts=conflict_view(case, words),
        exceptions=exceptions(case, words),
        excluded=excluded(case, words),
        explanation=explanation_view(case, words),
        generated=words.time(generated_at),
        groups=groups,
        harms=harm_view(case, words),
        language=language,
        mark=scale_mark(),
        notice=notice,
        opened=open_items(groups, case),
        policy=policy(sheet),
        provenance=provenance(case, words),
        say=words.say,
        sign=sign,
        signs=signs(),
        stage=words(stage_word(case.assessment.stage)),
        status=lambda status: words(status_word(status)),
        status_bar=status_bar,
        style=Markup(sheet),  # noqa: S704  # our own file, and CSS must not be escaped
        verdict=verdict(case, words),
        words=words,
    )
