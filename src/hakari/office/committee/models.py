"""What lies before the committee, who votes and who may not, what was decided on which conditions, and stops."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from hakari.office.core.append_only import AppendOnly
from hakari.office.core.conflicts import Versioned
from hakari.office.core.models import FreeText
from hakari.office.lifecycle.models import Outcome, Round, StageAssessment
from hakari.office.people.models import Person, new_key
from hakari.office.registry.models import UseCase

__all__ = [
    "Agenda",
    "Attendance",
    "Ballot",
    "Choice",
    "Condition",
    "ConditionClosing",
    "Decision",
    "Declaration",
    "DocketItem",
    "Form",
    "Heading",
    "Meeting",
    "Minutes",
    "MinutesApproval",
    "OpenedVote",
    "Passage",
    "ProposedCondition",
    "Pull",
    "Ratification",
    "Rule",
    "Stop",
    "Task",
    "Vote",
]


class Heading(models.TextChoices):
    """The fixed headings of the one page that a member reads, in this order."""

    ASKED = "asked"
    """What we are asked."""
    AFFECTED = "affected"
    """Who is affected."""
    UNKNOWN = "unknown"
    """What we do not know."""
    IF_NO = "if_no"
    """What changes if we say no."""
    CHANGED = "changed"
    """What changed since last time."""
    LIKE_CASES = "like_cases"
    """How we decided on like cases."""


class Form(models.TextChoices):
    """How the committee decides."""

    MEETING = "meeting"
    CIRCULATION = "circulation"
    """A circulated resolution (持ち回り決議)."""
    CONSENT = "consent"
    """On the consent agenda of a meeting: decided as proposed unless a member pulls it."""


class Rule(models.TextChoices):
    """What closes a condition."""

    CHECK = "check"
    """The named check is met."""
    REQUIREMENT = "requirement"
    """The named requirement is met."""
    DOCUMENT = "document"
    """A reviewer accepts a document that answers the requirement's question."""


class DocketItem(Versioned):
    """A frozen round that lies before the committee."""

    class Standing(models.TextChoices):
        WAITING = "waiting"
        """On the docket, with no ballot open."""
        VOTING = "voting"
        DECIDED = "decided"
        WITHDRAWN = "withdrawn"

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    number = models.CharField(max_length=20, unique=True)
    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="docket_item")
    use_case = models.ForeignKey(UseCase, on_delete=models.PROTECT, related_name="docket_items")
    standing = models.CharField(max_length=10, choices=Standing, default=Standing.WAITING)
    proposal = models.CharField(max_length=24, choices=Outcome)
    """What the office proposes."""
    valid_until = models.DateField()
    """Until when a decision would stand."""
    envelope = models.JSONField(default=dict)
    """The change envelope proposed: {roles, checks, until}, or nothing."""
    put_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    put_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["put_at", "pk"]
        indexes: ClassVar = [models.Index(fields=["standing", "put_at"])]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(standing__in=["waiting", "voting", "decided", "withdrawn"]),
                name="committee_item_standing",
            )
        ]

    def __str__(self) -> str:
        return self.number


class Passage(AppendOnly):
    """What stands under a heading of the one page; the last revision counts, the original binds."""

    item = models.ForeignKey(DocketItem, on_delete=models.PROTECT, related_name="passages")
    heading = models.CharField(max_length=10, choices=Heading)
    revision = models.PositiveIntegerField()
    language = models.CharField(max_length=2)
    text = models.ForeignKey(FreeText, on_delete=models.PROTECT, related_name="+")
    translation = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, related_name="+")
    """In the other language, by a person."""
    translated_by = models.CharField(max_length=64, blank=True)
    by = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "heading", "revision"], name="committee_passage_once")
        ]


class ProposedCondition(models.Model):
    """A condition on which the office proposes to approve; it cannot change while a ballot is open."""

    item = models.ForeignKey(DocketItem, on_delete=models.CASCADE, related_name="conditions")
    place = models.PositiveIntegerField()
    text = models.ForeignKey(FreeText, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=2)
    requirement = models.CharField(max_length=200)
    due = models.DateField()
    rule = models.CharField(max_length=12, choices=Rule)
    check_id = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["place", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "place"], name="committee_proposed_condition_once")
        ]


class Meeting(Versioned):
    """A meeting of the committee."""

    class Standing(models.TextChoices):
        PLANNED = "planned"
        OPEN = "open"
        CLOSED = "closed"
        CANCELLED = "cancelled"

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    number = models.CharField(max_length=20, unique=True)
    starts_at = models.DateTimeField()
    minutes_planned = models.PositiveIntegerField(default=60)
    place = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, related_name="+")
    standing = models.CharField(max_length=10, choices=Standing, default=Standing.PLANNED)
    called_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-starts_at", "-pk"]

    def __str__(self) -> str:
        return self.number


