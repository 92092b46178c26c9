"""The shared sentences: every status, aggregation, basis and direction, in both languages and in careful words."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakari.assessment import reasons
from hakari.assessment.model import CheckResult, PlannedCheck, RowsNeededLine
from hakari.assessment.quantity import scale_of
from hakari.evidence import Unmeasured
from hakari.messages import LANGUAGES, Message, render, say
from tests.unit.reports._example import example_case
from tests.unit.reports._example_checks import group_line, planned_check

_NOTHING = Unmeasured(unmeasured=say("assessment.check.not_measured", measure="fairness.groups"))
_FORBIDDEN = ("compliant", "unbiased", "debiased", "fair model", "solve")


def _result(planned: PlannedCheck, **changes: Any) -> CheckResult:
    moved = planned.margin if planned.operator == "<=" else -planned.margin
    fields: dict[str, Any] = {
        "check": planned.id,
        "status": "met",
        "value": 0.05,
        "low": 0.01,
        "high": 0.09,
        "threshold": planned.threshold,
        "unacceptable": planned.threshold + moved,
        "error_met": 0.025,
        "error_not_met": 0.025,
        "rows": 2000,
        "trials": 1900,
        **changes,
    }
    return CheckResult(**fields)


def _gap(**changes: Any) -> PlannedCheck:
    fields: dict[str, Any] = {"aggregation": "difference", "operator": "<=", "threshold": 0.1, "columns": ("race",)}
    return planned_check("offers/gap[race]", "selection_rate", **{**fields, **changes})


def _complete(message: Message | None) -> bool:
    """Whether a message renders in every language with no key, placeholder or Python value left over."""
    if message is None:
        return True
    texts = [render(message, language) for language in LANGUAGES]
    return all(text and not re.search(r"[{}]|\[reasons\.|None|Message\(|Unmeasured", text) for text in texts)


def test_a_met_difference_claims_less_than_the_unacceptable_line() -> None:
    assert str(reasons.check_sentence(_gap(), _result(_gap()))) == (
        "The largest difference in selection rate between groups by race is 5.0 points (95% interval 1.0 to 9.0 points,"
        " n = 1,900). Limit: at most 10.0 points; unacceptable from 15.0 points. On rows drawn like these, with these "
        "labels, evidence supports that the selection rate of the assessed groups differs by less than 15.0 points."
    )


def test_a_not_met_difference_claims_more_than_the_limit() -> None:
    result = _result(_gap(), status="not_met", value=0.2, low=0.13, high=0.28)

    assert "differs by more than 10.0 points" in str(reasons.verdict_sentence(_gap(), result))


def test_between_the_lines_the_margin_is_always_named() -> None:
    result = _result(_gap(), value=0.12, low=0.11, high=0.14)

    assert "inside the margin" in str(reasons.verdict_sentence(_gap(), result))


def test_inconclusive_names_the_worst_case_and_what_settles_it() -> None:
    needed = RowsNeededLine(groups=("Black",), sure=2900, likely=1200)
    groups = (group_line("White", 1700, 1500, 2), group_line("Black", 200, 150, 2))
    result = _result(
        _gap(), status="inconclusive", low=0.03, high=0.19, worst_case=0.19, rows_needed=needed, groups=groups
    )

    assert "The worst case they allow is 19.0 points." in str(reasons.verdict_sentence(_gap(), result))
    assert str(reasons.settle_sentence(_gap(), result)) == (
        "About 1,200 rows in group Black (now 200) give an 80% chance of a verdict, either way; 2,900 do for any rates "
        "inside the present intervals. The next run is look 2. Or ask the ethics office to accept the bound 19.0 points"
        " until a date."
    )


def test_a_group_that_has_enough_rows_already_is_not_asked_for_more() -> None:
    needed = RowsNeededLine(groups=("black", "hispanic", "white"), sure=8707, likely=324)
    groups = (group_line("black", 99, 60, 3), group_line("hispanic", 55, 41, 3), group_line("white", 841, 747, 3))
    sentence = reasons.settle_sentence(
        _gap(), _result(_gap(), status="inconclusive", rows_needed=needed, groups=groups)
    )

    assert sentence is not None
    assert str(sentence) == (
        "About 324 rows in each of black (now 99), hispanic (now 55) give an 80% chance of a verdict, either way; "
        "8,707 in each of black, hispanic, white do for any rates inside the present intervals. "
        "The next run is look 2."
    )
    assert "「black」（現在 99 行）、「hispanic」（現在 55 行）がそれぞれ約 324 行あれば" in render(sentence, "ja")
    assert "「black」、「hispanic」、「white」がそれぞれ 8,707 行あれば" in render(sentence, "ja")


def test_where_every_group_has_enough_rows_already_the_next_run_needs_as_many() -> None:
    needed = RowsNeededLine(groups=("black", "white"), sure=500, likely=90)
    groups = (group_line("black", 99, 60, 2), group_line("white", 841, 747, 2))
    result = _result(_gap(), status="inconclusive", rows_needed=needed, groups=groups)

    assert str(reasons.settle_sentence(_gap(), result)).startswith(
        "As many new rows as now give an 80% chance of a verdict, either way; 500 in group black do for any rates"
    )


def test_a_check_without_groups_asks_for_rows_and_names_none() -> None:
    planned = planned_check("quality/accuracy", "accuracy")
    result = _result(
        planned, status="inconclusive", rows_needed=RowsNeededLine(groups=("",), sure=2900, likely=1200), trials=400
    )

    assert str(reasons.settle_sentence(planned, result)).startswith(
        "About 1,200 rows give an 80% chance of a verdict, either way; 2,900 do for any value inside the present"
    )


def test_reasons_name_metrics_and_checks_as_a_reader_knows_them() -> None:
    planned = planned_check("quality/brier", "brier", impossible=say("assessment.plan.selective", metric="brier"))
    result = _result(planned, status="missing", value=_NOTHING, low=_NOTHING, high=_NOTHING)
    unconfirmed = say("assessment.threshold_unconfirmed", checks=["offers/gap[race]", "other/unknown"])

    assert "With selective labels Brier score cannot" in str(reasons.figure_sentence(planned, result))
    assert "limits of largest difference in selection rate between groups by race, other/unknown." in str(
        reasons.spoken(unconfirmed, [_gap()])
    )
    assert reasons.spoken(unconfirmed).arguments == unconfirmed.arguments


def test_rows_that_a_search_has_seen_give_no_verdict() -> None:
    planned = _gap(reused=True)
    result = _result(planned, status="inconclusive", worst_case=0.09)

    assert "already used to search" in str(reasons.verdict_sentence(planned, result))
    assert "no search has seen" in str(reasons.settle_sentence(planned, result))


def test_too_small_a_share_of_assessed_rows_names_the_groups_left_out() -> None:
    small = replace(group_line("Hispanic", 12, 9, 2), in_scope=False)
    result = _result(_gap(), status="inconclusive", coverage=0.9, worst_case=0.09, groups=(small,))

    assert "90.0% of the rows" in str(reasons.verdict_sentence(_gap(), result))
    assert "Hispanic" in str(reasons.settle_sentence(_gap(), result))


def test_an_undecided_interval_asks_for_rows_even_where_coverage_is_short_too() -> None:
    result = _result(_gap(), status="inconclusive", coverage=0.9, high=0.3, worst_case=0.3)

    assert "The worst case they allow is 30.0 points." in str(reasons.verdict_sentence(_gap(), result))
    assert "More rows narrow the interval" in str(reasons.settle_sentence(_gap(), result))


def test_a_line_and_a_figure_that_differ_are_never_printed_alike() -> None:
    result = _result(_gap(), status="inconclusive", low=0.05, high=0.15004, worst_case=0.15004)

    assert "5.000 to 15.004 points" in str(reasons.figure_sentence(_gap(), result))


@given(high=st.floats(min_value=0.1501, max_value=0.2))
def test_rounding_keeps_a_limit_apart_from_its_line(high: float) -> None:
    result = _result(_gap(), high=high)
    scale = scale_of(_gap(), result)

    assert str(scale.say(high)) != str(scale.say(0.15))


@pytest.mark.parametrize(
    ("errors", "shown"), [((0.025, 0.025), "95%"), ((0.025, 0.0025), "97.2%"), ((0.0125, 0.0125), "97.5%")]
)
def test_the_interval_carries_the_level_it_was_computed_at(errors: tuple[float, float], shown: str) -> None:
    result = _result(_gap(), error_met=errors[0], error_not_met=errors[1])

    assert f"({shown} interval" in str(reasons.figure_sentence(_gap(), result))


def test_a_count_has_no_interval_and_claims_nothing_about_other_rows() -> None:
    planned = planned_check("data/twice", "duplicate_rows", basis="count", operator="<=", threshold=0.0, margin=0.0)
    text = str(reasons.check_sentence(planned, _result(planned, status="not_met", value=14.0, low=14.0, high=14.0)))

    assert text == (
        "Counted: duplicate rows, 14 (over 2,000 rows). Limit: at most 0; anything above is unacceptable. "
        "The count is beyond the limit."
    )


def test_what_cannot_be_measured_says_why() -> None:
    planned = planned_check("quality/brier", "brier", impossible=say("assessment.plan.no_data"))
    result = _result(planned, status="missing", value=_NOTHING, low=_NOTHING, high=_NOTHING)

    assert "names no data.test" in str(reasons.figure_sentence(planned, result))
    assert _complete(reasons.settle_sentence(planned, result))


@pytest.mark.parametrize("operator", ["<=", ">="])
@pytest.mark.parametrize("basis", ["rate", "smooth", "count"])
@pytest.mark.parametrize("aggregation", ["overall", "difference", "ratio", "worst_group"])
@pytest.mark.parametrize("status", ["met", "not_met", "inconclusive", "missing", "stale"])
def test_every_combination_has_words_in_both_languages(
    status: str, aggregation: str, basis: str, operator: str
) -> None:
    columns = () if aggregation == "overall" else ("地域",)
    groups = () if aggregation == "overall" else (group_line("東京都", 800, 700, 2), group_line("九州", 300, 200, 2))
    planned = planned_check(
        "a/b", "selection_rate", aggregation=aggregation, basis=basis, operator=operator, columns=columns
    )
    for value in (0.7, _NOTHING):
        result = _result(
            planned, status=status, value=value, low=value, high=value, groups=groups, noise_floor=0.02, worst_case=0.6
        )
        said = [reasons.check_sentence(planned, result), reasons.chart_sentence(planned, result)]
        assert all(_complete(message) for message in [*said, reasons.settle_sentence(planned, result)])
        assert not any(word in str(message).lower() for word in _FORBIDDEN for message in said)


@pytest.mark.parametrize("groups", [(), ("東京都",), ("東京都", "九州")])
@pytest.mark.parametrize(("sure", "likely"), [(None, None), (900, None), (None, 400), (900, 400)])
def test_rows_needed_are_said_for_every_number_of_groups(
    groups: tuple[str, ...], sure: int | None, likely: int | None
) -> None:
    needed = RowsNeededLine(groups=groups, sure=sure, likely=likely)
    result = _result(_gap(), status="inconclusive", rows_needed=needed, worst_case=0.2)

    assert _complete(reasons.settle_sentence(_gap(), result))


def test_the_chart_calls_no_group_lowest_that_the_intervals_do_not_single_out() -> None:
    groups = (
        group_line("White", 1681, 1535, 3),
        group_line("Black", 197, 133, 3),
        group_line("Hispanic", 108, 82, 3),
    )
    text = str(reasons.chart_sentence(_gap(), _result(_gap(), groups=groups)))

    assert "Highest: White (91.3%); the simultaneous intervals exclude every other group." in text
    assert "Lowest in these rows: Black (67.5%); they do not exclude Hispanic from being it." in text


def test_groups_out_of_scope_are_named_with_rows_and_share() -> None:
    groups = (group_line("A", 970, 500, 2), group_line("B", 30, 15, 2, min_rows=31))
    text = str(reasons.chart_sentence(_gap(min_rows=31), _result(_gap(), groups=groups)))

    assert "Left out for fewer than 31 rows: B (30 rows, 3.0%)." in text


def test_the_order_of_groups_changes_no_word() -> None:
    groups = tuple(group_line(name, 100 + n, 40 + 9 * n, 5) for n, name in enumerate("ABCDE"))
    one, other = (
        str(reasons.chart_sentence(_gap(), _result(_gap(), groups=order))) for order in (groups, groups[::-1])
    )

    assert one == other


def test_the_gate_counts_what_is_open_and_what_is_not_met() -> None:
    assert str(reasons.gate_sentence(example_case().assessment)) == (
        "The stage “release” cannot close: of 11 applicable requirements, 2 are not met and 5 are open. "
        "This run is advisory: it reports and blocks nothing."
    )


@pytest.mark.parametrize("mode", ["advisory", "regression", "full"])
@pytest.mark.parametrize(("closes", "only_open"), [(True, True), (False, True), (False, False)])
def test_every_gate_has_words(mode: Any, closes: bool, only_open: bool) -> None:
    assessment = example_case().assessment
    for holds in (True, False):
        gate = replace(assessment.gate, mode=mode, closes=closes, only_open=only_open, holds=holds)
        assert _complete(reasons.gate_sentence(replace(assessment, gate=gate)))


def test_counts_leave_out_what_is_zero() -> None:
    assert str(reasons.counts_sentence({"met": 3, "not_met": 0, "stale": 1})) == "4 requirements: 3 met, 1 stale."


def test_an_undecided_figure_waits_for_the_office_too() -> None:
    findings = {finding.status: finding for finding in example_case().assessment.findings}

    assert str(reasons.waiting_for(findings["met"])) == "nobody is waited for"
    assert "ethics office" in str(reasons.waiting_for(findings["inconclusive"]))


def test_open_questions_are_settled_by_answering_them() -> None:
    findings = {finding.requirement.rsplit(":", 1)[1]: finding for finding in example_case().assessment.findings}

    assert str(reasons.answer_sentence(findings["record@1"])) == "Answer the open questions: hakari answer."
    assert reasons.answer_sentence(findings["appeal@1"]) is None
    assert reasons.answer_sentence(findings["worst@1"]) is None


def test_a_metric_from_another_package_is_called_by_its_own_name() -> None:
    assert str(reasons.metric_name("echo_chamber_index")) == "echo chamber index"
