"""Where the register stands in the navigation."""

from __future__ import annotations

from hakari.office.core.navigation import Entry, add_entry
from hakari.office.people.permissions import Permission

add_entry(Entry(key="office.navigation.register", view="registry:list", shown=lambda access: True, place=30))
add_entry(
    Entry(
        key="office.navigation.components",
        view="registry:components",
        shown=lambda access: bool(access.may(Permission.SEE)),
        place=34,
    )
)
