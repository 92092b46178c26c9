"""The one page of an item: what a member reads before the vote, every part of it as a plain row for the template."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.http import Http404

from hakari.assessment.model import Finding, PlannedCheck
from hakari.assessment.reasons import answer_sentence, check_name, counts_sentence, spoken, status_word
from hakari.errors import HakariError
from hakari.messages import Message, say
from hakari.office.committee.actions.fitting import LARGER, ROOM, SHEET, filled, fitting
from hakari.office.committee.actions.rules import NEEDED, page_of
from hakari.office.committee.models import Decision, DocketItem, Heading, Passage, ProposedCondition, Rule
from hakari.office.committee.precedents import Like, like
from hakari.office.core.forms import tell
from hakari.office.core.language import in_readers_words, reader_language
from hakari.office.core.templatetags.office import day
from hakari.office.lifecycle.models import Round
from hakari.office.lifecycle.policy import packs_of
from hakari.office.lifecycle.showing.differences import Change, Frozen, changes
from hakari.office.lifecycle.showing.figures import CheckLine, check_lines
from hakari.office.lifecycle.showing.names import named
from hakari.office.lifecycle.views.finding import frozen
from hakari.office.people.access import Access
from hakari.packs import Pack

__all__ = ["OnePage", "Section", "Words", "draft_of_changes", "make_page"]

FIGURES: Final = ("not_met", "inconclusive", "excepted")
"""Statuses whose figures a member must see."""
CHECKS: Final = 2
"""Checks of one requirement that the printed sheet shows."""
CHANGES: Final = 5
"""Differences that it shows at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A text in one language."""

    language: str
    text: str
    original: bool
    """Whether it is what was written first, which binds."""
    by: Message | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One heading with what stands under it."""

    heading: str
    needed: bool
    revision: int
    words: tuple[Words, ...]
    """None, one, or two: that of the reader's language first."""

    @property
    def several(self) -> bool:
        """Whether there is a translation."""
        return len(self.words) > 1

    @property
    def other(self) -> str:
        """The language in which there is nothing yet."""
        original = next((item.language for item in self.words if item.original), "")
        return "" if self.several or not original else "en" if original == "ja" else "ja"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFigure:
    """A requirement that is not simply met, with the checks that say so."""

    title: Any
    status: str
    word: Message
    checks: tuple[CheckLine, ...]
    reason: Message | None
    """What is said where no figure is."""
    until: str
    """Until when it is accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionLine:
    """A condition that is proposed."""

    row: ProposedCondition
    requirement: Any
    check: Message | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvelopeLines:
    """The changes that a decision would allow in advance."""

    roles: list[str]
    checks: tuple[Message | str, ...]
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """How many entries the printed sheet holds; the screen shows all of them."""

    figures: int
    changes: int
    like: int
    unprinted_figures: int
    unprinted_changes: int
    roomy: bool
    """Whether so little stands on it that larger letters can be used."""


@dataclass(frozen=True, kw_only=True)
class OnePage:
    """Everything on the page."""

    sections: tuple[Section, ...]
    counts: Message | None
    figures: tuple[KeyFigure, ...]
    conditions: tuple[ConditionLine, ...]
    envelope: EnvelopeLines | None
    before: Decision | None
    """The decision on the round against which changes are shown."""
    changes: tuple[Change, ...]
    like: tuple[Like, ...]
    taken: int
    """Lines that the texts take."""
    frozen: bool
    """Whether the document of the round is still there."""

    room: int = ROOM
    high: int = ROOM * 9 // 10
    """Lines from which on the page is nearly full."""

    @cached_property
    def printed(self) -> Printed:
        """How much of what the site adds fits the printed sheet."""
        return _printed(self)

    @property
    def missing(self) -> tuple[str, ...]:
        """Headings that must be written before anybody votes."""
        return tuple(item.heading for item in self.sections if item.needed and not item.words)


def make_page(access: Access, item: DocketItem) -> OnePage:
    """Return the page of an item as one reader sees it."""
    passages = page_of(item)
    conditions = list(ProposedCondition.objects.filter(item=item).select_related("text"))
    now, packs = _document(item.round), _packs(item.round)
    planned = {check.id: check for check in now.plan.checks} if now else {}
    before, differences = _since(item, now, packs)
    return OnePage(
        sections=tuple(_sections(passages)),
        counts=counts_sentence(now.found.gate.counts) if now else None,
        figures=tuple(_figures(now.found.findings, planned, packs)) if now else (),
        conditions=tuple(_conditions(conditions, planned, packs)),
        envelope=_envelope(item, planned),
        before=before,
        changes=differences,
        like=tuple(like(item.use_case, access, most=5)),
        taken=filled(passages, conditions),
        frozen=now is not None,
    )


def _sections(passages: dict[str, Passage]) -> Iterable[Section]:
    names = named({key for row in passages.values() for key in (row.by, row.translated_by)})
    for heading in Heading.values:
        row = passages.get(heading)
        yield Section(
            heading=heading,
            needed=heading in NEEDED,
            revision=row.revision if row else 0,
            words=_words(row, names) if row else (),
        )


def _words(row: Passage, names: dict[str, Message | str]) -> tuple[Words, ...]:
    found = [Words(language=row.language, text=str(row.text), original=True, by=names.get(row.by, ""))]
    if row.translation is not None:
        other = "en" if row.language == "ja" else "ja"
        by = names.get(row.translated_by, "")
        found.append(Words(language=other, text=str(row.translation), original=False, by=by))
    reader = reader_language()
    return tuple(sorted(found, key=lambda item: item.language != reader))


def _document(round: Round) -> Frozen | None:
    """What the round froze; never what the engine says now."""
    try:
        return frozen(round)
    except Http404:
        return None


def _packs(round: Round) -> tuple[Pack, ...]:
    try:
        return packs_of(round.packs)
    except HakariError:
        return ()  # a pack was taken away; requirements are then called by their names in the document


def _title(reference: str, packs: Sequence[Pack]) -> Any:
    for pack in packs:
        for requirement in pack.requirements:
            if requirement.reference == reference:
                return requirement.title
    return reference.rsplit(":", 1)[-1].split("@", 1)[0]


def _figures(
    findings: Iterable[Finding], planned: dict[str, PlannedCheck], packs: Sequence[Pack]
) -> Iterable[KeyFigure]:
    wanted = [finding for finding in findings if finding.status in FIGURES]
    for finding in sorted(wanted, key=lambda item: FIGURES.index(item.status)):
        lines = check_lines(tuple(check for check in finding.checks if check.status != "met"), planned)
        yield KeyFigure(
            title=_title(finding.requirement, packs),
            status=finding.status,
            word=status_word(finding.status),
            checks=tuple(line for line in lines if line.value is not None),
            reason=spoken(finding.reasons[0], planned.values()) if finding.reasons else answer_sentence(finding),
            until=day(datetime.date.fromisoformat(finding.exception.until)) if finding.exception else "",
        )


def _conditions(
    rows: Iterable[ProposedCondition], planned: dict[str, PlannedCheck], packs: Sequence[Pack]
) -> Iterable[ConditionLine]:
    for row in rows:
        check = planned.get(row.check_id) if row.rule == Rule.CHECK else None
        yield ConditionLine(
            row=row, requirement=_title(row.requirement, packs), check=check_name(check) if check else None
        )


def _envelope(item: DocketItem, planned: dict[str, PlannedCheck]) -> EnvelopeLines | None:
    if not item.envelope:
        return None
    checks = tuple(check_name(planned[name]) if name in planned else str(name) for name in item.envelope["checks"])
    until = str(item.envelope["until"])
    return EnvelopeLines(
        roles=list(map(str, item.envelope["roles"])), checks=checks, until=day(datetime.date.fromisoformat(until))
    )


def _since(item: DocketItem, now: Frozen | None, packs: tuple[Pack, ...]) -> tuple[Decision | None, tuple[Change, ...]]:
    """Return the last decision on an earlier round of the case, and what is other than in that round."""
    earlier = Decision.objects.filter(use_case=item.use_case, round__lt=item.round_id)
    before = earlier.select_related("round__assessment").order_by("-pk").first()
    then = _document(before.round) if before else None
    if then is None or now is None:
        return before, ()
    return before, tuple(changes(then, now, packs))


def _printed(page: OnePage) -> Printed:
    """Share out the lines that the texts leave: figures first, then differences, then like cases."""
    left = SHEET - page.taken
    figures, taken = fitting(map(_figure_text, page.figures), left - 3)
    differences = [f"{tell(line.key, **line.arguments)}  " for line in draft_of_changes(page)][:CHANGES]
    changed, more = fitting(differences, left - 2 - taken)
    like_cases, still = fitting(map(_like_text, page.like), left - taken - more)
    used = page.taken + taken + more + still
    return Printed(
        figures=figures,
        changes=changed,
        like=like_cases,
        unprinted_figures=len(page.figures) - figures,
        unprinted_changes=len(page.changes) - changed,
        roomy=used <= LARGER,
    )


def _figure_text(figure: KeyFigure) -> str:
    parts = [f"{_in_words(figure.word)}    {_in_words(figure.title)} {figure.until}"]
    for check in figure.checks[:CHECKS]:
        words = [check.name, check.value, check.span, check.acceptable]
        parts.append(f"{' '.join(_in_words(word) for word in words)} {'.' * 14}")
    if not figure.checks:
        parts.append(_in_words(figure.reason))
    return " ".join(parts)


def _like_text(found: Like) -> str:
    return f"{found.decision.number} {found.decision.use_case.title} {'.' * 60}"


def draft_of_changes(page: OnePage) -> list[Message]:
    """Return a first draft of "what changed since last time": one line for each difference."""
    return [
        say(
            "office.committee.docket.change",
            requirement=_in_words(change.requirement.title),
            what=_in_words(change.what) or say(f"office.committee.docket.change.{change.kind}"),
            before=[_in_words(value) for value in change.before] or "–",
            after=[_in_words(value) for value in change.after] or "–",
        )
        for change in page.changes
    ]


def _in_words(value: Any) -> str:
    return in_readers_words(value)
