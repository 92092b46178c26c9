"""Where the cases are: by state and tier, and by stage and tier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.db.models import Count

from hakari.messages import Message, say
from hakari.office.lifecycle.models import LIVE, Stage, StageAssessment
from hakari.office.oversight.figures.scope import TIERS, counted, counted_keys, tier, tier_word
from hakari.office.oversight.picture import Cell, Picture, Table, matrix_rows
from hakari.office.people.access import Access
from hakari.office.registry.states import State

__all__ = ["by_stage", "by_state"]

_STATES: Final = tuple(state.value for state in State if state != State.DRAFT)
_UNDER_WAY: Final = {State.NOTIFIED, State.ASSESSING, State.IN_REVIEW, State.STALE, State.SUSPENDED}

Counts = Mapping[tuple[str, str], int]


def by_state(access: Access) -> Picture:
    """Return how many cases are in each state, by tier."""
    rows = counted(access).order_by().annotate(tier=tier()).values("state", "tier").annotate(n=Count("pk"))
    counts = {(row["state"], row["tier"]): row["n"] for row in rows}
    all_ = sum(counts.values())
    moving = sum(n for (state, _), n in counts.items() if state in _UNDER_WAY)
    high = sum(n for (_, level), n in counts.items() if level in ("high", "stop"))
    return _crossed(
        "state",
        [(say(f"office.state.{state}"), state) for state in _STATES],
        counts,
        say("office.oversight.pipeline.state.says", all=all_, moving=moving, high=high),
    )


def by_stage(access: Access) -> Picture:
    """Return how many assessments are under way at each stage, by tier."""
    live = StageAssessment.objects.filter(standing__in=LIVE, use_case__in=counted_keys(access)).order_by()
    rows = live.annotate(tier=tier("use_case__")).values("stage", "tier").annotate(n=Count("pk"))
    counts = {(row["stage"], row["tier"]): row["n"] for row in rows}
    return _crossed(
        "stage",
        [(say(f"reasons.stage.{stage}"), stage) for stage in Stage.values],
        counts,
        say("office.oversight.pipeline.stage.says", all=sum(counts.values())),
    )


def _crossed(name: str, lines: Sequence[tuple[Message, str]], counts: Counts, sentence: Message) -> Picture:
    numbers = [(label, [counts.get((key, level), 0) for level in TIERS]) for label, key in lines]
    tiers = tuple(tier_word(level) for level in TIERS)
    head = (say(f"office.oversight.pipeline.{name}"), *tiers, say("office.oversight.all"))
    rows = [(Cell(text=label), *(Cell(text=n) for n in row), Cell(text=sum(row))) for label, row in numbers]
    sums = [sum(row[place] for _, row in numbers) for place in range(len(TIERS))]
    rows.append((Cell(text=say("office.oversight.all")), *(Cell(text=n) for n in sums), Cell(text=sum(sums))))
    return Picture(
        id=f"pipeline-{name}",
        title=say(f"office.oversight.pipeline.{name}.title"),
        sentence=sentence,
        columns=tiers,
        matrix=matrix_rows(numbers),
        table=Table(caption=say(f"office.oversight.pipeline.{name}.caption"), headers=head, rows=tuple(rows)),
    )
