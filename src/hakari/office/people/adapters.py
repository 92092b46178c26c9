"""How sign-in meets our accounts: nobody signs up by themselves, and mail speaks the reader's language."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest
from django.shortcuts import render

from hakari.messages import say
from hakari.office.people.models import Person

__all__ = ["AccountAdapter", "SocialAccountAdapter"]


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Accounts are made by the office."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes their own account."""
        return False


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """The company's provider says who somebody is; the office has to know them already."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody makes their own account."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Join the provider's account to the person with the same address, which the provider must have verified."""
        if sociallogin.is_existing:
            return
        verified = {item.email.lower() for item in sociallogin.email_addresses if item.verified}
        person = Person.objects.filter(email__in=verified, is_active=True, erased_at=None).first()
        if person is None:
            told = say("office.people.unknown_account")
            raise ImmediateHttpResponse(
                render(request, "office/refused.html", {"told": told, "status": 403}, status=403)
            )
        sociallogin.connect(request, person)
