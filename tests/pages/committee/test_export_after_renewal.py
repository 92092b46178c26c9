"""A decision is handed on after the office's key was renewed: with the renewals, or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hakari.assessment.archive import unpack_archive
from hakari.assessment.bundle import read_bundle
from hakari.errors import OfficeError
from hakari.evidence import create_key
from hakari.messages import Message, render
from hakari.office.committee.exporting import bundle_of
from hakari.office.committee.models import Decision
from hakari.office.core.ledger.checkpoints import office_key
from hakari.office.core.ledger.custody import key_path, renewal_folder
from hakari.office.desk.renewing import renew_key
from hakari.office.keys.directory import directory_bytes
from hakari.office.people.models import Person
from hakari.workflows.verify import verify_bytes
from tests.contract import _stranger as stranger
from tests.contract._stranger_decision import decision_in
from tests.contract.bending import Sample
from tests.contract.second_opinion import of_hakari, of_the_file
from tests.pages.committee.conftest import decide_by, make_item
from tests.pages.conftest import Company

pytestmark = pytest.mark.postgres


def quiet(message: Message) -> None: ...


def refused(decision: Decision) -> Message:
    """Return why a decision cannot be handed out."""
    with pytest.raises(OfficeError) as found:
        bundle_of(decision)
    assert isinstance(found.value.message, Message)
    return found.value.message


def told_by_a_stranger(content: bytes) -> str:
    """Return which decision a stranger finds in order; the packs of these tests are beyond the YAML that it reads."""
    files = unpack_archive(content)[0]
    plan, assessment = (json.loads(files[name]) for name in ("plan.json", "assessment.json"))
    evidence: dict[str, dict[str, Any]] = {name[9:-5]: {} for name in files if name.startswith("evidence/")}
    found = decision_in(stranger.Bundle(files, plan, assessment["plan"], assessment, evidence))
    assert found is not None
    return found.number


@pytest.fixture
def decision(company: Company, settings: Any, tmp_path: Path) -> Decision:
    """Return a decision of an office with a folder, and so keys, of its own."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, folder=tmp_path, key=tmp_path / "keys" / "office.pem")
    decide_by(make_item(company, number="UC-2026-0001"), company, "approve")
    return Decision.objects.get()


@pytest.mark.parametrize("count", [1, 2])
def test_the_renewals_travel_with_the_decision_and_every_reader_follows_them(decision: Decision, count: int) -> None:
    first = office_key().public
    before = of_hakari(Sample("before", bundle_of(decision), directory_bytes(timezone.now()), "in order"))
    done = [renew_key("office", tell=quiet) for _ in range(count)]
    content = bundle_of(decision)
    bundle = read_bundle(content)
    assert bundle.faults == ()
    assert (bundle.decided_by, bundle.signed_by) == (first.id, (office_key().public.id,))
    names = {name for name in bundle.files if "renewals" in name}
    assert names == {f"ledger/renewals/{item.sequence:012d}.json" for item in done}
    sample = Sample("renewed", content, directory_bytes(timezone.now()), "in order")
    ours = of_hakari(sample)
    assert ours.members == (frozenset(), frozenset(), frozenset()), ours.told
    assert (ours.genuine, ours.recomputed, ours.decision) == (before.genuine, before.recomputed, before.decision)
    assert ours.signed == before.signed, "the office, by its new key"
    assert of_the_file(sample).compared == ours.compared
    assert told_by_a_stranger(content) == decision.number


def test_the_sites_renewals_stay_at_home(decision: Decision) -> None:
    renew_key("site", tell=quiet)
    before = unpack_archive(bundle_of(decision))[0]
    assert not [name for name in before if "renewals" in name]
    done = renew_key("office", tell=quiet)
    renew_key("site", tell=quiet)
    after = unpack_archive(bundle_of(decision))[0]
    assert [name for name in after if "renewals" in name] == [f"ledger/renewals/{done.sequence:012d}.json"]


def test_a_decision_by_the_present_key_needs_none(decision: Decision, company: Company) -> None:
    renew_key("office", tell=quiet)
    decide_by(make_item(company, number="UC-2026-0002"), company, "approve")
    newer = Decision.objects.exclude(pk=decision.pk).get()
    bundle = read_bundle(bundle_of(newer))
    assert bundle.decided_by == office_key().public.id
    assert not [name for name in bundle.files if "renewals" in name]


@pytest.mark.parametrize(
    ("language", "words"), [("en", "no renewals signed by both keys"), ("ja", "現在のAI倫理室の鍵までたどれません")]
)
def test_after_a_loss_nothing_is_handed_out(decision: Decision, language: Any, words: str) -> None:
    renew_key("office", lost_since=timezone.now() - timedelta(hours=1), tell=quiet)
    assert words in render(refused(decision), language)


def test_a_key_put_there_by_hand_is_refused(decision: Decision) -> None:
    key_path("office").unlink()
    create_key(key_path("office"))
    assert refused(decision).key == "office.committee.export.other_key"


def test_a_statement_that_is_gone_or_bent_leads_nowhere(decision: Decision) -> None:
    renew_key("office", tell=quiet)
    (path,) = renewal_folder().glob("*.json")
    content = path.read_bytes()
    for other in (content.replace(b'"sig":"', b'"sig":"AA', 1), None):
        path.unlink()
        if other is not None:
            path.write_bytes(other)
        assert refused(decision).key == "office.committee.export.other_key"
    path.write_bytes(content)
    assert verify_bytes(bundle_of(decision)).ok


def test_the_page_hands_it_out(decision: Decision, company: Company, sign_in: Callable[[Person], Client]) -> None:
    renew_key("office", tell=quiet)
    answer = sign_in(company.owner).post(reverse("committee:export", args=[decision.number]))
    assert answer.status_code == 200
    assert verify_bytes(answer.content).ok
