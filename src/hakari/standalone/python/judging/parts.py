"""Parts: the answers and checks of a requirement, and of those in other packs whose answers count for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hakari.standalone.python.judging.answers import answer_results, applies
from hakari.standalone.python.judging.choice import Given, choose_measurement, last_day, reference_of

__all__ = ["ANSWERING", "Parts", "combined", "in_force", "mapped_parts", "parts_of"]

ANSWERING = ("equal", "subset", "superset")
"""Relations by which the parts of the other requirement count."""

Record = Mapping[str, Any]
Result = dict[str, Any]


@dataclass(frozen=True)
class Parts:
    """What one requirement has to show."""

    requirement: str
    rule: str
    checks: list[Result]
    answers: list[Result]
    stale_from: str | None

    @property
    def statuses(self) -> list[str]:
        """Statuses of the parts that count."""
        said = [answer["status"] for answer in self.answers]
        return [check["status"] for check in self.checks] + [
            status for status in said if status not in ("neutral", "not_asked")
        ]

    @property
    def neutral(self) -> bool:
        """True if there are answers and none of them meets or fails."""
        return not self.statuses and any(answer["status"] == "neutral" for answer in self.answers)

    @property
    def status(self) -> str:
        """All parts in one status."""
        if not self.statuses:
            return "met" if self.neutral else "missing"
        return combined(self.rule, self.statuses)


def combined(rule: str, statuses: Sequence[str]) -> str:
    """Return one status for several: all must hold, or any one is enough."""
    if rule == "any":
        order = ("met", "inconclusive", "stale", "missing", "not_met")
    else:
        order = ("not_met", "missing", "stale", "inconclusive", "met")
    return next(status for status in order if status in statuses)


def in_force(requirement: Record, day: str) -> bool:
    """Return whether a day lies in the effective period."""
    period = requirement["effective"]
    return bool(period.get("from", day) <= day <= period.get("until", day))


def parts_of(given: Given, pack: Record, requirement: Record, results: Mapping[str, Result], rule: Record) -> Parts:
    """Return the parts of a requirement, the evidence judged by `rule`."""
    reference = reference_of(requirement)
    checks = []
    for check in given.plan["checks"]:
        if check["requirement"] == reference:
            result = results[check["id"]]
            if rule != requirement["evidence"] and result["status"] not in ("missing", "stale"):
                choice = choose_measurement(check, given, rule)
                if choice.status != "current":
                    result = {**result, "status": choice.status, "reasons": choice.reasons}
            checks.append(result)
    answers, stale_from = answer_results(given, pack, requirement, rule)
    days = [
        last_day(given.evidence[check["evidence"]], rule["max_age_days"]) for check in checks if "evidence" in check
    ]
    return Parts(
        requirement=reference,
        rule=requirement["evidence"]["rule"],
        checks=checks,
        answers=answers,
        stale_from=min([*days, *([stale_from] if stale_from else [])], default=None),
    )


def mapped_parts(given: Given, requirement: Record, results: Mapping[str, Result]) -> list[Parts]:
    """Return the parts of what answers a requirement, without what does not apply or is not in force."""
    return [
        parts_of(given, pack, other, results, requirement["evidence"])
        for pack, other in _answering(given, requirement)
        if applies(other, given.plan["facts"], pack)[0] is not False and in_force(other, given.today.isoformat())
    ]


def _answering(given: Given, requirement: Record) -> Iterator[tuple[Record, Record]]:
    for mapping in requirement["mappings"]:
        name, _, slug = mapping["to"].partition(":")
        for pack in given.packs if mapping["relation"] in ANSWERING else ():
            if f"{pack['urn'].rsplit(':', 1)[-1]}@{pack['version']}" == name:
                yield from ((pack, item) for item in pack["requirements"] if item["urn"].rsplit(":", 1)[-1] == slug)
