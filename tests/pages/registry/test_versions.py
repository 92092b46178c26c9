from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hakari.errors import InputError, NotAllowedError
from hakari.evidence import Subject, digest_json, scope_digest
from hakari.office.people.models import Person
from hakari.office.registry import actions
from hakari.office.registry.models import SystemVersion, UseCase
from tests.pages.conftest import Company

pytestmark = pytest.mark.postgres
Enter = Callable[..., UseCase]
SignIn = Callable[[Person], Client]
SUBJECTS = [
    Subject(role="model", kind="file", name="model.onnx", digest="a" * 64),
    Subject(role="data.test", kind="snapshot", name="loans@7", digest="b" * 64),
]
JSON = [{"role": item.role, "kind": item.kind, "name": item.name, "digest": item.digest} for item in SUBJECTS]
EMPTY = {"subject-TOTAL_FORMS": "0", "subject-INITIAL_FORMS": "0"}


def test_the_scope_digest_is_that_of_the_plan(company: Company, enter: Enter) -> None:
    use = {"columns": {"label": "y"}}
    version = actions.add_version(enter("Loans"), "1", SUBJECTS, by=company.owner, use=use)
    listed = sorted([item.role, item.kind, item.digest] for item in SUBJECTS)
    assert version.scope_digest == digest_json({"subjects": listed, "use": use})


def test_a_label_is_given_once_and_by_those_who_may(company: Company, enter: Enter) -> None:
    case = enter("Loans")
    actions.add_version(case, "1", SUBJECTS, by=company.engineer)
    with pytest.raises(InputError):
        actions.add_version(case, "1", SUBJECTS, by=company.engineer)
    with pytest.raises(NotAllowedError):
        actions.add_version(case, "2", SUBJECTS, by=company.stranger)


@pytest.mark.parametrize(
    "content",
    [JSON, {"subjects": JSON, "use": {"x": 1}}, {"predicate": {"subjects": JSON}}, {"plan": {"subjects": JSON}}],
)
def test_subjects_are_read_from_what_a_bundle_holds(
    company: Company, enter: Enter, sign_in: SignIn, content: object
) -> None:
    case = enter("Loans")
    file = SimpleUploadedFile("plan.json", json.dumps(content).encode())
    page = sign_in(company.engineer).post(f"/use-cases/{case.number}/versions/", {"label": "1", "file": file, **EMPTY})
    assert page.status_code == 302
    use = content.get("use", {}) if isinstance(content, dict) else {}
    assert SystemVersion.objects.get().scope_digest == scope_digest(SUBJECTS, use)


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n",
        b"[]",
        b"{}",
        b'{"subjects": {}}',
        b"[" * 200 + b"]" * 200,
        json.dumps([*JSON, JSON[0]]).encode(),
        json.dumps([{**JSON[0], "digest": "x"}]).encode(),
        json.dumps([{**JSON[0], "more": 1}]).encode(),
        b" " * (2**20 + 1),
    ],
)
def test_other_files_are_refused_with_a_reason(company: Company, enter: Enter, sign_in: SignIn, content: bytes) -> None:
    case = enter("Loans")
    file = SimpleUploadedFile("plan.json", content)
    page = sign_in(company.engineer).post(f"/use-cases/{case.number}/versions/", {"label": "1", "file": file, **EMPTY})
    assert page.status_code == 200
    assert page.context["form"].errors
    assert not SystemVersion.objects.exists()


def test_subjects_can_be_typed_and_a_second_click_adds_nothing(company: Company, enter: Enter, sign_in: SignIn) -> None:
    case, client = enter("Loans"), sign_in(company.engineer)
    typed = {f"subject-0-{name}": value for name, value in JSON[0].items()}
    form = {"label": "1", "subject-TOTAL_FORMS": "3", "subject-INITIAL_FORMS": "0", **typed}
    form |= {"subject-1-kind": "file", "subject-2-kind": "file"}
    for _ in range(2):
        assert client.post(f"/use-cases/{case.number}/versions/", form).status_code == 302
    assert SystemVersion.objects.get().subjects == [JSON[0]]
    assert "model.onnx" in client.get(f"/use-cases/{case.number}/").content.decode()
