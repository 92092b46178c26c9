"""The decision notice on paper: one page of HTML or plain text, all words rendered in one language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.reports.notice.page import render_notice
    from hakari.reports.notice.plain import render_plain_notice
    from hakari.reports.notice.view import NoticeView, notice_view, sentences_of

__all__ = ["NoticeView", "notice_view", "render_notice", "render_plain_notice", "sentences_of"]

__getattr__, __dir__ = exports(
    __name__,
    {
        "page": ("render_notice",),
        "plain": ("render_plain_notice",),
        "view": ("NoticeView", "notice_view", "sentences_of"),
    },
)
