"""The figures of a period, as plain JSON: sums over rows by date; nothing in it is typed, no case is named."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

from django.db.models import Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from hakari.office.committee.models import Condition, Decision, Ratification, Stop, Vote
from hakari.office.intake.lanes import LANES
from hakari.office.intake.measuring import rate_of
from hakari.office.intake.models import LaneStep, Notification, Reading
from hakari.office.intake.models import Outcome as LaneOutcome
from hakari.office.lifecycle.models import Acceptance, Outcome, Review, Round, StageAssessment
from hakari.office.oversight.figures.deciding import all_of, courses
from hakari.office.oversight.figures.scope import TIERS
from hakari.office.oversight.figures.survival import Course, kaplan_meier
from hakari.office.oversight.programme.ledger import ledger_state
from hakari.office.oversight.programme.period import Period
from hakari.office.oversight.programme.units import by_unit, company_names
from hakari.office.registry.models import Level, Visibility

__all__ = ["SCHEMA", "Span", "figures"]

SCHEMA: Final = 1
_SETTLED: Final = (LaneOutcome.ACKNOWLEDGED, LaneOutcome.ACCEPTED, LaneOutcome.RAISED, LaneOutcome.CONFIRMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The period as moments."""

    period: Period
    start: datetime.datetime
    end: datetime.datetime
    """The first moment after it, or now if that is earlier."""
    now: datetime.datetime

    @classmethod
    def of(cls, period: Period, now: datetime.datetime) -> Span:
        """Return the moments of a period in the site's time zone."""
        zone = timezone.get_default_timezone()
        start, after = (
            datetime.datetime.combine(day, datetime.time(), tzinfo=zone)
            for day in (period.first, period.last + datetime.timedelta(days=1))
        )
        return cls(period=period, start=start, end=min(after, now), now=now)

    @property
    def day(self) -> datetime.date:
        """The last day that counts."""
        return min(self.period.last, timezone.localdate(self.now))

    def during(self, name: str) -> Q:
        """Return the condition that a time lies in the period."""
        return Q(**{f"{name}__gte": self.start, f"{name}__lt": self.end})

    def before_end(self, name: str) -> Q:
        """Return the condition that a time lies before the end of the period."""
        return Q(**{f"{name}__lt": self.end})


def figures(period: Period, now: datetime.datetime | None = None) -> dict[str, Any]:
    """Return everything that the report says of a period."""
    span = Span.of(period, now or timezone.now())
    return {
        "assessed": _assessed(span),
        "changed": _changed(span),
        "company": company_names(),
        "conditions": _conditions(span),
        "decisions": _decisions(span),
        "excepted": _excepted(span),
        "hakari": version("hakari"),
        "ledger": ledger_state(span.start, span.end),
        "made_at": span.now.astimezone(datetime.UTC).isoformat(timespec="seconds"),
        "mis_triage": _mis_triage(span),
        "notified": _notified(span),
        "period": {
            "complete": timezone.localdate(span.now) > period.last,
            "first": period.first.isoformat(),
            "last": period.last.isoformat(),
            "name": period.name,
        },
        "schema": SCHEMA,
        "stopped": _stopped(span),
        "time_to_decision": _time(span),
        "triaged": _triaged(span),
        "units": by_unit(span.during("submitted_at"), span.before_end("submitted_at"), span.during("at")),
    }


def _notified(span: Span) -> dict[str, int]:
    rows = Notification.objects.filter(span.during("submitted_at"))
    restricted = Count("pk", filter=Q(use_case__visibility=Visibility.RESTRICTED))
    return rows.aggregate(cases=Count("pk"), restricted=restricted)


def _triaged(span: Span) -> dict[str, int]:
    """Cases whose tier was settled in the period, by the last tier that a lane gave them in it."""
    steps = LaneStep.objects.filter(span.during("at"), outcome__in=_SETTLED)
    last = steps.filter(notification=OuterRef("notification")).order_by("-pk").values("pk")[:1]
    rows = steps.order_by().filter(pk=Subquery(last)).values("level").annotate(n=Count("pk"))
    counts = {row["level"]: row["n"] for row in rows}
    return {level: counts.get(level, 0) for level in Level.values}


def _assessed(span: Span) -> dict[str, int]:
    rounds = Round.objects.filter(span.during("at"))
    return {
        "cases": rounds.values("assessment__use_case").distinct().count(),
        "opened": StageAssessment.objects.filter(span.during("opened_at")).count(),
        "rounds": rounds.count(),
    }


def _changed(span: Span) -> dict[str, Any]:
    """What the office and the committee had changed; of what was decided after several rounds, both ends."""
    asked = Review.objects.filter(span.during("at"), kind=Review.Kind.CHANGES)
    decided = Decision.objects.filter(span.during("at"), round__number__gt=1).exclude(outcome=Outcome.DEFER)
    first = Round.objects.filter(assessment=OuterRef("assessment"), number=1).values("counts")[:1]
    before, after, compared = Counter[str](), Counter[str](), 0
    for start, end in decided.annotate(first=Subquery(first)).values_list("first", "round__counts"):
        compared += 1
        before.update(start)
        after.update(end)
    return {
        "asked": asked.values("round").distinct().count(),
        "compared": compared,
        "decided_round": dict(sorted(after.items())),
        "deferred": Decision.objects.filter(span.during("at"), outcome=Outcome.DEFER).count(),
        "first_round": dict(sorted(before.items())),
        "rounds_again": Round.objects.filter(span.during("at"), number__gt=1).count(),
    }


