"""`manage keep_time`: what time alone brings about happens: votes end at their deadline, and decisions at their day."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from hakari.messages import render, say
from hakari.office.committee.actions.voting import close_due
from hakari.office.lifecycle.staleness import expire

__all__ = ["Command"]


class Command(BaseCommand):
    """Run it every few minutes, and at least once a day: what is done is not done again."""

    help = "Close votes whose deadline has passed, and mark assessments that do not stand any more."

    def handle(self, *args: Any, **options: Any) -> None:
        """Close, then mark."""
        closed = close_due()
        self.stdout.write(render(say("office.committee.time_kept", closed=closed, stale=expire())))
