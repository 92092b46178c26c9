"""Letters to people about their account: plain text in the language they read, nothing of theirs in a header."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone, translation

from hakari.messages import render, say
from hakari.office.people.models import Person

__all__ = ["invite", "letter"]

_LETTER: Final = "office.people.mail."


def letter(kind: str, person: Person | None, *, to: str, link: str = "", device: str = "") -> EmailMessage:
    """Return one letter: `office.people.mail.<kind>` is its text, with `.subject` its subject.

    Args:
        kind: Which letter.
        person: Who gets it; None for an address that the office does not know.
        to: The address.
        link: Where it leads, if anywhere.
        device: What the browser that did it calls itself.
    """
    language: Any = person.language if person else (translation.get_language() or "en")[:2]
    at = f"{timezone.now():%Y-%m-%d %H:%M} UTC"
    seen = device[:80] or "–"
    lines = [
        say("office.people.mail.greeting", name=person.name) if person else None,
        say(f"{_LETTER}{kind}", link=link, at=at, device=seen),
        say("office.people.mail.foot", address=settings.ENVIRONMENT.address),
    ]
    body = "\n\n".join(render(line, language) for line in lines if line is not None)
    return EmailMessage(render(say(f"{_LETTER}{kind}.subject"), language), body + "\n", None, [to])


def invite(person: Person) -> None:
    """Send the link by which a person sets their first password."""
    from allauth.account.forms import default_token_generator
    from allauth.account.utils import user_pk_to_url_str
    from django.urls import reverse

    token = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
    link = settings.ENVIRONMENT.address + reverse("account_reset_password_from_key", kwargs=token)
    letter("invitation", person, to=person.email, link=link).send()
