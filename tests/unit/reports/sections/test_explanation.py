"""The section on explanations: chart, table and trials say what the record says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hakari.evidence import Estimate, Evidence, Interval, MeasureReference, Producer, Table, Unmeasured
from hakari.messages import LANGUAGES, Language, say
from hakari.reports.sections.explanation import explanation_view
from hakari.reports.words import Words
from tests.unit.reports._example import example_case


def number(metric: str, value: float, *, feature: str = "", low: float = 0.0, high: float = 1.0) -> Estimate:
    interval = Interval(low=low, high=high, level=0.95, method="student t")
    return Estimate(metric=metric, slice={"feature": feature} if feature else {}, value=value, interval=interval, n=40)


def record(*estimates: Estimate) -> Evidence:
    return Evidence(
        kind="measurement",
        measure=MeasureReference(id="explanation.tabular", version="1.0.0", distribution="hakari 0.1.0"),
        estimates=estimates,
        tables=(Table(name="importance", columns=("feature",), rows=(), details={"quantity": "log_odds"}),),
        limits=(say("measures.explanation.tabular.limit.model"),),
        collected_at="2026-11-22T00:00:00Z",
        effective_at="2026-11-22T00:00:00Z",
        producer=Producer(name="test"),
    )


IMPORTANCE = (
    number("importance", 0.2, feature="debt", low=0.1, high=0.3),
    number("importance", 0.5, feature="income", low=0.4, high=0.6),
)


def view(*estimates: Estimate, language: Language = "en") -> object:
    case = replace(example_case(), evidence={"a": record(*estimates)})
    return explanation_view(case, Words(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_largest_contribution_stands_first_in_sentence_and_table(language: Language) -> None:
    found = view(*IMPORTANCE, language=language)
    assert found is not None
    table = found.figure.tables[0]  # type: ignore[attr-defined]
    assert [row[0] for row in table.rows] == ["income", "debt"]
    sentence = found.figure.sentence  # type: ignore[attr-defined]
    assert sentence.index("income") < sentence.index("debt")


def test_trials_show_value_interval_and_meaning_or_the_reason_why_there_is_none() -> None:
    nothing = Unmeasured(unmeasured=say("measures.explanation.tabular.no_rows"))
    missing = Estimate(metric="infidelity", value=nothing, interval=nothing, n=0)
    found = view(*IMPORTANCE, number("faithful_share", 0.95, low=0.9, high=0.98), missing)
    trials = {trial.name: trial.value for trial in found.trials}  # type: ignore[attr-defined]
    assert trials["Rows whose reasons follow the model"] == "95.0% (90.0% to 98.0%)"
    assert trials["Infidelity"] == "No row was explained."


def test_a_case_without_an_explanation_has_no_such_section() -> None:
    assert explanation_view(example_case(), Words("en")) is None
    assert view(number("faithful_share", 0.9)) is None
