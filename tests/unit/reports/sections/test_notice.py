"""The notice in the report: in both languages, only where a record holds one, and said to be read only."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hakari.assessment.bundle import seal_evidence
from hakari.assessment.case import Case
from hakari.assessment.notice import record_of
from hakari.evidence import Producer
from hakari.reports import render_report
from hakari.reports.sections import notice_section
from hakari.reports.words import Words
from tests.unit.assessment._small import NOW
from tests.unit.assessment.notice._texts import notice
from tests.unit.reports._example import example_case


def noticed_case() -> Case:
    """Return the example case with one person's notice."""
    case = example_case()
    record = record_of(notice(), (), seed=0, producer=Producer(name="E"), now=NOW)
    identifier, _ = seal_evidence(record, None)
    return replace(case, evidence={**case.evidence, identifier: record})


@pytest.mark.parametrize(("language", "first"), [("en", "en"), ("ja", "ja")])
def test_every_language_is_shown_the_reader_s_first(language: str, first: str) -> None:
    section = notice_section(noticed_case(), Words(language))  # type: ignore[arg-type]  # a literal
    assert section is not None
    assert {view.language for view in section.views} == {"en", "ja"}
    assert section.views[0].language == first


def test_the_section_says_how_the_reasons_were_tested_and_that_figures_are_read() -> None:
    page = render_report(noticed_case(), "en", generated_at=NOW)
    assert "sampled Shapley values" in page
    assert "5 repeats" in page
    assert "Reading level of the Japanese notice" in page
    assert "without the model nobody can derive them again" in page
    assert page.count('<article class="notice" lang="') == 2
    assert 'href="#notice"' in page


def test_a_report_without_a_notice_has_no_such_section() -> None:
    assert notice_section(example_case(), Words("en")) is None
    page = render_report(example_case(), "en", generated_at=NOW)
    assert 'id="notice"' not in page
    assert ".notice-part" not in page
