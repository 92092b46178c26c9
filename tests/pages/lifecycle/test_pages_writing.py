"""What the forms of assessments do, what they refuse, and what happens when two people send them or one sends twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from hakari.errors import ConflictError
from hakari.messages import say
from hakari.office.lifecycle import forms
from hakari.office.lifecycle.actions.answering import answer_question
from hakari.office.lifecycle.actions.opening import state_facts
from hakari.office.lifecycle.models import (
    Acceptance,
    Answer,
    Attachment,
    Delivery,
    Remark,
    Responsible,
    Review,
    Round,
    StageAssessment,
    Standing,
)
from hakari.office.lifecycle.staleness import mark_stale
from hakari.office.lifecycle.views import answering, opening
from hakari.office.people.models import Person
from hakari.office.registry.models import UseCase
from tests.pages.conftest import Company
from tests.pages.lifecycle.conftest import Assess, complete, make_case
from tests.pages.lifecycle.trial import ASKED, DOUBTFUL, GAPS, PROVEN, REFERENCE, install_pack, trial_bundle

SignIn = Callable[[Person], Client]
TOLD, HOW, FILE = f"questions/{ASKED}/told/", f"questions/{ASKED}/how/", f"questions/{PROVEN}/document/"


def _send(client: Client, name: str, **given: Any) -> Any:
    found = StageAssessment.objects.order_by("pk").last()
    assert found is not None
    return client.post(f"/assessments/{found.key}/{name}", given)


def _version() -> int:
    return StageAssessment.objects.get().version


def _file(name: str = "notice.txt", content: bytes = b"AI drafts this.") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_triage_chooses_the_packs_to_begin_with(company: Company, sign_in: SignIn) -> None:
    from tests.pages.intake.conftest import LOW, make

    case = make(LOW, by=company.reporter, unit=company.cameras).use_case
    UseCase.objects.filter(pk=case.pk).update(owner=company.owner)
    page = sign_in(company.owner).get(f"/assessments/open/{case.number}/").content.decode()
    ticked = [part for part in page.split("<input") if 'name="packs"' in part and " checked" in part]
    assert any("ai-ethics-core@1.1.0" in part for part in ticked)
    assert not any("nist-ai-rmf" in part for part in ticked)


def test_an_assessment_is_opened_once_however_often_the_form_is_sent(company: Company, sign_in: SignIn) -> None:
    install_pack()
    case, owner = make_case(company), sign_in(company.owner)
    given = {"stage": "develop", "packs": [REFERENCE]}
    sent = [owner.post(f"/assessments/open/{case.number}/", given).headers["Location"] for _ in range(2)]
    assert sent == [f"/assessments/{StageAssessment.objects.get().key}/"] * 2


def test_of_two_who_open_it_at_once_both_come_to_the_same_one(
    company: Company, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def quicker(*_: Any, **__: Any) -> None:
        raise ConflictError(say("office.core.conflict"))

    install_pack()
    case, owner = make_case(company), sign_in(company.owner)
    monkeypatch.setattr(opening, "open_assessment", quicker)
    answer = owner.post(f"/assessments/open/{case.number}/", {"stage": "develop", "packs": [REFERENCE]})
    assert answer.headers["Location"] == f"/assessments/open/{case.number}/"  # which leads to the one that is there


@pytest.mark.parametrize("given", [{}, {"stage": "develop"}, {"stage": "x", "packs": REFERENCE}])
def test_an_assessment_without_stage_or_packs_is_refused(
    company: Company, sign_in: SignIn, given: dict[str, Any]
) -> None:
    install_pack()
    answer = sign_in(company.owner).post(f"/assessments/open/{make_case(company).number}/", given)
    assert (answer.status_code, StageAssessment.objects.count()) == (422, 0)


def test_a_reporter_who_may_not_change_the_entry_opens_nothing(company: Company, sign_in: SignIn) -> None:
    case = make_case(company)
    assert sign_in(company.reporter).get(f"/assessments/open/{case.number}/").status_code == 403


def test_saving_leads_to_the_next_open_question_of_the_same_reader(
    assess: Assess, company: Company, sign_in: SignIn
) -> None:
    assess()
    owner = sign_in(company.owner)
    assert _send(owner, TOLD, answer="yes", seen=0).headers["Location"].endswith(HOW)
    assert _send(owner, HOW, answer="By a notice.", seen=0).headers["Location"].count("questions") == 0


def test_i_do_not_know_is_an_answer_and_is_not_asked_for_again_at_once(
    assess: Assess, company: Company, sign_in: SignIn
) -> None:
    assess()
    owner = sign_in(company.owner)
    _send(owner, TOLD, answer="yes", seen=0)
    assert "questions" not in _send(owner, HOW, unknown="on", seen=0).headers["Location"]
    assert [row.given for row in Answer.objects.all()] == ["yes", "unknown"]


@pytest.mark.parametrize(
    ("name", "given"),
    [
        (TOLD, {}),
        (TOLD, {"answer": "maybe"}),
        (HOW, {"answer": "no"}),
        (HOW, {"answer": "By a notice.", "unknown": "on"}),
        (HOW, {"answer": "\0 by a notice"}),
    ],
)
def test_an_answer_that_the_question_does_not_accept_is_refused_beside_its_field(
    assess: Assess, company: Company, sign_in: SignIn, name: str, given: dict[str, str]
) -> None:
    found = assess()
    if name == HOW:
        answer_question(found, ASKED, "told", "yes", seen=0, by=company.owner)
    answer = _send(sign_in(company.owner), name, seen=0, **given)
    assert (answer.status_code, Answer.objects.filter(question="how").count()) == (422, 0)
    assert b"error-summary" in answer.content


def test_who_does_not_hold_the_role_sees_no_form_and_is_refused(
    assess: Assess, company: Company, sign_in: SignIn
) -> None:
    found = assess()
    engineer = sign_in(company.engineer)
    page = engineer.get(f"/assessments/{found.key}/{TOLD}").content.decode()
    assert 'name="answer"' not in page
    assert _send(engineer, TOLD, answer="yes", seen=0).status_code == 403


def test_of_two_answers_the_second_shows_both_and_loses_nothing(
    assess: Assess, company: Company, sign_in: SignIn
) -> None:
    found = assess()
    answer_question(found, ASKED, "told", "yes", seen=0, by=company.owner)
    answer_question(found, ASKED, "how", "By a letter.", seen=0, by=company.owner)
    answer = _send(sign_in(company.owner), HOW, answer="By a poster.", seen=0)
    assert answer.status_code == 409
    assert b"By a letter." in answer.content
    assert b"By a poster.</textarea>" in answer.content
    assert b'name="seen" value="1"' in answer.content


def test_the_same_answer_sent_twice_is_one(assess: Assess, company: Company, sign_in: SignIn) -> None:
    assess()
    owner = sign_in(company.owner)
    sent = [_send(owner, TOLD, answer="yes", seen=0) for _ in range(2)]
    assert [answer.status_code for answer in sent] == [302, 302]
    assert Answer.objects.count() == 1


def test_the_same_file_sent_twice_is_one(assess: Assess, company: Company, sign_in: SignIn) -> None:
    assess()
    engineer = sign_in(company.engineer)
    sent = [_send(engineer, FILE, answer=_file(), seen=0) for _ in range(2)]
    assert [answer.status_code for answer in sent] == [302, 302]
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "content"), [("notice.html", b"<b>"), ("notice.pdf", b"no pdf"), ("notice.txt", b""), ("a.docx", b"PK")]
)
def test_a_file_of_a_kind_that_is_not_taken_or_in_disguise_is_refused(
    assess: Assess, company: Company, sign_in: SignIn, name: str, content: bytes
) -> None:
    assess()
    answer = _send(sign_in(company.engineer), FILE, answer=_file(name, content), seen=0)
    assert (answer.status_code, Attachment.objects.count()) == (422, 0)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(
    assess: Assess, company: Company, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "LARGEST", 3)
    monkeypatch.setattr(answering, "checked", lambda *_: pytest.fail("it was read"))
    assess()
    assert _send(sign_in(company.engineer), FILE, answer=_file(), seen=0).status_code == 422


def test_a_file_stays_when_the_answer_is_sent_without_another(
    assess: Assess, company: Company, sign_in: SignIn
) -> None:
    assess()
    engineer = sign_in(company.engineer)
    _send(engineer, FILE, answer=_file(), seen=0)
    assert _send(engineer, FILE, seen=1).status_code == 302
    assert [str(row.attachment and row.attachment.name) for row in Answer.objects.all()] == ["notice.txt"] * 2


def test_a_comment_is_kept_once_and_shown_as_text(assess: Assess, company: Company, sign_in: SignIn) -> None:
    found = assess()
    member = sign_in(company.member)
    for _ in range(2):
        _send(member, f"{TOLD}comment/", comment="<b>Who</b> told them?")
    assert Remark.objects.count() == 1
    page = sign_in(company.owner).get(f"/assessments/{found.key}/{TOLD}").content.decode()
    assert "&lt;b&gt;Who&lt;/b&gt; told them?" in page


def test_facts_are_stated_and_taken_back(assess: Assess, company: Company, sign_in: SignIn) -> None:
    assess()
    owner = sign_in(company.owner)
    _send(owner, "facts/", **{"version": _version(), "f-people": "no"})
    assert StageAssessment.objects.get().facts == {"people": False}
    _send(owner, "facts/", **{"version": _version(), "f-people": ""})
    assert StageAssessment.objects.get().facts == {}


def test_a_fact_of_the_notification_is_shown_and_not_asked(assess: Assess, company: Company, sign_in: SignIn) -> None:
    found = assess(facts={"people": True})
    page = sign_in(company.owner).get(f"/assessments/{found.key}/facts/").content.decode()
    assert "Touches people" in page
    assert 'name="f-people"' not in page


def test_facts_that_somebody_else_stated_meanwhile_are_shown_beside_what_was_typed(
    assess: Assess, company: Company, sign_in: SignIn
) -> None:
    found = assess()
    old = _version()
    state_facts(StageAssessment.objects.get(), {"people": None}, seen=old, by=company.head)
    answer = _send(sign_in(company.owner), "facts/", **{"version": old, "f-people": "no"})
    assert answer.status_code == 409
    assert b"Somebody else changed this meanwhile" in answer.content
    assert StageAssessment.objects.get(pk=found.pk).facts == {}


def test_roles_are_given_by_address_and_given_back(assess: Assess, company: Company, sign_in: SignIn) -> None:
    assess()
    owner = sign_in(company.owner)
    _send(owner, "people/", **{"role-engineer": "member@example.com"})
    assert Responsible.objects.get().person == company.member
    assert _send(owner, "people/", **{"role-engineer": "nobody@example.com"}).status_code == 422
    _send(owner, "people/", **{"role-engineer": ""})
    assert not Responsible.objects.exists()


def test_only_roles_that_are_asked_at_this_stage_can_be_given(
    assess: Assess, company: Company, sign_in: SignIn
) -> None:
    assess()
    _send(sign_in(company.owner), "people/", **{"role-legal": "member@example.com", "role-engineer": ""})
    assert not Responsible.objects.exists()


def test_a_bundle_sent_twice_is_one_delivery(assess: Assess, company: Company, sign_in: SignIn) -> None:
    assess()
    engineer, bundle = sign_in(company.engineer), trial_bundle()
    for _ in range(2):
        assert _send(engineer, "evidence/", file=_file("case.zip", bundle)).status_code == 302
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize("content", [b"no zip", b"PK\x03\x04"])
def test_what_is_no_bundle_is_refused_with_what_to_do(
    assess: Assess, company: Company, sign_in: SignIn, content: bytes
) -> None:
    assess()
    answer = _send(sign_in(company.engineer), "evidence/", file=_file("case.zip", content))
    assert (answer.status_code, Delivery.objects.count()) == (422, 0)
    assert b"This is no case bundle" in answer.content


def test_a_bundle_that_is_too_large_is_refused_before_it_is_read(
    assess: Assess, company: Company, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "LARGEST", 3)
    assess()
    answer = _send(sign_in(company.engineer), "evidence/", file=_file("case.zip", trial_bundle()))
    assert (answer.status_code, Delivery.objects.count()) == (422, 0)


def test_a_round_is_frozen_once_however_often_it_is_submitted(
    assess: Assess, company: Company, sign_in: SignIn
) -> None:
    complete(assess(), company)
    owner, seen = sign_in(company.owner), _version()
    sent = [_send(owner, "submit/", version=seen).headers["Location"] for _ in range(2)]
    assert sent[0] == sent[1]
    assert Round.objects.count() == 1


def test_what_changed_since_the_page_was_read_is_not_submitted(
    assess: Assess, company: Company, sign_in: SignIn
) -> None:
    complete(assess(), company)
    answer = _send(sign_in(company.owner), "submit/", version=_version() - 1)
    assert (answer.status_code, Round.objects.count()) == (409, 0)


def test_carried_answers_are_confirmed_before_a_round_is_submitted(
    assess: Assess, company: Company, sign_in: SignIn
) -> None:
    complete(assess(), company)
    UseCase.objects.update(state="decided")
    old = StageAssessment.objects.select_related("use_case").get()
    mark_stale(old, [], by=company.owner)
    owner = sign_in(company.owner)
    owner.post(f"/assessments/{old.key}/again/")
    fresh = StageAssessment.objects.get(before=old)
    assert _send(owner, "submit/", version=fresh.version).status_code == 400
    page = owner.get(f"/assessments/{fresh.key}/carried/").content.decode()
    assert page.count('name="place"') == 2
    assert f"to be confirmed by {company.engineer.name}" in " ".join(page.split())
    assert _send(owner, "carried/", place=[f"{PROVEN}|document"]).status_code == 403
    _send(owner, "carried/", place=[f"{ASKED}|told", f"{ASKED}|how"])
    _send(sign_in(company.engineer), "carried/", place=[f"{PROVEN}|document"])
    assert Answer.objects.filter(assessment=fresh, carried=False).count() == 3
    fresh.refresh_from_db()
    assert _send(owner, "submit/", version=fresh.version).status_code == 302


def test_a_review_sent_twice_is_one(submitted: Callable[..., Round], company: Company, sign_in: SignIn) -> None:
    submitted()
    reviewer = sign_in(company.reviewer)
    for act in ("advise", "propose", "changes"):
        given = {"act": act, f"{act}-text": "See\r\nthis.", f"{act}-proposal": "defer"}
        for _ in range(2):
            assert _send(reviewer, "rounds/1/", **given).status_code == 302
    assert [row.kind for row in Review.objects.all()] == ["advice", "proposal", "changes"]
    assert StageAssessment.objects.get().standing == Standing.CHANGES


@pytest.mark.parametrize(
    ("given", "status"),
    [({}, 400), ({"act": "approve"}, 400), ({"act": "advise"}, 422), ({"act": "propose", "propose-text": "x"}, 422)],
)
def test_a_review_that_says_nothing_is_refused(
    submitted: Callable[..., Round], company: Company, sign_in: SignIn, given: dict[str, str], status: int
) -> None:
    submitted()
    assert _send(sign_in(company.reviewer), "rounds/1/", **given).status_code == status
    assert not Review.objects.exists()


def test_whoever_took_part_gets_a_sentence_instead_of_forms(
    submitted: Callable[..., Round], company: Company, sign_in: SignIn
) -> None:
    round = submitted()
    UseCase.objects.update(owner=company.reviewer)
    reviewer = sign_in(company.reviewer)
    page = reviewer.get(f"/assessments/{round.assessment.key}/rounds/1/").content.decode()
    assert "somebody else has to judge it" in page
    assert 'value="advise"' not in page
    assert _send(reviewer, "rounds/1/", **{"act": "advise", "advise-text": "Good."}).status_code == 403


def test_a_round_is_taken_back_by_those_who_work_on_it(
    submitted: Callable[..., Round], company: Company, sign_in: SignIn
) -> None:
    submitted()
    given = {"act": "take_back", "take_back-reason": "The wrong model."}
    assert _send(sign_in(company.reviewer), "rounds/1/", **given).status_code == 403
    assert _send(sign_in(company.owner), "rounds/1/", **given).status_code == 302
    assert StageAssessment.objects.get().round == 2


def test_a_bound_is_accepted_once(assess: Assess, company: Company, sign_in: SignIn) -> None:
    complete(assess(), company, DOUBTFUL)
    head, name = sign_in(company.head), f"accept/{GAPS}/"
    given = {"reason": "Few rows.", "condition": "Monthly.", "until": timezone.localdate().isoformat()}
    assert _send(head, name, **{**given, "until": "2020-01-01"}).status_code == 422
    for _ in range(2):
        assert _send(head, name, **given).status_code == 302
    assert Acceptance.objects.count() == 1


def test_a_shut_gate_stays_shut_and_says_why(
    submitted: Callable[..., Round], company: Company, sign_in: SignIn
) -> None:
    submitted(DOUBTFUL)
    UseCase.objects.update(state="decided")
    StageAssessment.objects.update(standing=Standing.DECIDED)
    owner = sign_in(company.owner)
    found = StageAssessment.objects.get()
    assert b"The stage cannot be closed yet" in owner.get(f"/assessments/{found.key}/").content
    assert _send(owner, "close/", version=found.version).status_code == 400
    assert StageAssessment.objects.get().standing == Standing.DECIDED
