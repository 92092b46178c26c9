"""How like cases were decided: decisions found by facts, words, outcome, stage and tier.

What a reader does not see, or sees under a code name only, is neither shown nor counted. Facts and the passages of the
one pages are compared with the newest decisions only (`SEARCHED`, `READ`): the committee of a company decides some
hundreds a year, and a search must not become slower with each of them. Words of the case itself are found through the
register's index whatever the age.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Q, QuerySet

from hakari.office.committee.models import Decision, Passage
from hakari.office.lifecycle.models import Outcome, Stage, StageAssessment
from hakari.office.people.access import Access
from hakari.office.registry.models import Level, SearchText, UseCase
from hakari.office.registry.search import normal, search, words
from hakari.office.registry.visibility import veiled, visible

__all__ = ["READ", "SEARCHED", "Like", "Wanted", "facts_known", "find", "like", "seen"]

SEARCHED: Final = 2_000
"""Newest decisions whose facts are compared."""
READ: Final = 500
"""Newest decisions whose one page is read for words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Like:
    """A decision on a case like another."""

    decision: Decision
    shared: float
    """Share of the facts stated for either case that are stated alike for both: 0 to 1."""
    alike: tuple[str, ...]
    """Names of the facts that are alike."""
    same_stage: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a reader looks for; what the address says wrongly is as if it were not said."""

    text: str = ""
    outcome: str = ""
    stage: str = ""
    tier: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    """Name of a fact → its value as written in an address (`true`, `false`, or a word)."""

    @classmethod
    def read(cls, query: Any) -> Wanted:
        """Return what a query string asks for; facts stand there as `fact=name:value`, several of them."""
        stated = [item.partition(":") for item in query.getlist("fact")[:12] if ":" in item]
        return cls(
            text=" ".join(str(query.get("text", ""))[:200].split()),
            outcome=_one_of(query.get("outcome", ""), Outcome.values),
            stage=_one_of(query.get("stage", ""), Stage.values),
            tier=_one_of(query.get("tier", ""), Level.values),
            facts={name[:80]: value[:80] for name, _, value in stated if name and value},
        )


def seen(access: Access) -> QuerySet[Decision]:
    """Return the decisions on cases that a reader sees under their own name, the newest first."""
    shown = visible(access).exclude(veiled(access))
    found: QuerySet[Decision] = Decision.objects.filter(use_case__in=shown.values("pk"))
    return found.order_by("-at", "-pk")


def find(access: Access, wanted: Wanted) -> list[int]:
    """Return the ids of the decisions that a reader looks for, the newest first."""
    found = seen(access)
    if wanted.outcome:
        found = found.filter(outcome=wanted.outcome)
    if wanted.stage:
        found = found.filter(assessment__stage=wanted.stage)
    if wanted.tier:
        found = found.filter(use_case__highest=wanted.tier)
    if wanted.facts:
        rows = found.values_list("pk", "assessment__facts")[:SEARCHED]
        kept = [
            pk for pk, facts in rows if all(_told(facts.get(name)) == value for name, value in wanted.facts.items())
        ]
        found = found.filter(pk__in=kept)
    if wanted.text:
        found = found.filter(Q(pk__in=_by_page(found, wanted.text)) | Q(use_case__in=_by_case(access, wanted.text)))
    return list(found.values_list("pk", flat=True)[:SEARCHED])


def like(use_case: UseCase, access: Access, most: int = 5) -> list[Like]:
    """Return the decisions on other cases whose stated facts are most like those of this one.

    Decisions of the same stage come first, then those that share more. A case that shares nothing is no precedent,
    and of each case the newest decision speaks.
    """
    newest = StageAssessment.objects.filter(use_case=use_case).first()
    own = _stated({**use_case.facts, **(newest.facts if newest else {})})
    stage = newest.stage if newest else ""
    rows = seen(access).exclude(use_case=use_case)
    ranked: dict[int, tuple[bool, float, int, tuple[str, ...]]] = {}
    for pk, case, at_stage, facts in rows.values_list("pk", "use_case_id", "assessment__stage", "assessment__facts")[
        :SEARCHED
    ]:
        theirs = _stated(facts)
        alike = tuple(sorted(name for name, value in own.items() if theirs.get(name) == value))
        if alike and case not in ranked:
            ranked[case] = (at_stage == stage, len(alike) / len(own.keys() | theirs.keys()), pk, alike)
    best = sorted(ranked.values(), key=lambda item: (not item[0], -item[1], -item[2]))[:most]
    related = ("use_case__unit", "assessment", "ballot__item")
    decisions = Decision.objects.select_related(*related).in_bulk([pk for _, _, pk, _ in best])
    return [
        Like(decision=decisions[pk], shared=shared, alike=alike, same_stage=same) for same, shared, pk, alike in best
    ]


def facts_known(access: Access) -> dict[str, list[str]]:
    """Return the facts that decided cases state, with the values that occur, for the filters of the page."""
    found: dict[str, set[str]] = {}
    for facts in seen(access).values_list("assessment__facts", flat=True)[:READ]:
        for name, value in _stated(facts).items():
            found.setdefault(name, set()).add(value)
    return {name: sorted(values) for name, values in sorted(found.items())}


def _by_case(access: Access, text: str) -> list[int]:
    decided = Decision.objects.values("use_case_id")
    return list(search(access, text).filter(pk__in=decided).values_list("pk", flat=True)[:SEARCHED])


def _by_page(found: QuerySet[Decision], text: str) -> list[int]:
    """Return the newest decisions in whose case and one page, taken together, every word stands."""
    rows = list(found.values_list("pk", "use_case_id", "ballot__item_id")[:READ])
    cases = dict(
        SearchText.objects.filter(use_case__in=[case for _, case, _ in rows]).values_list("use_case_id", "words")
    )
    pages: dict[int, dict[str, str]] = {}
    passages = Passage.objects.filter(item__in=[item for _, _, item in rows if item]).order_by("revision")
    for item, heading, one, other in passages.values_list("item_id", "heading", "text__text", "translation__text"):
        pages.setdefault(item, {})[heading] = normal(f"{one or ''} {other or ''}")
    asked = words(text)
    kept = []
    for pk, case, item in rows:
        written = " ".join([cases.get(case, ""), *pages.get(item, {}).values()])
        if all(word in written for word in asked):
            kept.append(pk)
    return kept


def _stated(facts: Mapping[str, Any]) -> dict[str, str]:
    return {str(name): _told(value) for name, value in facts.items() if value is not None}


def _told(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(sorted(str(item) for item in value))
    return "" if value is None else str(value)


def _one_of(value: Any, known: Any) -> str:
    return str(value) if str(value) in known else ""
