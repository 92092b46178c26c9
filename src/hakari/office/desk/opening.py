"""Opening an office: the one account that nobody of the company can have made."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from hakari.errors import InputError, OfficeError
from hakari.messages import say
from hakari.office.core.actions import SYSTEM, Actor, Done, action
from hakari.office.people.models import Assignment, Person

__all__ = ["Opened", "add_administrator", "open_office"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The first account, and the address at which its owner sets a password."""

    person: Person
    link: str


@action("office.administrator_added")
def add_administrator(email: str, name: str, *, language: str = "en", by: Actor) -> Done[Person]:
    """Make the first administrator; from then on accounts are made on the site.

    Raises:
        OfficeError: there is one already, or somebody has this address.
    """
    if by is not SYSTEM or Assignment.objects.filter(role="admin", ended_at=None).exists():
        raise OfficeError(say("office.desk.administrator_there"))
    if Person.objects.filter(email__iexact=email).exists():
        raise InputError(say("office.people.address_taken"))
    person = Person.objects.create_user(email, None, name=name, language=language)
    starts = timezone.localdate()
    Assignment.objects.create(person=person, role="admin", unit=None, starts=starts, given_by=by.key)
    return Done(person, about=("person", person.key), data={"language": language, "role": "admin"})


def open_office(email: str, name: str, *, language: str = "en") -> Opened:
    """Make the first administrator and return the link at which they set a password.

    Raises:
        InputError: `email` is no address.
        OfficeError: there is an administrator already.
    """
    from allauth.account.forms import default_token_generator
    from allauth.account.utils import user_pk_to_url_str
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email
    from django.urls import reverse

    from hakari.office.core.mail import absolute

    try:
        validate_email(email)
    except ValidationError:
        raise InputError(say("office.desk.no_address", email=email)) from None
    person = add_administrator(email, name, language=language, by=SYSTEM)
    token = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
    return Opened(person=person, link=absolute(reverse("account_reset_password_from_key", kwargs=token)))
