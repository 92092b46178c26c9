"""Asking somebody without an account by a link: it expires, serves one purpose, and is kept as a digest only."""

from __future__ import annotations

import datetime
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import IntegrityError
from django.utils import timezone

from hakari.errors import ConflictError, NotAllowedError, OfficeError
from hakari.messages import say
from hakari.office.core.actions import Done, Outside, action
from hakari.office.core.models import FreeText
from hakari.office.intake import letters
from hakari.office.intake.actions.notifying import write_answer
from hakari.office.intake.actions.rules import AlreadyDone, locked, require_edit
from hakari.office.intake.actions.triaging import reweigh, triage_data
from hakari.office.intake.models import AskLink, Notification, Step
from hakari.office.intake.weighing import UNKNOWN, check_answer, question_named, weigh
from hakari.office.people.models import Person

__all__ = ["DAYS", "MOST_OPEN", "accept", "answer_link", "answered_link", "ask", "find_link", "set_aside", "withdraw"]

DAYS: Final = 14
"""How long a link opens."""
MOST_OPEN: Final = 10
"""Links of one notification that may be open at a time: the site is no machine for sending mail."""


def ask(
    notification: Notification,
    questions: Sequence[str],
    *,
    email: str,
    note: str,
    shown_title: str,
    language: str,
    once: str,
    by: Person,
) -> AskLink:
    """Send a link for these questions; sending the same form twice (`once`) sends one."""
    try:
        return _ask(
            notification,
            questions,
            email=email,
            note=note,
            shown_title=shown_title,
            language=language,
            once=once,
            by=by,
        )
    except IntegrityError:
        found = AskLink.objects.filter(key=once, notification=notification).first()
        if found is None:
            raise NotAllowedError(say("office.intake.not_involved")) from None
        return found


@action("link.sent")
def _ask(
    notification: Notification,
    questions: Sequence[str],
    *,
    email: str,
    note: str,
    shown_title: str,
    language: str,
    once: str,
    by: Person,
) -> Done[AskLink]:
    found = locked(notification)
    require_edit(by, found)
    if AskLink.objects.filter(key=once).exists():
        raise IntegrityError(once)
    _check_asked(found, questions)
    token, now = secrets.token_urlsafe(32), timezone.now()
    link = AskLink.objects.create(
        key=once,
        notification=found,
        token_digest=_digest(token),
        questions=list(questions),
        email=email,
        language=language,
        note=FreeText.keep(note) if note else None,
        shown_title=shown_title,
        asked_by=by,
        asked_at=now,
        expires_at=now + datetime.timedelta(days=DAYS),
    )
    letters.asked(link, token)
    data = {"link": link.key, "note": link.note_id or "", "questions": list(questions)}
    return Done(link, about=("use_case", found.use_case.key), data=data)


def find_link(token: str) -> AskLink | None:
    """Return the link that a token opens, if it still does."""
    found = AskLink.objects.select_related("notification__use_case", "asked_by", "note")
    link = found.filter(token_digest=_digest(token)).first()
    return link if link is not None and link.state == "open" else None


def answered_link(token: str) -> AskLink | None:
    """Return the link of a token that was answered, so that a second click is not told that it came too late."""
    return AskLink.objects.filter(token_digest=_digest(token)).exclude(answered_at=None).first()


def answer_link(token: str, answers: Mapping[str, Any], *, name: str, remark: str) -> AskLink:
    """Save what somebody outside answered; a second sending of the same answers is not an error.

    Raises:
        OfficeError: the link does not open anything (any more).
    """
    link = AskLink.objects.filter(token_digest=_digest(token)).first()
    if link is None:
        raise OfficeError(say("office.intake.outside.gone"))
    try:
        return _answer_link(link, answers, name=name, remark=remark, by=Outside(link.actor_key))
    except AlreadyDone as done:
        return done.result  # type: ignore[no-any-return]  # what the action would have returned


