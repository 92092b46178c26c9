"""Secret addresses of calendars, and who was reminded of what."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from hakari.office.people.models import Person, new_key

__all__ = ["CalendarFeed", "Reminder"]


class CalendarFeed(models.Model):
    """A secret address at which a calendar program reads what one person has to keep in mind; kept as a digest."""

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="calendar_feeds")
    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of the secret part of the address, which is shown once."""
    created_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(revoked_at__isnull=True), name="oversight_one_feed_that_counts"
            )
        ]


class Reminder(models.Model):
    """A person was reminded of a thing on an occasion, such as a week before its day: never twice of the same."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    about = models.CharField(max_length=60)
    """Kind and key, such as `condition:…`."""
    occasion = models.CharField(max_length=20)
    """`soon`, `late` or `late+<weeks>`."""
    day = models.DateField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "day"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "about", "occasion"], name="oversight_reminded_once")
        ]
