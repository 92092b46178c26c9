"""What this room adds to the navigation and the home page."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from hakari.messages import say
from hakari.office.core.home import Need, Section, add_section
from hakari.office.core.navigation import Entry, add_entry
from hakari.office.people.access import Access
from hakari.office.people.models import Person
from hakari.office.people.permissions import Permission

__all__: list[str] = []

_MOST = 10


def _keeps(access: Access) -> bool:
    return access.may(Permission.MANAGE_PEOPLE)


def _erasures(_access: Access) -> Iterator[Need]:
    for person in Person.objects.filter(erasure_asked_at__isnull=False, erased_at=None).order_by("erasure_asked_at")[
        :_MOST
    ]:
        url = reverse("people:person", args=[person.key])
        yield Need(title=person.name, does=say("office.people.need.erasure"), url=url)


add_entry(Entry(key="office.navigation.people", view="people:list", shown=_keeps, place=80))
add_entry(Entry(key="office.navigation.roles", view="people:roles", shown=lambda access: access.signed_in, place=90))
add_section(Section(key="office.people.need.erasures", needs=_erasures, shown=_keeps, place=70))
