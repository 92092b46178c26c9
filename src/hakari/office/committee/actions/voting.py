"""Declaring conflicts, opening ballots, voting, calling to a meeting, closing; deadlines hold to the second."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from hakari.errors import ConflictError, InputError, NotAllowedError, OfficeError
from hakari.messages import say
from hakari.office.committee.actions.deciding import decide, ratify
from hakari.office.committee.actions.rules import locked, locked_ballot, motion_of
from hakari.office.committee.letters import ballot_opened, called
from hakari.office.committee.members import Seat, eligible, matter_of, standing_of
from hakari.office.committee.models import (
    Ballot,
    Choice,
    Declaration,
    DocketItem,
    Form,
    Meeting,
    Pull,
    Stop,
    Vote,
)
from hakari.office.committee.tallying import Tally, count_votes
from hakari.office.core.actions import SYSTEM, Done, action
from hakari.office.core.conflicts import change
from hakari.office.core.models import FreeText
from hakari.office.lifecycle.actions.rules import plain_text
from hakari.office.people.access import access_of
from hakari.office.people.models import Person
from hakari.office.people.permissions import Permission

__all__ = [
    "call_to_meeting",
    "close_ballot",
    "close_due",
    "declare",
    "last_votes",
    "open_ballot",
    "tally_of",
    "vote",
]

SHORTEST, LONGEST = datetime.timedelta(hours=1), datetime.timedelta(days=60)
"""How far ahead the deadline of a circulated resolution may lie."""

ON_ITEM = (Choice.APPROVE, Choice.CONDITIONS, Choice.DEFER, Choice.REJECT, Choice.ABSTAIN)
ON_STOP = (Choice.UPHOLD, Choice.LIFT, Choice.ABSTAIN)


@action("committee.declared")
def declare(item: DocketItem, *, conflict: bool, reason: str = "", by: Person) -> Done[Declaration]:
    """Say whether there is a conflict of interest. One that is declared is not taken back while a ballot is open.

    Raises:
        NotAllowedError: not a member.
        InputError: a conflict without its reason.
        OfficeError: the matter is decided, or a recusal would be taken back while others vote.
    """
    found = locked(item)
    seat = _seat(by, found)
    if found.standing not in (DocketItem.Standing.WAITING, DocketItem.Standing.VOTING):
        raise OfficeError(say("office.committee.not_waiting", standing=say(f"office.committee.item.{found.standing}")))
    if seat.bar == "conflict" and not conflict and found.standing == DocketItem.Standing.VOTING:
        raise OfficeError(say("office.committee.recusal_stands"))
    voted = Vote.objects.filter(ballot__item=found, ballot__closed_at=None, person=by).exists()
    if conflict and voted:
        raise OfficeError(say("office.committee.voted_already"))
    kept = FreeText.keep(plain_text(reason, field="reason", most=1_000)) if conflict or reason.strip() else None
    made = Declaration.objects.create(
        item=found,
        person=by,
        revision=Declaration.objects.filter(item=found, person=by).count() + 1,
        conflict=conflict,
        reason=kept,
    )
    data = {"conflict": conflict, "item": found.key, "reason": kept.digest if kept else ""}
    return Done(made, about=("use_case", found.use_case.key), data=data)


@action("committee.ballot_opened")
def open_ballot(
    item: DocketItem,
    form: str,
    *,
    deadline: datetime.datetime | None = None,
    meeting: Meeting | None = None,
    by: Person,
) -> Done[Ballot]:
    """Open the vote on an item: circulated until a deadline, or in a meeting that is open.

    Raises:
        NotAllowedError: neither the chair nor, for a circulated resolution, the office.
        OfficeError, InputError: the one page is not whole, too few may vote, another ballot is open, no open meeting,
            a deadline out of range.
    """
    found = locked(item)
    _require_leading(by, form)
    if found.standing != DocketItem.Standing.WAITING:
        raise OfficeError(say("office.committee.not_waiting", standing=say(f"office.committee.item.{found.standing}")))
    _require_frozen(found)
    until = _deadline(form, deadline, meeting)
    if len(eligible(found)) < 2:
        raise OfficeError(say("office.committee.too_few"))
    ballot = Ballot.objects.create(
        item=found,
        number=Ballot.objects.filter(item=found).count() + 1,
        form=form,
        meeting=meeting,
        motion=motion_of(found),
        opened_by=by,
        deadline=until,
    )
    change(found, standing=DocketItem.Standing.VOTING)
    ballot_opened(ballot, eligible(found))
    data = {
        "ballot": ballot.key, "deadline": until.isoformat() if until else "", "form": form, "item": found.key,
        "motion": ballot.motion,
    }  # fmt: skip
    return Done(ballot, about=("use_case", found.use_case.key), data=data)


@action("committee.voted")
def vote(ballot: Ballot, choice: str, *, reason: str = "", dissent: bool = False, by: Person) -> Done[Vote]:
    """Vote; until the ballot closes a member may vote again, and the last vote counts.

    Raises:
        NotAllowedError: not a member, recused, took part, or has not declared yet.
        OfficeError: the ballot is closed or its deadline has passed.
        InputError: no such choice, or a rejection or a dissent without a reason.
    """
    found = locked_ballot(ballot)
    matter = matter_of(found)
    seat = _seat(by, matter)
    if seat.bar:
        raise NotAllowedError(say(f"office.committee.bar.{seat.bar}"))
    if not seat.declared:
        raise NotAllowedError(say("office.committee.declare_first"))
    if found.closed_at is not None or (found.deadline is not None and timezone.now() > found.deadline):
        raise OfficeError(say("office.committee.ballot_closed"))
    if choice not in (ON_ITEM if found.item_id is not None else ON_STOP):
        raise InputError(say("office.committee.choice_unknown"))
    if not reason.strip() and (choice in (Choice.REJECT, Choice.DEFER, Choice.LIFT) or dissent):
        raise InputError(say("office.committee.reason_needed"))
    kept = FreeText.keep(plain_text(reason, field="reason", most=4_000)) if reason.strip() else None
    made = Vote.objects.create(
        ballot=found,
        person=by,
        revision=Vote.objects.filter(ballot=found, person=by).count() + 1,
        choice=choice,
        reason=kept,
        dissent=dissent,
    )
    # Touched, so that a ballot that closes at the same moment sees that somebody was here.
    change(found, number=found.number)
    data = {"ballot": found.key, "choice": choice, "dissent": dissent, "reason": kept.digest if kept else ""}
    return Done(made, about=("use_case", matter.use_case.key), data=data)


@action("committee.called")
def call_to_meeting(ballot: Ballot, reason: str, *, by: Person) -> Done[Ballot]:
    """Call a circulated resolution to a meeting: any member may; the ballot ends, and nothing is decided.

    Raises:
        NotAllowedError: not a member who may vote on it.
        OfficeError: it is closed, or no circulated resolution.
    """
    found = locked_ballot(ballot)
    item = found.item
    if item is None or found.form != Form.CIRCULATION or found.closed_at is not None:
        raise OfficeError(say("office.committee.ballot_closed"))
    seat = _seat(by, item)
    if seat.bar:
        raise NotAllowedError(say(f"office.committee.bar.{seat.bar}"))
    kept = FreeText.keep(plain_text(reason, field="reason", most=2_000))
    Pull.objects.create(item=item, ballot=found, reason=kept, by=by.key)
    change(found, closed_at=timezone.now(), ending=Ballot.Ending.CALLED)
    change(item, standing=DocketItem.Standing.WAITING)
    called(found)
    data = {"ballot": found.key, "item": item.key, "reason": kept.digest}
    return Done(found, about=("use_case", item.use_case.key), data=data)


def close_ballot(ballot: Ballot, *, by: Any) -> Ballot:
    """Close a ballot and decide by it; one that was closed already stays as it is.

    A circulated resolution closes when all who may have voted, or by itself at its deadline (`close_due`).

    Raises:
        NotAllowedError, OfficeError: not the chair; too early.
    """
    try:
        return _close_ballot(ballot, by=by)
    except ConflictError:
        return Ballot.objects.get(pk=ballot.pk)


@action("committee.ballot_closed")
def _close_ballot(ballot: Ballot, *, by: Any) -> Done[Ballot]:
    found = locked_ballot(ballot)
    if found.closed_at is not None:
        raise ConflictError(say("office.core.conflict"))
    matter = matter_of(found)
    everybody, votes = eligible(matter), last_votes(found)
    late = found.deadline is not None and timezone.now() > found.deadline
    if by.key != SYSTEM.key:
        _require_leading(by, found.form)
    if found.form == Form.CIRCULATION and not late and len(votes) < len(everybody):
        raise OfficeError(say("office.committee.too_early", n=len(everybody) - len(votes)))
    tally = _tally(found, votes, [person.pk for person in everybody])
    if not tally.outcome:
        change(found, closed_at=timezone.now(), ending=Ballot.Ending.NO_QUORUM)
        if isinstance(matter, DocketItem):
            change(matter, standing=DocketItem.Standing.WAITING)
        data: dict[str, Any] = {
            "ballot": found.key,
            "ending": "no_quorum",
            "quorum": tally.quorum,
            "votes": tally.votes,
        }
        return Done(found, about=("use_case", matter.use_case.key), data=data)
    change(found, closed_at=timezone.now(), ending=Ballot.Ending.DECIDED, outcome=tally.outcome)
    data = {"ballot": found.key, "ending": "decided", "outcome": tally.outcome, "votes": tally.votes}
    if isinstance(matter, Stop):
        ratify(found, matter, tally, by=by)
        return Done(found, about=("use_case", matter.use_case.key), data=data, seal=True)
    data["decision"] = decide(found, matter, tally, by=by).statement
    return Done(found, about=("use_case", matter.use_case.key), data=data, seal=True)


def close_due() -> int:
    """Close every circulated ballot whose deadline has passed; returns how many. Run it every few minutes."""
    due = list(Ballot.objects.filter(closed_at=None, deadline__lt=timezone.now()))
    for ballot in due:
        close_ballot(ballot, by=SYSTEM)
    return len(due)


def last_votes(ballot: Ballot) -> dict[int, Vote]:
    """Return each member's last vote, by person."""
    rows = Vote.objects.filter(ballot=ballot).select_related("person", "reason").order_by("revision")
    return {row.person_id: row for row in rows}


