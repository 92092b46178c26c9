"""Assessments at each point of their life, made through the actions themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hakari.office.lifecycle.actions.answering import answer_question
from hakari.office.lifecycle.actions.delivering import deliver
from hakari.office.lifecycle.actions.opening import name_responsible, open_assessment, state_facts
from hakari.office.lifecycle.actions.submitting import submit
from hakari.office.lifecycle.files import checked
from hakari.office.lifecycle.models import Round, StageAssessment
from hakari.office.registry.models import UseCase
from tests.pages.conftest import Company
from tests.pages.lifecycle.trial import ASKED, FAIR, PROVEN, REFERENCE, install_pack, trial_bundle

Assess = Callable[..., StageAssessment]


def make_case(company: Company, *, number: str = "UC-2026-0001", **values: Any) -> UseCase:
    """Make a triaged use case of the owner in the cameras unit, told by the reporter."""
    return UseCase.objects.create(
        **{
            "number": number, "title": "Reply drafts", "purpose": "Drafts replies.", "unit": company.cameras,
            "reporter": company.reporter, "owner": company.owner, "state": "triaged", "lowest": "high",
            "highest": "high", **values,
        }
    )  # fmt: skip


def make_assessment(company: Company, *, stage: str = "develop", **values: Any) -> StageAssessment:
    """Open an assessment with the trial pack; the engineer answers for their role."""
    install_pack()
    case = make_case(company, **values)
    found = open_assessment(case, stage, [REFERENCE], by=company.owner)
    name_responsible(case, "engineer", company.engineer, by=company.owner)
    return state_facts(found, {"people": True}, seen=found.version, by=company.owner)


def complete(found: StageAssessment, company: Company, groups: Any = FAIR, **bundle: Any) -> StageAssessment:
    """Answer everything and deliver evidence."""
    answer_question(found, ASKED, "told", "yes", seen=0, by=company.owner)
    answer_question(found, ASKED, "how", "By a notice at the top.", seen=0, by=company.owner)
    answer_question(
        found, PROVEN, "document", "notice.txt", seen=0, by=company.engineer,
        upload=checked("notice.txt", b"AI drafts this reply."),
    )  # fmt: skip
    deliver(found, trial_bundle(groups, stage=found.stage, **bundle), by=company.engineer)
    return StageAssessment.objects.get(pk=found.pk)


def send(found: StageAssessment, company: Company) -> Round:
    """Submit what is there."""
    return submit(found, seen=StageAssessment.objects.get(pk=found.pk).version, by=company.owner)


@pytest.fixture
def assess(company: Company) -> Assess:
    """Return a function that opens an assessment."""
    return lambda **options: make_assessment(company, **options)


@pytest.fixture
def submitted(company: Company) -> Callable[..., Round]:
    """Return a function that gives a frozen round of a complete assessment."""
    return lambda groups=FAIR, **options: send(complete(make_assessment(company, **options), company, groups), company)
