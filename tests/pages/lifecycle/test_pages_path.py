"""The whole path through the pages: open, name, state, answer, deliver, submit, ask for changes, review, close."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hakari.office.lifecycle.actions.reviewing import record_outcome
from hakari.office.lifecycle.hooks import HOOKS
from hakari.office.lifecycle.models import Delivery, Responsible, Review, Round, StageAssessment, Standing
from hakari.office.people.models import Person
from tests.pages.conftest import Company
from tests.pages.lifecycle.conftest import make_case
from tests.pages.lifecycle.trial import ASKED, PROVEN, REFERENCE, install_pack, trial_bundle

SignIn = Callable[[Person], Client]


def _at(name: str, found: StageAssessment | None = None) -> str:
    key = (found or StageAssessment.objects.get()).key
    return f"/assessments/{key}/{name}"


def _open(company: Company, sign_in: SignIn) -> Client:
    install_pack()
    make_case(company, number="UC-2026-0001")
    owner = sign_in(company.owner)
    given = {"stage": "develop", "packs": [REFERENCE]}
    assert owner.get("/assessments/open/UC-2026-0001/").status_code == 200
    assert owner.post("/assessments/open/UC-2026-0001/", given).headers["Location"] == _at("")
    assert owner.post(_at("people/"), {"role-engineer": "engineer@example.com"}).status_code == 302
    version = StageAssessment.objects.get().version
    assert owner.post(_at("facts/"), {"version": version, "f-people": "yes"}).status_code == 302
    return owner


def _answer(owner: Client, engineer: Client) -> None:
    told = owner.post(_at(f"questions/{ASKED}/told/"), {"answer": "yes", "seen": 0})
    assert told.headers["Location"] == _at(f"questions/{ASKED}/how/")
    how = owner.post(_at(f"questions/{ASKED}/how/"), {"answer": "By a notice.", "seen": 0})
    assert how.headers["Location"] == _at("")
    file: Any = SimpleUploadedFile("notice.txt", b"AI drafts this reply.")
    assert engineer.post(_at(f"questions/{PROVEN}/document/"), {"answer": file, "seen": 0}).status_code == 302


def _deliver(engineer: Client) -> None:
    file = SimpleUploadedFile("case.zip", trial_bundle(stage="develop"), content_type="application/zip")
    assert engineer.post(_at("evidence/"), {"file": file}).headers["Location"] == _at("evidence/")


def _submit(owner: Client) -> str:
    assert owner.get(_at("submit/")).status_code == 200
    return owner.post(_at("submit/"), {"version": StageAssessment.objects.get().version}).headers["Location"]


def test_the_whole_path_from_opening_to_closing(
    company: Company, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, engineer, reviewer = _open(company, sign_in), sign_in(company.engineer), sign_in(company.reviewer)
    assert Responsible.objects.get().person == company.engineer
    _answer(owner, engineer)
    _deliver(engineer)
    assert Delivery.objects.get().by == company.engineer.key
    assert _submit(owner) == _at("rounds/1/")
    asked = {"act": "changes", "changes-text": "Say more.", "changes-questions": [f"{ASKED}|how"]}
    assert reviewer.post(_at("rounds/1/"), asked).status_code == 302
    assert owner.post(_at(f"questions/{ASKED}/how/"), {"answer": "By a letter.", "seen": 1}).status_code == 302
    assert _submit(owner) == _at("rounds/2/")
    page = reviewer.get(_at("rounds/2/")).content.decode()
    assert "By a notice." in page
    assert "By a letter." in page
    for act in (
        {"act": "advise", "advise-text": "Fine."},
        {"act": "propose", "propose-text": "So.", "propose-proposal": "approve"},
    ):
        assert reviewer.post(_at("rounds/2/"), act).status_code == 302
    assert [row.kind for row in Review.objects.all()] == ["changes", "advice", "proposal"]
    record_outcome(Round.objects.get(number=2), "approve", by=company.head)
    monkeypatch.setattr(HOOKS, "blockers", [])  # nothing of the committee here
    assert b"can be closed" in owner.get(_at("")).content
    assert owner.post(_at("close/"), {"version": StageAssessment.objects.get().version}).status_code == 302
    assert StageAssessment.objects.get().standing == Standing.CLOSED


def test_every_page_opens_for_who_works_on_it_in_both_languages(company: Company, sign_in: SignIn) -> None:
    owner, engineer = _open(company, sign_in), sign_in(company.engineer)
    _deliver(engineer)
    _submit(owner)
    case = "/use-cases/UC-2026-0001/"
    pages = [
        _at(name)
        for name in ("", "facts/", "people/", "carried/", f"questions/{ASKED}/told/", "evidence/", "rounds/1/")
    ]
    for language in ("en", "ja"):
        owner.cookies["language"] = language
        for page in [*pages, case, "/assessments/", "/"]:
            assert owner.get(page).status_code == 200, page
