"""The mail of this room. Words stand in the catalogue; titles as the reader may see them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from hakari.messages import Language, say
from hakari.office.core.mail import send
from hakari.office.intake.models import AskLink, Notification
from hakari.office.people.access import access_of
from hakari.office.people.models import Person
from hakari.office.registry.visibility import guard_of, title_for

__all__ = ["answered", "asked", "asked_back", "receipt", "settled", "waits"]


def waits(notification: Notification, people: Iterable[Person]) -> None:
    """Tell delegates that a notification waits for them."""
    for person in people:
        _to(
            person,
            "waits",
            notification,
            link=reverse("intake:decide", args=[notification.use_case.number]),
            digest=True,
        )


def receipt(notification: Notification) -> None:
    """Tell the reporter that it has arrived, and where the receipt is."""
    person = notification.submitted_by or notification.use_case.reporter
    _to(person, "receipt", notification, link=_receipt(notification))


def settled(notification: Notification, level: str) -> None:
    """Tell the reporter and the owner which tier stands."""
    for person in _own(notification):
        _to(person, "settled", notification, link=_receipt(notification), level=level)


def asked_back(notification: Notification) -> None:
    """Tell the reporter and the owner that something has to be said before it goes on."""
    for person in _own(notification):
        _to(person, "asked_back", notification, link=reverse("intake:check", args=[notification.use_case.number]))


def answered(link: AskLink) -> None:
    """Tell whoever asked that an answer has come."""
    number = link.notification.use_case.number
    _to(link.asked_by, "answered", link.notification, link=reverse("intake:link", args=[number, link.key]))


def asked(link: AskLink, token: str) -> None:
    """Send the link to somebody without an account; it says no more of the use case than the asker chose to tell."""
    language: Language = "ja" if link.language == "ja" else "en"
    body = say(
        "office.intake.letter.asked.body",
        name=link.asked_by.name,
        title=link.shown_title or say("office.intake.outside.untold"),
        note=str(link.note) if link.note else say("office.intake.letter.no_note"),
        day=link.expires_at.date().isoformat(),
    )
    send(
        link.email,
        subject=say("office.intake.letter.asked.subject"),
        body=body,
        link=reverse("intake:outside", args=[token]),
        language=language,
        about=say("office.intake.letter.asked.about"),
    )


def _to(
    person: Person, what: str, notification: Notification, *, link: str, digest: bool = False, level: str = ""
) -> None:
    case = notification.use_case
    access = access_of(person)
    told: dict[str, Any] = {"number": case.number, "title": title_for(access, case)}
    if level:
        told["level"] = say(f"office.level.{level}")
    send(
        person,
        subject=say(f"office.intake.letter.{what}.subject", number=case.number),
        body=say(f"office.intake.letter.{what}.body", **told),
        link=link,
        digest=digest,
        guard=guard_of(access, case),
    )


def _own(notification: Notification) -> list[Person]:
    case = notification.use_case
    return list({person.pk: person for person in (case.reporter, case.owner)}.values())


def _receipt(notification: Notification) -> str:
    return reverse("intake:receipt", args=[notification.use_case.number])
