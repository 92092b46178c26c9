"""`manage rebuild_findings`: every projection is derived again from the records and compared with the stored one."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hakari.messages import render, say
from hakari.office.lifecycle.models import Projection
from hakari.office.lifecycle.projecting import rebuild

__all__ = ["Command"]


class Command(BaseCommand):
    """It changes nothing: a projection that differs was written by something else than the engine."""

    help = "Derive all findings again from records and packs, and name every stored one that differs."

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare, with a line for each assessment that differs.

        Raises:
            CommandError: one does.
        """
        found = rebuild(lambda done, total: self.stderr.write(f"{done}/{total}", ending="\r"))
        for item in found:
            self.stdout.write(
                render(say("office.lifecycle.rebuilt.differs", assessment=str(item.assessment), what=item.what))
            )
        summary = render(say("office.lifecycle.rebuilt", n=Projection.objects.count(), differing=len(found)))
        if found:
            raise CommandError(summary)
        self.stdout.write(summary)
