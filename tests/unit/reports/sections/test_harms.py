"""Who can be harmed: always on the page, with what is open, in either language, and in people's own words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hakari.messages import LANGUAGES, Language, render, say
from hakari.packs.harms import load_harms
from hakari.reports import render_report
from hakari.reports.sections import harm_view
from hakari.reports.words import Words
from tests.unit.reports._example import example_case
from tests.unit.reports.sections._mapped import mapped_case

_AT = "2026-11-22T02:10:00Z"
LIBRARY = load_harms()


def section(page: str) -> str:
    """Return the section of the page."""
    return page.partition('id="harms"')[2].partition("</section>")[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_case_without_a_mapping_says_so_and_still_asks_the_four_questions(language: Language) -> None:
    found = section(render_report(example_case(), language, generated_at=_AT))
    assert render(say("reports.harms.not_mapped"), language) in found
    assert all(kind.question[language] in found for kind in LIBRARY.exposures)
    assert found.count(render(say("harms.map.exposure.unanswered"), language)) >= 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mapping_is_shown_with_what_is_open(language: Language) -> None:
    found = section(render_report(mapped_case(), language, generated_at=_AT))
    assert render(say("reports.harms.not_mapped"), language) not in found
    for words in ("Applicants of six years", "A person looks at each no.", "A longer queue", "to be done by spring"):
        assert words in found
    assert render(say("harms.map.exposure.unknown"), language) in found
    assert next(motive.title[language] for motive in LIBRARY.motives if motive.id == "saving") in found
    assert "owner" in found


def test_each_harm_has_its_state_and_what_hangs_on_facts_is_apart() -> None:
    view = harm_view(mapped_case(), Words("en"))
    states = {str(item.title): (item.state, item.open) for item in view.harms}
    assert states["A wrong no, and no way back"] == ("Something is done against it.", False)
    assert states["The past is repeated"] == ("Does not apply.", False)
    assert states["A longer queue"] == ("Applies; nothing is said to be done.", True)
    assert all(item.facts for item in view.perhaps)
    assert not any(item.facts for item in view.harms if not item.own)


def test_an_exposure_leads_to_the_requirement_that_asks_about_the_same_people() -> None:
    case = mapped_case()
    finding = case.assessment.findings[0]
    core = load_harms().exposure("suffers_due_to").requirements[0]
    pack, _, slug = core.partition(":")
    renamed = replace(finding, pack=pack, requirement=f"urn:x:{slug}@1")
    other = replace(case.packs[0].requirements[0], urn=f"urn:x:{slug}", version=1)
    shown = replace(
        case,
        assessment=replace(case.assessment, findings=(renamed,)),
        packs=(replace(case.packs[0], requirements=(other,)),),
    )
    view = harm_view(shown, Words("en"))
    assert [len(item.asked) for item in view.exposures] == [0, 0, 1, 0]
    assert view.exposures[2].asked[0].status == finding.status


def test_words_of_people_cannot_become_markup() -> None:
    text = "exposures:\n  subject_of: {who: '<b>All</b>', by: '<i>me</i>'}\n"
    found = section(render_report(mapped_case(text), "en", generated_at=_AT))
    assert "&lt;b&gt;All&lt;/b&gt;" in found
    assert "<b>" not in found
    assert "<i>" not in found


def test_incidents_are_listed_with_their_source() -> None:
    view = harm_view(mapped_case(), Words("en"))
    assert {str(item.title) for item in view.incidents} == {incident.title["en"] for incident in LIBRARY.incidents}
    assert all(LIBRARY.incidents[0].source.title in item.about for item in view.incidents)
