"""Who waits for whom: requirements without an answer by role holder, rounds for the office, votes, items, tasks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Exists, Min, OuterRef, Q

from hakari.assessment.reasons import role_word
from hakari.messages import Message, say
from hakari.office.committee.models import DocketItem, Stop, Task
from hakari.office.intake.lanes import working_days
from hakari.office.lifecycle.actions.rules import OFFICE_ROLES
from hakari.office.lifecycle.models import WRITING, FindingRow, Responsible, StageAssessment, Standing
from hakari.office.lifecycle.policy import known_packs
from hakari.office.oversight.figures.scope import counted_keys
from hakari.office.oversight.figures.votes import missing_votes
from hakari.office.oversight.picture import Cell, Picture, Table, bar
from hakari.office.people.access import Access
from hakari.office.people.models import Person

__all__ = ["MOST_PEOPLE", "answers_wanted", "committee_waits"]

MOST_PEOPLE: Final = 30
_OPEN: Final = ("missing", "stale")
_CASE: Final = "projection__assessment__use_case"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What one person is waited for, in one role."""

    person: Person | None
    """None: the office."""
    roles: tuple[str, ...]
    requirements: int
    assessments: int


def answers_wanted(access: Access) -> Picture:
    """Return for how many requirements without an answer or a measurement each role holder is waited for."""
    wanted = _wanted(access)
    by_role: Counter[tuple[str, ...]] = Counter()
    for item in wanted:
        by_role[item.roles] += item.requirements
    ranked = by_role.most_common()
    all_ = sum(by_role.values())
    people = sorted(wanted, key=lambda item: (-item.requirements, item.person.pk if item.person else 0))
    return Picture(
        id="answers",
        title=say("office.oversight.answers.title"),
        sentence=say("office.oversight.answers.says", n=all_, people=len({item.person for item in wanted})),
        notes=(say("office.oversight.answers.how"),),
        bars=tuple(bar(_roles(roles), [(n, "full")], ranked[0][1], n) for roles, n in ranked),
        table=Table(
            caption=say("office.oversight.answers.caption"),
            headers=tuple(
                say(f"office.oversight.answers.head.{name}") for name in ("who", "role", "requirements", "assessments")
            ),
            rows=tuple(
                (
                    Cell(text=str(item.person) if item.person else say("office.oversight.answers.office")),
                    Cell(text=_roles(item.roles)), Cell(text=item.requirements), Cell(text=item.assessments),
                )
                for item in people[:MOST_PEOPLE]
            ),
            more=say("office.oversight.more", n=len(people) - MOST_PEOPLE) if len(people) > MOST_PEOPLE else None,
        ),
    )  # fmt: skip


def committee_waits(access: Access) -> Picture:
    """Return what waits for the office and the committee: rounds, items, votes, stops to be ratified, tasks."""
    today, keys = access.day, counted_keys(access)
    on_docket = DocketItem.objects.filter(use_case__in=keys)
    lying = on_docket.filter(
        round__assessment=OuterRef("pk"), standing__in=(DocketItem.Standing.WAITING, DocketItem.Standing.VOTING)
    )
    rounds = StageAssessment.objects.filter(~Exists(lying), standing=Standing.IN_REVIEW, use_case__in=keys).order_by()
    found: list[tuple[str, dict[str, Any]]] = [
        ("rounds", rounds.aggregate(n=Count("pk"), oldest=Min("standing_since"))),
        (
            "items",
            on_docket.filter(standing=DocketItem.Standing.WAITING)
            .order_by()
            .aggregate(n=Count("pk"), oldest=Min("put_at")),
        ),
        (
            "stops",
            Stop.objects.filter(use_case__in=keys, ratification=None, turned_into=None)
            .order_by()
            .aggregate(n=Count("pk"), oldest=Min("at"), late=Count("pk", filter=Q(ratify_by__lt=today))),
        ),
        (
            "tasks",
            Task.objects.filter(stop__use_case__in=keys, done_at=None)
            .order_by()
            .aggregate(n=Count("pk"), late=Count("pk", filter=Q(due__lt=today))),
        ),
    ]
    votes = missing_votes(access)
    found.insert(
        2,
        (
            "votes",
            {
                "n": sum(len(item.people) for item in votes),
                "oldest": min((item.ballot.opened_at for item in votes), default=None),
            },
        ),
    )
    whole = max(item["n"] for _, item in found)
    names = Counter(str(person) for item in votes for person in item.people)
    return Picture(
        id="committee",
        title=say("office.oversight.committee.title"),
        sentence=say("office.oversight.committee.says", **{name: item["n"] for name, item in found}),
        notes=tuple(_who(names)),
        bars=tuple(
            bar(say(f"office.oversight.committee.{name}"), [(item["n"], "full")], whole, item["n"])
            for name, item in found
        ),
        table=Table(
            caption=say("office.oversight.committee.caption"),
            headers=tuple(
                say(f"office.oversight.committee.head.{name}") for name in ("what", "for", "number", "oldest", "late")
            ),
            rows=tuple(
                (
                    Cell(text=say(f"office.oversight.committee.{name}")),
                    Cell(text=say(f"office.oversight.committee.for.{name}")),
                    Cell(text=item["n"]),
                    _age(item.get("oldest"), access),
                    Cell(text=item.get("late", "–")),
                )
                for name, item in found
            ),
        ),
    )


