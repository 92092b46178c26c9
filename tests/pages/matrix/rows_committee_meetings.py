"""Who gets what in meetings, and of decisions, conditions, stops and tasks."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from tests.pages.matrix.answers import SIGNED_IN, empty, get, no_get, no_post, people, post, shows
from tests.pages.matrix.rows_registry import CASES, KNOWS, SEES

__all__ = ["COMMITTEE_MEETINGS"]

_READS = people("reviewer member chair head auditor")
_PLANS = people("reviewer chair head")
_CHAIR = people("chair")
_STOPS = people("chair head")
_MEETINGS: dict[str, Any] = {"kind": "meeting", "on": ("planned", "open", "closed", "made-up")}
_KNOWN = {f"like {name}": KNOWS[name] for name in ("own", "restricted", "coded")}
_ON = (*_KNOWN, "made-up")
_OWNERS = {"like own": people("owner"), "like restricted": people("owner"), "like coded": people("stranger")}
_OFFICE = {name: who & people("reviewer head") for name, who in _KNOWN.items()}
_THERE = ("planned", "open", "closed")


def _meeting(*_: Any) -> dict[str, str]:
    at = timezone.localtime(timezone.now() + datetime.timedelta(days=3))
    return {"starts_at": at.strftime("%Y-%m-%dT%H:%M"), "minutes": "30", "place": "", "version": "1"}


def _stop(*_: Any) -> dict[str, str]:
    return {"kind": "stop", "reason": "It hurts.", "task-TOTAL_FORMS": "0", "task-INITIAL_FORMS": "0"}


def _on_meetings(who: frozenset[str], *names: str) -> dict[str, frozenset[str]]:
    return dict.fromkeys(names or _THERE, who)


_CASES: dict[str, Any] = {"kind": "case", "on": CASES}
_STOPPED: dict[str, Any] = {"kind": "stopped case", "on": ("stopped", "made-up")}
_STOPPABLE = dict.fromkeys(("own", "other", "group", "restricted", "coded"), _STOPS)

COMMITTEE_MEETINGS = (
    get("committee:meetings", page=_READS, refused=SIGNED_IN),
    no_post("committee:meetings"),
    get("committee:meeting_plan", page=_PLANS, refused=SIGNED_IN),
    empty("committee:meeting_plan", bad=_PLANS, refused=SIGNED_IN),
    post("committee:meeting_plan", elsewhere=_PLANS, refused=SIGNED_IN, sends=_meeting, note="filled in"),
    get("committee:meeting", page=_on_meetings(_READS), refused=SIGNED_IN - _READS, **_MEETINGS),
    no_post("committee:meeting", **_MEETINGS),
    get(
        "committee:meeting_change",
        page=_on_meetings(_PLANS),
        refused={**_on_meetings(SIGNED_IN), "made-up": SIGNED_IN - _READS},
        **_MEETINGS,
    ),
    empty(
        "committee:meeting_change",
        bad=_on_meetings(_PLANS),
        refused={**_on_meetings(SIGNED_IN), "made-up": SIGNED_IN - _READS},
        **_MEETINGS,
    ),
    post(
        "committee:meeting_change",
        elsewhere=_on_meetings(_PLANS, "planned"),
        bad=_on_meetings(_PLANS, "open", "closed"),
        refused={**_on_meetings(SIGNED_IN), "made-up": SIGNED_IN - _READS},
        sends=_meeting,
        note="filled in",
        **_MEETINGS,
    ),
    no_get("committee:meeting_act", **_MEETINGS),
    empty("committee:meeting_act", elsewhere=_on_meetings(_READS), refused=SIGNED_IN - _READS, **_MEETINGS),
    *(
        post(
            "committee:meeting_act",
            elsewhere=_on_meetings(who),
            refused={**_on_meetings(SIGNED_IN), "made-up": SIGNED_IN - _READS},
            sends=lambda *_, act=act: {"act": act},
            note=act,
            **_MEETINGS,
        )
        for act, who in (
            ("open", _CHAIR),
            ("close", _CHAIR),
            ("present", people("member chair")),
            ("absent", people("member chair")),
        )
    ),
    get("committee:minutes", page=_on_meetings(_READS, "closed"), refused=SIGNED_IN - _READS, **_MEETINGS),
    no_post("committee:minutes", **_MEETINGS),
    get(
        "committee:minutes_words",
        page=_on_meetings(people("reviewer head"), "closed"),
        refused={**dict.fromkeys((*_THERE, "made-up"), SIGNED_IN - _READS), "closed": SIGNED_IN},
        **_MEETINGS,
    ),
    empty(
        "committee:minutes_words",
        bad=_on_meetings(people("reviewer head"), "closed"),
        refused={**dict.fromkeys((*_THERE, "made-up"), SIGNED_IN - _READS), "closed": SIGNED_IN},
        **_MEETINGS,
    ),
    post(
        "committee:minutes_words",
        elsewhere=_on_meetings(people("reviewer head"), "closed"),
        refused={**dict.fromkeys((*_THERE, "made-up"), SIGNED_IN - _READS), "closed": SIGNED_IN},
        sends=lambda *_: {"words": "It was hot.", "seen": "1"},
        note="filled in",
        **_MEETINGS,
    ),
    no_get("committee:minutes_approve", **_MEETINGS),
    post(
        "committee:minutes_approve",
        elsewhere=_on_meetings(_CHAIR, "closed"),
        refused={**dict.fromkeys((*_THERE, "made-up"), SIGNED_IN - _READS), "closed": SIGNED_IN},
        **_MEETINGS,
    ),
    *shows("committee:precedents"),
    *shows("committee:decision", _KNOWN, kind="decision", on=_ON),
    *shows("committee:conditions"),
    get("committee:condition_accept", page=_OFFICE, refused=_KNOWN, kind="condition", on=_ON),
    post(
        "committee:condition_accept",
        conflict=_OFFICE,
        refused=_KNOWN,
        kind="condition",
        on=_ON,
        sends=lambda *_: {"version": "1"},
    ),
    *shows("committee:stops"),
    *shows("committee:stop", _KNOWN, kind="stop", on=_ON),
    no_get("committee:stop_open", kind="stop", on=_ON),
    post(
        "committee:stop_open",
        elsewhere={name: who & people("reviewer chair head") for name, who in _KNOWN.items()},
        refused=_KNOWN,
        kind="stop",
        on=_ON,
    ),
    get(
        "committee:stop_recall",
        page={name: who & _STOPS for name, who in _KNOWN.items()},
        refused=_KNOWN,
        kind="stop",
        on=_ON,
    ),
    empty(
        "committee:stop_recall",
        bad={name: who & _STOPS for name, who in _KNOWN.items()},
        refused=_KNOWN,
        kind="stop",
        on=_ON,
    ),
    get("committee:stop_case", page=_STOPPABLE, refused=SEES, **_CASES),
    empty("committee:stop_case", bad=_STOPPABLE, refused=SEES, **_CASES),
    post("committee:stop_case", elsewhere=_STOPPABLE, refused=SEES, sends=_stop, note="filled in", **_CASES),
    get("committee:resume_case", page={"stopped": _STOPS}, refused={"stopped": SEES["own"]}, **_STOPPED),
    empty("committee:resume_case", bad={"stopped": _STOPS}, refused={"stopped": SEES["own"]}, **_STOPPED),
    post(
        "committee:resume_case",
        elsewhere={"stopped": _STOPS},
        refused={"stopped": SEES["own"]},
        sends=lambda *_: {"reason": "Mended."},
        note="filled in",
        **_STOPPED,
    ),
    *shows("committee:tasks"),
    get("committee:task", page=_KNOWN, kind="task", on=_ON),
    empty("committee:task", bad=_OWNERS, refused=_KNOWN, kind="task", on=_ON),
    post(
        "committee:task",
        elsewhere=_OWNERS,
        refused=_KNOWN,
        kind="task",
        on=_ON,
        sends=lambda *_: {"result": "Called.", "version": "1"},
        note="filled in",
    ),
)
