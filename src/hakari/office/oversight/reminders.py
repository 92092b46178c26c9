"""Reminders: of what is due in a week, late, or to be voted on by tomorrow; in the digest, once a day at most.

Each occasion of each thing is told once: a week before, when it is late, and every fourth week after that. A missed
day loses nothing, for what was not told yet is told on the next.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from hakari.messages import Message, say
from hakari.office.committee.models import Ballot, Condition, Stop, Task
from hakari.office.core.mail import send
from hakari.office.lifecycle.models import Responsible
from hakari.office.oversight.figures.votes import of_ballots
from hakari.office.oversight.models import Reminder
from hakari.office.people.access import Access, access_of
from hakari.office.people.models import Person
from hakari.office.registry.models import UseCase
from hakari.office.registry.visibility import title_for, visible

__all__ = ["remind"]

SOON: Final = datetime.timedelta(days=7)
_MOST: Final = 20
"""Lines of one reminder."""
_AGAIN: Final = 28
"""Days after which what is late is told again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something that one person is to be reminded of."""

    person: Person
    case: UseCase
    about: str
    occasion: str
    kind: str
    words: dict[str, Any]


def remind(today: datetime.date | None = None) -> int:
    """Put one item into the digest of everybody who is to be reminded today, and return of how many people.

    Run it once a day or more often: whoever was reminded today already is not reminded again today.
    """
    day = today or timezone.localdate()
    waiting: dict[int, list[Due]] = defaultdict(list)
    for due in (*_conditions(day), *_tasks(day), *_votes(day)):
        waiting[due.person.pk].append(due)
    had = set(Reminder.objects.filter(person__in=waiting, day=day).values_list("person_id", flat=True))
    told = set(Reminder.objects.filter(person__in=waiting).values_list("person_id", "about", "occasion"))
    count = 0
    for person, dues in waiting.items():
        fresh = [due for due in dues if (person, due.about, due.occasion) not in told]
        count += bool(fresh and person not in had and _tell(fresh, day))
    return count


def _tell(dues: list[Due], day: datetime.date) -> bool:
    person = dues[0].person
    access = access_of(person, day)
    seen = set(visible(access).filter(pk__in=[due.case.pk for due in dues]).values_list("pk", flat=True))
    shown = [due for due in dues if due.case.pk in seen]
    if not shown:
        return False
    try:
        with transaction.atomic():
            for due in shown:
                Reminder.objects.create(person=person, about=due.about, occasion=due.occasion, day=day)
            subject = say("office.oversight.mail.reminder.subject", n=len(shown))
            lines = [_line(access, due) for due in shown[:_MOST]]
            if len(shown) > _MOST:
                lines.append(say("office.oversight.mail.reminder.more", n=len(shown) - _MOST))
            send(person, subject=subject, body=_body(lines), link="/", digest=True)
    except IntegrityError:
        # Another process told them at the same moment.
        return False
    return True


def _body(lines: list[Message]) -> Message:
    """Return the lines one below the other, as one message."""
    found = lines[0]
    for line in lines[1:]:
        found = say("office.oversight.mail.reminder.lines", first=found, then=line)
    return found


def _line(access: Access, due: Due) -> Message:
    words = {**due.words, "number": due.case.number, "title": title_for(access, due.case)}
    return say(f"office.oversight.mail.reminder.{due.kind}", **words)


def _occasion(due: datetime.date, day: datetime.date) -> str:
    if due >= day:
        return "soon"
    times = (day - due).days // _AGAIN
    return f"late+{times}" if times else "late"


def _conditions(day: datetime.date) -> Iterator[Due]:
    """Tell the owner and whoever holds a role in the case."""
    rows = list(
        Condition.objects.filter(closed_at=None, due__lte=day + SOON).select_related(
            "decision", "use_case__unit", "use_case__owner"
        )
    )
    holders: dict[int, dict[int, Person]] = defaultdict(dict)
    cases = {row.use_case_id for row in rows}
    for held in Responsible.objects.filter(use_case__in=cases).select_related("person"):
        holders[held.use_case_id][held.person_id] = held.person
    for row in rows:
        owner: Any = row.use_case.owner
        occasion = _occasion(row.due, day)
        kind = "condition_soon" if occasion == "soon" else "condition_late"
        words = {"decision": row.decision.number, "condition": row.number, "due": row.due.isoformat()}
        for person in {**holders[row.use_case_id], owner.pk: owner}.values():
            yield Due(
                person=person,
                case=row.use_case,
                about=f"condition:{row.key}",
                occasion=occasion,
                kind=kind,
                words=words,
            )


def _tasks(day: datetime.date) -> Iterator[Due]:
    rows = Task.objects.filter(done_at=None, due__lte=day + SOON)
    for row in rows.select_related("person", "stop__use_case__unit"):
        occasion = _occasion(row.due, day)
        yield Due(
            person=row.person,
            case=row.stop.use_case,
            about=f"task:{row.key}",
            occasion=occasion,
            kind="task_soon" if occasion == "soon" else "task_late",
            words={"stop": row.stop.number, "due": row.due.isoformat()},
        )


def _votes(day: datetime.date) -> Iterator[Due]:
    """Tell members who have not voted that the deadline is today or tomorrow."""
    zone = timezone.get_default_timezone()
    start = datetime.datetime.combine(day, datetime.time(), tzinfo=zone)
    which = Q(deadline__gte=start, deadline__lt=start + datetime.timedelta(days=2))
    for found in of_ballots(which):
        ballot: Ballot = found.ballot
        matter: Any = ballot.item if ballot.item is not None else ballot.stop
        deadline = timezone.localtime(ballot.deadline).strftime("%Y-%m-%d %H:%M") if ballot.deadline else ""
        kind = "vote_on_stop" if isinstance(matter, Stop) else "vote"
        words = {"item": matter.number, "deadline": deadline}
        for person in found.people:
            yield Due(
                person=person,
                case=matter.use_case,
                about=f"ballot:{ballot.key}",
                occasion="soon",
                kind=kind,
                words=words,
            )
