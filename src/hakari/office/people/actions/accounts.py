"""Accounts: made, switched off and on, moved to a unit, and erased."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, transaction
from django.utils import timezone

from hakari.errors import InputError, NotAllowedError
from hakari.messages import say
from hakari.office.core.actions import Done, action
from hakari.office.core.conflicts import change
from hakari.office.core.models import MailItem
from hakari.office.people.access import require
from hakari.office.people.actions.assignments import keep_an_admin
from hakari.office.people.models import Assignment, Person, Token, Unit
from hakari.office.people.permissions import Permission
from hakari.office.people.signing.mail import invite

__all__ = ["activate", "add_person", "assign_unit", "deactivate", "erase", "invite_again"]


@action("person.added")
def add_person(
    email: str, name: str, *, reading: str = "", language: str = "en", unit: Unit | None = None, by: Person
) -> Done[Person]:
    """Make an account without a password and send the link by which its owner sets one."""
    require(by, Permission.MANAGE_PEOPLE)
    try:
        with transaction.atomic():
            person = Person.objects.create_user(email, None, name=name, reading=reading, language=language, unit=unit)
    except IntegrityError as error:
        raise InputError(say("office.people.address_taken")) from error
    transaction.on_commit(lambda: invite(person))
    data = {"language": language, "unit": unit.key if unit else None}
    return Done(person, about=("person", person.key), data=data)


@action("person.invited")
def invite_again(person: Person, *, by: Person) -> Done[Person]:
    """Send the link once more."""
    require(by, Permission.MANAGE_PEOPLE)
    if not person.is_active:
        raise InputError(say("office.people.not_active"))
    transaction.on_commit(lambda: invite(person))
    return Done(person, about=("person", person.key))


@action("person.unit_changed")
def assign_unit(person: Person, unit: Unit | None, *, seen: int | None = None, by: Person) -> Done[Person]:
    """Say where a person belongs; what they may do there is for their roles."""
    require(by, Permission.MANAGE_PEOPLE)
    change(person, seen=seen, unit=unit)
    return Done(person, about=("person", person.key), data={"unit": unit.key if unit else None})


@action("person.deactivated")
def deactivate(person: Person, *, by: Person) -> Done[Person]:
    """Close an account: its sessions end at once, its tokens count no more while it is closed."""
    require(by, Permission.MANAGE_PEOPLE)
    _not_oneself(person, by)
    keep_an_admin(without=person)
    if person.is_active:
        change(person, is_active=False)
    _end_sessions(person)
    return Done(person, about=("person", person.key))


@action("person.activated")
def activate(person: Person, *, by: Person) -> Done[Person]:
    """Open a closed account again."""
    require(by, Permission.MANAGE_PEOPLE)
    if person.erased_at is not None:
        raise InputError(say("office.people.erased"))
    if not person.is_active:
        change(person, is_active=True)
    return Done(person, about=("person", person.key))


@action("person.erased")
def erase(person: Person, *, by: Person) -> Done[Person]:
    """Take away who somebody was; their key stays, so that the ledger and what they wrote stay as they are."""
    require(by, Permission.MANAGE_PEOPLE)
    _not_oneself(person, by)
    keep_an_admin(without=person)
    now = timezone.now()
    if person.erased_at is None:
        person.set_unusable_password()
        gone: dict[str, Any] = {"name": "", "reading": "", "email": f"{person.key}@erased.invalid"}
        change(person, **gone, password=person.password, is_active=False, unit=None, erased_at=now)
    Token.objects.filter(person=person, revoked_at=None).update(revoked_at=now)
    Token.objects.filter(person=person).update(name="")
    Assignment.objects.filter(person=person, ended_at=None).update(ended_at=now, ended_by=by.key)
    _end_sessions(person)
    for model in (Authenticator, EmailAddress, SocialAccount):
        model.objects.filter(user=person).delete()
    MailItem.objects.filter(person=person).delete()
    return Done(person, about=("person", person.key))


def _not_oneself(person: Person, by: Person) -> None:
    if by.pk == person.pk:
        raise NotAllowedError(say("office.people.not_oneself"))


def _end_sessions(person: Person) -> None:
    for session in UserSession.objects.filter(user=person):
        session.end()
