"""Answers of the site, the people who ask, and rows that say by hand which of them gets which answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from django.http import HttpResponseBase

__all__ = [
    "EVERYBODY", "NOBODY", "PEOPLE", "SIGNED_IN", "Answer", "Row", "Who", "answer_of", "empty", "get", "no_get",
    "no_post", "people", "post", "shows",
]  # fmt: skip


class Answer(StrEnum):
    """What a request got."""

    PAGE = "page"
    """200, also a form that says what is wrong with it."""
    ELSEWHERE = "elsewhere"
    """302, not to the sign-in."""
    SIGN_IN = "sign-in"
    REFUSED = "refused"
    GONE = "not there"
    WRONG_METHOD = "wrong method"
    BAD = "bad form"
    CONFLICT = "conflict"
    NO_TOKEN = "no token"
    BROKEN = "broken"


_BY_STATUS: Final = {
    200: Answer.PAGE,
    302: Answer.ELSEWHERE,
    400: Answer.BAD,
    401: Answer.NO_TOKEN,
    403: Answer.REFUSED,
    404: Answer.GONE,
    405: Answer.WRONG_METHOD,
    409: Answer.CONFLICT,
    422: Answer.BAD,
}


def answer_of(response: HttpResponseBase) -> Answer:
    """Return which answer a response is."""
    if response.status_code == 302 and response.headers["Location"].startswith("/accounts/login/"):
        return Answer.SIGN_IN
    return _BY_STATUS.get(response.status_code, Answer.BROKEN)


def people(names: str) -> frozenset[str]:
    """Return a set of people, of whom `names` is a list with blanks between them."""
    found = frozenset(names.split())
    assert found <= EVERYBODY, found - EVERYBODY
    return found


NOBODY: Final = "nobody"
"""Whoever has not signed in."""
PEOPLE: Final = (
    "reporter", "owner", "engineer", "delegate", "reviewer", "member", "chair", "head", "auditor", "publisher", "admin",
    "stranger", "guest", "outsider",
)  # fmt: skip
"""One for each role (those of units in Cameras), then an owner and a reporter in Music, and an account without a role.

The guest is named in the restricted use case.
"""
SIGNED_IN: Final = frozenset(PEOPLE)
EVERYBODY: Final = SIGNED_IN | {NOBODY}

Who = frozenset[str] | Mapping[str, frozenset[str]]
"""People, or for each object the people."""
Sends = Callable[[Any, str, str], Mapping[str, Any]]
"""From world, object and person to what is typed."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One kind of request, and who gets which answer."""

    view: str
    method: str = "GET"
    kind: str = ""
    """Kind of the objects in the address; empty for a view that takes none."""
    on: tuple[str, ...] = ("",)
    """The objects it is asked for."""
    plus: tuple[str, ...] = ()
    """What stands in the address after the object."""
    opens_to: frozenset[str] = SIGNED_IN
    """Who gets past the mark of the view; anybody else is refused, or sent to sign in, whatever the object."""
    answers: Mapping[Answer, Who] = field(default_factory=dict)
    """The first answer that names the person for the object counts."""
    rest: Answer = Answer.GONE
    """What everybody else gets who is past the mark."""
    sends: Sends | None = None
    by_token: bool = False
    """Asked by a program with a token of the person instead of a browser."""
    let_in_only: bool = False
    """Asked by those only who get through; the filled-in form of the same view is sent by everybody."""
    note: str = ""
    """Tells rows of the same view apart."""

    def expected(self, person: str, thing: str) -> Answer:
        """Return the answer that a person must get for an object."""
        if person not in self.opens_to:
            return Answer.SIGN_IN if person == NOBODY and not self.by_token else Answer.REFUSED
        for answer, who in self.answers.items():
            named = who if isinstance(who, frozenset) else who.get(thing, frozenset())
            if person in named:
                return answer
        return self.rest

    @property
    def name(self) -> str:
        """How a report calls it."""
        return " ".join(part for part in (self.method, self.view, *self.plus, self.note) if part)


def _row(view: str, method: str, given: dict[str, Any]) -> Row:
    options = {name: given.pop(name) for name in tuple(given) if name in Row.__dataclass_fields__}
    answers = {Answer[name.upper()]: who for name, who in given.items()}
    return Row(view=view, method=method, answers=answers, **options)


def get(view: str, **given: Any) -> Row:
    """Return a row for looking: `page=`, `elsewhere=`, `refused=` and so on name the people."""
    return _row(view, "GET", given)


def post(view: str, **given: Any) -> Row:
    """Return a row for sending; without `sends` the form is empty."""
    return _row(view, "POST", given)


def empty(view: str, **given: Any) -> Row:
    """Return a row for sending nothing at all, of a view that has a row for the filled-in form as well."""
    return _row(view, "POST", {**given, "let_in_only": True, "note": "empty"})


def no_post(view: str, **given: Any) -> Row:
    """Return a row for a view that takes nothing: whoever is past the mark is told so."""
    return _row(view, "POST", {**_ends(given), "rest": Answer.WRONG_METHOD})


def no_get(view: str, **given: Any) -> Row:
    """Return a row for a view that shows nothing."""
    return _row(view, "GET", {**_ends(given), "rest": Answer.WRONG_METHOD})


def _ends(given: dict[str, Any]) -> dict[str, Any]:
    # Nobody gets as far as the object, so one that is there and one that is not are enough.
    return {**given, "on": tuple(dict.fromkeys((given["on"][0], given["on"][-1])))} if "on" in given else given


def shows(view: str, who: Who = SIGNED_IN, **given: Any) -> tuple[Row, Row]:
    """Return the rows of a view that only shows."""
    return get(view, page=who, **given), no_post(view, **given)
