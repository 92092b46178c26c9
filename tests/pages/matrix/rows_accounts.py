"""Who gets what of the pages by which people sign in."""

from __future__ import annotations

from typing import Any

from tests.pages.matrix.answers import EVERYBODY, NOBODY, SIGNED_IN, Answer, get, no_post, post, shows

__all__ = ["ACCOUNTS"]

_ALL: dict[str, Any] = {"opens_to": EVERYBODY}
_OUT = frozenset({NOBODY})
_RESET: dict[str, Any] = {"kind": "reset", "on": ("made-up",), **_ALL}
_PROVIDER: dict[str, Any] = {"kind": "provider", "on": ("company", "made-up"), **_ALL}

ACCOUNTS = (
    *(
        ask("account_login", page=_OUT, elsewhere=SIGNED_IN, **_ALL, **given)
        for ask, given in (
            (get, {}),
            (post, {}),
            (post, {"sends": lambda *_: {"login": "owner@example.com", "password": "wrong"}, "note": "wrong password"}),
        )
    ),
    get("account_logout", page=SIGNED_IN, elsewhere=_OUT, **_ALL),
    post("account_logout", elsewhere=EVERYBODY, **_ALL),
    *(
        ask(view, rest=Answer.REFUSED, **_ALL)
        for view in ("account_signup", "socialaccount_signup")
        for ask in (get, post)
    ),
    *(
        ask(view, elsewhere=SIGNED_IN)
        for view in ("account_email", "account_email_verification_sent", "socialaccount_connections")
        for ask in (get, post)
    ),
    *(
        row
        for view in (
            "account_inactive",
            "account_reset_password_done",
            "account_reset_password_from_key_done",
            "socialaccount_login_cancelled",
        )
        for row in shows(view, EVERYBODY, **_ALL)
    ),
    *(
        ask(view, page=SIGNED_IN)
        for view in ("account_reauthenticate", "account_change_password")
        for ask in (get, post)
    ),
    # The way through the company's provider broke off: told with the status "not authenticated".
    get("socialaccount_login_error", no_token=EVERYBODY, **_ALL),
    no_post("socialaccount_login_error", **_ALL),
    *(ask("account_set_password", elsewhere=SIGNED_IN) for ask in (get, post)),
    *(ask("account_reset_password", page=EVERYBODY, **_ALL) for ask in (get, post)),
    *(ask("account_reset_password_from_key", page=EVERYBODY, **_RESET) for ask in (get, post)),
    *shows("mfa_index"),
    *(ask("mfa_authenticate", sign_in=_OUT, elsewhere=SIGNED_IN, **_ALL) for ask in (get, post)),
    *(
        ask(view, elsewhere=SIGNED_IN)
        for view in ("mfa_reauthenticate", "mfa_activate_totp", "mfa_generate_recovery_codes")
        for ask in (get, post)
    ),
    *(ask(view) for view in ("mfa_deactivate_totp", "mfa_download_recovery_codes") for ask in (get, post)),
    get("mfa_view_recovery_codes"),
    no_post("mfa_view_recovery_codes"),
    *(ask(view, **_PROVIDER) for view in ("openid_connect_login", "openid_connect_callback") for ask in (get, post)),
)
"""No account has a second factor here, and none has just shown its password: what would make one asks for it first."""
