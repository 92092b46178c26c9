from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from hakari.errors import NotAllowedError, OfficeError
from hakari.office.lifecycle.actions.delivering import deliver, make_current
from hakari.office.lifecycle.models import Delivery, StageAssessment
from hakari.office.people.models import Person
from hakari.office.registry.models import SystemVersion
from tests.pages.conftest import Company
from tests.pages.lifecycle.conftest import Assess
from tests.pages.lifecycle.trial import DOUBTFUL, FAIR, trial_bundle

pytestmark = pytest.mark.postgres
SignIn = Callable[[Person], Client]


def _file(content: bytes) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("case.zip", content)


def _counting() -> int:
    delivery = StageAssessment.objects.get().delivery
    assert delivery is not None
    return int(delivery.number)


def test_the_same_bundle_again_is_named_as_such(assess: Assess, company: Company, sign_in: SignIn) -> None:
    found, bundle = assess(), trial_bundle(FAIR)
    engineer, address = sign_in(company.engineer), f"/assessments/{found.key}/evidence/"
    engineer.post(address, {"file": _file(bundle)})
    answer = engineer.post(address, {"file": _file(bundle)}, follow=True)
    assert "This bundle is delivery 1, which counts already." in answer.content.decode()
    assert Delivery.objects.count() == 1


def test_an_older_bundle_again_asks_and_then_counts(assess: Assess, company: Company, sign_in: SignIn) -> None:
    found, old = assess(), trial_bundle(FAIR)
    deliver(found, old, by=company.engineer)
    deliver(found, trial_bundle(DOUBTFUL), by=company.engineer)
    engineer = sign_in(company.engineer)
    answer = engineer.post(f"/assessments/{found.key}/evidence/", {"file": _file(old)})
    assert (answer["Location"], _counting()) == (f"/assessments/{found.key}/evidence/1/", 2)
    assert "Delivery 2 counts now." in engineer.get(answer["Location"]).content.decode()
    assert engineer.post(answer["Location"], follow=True).status_code == 200
    assert _counting() == 1
    assert engineer.post(answer["Location"]).status_code == 302


def test_nobody_lets_an_older_one_count_who_may_not_deliver(assess: Assess, company: Company, sign_in: SignIn) -> None:
    found = assess()
    first = deliver(found, trial_bundle(FAIR), by=company.engineer)
    deliver(found, trial_bundle(DOUBTFUL), by=company.engineer)
    for person in (company.reviewer, company.member, company.stranger):
        with pytest.raises(NotAllowedError):
            make_current(first, by=person)
        assert sign_in(person).post(f"/assessments/{found.key}/evidence/1/").status_code in (403, 404)
    assert _counting() == 2


def test_a_decision_does_not_move_to_another_system_by_an_older_delivery(assess: Assess, company: Company) -> None:
    found = assess()
    first = deliver(found, trial_bundle(FAIR, model="b"), by=company.engineer)
    deliver(found, trial_bundle(FAIR), by=company.engineer)
    StageAssessment.objects.update(standing="decided")
    with pytest.raises(OfficeError):
        make_current(first, by=company.engineer)


def test_another_system_of_the_same_name_is_told_by_its_scope(assess: Assess, company: Company) -> None:
    found = assess()
    deliver(found, trial_bundle(FAIR), by=company.engineer)
    second = deliver(found, trial_bundle(FAIR, model="b"), by=company.engineer)
    labels = list(SystemVersion.objects.order_by("pk").values_list("label", flat=True))
    assert labels[-1] == f"{labels[0]} ({second.scope[:8]})"


def _with_file(content: bytes) -> bytes:
    return trial_bundle(FAIR, enclosed=content)


@pytest.mark.parametrize(
    ("content", "kind", "ending"),
    [
        (b"%PDF-1.7 what was looked at", "application/pdf", "pdf"),
        (b"Words only.", "text/plain", "txt"),
        (b"<script>alert(1)</script>", "text/plain", "txt"),
        (b"\x00\x01\x02", "application/octet-stream", "bin"),
    ],
)
def test_a_file_in_a_bundle_is_handed_out_by_its_digest_and_its_own_type(
    assess: Assess, company: Company, sign_in: SignIn, content: bytes, kind: str, ending: str
) -> None:
    found, digest = assess(), hashlib.sha256(content).hexdigest()
    deliver(found, _with_file(content), by=company.engineer)
    address = f"/assessments/{found.key}/evidence/files/{digest}/"
    client = sign_in(company.owner)
    assert address in client.get(f"/assessments/{found.key}/evidence/").content.decode()
    answer = client.get(address)
    assert (answer.content, answer["Content-Type"].partition(";")[0]) == (content, kind)
    assert answer["Content-Disposition"] == f'attachment; filename="{digest}.{ending}"'
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_who_does_not_read_the_evidence_gets_no_file_of_it(assess: Assess, company: Company, sign_in: SignIn) -> None:
    found, digest = assess(), hashlib.sha256(b"Words only.").hexdigest()
    deliver(found, _with_file(b"Words only."), by=company.engineer)
    address = f"/assessments/{found.key}/evidence/files/"
    assert sign_in(company.stranger).get(f"{address}{digest}/").status_code == 404
    assert sign_in(company.owner).get(f"{address}{'0' * 64}/").status_code == 404
