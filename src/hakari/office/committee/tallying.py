"""Counting votes: quorum and outcome as arithmetic, with nothing of the database in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

__all__ = ["LEAST", "Tally", "count_votes", "quorum_of"]

LEAST: Final = 2
"""Nobody decides alone, however few may vote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What a ballot came to."""

    votes: Mapping[str, int]
    """Choice → number; abstentions among them."""
    quorum: int
    outcome: str
    """A decision (`approve`, …; for a stop `uphold` or `lift`), or nothing without a quorum."""


def quorum_of(eligible: int) -> int:
    """Return how many of those who may vote must: more than half, and at least two."""
    return max(LEAST, eligible // 2 + 1)


def count_votes(choices: Iterable[str], *, eligible: int, on_stop: bool = False) -> Tally:
    """Return what votes come to.

    Of those who do not abstain more than half decide. Votes to approve with and without conditions are counted
    together, and the conditions stand unless more than half want none. Without a majority the matter is deferred; a
    stop without a majority to lift it stands.

    Args:
        choices: One choice of each member who voted.
        eligible: Members who may vote: all without those who are recused or took part.
    """
    votes = Counter(choices)
    quorum = quorum_of(eligible)
    if sum(votes.values()) < quorum:
        return Tally(votes=dict(votes), quorum=quorum, outcome="")
    counted = sum(votes.values()) - votes["abstain"]

    def most(*names: str) -> bool:
        return 2 * sum(votes[name] for name in names) > counted

    if on_stop:
        outcome = "lift" if most("lift") else "uphold"
    elif most("approve"):
        outcome = "approve"
    elif most("approve", "approve_with_conditions"):
        outcome = "approve_with_conditions"
    else:
        outcome = "reject" if most("reject") else "defer"
    return Tally(votes=dict(votes), quorum=quorum, outcome=outcome)
