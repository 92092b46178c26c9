"""What waits for whom before the committee: for lists and home pages, as many queries for one as for fifty."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.utils import timezone

from hakari.office.committee.actions.rules import NEEDED
from hakari.office.committee.members import members
from hakari.office.committee.models import Ballot, Declaration, DocketItem, Form, Passage, Vote
from hakari.office.committee.showing.reading import items_for
from hakari.office.lifecycle.actions.rules import is_own
from hakari.office.lifecycle.models import Answer, Delivery, Round
from hakari.office.people.access import Access
from hakari.office.people.models import Person
from hakari.office.people.permissions import Permission

__all__ = ["Asked", "asked_of", "closable", "incomplete", "open_ballots", "waiting_votes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What one item asks of one member."""

    vote: bool = False
    """Their vote is missing in a ballot that is open."""
    declaration: bool = False
    """They have not said whether they have a conflict."""
    voted: bool = False
    recused: bool = False


def open_ballots(items: Iterable[DocketItem]) -> dict[int, Ballot]:
    """Return the open ballot of each item that has one; one query."""
    rows = Ballot.objects.filter(item__in=[item.pk for item in items], closed_at=None)
    return {ballot.item_id: ballot for ballot in rows if ballot.item_id is not None}


def asked_of(access: Access, items: Sequence[DocketItem], ballots: dict[int, Ballot]) -> dict[int, Asked]:
    """Return what items ask of a reader; nothing of one who does not sit on the committee."""
    person = access.person
    if person is None or not access.may(Permission.VOTE):
        return {}
    alive = [item for item in items if item.standing in (DocketItem.Standing.WAITING, DocketItem.Standing.VOTING)]
    said = {
        row.item_id: row.conflict
        for row in Declaration.objects.filter(item__in=[item.pk for item in alive], person=person).order_by("revision")
    }
    rows = Vote.objects.filter(ballot__in=[ballot.pk for ballot in ballots.values()], person=person)
    voted = set(rows.values_list("ballot_id", flat=True))
    barred, now = _took_part(person, alive), timezone.now()
    found = {}
    for item in alive:
        ballot = ballots.get(item.pk)
        recused = item.pk in barred or bool(said.get(item.pk))
        mine = ballot is not None and ballot.pk in voted
        live = ballot is not None and (ballot.deadline is None or ballot.deadline >= now)
        found[item.pk] = Asked(
            vote=live and not recused and not mine,
            declaration=not recused and item.pk not in said,
            voted=mine,
            recused=recused,
        )
    return found


def incomplete(access: Access) -> QuerySet[DocketItem]:
    """Return waiting items whose page lacks a heading without which nobody votes, the oldest first."""
    found = items_for(access).filter(standing=DocketItem.Standing.WAITING)
    whole = DocketItem.objects.filter(standing=DocketItem.Standing.WAITING)
    for heading in NEEDED:
        whole = whole.filter(pk__in=Passage.objects.filter(heading=heading).values("item"))
    return found.exclude(pk__in=whole.values("pk")).order_by("put_at", "pk")


def closable(items: Sequence[DocketItem], ballots: dict[int, Ballot]) -> list[DocketItem]:
    """Return the items whose ballot the chair can close: its deadline has passed, or everybody has voted."""
    seats = {person.pk for person in members()}
    keys = [ballot.pk for ballot in ballots.values()]
    voted: dict[int, set[int]] = {}
    for ballot, person in Vote.objects.filter(ballot__in=keys).values_list("ballot_id", "person_id"):
        voted.setdefault(ballot, set()).add(person)
    aside: dict[int, set[int]] = {}
    rows = Declaration.objects.filter(item__in=[item.pk for item in items], conflict=True)
    for declared, person in rows.values_list("item_id", "person_id"):
        aside.setdefault(declared, set()).add(person)
    now, found = timezone.now(), []
    for item in items:
        ballot = ballots.get(item.pk)
        if ballot is None:
            continue
        late = ballot.deadline is not None and now > ballot.deadline
        named = {item.put_by_id, item.use_case.owner_id, item.use_case.reporter_id}
        rest = seats - named - aside.get(item.pk, set()) - voted.get(ballot.pk, set())
        if late or (ballot.form == Form.CIRCULATION and not rest):
            found.append(item)
    return found


def waiting_votes(access: Access) -> QuerySet[DocketItem]:
    """Return items that are being voted on, the one with the soonest deadline first."""
    found = items_for(access).filter(standing=DocketItem.Standing.VOTING, ballots__closed_at=None)
    return found.order_by(F("ballots__deadline").asc(nulls_first=True), "pk")


def _took_part(person: Person, items: Sequence[DocketItem]) -> set[int]:
    """Return the items of which a person is no judge: they put it, answer for the case, or worked on it."""
    assessments = [item.round.assessment_id for item in items]
    of_theirs = {"assessment__in": assessments}
    submitted = set(Round.objects.filter(submitted_by=person, **of_theirs).values_list("assessment_id", flat=True))
    submitted |= set(Delivery.objects.filter(by=person.key, **of_theirs).values_list("assessment_id", flat=True))
    answered = set(
        Answer.objects.filter(by=person.key, carried=False, **of_theirs).values_list("assessment_id", flat=True)
    )
    found = set()
    for item in items:
        named = person.pk in (item.put_by_id, item.use_case.owner_id, item.use_case.reporter_id)
        worked = item.round.assessment_id in submitted
        # Members hardly ever answer; where one did, it counts by the role in which they did.
        if named or worked or (item.round.assessment_id in answered and is_own(person, item.round.assessment)):
            found.add(item.pk)
    return found
