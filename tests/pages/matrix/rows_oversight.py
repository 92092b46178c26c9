"""Who gets what of dashboards, the programme report and calendars."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.pages.matrix.answers import EVERYBODY, SIGNED_IN, empty, get, no_get, no_post, people, post, shows
from tests.pages.matrix.calendars import SEED

__all__ = ["OVERSIGHT"]

_MEASURES = people("reviewer chair head auditor")
_REPORTS = people("chair head auditor")
_MEETINGS = people("reviewer member chair head auditor")
_NAMES = ("pipeline", "ages", "time", "conditions", "stale", "coverage", "waiting")
_BOARDS: dict[str, Any] = {"kind": "board", "on": (*_NAMES, "made-up"), "opens_to": _MEASURES}
_FEED: dict[str, Any] = {"kind": "feed", "on": ("open", "made-up"), "opens_to": EVERYBODY}
_CALENDAR: dict[str, Any] = {"kind": "calendar", "on": ("owner's", "made-up")}
_ONE: dict[str, Any] = {"kind": "meeting", "on": ("planned", "open", "closed", "made-up")}


def _period(*_: Any) -> Mapping[str, Any]:
    return {"period": "2026"}


def _seed(*_: Any) -> Mapping[str, Any]:
    return {"seed": SEED[::-1]}


OVERSIGHT = (
    *shows("oversight:overview", _MEASURES, opens_to=_MEASURES),
    *shows("oversight:board", dict.fromkeys(_NAMES, _MEASURES), **_BOARDS),
    get("oversight:programme", page=_REPORTS, refused=_MEASURES, opens_to=_MEASURES),
    get("oversight:programme", page=_REPORTS, refused=_MEASURES, opens_to=_MEASURES, sends=_period, note="of a year"),
    empty("oversight:programme", bad=_REPORTS, refused=_MEASURES, opens_to=_MEASURES),
    post("oversight:programme", page=_REPORTS, refused=_MEASURES, opens_to=_MEASURES, sends=_period, note="of a year"),
    get("oversight:calendar", page=SIGNED_IN),
    post("oversight:calendar", page=SIGNED_IN),
    post("oversight:calendar", page=SIGNED_IN, sends=_seed, note="filled in"),
    *shows("oversight:feed", {"open": EVERYBODY}, **_FEED),
    no_get("oversight:close", **_CALENDAR),
    post("oversight:close", elsewhere={"owner's": people("owner")}, **_CALENDAR),
    get("oversight:meeting", page=dict.fromkeys(("planned", "open", "closed"), _MEETINGS), **_ONE),
    no_post("oversight:meeting", **_ONE),
)
