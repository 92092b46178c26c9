"""Who gets what with a token, and that a signed-in browser gets nothing there."""

from __future__ import annotations

from typing import Any

from tests.pages.matrix.answers import EVERYBODY, SIGNED_IN, Answer, Row, get, people, post
from tests.pages.matrix.rows_registry import CASES, SEES

__all__ = ["API"]

_ALL: dict[str, Any] = {"opens_to": EVERYBODY}
_NOBODY = EVERYBODY - SIGNED_IN


def _read(view: str, who: Any, rest: Answer = Answer.GONE, **on: Any) -> list[Row]:
    """Return the rows of one operation: by token, by browser, and that nothing is written there."""
    return [
        get(view, no_token=_NOBODY, page=who, rest=rest, by_token=True, note="by token", **_ALL, **on),
        get(view, rest=Answer.NO_TOKEN, note="by browser", **_ALL, **on),
        post(view, rest=Answer.WRONG_METHOD, by_token=True, note="by token", **_ALL, **on),
    ]


API = (
    *_read("api:me", SIGNED_IN),
    *_read("api:use_cases", SIGNED_IN),
    *_read("api:use_case", SEES, kind="case", on=CASES),
    *_read("api:ledger_head", people("auditor"), Answer.REFUSED),
    get("api:openapi-json", page=EVERYBODY, **_ALL),
    post("api:openapi-json", page=EVERYBODY, **_ALL),
    get("api:api-root", **_ALL),
    post("api:api-root", **_ALL),
)
