"""A notification, its answers, links to those who know, triage records, what the lanes did, and the second look."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from hakari.office.core.append_only import AppendOnly
from hakari.office.core.conflicts import Versioned
from hakari.office.core.models import FreeText
from hakari.office.intake.lanes import Lane
from hakari.office.people.models import Person, new_key
from hakari.office.registry.models import Level, UseCase

__all__ = [
    "Answer",
    "AskLink",
    "Draw",
    "LaneStep",
    "Notification",
    "Outcome",
    "Reading",
    "Sample",
    "Step",
    "TriageRecord",
]


class Step(models.TextChoices):
    """Where a notification stands in its lane."""

    WRITING = "writing"
    """Not sent yet."""
    WAITING = "waiting"
    """Sent; its lane has not begun."""
    TAKEN = "taken"
    """Somebody of the office looks at it."""
    ASKED_BACK = "asked_back"
    """The lane wants to know something; the reporter sends it again."""
    SETTLED = "settled"
    """The tier stands."""


class Outcome(models.TextChoices):
    """What a lane did."""

    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    TAKEN = "taken"
    ACCEPTED = "accepted"
    RAISED = "raised"
    CONFIRMED = "confirmed"
    ASKED_BACK = "asked_back"
    REOPENED = "reopened"
    """An answer changed after the tier was settled, and the tier with it."""


class Notification(Versioned):
    """What somebody told the office about one use case: the answers as they stand now, and where they lie."""

    key = models.CharField(max_length=32, unique=True, default=new_key)
    use_case = models.OneToOneField(UseCase, on_delete=models.PROTECT, related_name="notification")
    answers = models.JSONField(default=dict)
    """Question → choice, choices or `unknown`; the history of each stands in `Answer`."""
    step = models.CharField(max_length=12, choices=Step, default=Step.WRITING)
    lane = models.CharField(max_length=8, choices=Lane, blank=True)
    lane_path = models.CharField(max_length=500, blank=True)
    """Path of the unit whose delegate is nearest ("/": a delegate of the whole company)."""
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="taken_notifications")
    submitted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="sent_notifications")
    submitted_at = models.DateTimeField(null=True)
    """When it was sent for the first time."""
    due = models.DateField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_in = models.CharField(max_length=8, choices=Lane, blank=True)
    settled_by = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["step", "lane", "due"]),
            models.Index(fields=["settled_at"]),
            models.Index(fields=["submitted_at"]),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(step__in=Step.values), name="intake_notification_step"),
            models.CheckConstraint(
                condition=models.Q(step="writing") | (~models.Q(lane="") & models.Q(submitted_at__isnull=False)),
                name="intake_notification_sent_has_a_lane",
            ),
            models.CheckConstraint(
                condition=~models.Q(step="settled") | models.Q(settled_at__isnull=False),
                name="intake_notification_settled_when",
            ),
        ]

    def __str__(self) -> str:
        return self.use_case.number


class Answer(AppendOnly):
    """One answer to one question, by one who acts, for ever."""

    notification = models.ForeignKey(Notification, on_delete=models.PROTECT, related_name="history")
    question = models.CharField(max_length=40)
    round = models.PositiveIntegerField()
    """How many answers to this question there are up to this one."""
    value = models.JSONField()
    remark = models.CharField(max_length=64, blank=True)
    """Digest of a remark."""
    by = models.CharField(max_length=64)
    """Key of a person, or `link:<key>` where somebody outside answered and a person accepted it."""
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["notification", "question", "round"], name="intake_answer_round_once")
        ]


class AskLink(Versioned):
    """A question (or all open technical ones) to somebody without an account, for a while and for one answer."""

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    notification = models.ForeignKey(Notification, on_delete=models.PROTECT, related_name="links")
    token_digest = models.CharField(max_length=64, unique=True)
    questions = models.JSONField()
    email = models.EmailField()
    language = models.CharField(max_length=2, default="en")
    note = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, related_name="+")
    shown_title = models.CharField(max_length=200, blank=True)
    """What the asker chose to tell of the use case; empty: nothing."""
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="asked_links")
    asked_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, related_name="+")
    """The name that the one who answered gave."""
    answers = models.JSONField(default=dict)
    remark = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    """When a person had accepted or set aside what was answered."""

    class Meta:
        ordering: ClassVar = ["-asked_at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["asked_by", "answered_at"])]

    @property
    def state(self) -> str:
        """Return `open`, `expired`, `withdrawn`, `answered` (a person has to look) or `closed`."""
        if self.closed_at is not None:
            return "closed"
        if self.answered_at is not None:
            return "answered"
        if self.withdrawn_at is not None:
            return "withdrawn"
        return "expired" if self.expires_at <= timezone.now() else "open"

    @property
    def actor_key(self) -> str:
        """The name of whoever answers by this link."""
        return f"link:{self.key}"


class TriageRecord(AppendOnly):
    """What triage said about some answers, by packs of a certain digest. A later answer makes another record."""

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    notification = models.ForeignKey(Notification, on_delete=models.PROTECT, related_name="records")
    round = models.PositiveIntegerField()
    answers = models.JSONField()
    facts = models.JSONField()
    lowest = models.CharField(max_length=6, choices=Level)
    highest = models.CharField(max_length=6, choices=Level)
    decided = models.BooleanField()
    question = models.CharField(max_length=40, blank=True)
    """The question that would decide most."""
    packs = models.JSONField()
    stages = models.JSONField()
    """What was announced: per stage questions, minutes, roles, requirements."""
    digest = models.CharField(max_length=64)
    """SHA-256 of the canonical JSON of answers, facts, levels and packs; it stands in the ledger."""
    by = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-round"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["notification", "round"], name="intake_triage_round_once"),
            models.CheckConstraint(condition=models.Q(lowest__in=Level.values), name="intake_triage_lowest"),
            models.CheckConstraint(condition=models.Q(highest__in=Level.values), name="intake_triage_highest"),
        ]


class LaneStep(AppendOnly):
    """One thing that was done with a notification in its lane."""

    notification = models.ForeignKey(Notification, on_delete=models.PROTECT, related_name="steps")
    record = models.ForeignKey(TriageRecord, on_delete=models.PROTECT, related_name="steps")
    lane = models.CharField(max_length=8, choices=Lane)
    outcome = models.CharField(max_length=12, choices=Outcome)
    level = models.CharField(max_length=6, choices=Level, blank=True)
    reason = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(outcome__in=Outcome.values), name="intake_lane_step_outcome")
        ]


class Draw(AppendOnly):
    """One draw over what the lanes below the office settled in a period; periods follow each other without a gap."""

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    number = models.PositiveIntegerField(unique=True)
    """1 for the first draw: two people who draw at once make one draw."""
    until = models.DateTimeField()
    seed = models.CharField(max_length=64)
    frame = models.JSONField()
    """Lane → [settled in the period, drawn]."""
    by = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-number"]


class Sample(AppendOnly):
    """One notification that was drawn, as it had been settled."""

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    drawn = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="samples")
    notification = models.ForeignKey(Notification, on_delete=models.PROTECT, related_name="samples")
    record = models.ForeignKey(TriageRecord, on_delete=models.PROTECT, related_name="+")
    lane = models.CharField(max_length=8, choices=Lane)
    level = models.CharField(max_length=6, choices=Level)
    settled_by = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["drawn", "notification"], name="intake_sampled_once_a_draw")
        ]


class Reading(AppendOnly):
    """What a reviewer, who saw the answers and not the tier, says the tier should be."""

    sample = models.OneToOneField(Sample, on_delete=models.PROTECT, related_name="reading")
    level = models.CharField(max_length=6, choices=Level)
    remark = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.level

    @property
    def verdict(self) -> Any:
        """Return `right`, `under` (settled too low) or `over`."""
        order = Level.values
        difference = order.index(self.sample.level) - order.index(self.level)
        return "right" if difference == 0 else "under" if difference < 0 else "over"
