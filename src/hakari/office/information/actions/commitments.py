"""Commitments: an initiative and its promises change by new versions; nothing that was said is overwritten."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from hakari.errors import ConflictError, InputError
from hakari.messages import say
from hakari.office.core.actions import Done, action
from hakari.office.information.models import Initiative, InitiativeVersion, Promise, PromiseVersion
from hakari.office.information.requirements import carrier_named
from hakari.office.information.words import Words, check_length, keep
from hakari.office.people.access import require
from hakari.office.people.models import Person
from hakari.office.people.permissions import Permission
from hakari.office.registry.numbers import next_number

__all__ = ["InitiativeFacts", "PromiseFacts", "add_initiative", "add_promise", "change_initiative", "change_promise"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativeFacts:
    """What is known of an initiative."""

    name: Words
    body: str = ""
    link: str = ""
    since: datetime.date | None = None
    until: datetime.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseFacts:
    """What was promised, and the codes of the requirements that carry it."""

    text: Words
    due: datetime.date | None = None
    ended: bool = False
    carriers: tuple[str, ...] = ()


def add_initiative(facts: InitiativeFacts, *, key: str, by: Person) -> Initiative:
    """Add an initiative; `key` names the form, so that sending it twice adds one."""
    found = Initiative.objects.filter(key=key).first()
    if found is None:
        try:
            found = _add_initiative(facts, key=key, by=by)
        except IntegrityError:
            found = Initiative.objects.get(key=key)
    return found


@action("initiative.added")
def _add_initiative(facts: InitiativeFacts, *, key: str, by: Person) -> Done[Initiative]:
    require(by, Permission.INFORM)
    initiative = Initiative(key=key, number=next_number("IN"))
    initiative.save()
    version = _write_initiative(initiative, facts, 1, by)
    return Done(initiative, about=("initiative", initiative.key), data=_initiative_data(version))


@action("initiative.changed")
def change_initiative(initiative: Initiative, facts: InitiativeFacts, *, seen: int, by: Person) -> Done[Any]:
    """Write what is known of an initiative now, if nobody wrote since version `seen`."""
    require(by, Permission.INFORM)
    version = _write_initiative(initiative, facts, _next(initiative, seen), by)
    return Done(version, about=("initiative", initiative.key), data=_initiative_data(version))


def add_promise(initiative: Initiative, facts: PromiseFacts, *, key: str, by: Person) -> Promise:
    """Add a promise to an initiative; `key` names the form, so that sending it twice adds one."""
    found = Promise.objects.filter(key=key, initiative=initiative).first()
    if found is None:
        try:
            found = _add_promise(initiative, facts, key=key, by=by)
        except IntegrityError:
            found = Promise.objects.get(key=key, initiative=initiative)
    return found


@action("promise.added")
def _add_promise(initiative: Initiative, facts: PromiseFacts, *, key: str, by: Person) -> Done[Promise]:
    require(by, Permission.INFORM)
    promise = Promise(key=key, initiative=initiative)
    promise.save()
    version = _write_promise(promise, facts, 1, by)
    return Done(promise, about=("initiative", initiative.key), data=_promise_data(version))


@action("promise.changed")
def change_promise(promise: Promise, facts: PromiseFacts, *, seen: int, by: Person) -> Done[Any]:
    """Write what was promised and what carries it now, if nobody wrote since version `seen`."""
    require(by, Permission.INFORM)
    version = _write_promise(promise, facts, _next(promise, seen), by)
    return Done(version, about=("initiative", promise.initiative.key), data=_promise_data(version))


def _next(row: Any, seen: int) -> int:
    latest = row.versions.order_by("-version").values_list("version", flat=True).first()
    if latest != seen:
        raise ConflictError(say("office.core.conflict"))
    return seen + 1


def _write_initiative(initiative: Initiative, facts: InitiativeFacts, number: int, by: Person) -> InitiativeVersion:
    if not facts.name:
        raise InputError(say("office.information.name_missing"))
    if facts.since and facts.until and facts.until < facts.since:
        raise InputError(say("office.information.until_before_since"))
    check_length(facts.name, 200)
    version = InitiativeVersion(
        initiative=initiative,
        version=number,
        body=keep(facts.body, one_line=True),
        link=_web(facts.link),
        since=facts.since,
        until=facts.until,
        by=by,
        **facts.name.kept("name", one_line=True),
    )
    _save(version)
    return version


def _write_promise(promise: Promise, facts: PromiseFacts, number: int, by: Person) -> PromiseVersion:
    if not facts.text:
        raise InputError(say("office.information.promise_missing"))
    check_length(facts.text, 4_000)
    carriers = [carrier_named(code) for code in dict.fromkeys(facts.carriers)]
    if None in carriers:
        raise InputError(say("office.information.no_such_requirement"))
    named = [{"pack": item.pack, "requirement": item.requirement} for item in carriers if item is not None]
    version = PromiseVersion(
        promise=promise,
        version=number,
        due=facts.due,
        ended=facts.ended,
        requirements=named,
        by=by,
        **facts.text.kept("text"),
    )
    _save(version)
    return version


def _save(version: Any) -> None:
    if version.version == 1:
        version.save()
        return
    try:
        with transaction.atomic():
            version.save()
    except IntegrityError:
        raise ConflictError(say("office.core.conflict")) from None


def _web(link: str) -> str:
    """Return a link that leads to a web page and nowhere else: `javascript:` is a link too."""
    if link and not link.startswith(("https://", "http://")):
        raise InputError(say("office.information.link_is_no_page"))
    return link


def _initiative_data(version: InitiativeVersion) -> dict[str, Any]:
    texts = {"name_en": version.name_en_id, "name_ja": version.name_ja_id, "body": version.body_id}
    days = {"since": _iso(version.since), "until": _iso(version.until)}
    return {"version": version.version, "texts": texts, **days}


def _promise_data(version: PromiseVersion) -> dict[str, Any]:
    return {
        "promise": version.promise.key,
        "version": version.version,
        "texts": {"text_en": version.text_en_id, "text_ja": version.text_ja_id},
        "due": _iso(version.due),
        "ended": version.ended,
        "requirements": version.requirements,
    }


def _iso(day: datetime.date | None) -> str | None:
    return day.isoformat() if day else None
