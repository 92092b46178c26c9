"""Secret addresses of calendars for the matrix: whoever has one opens it, so it is that of somebody who has nothing."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from hakari.office.oversight.actions import open_feed
from hakari.office.oversight.calendars.addresses import secret_of
from hakari.office.oversight.models import CalendarFeed
from hakari.office.oversight.views.boards import BOARDS

__all__ = ["SEED", "add_calendars"]

SEED = "0123456789abcdefghij"


def add_calendars(world: Any) -> None:
    """Open a feed of the outsider, and one of the owner that is closed by its key."""
    outsider, owner = world.person("outsider"), world.person("owner")
    open_feed(outsider, seed=SEED, by=outsider)
    mine = open_feed(owner, seed=SEED, by=owner)
    # It was read today, so that reading it again writes nothing.
    CalendarFeed.objects.update(last_used_on=timezone.localdate())
    world.ids["feed"] = {"open": (secret_of(outsider, SEED),), "made-up": ("0" * 64,)}
    world.ids["calendar"] = {"owner's": (mine.key,), "made-up": ("0" * 32,)}
    world.ids["board"] = {**{name: (name,) for name in BOARDS}, "made-up": ("made-up",)}
