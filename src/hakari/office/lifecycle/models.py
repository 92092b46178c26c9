"""Assessments of use cases at a stage: answers, evidence, frozen rounds, reviews, acceptances, and what follows."""

from __future__ import annotations

import hashlib
from typing import ClassVar

from django.db import models
from django.utils import timezone

from hakari.office.core.append_only import AppendOnly
from hakari.office.core.conflicts import Versioned
from hakari.office.core.models import FreeText
from hakari.office.people.models import Person, new_key
from hakari.office.registry.models import SystemVersion, UseCase

__all__ = [
    "LIVE",
    "WRITING",
    "Acceptance",
    "Answer",
    "Attachment",
    "CarryOver",
    "Delivered",
    "Delivery",
    "File",
    "FindingRow",
    "Judged",
    "KnownKey",
    "Outcome",
    "Projection",
    "Record",
    "Remark",
    "Responsible",
    "Review",
    "Round",
    "Stage",
    "StageAssessment",
    "Standing",
]


class Stage(models.TextChoices):
    """The stages of a life cycle, in order."""

    PLAN = "plan"
    DESIGN = "design"
    DEVELOP = "develop"
    RELEASE = "release"
    OPERATE = "operate"


class Standing(models.TextChoices):
    """Where an assessment stands."""

    OPEN = "open"
    """Questions are answered and evidence is delivered."""
    IN_REVIEW = "in_review"
    """A round is frozen; the office reads it, or it lies before the committee."""
    CHANGES = "changes"
    """The office, or the committee by deferring, asked for changes: the next round is open."""
    DECIDED = "decided"
    """The committee decided; conditions may be open and the gate shut."""
    CLOSED = "closed"
    """The gate held, and the stage is closed."""
    STALE = "stale"
    """What was decided does not stand for the system any more."""


LIVE = (Standing.OPEN, Standing.IN_REVIEW, Standing.CHANGES, Standing.DECIDED)
WRITING = (Standing.OPEN, Standing.CHANGES)


class File(models.Model):
    """Bytes under their digest: attachments, envelopes, frozen documents. They can be erased; the digest stays."""

    digest = models.CharField(max_length=64, primary_key=True)
    content = models.BinaryField(null=True)  # null is "erased"
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=80, default="application/json")
    kept_at = models.DateTimeField(default=timezone.now)
    erased_at = models.DateTimeField(null=True)

    @classmethod
    def keep(cls, content: bytes, media_type: str = "application/json") -> str:
        """Store bytes once and return their SHA-256."""
        digest = hashlib.sha256(content).hexdigest()
        values = {"content": content, "size": len(content), "media_type": media_type}
        cls.objects.get_or_create(digest=digest, defaults=values)
        return digest


class StageAssessment(Versioned):
    """One assessment of one use case at one stage against pinned packs; a later one of the same stage is another."""

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    use_case = models.ForeignKey(UseCase, on_delete=models.PROTECT, related_name="assessments")
    stage = models.CharField(max_length=8, choices=Stage)
    number = models.PositiveIntegerField()
    """1 for the first assessment of this use case at this stage."""
    packs = models.JSONField()
    """[{name, version, digest}]"""
    facts = models.JSONField(default=dict)
    """Facts that decide which requirements apply: those of the pre-scan, and what was stated here."""
    standing = models.CharField(max_length=10, choices=Standing, default=Standing.OPEN)
    round = models.PositiveIntegerField(default=1)
    """The round that is being worked on, or that is frozen while in review."""
    delivery = models.ForeignKey("Delivery", on_delete=models.PROTECT, null=True, related_name="+")
    """The measured evidence that counts now."""
    before = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="followers")
    """The assessment from which answers were carried."""
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    standing_since = models.DateTimeField(default=timezone.now)
    stale_because = models.JSONField(default=list)
    """Why it does not stand any more: messages as {key, arguments}."""

    class Meta:
        ordering: ClassVar = ["-opened_at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["standing", "standing_since"]), models.Index(fields=["stage"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["use_case", "stage", "number"], name="lifecycle_assessment_once"),
            models.UniqueConstraint(
                fields=["use_case"],
                condition=models.Q(standing__in=["open", "in_review", "changes", "decided"]),
                name="lifecycle_one_live_assessment",
            ),
            models.CheckConstraint(condition=models.Q(standing__in=Standing.values), name="lifecycle_standing"),
            models.CheckConstraint(condition=models.Q(stage__in=Stage.values), name="lifecycle_stage"),
        ]

    def __str__(self) -> str:
        return f"{self.use_case.number} {self.stage} {self.number}"


