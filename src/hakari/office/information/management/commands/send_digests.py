"""`manage send_digests`: what waits for the digest of the day goes out, and what failed is tried again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from hakari.messages import render, say
from hakari.office.core.mail import send_digests
from hakari.office.information.late import reach_all

__all__ = ["Command"]


class Command(BaseCommand):
    """Run it once a day, or more often: nobody gets two digests on one day."""

    help = "Send each person's digest of the day, try failed mail again, and route notices to later use cases."

    def handle(self, *args: Any, **options: Any) -> None:
        """Route, then send."""
        reached = reach_all()
        self.stdout.write(render(say("office.information.digests_sent", mails=send_digests(), reached=reached)))
