"""`manage remind`: people are reminded, in their digest, of what is due or late."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from hakari.messages import render, say
from hakari.office.oversight.reminders import remind

__all__ = ["Command"]


class Command(BaseCommand):
    """Run it once a day, or more often, before `send_digests`: nobody is reminded twice on one day."""

    help = "Put reminders of conditions, tasks and votes into the digest of the day."

    def handle(self, *args: Any, **options: Any) -> None:
        """Remind."""
        self.stdout.write(render(say("office.oversight.reminded", n=remind()), "en"))
