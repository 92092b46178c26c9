"""Mail to people: plain text in the reader's language, sent after the transaction, tried again if it fails.

`send` writes a row (`MailItem`) in the caller's transaction; a background task sends it once that has committed. A task
holds the row's number only, and the row's words are wiped when the mail has gone: a link that opens something without
an account is kept nowhere. What can wait goes into one digest for each person and day.

The site's own titles of use cases must come from `registry.title_for` with the reader's access: nothing here can tell
a title that the reader may see from one that they may not. What a mail is about may be hidden from its reader between
writing and sending; with a `guard` it is asked again, and the mail is dropped.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable
from typing import Any, Final, Protocol

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django_tasks import task

from hakari.errors import InputError
from hakari.messages import Language, Message, render, say
from hakari.office.core.models import MailItem

__all__ = ["ATTEMPTS", "GUARDS", "Reader", "absolute", "deliver", "overdue", "send", "send_digests", "undelivered"]

ATTEMPTS: Final = 6
"""After as many failures a mail is given up and shown as undelivered."""
GUARDS: Final[dict[str, Callable[[Any, str], bool]]] = {}
"""Kind of a thing → whether a person may still be told of the one with this key; rooms add theirs when loaded."""
_FIRST_WAIT: Final = datetime.timedelta(minutes=5)
_KEPT: Final = datetime.timedelta(days=30)
_BREAKS: Final = ("\r", "\n", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")

_log = logging.getLogger(__name__)


class Reader(Protocol):
    """Somebody with an account, as mail sees them (`people.Person`)."""

    pk: Any
    email: Any
    language: Any
    is_active: Any
    erased_at: Any


def send(
    to: Reader | str,
    *,
    subject: Message,
    body: Message,
    link: str = "",
    language: Language | None = None,
    about: Message | None = None,
    digest: bool = False,
    guard: str = "",
) -> MailItem | None:
    """Send one mail when the transaction has committed; nobody gets one whose account is closed or erased.

    Args:
        to: The reader, or the address of somebody without an account.
        subject: One line.
        body: Text; may have several lines.
        link: Path on this site, such as `/information/3/`; it becomes an absolute address.
        language: The reader's own unless another is named; English for an address.
        about: Why the reader gets it, said at the foot.
        digest: It can wait for the reader's digest of the day; only for people with an account.
        guard: `kind:key` of what the reader must still be allowed to see when it goes out; only for people.

    Raises:
        InputError: the address, subject or link could bend the mail.
    """
    person = None if isinstance(to, str) else to
    if person is not None and (not person.is_active or person.erased_at is not None):
        return None
    words: Language = language or ("ja" if person is not None and person.language == "ja" else "en")
    item = MailItem(
        person_id=None if person is None else person.pk,
        address=_address(to) if isinstance(to, str) else "",
        language=words,
        subject=_one_line(render(subject, words)),
        body=render(body, words),
        link=_path(link),
        why=render(about or say("office.mail.why_address" if person is None else "office.mail.why_account"), words),
        digest=digest and person is not None,
        guard=guard if person is not None else "",
    )
    item.save()
    if not item.digest:
        transaction.on_commit(lambda: _enqueue(item.pk))
    return item


@task()
def deliver(item: int) -> bool:
    """Send one stored mail unless another worker has it or it has gone; a failure is tried again later."""
    return _deliver(item, timezone.now())


def _deliver(item: int, now: datetime.datetime) -> bool:
    found = _claim(MailItem.objects.filter(pk=item, digest=False), now)
    if not found:
        return False
    mail = found[0]
    language = _language(mail)
    foot = render(say("office.mail.foot", why=mail.why, address=absolute("/")), language)
    return _send([mail], subject=mail.subject, text=_text(mail.body, mail.link, foot), language=language)


def send_digests(now: datetime.datetime | None = None) -> int:
    """Send each person what waits for them as one mail, at most one a day, and try overdue mail again.

    Returns the number of mails sent. Run it once a day or more often (`manage send_digests`).
    """
    at = now or timezone.now()
    start = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    had = MailItem.objects.filter(digest=True, sent_at__gte=start).values("person_id")
    waiting = MailItem.objects.filter(digest=True, sent_at=None, attempts__lt=ATTEMPTS, due_at__lte=at)
    people = list(
        waiting.exclude(person_id__in=had).order_by("person_id").values_list("person_id", flat=True).distinct()
    )
    sent = sum(_digest(waiting.filter(person_id=person), at) for person in people)
    late = list(overdue(at).order_by("pk").values_list("pk", flat=True))
    sent += sum(_deliver(pk, at) for pk in late)
    MailItem.objects.filter(sent_at__lt=at - _KEPT).delete()
    return sent


def overdue(now: datetime.datetime | None = None) -> QuerySet[MailItem]:
    """Return the mail that should have gone: its task was lost, or it failed and its time has come again."""
    at = now or timezone.now()
    first = at - _FIRST_WAIT  # before this a task may still be on its way
    waiting = MailItem.objects.filter(digest=False, sent_at=None, attempts__lt=ATTEMPTS, due_at__lte=at)
    return waiting.filter(created_at__lte=first)


def undelivered() -> QuerySet[MailItem]:
    """Return the mail that failed at least once and has not gone, newest first, for the desk to show."""
    return MailItem.objects.filter(sent_at=None).exclude(failure="").order_by("-created_at", "-pk")


def absolute(path: str) -> str:
    """Return the address of a page as somebody outside the site writes it."""
    return f"{settings.ENVIRONMENT.address}{path}"


def _digest(waiting: QuerySet[MailItem], now: datetime.datetime) -> int:
    items = _claim(waiting.order_by("pk"), now)
    if not items:
        return 0
    person = items[0].person
    language: Language = "ja" if person is not None and person.language == "ja" else "en"
    parts = [_text(f"■ {item.subject}\n{item.body}", item.link) for item in items]
    why = render(say("office.mail.why_digest"), language)
    foot = render(say("office.mail.foot", why=why, address=absolute("/")), language)
    subject = render(say("office.mail.digest_subject", n=len(items)), language)
    return int(_send(items, subject=subject, text=_text("\n\n".join(parts), "", foot), language=language))


def _claim(items: QuerySet[MailItem], at: datetime.datetime) -> list[MailItem]:
    """Take what is due: whoever pushes the time of the next attempt ahead first has it."""
    claimed = []
    for item in items.filter(sent_at=None, attempts__lt=ATTEMPTS, due_at__lte=at).select_related("person"):
        if item.guard and not _still_told(item):
            item.delete()
            continue
        again = at + _FIRST_WAIT * 2**item.attempts
        mine = MailItem.objects.filter(pk=item.pk, sent_at=None, attempts=item.attempts)
        if mine.update(attempts=F("attempts") + 1, due_at=again):
            item.attempts, item.due_at = item.attempts + 1, again
            claimed.append(item)
    return claimed


def _still_told(item: MailItem) -> bool:
    kind, _, key = item.guard.partition(":")
    return kind not in GUARDS or GUARDS[kind](item.person, key)


def _send(items: list[MailItem], *, subject: str, text: str, language: Language) -> bool:
    """Send one mail for these items, and note what came of it."""
    rows = MailItem.objects.filter(pk__in=[item.pk for item in items])
    person: Any = items[0].person
    if person is not None and (not person.is_active or person.erased_at is not None):
        rows.delete()
        return False
    try:
        address = _address(person.email if person is not None else items[0].address)
        headers = {"Auto-Submitted": "auto-generated", "Content-Language": language}
        EmailMessage(subject=_one_line(subject), body=text, to=[address], headers=headers).send()
    except Exception as error:  # noqa: BLE001  # whatever a mail server does, the mail stays and is tried again
        name = type(error).__name__
        rows.update(failure=name)
        # No trace: the error's text may hold an address.
        _log.error("mail %s was not sent at attempt %d: %s", items[0].pk, items[0].attempts, name)
        if not items[0].digest and items[0].attempts < ATTEMPTS:
            _again(items[0])
        return False
    rows.update(sent_at=timezone.now(), failure="", subject="", body="", link="", why="", address="")
    return True


def _again(item: MailItem) -> None:
    # A backend that cannot wait leaves the next attempt to send_digests.
    if deliver.get_backend().supports_defer:
        deliver.using(run_after=item.due_at).enqueue(item.pk)


def _enqueue(pk: int) -> None:
    deliver.enqueue(pk)


def _language(item: MailItem) -> Language:
    return "ja" if item.language == "ja" else "en"


def _text(body: str, link: str, foot: str = "") -> str:
    """Return body, absolute link and foot as paragraphs."""
    return "\n\n".join(part for part in (body.strip(), absolute(link) if link else "", foot) if part)


def _address(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        raise InputError(say("office.mail.address")) from None
    return text


def _one_line(text: str) -> str:
    if any(mark in text for mark in _BREAKS):
        raise InputError(say("office.mail.subject"))
    return text[:400]


def _path(link: str) -> str:
    bent = any(mark in link for mark in (*_BREAKS, "\\", " "))
    if link and (bent or not link.startswith("/") or link.startswith("//")):
        raise InputError(say("office.mail.link"))
    return link
