"""Where this room stands in the navigation, and what it knows to need somebody now."""

from __future__ import annotations

from hakari.office.core.home import Section, add_section
from hakari.office.core.navigation import Entry, add_entry
from hakari.office.oversight import needs
from hakari.office.people.access import Access
from hakari.office.people.permissions import Permission


def _measures(access: Access) -> bool:
    return access.may(Permission.MEASURE_OFFICE)


def _leads(access: Access) -> bool:
    return access.may(Permission.ACCEPT)


def _somebody(access: Access) -> bool:
    return access.signed_in


add_entry(Entry(key="office.navigation.oversight", view="oversight:overview", shown=_measures, place=79))
add_entry(Entry(key="office.navigation.calendar", view="oversight:calendar", shown=_somebody, place=95))
add_section(Section(key="office.oversight.home.late", needs=needs.of_head, shown=_leads, place=15))
