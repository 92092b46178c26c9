"""Where this room stands in the navigation, and what it knows to need somebody now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from hakari.messages import render, say
from hakari.office.core.home import Need, Section, add_section
from hakari.office.core.language import reader_language
from hakari.office.core.navigation import Entry, add_entry
from hakari.office.keys.access import may_confirm
from hakari.office.keys.models import RegisteredKey
from hakari.office.people.access import Access

__all__: list[str] = []

_MOST: Final = 10


def _needs(access: Access) -> Iterator[Need]:
    rows = RegisteredKey.objects.select_related("person").order_by("asked_at", "pk")
    waiting = rows.filter(confirmed_at=None, declined_at=None).exclude(asked_by=access.person)
    for row in waiting[:_MOST]:
        url = reverse("keys:confirm", args=[row.key])
        yield Need(title=row.label, does=say("office.keys.need.confirm"), url=url)
    # An erased person's keys have ended; one whose account is closed may still come back, so somebody must say so.
    counts = Q(valid_until=None) | Q(valid_until__gt=timezone.now())
    left = rows.filter(counts, confirmed_at__isnull=False, revoked_at=None, person__is_active=False)
    for row in left.filter(person__erased_at=None)[:_MOST]:
        title = row.label or render(say("office.keys.somebody"), reader_language())
        yield Need(title=title, does=say("office.keys.need.closed"), url=reverse("keys:revoke", args=[row.key]))


add_entry(Entry(key="office.navigation.keys", view="keys:list", shown=lambda access: access.signed_in, place=85))
add_section(Section(key="office.keys.needs", needs=_needs, shown=may_confirm, place=65))
