"""Public keys: whose each one is, who asked for it and who confirmed it, from when until when it counts."""

from __future__ import annotations

import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from hakari.office.core.conflicts import Versioned
from hakari.office.core.models import FreeText
from hakari.office.people.models import Person, Unit, new_key

__all__ = ["Kind", "RegisteredKey", "State"]


class Kind(models.TextChoices):
    """Whose a key is."""

    PERSON = "person"
    PIPELINE = "pipeline"
    """A program that measures by itself, such as a job in continuous integration."""


class State(models.TextChoices):
    """Where a key stands."""

    WAITING = "waiting"
    """Asked for; nobody has compared it yet."""
    DECLINED = "declined"
    LATER = "later"
    """Confirmed, and counts from a day that has not come."""
    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


class RegisteredKey(Versioned):
    """An Ed25519 public key that somebody asked the office to register."""

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    public = models.CharField(max_length=64)
    """The 32 raw bytes in hexadecimal."""
    key_id = models.CharField(max_length=64)
    """SHA-256 of the raw bytes: what stands in signatures and what people compare."""
    kind = models.CharField(max_length=8, choices=Kind)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="registered_keys")
    name = models.CharField(max_length=120, blank=True)
    """The pipeline's; a person's is their account's, so that it goes when they are erased."""
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """Who answers for a pipeline."""
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="asked_keys")
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="confirmed_keys"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    """When it was refused, or taken back by whoever asked; the key may then be asked for again."""
    declined_by = models.CharField(max_length=32, blank=True)
    """Key of the person."""
    revoked_at = models.DateTimeField(null=True, blank=True)
    """From when on its signatures do not count."""
    revoked_by = models.CharField(max_length=32, blank=True)
    """Key of the person."""
    reason = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """Why it was declined or revoked."""

    class Meta:
        ordering: ClassVar = ["-asked_at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["key_id"]), models.Index(fields=["confirmed_at"])]
        constraints: ClassVar = [
            # Public halves are public: whoever asked for somebody else's must not keep it from them once declined.
            models.UniqueConstraint(
                fields=["public"], condition=Q(declined_at__isnull=True), name="keys_public_once_unless_declined"
            ),
            models.CheckConstraint(
                condition=Q(kind="person", person__isnull=False, name="", unit__isnull=True)
                | (Q(kind="pipeline", person__isnull=True, unit__isnull=False) & ~Q(name="")),
                name="keys_kind_says_whose",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=models.F("valid_from")),
                name="keys_until_after_from",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False, declined_at__isnull=True),
                name="keys_confirmed_by_somebody_and_not_declined",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(confirmed_at__isnull=False),
                name="keys_revoked_only_if_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return self.key_id[:16]

    @property
    def label(self) -> str:
        """Whose it is, as the directory says: a name, or the opaque key of somebody who was erased."""
        if self.person is None:
            return self.name
        return self.person.name if self.person.erased_at is None else self.person.key

    @property
    def until(self) -> datetime.datetime | None:
        """Until when its signatures count: its own end, or when its person was erased."""
        erased = self.person.erased_at if self.person is not None else None
        return min((moment for moment in (self.valid_until, erased) if moment is not None), default=None)

    def state(self, now: datetime.datetime | None = None) -> State:
        """Return where it stands at a time (now if none is named)."""
        at = now or timezone.now()
        if self.declined_at is not None:
            return State.DECLINED
        if self.confirmed_at is None:
            return State.WAITING
        if self.revoked_at is not None and at >= self.revoked_at:
            return State.REVOKED
        if self.until is not None and at > self.until:
            return State.EXPIRED
        return State.VALID if at >= self.valid_from else State.LATER
