"""How long cases have been where they are: working days in the present state, and the oldest of each."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber, TruncDate
from django.urls import reverse

from hakari.messages import say
from hakari.office.intake.lanes import working_days
from hakari.office.oversight.figures.scope import counted
from hakari.office.oversight.picture import Cell, Picture, Table, matrix_rows
from hakari.office.people.access import Access
from hakari.office.registry.models import Level, UseCase
from hakari.office.registry.states import State
from hakari.office.registry.visibility import title_for

__all__ = ["ages", "share_below"]

WAITING: Final = (
    State.NOTIFIED, State.TRIAGED, State.ASSESSING, State.IN_REVIEW, State.DECIDED, State.STALE, State.SUSPENDED,
)  # fmt: skip
"""States in which somebody has something to do."""
_EDGES: Final = (5, 10, 20, 60)
"""Working days up to which the columns reach; the last one is open."""


def ages(access: Access) -> Picture:
    """Return how long cases have been in their present state."""
    # A low tier that is triaged is done: nothing waits.
    waiting = counted(access).filter(state__in=WAITING).exclude(state=State.TRIAGED, highest=Level.LOW).order_by()
    rows = waiting.annotate(day=TruncDate("state_since")).values("state", "day").annotate(n=Count("pk"))
    found: dict[str, Counter[int]] = {state: Counter() for state in WAITING}
    for row in rows:
        found[row["state"]][working_days(row["day"], access.day)] += row["n"]
    oldest = _oldest(waiting)
    lines, table = [], []
    for state in WAITING:
        ages_ = found[state]
        label = say(f"office.state.{state}")
        lines.append((label, _columns(ages_)))
        table.append(
            (
                Cell(text=label),
                Cell(text=ages_.total()),
                _days(share_below(ages_, 0.5)),
                _days(share_below(ages_, 0.9)),
                _days(max(ages_, default=None)),
                _case(access, oldest.get(state)),
            )
        )
    return Picture(
        id="ages",
        title=say("office.oversight.ages.title"),
        sentence=_sentence(found),
        notes=(say("office.oversight.ages.how"),),
        columns=(
            *(say("office.oversight.ages.to", n=edge) for edge in _EDGES),
            say("office.oversight.ages.beyond", n=60),
        ),
        matrix=matrix_rows(lines),
        table=Table(caption=say("office.oversight.ages.caption"), headers=_head(), rows=tuple(table)),
    )


def share_below(ages: Counter[int], share: float) -> int | None:
    """Return the smallest number of days that at least `share` of them do not exceed; None of nothing."""
    reached, needed = 0, share * ages.total()
    for days in sorted(ages):
        reached += ages[days]
        if reached >= needed:
            return days
    return None


def _head() -> tuple[Any, ...]:
    names = ("state", "cases", "half", "most", "longest", "oldest")
    return tuple(say(f"office.oversight.ages.head.{name}") for name in names)


def _columns(ages: Counter[int]) -> list[int]:
    counts = [0] * (len(_EDGES) + 1)
    for days, n in ages.items():
        counts[next((place for place, edge in enumerate(_EDGES) if days <= edge), len(_EDGES))] += n
    return counts


def _days(days: int | None) -> Cell:
    return Cell(text="–" if days is None else say("office.oversight.working_days", n=days))


def _case(access: Access, case: UseCase | None) -> Cell:
    if case is None:
        return Cell(text="–")
    text = say("office.oversight.case", number=case.number, title=title_for(access, case))
    return Cell(text=text, url=reverse("registry:detail", args=[case.number]))


def _oldest(waiting: Any) -> dict[str, UseCase]:
    """Return the case that has been longest in each state, with one query."""
    place = Window(RowNumber(), partition_by=F("state"), order_by=(F("state_since").asc(), F("pk").asc()))
    rows = waiting.annotate(place=place).filter(place=1).select_related("unit")
    return {case.state: case for case in rows}


def _sentence(found: dict[str, Counter[int]]) -> Any:
    all_: Counter[int] = sum(found.values(), Counter())
    if not all_:
        return say("office.oversight.ages.none")
    longest = max(((max(ages), state) for state, ages in found.items() if ages), default=(0, ""))
    return say(
        "office.oversight.ages.says",
        n=all_.total(),
        half=share_below(all_, 0.5) or 0,
        late=sum(n for days, n in all_.items() if days > _EDGES[2]),
        edge=_EDGES[2],
        longest=longest[0],
        state=say(f"office.state.{longest[1]}"),
    )