@action("link.answered")
def _answer_link(
    link: AskLink,
    answers: Mapping[str, Any],
    *,
    name: str,
    remark: str,
    by: Outside,  # noqa: ARG001  # read by the mark above
) -> Done[AskLink]:
    given = {item: _checked(item, answers.get(item, UNKNOWN)) for item in link.questions}
    now = timezone.now()
    open_now = AskLink.objects.filter(
        pk=link.pk, answered_at=None, withdrawn_at=None, closed_at=None, expires_at__gt=now
    )
    written = open_now.update(
        answered_at=now,
        answers=given,
        answered_by=FreeText.keep(name),
        remark=FreeText.keep(remark) if remark else None,
        version=link.version + 1,
    )
    stands = AskLink.objects.select_related("notification__use_case", "asked_by").get(pk=link.pk)
    if not written:
        if stands.answered_at is not None and stands.answers == given:
            raise AlreadyDone(stands)
        raise OfficeError(say("office.intake.outside.gone"))
    letters.answered(stands)
    data = {"answers": given, "link": link.key, "name": stands.answered_by_id, "remark": stands.remark_id or ""}
    return Done(stands, about=("use_case", stands.notification.use_case.key), data=data)


def accept(link: AskLink, *, seen: int, by: Person) -> AskLink:
    """Take over what was answered by a link; what was "I don't know" there stays as it is.

    Raises:
        ConflictError: an answer of the notification changed since version `seen`.
    """
    notification = link.notification
    if notification.step != Step.WRITING:
        weigh({**notification.answers, **_known(link)})
    try:
        return _accept(link, seen=seen, by=by)
    except AlreadyDone as done:
        return done.result  # type: ignore[no-any-return]  # what the action would have returned


@action("link.accepted")
def _accept(link: AskLink, *, seen: int, by: Person) -> Done[AskLink]:
    found = locked(link.notification)
    require_edit(by, found)
    now = AskLink.objects.get(pk=link.pk)
    if now.closed_at is not None:
        raise AlreadyDone(now)
    if now.answered_at is None:
        raise OfficeError(say("office.intake.link.not_answered"))
    if found.version != seen:
        raise ConflictError(say("office.core.conflict"))
    changed = {name: value for name, value in _known(now).items() if found.answers.get(name) != value}
    for question, value in changed.items():
        write_answer(found, question, value, by=now.actor_key, remark=now.remark_id or "")
    AskLink.objects.filter(pk=now.pk, closed_at=None).update(closed_at=timezone.now())
    record = reweigh(found, by=by) if changed else None
    data = {"link": now.key, "questions": sorted(changed), **triage_data(record)}
    return Done(now, about=("use_case", found.use_case.key), data=data)


def set_aside(link: AskLink, *, by: Person) -> AskLink:
    """Keep the answers that stand and close the link; what was answered stays to be read."""
    return _close(link, by=by)


@action("link.set_aside")
def _close(link: AskLink, *, by: Person) -> Done[AskLink]:
    found = locked(link.notification)
    require_edit(by, found)
    AskLink.objects.filter(pk=link.pk, closed_at=None).exclude(answered_at=None).update(closed_at=timezone.now())
    return Done(link, about=("use_case", found.use_case.key), data={"link": link.key})


@action("link.withdrawn")
def withdraw(link: AskLink, *, by: Person) -> Done[AskLink]:
    """Let a link open nothing any more."""
    found = locked(link.notification)
    require_edit(by, found)
    AskLink.objects.filter(pk=link.pk, answered_at=None, withdrawn_at=None).update(withdrawn_at=timezone.now())
    return Done(link, about=("use_case", found.use_case.key), data={"link": link.key})


def _check_asked(notification: Notification, questions: Sequence[str]) -> None:
    if not questions or any(question_named(name) is None for name in questions):
        raise OfficeError(say("office.intake.no_question"))
    waiting = AskLink.objects.filter(
        notification=notification, answered_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
    )
    if waiting.count() >= MOST_OPEN:
        raise OfficeError(say("office.intake.link.many", most=MOST_OPEN))


def _checked(name: str, value: Any) -> Any:
    question = question_named(name)
    return UNKNOWN if question is None else check_answer(question, value)


def _known(link: AskLink) -> dict[str, Any]:
    return {name: value for name, value in link.answers.items() if value != UNKNOWN}


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
