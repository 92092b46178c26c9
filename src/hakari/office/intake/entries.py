"""Where this room stands in the navigation, what it knows to need somebody now, and its part of a use case's page."""

from __future__ import annotations

from typing import Any

from hakari.office.core.home import Section, add_section
from hakari.office.core.navigation import Entry, add_entry
from hakari.office.intake import needs, panels  # noqa: F401  # panels adds itself
from hakari.office.people.permissions import Permission


def _may(permission: Permission) -> Any:
    return lambda access: access.may(permission)


add_entry(Entry(key="office.navigation.notify", view="intake:mine", shown=_may(Permission.NOTIFY), place=10))
add_entry(
    Entry(key="office.navigation.unit_queue", view="intake:unit_queue", shown=_may(Permission.DECIDE_MIDDLE), place=20)
)
add_entry(
    Entry(key="office.navigation.office_queue", view="intake:office_queue", shown=_may(Permission.REVIEW), place=21)
)
add_entry(Entry(key="office.navigation.samples", view="intake:samples", shown=_may(Permission.SAMPLE), place=22))

add_section(
    Section(
        key="office.intake.home.yours",
        needs=needs.of_reporters,
        shown=_may(Permission.NOTIFY),
        place=10,
        empty="office.intake.home.yours_empty",
    )
)
add_section(
    Section(
        key="office.intake.home.unit", needs=needs.of_delegates, shown=_may(Permission.DECIDE_MIDDLE), place=20,
        empty="office.intake.home.unit_empty",
    )
)  # fmt: skip
add_section(
    Section(
        key="office.intake.home.office", needs=needs.of_office, shown=_may(Permission.REVIEW), place=21,
        empty="office.intake.home.office_empty",
    )
)  # fmt: skip
add_section(Section(key="office.intake.home.samples", needs=needs.of_samplers, shown=_may(Permission.SAMPLE), place=22))
