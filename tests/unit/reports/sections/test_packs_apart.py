"""Where packs differ: on the page as soon as there are several, with both lines and both results."""

from __future__ import annotations

from datetime import date

import pytest

from hakari.messages import LANGUAGES, Language, render, say
from hakari.reports import render_report
from hakari.reports.sections import conflict_view
from hakari.reports.words import Words
from tests.unit.assessment.rules._two_packs import case_of, resting
from tests.unit.assessment.rules.test_conflicts import measured
from tests.unit.reports._example import example_case
from tests.unit.reports.sections._mapped import differing_case

_AT = "2026-11-22T02:10:00Z"


def test_one_pack_cannot_differ_from_itself_and_gets_no_section() -> None:
    assert 'id="conflicts"' not in render_report(example_case(), "en", generated_at=_AT)


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_lines_through_one_figure_stand_beside_each_other(language: Language) -> None:
    page = render_report(differing_case(), language, generated_at=_AT)
    found = page.partition('id="conflicts"')[2].partition("</section>")[0]
    for text in ("small@1.0.0", "own@1.0.0", "#r-small-gaps", "#r-own-narrow"):
        assert text in found
    met, not_met = (render(say(f"reasons.status.{status}"), language) for status in ("met", "not_met"))
    assert render(say("reports.conflicts.line_differ", first=met, second=not_met), language) in found
    assert render(say("reports.conflicts.stricter", pack="own@1.0.0"), language) in found


def test_evidence_accepted_by_one_pack_only_is_told_with_the_reason() -> None:
    view = conflict_view(case_of(resting("gaps", max_age_days=5), measured(3000), day=date(2026, 12, 10)), Words("en"))
    (item,) = view.conflicts
    assert [side.wants for side in item.sides] == [
        "finds the evidence too old or outdated",
        "accepts the evidence",
    ]
    assert (view.packs, view.differing, len(item.reasons)) == (2, 1, 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_packs_that_agree_are_said_to(language: Language) -> None:
    page = render_report(case_of(resting("gaps"), measured(3000)), language, generated_at=_AT)
    assert render(say("reports.conflicts.none", packs=2), language) in page