def tally_of(ballot: Ballot) -> Tally:
    """Return what the votes of a ballot come to now."""
    return _tally(ballot, last_votes(ballot), [person.pk for person in eligible(matter_of(ballot))])


def _tally(ballot: Ballot, votes: dict[int, Vote], may: list[int]) -> Tally:
    # Who lost their seat, or recused themselves, after voting does not count.
    choices = [str(row.choice) for person, row in votes.items() if person in may]
    return count_votes(choices, eligible=len(may), on_stop=ballot.item_id is None)


def _seat(by: Any, matter: DocketItem | Stop) -> Seat:
    seat = standing_of(by if isinstance(by, Person) else None, matter)
    if seat is None:
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.vote")))
    return seat


def _require_leading(by: Any, form: str) -> None:
    access = access_of(by if isinstance(by, Person) else None)
    if access.may(Permission.CHAIR) or (form == Form.CIRCULATION and access.may(Permission.REVIEW)):
        return
    raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.chair")))


def _require_frozen(item: DocketItem) -> None:
    """Nobody votes on a round that is not the one in review any more."""
    assessment = item.round.assessment
    if assessment.standing != "in_review" or item.round.number != assessment.round:
        raise OfficeError(say("office.lifecycle.other_round"))


def _deadline(form: str, deadline: datetime.datetime | None, meeting: Meeting | None) -> datetime.datetime | None:
    if form == Form.CIRCULATION:
        now = timezone.now()
        if deadline is None or not now + SHORTEST <= deadline <= now + LONGEST:
            raise InputError(say("office.committee.deadline", most=LONGEST.days))
        return deadline
    if form != Form.MEETING or meeting is None or meeting.standing != Meeting.Standing.OPEN:
        raise OfficeError(say("office.committee.no_meeting"))
    return None
