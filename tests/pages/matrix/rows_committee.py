"""Who gets what of the docket, the one page and the vote."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from tests.pages.lifecycle.trial import ASKED
from tests.pages.matrix.answers import SIGNED_IN, empty, get, no_get, no_post, people, post

__all__ = ["COMMITTEE"]

_READS = people("reviewer member chair head auditor")
_OTHERS = SIGNED_IN - _READS
_OFFICE = people("reviewer head")
_VOTES = people("member chair")
_CHAIR = people("chair")
_HEAD = people("head")
_LEADS = people("reviewer head chair")
_SEES = {
    "waiting": _READS,
    "voting": _READS,
    "hidden": people("chair head auditor"),
    "hidden voting": people("chair head auditor"),
    "veiled": people("reviewer chair head auditor"),
}
"""Of those who read the docket at all, who may know of which item."""
_WRITES = {name: who & _OFFICE for name, who in _SEES.items()}
_VOTERS = {name: who & _VOTES for name, who in _SEES.items()}
_LEADERS = {name: who & _LEADS for name, who in _SEES.items()}
_WAIT, _OPEN = ("waiting", "hidden", "veiled"), ("voting", "hidden voting")
_ON: dict[str, Any] = {"kind": "item", "on": (*_SEES, "made-up")}
_WRITING: dict[str, Any] = {"opens_to": _OFFICE, **_ON}
_BALLOTS: dict[str, Any] = {"kind": "ballot", "on": ("voting", "hidden voting", "of a stop", "made-up")}
_VOTING: dict[str, Any] = {"opens_to": _VOTES, **_BALLOTS}
_SEAT = {"voting": _VOTES, "hidden voting": _CHAIR}
_ROUNDS: dict[str, Any] = {
    "kind": "round key", "on": ("free", "of waiting", "free hidden", "of hidden", "made-up"), "opens_to": _OFFICE,
}  # fmt: skip


def _only(who: Mapping[str, frozenset[str]], names: tuple[str, ...]) -> dict[str, frozenset[str]]:
    return {name: found for name, found in who.items() if name in names}


def _day(days: int = 20) -> str:
    return (timezone.localdate() + datetime.timedelta(days=days)).isoformat()


def _sends(**typed: str) -> Any:
    return lambda *_: typed


def _terms(*_: Any) -> dict[str, str]:
    return {"proposal": "approve", "valid_until": _day(), "seen": "1"}


def _condition(*_: Any) -> dict[str, str]:
    return {
        "text": "Show it.", "language": "en", "requirement": ASKED, "rule": "requirement", "due": _day(), "seen": "1",
    }  # fmt: skip


def _deadline(*_: Any) -> dict[str, str]:
    at = timezone.localtime(timezone.now() + datetime.timedelta(days=2))
    return {"deadline": f"{at:%Y-%m-%dT%H:%M}"}


def _write(view: str, sends: Any, *, plus: tuple[str, ...] = ()) -> tuple[Any, ...]:
    """Return the rows of a page on which the office writes while nobody votes."""
    given = {**_WRITING, "plus": plus}
    return (
        get(view, page=_only(_WRITES, _WAIT), elsewhere=_only(_WRITES, _OPEN), **given),
        empty(view, bad=_WRITES, **given),
        post(
            view,
            elsewhere=_only(_WRITES, _WAIT),
            bad=_only(_WRITES, _OPEN),
            sends=sends,
            note="filled in",
            **given,
        ),
    )


COMMITTEE = (
    get("committee:docket", page=_READS, refused=_OTHERS),
    no_post("committee:docket"),
    get("committee:item", page=_SEES, refused=_OTHERS, **_ON),
    no_post("committee:item", **_ON),
    get("committee:put", page={"free": _OFFICE, "free hidden": _HEAD},
        elsewhere={"of waiting": _OFFICE, "of hidden": _HEAD}, **_ROUNDS),
    empty("committee:put", bad={"free": _OFFICE, "free hidden": _HEAD},
          elsewhere={"of waiting": _OFFICE, "of hidden": _HEAD}, **_ROUNDS),
    post("committee:put", elsewhere={"free": _OFFICE, "free hidden": _HEAD, "of waiting": _OFFICE, "of hidden": _HEAD},
         sends=lambda *_: {"proposal": "approve", "valid_until": _day()}, note="filled in", **_ROUNDS),
    *_write("committee:passage", _sends(text="New.", language="en", seen="1"), plus=("asked",)),
    get("committee:passage", plus=("nothing",), **{**_WRITING, "on": ("waiting",)}),
    *_write("committee:translation", _sends(text="新しい。", seen="1"), plus=("asked",)),
    *_write("committee:terms", _terms),
    *_write("committee:conditions_proposed", _condition),
    no_get("committee:drop_condition", plus=("1",), **_WRITING),
    # While others vote the action itself refuses, in one line.
    post("committee:drop_condition", plus=("1",), elsewhere=_only(_WRITES, _WAIT), bad=_only(_WRITES, _OPEN),
         **_WRITING),
    get("committee:withdraw", page=_only(_WRITES, _WAIT), elsewhere=_only(_WRITES, _OPEN), **_WRITING),
    empty("committee:withdraw", bad=_only(_WRITES, _WAIT), elsewhere=_only(_WRITES, _OPEN), **_WRITING),
    post("committee:withdraw", elsewhere=_WRITES, sends=_sends(reason="Too soon.", seen="1"), note="filled in",
         **_WRITING),
    get("committee:declare", page=_VOTERS, opens_to=_VOTES, **_ON),
    empty("committee:declare", bad=_VOTERS, opens_to=_VOTES, **_ON),
    post("committee:declare", elsewhere=_VOTERS, opens_to=_VOTES, sends=_sends(conflict="no"), note="filled in", **_ON),
    get("committee:open_ballot", page=_only(_LEADERS, _WAIT), elsewhere=_only(_LEADERS, _OPEN),
        refused={"made-up": _OTHERS, **{name: who | _OTHERS for name, who in _SEES.items()}}, **_ON),
    empty("committee:open_ballot", bad=_only(_LEADERS, _WAIT), elsewhere=_only(_LEADERS, _OPEN),
          refused={"made-up": _OTHERS, **{name: who | _OTHERS for name, who in _SEES.items()}}, **_ON),
    post("committee:open_ballot", elsewhere=_LEADERS, sends=_deadline, note="filled in",
         refused={"made-up": _OTHERS, **{name: who | _OTHERS for name, who in _SEES.items()}}, **_ON),
    get("committee:vote", page={**_SEAT, "of a stop": people("member")}, refused={"of a stop": _CHAIR}, **_VOTING),
    empty("committee:vote", bad={**_SEAT, "of a stop": people("member")}, refused={"of a stop": _CHAIR}, **_VOTING),
    post("committee:vote", elsewhere=_SEAT, bad={"of a stop": people("member")}, refused={"of a stop": _CHAIR},
         sends=_sends(choice="approve", seen="0"), note="approve", **_VOTING),
    post("committee:vote", bad=_SEAT, elsewhere={"of a stop": people("member")}, refused={"of a stop": _CHAIR},
         sends=_sends(choice="uphold", seen="0"), note="uphold", **_VOTING),
    get("committee:call", page=_SEAT, elsewhere={"of a stop": _VOTES}, **_VOTING),
    empty("committee:call", bad=_SEAT, elsewhere={"of a stop": _VOTES}, **_VOTING),
    post("committee:call", elsewhere={**_SEAT, "of a stop": _VOTES}, sends=_sends(reason="Let us talk."),
         note="filled in", **_VOTING),
    no_get("committee:close_ballot", **_BALLOTS),
    post(
        "committee:close_ballot",
        elsewhere={"voting": _LEADS, "hidden voting": people("chair head"), "of a stop": _LEADS},
        refused={
            "voting": SIGNED_IN,
            "hidden voting": _OTHERS | people("auditor"),
            "of a stop": SIGNED_IN,
            "made-up": _OTHERS,
        },
        **_BALLOTS,
    ),
)  # fmt: skip
