"""Where this room stands in the navigation, what it knows to need somebody now, and its part of a use case's page."""

from __future__ import annotations

from typing import Any

from hakari.office.core.home import Section, add_section
from hakari.office.core.navigation import Entry, add_entry
from hakari.office.lifecycle import panels  # noqa: F401  # adds itself
from hakari.office.lifecycle.showing import needs
from hakari.office.people.permissions import Permission


def _signed_in(access: Any) -> bool:
    return bool(access.signed_in)


add_entry(Entry(key="office.navigation.assessments", view="lifecycle:list", shown=_signed_in, place=32))
add_section(Section(key="office.lifecycle.home.questions", needs=needs.of_answerers, shown=_signed_in, place=11))
add_section(Section(key="office.lifecycle.home.changes", needs=needs.of_changes, shown=_signed_in, place=12))
add_section(Section(key="office.lifecycle.home.stale", needs=needs.of_stale, shown=_signed_in, place=13))
add_section(
    Section(
        key="office.lifecycle.home.review",
        needs=needs.of_reviewers,
        shown=lambda access: access.may(Permission.REVIEW),
        place=23,
        empty="office.lifecycle.home.review_empty",
    )
)
