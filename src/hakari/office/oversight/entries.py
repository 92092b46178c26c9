"""Where this room stands in the navigation, and what it knows to need somebody now."""

from __future__ import annotations

from hakari.office.core.home import Section, add_section
from hakari.office.core.navigation import Entry, add_entry
from hakari.office.oversight import latest, needs
from hakari.office.people.access import Access
from hakari.office.people.permissions import Permission


def _measures(access: Access) -> bool:
    return access.may(Permission.MEASURE_OFFICE)


def _leads(access: Access) -> bool:
    return access.may(Permission.ACCEPT)


def _audits(access: Access) -> bool:
    return access.may(Permission.AUDIT)


def _reads(access: Access) -> bool:
    """Whoever reads for others, and whom nothing waits for."""
    return access.may(Permission.AUDIT) or access.may(Permission.PUBLISH)


def _somebody(access: Access) -> bool:
    return access.signed_in


add_entry(Entry(key="office.navigation.oversight", view="oversight:overview", shown=_measures, place=79))
add_entry(Entry(key="office.navigation.calendar", view="oversight:calendar", shown=_somebody, place=95))
for _place, (_name, _newest, _shown) in enumerate(
    (
        ("office.oversight.home.decisions", latest.decisions, _reads),
        ("office.oversight.home.checkpoints", latest.checkpoints, _audits),
        ("office.oversight.home.register", latest.register, _reads),
    ),
    start=70,
):
    add_section(Section(key=_name, needs=_newest, shown=_shown, place=_place))
add_section(Section(key="office.oversight.home.late", needs=needs.of_head, shown=_leads, place=15))
