"""What is told and promised: rows that are written once, and free text that can be erased."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from hakari.office.core.append_only import AppendOnly
from hakari.office.core.models import FreeText
from hakari.office.people.models import Person, new_key
from hakari.office.registry.models import UseCase

__all__ = [
    "Heard",
    "Initiative",
    "InitiativeVersion",
    "Kind",
    "Notice",
    "NoticeEnd",
    "Promise",
    "PromiseVersion",
    "Receipt",
    "Recipient",
    "RecipientCase",
    "Reminder",
    "Urgency",
]


class Kind(models.TextChoices):
    """What a notice is."""

    BULLETIN = "bulletin"
    """The office warns or advises."""
    DIALOGUE = "dialogue"
    """Somebody outside was heard."""


class Urgency(models.TextChoices):
    """How soon it has to be read."""

    URGENT = "urgent"
    """Mailed at once."""
    SOON = "soon"
    """In the digest of the day."""
    NOTE = "note"
    """In the digest of the day; nothing has to be done."""


class Heard(models.TextChoices):
    """Who outside was heard."""

    CUSTOMERS = "customers"
    CIVIL_SOCIETY = "civil_society"
    REGULATOR = "regulator"
    ACADEMIA = "academia"
    WORKERS = "workers"
    CREATORS = "creators"
    SUPPLIERS = "suppliers"
    OTHER = "other"


def _text(related: str = "+") -> Any:
    return models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, related_name=related)


class Notice(AppendOnly):
    """A bulletin or a dialogue record as it was published; its words are in English, in Japanese, or in both."""

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    urgency = models.CharField(max_length=8, choices=Urgency, default=Urgency.NOTE)
    audience = models.JSONField(default=dict)
    """Whom it concerns (`audience.Audience`)."""
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(default=timezone.now)
    supersedes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="successor")
    title_en = _text()
    title_ja = _text()
    text_en = _text()
    text_ja = _text()
    heard = models.CharField(max_length=16, choices=Heard, blank=True)
    heard_name = _text()
    heard_on = models.DateField(null=True)
    changed_en = _text()
    """Dialogue: what changed because of it."""
    changed_ja = _text()

    class Meta:
        ordering: ClassVar = ["-published_at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["-published_at", "-id"]), models.Index(fields=["kind"])]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="information_notice_kind"),
            models.CheckConstraint(condition=models.Q(urgency__in=Urgency.values), name="information_notice_urgency"),
            models.CheckConstraint(
                condition=(models.Q(title_en__isnull=False) & models.Q(text_en__isnull=False))
                | (models.Q(title_ja__isnull=False) & models.Q(text_ja__isnull=False)),
                name="information_notice_has_words",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="bulletin", heard="") | (models.Q(kind="dialogue") & ~models.Q(heard="")),
                name="information_notice_dialogue_was_with_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class NoticeEnd(AppendOnly):
    """A notice no longer holds: it was withdrawn, or another one stands in its place."""

    notice = models.OneToOneField(Notice, on_delete=models.PROTECT, related_name="end")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = _text()
    successor = models.ForeignKey(Notice, on_delete=models.PROTECT, null=True, related_name="+")


class Recipient(AppendOnly):
    """Somebody whom a notice concerned when it was published, or when a use case came to it later."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="recipients")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="notices")
    by_unit = models.BooleanField(default=False)
    """Concerned by what they are in a unit, not only by a use case."""
    late = models.BooleanField(default=False)
    """Reached after publication."""
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["notice", "person"], name="information_recipient_once")
        ]


class RecipientCase(AppendOnly):
    """A use case because of which somebody is a recipient; who may not see it is not shown that they are."""

    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="cases")
    use_case = models.ForeignKey(UseCase, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recipient", "use_case"], name="information_recipient_case_once")
        ]


class Receipt(AppendOnly):
    """A recipient has opened the notice."""

    recipient = models.OneToOneField(Recipient, on_delete=models.PROTECT, related_name="receipt")
    at = models.DateTimeField(default=timezone.now)


class Reminder(AppendOnly):
    """Those who had not read a notice were reminded; once."""

    notice = models.OneToOneField(Notice, on_delete=models.PROTECT, related_name="reminder")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)


class Initiative(AppendOnly):
    """Something outside that the company has joined; what is known of it stands in its versions."""

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    number = models.CharField(max_length=20, unique=True)
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.number


class InitiativeVersion(AppendOnly):
    """What was known of an initiative from a time on."""

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    name_en = _text()
    name_ja = _text()
    body = _text()
    """Who is behind it."""
    link = models.URLField(max_length=500, blank=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    """The last day, if the company has left it."""
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["initiative", "version"], name="information_initiative_version_once"),
            models.CheckConstraint(
                condition=models.Q(name_en__isnull=False) | models.Q(name_ja__isnull=False),
                name="information_initiative_has_a_name",
            ),
        ]


class Promise(AppendOnly):
    """Something promised to an initiative; its words and what carries it stand in its versions."""

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="promises")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["pk"]


class PromiseVersion(AppendOnly):
    """What was promised, and which requirements carry it, from a time on."""

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    text_en = _text()
    text_ja = _text()
    due = models.DateField(null=True)
    """The day by which it is to be kept; None: it continues."""
    ended = models.BooleanField(default=False)
    """It no longer holds: it was kept for good, or taken back."""
    requirements = models.JSONField(default=list)
    """[{pack: `name@version`, requirement: `urn@version`}], so that it is known which wording carried the promise."""
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["promise", "version"], name="information_promise_version_once"),
            models.CheckConstraint(
                condition=models.Q(text_en__isnull=False) | models.Q(text_ja__isnull=False),
                name="information_promise_has_words",
            ),
        ]
