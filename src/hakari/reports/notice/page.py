"""Page: a notice as one self-contained HTML page that prints on one sheet of A4."""

from __future__ import annotations

from markupsafe import Markup

from hakari.assessment.notice.model import DecisionNotice
from hakari.assessment.notice.wording import NoticeLanguage
from hakari.reports._page import environment, policy, style
from hakari.reports.notice.view import notice_view
from hakari.reports.words import Words

__all__ = ["render_notice"]


def render_notice(notice: DecisionNotice, language: NoticeLanguage) -> str:
    """Return the notice in one of its languages. The same notice gives the same bytes; nothing is fetched."""
    sheet = style("notice")
    page = environment().get_template("notice.html")
    return page.render(
        language=language,
        notice=notice_view(notice, language),
        policy=policy(sheet),
        say=Words(language).say,
        style=Markup(sheet),  # noqa: S704  # our own file, and CSS must not be escaped
    )
