"""Comparing: the peers' values beside ours, metric by metric, and what is left to explain."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bench.peers.equality.asking import Answers, number
from bench.peers.equality.pairs import DIFFERENT, SAME, Different, Same

TOLERANCE = 1e-9

BySample = Mapping[str, Answers]


@dataclass(slots=True)
class Row:
    """One metric of one peer over all data sets."""

    peer: str
    theirs: str
    ours: str
    samples: set[str] = field(default_factory=set)
    values: int = 0
    """Values of theirs that were looked at."""
    equal: int = 0
    """Equal to ours."""
    largest: float = 0.0
    """Largest absolute difference among these."""
    restated: int = 0
    """Not equal to ours, but to ours under their definition."""
    largest_restated: float = 0.0
    apart: float = 0.0
    """Largest absolute difference from ours among the restated or otherwise defined values."""
    compared: int = 0
    """Values beside which ours has one of the same slot, where the definitions differ."""
    only_theirs: Counter[str] = field(default_factory=Counter)
    """What theirs says where ours says unmeasured: 0, another number, or any number with weights."""
    only_ours: Counter[str] = field(default_factory=Counter)
    """What theirs says where ours has a number."""
    neither: int = 0
    """Both say that there is no number."""
    unexplained: list[tuple[str, str, float | str, float, float]] = field(default_factory=list)
    """Data set, slot, theirs, ours, restated."""

    def record(self) -> dict[str, Any]:
        """The same for JSON."""
        return {
            "peer": self.peer,
            "theirs": self.theirs,
            "ours": self.ours,
            "data_sets": len(self.samples),
            "values": self.values,
            "equal": self.equal,
            "largest_difference": self.largest,
            "restated": self.restated,
            "largest_difference_restated": self.largest_restated,
            "largest_distance_from_ours": self.apart,
            "only_theirs": dict(self.only_theirs),
            "only_ours": dict(self.only_ours),
            "neither": self.neither,
            "unexplained": [[str(part) for part in each] for each in self.unexplained],
        }


def compare(answers: Mapping[str, BySample]) -> tuple[list[tuple[Same, Row]], list[tuple[Different, Row]]]:
    """Compare every pair over every data set; `answers` by library, then data set."""
    ours = answers["hakari"]
    same = [(pair, _same(pair, answers[pair.peer], ours)) for pair in SAME]
    return same, [(pair, _different(pair, answers[pair.peer], ours)) for pair in DIFFERENT]


WEIGHTED = "with weights"
"""Why ours says unmeasured: no interval is known there."""


def _slots(theirs: BySample, ours: BySample, pair: Same | Different) -> Iterator[tuple[str, str, Any, Any, Any]]:
    """Data set, slot, theirs, ours, restated; None for what is not there."""
    for sample, answers in theirs.items():
        mine = ours[sample]
        known, again = mine.get(pair.ours, {}), mine.get(f"{pair.peer}: {pair.theirs}", {})
        for slot, value in answers.get(pair.theirs, {}).items():
            yield sample, slot, value, known.get(slot), again.get(slot)


def _same(pair: Same, theirs: BySample, ours: BySample) -> Row:
    row = Row(pair.peer, pair.theirs, pair.ours)
    for sample, slot, value, known, again in _slots(theirs, ours, pair):
        weighted = known is None and pair.ours not in ours[sample]
        if known is None and (not weighted or again is None):
            continue  # ours has the number for each group and not for all rows, or the group is the reference itself
        row.samples.add(sample)
        row.values += 1
        a, b, e = (number(each) for each in (known, value, again))
        if weighted and (abs(b - e) <= TOLERANCE or not _finite(b, e)):
            row.only_theirs[WEIGHTED] += 1
            continue
        if _finite(a, b) and abs(a - b) <= TOLERANCE:
            row.equal += 1
            row.largest = max(row.largest, abs(a - b))
        elif _finite(b, e) and abs(b - e) <= TOLERANCE:
            if _finite(a):
                row.restated += 1
                row.apart = max(row.apart, abs(a - b))
                row.largest_restated = max(row.largest_restated, abs(b - e))
            else:
                row.only_theirs["0" if b == 0 else "a number"] += 1
        elif not _finite(a) and not _finite(b):
            row.neither += 1
        elif _finite(a) and not _finite(b):
            row.only_ours[_word(value)] += 1
        else:
            row.unexplained.append((sample, slot, value, a, e))
    return row


def _different(pair: Different, theirs: BySample, ours: BySample) -> Row:
    row = Row(pair.peer, pair.theirs, pair.ours)
    for sample, slot, value, known, again in _slots(theirs, ours, pair):
        row.samples.add(sample)
        row.values += 1
        a, b, e = (number(each) for each in (known, value, again))
        if _finite(a, b):
            row.compared += 1
            row.equal += abs(a - b) <= TOLERANCE
            row.apart = max(row.apart, abs(a - b))
        if not pair.restated:
            continue
        if _finite(b, e) and abs(b - e) <= TOLERANCE:
            row.restated += 1
            row.largest_restated = max(row.largest_restated, abs(b - e))
        elif (not _finite(b) and not _finite(e)) or b == e:
            row.neither += 1
        elif _finite(e) and not _finite(b):
            row.only_ours[_word(value)] += 1
        else:
            row.unexplained.append((sample, slot, value, a, e))
    return row


def _finite(*numbers: float) -> bool:
    return all(map(math.isfinite, numbers))


def _word(value: float | str) -> str:
    return value if isinstance(value, str) else "a number"
