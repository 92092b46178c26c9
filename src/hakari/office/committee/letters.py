"""The mail of the committee: one message for each thing that happened, to everybody whom it concerns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone

from hakari.messages import say
from hakari.office.committee.models import Ballot, Condition, Decision, Meeting, Stop, Task, Vote
from hakari.office.committee.showing.figures import figure_words
from hakari.office.core.mail import send
from hakari.office.lifecycle.letters import concerned
from hakari.office.people.access import access_of
from hakari.office.people.models import Person
from hakari.office.registry.models import UseCase
from hakari.office.registry.visibility import guard_of, title_for, visible

__all__ = [
    "ballot_opened",
    "called",
    "condition_closed",
    "decided",
    "meeting_cancelled",
    "meeting_planned",
    "resumed",
    "stop_settled",
    "stopped",
    "task_given",
    "write_to",
]


def ballot_opened(ballot: Ballot, people: Iterable[Person]) -> None:
    """Ask those who may vote for their vote."""
    if ballot.item is None:
        return
    letter = "circulated" if ballot.form == "circulation" else "opened"
    deadline = ballot.deadline.strftime("%Y-%m-%d %H:%M UTC") if ballot.deadline else ""
    for person in people:
        link = reverse("committee:item", args=[ballot.item.key])
        write_to(person, letter, ballot.item.use_case, link, item=ballot.item.number, deadline=deadline)


def called(ballot: Ballot) -> None:
    """Tell those who voted that the matter goes to a meeting."""
    if ballot.item is None:
        return
    voted = Person.objects.filter(pk__in=Vote.objects.filter(ballot=ballot).values("person_id"))
    for person in {*voted, ballot.opened_by}:
        link = reverse("committee:item", args=[ballot.item.key])
        write_to(person, "called", ballot.item.use_case, link, item=ballot.item.number)


def decided(decision: Decision) -> None:
    """Tell everybody who worked on an assessment what was decided."""
    people = {person.pk: person for person in concerned(decision.assessment)}
    put_by = decision.ballot.item.put_by if decision.ballot.item else None
    if put_by is not None:
        people[put_by.pk] = put_by
    outcome = say(f"office.outcome.{decision.outcome}")
    for person in people.values():
        link = reverse("committee:decision", args=[decision.number])
        write_to(
            person, "decided", decision.use_case, link, decision=decision.number, outcome=outcome,
            until=decision.valid_until.isoformat(),
        )  # fmt: skip


def condition_closed(condition: Condition, figure: dict[str, Any]) -> None:
    """Tell everybody concerned, once, which figure met which limit; those who only voted, in their digest."""
    decision = condition.decision
    people = {person.pk: person for person in concerned(decision.assessment)}
    at_once = {*people, decision.ballot.item.put_by_id if decision.ballot.item else None}
    voted = Vote.objects.filter(ballot=decision.ballot).select_related("person")
    people.update({row.person_id: row.person for row in voted})
    if decision.ballot.item is not None:
        people[decision.ballot.item.put_by_id] = decision.ballot.item.put_by
    shown = figure_words(figure, condition.requirement)
    for person in people.values():
        link = reverse("committee:decision", args=[decision.number])
        write_to(
            person, "condition_closed", condition.use_case, link, decision=decision.number,
            condition=condition.number, shown=shown, digest=person.pk not in at_once,
        )  # fmt: skip


def meeting_planned(meeting: Meeting, people: Iterable[Person], *, moved: bool) -> None:
    """Tell members when a meeting is, in the digest of the day; at once where it was moved."""
    _about_meeting(meeting, people, "meeting_moved" if moved else "meeting_planned", digest=not moved)


def meeting_cancelled(meeting: Meeting, people: Iterable[Person]) -> None:
    """Tell members that a meeting does not take place."""
    _about_meeting(meeting, people, "meeting_cancelled", digest=False)


def stopped(stop: Stop, people: Iterable[Person]) -> None:
    """Tell everybody concerned, at once, that a use was stopped."""
    until = stop.ratify_by.isoformat()
    for person in people:
        link = reverse("committee:stop", args=[stop.key])
        write_to(person, f"stopped.{stop.kind}", stop.use_case, link, stop=stop.number, until=until)


def stop_settled(stop: Stop, people: Iterable[Person], *, upheld: bool) -> None:
    """Tell everybody concerned whether a stop stands."""
    letter = "upheld" if upheld else "lifted"
    for person in people:
        write_to(person, letter, stop.use_case, reverse("committee:stop", args=[stop.key]), stop=stop.number)


def resumed(stop: Stop, people: Iterable[Person]) -> None:
    """Tell everybody concerned that a stopped use may go on."""
    for person in people:
        write_to(person, "resumed", stop.use_case, reverse("committee:stop", args=[stop.key]), stop=stop.number)


def task_given(task: Task) -> None:
    """Tell somebody at once what they have to do after a stop."""
    stop = task.stop
    link = reverse("committee:task", args=[task.key])
    write_to(task.person, "task", stop.use_case, link, stop=stop.number, due=task.due.isoformat())


def _about_meeting(meeting: Meeting, people: Iterable[Person], letter: str, *, digest: bool) -> None:
    at = timezone.localtime(meeting.starts_at).strftime("%Y-%m-%d %H:%M %Z")
    for person in people:
        send(
            person,
            subject=say(f"office.committee.mail.{letter}.subject", meeting=meeting.number, at=at),
            body=say(f"office.committee.mail.{letter}.body", meeting=meeting.number, at=at),
            link=reverse("committee:meeting", args=[meeting.key]),
            digest=digest,
        )


def write_to(person: Person, letter: str, case: UseCase, link: str, *, digest: bool = False, **words: Any) -> None:
    """Write one letter of this room to a person who sees the case, under the title that they may know."""
    access = access_of(person)
    if not visible(access).filter(pk=case.pk).exists():
        return
    told = {**words, "number": case.number, "title": title_for(access, case)}
    send(
        person,
        subject=say(f"office.committee.mail.{letter}.subject", **told),
        body=say(f"office.committee.mail.{letter}.body", **told),
        link=link,
        digest=digest,
        guard=guard_of(access, case),
    )
