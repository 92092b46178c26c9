"""A person's tokens."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hakari.errors import InputError
from hakari.office.core.access import OfficeRequest, signed_in
from hakari.office.core.forms import tell
from hakari.office.core.templatetags.office import told
from hakari.office.people.actions.tokens import create_token, revoke_token
from hakari.office.people.forms import TokenForm
from hakari.office.people.models import Token
from hakari.office.people.tokens import digest_of, token_text

__all__ = ["add", "revoke", "tokens"]


@signed_in
@require_safe
def tokens(request: OfficeRequest) -> HttpResponse:
    """List a person's tokens; of each only its beginning is known."""
    return render(request, "people/tokens.html", {"tokens": request.access.person.tokens.all()})


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: OfficeRequest) -> HttpResponse:
    """Make a token and show it, this once."""
    person = request.access.person
    form = TokenForm(request.POST or None, access=request.access, initial={"seed": secrets.token_urlsafe(32)})
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        text = token_text(person, given["seed"])
        # The same form sent twice makes the same token: it is there already, and is shown again.
        same = Token.objects.filter(person=person, digest=digest_of(text), revoked_at=None)
        token = same.first()
        try:
            token = token or create_token(person, **given, by=person)
        except InputError as error:
            token = same.first()
            if token is None:
                form.add_error("name", told(error.message))
        if token is not None:
            return render(request, "people/token_made.html", {"token": token, "text": text})
    return render(request, "people/token_add.html", {"form": form})


@signed_in
@require_POST
def revoke(request: OfficeRequest, prefix: str) -> HttpResponse:
    """End one of one's own tokens."""
    person = request.access.person
    revoke_token(get_object_or_404(Token, person=person, prefix=prefix), by=person)
    messages.success(request, tell("office.people.told.token_revoked"))
    return redirect("people:tokens")
