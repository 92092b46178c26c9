"""Which cases a reader's numbers count: those that they see, and no drafts."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Case, CharField, Exists, F, OuterRef, QuerySet, Value, When

from hakari.messages import Message, say
from hakari.office.lifecycle.models import StageAssessment
from hakari.office.people.access import Access
from hakari.office.people.permissions import Permission
from hakari.office.registry.models import Level, UseCase
from hakari.office.registry.states import State
from hakari.office.registry.visibility import visible

__all__ = ["TIERS", "counted", "counted_keys", "latest", "scope_words", "sees_all", "tier", "tier_word"]

TIERS: Final = (*(level.value for level in Level), "open")
"""The tiers, and `open` where an answer that is missing leaves more than one possible."""


def counted(access: Access) -> QuerySet[UseCase]:
    """Return the cases that count for a reader."""
    return visible(access).exclude(state=State.DRAFT)


def counted_keys(access: Access) -> Any:
    """Return the same as a subquery of primary keys; none at all where the reader sees everything."""
    return counted(access).order_by().values("pk")


def sees_all(access: Access) -> bool:
    """Return whether restricted cases count for this reader wherever they are."""
    return access.everywhere(Permission.SEE) and access.everywhere(Permission.SEE_RESTRICTED)


def scope_words(access: Access) -> Message:
    """Return which cases the numbers count, as every page says."""
    return say("office.oversight.scope.all") if sees_all(access) else say("office.oversight.scope.some")


def tier(prefix: str = "") -> Any:
    """Return the settled tier of a case as an expression; `open` while more than one is possible."""
    low, high = f"{prefix}lowest", f"{prefix}highest"
    open_ = When(**{high: ""}, then=Value("open"))
    return Case(open_, When(**{low: F(high)}, then=F(high)), default=Value("open"), output_field=CharField())


def tier_word(name: str) -> Message:
    """Return a tier in words."""
    return say("office.oversight.tier.open") if name == "open" else say(f"office.level.{name}")


def latest(access: Access) -> QuerySet[StageAssessment]:
    """Return the last assessment of each case that counts for a reader."""
    later = StageAssessment.objects.filter(use_case=OuterRef("use_case"), pk__gt=OuterRef("pk"))
    found = StageAssessment.objects.filter(~Exists(later), use_case__in=counted_keys(access))
    return found.order_by()
