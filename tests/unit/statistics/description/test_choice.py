"""The choice table: complete, translated, and true of what the product writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from hakari.messages import LANGUAGES, catalogue, render
from hakari.statistics.description import CHOICES, Choice, choice_of
from hakari.statistics.description.between_groups import DEVIATION
from hakari.statistics.description.cell_bootstrap import BCA, STUDENTISED
from hakari.statistics.description.exact_tests import BINOMIAL_TEST, FISHER_TEST
from hakari.statistics.description.permutation import PERMUTATION
from hakari.statistics.description.pooling import POOLED
from hakari.statistics.description.sequences import SEQUENCE
from hakari.statistics.description.two_proportions import DIFFERENCE, RATIO, WILSON

_AGGREGATE = "mover, union–intersection below and intersection–union above"


@pytest.mark.parametrize("choice", CHOICES.values(), ids=lambda choice: str(choice.name))
def test_every_choice_says_its_use_its_reason_and_its_limits(choice: Choice) -> None:
    for text in (choice.used_for, choice.why, choice.limits):
        for language in LANGUAGES:
            assert render(text, language)[-1] in ".。"
    assert choice.source


def test_the_catalogue_has_no_choice_that_is_not_in_the_table() -> None:
    named = {key.split(".")[3] for key in catalogue() if key.startswith("statistics.description.choice.")}
    assert named == set(CHOICES)


@pytest.mark.parametrize(
    ("method", "name"),
    [
        ("count", "count"),
        ("clopper-pearson", "clopper_pearson"),
        ("clopper-pearson, šidák over 3 groups", "clopper_pearson"),
        (f"clopper-pearson, {_AGGREGATE}", "contrast"),
        (f"clopper-pearson at effective n, weighted, {_AGGREGATE}", "contrast"),
        ("clopper-pearson at effective n, weighted", "weighted"),
        ("clopper-pearson at effective n, clustered, weighted", "clustered"),
        ("DeLong components, clopper-pearson at effective n, asymptotic", "ranking"),
        ("studentised bootstrap, logit scale, asymptotic", "studentised"),
        ("percentile bootstrap, for display only", "percentile"),
        (BCA, "bca"),
        (STUDENTISED, "studentised"),
        (DEVIATION, "deviation"),
        (DIFFERENCE, "difference"),
        (RATIO, "ratio"),
        (WILSON, "wilson"),
        (SEQUENCE, "sequence"),
        (POOLED, "pooled"),
        (BINOMIAL_TEST, "binomial_test"),
        (FISHER_TEST, "fisher_test"),
        (PERMUTATION, "permutation"),
    ],
)
def test_a_method_is_found_by_the_words_that_intervals_use(method: str, name: str) -> None:
    found = choice_of(method)
    assert found is not None
    assert found.name == name


def test_a_method_that_nobody_described_is_not_found() -> None:
    assert choice_of("gut feeling") is None
    assert choice_of("from cell counts") is None


def test_what_is_for_display_only_says_so() -> None:
    for choice in CHOICES.values():
        assert (choice.guarantee == "display") == ("display only" in str(choice.limits))


def test_the_page_on_inference_shows_the_whole_table() -> None:
    page = (Path(__file__).parents[4] / "docs" / "inference.md").read_text("utf-8")
    for choice in CHOICES.values():
        texts = (render(text, "en") for text in (choice.used_for, choice.why, choice.limits))
        used_for, why, limits = texts
        assert f"| {choice.mark} | {used_for} | {why} | {choice.guarantee} | {limits} | {choice.source} |" in page
