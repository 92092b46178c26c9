"""Plain: a notice as text, for a letter, a mail or a screen reader."""

from __future__ import annotations

import textwrap
import unicodedata

from hakari.assessment.notice.model import DecisionNotice
from hakari.assessment.notice.wording import NoticeLanguage
from hakari.reports.notice.view import NoticeItem, notice_view
from hakari.reports.words import Words

__all__ = ["render_plain_notice"]

_WIDTH = 78


def render_plain_notice(notice: DecisionNotice, language: NoticeLanguage) -> str:
    """Return the notice as plain text; English lines are at most 78 columns wide, Japanese ones are left whole."""
    view, words = notice_view(notice, language), Words(language)
    lines = [view.organisation, "", view.kind, "=" * _columns(view.kind), ""]
    lines += [words.say("reports.pair", label=label, value=value) for label, value in view.head]
    for part in view.parts:
        lines += ["", part.heading, "-" * _columns(part.heading)]
        lines += _paragraph(part.before, language)
        for number, item in enumerate(part.items, 1):
            lines += _item(item, number, words)
        lines += _paragraph(part.after, language)
        if part.contact:
            lines += ["", *part.contact.splitlines()]
    return "\n".join([*lines, "", view.legal, ""])


def _paragraph(sentences: tuple[str, ...], language: NoticeLanguage) -> list[str]:
    if language == "ja":
        return list(sentences)
    return textwrap.wrap(" ".join(sentences), _WIDTH)


def _item(item: NoticeItem, number: int, words: Words) -> list[str]:
    start = f"{number}. "
    told = words.say("reports.notice.reason.with_code", text=item.text, code=item.code) if item.code else item.text
    found = [told, *([item.note] if item.note else [])]
    if words.language == "ja":
        return [f"{start if place == 0 else '   '}{line}" for place, line in enumerate(found)]
    lines = textwrap.wrap(told, _WIDTH, initial_indent=start, subsequent_indent="   ")
    return lines + (
        textwrap.wrap(item.note, _WIDTH, initial_indent="   ", subsequent_indent="   ") if item.note else []
    )


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
