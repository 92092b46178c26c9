from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from hakari.office.committee.models import Decision
from hakari.office.core.ledger.checkpoints import checkpoint_folder
from hakari.office.people.models import Person
from tests.pages.committee.conftest import decide_by, make_item
from tests.pages.conftest import Company

pytestmark = pytest.mark.postgres
SignIn = Callable[[Person], Client]


@pytest.fixture
def decided(company: Company, django_capture_on_commit_callbacks: Callable[..., object]) -> Decision:
    """Return a decision on an open case, sealed by a checkpoint."""
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]  # a context manager
        decide_by(make_item(company), company, "approve")
    return Decision.objects.get()


def _home(client: Client) -> str:
    return client.get("/").content.decode()


@pytest.mark.parametrize("role", ["auditor", "publisher"])
def test_who_reads_for_others_sees_the_latest_decisions(
    decided: Decision, company: Company, sign_in: SignIn, role: str
) -> None:
    page = _home(sign_in(company.add(f"reads-{role}", role, None)))
    assert f"/committee/decisions/{decided.number}/" in page
    assert 'href="/use-cases/"' in page


def test_an_auditor_sees_the_latest_checkpoints(decided: Decision, company: Company, sign_in: SignIn) -> None:
    newest = max(checkpoint_folder().glob("*.json"))
    page = _home(sign_in(company.add("auditing", "auditor", None)))
    assert f"Checkpoint after event {int(newest.stem)}" in page
    assert "signed by the office" in page


def test_a_checkpoint_that_was_changed_is_named(decided: Decision, company: Company, sign_in: SignIn) -> None:
    newest = max(checkpoint_folder().glob("*.json"))
    content = newest.read_bytes()
    try:
        newest.write_bytes(content.replace(b'"sig":"', b'"sig":"A', 1))
        assert "not what the office signed" in _home(sign_in(company.add("auditing", "auditor", None)))
    finally:
        newest.write_bytes(content)


def test_a_restricted_decision_is_not_told_to_a_publisher(decided: Decision, company: Company, sign_in: SignIn) -> None:
    type(decided.use_case).objects.update(visibility="restricted")
    assert decided.number not in _home(sign_in(company.add("reads", "publisher", None)))


@pytest.mark.parametrize("name", ["owner", "stranger", "member"])
def test_nobody_else_has_these_sections(decided: Decision, company: Company, sign_in: SignIn, name: str) -> None:
    page = _home(sign_in(company.people[name]))
    assert "Latest decisions" not in page
    assert "Latest checkpoints" not in page


def test_the_committee_stands_as_one_group_in_the_navigation(company: Company, sign_in: SignIn) -> None:
    page = sign_in(company.member).get("/committee/meetings/").content.decode()
    group = page.split('<li class="around-group">')[1].split("</ul></li>")[0]
    assert group.count("<a ") == 5
    assert 'href="/committee/meetings/" aria-current="page"' in group


def test_who_does_not_read_the_docket_has_its_open_pages_for_themselves(company: Company, sign_in: SignIn) -> None:
    page = sign_in(company.owner).get("/").content.decode()
    assert "around-group" not in page
    assert 'href="/committee/conditions/"' in page
