"""Votes as far as a reader may know them: who has voted while a ballot is open, and how once it has decided."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from hakari.errors import OfficeError
from hakari.messages import Message, say
from hakari.office.committee.actions.voting import ON_ITEM, ON_STOP
from hakari.office.committee.members import Seat, matter_of, seats
from hakari.office.committee.models import Ballot, Declaration, DocketItem, Pull, Ratification, Stop, Vote
from hakari.office.committee.tallying import quorum_of
from hakari.office.committee.votes.box import Cast, last_votes, own_vote, problem_of, votes_of
from hakari.office.lifecycle.showing.names import named
from hakari.office.people.models import Person

__all__ = ["BallotShown", "Bench", "ballots_of", "choices_of", "is_revealed", "remaining", "show_ballot"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """The committee as it stands to one matter, and the reader's own seat in it."""

    seats: tuple[Seat, ...]
    mine: Seat | None

    @classmethod
    def of(cls, matter: DocketItem | Stop, reader: Person | None) -> Bench:
        """Return the bench for a matter."""
        found = tuple(seats(matter))
        mine = next((seat for seat in found if reader is not None and seat.person.pk == reader.pk), None)
        return cls(seats=found, mine=mine)

    @property
    def eligible(self) -> list[Person]:
        """Who may vote."""
        return [seat.person for seat in self.seats if not seat.bar]

    @property
    def recused(self) -> list[Seat]:
        """Who may not, with the reason."""
        return [seat for seat in self.seats if seat.bar]

    @property
    def may_vote(self) -> bool:
        """Whether the reader is a member whom nothing keeps from voting."""
        return self.mine is not None and not self.mine.bar

    @property
    def barred(self) -> Message | None:
        """Why the reader, who is a member, does not vote."""
        return say(f"office.committee.bar.{self.mine.bar}") if self.mine is not None and self.mine.bar else None


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotShown:
    """One ballot as one reader sees it."""

    ballot: Ballot
    voted: tuple[Person, ...]
    """Whose vote is there, of those who may vote; never how they voted."""
    waiting: tuple[Person, ...]
    quorum: int
    late: bool
    """Whether the deadline has passed and nobody has closed it."""
    mine: Cast | None
    """The reader's own vote, while it can be changed."""
    votes: tuple[Cast, ...]
    """Everybody's last vote: nothing until the matter is decided."""
    problem: Message | None
    """Why votes that were cast cannot be opened."""
    recused: tuple[Person, ...]
    pull: Pull | None
    """By whom it was called to a meeting."""
    pulled_by: Message | str

    @property
    def open(self) -> bool:
        """Whether one can still vote."""
        return self.ballot.closed_at is None and not self.late and self.problem is None

    @property
    def names(self) -> dict[str, list[str]]:
        """Names of those who voted, who did not, and who are recused, for messages that list them."""
        of = {"voted": self.voted, "waiting": self.waiting, "recused": self.recused}
        return {name: [person.name for person in people] for name, people in of.items()}

    @property
    def enough(self) -> bool:
        """Whether there is a quorum so far."""
        return len(self.voted) >= self.quorum

    @property
    def counts(self) -> list[tuple[str, int]]:
        """Choices with the number of their votes, in the order of the form."""
        numbers = [
            (str(choice), sum(vote.choice == choice for vote in self.votes)) for choice in choices_of(self.ballot)
        ]
        return [(choice, number) for choice, number in numbers if number]

    @property
    def zone(self) -> str:
        """The time zone in which the deadline is said."""
        return f"{timezone.localtime():%Z}"

    @property
    def remaining(self) -> Message | None:
        """How long the vote is still open."""
        return remaining(self.ballot.deadline) if self.open and self.ballot.deadline else None


def choices_of(ballot: Ballot) -> Sequence[str]:
    """Return what can be voted on a ballot."""
    return ON_ITEM if ballot.item_id is not None else ON_STOP


