"""Names and units of metrics, in both languages, for every metric that the package defines."""

from __future__ import annotations

import importlib

import pytest

from hakari.messages import LANGUAGES, Language, render, say
from hakari.reports.audit.metrics import base_of, metric_words, named, span_words, unit_of, value_words
from hakari.reports.words import Words

_FAMILIES = ("decisions", "scores", "classes", "regression", "ranking", "individual", "items")
_EN = Words("en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("family", _FAMILIES)
def test_every_defined_metric_has_a_name_that_people_read(family: str, language: Language) -> None:
    module = importlib.import_module(f"hakari.statistics.metrics.{family}")
    unnamed = [each.name for each in module.DEFINITIONS if "_" in render(metric_words(each.name), language)]
    assert unnamed == []


def test_a_metric_from_outside_is_written_by_its_own_name() -> None:
    assert str(metric_words("their_own_thing")) == "their_own_thing"
    assert str(metric_words("their_own_thing_difference")) == "their_own_thing, largest difference"


@pytest.mark.parametrize(
    ("metric", "parts"),
    [
        ("accuracy_difference", ("accuracy", "difference")),
        ("accuracy_difference_noise_floor", ("accuracy_difference", "noise_floor")),
        ("fisher_p_adjusted", ("fisher_p", "adjusted")),
        ("selection_rate_harm_p", ("selection_rate", "harm_p")),
        ("accuracy", ("accuracy", "")),
    ],
)
def test_a_name_is_taken_apart_at_its_end(metric: str, parts: tuple[str, str]) -> None:
    assert base_of(metric) == parts


@pytest.mark.parametrize(
    ("metric", "value", "written"),
    [
        ("selection_rate", 0.1234, "12.3%"),
        ("selection_rate_difference", 0.0766, "7.7 points"),
        ("selection_rate_difference_noise_floor", 0.0146, "1.5 points"),
        ("accuracy_change", -0.021, "−2.1 points"),
        ("accuracy_ratio", 0.8166, "0.82"),
        ("impact_ratio_min", 0.8, "0.80"),
        ("fisher_p_min", 0.0000001, "< 0.001"),
        ("fisher_p_adjusted", 0.04321, "0.043"),
        ("selections_to_flip", 12.0, "12"),
        ("theil_index", 0.1234, "0.123"),
        ("mean_target", 51234.56, "51,235"),
        ("kl_divergence", 0.00001234, "1.2e−05"),
        ("standard_deviations", -4.456, "−4.456"),
    ],
)
def test_numbers_are_written_in_their_unit(metric: str, value: float, written: str) -> None:
    assert value_words(metric, value, _EN) == written


def test_an_interval_is_written_without_its_unit() -> None:
    assert span_words("selection_rate_difference", -0.01, 0.2, _EN) == "−1.0 to 20.0"
    assert span_words("mean_score", 0.5, 0.61234, Words("ja")) == "0.500～0.612"


def test_a_metric_inside_a_message_of_a_measure_is_put_in_words() -> None:
    limit = say("measures.fairness.groups.one_group", columns=["sex"], metric="true_positive_rate", rows=30)
    assert "the denominator of true positive rate" in str(named(limit))
    assert named(say("measures.fairness.groups.no_label")) == say("measures.fairness.groups.no_label")


def test_p_values_are_told_from_rates_by_their_names() -> None:
    assert {unit_of(name) for name in ("fisher_p", "selection_rate_harm_p", "breslow_day_p")} == {"p"}
