"""The addresses that programs read."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.urls import reverse
from ninja import Query, Router

from hakari.office.api.answers import LedgerHead, Me, Role, Unit, UseCase, UseCaseDetail, UseCases
from hakari.office.api.keys import need
from hakari.office.core.models import Head
from hakari.office.people.models import Unit as UnitRow
from hakari.office.people.tokens import Scope
from hakari.office.registry import models
from hakari.office.registry.search import search
from hakari.office.registry.states import State
from hakari.office.registry.visibility import get_visible, is_veiled, title_for, visible

__all__ = ["router"]

router = Router()


@router.get("/me", response=Me, summary="Who the token acts for")
def me(request: HttpRequest) -> Me:
    """Return the person, the roles they hold today, and what this token may do until when."""
    token, access = _token(request), _access(request)
    roles = [Role(role=role, unit=name if path else None) for role, path, name in access.held]
    person = token.person
    return Me(
        key=person.key,
        name=person.name,
        language=person.language,
        roles=roles,
        scopes=token.scopes,
        expires_at=token.expires_at,
    )


@router.get("/use-cases", response=UseCases, summary="The use cases that the person sees")
def use_cases(
    request: HttpRequest,
    state: State | None = None,
    level: models.Level | None = None,
    unit: str | None = None,
    changed_since: datetime.datetime | None = None,
    text: Annotated[str, Query(max_length=200)] = "",
    page: Annotated[int, Query(ge=1)] = 1,
    per_page: Annotated[int, Query(ge=1, le=100)] = 50,
    order: Literal["created", "changed"] = "created",
) -> UseCases:
    """Return one page: newest first, of a state, a tier, a unit with all below it, words, or changed since a moment."""
    need(request, Scope.USE_CASES)
    access = _access(request)
    found = search(access, text) if text.strip() else visible(access)
    found = found.select_related("unit", "owner", "reporter").order_by(f"-{order}_at", "-pk")
    if state is not None:
        found = found.filter(state=state)
    if level is not None:
        found = found.filter(highest=level)
    if unit is not None:
        under = UnitRow.objects.filter(key=unit).first()
        found = found.filter(unit__path__startswith=under.path) if under else found.none()
    if changed_since is not None:
        found = found.filter(changed_at__gte=changed_since)
    one = Paginator(found, per_page).get_page(page)
    items = [UseCase(**_line(access, row)) for row in one]
    return UseCases(count=one.paginator.count, page=one.number, pages=one.paginator.num_pages, items=items)


@router.get("/use-cases/{number}", response=UseCaseDetail, summary="One use case")
def use_case(request: HttpRequest, number: str) -> UseCaseDetail:
    """Return one use case; one that the person does not see does not exist."""
    need(request, Scope.USE_CASES)
    access = _access(request)
    row = get_visible(access, number)
    return UseCaseDetail(
        **_line(access, row),
        purpose="" if is_veiled(access, row) else row.purpose,
        owner=row.owner.name,
        visibility=row.visibility,
        version=row.version,
    )


@router.get("/ledger/head", response=LedgerHead, summary="Where the ledger stands")
def ledger_head(request: HttpRequest) -> LedgerHead:
    """Return number and digest of the last event, to be kept elsewhere as a witness."""
    need(request, Scope.LEDGER)
    head = Head.objects.filter(pk=1).first()
    if head is None:
        return LedgerHead(ledger="", sequence=0, digest="")
    return LedgerHead(ledger=head.ledger, sequence=head.sequence, digest=head.digest)


def _line(access: Any, row: models.UseCase) -> dict[str, Any]:
    names = {name: getattr(row, name) for name in ("number", "state", "lowest", "highest", "created_at", "changed_at")}
    unit = Unit(key=row.unit.key, name=row.unit.name, name_ja=row.unit.name_ja)
    address = settings.ENVIRONMENT.address + reverse("registry:detail", args=[row.number])
    return {**names, "title": title_for(access, row), "unit": unit, "address": address}


def _access(request: HttpRequest) -> Any:
    return request.access  # type: ignore[attr-defined]  # set with the token


def _token(request: HttpRequest) -> Any:
    return request.auth  # type: ignore[attr-defined]  # set by ninja
