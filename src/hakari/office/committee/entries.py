"""Where this room stands in the navigation, what it knows to need somebody now, and its part of a use case's page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hakari.office.committee import entries_meetings  # noqa: F401  # adds meetings, conditions and stops
from hakari.office.committee.models import DocketItem
from hakari.office.committee.showing import needs
from hakari.office.committee.showing.reading import items_for, reads
from hakari.office.core.home import Section, add_section
from hakari.office.core.navigation import Entry, add_entry
from hakari.office.lifecycle.actions.rules import is_own
from hakari.office.lifecycle.models import Round, Standing
from hakari.office.lifecycle.showing.parts import add_round_part
from hakari.office.people.access import Access
from hakari.office.people.permissions import Permission
from hakari.office.registry.history import IN_ONE_LINE
from hakari.office.registry.models import UseCase
from hakari.office.registry.panels import Panel, add_panel

__all__: list[str] = []


def _may(permission: Permission) -> Any:
    return lambda access: access.may(permission)


def _of_case(access: Access, use_case: UseCase) -> Mapping[str, Any]:
    """Return the items of a use case, and the round that could be laid before the committee now."""
    items = list(items_for(access).filter(use_case=use_case).order_by("-pk")[:5])
    live = [item.round_id for item in items if item.standing != DocketItem.Standing.WITHDRAWN]
    round = (
        Round.objects.filter(assessment__use_case=use_case, assessment__standing=Standing.IN_REVIEW)
        .select_related("assessment__use_case")
        .order_by("-pk")
        .first()
    )
    judges = round is not None and access.may(Permission.REVIEW, use_case.unit) and round.pk not in live
    if judges and round is not None and is_own(access.person, round.assessment):
        judges = False
    return {"items": items, "round": round if judges else None}


def _shown(access: Access, use_case: UseCase) -> bool:
    if not reads(access):
        return False
    found = _of_case(access, use_case)
    return bool(found["items"] or found["round"])


IN_ONE_LINE.update({"docket.passage_written", "docket.passage_translated"})
add_round_part("committee/_round.html")
add_entry(Entry(key="office.navigation.committee", view="committee:docket", shown=reads, place=40))
add_section(
    Section(
        key="office.committee.docket.home.votes", needs=needs.of_members, shown=_may(Permission.VOTE), place=5,
        empty="office.committee.docket.home.votes_empty",
    )
)  # fmt: skip
add_section(
    Section(key="office.committee.docket.home.chair", needs=needs.of_chair, shown=_may(Permission.CHAIR), place=6)
)
add_section(
    Section(key="office.committee.docket.home.writers", needs=needs.of_writers, shown=_may(Permission.REVIEW), place=30)
)
add_panel(Panel(key="committee.items", place=35, template="committee/_panel.html", context=_of_case, shown=_shown))
