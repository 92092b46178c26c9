"""Bulletins and dialogue records as pages: who writes, who reads, what is noted once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hakari.errors import ConflictError, InputError, NotAllowedError
from hakari.office.core.models import Event, FreeText
from hakari.office.information.actions.notices import Draft, mark_read, publish, remind, withdraw
from hakari.office.information.audience import Audience, Condition
from hakari.office.information.models import Notice, NoticeEnd, Receipt, Reminder
from hakari.office.information.words import Words
from hakari.office.people.models import Person
from tests.pages.conftest import Company
from tests.pages.information.conftest import MakeCase, MakeNotice

pytestmark = pytest.mark.postgres

SignIn = Callable[[Person], Client]
PERSONAL = Audience(conditions=(Condition("personal_data", True),))
XSS = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def typed(**more: Any) -> dict[str, Any]:
    return {
        "key": str(uuid.uuid4()),
        "urgency": "urgent",
        "title_en": "Faces leak",
        "text_en": "Stop using it.",
        "condition_1": "personal_data=true",
        **more,
    }


def previewed(client: Client, address: str, data: dict[str, Any]) -> dict[str, Any]:
    page = client.post(address, {**data, "preview": "1"})
    assert page.status_code == 200
    return {**data, "previewed": page.context["form"]["previewed"].value(), "publish": "1"}


NEW = "/information/notices/new/bulletin/"
DIALOGUE = "/information/notices/new/dialogue/"


def test_the_office_sees_the_reach_and_then_publishes(company: Company, sign_in: SignIn, case: MakeCase) -> None:
    case(facts={"personal_data": True})
    office = sign_in(company.reviewer)
    page = office.post(NEW, {**typed(), "preview": "1"}).content.decode()
    assert "It reaches 2 people." in page
    assert "It concerns 1 use case." in page
    assert not Notice.objects.exists()
    page_after = office.post(NEW, previewed(office, NEW, typed()), follow=True)
    assert "Faces leak" in page_after.content.decode()
    assert Notice.objects.get().number.startswith("BU-")


def test_nothing_is_published_whose_reach_was_not_shown(company: Company, sign_in: SignIn) -> None:
    office = sign_in(company.reviewer)
    office.post(NEW, {**typed(), "publish": "1"})
    changed = {**previewed(office, NEW, typed()), "condition_2": "uses_biometrics=true"}
    assert "How far it goes" in office.post(NEW, changed).content.decode()
    assert not Notice.objects.exists()


def test_publishing_twice_publishes_once(company: Company, sign_in: SignIn) -> None:
    office = sign_in(company.reviewer)
    data = previewed(office, NEW, typed())
    first, second = office.post(NEW, data), office.post(NEW, data)
    assert first.headers["Location"] == second.headers["Location"]
    assert Notice.objects.count() == 1
    assert Event.objects.filter(kind="bulletin.published").count() == 1


@pytest.mark.parametrize("role", ["owner", "member", "auditor", "delegate", "admin", "outsider"])
def test_others_write_nothing(role: str, company: Company, sign_in: SignIn, bulletin: MakeNotice) -> None:
    client, number = sign_in(company.people[role]), bulletin().number
    assert client.post(NEW, typed()).status_code == 403
    assert client.post(f"/information/notices/{number}/withdraw/", {"reason": "x"}).status_code == 403
    assert client.post(f"/information/notices/{number}/remind/").status_code == 403
    assert not NoticeEnd.objects.exists()


def test_the_actions_ask_for_permission_themselves(company: Company, bulletin: MakeNotice) -> None:
    notice = bulletin()
    for act in (
        lambda: bulletin(by=company.owner),
        lambda: withdraw(notice, "x", by=company.owner),
        lambda: remind(notice, by=company.owner),
    ):
        with pytest.raises(NotAllowedError):
            act()


def test_title_and_text_are_asked_for_in_one_language(company: Company, sign_in: SignIn) -> None:
    office = sign_in(company.reviewer)
    page = office.post(NEW, {**typed(text_en="", text_ja="本文"), "preview": "1"})
    assert page.status_code == 422
    assert "Title and text are needed in the same language" in page.content.decode()


def test_the_action_refuses_words_that_do_not_fit(company: Company, bulletin: MakeNotice) -> None:
    for more in ({"text": Words()}, {"text": Words(ja="文")}, {"text": Words(en="x" * 10_001)}):
        with pytest.raises(InputError):
            bulletin(**more)
    for title in (Words(), Words(ja="題"), Words(en="x" * 201)):
        with pytest.raises(InputError):
            bulletin(title)


def test_opening_is_noted_once_and_the_office_sees_it(
    company: Company, sign_in: SignIn, case: MakeCase, bulletin: MakeNotice
) -> None:
    case(facts={"personal_data": True})
    notice = bulletin(audience=PERSONAL)
    reader, office = sign_in(company.owner), sign_in(company.reviewer)
    assert notice.number in reader.get("/").content.decode()
    for _ in range(2):
        assert reader.get(f"/information/notices/{notice.number}/").status_code == 200
    assert Receipt.objects.count() == Event.objects.filter(kind="notice.read").count() == 1
    assert notice.number not in reader.get("/").content.decode()
    assert "1 of 2 have opened it." in office.get(f"/information/notices/{notice.number}/receipts/").content.decode()


def test_a_look_at_the_head_is_no_reading(
    company: Company, sign_in: SignIn, case: MakeCase, bulletin: MakeNotice
) -> None:
    case(facts={"personal_data": True})
    notice = bulletin(audience=PERSONAL)
    sign_in(company.owner).head(f"/information/notices/{notice.number}/")
    sign_in(company.reviewer).get(f"/information/notices/{notice.number}/")
    assert not Receipt.objects.exists()
    assert mark_read(notice, by=company.reviewer) is None


def test_a_notice_that_does_not_concern_somebody_is_not_there(
    company: Company, sign_in: SignIn, case: MakeCase, bulletin: MakeNotice
) -> None:
    case(facts={"personal_data": True})
    number = bulletin(audience=PERSONAL).number
    for person, status in ((company.stranger, 404), (company.engineer, 200), (company.auditor, 200)):
        assert sign_in(person).get(f"/information/notices/{number}/").status_code == status
    assert number not in sign_in(company.stranger).get("/information/notices/").content.decode()
    assert Client().get(f"/information/notices/{number}/").status_code == 302


def test_a_restricted_case_shows_in_no_list_and_no_number(
    company: Company, sign_in: SignIn, case: MakeCase, bulletin: MakeNotice
) -> None:
    hidden = case("Secret plan", facts={"personal_data": True}, visibility="restricted")
    notice = bulletin(audience=PERSONAL)
    for address in (f"/information/notices/{notice.number}/", f"/information/notices/{notice.number}/receipts/"):
        office = sign_in(company.reviewer).get(address).content.decode()
        assert hidden.number not in office
        assert "Owner" not in office
        assert "0 of 0 have opened it." in office
        assert "0 of 1 have opened it." in sign_in(company.head).get(address).content.decode()
    assert sign_in(company.engineer).get(f"/information/notices/{notice.number}/").status_code == 404


def test_receipts_are_for_the_office_and_for_auditors(
    company: Company, sign_in: SignIn, case: MakeCase, bulletin: MakeNotice
) -> None:
    case(facts={"personal_data": True})
    address = f"/information/notices/{bulletin(audience=PERSONAL).number}/receipts/"
    answers = {name: sign_in(company.people[name]).get(address).status_code for name in ("owner", "auditor", "head")}
    assert answers == {"owner": 403, "auditor": 200, "head": 200}


def test_those_who_have_not_read_are_reminded_once(
    company: Company,
    sign_in: SignIn,
    case: MakeCase,
    bulletin: MakeNotice,
    django_capture_on_commit_callbacks: Any,
) -> None:
    case(facts={"personal_data": True})
    notice = bulletin(audience=PERSONAL)
    mark_read(notice, by=company.owner)
    office = sign_in(company.reviewer)
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            assert office.post(f"/information/notices/{notice.number}/remind/").status_code == 302
    assert [sent.to for sent in outbox.outbox] == [["delegate@example.com"]]
    assert Reminder.objects.count() == 1
    assert "Remind those" not in office.get(f"/information/notices/{notice.number}/receipts/").content.decode()


def test_an_urgent_bulletin_is_mailed_at_once_without_its_text(
    company: Company, case: MakeCase, bulletin: MakeNotice, django_capture_on_commit_callbacks: Any
) -> None:
    case("Face search", facts={"personal_data": True})
    Person.objects.filter(pk=company.owner.pk).update(language="ja")
    with django_capture_on_commit_callbacks(execute=True):
        notice = bulletin(audience=PERSONAL, urgency="urgent")
    texts = {sent.to[0]: sent for sent in outbox.outbox}
    assert texts["owner@example.com"].subject == "リスク情報：Beware"
    assert texts["delegate@example.com"].subject == "Risk bulletin: Beware"
    assert f"/information/notices/{notice.number}/" in texts["delegate@example.com"].body
    assert all("A risk." not in sent.body and "Face search" not in sent.body for sent in outbox.outbox)


def test_other_bulletins_wait_for_the_digest(
    company: Company, case: MakeCase, bulletin: MakeNotice, django_capture_on_commit_callbacks: Any
) -> None:
    case(facts={"personal_data": True})
    with django_capture_on_commit_callbacks(execute=True):
        bulletin("First", audience=PERSONAL)
        bulletin("Second", audience=PERSONAL)
    assert outbox.outbox == []
    told = StringIO()
    call_command("send_digests", stdout=told)
    assert "2 mails sent" in told.getvalue()
    assert len(outbox.outbox) == 2
    assert all("First" in sent.body and "Second" in sent.body for sent in outbox.outbox)


def test_a_withdrawn_bulletin_stays_readable_and_leaves_the_home_page(
    company: Company, sign_in: SignIn, case: MakeCase, bulletin: MakeNotice
) -> None:
    case(facts={"personal_data": True})
    notice = bulletin(audience=PERSONAL)
    office = sign_in(company.reviewer)
    for _ in range(2):
        answer = office.post(f"/information/notices/{notice.number}/withdraw/", {"reason": "It was wrong."})
        assert answer.status_code == 302
    assert NoticeEnd.objects.count() == Event.objects.filter(kind="notice.withdrawn").count() == 1
    reader = sign_in(company.owner)
    assert notice.number not in reader.get("/").content.decode()
    assert "It was wrong." in reader.get(f"/information/notices/{notice.number}/").content.decode()


def test_a_newer_bulletin_stands_in_the_place_of_the_old_one(
    company: Company, sign_in: SignIn, bulletin: MakeNotice
) -> None:
    old, office = bulletin("Old"), sign_in(company.reviewer)
    address = f"{NEW}?instead_of={old.number}"
    assert 'value="Old"' in office.get(address).content.decode()
    office.post(address, previewed(office, address, typed(title_en="New")))
    new = Notice.objects.get(supersedes=old)
    assert new.number in office.get(f"/information/notices/{old.number}/").content.decode()
    assert old.number in office.get(f"/information/notices/{new.number}/").content.decode()
    with pytest.raises(ConflictError):
        bulletin("Third", supersedes=old)
    assert Notice.objects.count() == 2


def test_a_second_successor_is_refused_and_nothing_typed_is_lost(
    company: Company, sign_in: SignIn, bulletin: MakeNotice
) -> None:
    old, office = bulletin("Old"), sign_in(company.reviewer)
    address = f"{NEW}?instead_of={old.number}"
    data = previewed(office, address, typed(title_en="Mine"))
    withdraw(old, "wrong", by=company.head)
    page = office.post(address, data)
    assert page.status_code == 409
    assert 'value="Mine"' in page.content.decode()


def test_a_dialogue_record_says_who_was_heard_and_what_changed(
    company: Company, sign_in: SignIn, case: MakeCase
) -> None:
    case(facts={"personal_data": True})
    office = sign_in(company.reviewer)
    data = typed(heard="civil_society", heard_name="Rights Forum", heard_on="2026-10-01", changed_en="We stopped.")
    office.post(DIALOGUE, previewed(office, DIALOGUE, data))
    notice = Notice.objects.get()
    page = sign_in(company.owner).get(f"/information/notices/{notice.number}/").content.decode()
    assert notice.number.startswith("DI-")
    assert all(text in page for text in ("Rights Forum", "Civil society", "We stopped.", "1 Oct 2026"))
    assert Receipt.objects.count() == 1


def test_a_dialogue_names_its_day(company: Company, sign_in: SignIn) -> None:
    page = sign_in(company.reviewer).post(DIALOGUE, typed(heard="academia"))
    assert page.status_code == 422


def test_what_people_wrote_stays_text(company: Company, sign_in: SignIn) -> None:
    office = sign_in(company.reviewer)
    data = typed(title_en=XSS, text_en=XSS, heard="other", heard_name=XSS, heard_on="2026-10-01", changed_en=XSS)
    office.post(DIALOGUE, previewed(office, DIALOGUE, data))
    number = Notice.objects.get().number
    withdraw(Notice.objects.get(), XSS, by=company.reviewer)
    for address in ("/information/notices/", f"/information/notices/{number}/", f"/information/notices/?q={XSS}"):
        page = office.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_a_title_with_line_breaks_becomes_one_line(company: Company, bulletin: MakeNotice) -> None:
    assert str(bulletin("One\r\nBcc: x@example.com").title_en) == "One Bcc: x@example.com"


def test_an_erased_author_and_erased_words_are_said_to_be(
    company: Company, sign_in: SignIn, bulletin: MakeNotice
) -> None:
    notice = bulletin()
    Person.objects.filter(pk=company.reviewer.pk).update(erased_at=timezone.now(), name="", is_active=False)
    FreeText.objects.filter(pk__in=[notice.text_en_id, notice.title_en_id]).update(text=None, erased_at=timezone.now())
    for address in ("/information/notices/", f"/information/notices/{notice.number}/"):
        page = sign_in(company.head).get(address).content.decode()
        assert "a person who was erased" in page
        assert "This text was erased" in page


def test_readers_are_told_in_which_language_it_was_written(
    company: Company, sign_in: SignIn, bulletin: MakeNotice
) -> None:
    Person.objects.filter(pk=company.head.pk).update(language="ja")
    company.head.refresh_from_db()
    page = sign_in(company.head).get(f"/information/notices/{bulletin().number}/").content.decode()
    assert "英語でのみ書かれています。" in page
    assert '<div class="prose" lang="en">' in page


def test_the_list_filters_and_pages(company: Company, sign_in: SignIn, bulletin: MakeNotice) -> None:
    for number in range(27):
        bulletin(f"Bulletin {number:02}")
    office = sign_in(company.reviewer)
    page = office.get("/information/notices/").content.decode()
    assert "Bulletin 26" in page
    assert "Bulletin 01" not in page
    assert "Bulletin 01" in office.get("/information/notices/?page=2").content.decode()
    found = office.get("/information/notices/?q=Bulletin+13").content.decode()
    assert "Bulletin 13" in found
    assert "Bulletin 12" not in found
    for query in ("kind=dialogue", "state=ended", "whose=mine", "state=unread"):
        assert "Bulletin 13" not in office.get(f"/information/notices/?{query}").content.decode()


@pytest.mark.parametrize("address", ["", "BU/", "BU/receipts/"])
def test_pages_ask_a_constant_number_of_questions(
    address: str, company: Company, sign_in: SignIn, case: MakeCase, bulletin: MakeNotice
) -> None:
    counts = []
    for turn in range(2):
        for number in range(3):
            owner = company.add(f"person{turn}{number}", "owner", company.music)
            case(facts={"personal_data": True}, owner=owner, unit=company.music)
        _, _, notice = (bulletin(audience=PERSONAL) for _ in range(3))
        office = sign_in(company.reviewer)
        with CaptureQueriesContext(connection) as asked:
            assert office.get(f"/information/notices/{address.replace('BU', notice.number)}").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_publishing_with_the_key_of_another_form_is_refused_for_others(company: Company, bulletin: MakeNotice) -> None:
    first = bulletin()
    draft = Draft(kind="bulletin", title=Words(en="x"), text=Words(en="y"), audience=Audience())
    with pytest.raises(ConflictError):
        publish(draft, key=first.key, by=company.head)
    assert publish(draft, key=first.key, by=company.reviewer) == first


def test_the_page_of_a_use_case_names_what_concerns_it_also_what_came_before_it(
    company: Company, sign_in: SignIn, case: MakeCase, bulletin: MakeNotice
) -> None:
    notice, other = bulletin("Faces leak", audience=PERSONAL), bulletin("Withdrawn", audience=PERSONAL)
    withdraw(other, "wrong", by=company.head)
    page = sign_in(company.owner).get(f"/use-cases/{case(facts={'personal_data': True}).number}/").content.decode()
    assert notice.number in page
    assert other.number not in page
