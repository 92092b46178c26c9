"""Use cases, their versions, suppliers and components."""

from __future__ import annotations

import datetime
from typing import ClassVar

from django.db import models
from django.utils import timezone

from hakari.office.core.conflicts import Versioned
from hakari.office.people.models import Person, Unit, new_key
from hakari.office.registry.states import State

__all__ = [
    "Component",
    "ComponentUse",
    "ComponentVersion",
    "Counter",
    "Gram",
    "ImportFile",
    "Level",
    "NamedPerson",
    "SearchText",
    "Supplier",
    "SystemVersion",
    "UseCase",
    "Visibility",
]


class Visibility(models.TextChoices):
    """Who sees a use case."""

    UNIT = "unit"
    """The unit it belongs to and those above it."""
    GROUP = "group"
    """Everybody who holds a role."""
    RESTRICTED = "restricted"
    """Those who answer for it, people named one by one, and roles that may see restricted cases."""


class Level(models.TextChoices):
    """The office's own scale (see triage)."""

    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"
    STOP = "stop"


class UseCase(Versioned):
    """What AI is used for, by whom, on whom."""

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    number = models.CharField(max_length=20, unique=True)
    former_number = models.CharField(max_length=60, blank=True, db_index=True)
    """Its number in the register from which it was imported."""
    title = models.CharField(max_length=200)
    purpose = models.TextField(blank=True, max_length=4000)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="use_cases")
    reporter = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="reported")
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="owned")
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    state_since = models.DateTimeField(default=timezone.now)
    moved_by = models.CharField(max_length=64, blank=True)
    """Key of whoever brought it into its state; empty while nobody has moved it."""
    suspended_from = models.CharField(max_length=12, blank=True)
    """The state in which a stop met it, and to which it goes back."""
    visibility = models.CharField(max_length=12, choices=Visibility, default=Visibility.UNIT)
    code_name = models.CharField(max_length=60, blank=True)
    """Shown instead of the title to those outside the unit until the embargo ends."""
    embargo_until = models.DateField(null=True, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    """Facts that the pre-scan stated, by name."""
    lowest = models.CharField(max_length=6, choices=Level, blank=True)
    highest = models.CharField(max_length=6, choices=Level, blank=True)
    """The same as `lowest` once nothing is open; empty before triage."""
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    people = models.ManyToManyField(Person, through="NamedPerson", related_name="named_in")

    class Meta:
        ordering: ClassVar = ["-created_at", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["-created_at", "-id"]),
            models.Index(fields=["unit", "state"]),
            models.Index(fields=["state", "-created_at"]),
            models.Index(fields=["highest", "-created_at"]),
            models.Index(fields=["-changed_at", "-id"]),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="registry_use_case_state"),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "retired", "notified", "suspended"]) | ~models.Q(highest=""),
                name="registry_use_case_triaged_has_a_level",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class NamedPerson(models.Model):
    """Somebody who sees a use case by name, whatever its visibility."""

    use_case = models.ForeignKey(UseCase, on_delete=models.CASCADE)
    person = models.ForeignKey(Person, on_delete=models.CASCADE)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["use_case", "person"], name="registry_named_once")]


class SystemVersion(models.Model):
    """The subjects of one release and the digest over them."""

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    use_case = models.ForeignKey(UseCase, on_delete=models.CASCADE, related_name="versions")
    label = models.CharField(max_length=60)
    subjects = models.JSONField(default=list)
    """[{name, kind, digest}], as in evidence."""
    scope_digest = models.CharField(max_length=64)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-added_at", "-pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["use_case", "label"], name="registry_version_once")]


class Supplier(Versioned):
    """Who makes what we did not make."""

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    name = models.CharField(max_length=120, unique=True)
    country = models.CharField(max_length=60, blank=True)
    contact = models.EmailField(blank=True)
    """An address of the company, not of a person."""
    website = models.URLField(blank=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Component(Versioned):
    """A supplier's model or service."""

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="components")
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True, max_length=4000)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["supplier", "name"], name="registry_component_once")]

    def __str__(self) -> str:
        return self.name


class ComponentVersion(Versioned):
    """One version of a component, assessed once; use cases inherit its answers as `component@version`."""

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    component = models.ForeignKey(Component, on_delete=models.CASCADE, related_name="versions")
    label = models.CharField(max_length=60)
    answers = models.JSONField(default=dict, blank=True)
    """Answers to questions that the supplier can answer for everybody: question → answer, of the pre-scan."""
    notes = models.TextField(blank=True, max_length=4000)
    digest = models.CharField(max_length=64)
    """SHA-256 of the canonical answers: what a use case inherited is stale once this is another one."""
    assessed_on = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["component", "label"], name="registry_component_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.component.name}@{self.label}"


class ComponentUse(models.Model):
    """A use case inherits the answers of a component's version as they stood when it took them over."""

    use_case = models.ForeignKey(UseCase, on_delete=models.CASCADE, related_name="component_uses")
    component_version = models.ForeignKey(ComponentVersion, on_delete=models.PROTECT, related_name="uses")
    answers = models.JSONField(default=dict, blank=True)
    """What was inherited, so that it can be read when the component says something else."""
    digest = models.CharField(max_length=64)
    """SHA-256 of these answers."""
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["use_case", "component_version"], name="registry_component_use_once")
        ]

    def stale_because(self, today: datetime.date | None = None) -> str:
        """Return why what was inherited does not count any more: `changed`, `ended`, or nothing."""
        version = self.component_version
        if version.digest != self.digest:
            return "changed"
        if version.valid_until is not None and version.valid_until < (today or timezone.localdate()):
            return "ended"
        return ""


class Counter(models.Model):
    """Numbers that are given out once."""

    name = models.CharField(max_length=20, primary_key=True)
    value = models.PositiveIntegerField(default=0)


class SearchText(models.Model):
    """The words of a use case as search compares them (see `search`)."""

    use_case = models.OneToOneField(UseCase, on_delete=models.CASCADE, primary_key=True, related_name="search_text")
    shown = models.TextField(blank=True)
    """What everybody who sees the case may know: its numbers and its code name."""
    words = models.TextField(blank=True)
    """Everything: besides these the title, the purpose, and the names of components and suppliers."""


class Gram(models.Model):
    """Two neighbouring characters of a use case's words: the search index, alike on both databases."""

    gram = models.CharField(max_length=2)
    use_case = models.ForeignKey(UseCase, on_delete=models.CASCADE, related_name="grams")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["gram", "use_case"], name="registry_gram_once")]


class ImportFile(models.Model):
    """A register that somebody uploaded, kept under its digest until it is imported or thrown away."""

    digest = models.CharField(max_length=64)
    """SHA-256 of the content."""
    name = models.CharField(max_length=120)
    """The name under which it was uploaded; shown, never trusted."""
    kind = models.CharField(max_length=4, choices=[("csv", "csv"), ("xlsx", "xlsx")])
    content = models.BinaryField()
    uploaded_by = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-uploaded_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["digest", "uploaded_by"], name="registry_import_file_once"),
            models.CheckConstraint(condition=models.Q(kind__in=["csv", "xlsx"]), name="registry_import_file_kind"),
        ]