def _who(names: Mapping[str, int]) -> Iterable[Message]:
    if names:
        ranked = sorted(names.items(), key=lambda item: (-item[1], item[0]))
        listed = [say("office.oversight.committee.missing_of", name=name, n=n) for name, n in ranked[:12]]
        yield say("office.oversight.committee.missing", people=listed)


def _age(since: Any, access: Access) -> Cell:
    if since is None:
        return Cell(text="–")
    return Cell(text=say("office.oversight.working_days", n=working_days(since.date(), access.day)))


def _roles(roles: tuple[str, ...]) -> Message:
    return say("office.oversight.roles", roles=[role_word(role) for role in roles])


def _wanted(access: Access) -> list[Wanted]:
    """Ask three times: named holders, owners where nobody is named, and what the office answers itself."""
    asked = _by_roles()
    rows = FindingRow.objects.filter(
        status__in=_OPEN,
        projection__assessment__standing__in=WRITING,
        projection__assessment__use_case__in=counted_keys(access),
    ).order_by()
    counts = {"n": Count("pk"), "k": Count("projection", distinct=True)}
    named: Any = Q(pk__in=[])
    owned: Any = Q(pk__in=[])
    office: Any = Q(pk__in=[])
    for roles, requirements in asked.items():
        these = Q(requirement__in=requirements)
        named |= these & Q(**{f"{_CASE}__responsible__role__in": [role for role in roles if role != "owner"]})
        holder = Responsible.objects.filter(use_case=OuterRef(_CASE), role__in=roles)
        if OFFICE_ROLES & set(roles):
            office |= these & ~Exists(holder)
        else:
            owned |= these if "owner" in roles else these & ~Exists(holder)
    by_role = f"{_CASE}__responsible__role"
    found = [
        (row[f"{_CASE}__responsible__person"], (row[by_role],), row)
        for row in rows.filter(named).values(by_role, f"{_CASE}__responsible__person").annotate(**counts)
    ]
    found += [
        (row[f"{_CASE}__owner"], ("owner",), row)
        for row in rows.filter(owned).values(f"{_CASE}__owner").annotate(**counts)
    ]
    total = rows.filter(office).aggregate(**counts)
    found += [(None, ("office",), total)] if total["n"] else []
    people = Person.objects.in_bulk({key for key, _, _ in found if key is not None})
    return [
        Wanted(person=people.get(key), roles=roles, requirements=row["n"], assessments=row["k"])
        for key, roles, row in found
    ]


def _by_roles() -> dict[tuple[str, ...], list[str]]:
    """Return the requirements of all packs by the roles that answer for them."""
    found: dict[tuple[str, ...], set[str]] = {}
    for pack in known_packs().values():
        for requirement in pack.requirements:
            found.setdefault(tuple(sorted(requirement.roles)), set()).add(requirement.reference)
    return {roles: sorted(references) for roles, references in sorted(found.items())}
