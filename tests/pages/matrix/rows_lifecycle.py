"""Who gets what where use cases are assessed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.pages.lifecycle.trial import ASKED, GAPS, REFERENCE, trial_bundle
from tests.pages.matrix.answers import empty, get, no_get, no_post, people, post, shows
from tests.pages.matrix.rows_registry import CASES, KNOWS
from tests.pages.matrix.world import World

__all__ = ["LIFECYCLE"]

_LIKE = {"open": "own", "in review": "own", "stale": "own", "hidden": "restricted", "veiled": "coded"}
"""For each assessment the use case that the same people see."""
_SEES = {name: KNOWS[like] for name, like in _LIKE.items()}
_CAMERAS = people("owner engineer head")
_EDITS = {
    "open": _CAMERAS,
    "in review": _CAMERAS,
    "stale": _CAMERAS,
    "hidden": people("owner head"),
    "veiled": people("stranger head"),
}
_OPENS = {**_EDITS, **{name: _EDITS[name] | people("reviewer") for name in ("open", "in review", "stale", "veiled")}}
"""Who works on it, and the office where it sees the use case."""
_READS_ONLY = {name: _SEES[name] - _EDITS[name] for name in _LIKE}
"""Who reads it and delivers nothing."""
_OWNS = {name: people("stranger" if name == "veiled" else "owner") for name in _LIKE}
_OPEN = ("open", "hidden", "veiled")
_SHUT = ("in review", "stale")
_REVIEWS = people("reviewer head")
_HEAD = dict.fromkeys(_LIKE, people("head"))
_ON: dict[str, Any] = {"kind": "assessment", "on": (*_LIKE, "made-up")}
_ON_ROUNDS: dict[str, Any] = {"kind": "round", "on": ("in review", "stale", "no round", "made-up")}
_READS = {name: _SEES[name] for name in ("in review", "stale")}
_TOLD: dict[str, Any] = {"plus": (ASKED, "told"), **_ON}
_CASE: dict[str, Any] = {"kind": "case", "on": CASES}
_MAY_OPEN = {
    "own": people("owner engineer head reviewer"),
    "other": people("stranger head reviewer"),
    "group": people("stranger head reviewer"),
    "restricted": people("owner head"),
    "draft": people("reporter"),
    "coded": people("stranger head reviewer"),
}
_SETTLED = ("group", "restricted")
"""Use cases whose tier is settled, so that they can be assessed."""


def _only(who: Mapping[str, frozenset[str]], things: tuple[str, ...]) -> dict[str, frozenset[str]]:
    return {thing: found for thing, found in who.items() if thing in things}


def _version(**typed: Any) -> Any:
    def sends(world: World, thing: str, _: str) -> Mapping[str, Any]:
        found = world.assessments.get(thing)
        return {"version": found.version if found else 1, **typed}

    return sends


@cache
def _bundle() -> bytes:
    return trial_bundle()


def _zip(*_: Any) -> Mapping[str, Any]:
    return {"file": SimpleUploadedFile("case.zip", _bundle(), content_type="application/zip")}


def _places(*_: Any) -> Mapping[str, Any]:
    return {"place": [f"{ASKED}|told"]}


def _accepts(*_: Any) -> Mapping[str, Any]:
    return {"reason": "Few rows.", "condition": "Monthly.", "until": timezone.localdate().isoformat()}


def _opens(*_: Any) -> Mapping[str, Any]:
    return {"stage": "develop", "packs": [REFERENCE]}


def _advice(*_: Any) -> Mapping[str, Any]:
    return {"act": "advise", "advise-text": "Look again."}


LIFECYCLE = (
    *shows("lifecycle:list"),
    *shows("lifecycle:attachment", _SEES, kind="attachment", on=(*_LIKE, "made-up")),
    get("lifecycle:open", page=_only(_MAY_OPEN, _SETTLED), bad=_MAY_OPEN, refused=KNOWS, **_CASE),
    empty("lifecycle:open", bad=_MAY_OPEN, refused=KNOWS, **_CASE),
    post(
        "lifecycle:open",
        elsewhere=_only(_MAY_OPEN, _SETTLED),
        bad=_MAY_OPEN,
        refused=KNOWS,
        sends=_opens,
        note="filled in",
        **_CASE,
    ),
    *shows("lifecycle:assessment", _SEES, **_ON),
    no_get("lifecycle:again", **_ON),
    post("lifecycle:again", elsewhere=_only(_OPENS, ("stale",)), bad=_OPENS, refused=_SEES, **_ON),
    no_get("lifecycle:close", **_ON),
    post("lifecycle:close", bad=_OPENS, refused=_SEES, sends=_version(), **_ON),
    get("lifecycle:facts", page=_SEES, **_ON),
    empty("lifecycle:facts", bad=_only(_EDITS, _OPEN), refused=_SEES, **_ON),
    post(
        "lifecycle:facts",
        elsewhere=_only(_EDITS, _OPEN),
        refused=_SEES,
        sends=_version(**{"f-people": "no"}),
        note="filled in",
        **_ON,
    ),
    get("lifecycle:responsible", page=_EDITS, refused=_SEES, **_ON),
    empty("lifecycle:responsible", elsewhere=_EDITS, refused=_SEES, **_ON),
    post(
        "lifecycle:responsible",
        elsewhere=_EDITS,
        refused=_SEES,
        sends=lambda *_: {"role-engineer": "reporter@example.com"},
        note="filled in",
        **_ON,
    ),
    get("lifecycle:carried", page=_SEES, **_ON),
    empty("lifecycle:carried", elsewhere=_SEES, **_ON),
    post(
        "lifecycle:carried",
        # What is ticked waits for nobody there.
        bad={**_only(_SEES, _SHUT), **_only(_OWNS, _OPEN)},
        refused=_SEES,
        sends=_places,
        note="filled in",
        **_ON,
    ),
    get("lifecycle:question", page=_SEES, **_TOLD),
    empty("lifecycle:question", bad=_OWNS, refused=_SEES, **_TOLD),
    post(
        "lifecycle:question",
        elsewhere=_only(_OWNS, _OPEN),
        bad=_OWNS,
        refused=_SEES,
        sends=lambda *_: {"answer": "yes", "seen": "0"},
        note="filled in",
        **_TOLD,
    ),
    get("lifecycle:question", plus=(ASKED, "nothing"), note="not asked", **_ON),
    no_get("lifecycle:comment", **_TOLD),
    empty("lifecycle:comment", elsewhere=_SEES, **_TOLD),
    post(
        "lifecycle:comment",
        elsewhere=_SEES,
        sends=lambda *_: {"comment": "Ask the vendor."},
        note="filled in",
        **_TOLD,
    ),
    get("lifecycle:evidence", page=_SEES, **_ON),
    empty("lifecycle:evidence", bad=_EDITS, refused=_SEES, **_ON),
    post(
        "lifecycle:evidence",
        elsewhere=_only(_EDITS, _OPEN),
        bad=_EDITS,
        refused=_SEES,
        sends=_zip,
        note="filled in",
        **_ON,
    ),
    get("lifecycle:older", refused=_READS_ONLY, plus=("9",), **_ON),
    empty("lifecycle:older", refused=_READS_ONLY, plus=("9",), **_ON),
    get("lifecycle:enclosed", plus=("0" * 64,), **_ON),
    no_post("lifecycle:enclosed", plus=("0" * 64,), **_ON),
    get(
        "lifecycle:submit",
        page=_only(_EDITS, (*_OPEN, "stale")),
        elsewhere=_only(_EDITS, ("in review",)),
        refused=_SEES,
        **_ON,
    ),
    empty(
        "lifecycle:submit",
        elsewhere=_only(_OWNS, ("in review",)),
        conflict=_only(_EDITS, _OPEN),
        bad=_EDITS,
        refused=_SEES,
        **_ON,
    ),
    post(
        "lifecycle:submit",
        elsewhere={**_only(_EDITS, _OPEN), "in review": people("owner")},
        bad=_EDITS,
        refused=_SEES,
        sends=_version(),
        note="filled in",
        **_ON,
    ),
    get("lifecycle:round", page=_READS, **_ON_ROUNDS),
    empty("lifecycle:round", bad=_READS, **_ON_ROUNDS),
    post(
        "lifecycle:round",
        elsewhere={"in review": _REVIEWS},
        bad={"stale": _REVIEWS},
        refused=_READS,
        sends=_advice,
        note="filled in",
        **_ON_ROUNDS,
    ),
    get("lifecycle:accept", page=_HEAD, refused=_SEES, plus=(GAPS,), **_ON),
    empty("lifecycle:accept", bad=_HEAD, refused=_SEES, plus=(GAPS,), **_ON),
    post(
        "lifecycle:accept",
        elsewhere=_only(_HEAD, _OPEN),
        bad=_HEAD,
        refused=_SEES,
        plus=(GAPS,),
        sends=_accepts,
        note="filled in",
        **_ON,
    ),
)
