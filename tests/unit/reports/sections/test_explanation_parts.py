"""Parts of the section on explanations: effects, features that act together, and rules that imitate the model."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hakari.evidence import Estimate, Table, Unmeasured
from hakari.messages import LANGUAGES, Language, Message, say
from hakari.reports.figure import Figure
from hakari.reports.sections.explanation import ExplanationView, ImitationView, explanation_view
from hakari.reports.words import Words
from tests.unit.reports.charts._drawn import texts
from tests.unit.reports.sections._explained import absent, case_of, effects, number, record, rules


def view(
    *estimates: Estimate, tables: tuple[Table, ...] = (), limits: tuple[Message, ...] = (), language: Language = "en"
) -> ExplanationView:
    one = number("importance", 0.5, 0.4, 0.6, feature="age")
    found = explanation_view(case_of(record(one, *estimates, tables=tables, limits=limits)), Words(language))
    assert found is not None
    return found


def curves(points: dict[str, list[tuple[Any, float, float]]], language: Language = "en") -> Figure:
    found = view(tables=(effects(points),), language=language).effects
    assert found is not None
    return found


_UP: list[tuple[Any, float, float]] = [(1, -0.2, 0.01), (2, 0.0, 0.01), (3, 0.2, 0.01)]
_FLAT: list[tuple[Any, float, float]] = [(1, -0.01, 0.01), (2, 0.0, 0.01), (3, 0.01, 0.01)]


def test_the_steepest_feature_is_told_with_its_ends_and_its_size() -> None:
    assert (
        "Along age the score moves most: from 1 to 3 it rises by 0.4." in curves({"debt": _FLAT, "age": _UP}).sentence
    )
    down = [(at, -effect, error) for at, effect, error in _UP]
    assert "from 1 to 3 it falls by 0.4." in curves({"age": down}).sentence


def test_a_curve_that_clearly_turns_is_told_and_one_that_wavers_within_its_errors_is_not() -> None:
    turned = curves({"age": [*_UP, (4, -0.1, 0.01)]}).sentence
    assert "at 3 it is 0.4 higher than at 1" in turned
    assert "The curve turns" in turned
    assert "The curve turns" not in curves({"age": [*_UP, (4, 0.17, 0.01)]}).sentence


def test_features_without_clear_movement_are_named() -> None:
    assert "No clear movement along debt." in curves({"debt": _FLAT, "age": _UP}).sentence
    assert "Along none of these features" in curves({"debt": _FLAT}).sentence


def test_levels_are_ordered_by_effect_and_the_missing_one_has_a_name() -> None:
    found = curves({"sector": [("b", 0.3, 0.01), ("", 0.0, 0.01), ("a", -0.3, 0.01)]})
    assert "for “b” it is 0.6 higher than for “a”" in found.sentence
    assert [text for text in texts(found.wide[0]) if text in ("a", "(missing)", "b")] == ["a", "(missing)", "b"]


def test_six_features_are_drawn_and_the_tables_have_all() -> None:
    found = curves({f"f{place}": _UP for place in range(9)})
    assert [text for text in texts(found.wide[0]) if text.startswith("f")] == [f"f{place}" for place in range(6)]
    assert len(found.tables[0].rows) == 9
    assert any("6 of 9 features" in note for note in found.notes)


def test_the_tables_hold_ends_and_every_value_with_its_band() -> None:
    ranges, values = curves({"age": _UP}).tables
    assert ranges.rows == (("age", "1", "3", "0.400"),)
    assert values.rows[0] == ("age", "1", "−0.200", "−0.220", "−0.180")
    assert len(values.rows) == 3


def test_a_table_of_very_many_values_is_cut_and_says_so() -> None:
    values = curves({f"f{place}": _UP * 7 for place in range(20)}).tables[1]
    assert len(values.rows) == 200
    assert "220 further rows" in values.note


def test_years_are_written_as_years_and_large_numbers_with_thousands() -> None:
    found = curves(
        {"built": [(1990, 0.0, 0.01), (2005, 0.1, 0.01)], "income": [(12_000, 0.0, 0.01), (9e11, 0.1, 0.01)]}
    )
    assert {row[1] for row in found.tables[1].rows} == {"1990", "2005", "12,000", "9e+11"}


def test_features_whose_values_are_all_rare_are_counted() -> None:
    assert any("1 feature is left out" in note for note in curves({"age": _UP, "town": [], "debt": _UP}).notes)
    assert not any("left out here" in note for note in curves({"age": _UP, "debt": _UP}).notes)


def test_rows_that_hold_no_numbers_are_left_out() -> None:
    broken = effects({"age": [(1, "much", 0.1), (2, 0.1, None)]})  # type: ignore[list-item]
    assert view(tables=(broken,)).effects is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_effects_are_of_the_score_even_if_contributions_are_of_log_odds(language: Language) -> None:
    unit = Words(language).say("measures.explanation.quantity.score")
    assert unit in curves({"age": _UP}, language).title
    assert Words(language).say("measures.explanation.quantity.log_odds") not in curves({"age": _UP}, language).title


_PAIRS = (
    number("interaction", 0.02, 0.0, 0.3, feature="age", with_="sector"),
    number("interaction", 0.01, 0.005, 0.1, feature="age", with_="debt"),
)
_LIMIT = say("measures.explanation.tabular.interactions.limit", rows=50, pairs=3, shown=2)


def test_only_pairs_whose_interval_lies_above_nought_are_called_clear_of_chance() -> None:
    found = view(*_PAIRS, limits=(_LIMIT,)).together
    assert found is not None
    assert found.table is not None
    assert "clear of chance is age and debt" in found.sentence
    assert "1 of 2 pairs" in found.sentence
    assert [(row[0], row[2]) for row in found.table.rows] == [("age × sector", "–"), ("age × debt", "yes")]
    unknown = replace(_PAIRS[1], interval=Unmeasured(unmeasured=say("measures.explanation.tabular.no_rows")))
    assert "none of 1 pair named" in view(unknown).together.sentence  # type: ignore[union-attr]
    none = view(_PAIRS[0]).together
    assert none is not None
    assert "none of 1 pair named" in none.sentence


def test_the_limit_on_pairs_stands_with_them_and_not_twice() -> None:
    found = view(*_PAIRS, limits=(_LIMIT,))
    assert found.together is not None
    assert str(_LIMIT) in found.together.notes
    assert str(_LIMIT) not in found.limits


def test_a_model_that_adds_up_has_the_sentence_and_no_table() -> None:
    unit = say("measures.explanation.quantity.log_odds")
    adds_up = say("measures.explanation.tabular.interactions.none", quantity=unit)
    found = view(limits=(adds_up,)).together
    assert found is not None
    assert (found.sentence, found.table) == (str(adds_up), None)


def imitation(*estimates: Estimate, tables: tuple[Table, ...] = (), language: Language = "en") -> ImitationView:
    found = view(*estimates, tables=tables, language=language).imitation
    assert found is not None
    return found


_LEAVES = rules(
    ([("age", "<=", 33.5, True), ("sector", "is_not", "public", False)], 0.21, 0.4),
    ([("age", ">", 33.5, False), ("income", "missing", "", False)], 0.9, 0.6),
)


def test_rules_read_as_conditions_output_and_share_of_rows() -> None:
    first, second = imitation(tables=(_LEAVES,)).rules
    assert first.conditions == ("age is at most 33.5, or missing", "sector is not “public”")
    assert (first.output, first.share) == ("0.21", "40.0%")
    assert second.conditions == ("age is above 33.5", "income is missing")
    assert 'class="share-part" width="36.0"' in second.bar


def test_two_bounds_of_a_feature_are_one_condition() -> None:
    bounds = [("age", ">", 20.0, True), ("sector", "is", "a", False), ("age", "<=", 33.5, True)]
    (only,) = imitation(tables=(rules((bounds, 0.2, 1.0)),)).rules
    assert only.conditions == ("age is above 20 and at most 33.5, or missing", "sector is “a”")


def test_rules_read_in_japanese() -> None:
    first, second = imitation(tables=(_LEAVES,), language="ja").rules
    assert first.conditions == ("age が 33.5 以下、または欠損", "sector が「public」以外")
    assert second.conditions == ("age が 33.5 を超える", "income が欠損")


@pytest.mark.parametrize(
    ("low", "value", "high", "warned"),
    [(0.85, 0.9, 0.95, ""), (0.7, 0.85, 0.9, "not shown"), (0.5, 0.6, 0.79, "poor likeness")],
)
def test_how_close_the_rules_come_is_told_and_warned_of(low: float, value: float, high: float, warned: str) -> None:
    found = imitation(number("surrogate_fidelity", value, low, high), number("decision_agreement", 0.9, 0.8, 0.95))
    assert f"repeats {value:.0%}" in found.sentence
    assert "decides like the model in 90% of 40 rows (80% to 95%)" in found.sentence
    assert warned in found.warning
    assert bool(found.warning) is bool(warned)


def test_a_fit_worse_than_the_mean_is_below_nought_and_poor() -> None:
    found = imitation(number("surrogate_fidelity", -0.3, -0.5, -0.1))
    assert "−30%" in found.sentence
    assert "poor likeness" in found.warning


def test_a_reason_why_there_is_no_tree_is_given_once() -> None:
    found = imitation(absent("surrogate_fidelity"), absent("decision_agreement"))
    assert found.sentence == "No row was explained."
    assert (found.warning, found.rules) == ("", ())


def test_rules_that_hold_no_numbers_are_left_out() -> None:
    broken = rules(([("age", "<=", 33.5, False)], 0.4, None), ([("age", ">", 33.5, False)], 0.6, 0.5))  # type: ignore[arg-type]
    assert [rule.output for rule in imitation(tables=(broken,)).rules] == ["0.6"]


def test_a_tree_that_did_not_split_has_one_rule_that_always_holds() -> None:
    (only,) = imitation(tables=(rules(([("", "", "", False)], 0.4, 1.0)),)).rules
    assert only.conditions == ("always",)
    assert only.output == "0.4"
