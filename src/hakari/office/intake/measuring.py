"""How the office does: what came in, how long it waits, and how often the lanes below the office were wrong."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, F, Min, Q
from django.db.models.functions import TruncMonth

from hakari.messages import Message, say
from hakari.office.intake.lanes import LANES, Lane, working_days
from hakari.office.intake.models import Notification, Reading, Sample, Step

__all__ = ["LEVEL", "MisTriage", "ages", "by_month", "mis_triage", "rate_of"]

LEVEL: Final = 0.95
"""Two-sided level of the intervals."""
_MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class MisTriage:
    """How often one lane was wrong among what was read again."""

    lane: Lane
    kind: str
    """`wrong`, or apart: `under` (settled too low) and `over`."""
    wrong: int
    read: int
    low: float
    high: float
    """Clopper–Pearson limits of the share, at `LEVEL`."""

    @property
    def share(self) -> float | None:
        """The share itself; None if nothing was read."""
        return self.wrong / self.read if self.read else None

    @property
    def marks(self) -> dict[str, str]:
        """Where share and limits stand on a line from 0 to 100."""
        values = {"low": self.low, "high": self.high, "share": self.share or 0.0}
        return {name: f"{value * 100:.2f}" for name, value in values.items()}

    @property
    def sentence(self) -> Message:
        """What was found, in words."""
        lane = say(f"office.intake.lane.{self.lane}")
        if not self.read:
            return say("office.intake.rate.nothing", lane=lane)
        return say(
            f"office.intake.rate.{self.kind}",
            wrong=self.wrong, read=self.read, low=self.low, high=self.high, level=LEVEL,
        )  # fmt: skip


def rate_of(lane: Lane, kind: str, wrong: int, read: int) -> MisTriage:
    """Return a share with its exact interval.

    Clopper & Pearson 1934. A lane's sample is drawn without putting back, for which these limits are too wide rather
    than too narrow.
    """
    from hakari.statistics import clopper_pearson

    low, high = clopper_pearson(wrong, read, (1 - LEVEL) / 2) if read else (0.0, 1.0)
    return MisTriage(lane=lane, kind=kind, wrong=wrong, read=read, low=low, high=high)


def mis_triage() -> dict[str, Any]:
    """Return the rates of each sampled lane, and how many samples nobody has read yet."""
    found: Counter[tuple[str, str]] = Counter()
    for reading in Reading.objects.select_related("sample").only("level", "sample__level", "sample__lane"):
        found[reading.sample.lane, reading.verdict] += 1
    rates = []
    for lane, rule in LANES.items():
        if rule.share:
            read = sum(count for (where, _), count in found.items() if where == lane)
            under, over = found[lane, "under"], found[lane, "over"]
            rates.append(
                [rate_of(lane, *pair, read) for pair in (("wrong", under + over), ("under", under), ("over", over))]
            )
    return {"lanes": rates, "unread": Sample.objects.filter(reading=None).count()}


def by_month(today: datetime.date) -> list[dict[str, Any]]:
    """Return how many notifications came in each of the last twelve months, by the lane in which they are."""
    first = (today.replace(day=1) - datetime.timedelta(days=31 * (_MONTHS - 1))).replace(day=1)
    found = (
        Notification.objects.filter(submitted_at__date__gte=first)
        .annotate(month=TruncMonth("submitted_at"))
        .values("month", "lane")
        .annotate(count=Count("pk"))
    )
    counts: dict[datetime.date, dict[str, int]] = {}
    for item in found:
        counts.setdefault(item["month"].date(), {})[item["lane"]] = item["count"]
    most = max((sum(lanes.values()) for lanes in counts.values()), default=0)
    return [
        {"month": month, "lanes": [lanes.get(lane, 0) for lane in LANES], "all": sum(lanes.values()), "most": most}
        for month, lanes in sorted(counts.items(), reverse=True)
    ]


def ages(today: datetime.date) -> list[dict[str, Any]]:
    """Return for each lane what waits, how long the oldest has, how many are late, and how many have open tiers."""
    waiting = Notification.objects.filter(step__in=(Step.WAITING, Step.TAKEN, Step.ASKED_BACK))
    found = {
        item["lane"]: item
        for item in waiting.values("lane").annotate(
            waiting=Count("pk"),
            oldest=Min("submitted_at"),
            late=Count("pk", filter=Q(due__lt=today)),
            back=Count("pk", filter=Q(step=Step.ASKED_BACK)),
            unknown=Count("pk", filter=~Q(use_case__lowest=F("use_case__highest"))),
        )
    }
    return [_age(lane, found.get(lane), today) for lane in LANES if lane != Lane.AT_ONCE]


def _age(lane: Lane, item: Any, today: datetime.date) -> dict[str, Any]:
    if item is None:
        return {"lane": lane, "waiting": 0, "late": 0, "back": 0, "unknown": 0, "days": None}
    return {**item, "days": working_days(item["oldest"].date(), today)}
