"""From an audience to people: which use cases it concerns, who answers for them, and who of these may know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from hakari.office.information.audience import Audience
from hakari.office.information.models import Notice, Recipient, RecipientCase
from hakari.office.people.access import Access, access_of
from hakari.office.people.models import Assignment, Person, Unit
from hakari.office.registry.models import UseCase, Visibility
from hakari.office.registry.states import State
from hakari.office.registry.visibility import visible

__all__ = ["Concerned", "Preview", "Reason", "concerned", "in_force", "notices_for", "preview", "reach", "shown_to"]

_QUIET = (State.DRAFT, State.RETIRED)
_UNIT_ROLES = ("owner", "reporter", "delegate")


@dataclass(frozen=True, slots=True)
class Concerned:
    """A use case that an audience means."""

    pk: int
    unit_path: str
    visibility: str
    owner: int
    reporter: int
    sure: bool
    """False where a fact is not stated that would settle it."""


@dataclass(slots=True)
class Reason:
    """Why somebody is a recipient."""

    cases: list[int] = field(default_factory=list)
    by_unit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """How far a notice would go, as far as the one who asks may know."""

    people: int
    sure: int
    open: int
    complete: bool
    """Whether the one who asks sees every use case; else those they do not see are reached and not counted."""


def concerned(audience: Audience, cases: QuerySet[UseCase]) -> list[Concerned]:
    """Return the use cases among `cases` that `audience` means; drafts and what is no longer used are left out."""
    wanted = cases.exclude(state__in=_QUIET)
    if audience.units:
        below = Q(pk__in=[])
        for path in _paths(audience.units).values():
            below |= Q(unit__path__startswith=path)
        wanted = wanted.filter(below)
    columns = ("pk", "unit__path", "visibility", "owner_id", "reporter_id", "facts", "lowest", "highest")
    found = []
    for pk, path, shown, owner, reporter, facts, lowest, highest in wanted.order_by("pk").values_list(*columns):
        fits = audience.fits(facts, lowest, highest)
        if fits is not False:
            found.append(Concerned(pk, path, shown, owner, reporter, sure=fits is True))
    return found


def reach(audience: Audience, cases: Iterable[Concerned]) -> dict[int, Reason]:
    """Return the people whom an audience reaches and why; nobody is reached by a use case that they do not see."""
    found: dict[int, Reason] = {}
    listed = list(cases)
    delegates = _holders(("delegate",))
    hidden = _seen_restricted([case.pk for case in listed if case.visibility == Visibility.RESTRICTED], delegates)
    for case in listed:
        people = {case.owner, case.reporter}
        for person, path in delegates:
            covers = path is None or case.unit_path.startswith(path)
            if covers and (case.visibility != Visibility.RESTRICTED or case.pk in hidden.get(person, ())):
                people.add(person)
        for person in people:
            found.setdefault(person, Reason()).cases.append(case.pk)
    if not audience.by_case:
        paths = _paths(audience.units)
        for person, path in _holders(_UNIT_ROLES):
            within = path is not None and audience.covers(path, paths)
            if within or path is None or any(part.startswith(path) for part in paths.values()):
                found.setdefault(person, Reason()).by_unit = True
    active = Person.objects.filter(pk__in=found, is_active=True, erased_at=None).values_list("pk", flat=True)
    return {person: found[person] for person in sorted(active)}


def preview(access: Access, audience: Audience) -> Preview:
    """Return how many people and use cases a notice would reach, counting only what the one who asks sees."""
    from hakari.office.people.permissions import Permission

    cases = concerned(audience, visible(access))
    sure = sum(case.sure for case in cases)
    complete = access.everywhere(Permission.SEE) and access.everywhere(Permission.SEE_RESTRICTED)
    people = len(reach(audience, cases))
    return Preview(people=people, sure=sure, open=len(cases) - sure, complete=complete)


def in_force() -> QuerySet[Notice]:
    """Return the notices that hold."""
    return Notice.objects.filter(end=None)


def notices_for(use_case: UseCase) -> list[Notice]:
    """Return the notices in force that concern a use case, newest first, also those written before it was notified."""
    if use_case.state in _QUIET:
        return []
    notices = list(in_force().select_related("title_en", "title_ja"))
    paths = _paths({key for notice in notices for key in notice.audience.get("units", ())})
    path = use_case.unit.path
    return [notice for notice in notices if _means(notice, use_case, path, paths)]


def shown_to(access: Access, notice: Notice) -> QuerySet[Recipient]:
    """Return the recipients of whom somebody may know: reached by their unit, or by a use case that is shown.

    Who reads the receipts without seeing restricted use cases learns neither that one was meant nor of how many.
    """
    seen = RecipientCase.objects.filter(recipient=OuterRef("pk"), use_case__in=visible(access))
    return notice.recipients.filter(Q(by_unit=True) | Exists(seen))


def _means(notice: Notice, use_case: UseCase, path: str, paths: dict[str, str]) -> bool:
    audience = Audience.read(notice.audience)
    fits = audience.fits(use_case.facts, use_case.lowest, use_case.highest)
    return audience.covers(path, paths) and fits is not False


def _paths(keys: Iterable[str]) -> dict[str, str]:
    wanted = list(keys)
    return dict(Unit.objects.filter(key__in=wanted).values_list("key", "path")) if wanted else {}


def _holders(roles: tuple[str, ...]) -> list[tuple[int, str | None]]:
    today = timezone.localdate()
    held: Any = Assignment.objects.filter(role__in=roles, starts__lte=today)
    held = held.filter(Q(ends=None) | Q(ends__gte=today))
    return list(held.values_list("person_id", "unit__path").distinct())


def _seen_restricted(cases: list[int], delegates: list[tuple[int, str | None]]) -> dict[int, frozenset[int]]:
    if not cases:
        return {}
    people = Person.objects.filter(pk__in={person for person, _ in delegates})
    return {
        person.pk: frozenset(visible(access_of(person)).filter(pk__in=cases).values_list("pk", flat=True))
        for person in people
    }
