"""How allauth meets our accounts: nobody signs up by themselves, and every word comes from the catalogue."""

from __future__ import annotations

from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import render

from hakari.messages import catalogue, say
from hakari.office.core.forms import tell
from hakari.office.people.models import Person
from hakari.office.people.signing.mail import letter

__all__ = ["AccountAdapter", "FactorAdapter", "SocialAccountAdapter"]

_TOLD: Final = "office.people.told."
_WRONG: Final = "office.people.wrong."
_CODES: Final = (
    "account_inactive",
    "cannot_delete_authenticator",
    "cannot_generate_recovery_codes",
    "email_password_mismatch",
    "enter_current_password",
    "incorrect_code",
    "incorrect_password",
    "invalid_password_reset",
    "rate_limited",
    "too_many_login_attempts",
)


class _Wrong(dict[str, Any]):
    """The catalogue's text of each error, in the language of whoever reads it; allauth's own for the others."""

    def __getitem__(self, code: str) -> Any:
        return tell(f"{_WRONG}{code}") if code in _CODES else super().__getitem__(code)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Accounts are made by the office."""

    error_messages = _Wrong(DefaultAccountAdapter.error_messages)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes their own account."""
        return False

    def render_mail(self, template_prefix: str, email: Any, context: dict[str, Any], headers: Any = None) -> Any:
        """Return the letter in the language of the account, whoever asked for it."""
        person = Person.objects.filter(email__iexact=str(email)).first()
        kind = template_prefix.rpartition("/")[2]
        link = str(context.get("password_reset_url", ""))
        return letter(kind, person, to=str(email), link=link, device=str(context.get("user_agent", "")))

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *_: Any, **rest: Any
    ) -> None:
        """Tell the person what was done, if the catalogue has a text for it."""
        key = _TOLD + (message_template or "").rpartition("/")[2].removesuffix(".txt")
        if rest.get("message"):
            messages.add_message(request, level, rest["message"])
        elif key in catalogue():
            messages.add_message(request, level, tell(key))


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """The second factor."""

    error_messages = _Wrong(DefaultMFAAdapter.error_messages)


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """The company's provider says who somebody is; the office has to know them already."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody makes their own account."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Join the provider's account to the person with the same address, which the provider must have verified."""
        if sociallogin.state.get("process") not in (None, "login"):
            raise self._refusal(request)
        if sociallogin.is_existing:
            return
        # Some providers write the flag as a word: "false" must not count as true.
        verified = {item.email.lower() for item in sociallogin.email_addresses if item.verified in (True, "true")}
        person = Person.objects.filter(email__in=verified, is_active=True, erased_at=None).first()
        if person is None:
            raise self._refusal(request)
        sociallogin.connect(request, person)

    def _refusal(self, request: HttpRequest) -> ImmediateHttpResponse:
        told = say("office.people.unknown_account")
        return ImmediateHttpResponse(render(request, "office/refused.html", {"told": told, "status": 403}, status=403))
