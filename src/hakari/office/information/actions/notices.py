"""Notices: published once, opened once by each reader, reminded of once, ended once."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import IntegrityError, transaction

from hakari.errors import ConflictError, InputError, NotAllowedError
from hakari.messages import say
from hakari.office.core.actions import SYSTEM, Actor, Done, action
from hakari.office.information.audience import Audience
from hakari.office.information.models import (
    Kind,
    Notice,
    NoticeEnd,
    Receipt,
    Recipient,
    RecipientCase,
    Reminder,
    Urgency,
)
from hakari.office.information.routing import Reason, concerned, reach
from hakari.office.information.telling import remind_readers, tell_recipients
from hakari.office.information.words import Words, check_length, keep, line
from hakari.office.people.access import require
from hakari.office.people.models import Person
from hakari.office.people.permissions import Permission
from hakari.office.registry.models import UseCase
from hakari.office.registry.numbers import next_number

__all__ = ["Draft", "mark_read", "publish", "reach_later", "remind", "withdraw"]

T = TypeVar("T")
_LONGEST_TITLE = 200
_LONGEST_TEXT = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A notice before it is published."""

    kind: str
    title: Words
    text: Words
    audience: Audience
    urgency: str = Urgency.NOTE
    supersedes: Notice | None = None
    heard: str = ""
    heard_name: str = ""
    heard_on: datetime.date | None = None
    changed: Words = field(default_factory=Words)

    def check(self) -> None:
        """Refuse what cannot be published.

        Raises:
            InputError: words are missing in every language, or too long.
        """
        if not self.title or self.title.languages != self.text.languages:
            raise InputError(say("office.information.words_missing"))
        check_length(self.title, _LONGEST_TITLE)
        for words in (self.text, self.changed, Words(en=self.heard_name)):
            check_length(words, _LONGEST_TEXT)


def publish(draft: Draft, *, key: str, by: Person) -> Notice:
    """Publish a notice; `key` names the form, so that sending it twice publishes once."""
    act = _publish_bulletin if draft.kind == Kind.BULLETIN else _record_dialogue
    found: Notice = _once(
        lambda: Notice.objects.filter(key=key, author=by, kind=draft.kind).first(), lambda: act(draft, key=key, by=by)
    )
    return found


@action("bulletin.published")
def _publish_bulletin(draft: Draft, *, key: str, by: Person) -> Done[Notice]:
    return _published(draft, key=key, by=by)


@action("dialogue.recorded")
def _record_dialogue(draft: Draft, *, key: str, by: Person) -> Done[Notice]:
    return _published(draft, key=key, by=by)


def _published(draft: Draft, *, key: str, by: Person) -> Done[Notice]:
    require(by, Permission.INFORM)
    draft.check()
    if draft.supersedes is not None:
        _check_holds(draft.supersedes)
    bulletin = draft.kind == Kind.BULLETIN
    notice = Notice(
        key=key,
        number=next_number("BU" if bulletin else "DI"),
        kind=draft.kind,
        urgency=draft.urgency,
        audience=draft.audience.stored,
        author=by,
        supersedes=draft.supersedes,
        heard="" if bulletin else draft.heard,
        heard_name=None if bulletin else keep(draft.heard_name, one_line=True),
        heard_on=None if bulletin else draft.heard_on,
        **draft.title.kept("title", one_line=True),
        **draft.text.kept("text"),
        **(Words() if bulletin else draft.changed).kept("changed"),
    )
    notice.save()
    if draft.supersedes is not None:
        _end(draft.supersedes, by=by, successor=notice)
    _add_recipients(notice, reach(draft.audience, concerned(draft.audience, UseCase.objects.all())), late=False)
    transaction.on_commit(lambda: tell_recipients.enqueue(notice.pk))
    # Neither people nor use cases are counted in the event: their number would tell of what is not shown to all.
    texts = {name: getattr(notice, f"{name}_id") for name in ("title_en", "title_ja", "text_en", "text_ja")}
    earlier = draft.supersedes.key if draft.supersedes else ""
    data = {"audience": draft.audience.stored, "texts": texts, "urgency": draft.urgency, "supersedes": earlier}
    return Done(notice, about=("notice", notice.key), data=data)


def withdraw(notice: Notice, reason: str, *, by: Person) -> NoticeEnd:
    """End a notice that no longer holds; sending it twice ends it once."""
    found: NoticeEnd = _once(
        lambda: NoticeEnd.objects.filter(notice=notice, successor=None).first(),
        lambda: _withdraw(notice, reason, by=by),
    )
    return found


