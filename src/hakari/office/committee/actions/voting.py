"""Declaring conflicts, opening ballots, voting, calling to a meeting, closing; deadlines hold to the second."""

from __future__ import annotations

import datetime
from contextlib import suppress
from typing import Any

from django.utils import timezone

from hakari.errors import ConflictError, HakariError, InputError, NotAllowedError, OfficeError
from hakari.evidence import digest_json
from hakari.messages import say
from hakari.office.committee.actions.deciding import decide, ratify
from hakari.office.committee.actions.rules import locked, locked_ballot, locked_meeting, motion_of
from hakari.office.committee.letters import ballot_opened, called
from hakari.office.committee.members import Seat, eligible, matter_of, standing_of
from hakari.office.committee.models import (
    Agenda,
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
from hakari.office.committee.tallying import Tally, count_votes, quorum_of
from hakari.office.committee.votes.box import (
    Cast,
    cast_vote,
    digested,
    last_votes,
    problem_of,
    verified_votes,
    write_opened,
)
from hakari.office.core.actions import SYSTEM, Done, action
from hakari.office.core.conflicts import change
from hakari.office.core.models import FreeText
from hakari.office.lifecycle.actions.rules import plain_text, refuse_own
from hakari.office.people.access import access_of
from hakari.office.people.models import Person
from hakari.office.people.permissions import Permission
from hakari.office.registry.states import State

__all__ = [
    "call_to_meeting",
    "close_ballot",
    "close_due",
    "close_if_due",
    "declare",
    "last_votes",
    "open_ballot",
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
    # Not called `reason`: the history of the use case shows texts of that name, and this one is for the committee.
    data = {"conflict": conflict, "item": found.key, "words": kept.digest if kept else ""}
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
    # The meeting first: it must not close while a vote in it opens.
    held = locked_meeting(meeting) if meeting is not None else None
    found = locked(item)
    _require_leading(by, form, found)
    if found.standing != DocketItem.Standing.WAITING:
        raise OfficeError(say("office.committee.not_waiting", standing=say(f"office.committee.item.{found.standing}")))
    _require_frozen(found)
    until = _deadline(form, deadline, held)
    if held is not None and not Agenda.objects.filter(meeting=held, item=found, consent=False).exists():
        raise OfficeError(say("office.committee.not_on_agenda"))
    if len(eligible(found)) < 2:
        raise OfficeError(say("office.committee.too_few"))
    ballot = Ballot.objects.create(
        item=found,
        number=Ballot.objects.filter(item=found).count() + 1,
        form=form,
        meeting=held,
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
        OfficeError: the ballot is closed, its deadline has passed, or the key of its votes is gone.
        InputError: no such choice, or a rejection or a dissent without a reason.
    """
    found = locked_ballot(ballot)
    matter = _locked_matter(found)
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
    words = plain_text(reason, field="reason", most=4_000) if reason.strip() else ""
    made = cast_vote(found, by, choice, reason=words, dissent=dissent)
    # Touched, so that a ballot that closes at the same moment sees that somebody was here.
    change(found, number=found.number)
    # Votes are secret until the close, also from who reads the ledger: `committee.votes_opened` says what was sealed.
    data = {"ballot": found.key, "revision": made.revision, "sealed": digest_json(digested(made))}
    return Done(made.row, about=("use_case", matter.use_case.key), data=data)


@action("committee.called")
def call_to_meeting(ballot: Ballot, reason: str, *, by: Person) -> Done[Ballot]:
    """Call a circulated resolution to a meeting: any member may; the ballot ends, and nothing is decided.

    Raises:
        NotAllowedError: not a member who may vote on it.
        OfficeError: it is closed, or no circulated resolution.
    """
    found = locked_ballot(ballot)
    if found.item is None or found.form != Form.CIRCULATION or found.closed_at is not None:
        raise OfficeError(say("office.committee.ballot_closed"))
    item = locked(found.item)
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


def close_ballot(ballot: Ballot, *, void: bool = False, by: Any) -> Ballot:
    """Close a ballot and decide by it; one that was closed already stays as it is.

    A circulated resolution closes when all who may have voted, or by itself at its deadline (`close_due`).

    Args:
        void: End it without a result, because its votes cannot be opened; it can then be opened again.

    Raises:
        NotAllowedError, OfficeError: not the chair; too early; votes are not those that were cast, or the key that
            opens them is gone (or, to end it as void, they can be opened).
    """
    try:
        return _close_ballot(ballot, void=void, by=by)
    except ConflictError:
        return Ballot.objects.get(pk=ballot.pk)


@action("committee.ballot_closed")
def _close_ballot(ballot: Ballot, *, void: bool, by: Any) -> Done[Ballot]:
    found = locked_ballot(ballot)
    if found.closed_at is not None:
        raise ConflictError(say("office.core.conflict"))
    matter = _locked_matter(found)
    everybody, rows = eligible(matter), last_votes(found)
    late = found.deadline is not None and timezone.now() > found.deadline
    if by.key != SYSTEM.key:
        _require_leading(by, found.form, matter)
    may = {person.pk for person in everybody}
    # Who lost their seat, or recused themselves, after voting does not count.
    there, quorum = len(may & rows.keys()), quorum_of(len(may))
    if void:
        if problem_of(found) is None:
            raise OfficeError(say("office.committee.seal.not_void"))
        return _end(found, matter, Ballot.Ending.VOID, cast=there, quorum=quorum)
    # Votes of those who lost their seat since do not make up for those who have not voted yet.
    awaited = len(may - rows.keys())
    if found.form == Form.CIRCULATION and not late and awaited:
        raise OfficeError(say("office.committee.too_early", n=awaited))
    if isinstance(matter, DocketItem) and matter.use_case.state == State.RETIRED:
        # Nothing is left to decide on; the item leaves the docket.
        return _end(found, matter, Ballot.Ending.WITHDRAWN, cast=there, quorum=quorum)
    if there < quorum:
        # What decides nothing is not even opened.
        return _end(found, matter, Ballot.Ending.NO_QUORUM, cast=there, quorum=quorum)
    votes = verified_votes(found, rows)
    tally = _tally(found, votes, may)
    change(found, closed_at=timezone.now(), ending=Ballot.Ending.DECIDED, outcome=tally.outcome)
    data: dict[str, Any] = {
        "ballot": found.key, "ending": "decided", "outcome": tally.outcome, "votes": tally.votes,
    }  # fmt: skip
    _open_votes(found, matter.use_case.key, votes, by=by)
    if isinstance(matter, Stop):
        ratify(found, matter, tally, by=by)
        return Done(found, about=("use_case", matter.use_case.key), data=data, seal=True)
    data["decision"] = decide(found, matter, tally, by=by).statement
    return Done(found, about=("use_case", matter.use_case.key), data=data, seal=True)


@action("committee.votes_opened")
def _open_votes(found: Ballot, use_case: str, votes: dict[int, Cast], *, by: Any) -> Done[Ballot]:  # noqa: ARG001  # `by` is the ledger's
    """Say in the ledger how each member voted last, with the salts by which anybody finds what was sealed.

    Beside the event of the close, not in it: that one goes out with the case bundle of the decision. A ballot that
    decided nothing stays sealed.
    """
    cast = sorted(votes.values(), key=lambda row: str(row.person.key))
    write_opened(cast)
    data = {"ballot": found.key, "votes": [digested(row) for row in cast]}
    return Done(found, about=("use_case", use_case), data=data)


def _end(found: Ballot, matter: DocketItem | Stop, ending: str, *, cast: int, quorum: int) -> Done[Ballot]:
    """End a ballot without a decision, and without a word of how anybody voted: the matter will be voted on again."""
    change(found, closed_at=timezone.now(), ending=ending)
    if isinstance(matter, DocketItem):
        gone = ending == Ballot.Ending.WITHDRAWN
        change(matter, standing=DocketItem.Standing.WITHDRAWN if gone else DocketItem.Standing.WAITING)
    data = {"ballot": found.key, "cast": cast, "ending": str(ending), "quorum": quorum}
    return Done(found, about=("use_case", matter.use_case.key), data=data)


def close_due() -> int:
    """Close every circulated ballot whose deadline has passed; returns how many. Run it every few minutes."""
    closed = 0
    for ballot in list(Ballot.objects.filter(closed_at=None, deadline__lt=timezone.now())):
        try:
            closed += close_ballot(ballot, by=SYSTEM).closed_at is not None
        except HakariError:
            continue  # one that cannot be decided, such as of a retired use case, keeps no other waiting
    return closed


def close_if_due(ballot: Ballot) -> Ballot:
    """Close a ballot whose deadline has passed, so that a page never shows one that is over as if it were open."""
    if ballot.closed_at is None and ballot.deadline is not None and ballot.deadline < timezone.now():
        with suppress(HakariError):  # what cannot be decided is shown as it stands
            return close_ballot(ballot, by=SYSTEM)
    return ballot


def _tally(ballot: Ballot, votes: dict[int, Cast], may: set[int]) -> Tally:
    choices = [row.choice for person, row in votes.items() if person in may]
    return count_votes(choices, eligible=len(may), on_stop=ballot.item_id is None)


def _seat(by: Any, matter: DocketItem | Stop) -> Seat:
    seat = standing_of(by if isinstance(by, Person) else None, matter)
    if seat is None:
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.vote")))
    return seat


def _locked_matter(ballot: Ballot) -> DocketItem | Stop:
    """Return what a ballot is about, locked after the ballot: a member who recuses themselves meanwhile waits."""
    matter = matter_of(ballot)
    return locked(matter) if isinstance(matter, DocketItem) else matter


def _require_leading(by: Any, form: str, matter: DocketItem | Stop) -> None:
    """Refuse who neither leads the committee nor, for a circulated resolution, works in the office.

    Who took part, or declared a conflict, does not open and close the vote on it either: the moment is a choice.
    """
    access = access_of(by if isinstance(by, Person) else None)
    _refuse_partial(access.person, matter)
    if access.may(Permission.CHAIR) or (form == Form.CIRCULATION and access.may(Permission.REVIEW)):
        return
    raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.chair")))


def _refuse_partial(person: Person | None, matter: DocketItem | Stop) -> None:
    if person is None:
        return
    seat = standing_of(person, matter)
    if seat is not None and seat.bar in ("own", "conflict"):
        raise NotAllowedError(say(f"office.committee.bar.{seat.bar}"))
    if isinstance(matter, DocketItem):
        refuse_own(person, matter.round.assessment)


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
