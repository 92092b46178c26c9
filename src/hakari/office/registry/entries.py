"""Where the register stands in the navigation."""

from __future__ import annotations

from hakari.office.core.navigation import Entry, add_entry

add_entry(Entry(key="office.navigation.register", view="registry:list", shown=lambda access: True, place=30))