def _decisions(span: Span) -> dict[str, Any]:
    rows = Decision.objects.filter(span.during("at"))
    return {
        "by_form": _by(rows, "form"),
        "by_outcome": {**dict.fromkeys(Outcome.values, 0), **_by(rows, "outcome")},
        "cases": rows.values("use_case").distinct().count(),
        "dissents": _dissents(span),
        "number": rows.count(),
        "recused": sum(rows.values_list("recused", flat=True)),
    }


def _dissents(span: Span) -> int:
    """Members who asked, with their last vote, that their differing view be recorded."""
    later = Vote.objects.filter(ballot=OuterRef("ballot"), person=OuterRef("person")).order_by("-revision")
    rows = Vote.objects.filter(span.during("ballot__decision__at"), pk=Subquery(later.values("pk")[:1]))
    return rows.filter(Q(dissent=True) | Q(opened__dissent=True)).count()


def _stopped(span: Span) -> dict[str, int]:
    kinds = _by(Stop.objects.filter(span.during("at")), "kind")
    lifted = Ratification.objects.filter(span.during("at"))
    waiting = Stop.objects.filter(span.before_end("at")).exclude(span.before_end("ratification__at"))
    waiting = waiting.exclude(span.before_end("turned_into__at"))
    return {
        "lifted": lifted.filter(upheld=False).count(),
        "not_ratified_at_end": waiting.count(),
        "recalled": kinds.get("recall", 0),
        "stopped": kinds.get("stop", 0),
        "upheld": lifted.filter(upheld=True).count(),
    }


def _excepted(span: Span) -> dict[str, Any]:
    """Requirements that the office accepted as they are until a day; which case, the report does not say."""
    in_force = Acceptance.objects.filter(span.before_end("at"), until__gte=span.day).order_by()
    rows = in_force.values("requirement").annotate(n=Count("pk"), first=Min("until"), last=Max("until"))
    return {
        "accepted": Acceptance.objects.filter(span.during("at")).count(),
        "ended": Acceptance.objects.filter(until__gte=span.period.first, until__lt=span.day).count(),
        "in_force": [
            {
                "first_until": row["first"].isoformat(),
                "last_until": row["last"].isoformat(),
                "number": row["n"],
                "requirement": row["requirement"],
            }
            for row in sorted(rows, key=lambda row: row["requirement"])
        ],
    }


def _conditions(span: Span) -> dict[str, int]:
    at_end = Condition.objects.filter(span.before_end("decision__at")).exclude(span.before_end("closed_at"))
    return {
        "closed": Condition.objects.filter(span.during("closed_at")).count(),
        "closed_late": Condition.objects.filter(span.during("closed_at"), closed_at__date__gt=F("due")).count(),
        "open_at_end": at_end.count(),
        "overdue_at_end": at_end.filter(due__lt=span.day).count(),
        "set": Condition.objects.filter(span.during("decision__at")).count(),
    }


def _mis_triage(span: Span) -> list[dict[str, Any]]:
    """How often what was read again in the period had the wrong tier, by lane, with exact limits."""
    order = Level.values
    found: Counter[tuple[str, str]] = Counter()
    rows = Reading.objects.filter(span.during("at")).order_by()
    for row in rows.values("sample__lane", "sample__level", "level").annotate(n=Count("pk")):
        step = order.index(row["level"]) - order.index(row["sample__level"])
        found[row["sample__lane"], "right" if not step else "under" if step > 0 else "over"] += row["n"]
    rates = []
    for lane, rule in LANES.items():
        read = sum(n for (where, _), n in found.items() if where == lane)
        under, over = found[lane, "under"], found[lane, "over"]
        for kind, wrong in (("wrong", under + over), ("under", under), ("over", over)) if rule.share else ():
            rate = rate_of(lane, kind, wrong, read)
            rates.append(
                {"high": rate.high, "kind": kind, "lane": str(lane), "low": rate.low, "read": read, "wrong": wrong}
            )
    return rates


def _time(span: Span) -> dict[str, Any]:
    """From notification to the first decision: what was under way in the period, with late entry."""
    found = courses(Q(), span.day, span.period.first)
    return {
        "all": _spread(list(all_of(found))),
        "by_tier": {level: _spread(found[level]) for level in TIERS if level in found},
    }


def _spread(found: list[Course]) -> dict[str, Any]:
    curve = kaplan_meier(found)
    half = curve.quantile(0.5)
    done: Counter[int] = Counter()
    for course in found:
        done[course.days] += course.count if course.ended else 0
    return {
        "cases": curve.cases,
        "decided": curve.ended,
        "half": half.days,
        "half_high": half.high,
        "half_low": half.low,
        "longest_decided": max((days for days, n in done.items() if n), default=None),
        "longest_open": max((course.days for course in found if not course.ended), default=None),
        "open": curve.open,
        "quarter": curve.quantile(0.25).days,
        "three_quarters": curve.quantile(0.75).days,
    }


def _by(rows: QuerySet[Any], name: str) -> dict[str, int]:
    return {row[name]: row["n"] for row in rows.order_by().values(name).annotate(n=Count("pk"))}
