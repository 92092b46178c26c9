"""Who gets what of accounts, units, roles, tokens and sessions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.pages.matrix.answers import EVERYBODY, SIGNED_IN, empty, get, no_get, people, post, shows
from tests.pages.matrix.world import World

__all__ = ["OWN_PAGES"]

_ADMIN = people("admin")
_KEPT: dict[str, Any] = {"opens_to": _ADMIN}
_ON_PERSON: dict[str, Any] = {"kind": "person", "on": ("engineer", "admin", "made-up"), **_KEPT}
_ON_HELD: dict[str, Any] = {"kind": "held", "on": ("engineer", "other's", "made-up"), **_KEPT}
_ON_UNIT: dict[str, Any] = {"kind": "unit", "on": ("unit", "made-up"), **_KEPT}
_BOTH = {"engineer": _ADMIN, "admin": _ADMIN}
_OTHER = {"engineer": _ADMIN}
_ONESELF = {"admin": _ADMIN}
_TOKENS = tuple(sorted(SIGNED_IN))


def _profile(world: World, _: str, person: str) -> Mapping[str, Any]:
    if person not in world.company.people:
        return {}
    return {"name": "Another", "language": "en", "version": world.person(person).version}


def _changed(world: World, thing: str, _: str) -> Mapping[str, Any]:
    return _profile(world, "", thing)


def _session_of(name: str) -> Any:
    def sends(world: World, _: str, person: str) -> Mapping[str, Any]:
        other = "owner" if person != "owner" else "engineer"
        whose = {"own": person, "other's": other}.get(name, "")
        return {"session": world.sessions.get(whose, 999_999)}

    return sends


def _token(*_: Any) -> Mapping[str, Any]:
    return {"name": "second", "scopes": ["use_cases"], "days": "30", "seed": "s" * 24}


def _ledger_token(*_: Any) -> Mapping[str, Any]:
    return {**_token(), "scopes": ["ledger"]}


def _person(*_: Any) -> Mapping[str, Any]:
    return {"email": "new@example.com", "name": "New", "language": "en"}


def _role(*_: Any) -> Mapping[str, Any]:
    return {"role": "auditor", "starts": "2026-01-01"}


_ACTS = (
    ("activate", {"elsewhere": _BOTH}),
    ("deactivate", {"elsewhere": _OTHER, "refused": _ONESELF}),
    ("erase", {"elsewhere": _OTHER, "refused": _ONESELF}),
    ("invite", {"elsewhere": _BOTH}),
)

OWN_PAGES = (
    *shows("home"),
    *shows("parts"),
    no_get("language", opens_to=EVERYBODY),
    post("language", opens_to=EVERYBODY, elsewhere=EVERYBODY),
    *shows("people:me"),
    get("people:profile", page=SIGNED_IN),
    post("people:profile", page=SIGNED_IN),
    post("people:profile", elsewhere=SIGNED_IN, sends=_profile, note="filled in"),
    *shows("people:export"),
    get("people:erasure", page=SIGNED_IN),
    post("people:erasure", elsewhere=SIGNED_IN),
    get("people:sessions", page=SIGNED_IN),
    post("people:sessions"),
    post("people:sessions", elsewhere=SIGNED_IN, sends=_session_of("own"), note="own"),
    post("people:sessions", sends=_session_of("other's"), note="another's"),
    post("people:sessions", sends=_session_of("made-up"), note="made-up"),
    *shows("people:tokens"),
    get("people:token_add", page=SIGNED_IN),
    post("people:token_add", page=SIGNED_IN),
    post("people:token_add", page=SIGNED_IN, sends=_token, note="filled in"),
    post("people:token_add", page=SIGNED_IN, sends=_ledger_token, note="for the ledger"),
    no_get("people:token_revoke", kind="api token", on=("owner", "made-up")),
    post(
        "people:token_revoke",
        kind="api token",
        on=(*_TOKENS, "made-up"),
        elsewhere={name: people(name) for name in _TOKENS},
    ),
    *shows("people:roles"),
    *shows("people:list", **_KEPT),
    *shows("people:units", **_KEPT),
    get("people:add", page=_ADMIN, **_KEPT),
    empty("people:add", page=_ADMIN, **_KEPT),
    post("people:add", elsewhere=_ADMIN, sends=_person, note="filled in", **_KEPT),
    get("people:unit_add", page=_ADMIN, **_KEPT),
    empty("people:unit_add", page=_ADMIN, **_KEPT),
    post("people:unit_add", elsewhere=_ADMIN, sends=lambda *_: {"name": "Film"}, note="filled in", **_KEPT),
    get("people:unit", page={"unit": _ADMIN}, **_ON_UNIT),
    empty("people:unit", page={"unit": _ADMIN}, **_ON_UNIT),
    post(
        "people:unit",
        elsewhere={"unit": _ADMIN},
        sends=lambda *_: {"name": "Glass", "version": "1"},
        note="filled in",
        **_ON_UNIT,
    ),
    *shows("people:person", _BOTH, **_ON_PERSON),
    get("people:change", page=_BOTH, **_ON_PERSON),
    empty("people:change", page=_BOTH, **_ON_PERSON),
    post("people:change", elsewhere=_BOTH, sends=_changed, note="filled in", **_ON_PERSON),
    get("people:role_give", page=_OTHER, refused=_ONESELF, **_ON_PERSON),
    empty("people:role_give", page=_OTHER, refused=_ONESELF, **_ON_PERSON),
    post("people:role_give", elsewhere=_OTHER, refused=_ONESELF, sends=_role, note="filled in", **_ON_PERSON),
    get("people:role_end", page=_OTHER, **_ON_HELD),
    post("people:role_end", elsewhere=_OTHER, **_ON_HELD),
    *(get("people:act", page=_BOTH, plus=(act,), **_ON_PERSON) for act, _ in _ACTS),
    *(post("people:act", plus=(act,), **_ON_PERSON, **given) for act, given in _ACTS),
    *(ask("people:act", plus=("crown",), **_ON_PERSON) for ask in (get, post)),
)
