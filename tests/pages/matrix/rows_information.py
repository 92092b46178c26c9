"""Who gets what where the office informs, and where commitments are kept."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from tests.pages.matrix.answers import SIGNED_IN, empty, get, no_get, no_post, people, post, shows

__all__ = ["INFORMATION", "OPENS"]

_OFFICE = people("reviewer head")
_ALL_NOTICES = people("reviewer head auditor")
_NOTICES = ("own", "restricted", "other", "coded", "made-up")
OPENS = {
    "own": people("reporter owner engineer delegate reviewer member chair head auditor publisher"),
    "restricted": people("reporter owner guest chair head auditor reviewer"),
    # It reaches a case that everybody with a role sees, if only under its code name.
    "other": SIGNED_IN - people("outsider"),
    "coded": SIGNED_IN - people("outsider"),
}
"""A notice is opened by those whom it reached, those who see a use case that it reached, and those who keep notices."""
_ON: dict[str, Any] = {"kind": "notice", "on": _NOTICES}
_KEPT = dict.fromkeys(OPENS, _OFFICE)
_READ = dict.fromkeys(OPENS, _ALL_NOTICES)
_INITIATIVE: dict[str, Any] = {"kind": "initiative", "on": ("initiative", "made-up"), "opens_to": _OFFICE}
_PROMISE: dict[str, Any] = {"kind": "promise", "on": ("promise", "other's", "made-up"), "opens_to": _OFFICE}
_NEW: dict[str, Any] = {"opens_to": _OFFICE}


def _notice(*_: Any) -> Mapping[str, Any]:
    words = {"title_en": "Beware", "text_en": "A risk.", "urgency": "note"}
    return {"key": str(uuid.uuid4()), **words, "heard": "academia", "heard_on": "2026-10-01"}


def _initiative(*_: Any) -> Mapping[str, Any]:
    return {"key": str(uuid.uuid4()), "version": "1", "name_en": "Alliance"}


def _promise(*_: Any) -> Mapping[str, Any]:
    return {"key": str(uuid.uuid4()), "version": "1", "text_en": "We listen."}


def _form(view: str, sends: Any, thing: str = "", **on: Any) -> list[Any]:
    who = {thing: _OFFICE}
    return [
        get(view, page=who, **on),
        empty(view, bad=who, **on),
        post(view, elsewhere=who, sends=sends, note="filled in", **on),
    ]


INFORMATION = (
    *shows("information:notices"),
    *(
        row
        for view in ("information:write_bulletin", "information:write_dialogue")
        for row in (
            get(view, page=_OFFICE, opens_to=_OFFICE),
            empty(view, bad=_OFFICE, opens_to=_OFFICE),
            post(view, page=_OFFICE, opens_to=_OFFICE, sends=_notice, note="filled in"),
        )
    ),
    *shows("information:notice", OPENS, **_ON),
    get("information:receipts", page=_READ, opens_to=_ALL_NOTICES, **_ON),
    no_post("information:receipts", **_ON),
    no_get("information:remind", opens_to=_OFFICE, **_ON),
    post("information:remind", elsewhere=_KEPT, opens_to=_OFFICE, **_ON),
    get("information:withdraw", page=_KEPT, opens_to=_OFFICE, **_ON),
    empty("information:withdraw", bad=_KEPT, opens_to=_OFFICE, **_ON),
    post(
        "information:withdraw",
        elsewhere=_KEPT,
        opens_to=_OFFICE,
        sends=lambda *_: {"reason": "It was wrong."},
        note="filled in",
        **_ON,
    ),
    *shows("information:commitments"),
    *shows("information:initiative", {"initiative": SIGNED_IN}, kind="initiative", on=("initiative", "made-up")),
    *_form("information:new_initiative", _initiative, **_NEW),
    *_form("information:edit_initiative", _initiative, "initiative", **_INITIATIVE),
    *_form("information:new_promise", _promise, "initiative", **_INITIATIVE),
    *_form("information:edit_promise", _promise, "promise", **_PROMISE),
)
