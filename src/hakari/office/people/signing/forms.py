"""The forms of signing in: allauth checks, our catalogue speaks."""

from __future__ import annotations

from typing import Any, Final

from allauth.account import forms as account
from allauth.mfa.base import forms as factor
from allauth.mfa.totp import forms as totp
from django import forms

from hakari.messages import catalogue
from hakari.office.core.forms import tell

__all__ = [
    "ActivateFactorForm",
    "AuthenticateForm",
    "ChangePasswordForm",
    "LoginForm",
    "ReauthenticateCodeForm",
    "ReauthenticateForm",
    "ResetPasswordForm",
    "ResetPasswordKeyForm",
    "SetPasswordForm",
]

_FIELD: Final = "office.people.sign.field."


class Spoken(forms.Form):
    """Labels and hints from the catalogue; no text inside the input, which would vanish as one types."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for name, field in self.fields.items():
            field.label = tell(f"{_FIELD}{name}")
            hint = f"{_FIELD}{name}.hint"
            field.help_text = tell(hint) if hint in catalogue() else ""
            field.widget.attrs.pop("placeholder", None)
        if "code" in self.fields:
            self.fields["code"].widget.attrs["inputmode"] = "text" if self.letters else "numeric"

    letters = False
    """Whether a code may be one of the recovery codes."""


class LoginForm(Spoken, account.LoginForm):  # type: ignore[misc]  # allauth ships no types
    """Address and password."""


class ChangePasswordForm(Spoken, account.ChangePasswordForm):  # type: ignore[misc]  # allauth ships no types
    """The old password and a new one, twice."""


class SetPasswordForm(Spoken, account.SetPasswordForm):  # type: ignore[misc]  # allauth ships no types
    """A first password, twice."""


class ResetPasswordForm(Spoken, account.ResetPasswordForm):  # type: ignore[misc]  # allauth ships no types
    """The address to which a link is sent."""


class ResetPasswordKeyForm(Spoken, account.ResetPasswordKeyForm):  # type: ignore[misc]  # allauth ships no types
    """A new password, twice."""


class ReauthenticateForm(Spoken, account.ReauthenticateForm):  # type: ignore[misc]  # allauth ships no types
    """The password once more."""


class AuthenticateForm(Spoken, factor.AuthenticateForm):  # type: ignore[misc]  # allauth ships no types
    """A code of the app, or a recovery code."""


class ReauthenticateCodeForm(Spoken, factor.ReauthenticateForm):  # type: ignore[misc]  # allauth ships no types
    """A code once more."""


class ActivateFactorForm(Spoken, totp.ActivateTOTPForm):  # type: ignore[misc]  # allauth ships no types
    """The first code of the app, which shows that it was set up."""
