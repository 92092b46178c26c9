"""The pages of this room, and the public list of keys."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hakari.errors import ConflictError, InputError, NotAllowedError
from hakari.messages import Message, say
from hakari.office.core.access import OfficeRequest, public, signed_in
from hakari.office.core.forms import tell
from hakari.office.core.language import reader_language
from hakari.office.core.ledger.custody import Term
from hakari.office.core.templatetags.office import told
from hakari.office.keys.access import may_ask, may_confirm, may_decline, may_revoke, visible
from hakari.office.keys.actions import ask_for_key, confirm_key, decline_key, revoke_key
from hakari.office.keys.directory import FILE, directory_bytes, own_entries
from hakari.office.keys.forms import AskForm, ConfirmForm, ReasonForm
from hakari.office.keys.models import RegisteredKey, State
from hakari.office.keys.own import own_terms
from hakari.office.people.models import Person

__all__ = ["ask", "confirm", "decline", "directory", "key", "keys", "revoke", "withdraw"]

_PAGE: Final = 25
_TOLD: Final = "office.keys.told."


@public
@require_safe
def directory(_request: OfficeRequest) -> HttpResponse:
    """Give the signed list to anybody; a copy on the way may be some minutes old, and says when it was made."""
    response = HttpResponse(directory_bytes(timezone.now()), content_type="application/json")
    response.headers["Cache-Control"] = "public, max-age=300"
    response.headers["Content-Disposition"] = f'inline; filename="{FILE}"'
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@signed_in
@require_safe
def keys(request: OfficeRequest) -> HttpResponse:
    """List the registered keys, one's own wishes, and those that wait for a confirmation."""
    access, seen = request.access, visible(request.access)
    words = request.GET.get("q", "").strip()[:100]
    page = Paginator(_found(seen.filter(confirmed_at__isnull=False), words), _PAGE).get_page(request.GET.get("page"))
    waiting = seen.filter(confirmed_at=None, declined_at=None)
    others = waiting.exclude(asked_by=access.person) if may_confirm(access) else waiting.none()
    context = {
        "page": page,
        "rows": [_row(item) for item in page],
        "words": words,
        "own": [_row(item) for item in seen.filter(asked_by=access.person, confirmed_at=None)[:_PAGE]],
        "waiting": [_row(item) for item in others[:_PAGE]],
        "offices": _offices(),
        "may_ask": may_ask(access),
        "file": FILE,
    }
    return render(request, "keys/keys.html", context)


@signed_in
@require_safe
def key(request: OfficeRequest, key: str) -> HttpResponse:
    """Show one key: whose it is, since when, and what can be done about it."""
    row, access = _get(request, key), request.access
    state = row.state()
    ender = row.revoked_by or row.declined_by
    context = {
        **_row(row),
        "public": _groups(row.public),
        "ender": Person.objects.filter(key=ender).first() if ender else None,
        "may_confirm": state == State.WAITING and may_confirm(access, row),
        "may_decline": state == State.WAITING and row.asked_by_id != access.person.pk and may_decline(access, row),
        "may_withdraw": state == State.WAITING and row.asked_by_id == access.person.pk,
        "may_revoke": row.confirmed_at is not None and row.revoked_at is None and may_revoke(access, row),
    }
    return render(request, "keys/key.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: OfficeRequest) -> HttpResponse:
    """Ask the office to register a key."""
    access = request.access
    if not may_ask(access):
        raise NotAllowedError(say("office.keys.not_allowed"))
    form = AskForm(request.POST if request.method == "POST" else None, access=access)
    if form.is_bound and form.is_valid():
        try:
            row = ask_for_key(**form.cleaned_data, by=access.person)
        except InputError as error:
            form.add_error("public", told(error.message))
        else:
            messages.success(request, tell("office.keys.told.asked"))
            return redirect("keys:key", key=row.key)
    return render(request, "keys/ask.html", {"form": form}, status=422 if form.is_bound else 200)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: OfficeRequest, key: str) -> HttpResponse:
    """Compare a key's id with the person, and register it."""
    row = _get(request, key)
    if not may_confirm(request.access):
        raise NotAllowedError(say("office.keys.not_allowed"))
    if not may_confirm(request.access, row):
        raise NotAllowedError(say("office.keys.not_own"))
    return _settle(request, row, ConfirmForm, "confirm")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: OfficeRequest, key: str) -> HttpResponse:
    """Say no to a key that waits, and why."""
    row = _get(request, key)
    if not may_confirm(request.access):
        raise NotAllowedError(say("office.keys.not_allowed"))
    return _settle(request, row, ReasonForm, "decline")


