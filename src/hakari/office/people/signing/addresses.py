"""Addresses of signing in: the pages of allauth that we use, each marked for whom it is open, and no other.

Addresses of people are kept by the office, nobody signs up, and accounts are not joined by hand; those pages of allauth
lead elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as openid
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, re_path
from django.views.decorators.cache import never_cache
from requests import RequestException

from hakari.office.core.access import OfficeRequest, public, signed_in

__all__ = ["urlpatterns"]

View = Callable[..., HttpResponseBase]


def _for_all(view: View) -> View:
    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    return public(never_cache(opened))


def _own(view: View) -> View:
    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    return signed_in(never_cache(opened))


@signed_in
def _to_own_page(_request: OfficeRequest) -> HttpResponse:
    return redirect("people:me")


@public
def _no_sign_up(request: OfficeRequest) -> HttpResponse:
    return render(request, "account/signup_closed.html", status=403)


@public
def _openid_login(request: OfficeRequest, provider_id: str) -> HttpResponseBase:
    try:
        response: HttpResponseBase = openid.login(request, provider_id)
    except RequestException:
        return render(request, "socialaccount/authentication_error.html", status=502)
    if response.status_code != 302:
        return response
    # Our policy lets forms go to this site only, and browsers hold redirects after a form to it as well: so the
    # way to the provider is a page that leads on, not a redirect.
    return render(request, "socialaccount/leaving.html", {"address": response.headers["Location"]})


urlpatterns = [
    path("login/", _for_all(account.login), name="account_login"),
    path("logout/", _for_all(account.logout), name="account_logout"),
    path("inactive/", _for_all(account.account_inactive), name="account_inactive"),
    path("signup/", _no_sign_up, name="account_signup"),
    path("reauthenticate/", _own(account.reauthenticate), name="account_reauthenticate"),
    path("email/", _to_own_page, name="account_email"),
    path("confirm-email/", _to_own_page, name="account_email_verification_sent"),
    path("password/change/", _own(account.password_change), name="account_change_password"),
    path("password/set/", _own(account.password_set), name="account_set_password"),
    path("password/reset/", _for_all(account.password_reset), name="account_reset_password"),
    path("password/reset/done/", _for_all(account.password_reset_done), name="account_reset_password_done"),
    path(
        "password/reset/key/done/",
        _for_all(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        _for_all(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path("2fa/", _own(factor.index), name="mfa_index"),
    path("2fa/authenticate/", _for_all(factor.authenticate), name="mfa_authenticate"),
    path("2fa/reauthenticate/", _own(factor.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", _own(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", _own(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", _own(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", _own(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", _own(codes.download_recovery_codes), name="mfa_download_recovery_codes"),
    path("3rdparty/login/cancelled/", _for_all(social.login_cancelled), name="socialaccount_login_cancelled"),
    path("3rdparty/login/error/", _for_all(social.login_error), name="socialaccount_login_error"),
    path("3rdparty/signup/", _no_sign_up, name="socialaccount_signup"),
    path("3rdparty/", _to_own_page, name="socialaccount_connections"),
    path("oidc/<str:provider_id>/login/", _openid_login, name="openid_connect_login"),
    path("oidc/<str:provider_id>/login/callback/", _for_all(openid.callback), name="openid_connect_callback"),
]