class Responsible(models.Model):
    """Who answers the questions of a role in a use case; the owner does where nobody is named."""

    use_case = models.ForeignKey(UseCase, on_delete=models.CASCADE, related_name="responsible")
    role = models.CharField(max_length=40)
    """A role as packs name them, such as `engineer`."""
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["use_case", "role"], name="lifecycle_role_once")]


class Record(AppendOnly):
    """One evidence record that reached the office; its envelope lies in `File`."""

    evidence = models.CharField(max_length=64, unique=True)
    """The record's id: SHA-256 of its canonical JSON."""
    envelope = models.CharField(max_length=64)
    kind = models.CharField(max_length=12)
    measure = models.CharField(max_length=120, blank=True)
    signer = models.CharField(max_length=64, blank=True)
    """Id of the key that signed it; empty if none did."""
    collected_at = models.DateTimeField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "at"])]


class KnownKey(AppendOnly):
    """The public half of a key that signed something delivered: without it nobody could check that signature again."""

    key_id = models.CharField(max_length=64, unique=True)
    """SHA-256 of the raw bytes."""
    public = models.CharField(max_length=64)
    """The 32 raw bytes in hexadecimal."""
    at = models.DateTimeField(default=timezone.now)


class Answer(AppendOnly):
    """One answer to one question; the last one counts, unless it was only carried from an earlier assessment."""

    assessment = models.ForeignKey(StageAssessment, on_delete=models.PROTECT, related_name="answers")
    requirement = models.CharField(max_length=200)
    """`urn@version`."""
    question = models.CharField(max_length=80)
    revision = models.PositiveIntegerField()
    value = models.JSONField(null=True)
    """The answer, unless it is a text."""
    text = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, related_name="+")
    attachment = models.ForeignKey("Attachment", on_delete=models.PROTECT, null=True, related_name="+")
    carried = models.BooleanField(default=False)
    """Taken over from an earlier assessment; it counts once somebody confirms it."""
    record = models.ForeignKey(Record, on_delete=models.PROTECT, null=True, related_name="+")
    """The signed evidence made from it; None while only carried."""
    by = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assessment", "requirement", "question", "revision"], name="lifecycle_answer_revision_once"
            )
        ]

    @property
    def given(self) -> object:
        """The answer itself; a text that was erased is a dash."""
        return str(self.text) if self.text_id is not None else self.value


class Remark(AppendOnly):
    """A comment on a question, by somebody who sees the case."""

    assessment = models.ForeignKey(StageAssessment, on_delete=models.PROTECT, related_name="remarks")
    requirement = models.CharField(max_length=200)
    question = models.CharField(max_length=80)
    text = models.ForeignKey(FreeText, on_delete=models.PROTECT, related_name="+")
    by = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [models.Index(fields=["assessment", "requirement", "question"])]


class Attachment(AppendOnly):
    """A file that somebody attached to an answer; it is handed out as a download, never shown in the page."""

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    assessment = models.ForeignKey(StageAssessment, on_delete=models.PROTECT, related_name="attachments")
    requirement = models.CharField(max_length=200)
    question = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    name = models.ForeignKey(FreeText, on_delete=models.PROTECT, related_name="+")
    media_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    by = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)


class Delivery(AppendOnly):
    """A case bundle that an engineer delivered: a plan and the evidence measured by it."""

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    assessment = models.ForeignKey(StageAssessment, on_delete=models.PROTECT, related_name="deliveries")
    number = models.PositiveIntegerField()
    bundle = models.CharField(max_length=64)
    """SHA-256 of the bundle; its parts are kept one by one."""
    plan = models.CharField(max_length=64)
    """Digest of the plan; its bytes lie in `File`."""
    scope = models.CharField(max_length=64)
    system_version = models.ForeignKey(SystemVersion, on_delete=models.PROTECT, null=True, related_name="+")
    signer = models.CharField(max_length=64, blank=True)
    """Id of the key that signed the bundle."""
    records = models.PositiveIntegerField()
    by = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "number"], name="lifecycle_delivery_number_once"),
            models.UniqueConstraint(fields=["assessment", "bundle"], name="lifecycle_delivery_bundle_once"),
        ]


