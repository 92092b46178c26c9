"""The view of a notice: its parts in reading order, every sentence rendered in one language."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

from hakari.assessment.notice.model import ChangeLine, DecisionNotice, ReasonLine
from hakari.assessment.notice.wording import NoticeLanguage
from hakari.reports.words import Words

__all__ = ["NoticeItem", "NoticePart", "NoticeView", "notice_view", "sentences_of"]

_DIGEST_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeItem:
    """One reason, or one change."""

    text: str
    code: str = ""
    note: str = ""
    """What to send if it is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePart:
    """One part of the letter."""

    id: str
    heading: str
    before: tuple[str, ...] = ()
    items: tuple[NoticeItem, ...] = ()
    after: tuple[str, ...] = ()
    contact: str = ""
    """Whom to turn to; kept in the company's own lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeView:
    """The whole notice."""

    language: NoticeLanguage
    kind: str
    organisation: str
    head: tuple[tuple[str, str], ...]
    """Label and value: what it is about, day, reference number, version."""
    parts: tuple[NoticePart, ...]
    legal: str


def notice_view(notice: DecisionNotice, language: NoticeLanguage) -> NoticeView:
    """Return the notice in one of its languages."""
    words = Words(language)
    parts = (
        NoticePart(
            id="decision",
            heading=words.say("reports.notice.decision.heading"),
            before=_given(notice.decision, notice.next, notice.decided_by, notice.ai_part, language=language),
        ),
        _reasons(notice, words),
        *((_changes(notice, words),) if notice.change_state != "not_needed" else ()),
        *((_not_used(notice, words),) if notice.not_used else ()),
        _sure(notice, words),
        _contest(notice, words),
    )
    model = notice.model
    version = words.say(
        "reports.notice.version_value", version=model.version, digest=model.digest[:_DIGEST_SHOWN]
    ) if model.digest else model.version  # fmt: skip
    return NoticeView(
        language=language,
        kind=words.say("reports.notice.kind"),
        organisation=notice.organisation[language],
        head=(
            (words.say("reports.notice.about"), notice.applied_for[language]),
            (words.say("reports.notice.date"), words.day(notice.date)),
            (words.say("reports.notice.reference"), notice.reference),
            (words.say("reports.notice.version"), version),
        ),
        parts=parts,
        legal=words.say("reports.notice.legal"),
    )


def sentences_of(view: NoticeView) -> tuple[str, ...]:
    """Return everything that is read as sentences: no headings, labels or addresses."""
    found: list[str] = []
    for part in view.parts:
        found += [*part.before, *(item.text for item in part.items)]
        found += [item.note for item in part.items if item.note]
        found += part.after
    return (*found, view.legal)


def _given(*texts: object, language: str) -> tuple[str, ...]:
    return tuple(str(text[language]) for text in texts if isinstance(text, dict) and text.get(language))


def _reasons(notice: DecisionNotice, words: Words) -> NoticePart:
    language = words.language
    side = "for" if notice.outcome == "favourable" else "against"
    before: tuple[str, ...] = ()
    after = []
    if notice.reasons:
        before = (notice.lead.get(language) or words.say(f"reports.notice.reasons.{side}"),)
        if notice.unnamed:
            after.append(words.say("reports.notice.reasons.unnamed"))
        if notice.unstable:
            after.append(words.say("reports.notice.reasons.unstable"))
    else:
        before = (
            words.say("reports.notice.reasons.only_unnamed" if notice.reliable else "reports.notice.reasons.none"),
        )
    return NoticePart(
        id="reasons",
        heading=words.say("reports.notice.reasons.heading"),
        before=before,
        items=tuple(_reason(line, words) for line in notice.reasons),
        after=tuple(after),
    )


def _reason(line: ReasonLine, words: Words) -> NoticeItem:
    language = words.language
    text = line.sentence.get(language, "")
    if not text:
        # A level that has no sentence of its own is told by its value.
        key = line.side if line.side in ("high", "low", "missing", "group") else "value"
        key = key if line.value or key == "missing" else "missing"
        text = words.say(f"reports.notice.reason.{key}", name=line.name[language], value=line.value.get(language, ""))
    return NoticeItem(
        text=text[:1].upper() + text[1:],
        code=words.say("reports.notice.reason.code", code=line.code) if line.code else "",
        note=line.correct.get(language, ""),
    )


def _changes(notice: DecisionNotice, words: Words) -> NoticePart:
    if notice.change_state != "found":
        before = (words.say(f"reports.notice.changes.{notice.change_state}"),)
        items: tuple[NoticeItem, ...] = ()
        after: tuple[str, ...] = ()
    else:
        before = (words.say(f"reports.notice.changes.{'one' if len(notice.changes) == 1 else 'any'}"),)
        items = tuple(NoticeItem(text=_alternative(lines, words)) for lines in notice.changes)
        after = (words.say("reports.notice.changes.promise"),)
    return NoticePart(
        id="changes", heading=words.say("reports.notice.changes.heading"), before=before, items=items, after=after
    )


def _alternative(lines: tuple[ChangeLine, ...], words: Words) -> str:
    language = words.language
    parts = []
    for line in lines:
        name, after = line.name[language], line.after.get(language, "")
        if line.before:
            parts.append(words.say("reports.notice.changes.line", name=name, before=line.before[language], after=after))
        else:
            parts.append(words.say("reports.notice.changes.line_missing", name=name, after=after))
    # After “also” a name goes on in the middle of a sentence.
    told = words.say("reports.notice.changes.and").join(
        [parts[0], *(part[:1].lower() + part[1:] for part in parts[1:])]
    )
    return told[:1].upper() + told[1:]


def _not_used(notice: DecisionNotice, words: Words) -> NoticePart:
    names = words.join([text[words.language] for text in notice.not_used])
    return NoticePart(
        id="not-used",
        heading=words.say("reports.notice.not_used.heading"),
        before=(words.say("reports.notice.not_used.list", names=names), words.say("reports.notice.not_used.proxy")),
    )


def _sure(notice: DecisionNotice, words: Words) -> NoticePart:
    model = notice.model
    told = []
    if model.score is not None and model.line is not None:
        told.append(_score(model.score, model.line, words))
        told.append(words.say("reports.notice.sure.what"))
    if notice.near_line:
        told.append(words.say("reports.notice.sure.near"))
    told.append(words.say("reports.notice.sure.compared", n=model.compared))
    return NoticePart(id="sure", heading=words.say("reports.notice.sure.heading"), before=tuple(told))


def _score(score: float, line: float, words: Words) -> str:
    """Score and line in points; where whole points would be equal, in hundredths that do not cross the line."""
    score, line = 100 * score, 100 * line
    if round(score) != round(line) and line == round(line):
        return words.say("reports.notice.sure.score", score=score, line=line)
    if score < line:
        score = math.floor(score * 100 + 1e-9) / 100
    return words.say("reports.notice.sure.score_fine", score=score, line=line)


def _contest(notice: DecisionNotice, words: Words) -> NoticePart:
    heading, contest, language = words.say("reports.notice.contest.heading"), notice.contest, words.language
    if contest is None:
        return NoticePart(id="contest", heading=heading, before=(words.say("reports.notice.contest.missing"),))
    if contest.days is None:
        until = words.say("reports.notice.contest.no_deadline")
    else:
        last = date.fromisoformat(notice.date[:10]) + timedelta(days=contest.days)
        until = words.say("reports.notice.contest.until", day=words.day(last.isoformat()))
    person = contest.person.get(language) or words.say("reports.notice.contest.no_person")
    return NoticePart(
        id="contest",
        heading=heading,
        before=(words.say("reports.notice.contest.how"), until, person),
        contact=contest.contact[language],
    )
