"""Audit page: one self-contained, accessible file of what an audit found, which asks for nothing from outside."""

from __future__ import annotations

from markupsafe import Markup

from hakari.messages import Language
from hakari.reports._page import environment, policy, style
from hakari.reports.audit.making import limit_lists, making_of
from hakari.reports.audit.numbers import measure_sections
from hakari.reports.audit.result import AuditResult
from hakari.reports.audit.slicings import slicing_sections
from hakari.reports.audit.summary import summary_of
from hakari.reports.marks import scale_mark
from hakari.reports.words import Words

__all__ = ["audit_html"]


def audit_html(result: AuditResult, language: Language) -> str:
    """Return what `result` found as one HTML file in `language`.

    The same result and language give the same bytes on the same machine. Styles and pictures stand in the page, and
    its content security policy forbids everything else.
    """
    words = Words(language)
    sheet = style("audit")
    return (
        environment()
        .get_template("audit.html")
        .render(
            groups=tuple(slicing_sections(result, words)),
            language=language,
            left_out=[(words(each.title), each.measure, words(each.reason)) for each in result.left_out],
            limits=tuple(limit_lists(result, words)),
            making=making_of(result, words),
            mark=scale_mark(),
            measures=tuple(measure_sections(result, words)),
            name=result.name,
            policy=policy(sheet),
            say=words.say,
            style=Markup(sheet),  # noqa: S704  # our own files, and CSS must not be escaped
            summary=summary_of(result, words),
        )
    )
