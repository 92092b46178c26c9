"""The story of one notification, as the people in it live it: told, asked, narrowed, decided, sampled, informed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core import mail
from playwright.sync_api import Page

from hakari.office.intake.models import Notification, Step, TriageRecord
from hakari.office.people.models import Person
from hakari.office.registry.models import UseCase
from hakari.office.registry.states import State
from tests.browser.office.conftest import Site
from tests.browser.office.reader import Language, Reader

pytestmark = [pytest.mark.browser]

Open = Callable[..., Page]
TITLE = {"en": "Reply drafts for fans", "ja": "ファンへの返信案の作成"}
ANSWERS = {
    "does": "unknown", "who": "adults", "data": "unknown", "field": "creative", "practices": "none",
    "effect": "advice", "content": "unknown", "role": ["uses", "supplier"], "where": ["japan"],
}  # fmt: skip
SUPPLIER = {"does": ["generates"], "data": "personal", "content": ["none"], "effect": "advice"}


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@hoshino.example")


def notify(reader: Reader) -> str:
    """A product manager tells of a vendor's API and does not know three things; return the number."""
    reader.go("/")
    reader.around("office.navigation.notify")
    reader.go("/notify/start/")
    reader.page.fill('input[name="title"]', TITLE[reader.language])
    reader.page.fill('textarea[name="purpose"]', "…")
    reader.press("office.intake.start.go")
    if "/similar/" in reader.path:
        reader.page.locator("main form button, main a.button").first.click()
    number = re.search(r"UC-\d{4}-\d+", reader.path)
    assert number is not None, reader.path
    while "/question/" in reader.path:
        name = reader.path.split("/question/")[1].strip("/")
        reader.choose("answer", ANSWERS[name])
        reader.press("office.intake.question.next")
    assert reader.path.endswith("/check/")
    return number.group()


def ask_supplier(reader: Reader, number: str) -> str:
    """The same person sends all open technical questions to the vendor; return the link from the mail."""
    mail.outbox.clear()
    reader.go(f"/notify/{number}/question/data/ask/")
    reader.choose("which", "all")
    reader.page.fill('input[name="email"]', "support@vendor.example")
    reader.page.locator('input[name="email"]').press("Tab")
    reader.page.locator("main form button.button").first.click()
    sent = [item for item in mail.outbox if item.to == ["support@vendor.example"]]
    assert len(sent) == 1
    link = re.search(r"/notify/asked/\S+", str(sent[0].body))
    assert link is not None
    return link.group().rstrip(".")


def answer_as_supplier(reader: Reader, link: str) -> None:
    """Somebody without an account answers on one page."""
    reader.go(link)
    for name in {box.get_attribute("name") for box in reader.page.locator('input[name^="q-"]').all()}:
        assert name is not None
        reader.choose(name, SUPPLIER[name.removeprefix("q-")])
    reader.page.fill('input[name="name"]', "Vendor support")
    reader.press("office.intake.outside.send")
    assert "/thanks/" in reader.path


@pytest.mark.parametrize(("language", "script"), [("en", True), ("en", False), ("ja", False)])
def test_from_the_first_line_to_the_bulletin(site: Site, open_page: Open, language: Language, script: bool) -> None:
    def reader(name: str | None) -> Reader:
        someone = person(name) if name else None
        return Reader(open_page(someone, language=language, java_script_enabled=script), site, language)

    manager = reader("music.reporter")
    number = notify(manager)
    link = ask_supplier(manager, number)
    manager.go(f"/notify/{number}/check/")
    manager.press("office.intake.check.send")
    assert manager.path.endswith("/receipt/")
    case = UseCase.objects.get(number=number)
    assert case.state == State.NOTIFIED
    before = (case.lowest, case.highest)
    assert case.lowest != case.highest, "three unknowns leave a range"

    outsider = reader(None)
    answer_as_supplier(outsider, link)
    again = outsider.page.goto(site.url + link)
    assert again is not None
    assert again.status == 404, "a used link opens nothing"

    manager.go("/")
    assert number in manager.page.content(), "the answer is told on the home page"
    manager.go(f"/notify/{number}/receipt/")
    manager.page.locator(f'a[href*="/notify/{number}/links/"]').first.click()
    manager.press("office.intake.link.accept")
    answer_what_decides(manager, case)
    assert (case.lowest, case.highest) == ("middle", "middle") != before
    assert TriageRecord.objects.filter(notification__use_case=case).count() >= 2

    delegate = reader("music.delegate")
    delegate.go("/notify/queue/unit/")
    delegate.follow(TITLE[language])
    delegate.press("office.intake.decide.accept")
    case.refresh_from_db()
    assert case.state == State.TRIAGED
    assert Notification.objects.get(use_case=case).step == Step.SETTLED

    office = reader("reviewer")
    sampled = draw_until(office, number)
    office.go(sampled)
    office.choose("level", "middle")
    office.press("office.form.save")

    inform(office)
    owner = Reader(open_page(case.owner, language=language, java_script_enabled=script), site, language)
    owner.go("/")
    owner.follow("Vendor change" if language == "en" else "供給元の変更")
    assert number in owner.page.content() or TITLE[language] in owner.page.content()


def answer_what_decides(reader: Reader, case: UseCase) -> None:
    """Follow the receipt to the question that would decide, until none would."""
    for _ in range(3):
        case.refresh_from_db()
        if case.lowest == case.highest:
            return
        reader.go(f"/notify/{case.number}/receipt/")
        reader.page.locator(f'main a[href*="/notify/{case.number}/question/"]').first.click()
        name = reader.path.split("/question/")[1].strip("/")
        for box in reader.page.locator('input[name="answer"][type="checkbox"]:checked').all():
            box.uncheck()
        reader.choose("answer", SUPPLIER[name])
        reader.press("office.form.save")


def draw_until(office: Reader, number: str) -> str:
    """Draw samples until the case is among them; return the address of its reading."""
    for _ in range(60):
        office.go("/notify/samples/")
        found = office.page.locator("main a[href^='/notify/samples/']", has_text=re.compile(".")).all()
        for link in found:
            row = link.locator("xpath=ancestor::*[self::tr or self::li][1]")
            if number in row.inner_text():
                return str(link.get_attribute("href"))
        button = office.page.locator("main form button[type=submit], main form button:not([type])").last
        assert button.count(), "nothing more can be drawn"
        button.click()
    raise AssertionError(f"{number} was never drawn")


def inform(office: Reader) -> None:
    """The office tells those whose use case makes things and comes from a supplier."""
    office.go("/information/notices/new/bulletin/")
    office.page.fill('input[name="title_en"]', "Vendor change")
    office.page.fill('textarea[name="text_en"]', "The vendor changes its model in January.")
    office.page.fill('input[name="title_ja"]', "供給元の変更")
    office.page.fill('textarea[name="text_ja"]', "1月にモデルが変わります。")
    condition = office.page.locator('select[name="condition_1"] option[value*="uses_supplier_model"]').first
    office.page.select_option('select[name="condition_1"]', condition.get_attribute("value"))
    office.press("office.information.preview")
    office.press("office.information.publish")