class Delivered(AppendOnly):
    """A record came with a delivery."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="delivered")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="delivered")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["delivery", "record"], name="lifecycle_delivered_once")
        ]


class Round(AppendOnly):
    """A frozen round: what reviewers read and the committee decides on, by digest."""

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    assessment = models.ForeignKey(StageAssessment, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveIntegerField()
    document = models.CharField(max_length=64)
    """SHA-256 of the canonical JSON of the assessment; the bytes lie in `File`."""
    plan = models.CharField(max_length=64)
    scope = models.CharField(max_length=64)
    packs = models.JSONField()
    evidence = models.JSONField()
    """Sorted ids of the records that the findings cite."""
    counts = models.JSONField()
    """Requirements by status."""
    closes = models.BooleanField()
    """Whether the gate's rule held for the findings alone."""
    submitted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["assessment", "number"], name="lifecycle_round_once")]


class Outcome(models.TextChoices):
    """What a committee may say of a round, and a reviewer may propose."""

    APPROVE = "approve"
    CONDITIONS = "approve_with_conditions"
    DEFER = "defer"
    REJECT = "reject"


class Review(AppendOnly):
    """What a reviewer said of a round: changes are wanted, advice, or a proposal to the committee."""

    class Kind(models.TextChoices):
        CHANGES = "changes"
        ADVICE = "advice"
        PROPOSAL = "proposal"

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="reviews")
    kind = models.CharField(max_length=8, choices=Kind)
    proposal = models.CharField(max_length=24, choices=Outcome, blank=True)
    questions = models.JSONField(default=list)
    """[[requirement, question]] that the reviewer means."""
    text = models.ForeignKey(FreeText, on_delete=models.PROTECT, related_name="+")
    by = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["pk"]


class Acceptance(AppendOnly):
    """What the office accepted until a day: an exception with its bound and how it is watched, signed by the office."""

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    assessment = models.ForeignKey(StageAssessment, on_delete=models.PROTECT, related_name="acceptances")
    requirement = models.CharField(max_length=200)
    reason = models.ForeignKey(FreeText, on_delete=models.PROTECT, related_name="+")
    condition = models.ForeignKey(FreeText, on_delete=models.PROTECT, related_name="+")
    until = models.DateField()
    bounds = models.JSONField(default=dict)
    """Check → accepted worst case."""
    scope = models.CharField(max_length=64)
    envelope = models.CharField(max_length=64)
    by = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["pk"]


class CarryOver(AppendOnly):
    """A changed system stayed inside the change envelope, and the decision carried over to it."""

    assessment = models.ForeignKey(StageAssessment, on_delete=models.PROTECT, related_name="carry_overs")
    delivery = models.OneToOneField(Delivery, on_delete=models.PROTECT, related_name="carry_over")
    before = models.CharField(max_length=64)
    after = models.CharField(max_length=64)
    """Scope digests."""
    changed = models.JSONField()
    """Roles of the subjects that changed."""
    checks = models.JSONField()
    """Checks that the envelope asked for, and that are met again."""
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["pk"]


class Judged(models.Model):
    """Results of checks as the engine gave them, under the digest of everything they depend on: a memory, no source."""

    key = models.CharField(max_length=64, primary_key=True)
    content = models.BinaryField()
    at = models.DateTimeField(default=timezone.now)


class Projection(models.Model):
    """What the engine says of an assessment now. Only `projecting` writes it; `rebuild` proves that it is right."""

    assessment = models.OneToOneField(StageAssessment, on_delete=models.CASCADE, primary_key=True)
    input_digest = models.CharField(max_length=64)
    """SHA-256 over what the engine was given, the day among it."""
    document = models.CharField(max_length=64)
    """SHA-256 of the canonical JSON of the assessment."""
    content = models.BinaryField()
    """That JSON."""
    scope = models.CharField(max_length=64)
    counts = models.JSONField()
    closes = models.BooleanField()
    only_open = models.BooleanField()
    stale_from = models.DateField(null=True)
    """The first day on which something in it is too old."""
    day = models.DateField()
    computed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["stale_from"])]


class FindingRow(models.Model):
    """One finding of a projection, for lists and dashboards."""

    projection = models.ForeignKey(Projection, on_delete=models.CASCADE, related_name="findings")
    requirement = models.CharField(max_length=200)
    pack = models.CharField(max_length=80)
    group = models.CharField(max_length=60)
    severity = models.CharField(max_length=8)
    status = models.CharField(max_length=14)
    stale_from = models.DateField(null=True)
    evidence = models.PositiveIntegerField(default=0)
    """Records that it cites."""
    measured = models.BooleanField(default=False)
    """Whether a measurement is among them."""

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [models.Index(fields=["status"]), models.Index(fields=["group", "status"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["projection", "requirement"], name="lifecycle_finding_once")
        ]
