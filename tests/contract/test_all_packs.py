"""The real lending case against every shipped pack at once, and by the law of different days."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from hakari.assessment.engine import EngineInput, assess
from hakari.assessment.manifest_edit import with_facts
from hakari.assessment.model import Assessment
from hakari.packs import diff_packs, list_packs, load_pack
from hakari.workflows.assess import AssessRun, assess_project
from hakari.workflows.plan import plan_project
from hakari.workflows.project import open_project
from hakari.workflows.settings import Clock
from tests.contract.bending import Sample
from tests.contract.conftest import NOW, Demo
from tests.contract.second_opinion import of_hakari, of_the_file

pytestmark = pytest.mark.xdist_group("all-packs")
USUAL = list_packs(versions=False)
MEASUREMENTS = 5


@pytest.fixture(scope="module")
def run(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> AssessRun:
    """The demo's repository with all packs in its manifest, offered in the Union and in Japan."""
    folder = demo.copy(tmp_path_factory.mktemp("all") / "project")
    path = folder / "hakari.yaml"
    packs = "".join(f"  - {pack.reference}\n" for pack in USUAL)
    text = re.sub(r"(?m)^packs:\n(  - .*\n)+", f"packs:\n{packs}", path.read_text(encoding="utf-8"))
    path.write_text(with_facts(text, {"market_eu": True, "market_japan": True}), encoding="utf-8")
    plan_project(open_project(folder))
    return assess_project(open_project(folder), clock=Clock(NOW), key=demo.key)


def test_one_run_assesses_against_every_pack(run: AssessRun) -> None:
    assert {finding.pack for finding in run.assessment.findings} == {pack.reference for pack in USUAL}
    measured = [record for record in run.case.evidence.values() if record.measure is not None]
    assert len(measured) == MEASUREMENTS, "nothing is measured twice"


def test_one_measurement_answers_requirements_of_at_least_five_frameworks(run: AssessRun) -> None:
    for measure in ("fairness.groups", "performance.classification"):
        (identifier,) = (
            name for name, record in run.case.evidence.items() if record.measure and record.measure.id == measure
        )
        served = {finding.pack for finding in run.assessment.findings if identifier in finding.evidence}
        assert len(served) >= 5, (measure, served)


def test_no_evidence_is_repeated_in_the_report(run: AssessRun) -> None:
    """Every check is shown once, where it belongs; the others lead there."""
    for language, path in run.reports.items():
        page = path.read_text(encoding="utf-8")
        shown = re.findall(r'<article class="check" aria-labelledby="([^"]+)-name"', page)
        assert len(shown) == len(set(shown)) == sum(len(finding.checks) for finding in run.assessment.findings)
        assert page.count('class="framework"') == len(USUAL), language
        anchors = set(re.findall(r'id="(r-[^"]+)"', page))
        links = set(re.findall(r'href="#(r-[^"]+)"', page))
        assert links <= anchors


def test_strangers_come_to_the_same_findings(run: AssessRun) -> None:
    """The single file, which draws nothing from the package, derives every status again."""
    sample = Sample(name="all packs", content=run.bundle.read_bytes(), directory=None, expected="in order")
    ours, theirs = of_hakari(sample), of_the_file(sample)
    assert (ours.genuine, ours.recomputed) == ("yes", "yes"), ours.told
    assert theirs.compared == ours.compared, theirs.told


def _on(run: AssessRun, day: date, version: str) -> Assessment:
    case = run.case
    packs = (load_pack("ai-ethics-core"), load_pack("explained-decisions"), load_pack(version))
    return assess(
        EngineInput(
            title="x",
            plan=case.plan,
            plan_digest=case.assessment.plan,
            packs=packs,
            evidence=case.evidence,
            signers=case.signers,
            today=day,
        )
    )


def _in_force(assessment: Assessment) -> set[str]:
    dated = {"assessment.not_in_force.yet", "assessment.not_in_force.any_more"}
    return {
        finding.requirement.rsplit(":", 1)[-1].partition("@")[0]
        for finding in assessment.findings
        if finding.pack.startswith("eu-") and not dated & {reason.key for reason in finding.reasons}
    }


@pytest.mark.parametrize("version", ["eu-ai-act@1.0.0", "eu-ai-act@1.1.0"])
def test_each_effective_date_changes_exactly_the_requirements_that_carry_it(run: AssessRun, version: str) -> None:
    pack = load_pack(version)
    stage = run.case.plan.stage
    starts = sorted({item.effective["from"] for item in pack.requirements if "from" in item.effective})
    assert len(starts) >= 4
    for start in starts:
        before, after = (_in_force(_on(run, date.fromisoformat(start) + timedelta(days=n), version)) for n in (-1, 0))
        carrying = {
            item.slug for item in pack.requirements if item.effective.get("from") == start and stage in item.stages
        }
        assert after - before == carrying, start
        assert before - after == set(), start


def test_between_two_dates_the_versions_differ_in_exactly_what_the_diff_lists(run: AssessRun) -> None:
    """Judged on one day by both versions: what moved is what `hakari pack diff` says has another period."""
    before, after = load_pack("eu-ai-act@1.0.0"), load_pack("eu-ai-act@1.1.0")
    stage = run.case.plan.stage
    diff = diff_packs(before, after)
    moved = {
        change.after.slug
        for change in diff.changed
        if any(field.path.startswith("effective") for field in change.fields)
    }
    moved |= {item.slug for item in (*diff.added, *diff.removed)}
    for day in ("2026-08-01", "2026-08-02", "2026-11-22", "2027-12-01", "2027-12-02", "2028-08-02"):
        one, two = (_in_force(_on(run, date.fromisoformat(day), pack.reference)) for pack in (before, after))
        assert one ^ two <= moved, day
    on_the_day = date(2026, 11, 22)
    one, two = (_in_force(_on(run, on_the_day, pack.reference)) for pack in (before, after))
    at_stage = {item.slug for item in before.requirements if stage in item.stages}
    listed = {item.slug for item in before.requirements if item.effective.get("from", "") == "2026-08-02"}
    assert one - two == listed & moved & at_stage
    assert one - two, "the amendment takes something out of force today"


def test_age_and_law_of_a_stated_day_are_what_the_assessment_records(run: AssessRun) -> None:
    later = _on(run, date(2028, 1, 1), "eu-ai-act@1.0.0")
    assert later.as_of == "2028-01-01"
    assert replace(later, as_of="") != replace(_on(run, date(2026, 11, 22), "eu-ai-act@1.0.0"), as_of="")


def test_the_folder_of_a_version_is_found_by_its_name_and_by_nothing_else() -> None:
    assert load_pack("eu-ai-act").version == "1.0.0"
    assert load_pack("eu-ai-act@1.1.0").version == "1.1.0"
