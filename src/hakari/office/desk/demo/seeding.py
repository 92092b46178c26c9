"""Filling an empty demonstration, once, through the actions of the site."""

from __future__ import annotations

import datetime
import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import timezone

from hakari.errors import OfficeError
from hakari.messages import say
from hakari.office.core.actions import SYSTEM, Actor, Done, action
from hakari.office.desk.demo.people import DOMAIN, PEOPLE, UNITS
from hakari.office.desk.opening import add_administrator
from hakari.office.desk.start import Tell
from hakari.office.people.actions.accounts import add_person, assign_unit
from hakari.office.people.actions.assignments import give_role
from hakari.office.people.actions.units import add_unit
from hakari.office.people.models import Person, Unit
from hakari.office.people.roles import ROLES

__all__ = ["SignIn", "SignIns", "seed"]

_FILE: Final = "demo-sign-ins.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """One account of the demonstration."""

    email: str
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIns:
    """All accounts, and the password of this installation."""

    password: str
    people: tuple[SignIn, ...]


def seed(tell: Tell, measure: Callable[[], bytes | None] = lambda: None) -> SignIns:
    """Fill the demonstration unless it is filled, and return how to sign in.

    Args:
        tell: Told each step.
        measure: Gives the case bundle of the mortgage example; asked only if there is something to fill. The office
            measures nothing itself.

    Raises:
        OfficeError: there are people who are no demonstration accounts.
    """
    if Person.objects.filter(is_demo=False, erased_at=None).exclude(email__endswith=f"@{DOMAIN}").exists():
        raise OfficeError(say("office.desk.not_demo"))
    password = _password()
    if not _filled():
        from hakari.office.desk.demo.filling import fill

        tell(say("office.desk.seeding"))
        people = _people(password)
        fill(people, tell, measure())
        _mark_filled()
    signs = [SignIn(email=f"{name}@{DOMAIN}", name=person.name, roles=person.roles) for name, person in PEOPLE.items()]
    return SignIns(password=password, people=tuple(signs))


@action("office.demo_account")
def make_demo_account(person: Person, password: str, *, by: Actor) -> Done[Person]:  # noqa: ARG001  # only ours
    """Give an account the printed password and mark it, so that it is refused in production."""
    if settings.ENVIRONMENT.mode != "demo":
        raise OfficeError(say("office.desk.not_demo"))
    person.set_password(password)
    Person.objects.filter(pk=person.pk).update(is_demo=True, password=person.password)
    person.refresh_from_db()
    return Done(person, about=("person", person.key))


def _people(password: str) -> Mapping[str, Person]:
    """Make units, people and roles; what is there from a start that was broken off is kept."""
    there = {person.email: person for person in Person.objects.all()}
    admin = there.get(f"admin@{DOMAIN}") or add_administrator(f"admin@{DOMAIN}", PEOPLE["admin"].name, by=SYSTEM)
    units: dict[str, Unit] = {}
    for key, (parent, name, name_ja) in UNITS.items():
        units[key] = add_unit(name, name_ja=name_ja, parent=units.get(parent), by=admin)
    starts = timezone.localdate() - datetime.timedelta(days=400)
    made = {}
    for key, stated in PEOPLE.items():
        email, unit = f"{key}@{DOMAIN}", units[stated.unit]
        person = admin if key == "admin" else there.get(email)
        if person is None:
            person = add_person(
                email, stated.name, reading=stated.reading, language=stated.language, unit=unit, by=admin
            )
        elif person.unit_id != unit.pk:
            assign_unit(person, unit, by=admin)
        if not person.is_demo:
            person = make_demo_account(person, password, by=SYSTEM)
        for role in () if key == "admin" else stated.roles:
            give_role(person, role, None if ROLES[role].whole_company else unit, starts=starts, by=admin)
        made[key] = person
    return made


def _password() -> str:
    """Return the password of this installation; made once, and kept where only its owner can read it."""
    path = _folder() / _FILE
    if path.is_file():
        return str(json.loads(path.read_text("utf-8"))["password"])
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({"password": password}, file)
    return password


def _filled() -> bool:
    path = _folder() / _FILE
    marked = path.is_file() and bool(json.loads(path.read_text("utf-8")).get("filled"))
    # The mark tells of a filling that was interrupted; the people, of a database that was made anew.
    return marked and Person.objects.filter(is_demo=True).exists()


def _mark_filled() -> None:
    path = _folder() / _FILE
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "filled": True}), "utf-8")


def _folder() -> Path:
    return Path(settings.ENVIRONMENT.folder)
