"""What can be done here: open and close the secret address of one's own calendar, and sign a programme report."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from hakari.errors import ConflictError
from hakari.messages import say
from hakari.office.core.actions import Done, action
from hakari.office.oversight.calendars.addresses import digest_of, secret_of
from hakari.office.oversight.models import CalendarFeed
from hakari.office.oversight.programme.period import Period
from hakari.office.oversight.programme.statement import Signed, require_programme, sign
from hakari.office.people.access import require_oneself
from hakari.office.people.models import Person

__all__ = ["close_feed", "open_feed", "report"]


@action("calendar.opened")
def open_feed(person: Person, *, seed: str, by: Person) -> Done[CalendarFeed]:
    """Make a secret address for one's own calendar; one that was open before ends. Its text is `secret_of`.

    Raises:
        ConflictError: two were asked for at the same moment.
    """
    require_oneself(by, person)
    ended = CalendarFeed.objects.filter(person=person, revoked_at=None).update(revoked_at=timezone.now())
    try:
        with transaction.atomic():
            feed = CalendarFeed.objects.create(person=person, digest=digest_of(secret_of(person, seed)))
    except IntegrityError as error:
        raise ConflictError(say("office.core.conflict")) from error
    return Done(feed, about=("calendar", feed.key), data={"ended": ended})


@action("calendar.closed")
def close_feed(feed: CalendarFeed, *, by: Person) -> Done[CalendarFeed]:
    """End a secret address at once: one's own."""
    require_oneself(by, feed.person)
    CalendarFeed.objects.filter(pk=feed.pk, revoked_at=None).update(revoked_at=timezone.now())
    feed.refresh_from_db()
    return Done(feed, about=("calendar", feed.key))


@action("programme.reported")
def report(period: Period, *, by: Any) -> Done[Signed]:
    """Count a period, sign the figures with the office's key, and note their digest in the ledger.

    Raises:
        NotAllowedError: a person who may not see how the office does, or not restricted cases, which count in it.
    """
    require_programme(by)
    signed = sign(period)
    data = {"digest": signed.digest, "first": period.first.isoformat(), "last": period.last.isoformat()}
    return Done(signed, about=("programme", period.name), data=data)
