"""Where this room stands in the navigation, and what it knows to need somebody now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse

from hakari.messages import say
from hakari.office.core.home import Need, Section, add_section
from hakari.office.core.language import reader_language
from hakari.office.core.navigation import Entry, add_entry
from hakari.office.information.models import Recipient, Urgency
from hakari.office.information.routing import notices_for
from hakari.office.information.showing import one_line
from hakari.office.information.telling import title_in
from hakari.office.people.access import Access
from hakari.office.registry.models import UseCase
from hakari.office.registry.panels import Panel, add_panel

MOST = 10


def _unread(access: Access) -> Iterable[Need]:
    """Yield the notices in force that this person has not opened, the urgent ones first."""
    language = reader_language()
    rows = Recipient.objects.filter(person=access.person, receipt=None, notice__end=None)
    rows = rows.select_related("notice", "notice__title_en", "notice__title_ja").order_by("-notice__published_at")
    found = sorted(rows[:100], key=lambda row: row.notice.urgency != Urgency.URGENT)
    for row in found[:MOST]:
        yield Need(
            title=title_in(row.notice, language),
            does=say(f"office.information.need.{row.notice.urgency}"),
            url=reverse("information:notice", args=[row.notice.number]),
            number=row.notice.number,
        )


def _of_case(_: Access, use_case: UseCase) -> Mapping[str, Any]:
    found = notices_for(use_case)
    return {"notices": [{"notice": item, "title": one_line(item.title_en, item.title_ja)} for item in found]}


add_entry(Entry(key="office.navigation.notices", view="information:notices", shown=lambda access: True, place=60))
add_entry(
    Entry(key="office.navigation.commitments", view="information:commitments", shown=lambda access: True, place=65)
)
add_section(
    Section(key="office.information.to_read", needs=_unread, shown=lambda access: bool(access.signed_in), place=60)
)
add_panel(Panel(key="information.notices", place=80, template="information/_of_case.html", context=_of_case))
