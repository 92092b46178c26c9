"""What one person is told, as the report shows it: the notice of the example in every language that it is sent in."""

from __future__ import annotations

from dataclasses import dataclass

from hakari.assessment.case import Case
from hakari.assessment.notice.model import DecisionNotice
from hakari.assessment.notice.reading import LINES, reading_level
from hakari.assessment.notice.record import notice_in
from hakari.assessment.notice.wording import NoticeLanguage
from hakari.messages import say
from hakari.reports.notice.view import NoticeView, notice_view, sentences_of
from hakari.reports.words import Words

__all__ = ["NoticeSection", "notice_section"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSection:
    """The whole section."""

    views: tuple[NoticeView, ...]
    """The reader's language first."""
    facts: tuple[str, ...]
    """How the reasons were found and tested, and how hard the notice is to read."""


def notice_section(case: Case, words: Words) -> NoticeSection | None:
    """Return the section, or None if the case holds no notice."""
    notice = notice_in(case.evidence)
    if notice is None:
        return None
    languages = sorted(notice.languages, key=lambda language: language != words.language)
    views = tuple(notice_view(notice, language) for language in languages)
    return NoticeSection(views=views, facts=(_how(notice, words), *(_level(view, words) for view in views)))


def _how(notice: DecisionNotice, words: Words) -> str:
    return words.say(
        "reports.notice.section.how",
        method=say(f"measures.explanation.method.{notice.method.get('method', 'sampled_shapley')}"),
        players=len(notice.reasons),
        repeats=int(notice.method.get("seeds", 0)) + int(notice.method.get("draws", 0)),
        rows=notice.model.rows,
    )


def _level(view: NoticeView, words: Words) -> str:
    language: NoticeLanguage = view.language
    figures, lines = reading_level(sentences_of(view), language).figures, LINES[language]
    if language == "en":
        return words.say(
            "reports.notice.section.level_en", grade=figures["grade"], most=lines["grade"], words=figures["words"]
        )
    return words.say(
        "reports.notice.section.level_ja",
        letters=figures["letters"],
        most=lines["letters"],
        share=figures["kanji_share"],
    )