class Agenda(models.Model):
    """An item on the agenda of a meeting."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="agenda")
    item = models.ForeignKey(DocketItem, on_delete=models.PROTECT, related_name="agenda")
    place = models.PositiveIntegerField()
    consent = models.BooleanField(default=False)
    part_since = models.DateTimeField(default=timezone.now)
    """Since when it stands on this part: what is decided by consent must have been there for a day."""
    motion = models.CharField(max_length=64, blank=True)
    """For the consent part: digest of what was proposed when it was put there; changed since, it is discussed."""

    class Meta:
        ordering: ClassVar = ["consent", "place", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["meeting", "item"], name="committee_agenda_once")]


class Pull(AppendOnly):
    """A member took an item off the consent agenda, or called a circulated resolution to a meeting."""

    item = models.ForeignKey(DocketItem, on_delete=models.PROTECT, related_name="pulls")
    ballot = models.ForeignKey("Ballot", on_delete=models.PROTECT, null=True, related_name="pulls")
    """The circulated ballot that it ended; None for the consent agenda."""
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, related_name="pulls")
    """The meeting whose consent agenda it was taken from."""
    reason = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)


class Attendance(models.Model):
    """Whether a member was there."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendance")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    present = models.BooleanField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "person"], name="committee_attendance_once")
        ]


class Declaration(AppendOnly):
    """A member says whether they have a conflict of interest; the last one counts, and a conflict recuses."""

    item = models.ForeignKey(DocketItem, on_delete=models.PROTECT, related_name="declarations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField()
    conflict = models.BooleanField()
    reason = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "person", "revision"], name="committee_declaration_once")
        ]


class Ballot(Versioned):
    """One vote of the committee on one item, or on whether a stop stands."""

    class Ending(models.TextChoices):
        DECIDED = "decided"
        NO_QUORUM = "no_quorum"
        CALLED = "called"
        """A member called it to a meeting."""
        WITHDRAWN = "withdrawn"
        VOID = "void"
        """Its votes could not be opened."""

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    item = models.ForeignKey(DocketItem, on_delete=models.PROTECT, null=True, related_name="ballots")
    stop = models.ForeignKey("Stop", on_delete=models.PROTECT, null=True, related_name="ballots")
    number = models.PositiveIntegerField()
    form = models.CharField(max_length=12, choices=Form)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, related_name="ballots")
    motion = models.CharField(max_length=64)
    """SHA-256 of what is voted on: the round, the proposal, its conditions, the envelope, the one page."""
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    deadline = models.DateTimeField(null=True)
    """Votes after it are refused; None while a meeting lasts."""
    closed_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=10, choices=Ending, blank=True)
    outcome = models.CharField(max_length=24, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [models.Index(fields=["closed_at", "deadline"])]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(item__isnull=False, stop__isnull=True)
                | models.Q(item__isnull=True, stop__isnull=False),
                name="committee_ballot_on_one_thing",
            ),
            models.UniqueConstraint(
                fields=["item"], condition=models.Q(closed_at__isnull=True), name="committee_one_open_ballot_of_item"
            ),
            models.UniqueConstraint(
                fields=["stop"], condition=models.Q(closed_at__isnull=True), name="committee_one_open_ballot_of_stop"
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, ending="")
                | (models.Q(closed_at__isnull=False) & ~models.Q(ending="")),
                name="committee_ballot_ends_once",
            ),
        ]


class Choice(models.TextChoices):
    """What a member can vote; on a stop: `uphold` or `lift`."""

    APPROVE = "approve"
    CONDITIONS = "approve_with_conditions"
    DEFER = "defer"
    REJECT = "reject"
    ABSTAIN = "abstain"
    UPHOLD = "uphold"
    LIFT = "lift"


class Vote(AppendOnly):
    """A member's vote; until the ballot closes a member may vote again, and the last vote counts.

    How they voted is sealed, and read through `votes.box` only. Votes from before votes were sealed stand here in
    clear: rows of this table never change.
    """

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="votes")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField()
    choice = models.CharField(max_length=24, choices=Choice, blank=True)
    """Empty: sealed."""
    salt = models.CharField(max_length=32, blank=True, editable=False)
    reason = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, related_name="+")
    """Of a sealed vote the whole of it (`votes.sealing`), where texts can be erased: once opened, it is."""
    dissent = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ballot", "person", "revision"], name="committee_vote_once"),
            models.CheckConstraint(
                condition=models.Q(choice__in=Choice.values)
                | models.Q(choice="", salt="", dissent=False, reason__isnull=False),
                name="committee_vote_sealed_whole",
            ),
        ]


class OpenedVote(AppendOnly):
    """What a member's last vote said, written when its ballot decided."""

    vote = models.OneToOneField(Vote, on_delete=models.PROTECT, related_name="opened")
    choice = models.CharField(max_length=24, choices=Choice)
    salt = models.CharField(max_length=32, editable=False)
    """Drawn anew for each vote: else the choice is found by trying all of them against the digests in the ledger."""
    reason = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, related_name="+")
    dissent = models.BooleanField(default=False)
    """Whether the member asks that their differing view be recorded with the decision."""
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(choice__in=Choice.values), name="committee_opened_vote_choice")
        ]