def is_revealed(ballot: Ballot) -> bool:
    """Return whether votes may be read: a ballot that decided nothing stays secret until another one has decided.

    Otherwise those who vote next would know how the others think.
    """
    if ballot.closed_at is None:
        return False
    if ballot.ending == Ballot.Ending.DECIDED:
        return True
    if ballot.item is None:
        # The vote on a recall decides for the stop that became it.
        return Ratification.objects.filter(Q(stop=ballot.stop_id) | Q(stop__turned_from=ballot.stop_id)).exists()
    return bool(ballot.item.standing == DocketItem.Standing.DECIDED)


def ballots_of(item: DocketItem, bench: Bench, reader: Person | None) -> list[BallotShown]:
    """Return the ballots on an item, the last first."""
    rows = Ballot.objects.filter(item=item).select_related("meeting", "decision").order_by("-pk")
    found = []
    for ballot in rows:
        ballot.item = item
        found.append(show_ballot(ballot, bench, reader))
    return found


def show_ballot(ballot: Ballot, bench: Bench | None, reader: Person | None) -> BallotShown:
    """Return a ballot as one reader sees it; the bench is asked for if it is not at hand."""
    bench = bench or Bench.of(matter_of(ballot), reader)
    votes, closed = last_votes(ballot), ballot.closed_at is not None
    eligible = _people(votes.values()) if closed else bench.eligible
    mine, opened, problem = _opened(ballot, votes, reader)
    pull = Pull.objects.filter(ballot=ballot).select_related("reason").first() if closed else None
    return BallotShown(
        ballot=ballot,
        voted=tuple(person for person in eligible if person.pk in votes),
        waiting=tuple(person for person in eligible if person.pk not in votes),
        quorum=quorum_of(len(bench.eligible)),
        late=not closed and ballot.deadline is not None and timezone.now() > ballot.deadline,
        mine=mine,
        votes=opened,
        problem=problem,
        recused=_recused(ballot, bench),
        pull=pull,
        pulled_by=named([pull.by]).get(pull.by, "–") if pull else "",
    )


def remaining(deadline: datetime.datetime) -> Message:
    """Return how long it is until a deadline, in the largest unit that fits."""
    left = max(deadline - timezone.now(), datetime.timedelta())
    if left.days:
        return say("office.committee.docket.left.days", n=left.days)
    hours = left.seconds // 3600
    if hours:
        return say("office.committee.docket.left.hours", n=hours)
    return say("office.committee.docket.left.minutes", n=max(1, left.seconds // 60))


def _opened(
    ballot: Ballot, votes: Mapping[int, Vote], reader: Person | None
) -> tuple[Cast | None, tuple[Cast, ...], Message | None]:
    """Return the reader's own vote, everybody's as far as they may be known, and why votes cannot be opened."""
    if ballot.closed_at is None:
        problem = problem_of(ballot)
        return own_vote(votes, reader) if problem is None else None, (), problem
    try:
        casts = votes_of(votes).values() if is_revealed(ballot) else ()
    except OfficeError:
        return None, (), say("office.committee.docket.unopened")
    return None, tuple(sorted(casts, key=lambda vote: _order(vote.person))), None


def _people(votes: Iterable[Vote]) -> list[Person]:
    return sorted((vote.person for vote in votes), key=_order)


def _order(person: Person) -> tuple[str, str, int]:
    return person.reading, person.name, person.pk


def _recused(ballot: Ballot, bench: Bench) -> tuple[Person, ...]:
    """Who was recused: of a closed ballot also those who left the committee since."""
    found = {seat.person.pk: seat.person for seat in bench.recused}
    if ballot.closed_at is not None and ballot.item_id is not None:
        rows = Declaration.objects.filter(item=ballot.item_id, at__lte=ballot.closed_at).select_related("person")
        for row in rows.order_by("revision"):
            if row.conflict:
                found[row.person_id] = row.person
    return tuple(sorted(found.values(), key=_order))
