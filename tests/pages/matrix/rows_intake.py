"""Who gets what where uses of AI are told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.pages.matrix.answers import EVERYBODY, empty, get, no_get, no_post, people, post, shows
from tests.pages.matrix.rows_registry import CASES, KNOWS
from tests.pages.matrix.world import World

__all__ = ["INTAKE"]

_TELL = people("reporter owner engineer delegate stranger guest")
_OFFICE = people("reviewer head")
_DELEGATE = people("delegate")
_MEASURE = people("reviewer chair head auditor")
_WRITES = {
    "own": people("reporter owner"),
    "other": people("stranger"),
    "group": people("stranger"),
    "restricted": people("reporter owner"),
    "draft": people("reporter"),
    "coded": people("stranger"),
}
"""Who answers in a notification: those named in it who may tell the office of uses in its unit."""
_SENT = {name: who for name, who in _WRITES.items() if name != "draft"}
_DRAFT = {"draft": people("reporter")}
_JUDGE = {
    "own": people("delegate reviewer head"),
    "other": _OFFICE,
    "group": _OFFICE,
    "restricted": people("head"),
    "coded": _OFFICE,
}
_ON: dict[str, Any] = {"kind": "case", "on": CASES, "opens_to": _TELL}
_ON_LINKS: dict[str, Any] = {"kind": "link", "on": (*CASES, "other's", "no link"), "opens_to": _TELL}
_NOT_MINE = dict.fromkeys(("other's", "no link"), KNOWS["own"] - _WRITES["own"])
_LINKED = {**KNOWS, **_NOT_MINE}


def _start(world: World, *_: str) -> Mapping[str, Any]:
    unit = world.company.cameras.pk
    return {"title": "Sorting of parcels", "unit": unit, "purpose": "Sorts.", "once": "a" * 32}


def _about(world: World, thing: str, _: str) -> Mapping[str, Any]:
    case = world.cases.get(thing, world.cases["draft"])
    return {"title": "New", "unit": case.unit.pk, "purpose": "New.", "once": "a" * 32, "version": case.version}


def _same_answer(world: World, thing: str, _: str) -> Mapping[str, Any]:
    found = world.notifications.get(thing, world.notifications["draft"])
    return {"answer": found.answers["who"], "seen": "1"}


def _ask(*_: Any) -> Mapping[str, Any]:
    return {"which": "this", "email": "s@example.com", "language": "en", "once": "b" * 32}


def _seen(**typed: str) -> Any:
    def sends(world: World, thing: str, _: str) -> Mapping[str, Any]:
        found = world.notifications.get(thing, world.notifications["own"])
        return {"version": found.version, **typed}

    return sends


def _outside(*_: Any) -> Mapping[str, Any]:
    return {"q-does": ["things"], "name": "Maker"}


INTAKE = (
    *shows("intake:mine", opens_to=_TELL),
    get("intake:start", opens_to=_TELL, page=_TELL),
    empty("intake:start", opens_to=_TELL, page=_TELL),
    post(
        "intake:start",
        opens_to=_TELL,
        elsewhere=people("reporter owner engineer delegate"),
        bad=people("stranger guest"),
        sends=_start,
        note="in Cameras",
    ),
    *shows("intake:like_hint", opens_to=_TELL),
    *shows("intake:unit_queue", opens_to=_DELEGATE),
    *shows("intake:office_queue", opens_to=_OFFICE),
    get("intake:samples", opens_to=_OFFICE, page=_OFFICE),
    empty("intake:samples", opens_to=_OFFICE, elsewhere=_OFFICE),
    post("intake:samples", opens_to=_OFFICE, elsewhere=_OFFICE, sends=lambda *_: {"after": "1"}, note="filled in"),
    *(
        ask(
            "intake:sample",
            kind="sample",
            on=("group", "restricted", "made-up"),
            opens_to=_OFFICE,
            page={"group": _OFFICE, "restricted": people("head")},
        )
        for ask in (get, empty)
    ),
    post(
        "intake:sample",
        kind="sample",
        on=("group", "restricted", "made-up"),
        opens_to=_OFFICE,
        elsewhere={"group": _OFFICE, "restricted": people("head")},
        sends=lambda *_: {"level": "low"},
        note="filled in",
    ),
    *shows("intake:dashboard", opens_to=_MEASURE),
    *shows("intake:thanks", EVERYBODY, opens_to=EVERYBODY),
    get("intake:outside", kind="token", on=("open", "closed", "made-up"), opens_to=EVERYBODY, page={"open": EVERYBODY}),
    empty(
        "intake:outside", kind="token", on=("open", "closed", "made-up"), opens_to=EVERYBODY, page={"open": EVERYBODY}
    ),
    post(
        "intake:outside",
        kind="token",
        on=("open", "closed", "made-up"),
        opens_to=EVERYBODY,
        elsewhere={"open": EVERYBODY},
        sends=_outside,
        note="filled in",
    ),
    get("intake:go_on", elsewhere=KNOWS, **_ON),
    no_post("intake:go_on", **_ON),
    get("intake:about", page=_DRAFT, elsewhere=_SENT, refused=KNOWS, **_ON),
    empty("intake:about", page=_DRAFT, elsewhere=_SENT, refused=KNOWS, **_ON),
    post("intake:about", elsewhere=_WRITES, refused=KNOWS, sends=_about, note="filled in", **_ON),
    get("intake:like", page=_WRITES, refused=KNOWS, **_ON),
    no_post("intake:like", **_ON),
    get("intake:question", page=_WRITES, refused=KNOWS, plus=("who",), **_ON),
    empty("intake:question", page=_WRITES, refused=KNOWS, plus=("who",), **_ON),
    post(
        "intake:question",
        elsewhere=_WRITES,
        refused=KNOWS,
        plus=("who",),
        sends=_same_answer,
        note="filled in",
        **_ON,
    ),
    get(
        "intake:question", refused={"own": KNOWS["own"] - _WRITES["own"]}, plus=("nothing",), **{**_ON, "on": ("own",)}
    ),
    get("intake:ask", page=_WRITES, refused=KNOWS, plus=("who",), **_ON),
    empty("intake:ask", page=_WRITES, refused=KNOWS, plus=("who",), **_ON),
    post("intake:ask", elsewhere=_WRITES, refused=KNOWS, plus=("who",), sends=_ask, note="filled in", **_ON),
    get("intake:check", page=_DRAFT, elsewhere=_SENT, refused=KNOWS, **_ON),
    empty("intake:check", page=_DRAFT, elsewhere=_SENT, refused=KNOWS, **_ON),
    post("intake:check", elsewhere=_WRITES, refused=KNOWS, sends=_seen(reply="Done."), note="filled in", **_ON),
    get("intake:receipt", elsewhere=_DRAFT, page=KNOWS, kind="case", on=CASES),
    no_post("intake:receipt", kind="case", on=CASES),
    get("intake:decide", page=_JUDGE, refused=KNOWS, kind="case", on=CASES),
    empty("intake:decide", bad=_JUDGE, refused=KNOWS, kind="case", on=CASES),
    post(
        "intake:decide",
        elsewhere={"own": _DELEGATE},
        refused=KNOWS,
        kind="case",
        on=CASES,
        sends=_seen(act="accept"),
        note="accept",
    ),
    post(
        "intake:decide",
        elsewhere={"own": _OFFICE, "other": _OFFICE, "coded": _OFFICE},
        conflict={"group": _OFFICE, "restricted": people("head")},
        refused=KNOWS,
        kind="case",
        on=CASES,
        sends=_seen(act="take"),
        note="take up",
    ),
    get("intake:link", page=_WRITES, refused=_LINKED, **_ON_LINKS),
    no_post("intake:link", **_ON_LINKS),
    no_get("intake:accept_link", **_ON_LINKS),
    empty("intake:accept_link", conflict=_SENT, bad=_DRAFT, refused=_LINKED, **_ON_LINKS),
    post(
        "intake:accept_link", elsewhere=_SENT, bad=_DRAFT, refused=_LINKED, sends=_seen(), note="filled in", **_ON_LINKS
    ),
    no_get("intake:set_aside_link", **_ON_LINKS),
    post("intake:set_aside_link", elsewhere=_WRITES, refused=_LINKED, **_ON_LINKS),
    no_get("intake:withdraw_link", **_ON_LINKS),
    post("intake:withdraw_link", elsewhere=_WRITES, refused=_LINKED, **_ON_LINKS),
)