class Decision(AppendOnly):
    """What the committee decided on one frozen round, signed with the office's key."""

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    number = models.CharField(max_length=20, unique=True)
    ballot = models.OneToOneField(Ballot, on_delete=models.PROTECT, related_name="decision")
    use_case = models.ForeignKey(UseCase, on_delete=models.PROTECT, related_name="decisions")
    assessment = models.ForeignKey(StageAssessment, on_delete=models.PROTECT, related_name="decisions")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=24, choices=Outcome)
    form = models.CharField(max_length=12, choices=Form)
    scope = models.CharField(max_length=64)
    envelope = models.JSONField(default=dict)
    """The change envelope, or nothing."""
    votes = models.JSONField()
    """Choice → number."""
    recused = models.PositiveIntegerField()
    valid_until = models.DateField()
    statement = models.CharField(max_length=64)
    """Digest of the signed statement (`assessment.decision`)."""
    signed = models.CharField(max_length=64)
    """SHA-256 of its envelope, which lies in `File`."""
    by = models.CharField(max_length=64)
    """Who closed the ballot."""
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["outcome", "-at"]), models.Index(fields=["valid_until"])]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(outcome__in=Outcome.values), name="committee_decision_outcome")
        ]

    def __str__(self) -> str:
        return self.number


class Condition(Versioned):
    """What must still be shown by a day; closed by accepted evidence only."""

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="conditions")
    use_case = models.ForeignKey(UseCase, on_delete=models.PROTECT, related_name="conditions")
    number = models.PositiveIntegerField()
    text = models.ForeignKey(FreeText, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=2)
    requirement = models.CharField(max_length=200)
    due = models.DateField()
    rule = models.CharField(max_length=12, choices=Rule)
    check_id = models.CharField(max_length=200, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["due", "pk"]
        indexes: ClassVar = [models.Index(fields=["closed_at", "due"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["decision", "number"], name="committee_condition_number_once"),
            models.CheckConstraint(condition=models.Q(rule__in=Rule.values), name="committee_condition_rule"),
        ]


class ConditionClosing(AppendOnly):
    """The evidence that closed a condition, and which figure met which limit."""

    condition = models.OneToOneField(Condition, on_delete=models.PROTECT, related_name="closing")
    evidence = models.CharField(max_length=64)
    """Id of the record."""
    figure = models.JSONField(default=dict)
    """{check, value, low, high, threshold, operator} where a check closed it."""
    by = models.CharField(max_length=64)
    """`system` where the engine found it met; a reviewer's key for a document."""
    at = models.DateTimeField(default=timezone.now)


class Stop(AppendOnly):
    """A use was stopped, or a product recalled, in one act; the committee ratifies it within days."""

    class Kind(models.TextChoices):
        STOP = "stop"
        RECALL = "recall"

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    number = models.CharField(max_length=20, unique=True)
    use_case = models.ForeignKey(UseCase, on_delete=models.PROTECT, related_name="stops")
    kind = models.CharField(max_length=6, choices=Kind)
    reason = models.ForeignKey(FreeText, on_delete=models.PROTECT, related_name="+")
    ratify_by = models.DateField()
    turned_from = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="turned_into")
    """The stop that became this recall; the vote on this one decides for both."""
    by = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]


class Ratification(AppendOnly):
    """What the committee said of a stop: it stands, or the use goes on."""

    stop = models.OneToOneField(Stop, on_delete=models.PROTECT, related_name="ratification")
    ballot = models.OneToOneField(Ballot, on_delete=models.PROTECT, related_name="ratification")
    upheld = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)


class Task(Versioned):
    """What an owner has to do after a stop or a recall."""

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    stop = models.ForeignKey(Stop, on_delete=models.PROTECT, related_name="tasks")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tasks")
    text = models.ForeignKey(FreeText, on_delete=models.PROTECT, related_name="+")
    due = models.DateField()
    done_at = models.DateTimeField(null=True)
    result = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["due", "pk"]
        indexes: ClassVar = [models.Index(fields=["person", "done_at", "due"])]


class Minutes(AppendOnly):
    """Minutes of a meeting, made from what happened, with the words that the secretary added."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="minutes")
    revision = models.PositiveIntegerField()
    document = models.CharField(max_length=64)
    """SHA-256 of their canonical JSON, which lies in `File`."""
    words = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["meeting", "revision"], name="committee_minutes_once")]


class MinutesApproval(AppendOnly):
    """The chair, or who led the meeting, approved the minutes."""

    minutes = models.OneToOneField(Minutes, on_delete=models.PROTECT, related_name="approval")
    by = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)
