"""Mail about notices, written in the background: urgent ones at once, the rest in the digest of the day."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django_tasks import task

from hakari.messages import say
from hakari.office.core import mail
from hakari.office.information.models import Notice, Recipient, Urgency

__all__ = ["remind_readers", "tell_recipients", "title_in"]

_COLUMNS = ("title_en", "title_ja")


def title_in(notice: Notice, language: str) -> str:
    """Return the title in a language, or in the one in which it was written."""
    first, second = (notice.title_ja, notice.title_en) if language == "ja" else (notice.title_en, notice.title_ja)
    return str(first or second or notice.number)


@task()
def tell_recipients(notice: int, first: int = 0) -> int:
    """Write to the recipients of a notice from the row `first` on; return how many."""
    found = Notice.objects.select_related(*_COLUMNS).get(pk=notice)
    with transaction.atomic():
        people = Recipient.objects.filter(notice=found, pk__gte=first).select_related("person")
        return sum(_tell(found, row.person, again=False) for row in people)


@task()
def remind_readers(notice: int) -> int:
    """Write once more to those who have not opened a notice; return how many."""
    found = Notice.objects.select_related(*_COLUMNS).get(pk=notice)
    with transaction.atomic():
        people = Recipient.objects.filter(notice=found, receipt=None).select_related("person")
        return sum(_tell(found, row.person, again=True) for row in people)


def _tell(notice: Notice, person: Any, *, again: bool) -> bool:
    title = title_in(notice, person.language)
    body = say("office.information.mail.reminder" if again else f"office.information.mail.{notice.urgency}")
    item = mail.send(
        person,
        subject=say(f"office.information.mail.subject_{notice.kind}", title=title),
        body=body,
        link=reverse("information:notice", args=[notice.number]),
        about=say("office.information.mail.why"),
        digest=not again and notice.urgency != Urgency.URGENT,
    )
    return item is not None
