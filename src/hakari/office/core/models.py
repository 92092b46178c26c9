"""The ledger's rows, and texts that can be erased without breaking it."""

from __future__ import annotations

import hashlib
import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from hakari.office.core.append_only import AppendOnly

__all__ = ["Event", "FreeText", "Head", "MailItem"]


class Event(AppendOnly):
    """One thing that happened, as canonical bytes; the other columns repeat what they say, for finding it."""

    sequence = models.BigIntegerField(primary_key=True)
    body = models.BinaryField()
    """Canonical JSON: action, when, who (key), about what (kind, key), and what else, without names or free text."""
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 over the previous digest and the body."""
    kind = models.CharField(max_length=80)
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    object_kind = models.CharField(max_length=40)
    object_key = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["object_kind", "object_key", "sequence"]),
            models.Index(fields=["by", "sequence"]),
            models.Index(fields=["kind", "sequence"]),
        ]


class Head(models.Model):
    """Where the chain stands: the one row on which appends wait for each other."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sequence = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64)
    ledger = models.CharField(max_length=64)
    """The ledger's own name: the digest before the first event."""

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="core_head_is_one_row")]


class FreeText(models.Model):
    """What a person wrote, kept under a salted digest: the text can go, and the digest in the ledger stays true."""

    digest = models.CharField(max_length=64, primary_key=True)
    salt = models.CharField(max_length=64)
    text = models.TextField(null=True)  # null is "erased", which the empty text is not
    erased_at = models.DateTimeField(null=True)

    @classmethod
    def keep(cls, text: str) -> FreeText:
        """Store a text and return its row; equal texts get different digests, so that none can be guessed."""
        salt = secrets.token_hex(32)
        digest = hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()
        return cls.objects.create(digest=digest, salt=salt, text=text)

    @property
    def holds(self) -> bool:
        """Whether the text is the one that was stored (an erased one is not there to ask)."""
        if self.text is None:
            return self.erased_at is not None
        return hashlib.sha256(f"{self.salt}\n{self.text}".encode()).hexdigest() == self.digest

    def __str__(self) -> str:
        return self.text if self.text is not None else "—"


class MailItem(models.Model):
    """One mail that is to go out (see `mail`). Its words are wiped once it has gone, as they may hold a secret link."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    """The reader; None for somebody without an account, whose address stands in `address`."""
    address = models.EmailField(blank=True)
    language = models.CharField(max_length=2, default="en")
    subject = models.CharField(max_length=400, blank=True)
    body = models.TextField(blank=True)
    link = models.CharField(max_length=1000, blank=True)
    why = models.TextField(blank=True)
    """Why the reader gets it: the foot of the mail."""
    digest = models.BooleanField(default=False)
    """Waits for the reader's one digest of the day."""
    guard = models.CharField(max_length=100, blank=True)
    """What the reader must still be allowed to see when it goes out, as `kind:key` (see `mail.GUARDS`)."""
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    """Not tried before; pushed ahead by each attempt, so that two workers never send the same one."""
    attempts = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(max_length=80, blank=True)
    """Name of the last error, without its text, which may hold addresses or secrets."""
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["sent_at", "digest", "due_at"])]
