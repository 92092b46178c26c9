"""Numbers for people: short, in order, given out once."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils import timezone

from hakari.office.registry.models import Counter

__all__ = ["next_number"]


def next_number(kind: str) -> str:
    """Return the next number of a kind in this year, such as `UC-2026-0042`."""
    name = f"{kind}-{timezone.localdate().year}"
    with transaction.atomic():
        Counter.objects.get_or_create(name=name)
        counters = Counter.objects.select_for_update() if connection.features.has_select_for_update else Counter.objects
        counter = counters.get(name=name)
        counter.value += 1
        counter.save(update_fields=["value"])
    return f"{name}-{counter.value:04d}"
