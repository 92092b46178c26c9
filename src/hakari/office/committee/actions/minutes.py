"""Minutes: made from what happened when a meeting closes, completed in words by the office, approved by the chair.

The document names people by their opaque keys and texts by their digests, so that it outlives an erasure; what it says
is told by message keys in the language of whoever reads it.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from hakari.errors import ConflictError, NotAllowedError, OfficeError
from hakari.evidence import canonical_bytes
from hakari.messages import say
from hakari.office.committee.actions.agenda import consent_bar
from hakari.office.committee.actions.rules import locked_meeting
from hakari.office.committee.members import members, seats
from hakari.office.committee.models import (
    Agenda,
    Attendance,
    Ballot,
    Condition,
    Decision,
    Declaration,
    Meeting,
    Minutes,
    MinutesApproval,
    Pull,
)
from hakari.office.committee.tallying import quorum_of
from hakari.office.committee.votes.box import last_votes, votes_of
from hakari.office.core.actions import Done, action
from hakari.office.core.models import FreeText
from hakari.office.lifecycle.actions.rules import plain_text
from hakari.office.lifecycle.models import File
from hakari.office.people.access import access_of
from hakari.office.people.models import Person
from hakari.office.people.permissions import Permission

__all__ = ["approve_minutes", "document_of", "last_minutes", "record", "write_words"]

SCHEMA = 1


def record(meeting: Meeting, *, by: Any) -> Minutes:
    """Make the minutes of a meeting that closes; inside the action that closes it."""
    document = File.keep(canonical_bytes(document_of(meeting)))
    return Minutes.objects.create(meeting=meeting, revision=1, document=document, by=by.key)


def document_of(meeting: Meeting) -> dict[str, Any]:
    """Return what happened in a meeting as plain JSON."""
    entries = Agenda.objects.filter(meeting=meeting).order_by("consent", "place", "pk")
    related = ("item__use_case__unit", "item__round__assessment__use_case__unit", "item__put_by", "meeting")
    there = dict(Attendance.objects.filter(meeting=meeting).values_list("person_id", "present"))
    return {
        "attendance": [{"person": person.key, "present": bool(there.get(person.pk, False))} for person in members()],
        "called_by": meeting.called_by.key,
        "closed_at": _moment(meeting.closed_at or timezone.now()),
        "items": [_item(entry, there) for entry in entries.select_related(*related)],
        "number": meeting.number,
        "opened_at": _moment(meeting.opened_at),
        "schema": SCHEMA,
        "starts_at": _moment(meeting.starts_at),
    }


@action("minutes.written")
def write_words(meeting: Meeting, words: str, *, seen: int, by: Person) -> Done[Minutes]:
    """Add the secretary's words to the minutes: a new revision, which must be approved anew.

    Args:
        seen: The revision that the writer saw.

    Raises:
        NotAllowedError, OfficeError, ConflictError: not the office; the meeting goes on; somebody wrote meanwhile.
    """
    if not access_of(by).may(Permission.REVIEW):
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.review")))
    now = locked_meeting(meeting)
    last = last_minutes(now)
    if last is None:
        raise OfficeError(say("office.committee.meeting_not_now", standing=say(f"office.meeting.{now.standing}")))
    if last.revision != seen:
        raise ConflictError(say("office.core.conflict"))
    kept = FreeText.keep(plain_text(words, field="minutes", most=20_000)) if words.strip() else None
    made = Minutes.objects.create(
        meeting=now, revision=last.revision + 1, document=last.document, words=kept, by=by.key
    )
    data = {"document": made.document, "revision": made.revision, "text": kept.digest if kept else ""}
    return Done(made, about=("meeting", now.key), data=data)


def approve_minutes(minutes: Minutes, *, by: Person) -> MinutesApproval:
    """Approve the last revision of the minutes; approved already they stay so.

    Raises:
        NotAllowedError, ConflictError: not the chair; another revision was written meanwhile.
    """
    found = MinutesApproval.objects.filter(minutes=minutes).first()
    if found is not None and access_of(by).may(Permission.CHAIR):
        return found  # type: ignore[no-any-return]  # untyped manager
    try:
        return _approve(minutes, by=by)
    except ConflictError:
        again = MinutesApproval.objects.filter(minutes=minutes).first()
        if again is None:
            raise
        return again  # type: ignore[no-any-return]  # untyped manager


@action("minutes.approved")
def _approve(minutes: Minutes, *, by: Person) -> Done[MinutesApproval]:
    if not access_of(by).may(Permission.CHAIR):
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.chair")))
    meeting = locked_meeting(minutes.meeting)
    last = last_minutes(meeting)
    if last is None or last.pk != minutes.pk or MinutesApproval.objects.filter(minutes=minutes).exists():
        raise ConflictError(say("office.core.conflict"))
    made = MinutesApproval.objects.create(minutes=minutes, by=by.key)
    data = {"document": minutes.document, "revision": minutes.revision}
    return Done(made, about=("meeting", meeting.key), data=data)


def last_minutes(meeting: Meeting) -> Minutes | None:
    """Return the last revision of the minutes; None before the meeting is closed."""
    found: Minutes | None = Minutes.objects.filter(meeting=meeting).select_related("words").order_by("revision").last()
    return found


def _item(entry: Agenda, there: dict[int, bool]) -> dict[str, Any]:
    item, meeting = entry.item, entry.meeting
    places = seats(item)
    may = [seat.person for seat in places if not seat.bar]
    ballots = list(Ballot.objects.filter(item=item, meeting=meeting).order_by("number"))
    decision = Decision.objects.filter(ballot__in=ballots).first()
    pulls = Pull.objects.filter(item=item, meeting=meeting).order_by("pk")
    here, quorum = sum(bool(there.get(person.pk)) for person in may), quorum_of(len(may))
    return {
        "ballots": [_ballot(ballot, _before(ballot)) for ballot in ballots],
        "decision": _decision(decision) if decision else None,
        "declared": _declared(entry),
        "item": item.key,
        "number": item.number,
        "part": "consent" if entry.consent else "discussed",
        "present": here,
        "proposal": item.proposal,
        "pulled": [{"by": row.by, "reason": row.reason_id or ""} for row in pulls],
        "quorum": quorum,
        "recused": [
            {"person": seat.person.key, "told": f"office.minutes.recused.{seat.bar}"} for seat in places if seat.bar
        ],
        "told": _told(entry, ballots, decision, here=here, quorum=quorum),
        "use_case": item.use_case.key,
    }


def _told(entry: Agenda, ballots: list[Ballot], decision: Decision | None, *, here: int, quorum: int) -> str:
    """Return the key of the sentence that says what became of an item."""
    if decision is not None:
        return "office.minutes.told.decided"
    if any(ballot.ending == Ballot.Ending.NO_QUORUM for ballot in ballots):
        return "office.minutes.told.no_quorum"
    if any(ballot.ending == Ballot.Ending.VOID for ballot in ballots):
        return "office.minutes.told.void"
    if entry.item.standing in ("decided", "withdrawn"):
        return f"office.minutes.told.{entry.item.standing}_elsewhere"
    if entry.consent:
        if consent_bar(entry):
            return "office.minutes.told.changed"
        return "office.minutes.told.left" if here >= quorum else "office.minutes.told.no_quorum"
    return "office.minutes.told.left"


def _declared(entry: Agenda) -> list[dict[str, Any]]:
    said: dict[str, Declaration] = {}
    for row in Declaration.objects.filter(item=entry.item).select_related("person").order_by("revision"):
        said[row.person.key] = row
    return [
        {"conflict": row.conflict, "person": person, "reason": row.reason_id or ""}
        for person, row in sorted(said.items())
    ]


def _before(ballot: Ballot) -> Ballot | None:
    earlier: Ballot | None = (
        Ballot.objects.filter(item=ballot.item_id, number__lt=ballot.number).order_by("-number").first()
    )
    return earlier


def _ballot(ballot: Ballot, before: Ballot | None) -> dict[str, Any]:
    cast = last_votes(ballot)
    # A vote that decided nothing stays secret: who votes next must not know how the others think.
    votes = votes_of(cast).values() if ballot.ending == Ballot.Ending.DECIDED else ()
    choices = [row.choice for row in votes]
    return {
        # Why there is another vote: how the one before it ended.
        "after": before.ending if before is not None else "",
        "cast": len(cast),
        "closed_at": _moment(ballot.closed_at),
        "dissent": [
            {"choice": row.choice, "person": row.person.key, "reason": row.words}
            for row in sorted(votes, key=lambda row: row.person.key)
            if row.dissent
        ],
        "ending": ballot.ending,
        "form": ballot.form,
        "number": ballot.number,
        "outcome": ballot.outcome,
        "votes": {choice: choices.count(choice) for choice in sorted(set(choices))},
    }


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "conditions": [
            {"due": row.due.isoformat(), "number": row.number, "text": row.text_id}
            for row in Condition.objects.filter(decision=decision).order_by("number")
        ],
        "number": decision.number,
        "outcome": decision.outcome,
        "statement": decision.statement,
        "valid_until": decision.valid_until.isoformat(),
    }


def _moment(value: Any) -> str:
    return "" if value is None else value.isoformat(timespec="seconds")
