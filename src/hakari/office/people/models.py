"""People, units as a tree, roles for a time, and keys for programs."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

from hakari.office.core.conflicts import Versioned
from hakari.office.people.roles import ROLES

__all__ = ["Assignment", "Person", "Token", "Unit", "new_key"]


def new_key() -> str:
    """Return an opaque name."""
    return uuid.uuid4().hex


class Unit(Versioned):
    """A part of the company. A role in a unit counts in everything below it."""

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    name = models.CharField(max_length=120)
    name_ja = models.CharField(max_length=120, blank=True)
    reading = models.CharField(max_length=120, blank=True)
    """How the Japanese name is read, by which it is sorted for Japanese readers."""
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=500, default="/", db_index=True, editable=False)
    """The ids from the top down to this unit, such as `/1/4/`; made when it is saved."""

    class Meta:
        ordering: ClassVar = ["path"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        above = self.parent.path if self.parent else "/"
        path = f"{above}{self.pk}/"
        if path != self.path:
            old, self.path = self.path, path
            type(self).objects.filter(pk=self.pk).update(path=path)
            if old != "/":
                for child in type(self).objects.filter(path__startswith=old).exclude(pk=self.pk):
                    type(self).objects.filter(pk=child.pk).update(path=path + child.path.removeprefix(old))

    @property
    def names(self) -> dict[str, str]:
        """The name in both languages."""
        return {"en": self.name, "ja": self.name_ja or self.name}

    def sorted_by(self, language: str) -> str:
        """Return what stands for this unit in the order of a language."""
        return (self.reading or self.name_ja or self.name if language == "ja" else self.name).casefold()

    def __str__(self) -> str:
        return self.name


class People(BaseUserManager["Person"]):
    """Makes accounts."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> Person:
        """Return a new person; without a password they sign in through the company's provider or a reset."""
        person = self.model(email=self.normalize_email(email).lower(), **extra)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email__iexact=username)


class Person(AbstractBaseUser, Versioned):
    """Somebody with an account. The ledger knows only their key."""

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    reading = models.CharField(max_length=120, blank=True)
    """How the name is read, by which Japanese names are sorted."""
    language = models.CharField(max_length=2, choices=[("en", "English"), ("ja", "日本語")], default="en")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="people")
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    """A demo account; production refuses to start with one."""
    joined_at = models.DateTimeField(default=timezone.now)
    erasure_asked_at = models.DateTimeField(null=True, blank=True)
    """When the person asked for their erasure; an administrator does it."""
    erased_at = models.DateTimeField(null=True, blank=True)
    """When name, reading and address were taken away; the key stays, so that the ledger still holds."""

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]
    objects = People()

    class Meta:
        ordering: ClassVar = ["reading", "name"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True) | models.Q(name="", reading="", is_active=False),
                name="people_erased_person_has_no_name",
            )
        ]

    # What Django's and allauth's code asks of an account; nobody is a superuser here.
    is_staff = False
    is_superuser = False

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Django's permissions are not used: roles are (`access`)."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        """Django's permissions are not used."""
        return False

    def get_full_name(self) -> str:
        return self.name

    def __str__(self) -> str:
        return self.name or "—"


class Assignment(models.Model):
    """A role of a person, for a unit (or the whole company), from a day to a day."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="assignments")
    role = models.CharField(max_length=20, choices=[(code, code) for code in ROLES])
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="assignments")
    """None: the whole company."""
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    """The last day; None: until taken back."""
    given_by = models.CharField(max_length=64, default="system")
    """Key of the person who gave it."""
    ended_at = models.DateTimeField(null=True, blank=True)
    """When it was taken back before its last day; it counts no longer from that moment."""
    ended_by = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar = ["-starts"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends__isnull=True) | models.Q(ends__gte=models.F("starts")),
                name="people_assignment_ends_after_it_starts",
            )
        ]


class Token(models.Model):
    """A key for a program: kept as a digest, for some scopes, until a day."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    """The beginning, by which its owner recognises it."""
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "name"],
                condition=models.Q(revoked_at__isnull=True),
                name="people_token_name_once_while_it_counts",
            )
        ]
