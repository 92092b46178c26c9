"""Who gets what where public keys are registered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.pages.matrix.answers import EVERYBODY, SIGNED_IN, Answer, empty, get, no_get, people, post, shows
from tests.pages.matrix.world import World

__all__ = ["KEYS"]

_ASKS = people("reporter owner engineer delegate reviewer head stranger guest")
_KEEPS = people("reviewer head admin")
_ENGINEER = people("engineer")
_WAITING = people("engineer reviewer head admin auditor")
"""The waiting key is the engineer's, and so is the registered one; the other waiting one was asked for by the head."""
_HEADS = people("reviewer head admin auditor")
_SEEN = {"waiting key": _WAITING, "key of the head": _HEADS, "key": SIGNED_IN}
_ON: dict[str, Any] = {"kind": "key", "on": ("waiting key", "key of the head", "key", "made-up")}
_CONFIRM = {"waiting key": _KEEPS, "key of the head": people("reviewer admin"), "key": _KEEPS}
_DECLINE = dict.fromkeys(_SEEN, _KEEPS)
_WITHDRAW = {"waiting key": _ENGINEER, "key of the head": people("head")}
_REVOKE = {"waiting key": _KEEPS | _ENGINEER, "key of the head": _KEEPS, "key": _KEEPS | _ENGINEER}
_WAITS = ("waiting key", "key of the head")


def _only(who: Mapping[str, frozenset[str]], *things: str) -> dict[str, frozenset[str]]:
    return {thing: found for thing, found in who.items() if thing in things}


def _seen_but(who: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Return who sees a key and may not do this to it."""
    return {thing: seen - who.get(thing, frozenset()) for thing, seen in _SEEN.items()}


def _key(*_: Any) -> Mapping[str, Any]:
    return {"public": "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "kind": "person"}


def _pipeline(world: World, *_: Any) -> Mapping[str, Any]:
    return {**_key(), "kind": "pipeline", "name": "nightly", "unit": world.company.cameras.key}


def _compared(*_: Any) -> Mapping[str, Any]:
    return {"version": "1", "compared": "on"}


def _reason(*_: Any) -> Mapping[str, Any]:
    return {"version": "1", "reason": "Not theirs."}


KEYS = (
    *shows("keys:directory", EVERYBODY, opens_to=EVERYBODY),
    *shows("keys:list"),
    get("keys:ask", page=_ASKS, rest=Answer.REFUSED),
    empty("keys:ask", bad=_ASKS, rest=Answer.REFUSED),
    post("keys:ask", elsewhere=_ASKS, rest=Answer.REFUSED, sends=_key, note="filled in"),
    # Who may not ask for a pipeline has no such choice: what they send is taken as their own key.
    post(
        "keys:ask",
        elsewhere=_ASKS - people("stranger"),
        bad=people("stranger"),
        rest=Answer.REFUSED,
        sends=_pipeline,
        note="for a pipeline of Cameras",
    ),
    *shows("keys:key", _SEEN, **_ON),
    get("keys:confirm", page=_CONFIRM, refused=_seen_but(_CONFIRM), **_ON),
    empty("keys:confirm", bad=_CONFIRM, refused=_seen_but(_CONFIRM), **_ON),
    post(
        "keys:confirm",
        elsewhere=_only(_CONFIRM, *_WAITS) | {"key": people("reviewer")},  # who confirmed it and sends it twice
        conflict={"key": people("head admin")},
        refused=_seen_but(_CONFIRM),
        sends=_compared,
        note="filled in",
        **_ON,
    ),
    get("keys:decline", page=_DECLINE, refused=_seen_but(_DECLINE), **_ON),
    empty("keys:decline", bad=_DECLINE, refused=_seen_but(_DECLINE), **_ON),
    post(
        "keys:decline",
        elsewhere=_only(_DECLINE, *_WAITS),
        conflict=_only(_DECLINE, "key"),
        refused=_seen_but(_DECLINE),
        sends=_reason,
        note="filled in",
        **_ON,
    ),
    no_get("keys:withdraw", **_ON),
    post(
        "keys:withdraw",
        elsewhere=_WITHDRAW,
        conflict={"key": _ENGINEER},
        refused=_seen_but(_WITHDRAW),
        **_ON,
    ),
    get("keys:revoke", page=_REVOKE, refused=_seen_but(_REVOKE), **_ON),
    empty("keys:revoke", bad=_REVOKE, refused=_seen_but(_REVOKE), **_ON),
    post(
        "keys:revoke",
        elsewhere=_only(_REVOKE, "key"),
        bad=_only(_REVOKE, *_WAITS),
        refused=_seen_but(_REVOKE),
        sends=_reason,
        note="filled in",
        **_ON,
    ),
)
