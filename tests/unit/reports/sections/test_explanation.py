"""The section on explanations: what weighs, the trials, and records that know less say what the record says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hakari.evidence import Estimate, Table, Unmeasured
from hakari.messages import LANGUAGES, Language, say
from hakari.reports import render_report
from hakari.reports.sections.explanation import ExplanationView, explanation_view
from hakari.reports.tables import Table as ShownTable
from hakari.reports.words import Words
from tests.unit.reports._example import example_case
from tests.unit.reports.sections._explained import (
    absent,
    case_of,
    explained_case,
    hostile_case,
    number,
    record,
)

IMPORTANCE = (
    number("importance", 0.2, 0.1, 0.3, feature="debt"),
    number("importance", 0.5, 0.4, 0.6, feature="income"),
)


def view(*estimates: Estimate, language: Language = "en", tables: tuple[Table, ...] = ()) -> ExplanationView:
    found = explanation_view(case_of(record(*estimates, tables=tables)), Words(language))
    assert found is not None
    return found


def weights(*estimates: Estimate) -> tuple[str, ShownTable]:
    """Sentence and table on how far features weigh."""
    figure = view(*IMPORTANCE, *estimates).figure
    assert figure is not None
    return figure.sentence, figure.tables[0]


def loss(metric: str, value: float, low: float, high: float) -> Estimate:
    return number(f"{metric}_importance", value, low, high, feature="income")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_largest_contribution_stands_first_in_sentence_and_table(language: Language) -> None:
    figure = view(*IMPORTANCE, language=language).figure
    assert figure is not None
    assert [row[0] for row in figure.tables[0].rows] == ["income", "debt"]
    assert figure.sentence.index("income") < figure.sentence.index("debt")


def test_features_that_may_weigh_as_much_as_the_first_are_named() -> None:
    assert "order is not certain" not in weights()[0]
    sentence, _ = weights(number("importance", 0.39, 0.3, 0.41, feature="age"))
    assert "these may weigh as much as income: age." in sentence


def test_errors_added_are_percentage_points_with_a_column_for_each_way_of_shuffling() -> None:
    _, table = weights(loss("permutation", 0.1, 0.05, 0.15), loss("conditional", -0.002, -0.01, 0.008))
    assert table.headers[2:] == ("Errors added when shuffled", "Errors added when shuffled among like rows")
    assert table.rows[0][2:] == ("+10.0 (5.0 to 15.0)", "−0.2 (−1.0 to 0.8)")
    assert table.rows[1][2:] == ("–", "–")
    assert "percentage points" in table.note


def test_an_older_record_without_conditional_importance_has_no_column_for_it() -> None:
    _, table = weights(loss("permutation", 0.1, 0.05, 0.15))
    assert len(table.headers) == 3
    assert "like rows" not in table.note
    assert weights()[1].headers == ("Feature", "Mean contribution")


@pytest.mark.parametrize(
    ("plain", "conditional", "told"),
    [
        ((0.1, 0.08, 0.12), (0.01, 0.0, 0.02), True),
        ((0.1, 0.08, 0.12), (0.01, -0.1, 0.12), False),  # the limits meet
        ((0.1, 0.08, 0.12), (0.06, 0.05, 0.07), False),  # smaller, but not by half
        ((0.1, -0.02, 0.22), (0.01, 0.0, 0.02), False),  # nobody knows whether it matters at all
    ],
)
def test_a_feature_that_the_others_make_up_for_is_named(
    plain: tuple[float, float, float], conditional: tuple[float, float, float], told: bool
) -> None:
    sentence, _ = weights(loss("permutation", *plain), loss("conditional", *conditional))
    assert ("say much of the same: income." in sentence) is told


def test_no_row_that_moved_counts_as_nothing_left() -> None:
    """A conditional importance of 0 has no interval: no row was moved at all."""
    unmoved = Unmeasured(unmeasured=say("measures.explanation.importance.no_row_moved", rows=40))
    nothing = replace(loss("conditional", 0.0, 0.0, 0.0), interval=unmoved)
    sentence, table = weights(loss("permutation", 0.1, 0.08, 0.12), nothing)
    assert "say much of the same: income." in sentence
    assert table.rows[0][3] == "0.0"


def test_it_is_said_when_no_feature_is_shown_to_be_needed() -> None:
    sentence, _ = weights(loss("permutation", 0.1, -0.05, 0.15))
    assert "For no single feature is it shown" in sentence


def test_trials_stand_under_their_question_with_value_meaning_or_the_reason_why_there_is_none() -> None:
    found = view(
        *IMPORTANCE, number("faithful_share", 0.95, 0.9, 0.98), absent("infidelity"), number("rank_correlation", 0.5)
    )
    faithful, stable = found.groups
    assert [trial.name for trial in stable.trials] == ["Likeness of repeated explanations"]
    trials = {trial.name: (trial.value, trial.measured) for trial in faithful.trials}
    assert trials["Rows whose reasons follow the model"] == ("95.0% (90.0% to 98.0%)", True)
    assert trials["Infidelity"] == ("No row was explained.", False)


def test_a_correlation_just_below_one_is_not_written_as_one() -> None:
    (group,) = view(*IMPORTANCE, number("rank_correlation", 0.9972, 0.9967, 0.9977)).groups
    assert group.trials[0].value == "0.9972 (0.9967 to 0.9977)"


def test_a_value_without_limits_keeps_its_digits() -> None:
    (group,) = view(*IMPORTANCE, number("infidelity", 0.3712, 0.3712, 0.3712)).groups
    assert group.trials[0].value == "0.3712"


def test_a_model_that_could_not_be_explained_leaves_the_reason() -> None:
    found = view(absent("importance"), absent("faithful_share"))
    assert (found.figure, found.groups) == (None, ())
    assert found.absent == "No row was explained."
    assert "No row was explained." in render_report(case_of(record(absent("importance"))), "en", generated_at="2026")


def test_how_the_model_was_asked_is_told() -> None:
    asked = view(*IMPORTANCE, number("repeat_difference_max", 0.25), number("model_rows", 1200.0)).asked
    assert "results up to 0.25 apart" in asked
    assert "1,200 rows" in asked


def test_a_record_of_an_older_version_shows_what_it_knows() -> None:
    found = view(*IMPORTANCE, number("faithful_share", 0.9))
    assert (found.effects, found.together, found.imitation) == (None, None, None)
    page = render_report(case_of(record(*IMPORTANCE)), "en", generated_at="2026-11-22T02:10:00Z")
    assert 'id="explanation-importance-title"' in page
    assert 'id="explanation-effects-title"' not in page


def test_a_case_without_an_explanation_has_no_such_section() -> None:
    assert explanation_view(example_case(), Words("en")) is None
    assert explanation_view(case_of(record(number("faithful_share", 0.9))), Words("en")) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_part_reaches_the_page(language: Language) -> None:
    page = render_report(explained_case(), language, generated_at="2026-11-22T02:10:00Z")
    for words in ("weight", "effects.heading", "together.heading", "rules.heading", "true", "group.stability"):
        assert f">{Words(language).say(f'reports.explanation.{words}')}</h" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_odd_names_are_escaped_and_cut_in_sentences(language: Language) -> None:
    page = render_report(hostile_case(), language, generated_at="2026-11-22T02:10:00Z")
    assert "<script>" not in page
    found = explanation_view(hostile_case(), Words(language))
    assert found is not None
    assert found.figure is not None
    assert len(found.figure.sentence) < 700