@action("notice.withdrawn")
def _withdraw(notice: Notice, reason: str, *, by: Person) -> Done[NoticeEnd]:
    require(by, Permission.INFORM)
    if not line(reason):
        raise InputError(say("office.information.reason_missing"))
    check_length(Words(en=reason), _LONGEST_TEXT)
    end = _end(notice, by=by, reason=reason)
    return Done(end, about=("notice", notice.key), data={"reason": end.reason_id})


def _end(notice: Notice, *, by: Person, reason: str = "", successor: Notice | None = None) -> NoticeEnd:
    _check_holds(notice)
    end = NoticeEnd(notice=notice, by=by, reason=keep(reason), successor=successor)
    end.save()
    return end


def _check_holds(notice: Notice) -> None:
    if NoticeEnd.objects.filter(notice=notice).exists():
        raise ConflictError(say("office.information.ended_already", number=notice.number))


def mark_read(notice: Notice, *, by: Person) -> Receipt | None:
    """Note that a recipient has opened a notice, once; None for readers whom it does not concern."""
    recipient = Recipient.objects.filter(notice=notice, person=by).select_related("receipt").first()
    if recipient is None:
        return None
    found: Receipt = _once(
        lambda: Receipt.objects.filter(recipient=recipient).first(), lambda: _mark_read(recipient, notice, by=by)
    )
    return found


@action("notice.read")
def _mark_read(recipient: Recipient, notice: Notice, *, by: Person) -> Done[Receipt]:
    if recipient.person_id != by.pk:  # nobody reads for another
        raise NotAllowedError(say("office.information.not_yours"))
    receipt = Receipt(recipient=recipient)
    receipt.save()
    return Done(receipt, about=("notice", notice.key))


def remind(notice: Notice, *, by: Person) -> Reminder:
    """Remind those who have not read a notice; only once for each notice."""
    found: Reminder = _once(lambda: Reminder.objects.filter(notice=notice).first(), lambda: _remind(notice, by=by))
    return found


@action("notice.reminded")
def _remind(notice: Notice, *, by: Person) -> Done[Reminder]:
    require(by, Permission.INFORM)
    _check_holds(notice)
    reminder = Reminder(notice=notice, by=by)
    reminder.save()
    transaction.on_commit(lambda: remind_readers.enqueue(notice.pk))
    return Done(reminder, about=("notice", notice.key))


def reach_later(notice: Notice, use_case: UseCase) -> int:
    """Send a notice in force to those who answer for a use case that came to it later; return how many are new."""
    audience = Audience.read(notice.audience)
    people = reach(audience, concerned(audience, UseCase.objects.filter(pk=use_case.pk)))
    mine = {person: reason.cases for person, reason in people.items() if reason.cases}
    told = RecipientCase.objects.filter(recipient__notice=notice, use_case=use_case)
    missing = mine.keys() - set(told.values_list("recipient__person_id", flat=True))
    if not missing:
        return 0
    return int(_reach_later(notice, use_case, missing, by=SYSTEM))


@action("notice.reached")
def _reach_later(notice: Notice, use_case: UseCase, people: set[int], *, by: Actor) -> Done[int]:  # noqa: ARG001  # in the event
    there = dict(Recipient.objects.filter(notice=notice, person__in=people).values_list("person_id", "pk"))
    RecipientCase.objects.bulk_create(RecipientCase(recipient_id=pk, use_case=use_case) for pk in there.values())
    new = {person: Reason(cases=[use_case.pk]) for person in sorted(people - there.keys())}
    first = _add_recipients(notice, new, late=True)
    if new:
        transaction.on_commit(lambda: tell_recipients.enqueue(notice.pk, first))
    return Done(len(new), about=("notice", notice.key), data={"use_case": use_case.key})


def _add_recipients(notice: Notice, people: dict[int, Reason], *, late: bool) -> int:
    """Store recipients and their use cases; return the id from which on they are new."""
    rows = [Recipient(notice=notice, person_id=pk, by_unit=why.by_unit, late=late) for pk, why in people.items()]
    Recipient.objects.bulk_create(rows, batch_size=500)
    cases = [
        RecipientCase(recipient=row, use_case_id=case) for row in rows for case in sorted(people[row.person_id].cases)
    ]
    RecipientCase.objects.bulk_create(cases, batch_size=500)
    return min((row.pk for row in rows), default=0)


def _once(find: Callable[[], Any], act: Callable[[], T]) -> T:
    """Return what is there already, or do it; of two who do it at the same moment the second finds the first's."""
    found = find()
    if found is not None:
        return found  # type: ignore[no-any-return]  # rows of append-only models are untyped
    try:
        return act()
    except (IntegrityError, ConflictError) as error:
        found = find()
        if found is None and isinstance(error, ConflictError):
            raise
        if found is None:
            raise ConflictError(say("office.core.conflict")) from error
        return found  # type: ignore[no-any-return]  # as above
