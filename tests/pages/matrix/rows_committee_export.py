"""Who gets what where a decision is taken away as a file."""

from __future__ import annotations

from typing import Any

from tests.pages.matrix.answers import get, people, post
from tests.pages.matrix.rows_registry import KNOWS

__all__ = ["COMMITTEE_EXPORT"]

_KNOWN = {f"like {name}": KNOWS[name] for name in ("own", "restricted", "coded")}
_MAY = {
    "like own": people("owner engineer reviewer chair head auditor"),
    "like restricted": people("owner chair head auditor"),
    "like coded": people("stranger reviewer chair head auditor"),
}
_ON: dict[str, Any] = {"kind": "decision", "on": (*_KNOWN, "made-up")}

COMMITTEE_EXPORT = (
    get("committee:export", page=_MAY, refused=_KNOWN, **_ON),
    # What these decisions cite was never frozen: whoever may take them away is told that nothing is handed out.
    post("committee:export", conflict=_MAY, refused=_KNOWN, **_ON),
)