@signed_in
@require_POST
def withdraw(request: OfficeRequest, key: str) -> HttpResponse:
    """Take one's own wish back."""
    row = _get(request, key)
    if row.asked_by_id != request.access.person.pk:
        raise NotAllowedError(say("office.keys.not_allowed"))
    decline_key(row, by=request.access.person)
    messages.success(request, tell("office.keys.told.withdraw"))
    return redirect("keys:list")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: OfficeRequest, key: str) -> HttpResponse:
    """Say that a key counts no longer, and why."""
    row = _get(request, key)
    if not may_revoke(request.access, row):
        raise NotAllowedError(say("office.keys.not_allowed"))
    return _settle(request, row, ReasonForm, "revoke")


def _offices() -> list[dict[str, Any]]:
    """Return the office's own keys; those that a renewal has ended say when, and with which event."""
    entries = {entry.key.id: entry for entry in own_entries(reader_language())}
    ended = {term.key.id: term for term in own_terms() if term.ended is not None}
    return [
        {"entry": entry, "groups": _groups(key_id), "term": ended.get(key_id), "renewal": _renewal(ended.get(key_id))}
        for key_id, entry in entries.items()
    ]


def _renewal(term: Term | None) -> Message | None:
    if term is None or term.ended is None:
        return None
    key = "office.keys.own.lost" if term.ended.lost_since is not None else "office.keys.own.renewed"
    return say(key, sequence=term.ended.sequence)


def _settle(request: OfficeRequest, row: RegisteredKey, kind: Any, act: str) -> HttpResponse:
    form = kind(request.POST if request.method == "POST" else None, initial={"version": row.version})
    refused = None
    if form.is_bound and form.is_valid():
        try:
            _do(act, row, form.cleaned_data, request.access.person)
        except (ConflictError, InputError) as error:
            refused = error
        else:
            messages.success(request, tell(f"{_TOLD}{act}"))
            return redirect("keys:key", key=row.key)
    row.refresh_from_db()
    context = {"form": form, "act": act, "told": refused.message if refused else None, **_row(row)}
    status = 409 if isinstance(refused, ConflictError) else 422 if form.is_bound else 200
    return render(request, f"keys/{'confirm' if act == 'confirm' else 'end'}.html", context, status=status)


def _do(act: str, row: RegisteredKey, given: dict[str, Any], by: Person) -> None:
    if act == "confirm":
        confirm_key(row, seen=given["version"], by=by)
    elif act == "decline":
        decline_key(row, given["reason"], seen=given["version"], by=by)
    else:
        revoke_key(row, given["reason"], by=by)


def _get(request: OfficeRequest, key: str) -> RegisteredKey:
    row = visible(request.access).filter(key=key).first()
    if row is None:
        raise Http404
    return row


def _found(rows: QuerySet[RegisteredKey], words: str) -> QuerySet[RegisteredKey]:
    if not words:
        return rows.order_by("-confirmed_at", "-pk")
    digits = "".join(words.lower().split())
    named = Q(name__icontains=words) | Q(person__name__icontains=words) | Q(person__reading__icontains=words)
    return rows.filter(named | Q(key_id__startswith=digits) | Q(public=digits)).order_by("-confirmed_at", "-pk")


def _row(row: RegisteredKey) -> dict[str, Any]:
    closed = row.person is not None and not row.person.is_active and row.state() in (State.VALID, State.LATER)
    return {"row": row, "state": row.state(), "groups": _groups(row.key_id), "closed": closed}


def _groups(digits: str) -> str:
    """Return digits in groups of four, as people compare them."""
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))
