"""Filters of the list as they stand in its address: the page, its export and its counts read the same ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Case, CharField, F, Q, QuerySet, When
from django.db.models.expressions import Value
from django.db.models.functions import Coalesce, NullIf

from hakari.office.people.access import Access
from hakari.office.people.models import Unit
from hakari.office.registry.models import Level, UseCase, Visibility
from hakari.office.registry.search import search
from hakari.office.registry.states import State
from hakari.office.registry.visibility import veiled, visible

__all__ = ["SORTS", "TIERS", "Filters"]

TIERS: Final = ("none", "open", *Level.values)
"""Not triaged; a range that an open answer leaves; and the settled tiers."""
SORTS: Final[dict[str, tuple[str, ...]]] = {
    "number": ("created_at", "pk"),
    "title": ("shown_title", "pk"),
    "unit": ("unit__path", "pk"),
    "owner": ("owner_sorted", "pk"),
    "state": ("state", "-changed_at", "pk"),
    "tier": ("highest", "-changed_at", "pk"),
    "changed": ("changed_at", "pk"),
}
_DEFAULT = "-number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the reader asked for; what the address says wrongly is as if it were not said."""

    text: str = ""
    unit: str = ""
    """Key of a unit; those below it count as well."""
    state: str = ""
    tier: str = ""
    owner: str = ""
    """Key of a person."""
    visibility: str = ""
    sort: str = _DEFAULT

    @classmethod
    def read(cls, query: Mapping[str, Any]) -> Filters:
        """Return the filters that a query string names."""
        sort = str(query.get("sort", ""))
        return cls(
            text=" ".join(str(query.get("text", ""))[:200].split()),
            unit=_key(query.get("unit", "")),
            state=_one_of(query.get("state", ""), State.values),
            tier=_one_of(query.get("tier", ""), TIERS),
            owner=_key(query.get("owner", "")),
            visibility=_one_of(query.get("visibility", ""), Visibility.values),
            sort=sort if sort.removeprefix("-") in SORTS else _DEFAULT,
        )

    @property
    def narrow(self) -> bool:
        """Whether anything is left out."""
        return any((self.text, self.unit, self.state, self.tier, self.owner, self.visibility))

    def apply(self, access: Access, *, but: str = "") -> QuerySet[UseCase]:
        """Return the use cases that a person sees and asked for, leaving the filter `but` aside."""
        found = search(access, self.text) if self.text else visible(access)
        if self.unit:
            found = found.filter(unit__path__startswith=_path(self.unit))
        if self.state and but != "state":
            found = found.filter(state=self.state)
        if self.owner:
            found = found.filter(owner__key=self.owner)
        if self.visibility:
            found = found.filter(visibility=self.visibility)
        return found.filter(_tier(self.tier))

    def ordered(self, access: Access, found: QuerySet[UseCase]) -> QuerySet[UseCase]:
        """Return the use cases in the order asked for, with what a row shows."""
        name = self.sort.removeprefix("-")
        if name == "title":
            # By what the reader sees: sorting by a hidden title would give away where it stands in the alphabet.
            shown = Case(When(veiled(access), then=F("code_name")), default=F("title"), output_field=CharField())
            found = found.annotate(shown_title=shown)
        if name == "owner":
            found = found.annotate(owner_sorted=Coalesce(NullIf("owner__reading", Value("")), "owner__name"))
        order = [_turned(field) if self.sort.startswith("-") else field for field in SORTS[name]]
        return found.order_by(*order).select_related("unit", "owner")


def _tier(tier: str) -> Q:
    if tier == "none":
        return Q(highest="")
    if tier == "open":
        return ~Q(highest="") & ~Q(lowest=F("highest"))
    return Q(highest=tier) if tier else Q()


def _path(key: str) -> str:
    unit = Unit.objects.filter(key=key).first()
    return unit.path if unit else "none"


def _turned(field: str) -> str:
    return field.removeprefix("-") if field.startswith("-") else f"-{field}"


def _one_of(value: Any, known: Any) -> str:
    return str(value) if str(value) in known else ""


def _key(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 32 and text.isalnum() else ""
