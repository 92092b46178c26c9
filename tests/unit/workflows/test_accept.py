from __future__ import annotations

from pathlib import Path

import pytest

from hakari.assessment.model import Assessment
from hakari.errors import InputError, SignatureError
from hakari.evidence import SigningKey, create_key
from hakari.workflows.accept import Acceptance, accept_requirement
from hakari.workflows.assess import assess_project
from hakari.workflows.project import Project, open_project
from hakari.workflows.settings import Clock
from tests.unit.cli.small import NOW, edit, write_project

CLOCK = Clock(NOW)
GIVEN = {"requirement": "gap", "reason": "r", "until": "2027-03-31", "condition": "monthly", "by": "Ethics office"}


@pytest.fixture
def engineer(tmp_path: Path) -> SigningKey:
    return create_key(tmp_path / "engineer.pem")


@pytest.fixture
def office(tmp_path: Path) -> SigningKey:
    return create_key(tmp_path / "office.pem")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A small project; pages are not what is tested here."""
    monkeypatch.setattr("hakari.reports.html.render_report", lambda *given, **more: "page")
    (tmp_path / "project").mkdir()
    return open_project(write_project(tmp_path / "project"))


def _assess(project: Project, key: SigningKey | None, now: str = NOW) -> Assessment:
    return assess_project(project, clock=Clock(now), key=key).assessment


def _status(assessment: Assessment, slug: str) -> str:
    return next(item.status for item in assessment.findings if f":{slug}@" in item.requirement)


def test_the_bounds_are_the_worst_cases_of_the_present_assessment(
    project: Project, engineer: SigningKey, office: SigningKey
) -> None:
    before = _assess(project, engineer)
    made = accept_requirement(project, Acceptance(**GIVEN), key=office, clock=CLOCK)
    (check,) = next(item for item in before.findings if ":gap@" in item.requirement).checks
    assert check.status == "inconclusive"
    assert made.exception.bounds == {check.check: check.high}
    assert made.exception.scope == before.scope
    assert made.exception.key == office.public.id
    assert _status(_assess(project, engineer), "gap") == "excepted"


def test_it_ends_after_its_last_day(project: Project, engineer: SigningKey, office: SigningKey) -> None:
    _assess(project, engineer)
    accept_requirement(project, Acceptance(**GIVEN), key=office, clock=CLOCK)
    assert _status(_assess(project, engineer, "2027-03-31T23:00:00+00:00"), "gap") == "excepted"
    assert _status(_assess(project, engineer, "2027-04-01T00:00:00+00:00"), "gap") == "inconclusive"


def test_nobody_accepts_what_they_signed(project: Project, engineer: SigningKey) -> None:
    _assess(project, engineer)
    with pytest.raises(SignatureError, match="also signed the evidence"):
        accept_requirement(project, Acceptance(**GIVEN), key=engineer, clock=CLOCK)
    with pytest.raises(SignatureError, match="also signed the evidence"):
        accept_requirement(project, Acceptance(**{**GIVEN, "requirement": "words"}), key=engineer, clock=CLOCK)


def test_a_missing_answer_can_be_accepted_without_a_bound(
    project: Project, engineer: SigningKey, office: SigningKey
) -> None:
    _assess(project, engineer)
    made = accept_requirement(project, Acceptance(**{**GIVEN, "requirement": "words"}), key=office, clock=CLOCK)
    assert made.exception.bounds == {}
    assert _status(_assess(project, engineer), "words") == "excepted"


def test_unsigned_evidence_is_said(project: Project, office: SigningKey) -> None:
    _assess(project, None)
    made = accept_requirement(project, Acceptance(**GIVEN), key=office, clock=CLOCK)
    assert [notice.key for notice in made.notices] == ["workflows.accept.unsigned"]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"requirement": "gapp"}, "gap"),
        ({"requirement": "right"}, "met"),
        ({"until": "next year"}, "next year"),
        ({"until": "2026-11-21"}, "2026-11-21"),
        ({"reason": "  "}, "reason"),
        ({"condition": ""}, "condition"),
        ({"by": ""}, "by"),
    ],
)
def test_what_cannot_be_accepted_is_refused_and_not_kept(
    project: Project, engineer: SigningKey, office: SigningKey, changes: dict[str, str], named: str
) -> None:
    _assess(project, engineer)
    with pytest.raises(InputError, match=named):
        accept_requirement(project, Acceptance(**{**GIVEN, **changes}), key=office, clock=CLOCK)
    assert not (project.folder / ".hakari" / "exceptions").exists()


def test_a_requirement_of_another_stage_is_refused(project: Project, engineer: SigningKey, office: SigningKey) -> None:
    edit(project.folder / "hakari.yaml", "stage: develop", "stage: release")
    other = open_project(project.folder)
    _assess(other, engineer)
    with pytest.raises(InputError, match="develop"):
        accept_requirement(other, Acceptance(**GIVEN), key=office, clock=CLOCK)


def test_nothing_is_accepted_before_an_assessment(project: Project, office: SigningKey) -> None:
    with pytest.raises(InputError, match="hakari assess"):
        accept_requirement(project, Acceptance(**GIVEN), key=office, clock=CLOCK)
