"""Notifications in every lane, written through the actions themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from hakari.office.intake.actions.notifying import answer, start, submit
from hakari.office.intake.models import Answer, Notification
from hakari.office.people.models import Person, Unit, new_key

_REST: dict[str, Any] = {"practices": ["none"], "role": ["uses"], "where": ["japan"]}
LOW: dict[str, Any] = {"does": ["things"], "who": "nobody", "data": "none", "field": "internal", **_REST}
MIDDLE: dict[str, Any] = {
    "does": ["generates", "talks"], "who": "adults", "data": "personal", "field": "other", "content": ["none"], **_REST
}  # fmt: skip
HIGH: dict[str, Any] = {
    "does": ["decides"], "who": "adults", "data": "personal", "field": "credit", "effect": "advice",
    "part": "substantial", **_REST,
}  # fmt: skip
OPEN: dict[str, Any] = {**LOW, "who": "adults", "does": "unknown"}
"""Low unless it turns out what the system does."""

Write = Callable[..., Notification]


def write_all(notification: Notification, answers: Mapping[str, Any], by: Person) -> Notification:
    """Answer several questions."""
    for question, value in answers.items():
        seen = Answer.objects.filter(notification=notification, question=question).count()
        notification = answer(notification, question, value, seen=seen, by=by)
    return notification


def make(
    answers: Mapping[str, Any], *, by: Person, unit: Unit, send: bool = True, title: str = "Reply drafts"
) -> Notification:
    """Return a notification with these answers, sent unless `send` is false."""
    found = start(unit, title=title, purpose="Drafts replies to mail.", once=new_key(), by=by)
    found = write_all(found, answers, by)
    return submit(found, seen=found.version, by=by) if send else found


@pytest.fixture
def write(company: Any) -> Write:
    """Return a function that writes a notification of the reporter in the cameras unit."""

    def one(answers: Mapping[str, Any], **options: Any) -> Notification:
        return make(answers, **{"by": company.reporter, "unit": company.cameras, **options})

    return one
