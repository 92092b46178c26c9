"""The first sentences: the gaps whose intervals lie farthest from zero, what chance shows, and what is too small."""

from __future__ import annotations

from dataclasses import replace

from hakari.measures import Measured
from hakari.messages import say
from hakari.reports.audit.result import AuditPart
from hakari.reports.audit.summary import summary_of
from hakari.reports.words import Words
from tests.unit.reports.audit._audited import audited, estimate, groups_part, part, scores_part

_EN = Words("en")


def _with(*gaps: tuple[str, float, float]) -> AuditPart:
    """Differences of the selection rate: column, value and half the width of its interval."""
    found = [estimate("selection_rate_difference", {column: "*"}, gap, span=span) for column, gap, span in gaps]
    return part("fairness.groups", Measured(estimates=tuple(found)))


def test_gaps_are_told_by_the_end_of_the_interval_that_is_nearer_to_zero() -> None:
    """A large gap of few rows comes after a smaller one that is known better."""
    told = summary_of(audited(_with(("small", 0.30, 0.29), ("sure", 0.20, 0.02))), _EN).gaps
    assert [line.startswith(f"By {name}:") for line, name in zip(told, ("sure", "small"), strict=True)] == [True, True]


def test_a_gap_is_told_with_interval_and_chance_in_points() -> None:
    first = summary_of(audited(groups_part()), _EN).gaps[0]
    assert "28.0 points" in first
    assert "24.0 to 32.0" in first
    assert "about 1.1 points" in first


def test_at_most_three_gaps_are_told_and_that_they_were_picked_is_said() -> None:
    told = summary_of(audited(_with(*((f"c{number}", 0.1 + number / 100, 0.01) for number in range(5)))), _EN)
    assert len(told.gaps) == 3
    assert any("3 of 5 differences" in remark for remark in told.remarks)


def test_where_every_interval_reaches_zero_nothing_is_claimed() -> None:
    told = summary_of(audited(_with(("a", 0.02, 0.02), ("b", 0.01, 0.05))), _EN)
    assert any("every interval reaches 0" in remark for remark in told.remarks)


def test_a_gap_without_an_interval_says_why() -> None:
    reason = say("measures.fairness.groups.too_few_clusters")
    found = estimate("accuracy_difference", {"a": "*"}, 0.1, span=reason)
    told = summary_of(audited(part("fairness.groups", Measured(estimates=(found,)))), _EN)
    assert told.gaps[0].endswith(str(reason))


def test_without_any_gap_the_reasons_are_given() -> None:
    reason = say("measures.fairness.groups.one_group", columns=["a"], metric="selection_rate", rows=30)
    found = estimate("selection_rate_difference", {"a": "*"}, reason)
    told = summary_of(audited(part("fairness.groups", Measured(estimates=(found,)))), _EN)
    assert told.gaps == ()
    assert told.remarks[-1] == str(reason).replace("selection_rate", "selection rate")


def test_small_groups_are_named_or_said_not_to_be_there() -> None:
    assert "זכר × 18–39" in summary_of(audited(), _EN).small[0]
    none = replace(groups_part(), measured=Measured(estimates=()))
    assert "at least 30 rows" in summary_of(audited(none), _EN).small[0]
    assert summary_of(audited(scores_part()), _EN).small == ()
