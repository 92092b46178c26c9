"""What each of the people does in the committee's story, through pages only."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field

from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page

from hakari.office.committee.actions.rules import NEEDED
from hakari.office.lifecycle.models import StageAssessment
from hakari.office.registry.models import UseCase
from tests.browser.office.conftest import Site
from tests.browser.office.reader import Language, Reader
from tests.pages.conftest import Company
from tests.pages.lifecycle.conftest import make_case
from tests.pages.lifecycle.trial import CHECK, GAPING, GAPS, REFERENCE, trial_bundle

__all__ = ["Story", "assess", "ask_for_changes", "second_round"]

TITLE = {"en": "Reply drafts", "ja": "返信案の作成"}


@dataclass
class Story:
    """One use case, and a page for each person in it, opened when they first do something."""

    site: Site
    open_page: Callable[..., Page]
    company: Company
    language: Language
    case: UseCase
    options: dict[str, object] = field(default_factory=dict)
    readers: dict[str, Reader] = field(default_factory=dict)

    @classmethod
    def begin(
        cls, site: Site, open_page: Callable[..., Page], company: Company, language: Language, number: str, **options: object
    ) -> Story:
        """Begin with a use case of the high tier whose triage is settled."""
        case = make_case(company, number=number, title=TITLE[language])
        return cls(site, open_page, company, language, case, options)

    def __getattr__(self, name: str) -> Reader:
        if name not in self.__dict__["company"].people:
            raise AttributeError(name)
        if name not in self.readers:
            page = self.open_page(self.company.people[name], language=self.language, **self.options)
            self.readers[name] = Reader(page, self.site, self.language)
        return self.readers[name]

    @property
    def assessment(self) -> StageAssessment:
        """The assessment that was opened last."""
        return StageAssessment.objects.filter(use_case=self.case).latest("pk")


def assess(story: Story) -> None:
    """The owner opens an assessment, names the engineer and states the fact; both answer; evidence; submitted."""
    owner, engineer = story.owner, story.engineer
    owner.go(f"/use-cases/{story.case.number}/")
    owner.sees(owner.text("office.lifecycle.page.not_opened"))
    owner.follow_text("office.lifecycle.page.open")
    owner.choose("stage", "develop")
    for box in owner.page.locator('input[name="packs"]:checked').all():
        box.uncheck()  # the company's core pack: a smaller one is enough here
    owner.choose("packs", REFERENCE)
    owner.press("office.lifecycle.page.open")
    owner.sees(owner.text("office.lifecycle.page.opened"))
    owner.follow_text("office.lifecycle.page.responsible")
    owner.fill({"role-engineer": "engineer@example.com"})
    owner.press("office.form.save")
    owner.follow_text("office.lifecycle.page.state_facts")
    owner.choose("f-people", "yes")
    owner.press("office.form.save")
    owner.sees(owner.text("office.lifecycle.page.facts_saved"))
    owner.go(f"/assessments/{story.assessment.key}/")
    _answer_as_owner(owner)
    _answer_as_engineer(engineer, story)
    _submit(owner, story, 1)


def _answer_as_owner(owner: Reader) -> None:
    """First they do not know, then they do."""
    owner.follow_text("office.lifecycle.page.answer_next")
    owner.choose("answer", "unknown")
    owner.press("office.lifecycle.page.save_next")
    owner.sees(owner.text("office.lifecycle.page.answered"))
    owner.follow_text("office.lifecycle.page.before")
    owner.choose("answer", "yes")
    owner.press("office.lifecycle.page.save_next")
    owner.fill({"answer": "By a notice."})
    owner.press("office.lifecycle.page.save_next")


def _answer_as_engineer(engineer: Reader, story: Story) -> None:
    """The engineer finds the question on the home page, attaches a file and delivers evidence with a gap."""
    engineer.go("/")
    engineer.sees(engineer.text("office.lifecycle.home.questions"))
    engineer.follow(story.case.title)
    engineer.follow_text("office.lifecycle.page.answer_next")
    engineer.attach("answer", "notice.txt", b"AI drafts this reply.", "text/plain")
    engineer.press("office.lifecycle.page.save_next")
    engineer.follow_text("office.lifecycle.page.evidence")
    engineer.attach("file", "case.zip", trial_bundle(GAPING), "application/zip")
    engineer.press("office.lifecycle.page.deliver")
    engineer.sees(engineer.text("office.lifecycle.page.delivered", n=1, number=1))


def _submit(owner: Reader, story: Story, number: int) -> None:
    owner.go(f"/assessments/{story.assessment.key}/")
    owner.follow_text("office.lifecycle.page.submit")
    owner.press("office.lifecycle.page.submit.go", number=number)
    owner.sees(owner.text("office.lifecycle.page.submitted", number=number))


def ask_for_changes(story: Story) -> None:
    """The reviewer asks for changes on a named question."""
    reviewer = story.reviewer
    reviewer.go("/")
    reviewer.follow(story.case.title)
    reviewer.unfold("office.lifecycle.page.act.changes")
    reviewer.fill({"changes-text": "Say where the notice stands."})
    how = "How?" if story.language == "en" else "どのように"
    reviewer.page.get_by_label(how, exact=True).check()
    reviewer.press("office.lifecycle.page.act.changes")
    reviewer.sees(reviewer.text("office.lifecycle.page.done.changes"), "Say where the notice stands.")


def second_round(story: Story) -> None:
    """The owner finds what is asked for, answers and submits again; the round shows what changed."""
    owner = story.owner
    owner.go("/")
    owner.sees(owner.text("office.lifecycle.home.changes"))
    owner.follow(story.case.title)
    owner.sees("Say where the notice stands.")
    owner.follow("How?" if story.language == "en" else "どのように")
    owner.fill({"answer": "By a notice at the top of each reply."})
    owner.press("office.lifecycle.page.save_next")
    _submit(owner, story, 2)
    owner.sees(
        owner.text("office.lifecycle.page.changed", number=1), "By a notice.", "By a notice at the top of each reply."
    )


PASSAGES = {
    "en": "{heading}: the office wrote this for the committee.",
    "ja": "{heading}について、AI倫理室が委員会のために記しました。",
}
TRANSLATION = {"en": "諮る内容の訳文です。", "ja": "What the committee is asked, in English."}
CONDITION = {"en": "Show that the gap is closed.", "ja": "差が解消されたことを示してください。"}
REASON = {"en": "We should talk about the gap.", "ja": "差について会議で話し合うべきです。"}


def _day(days: int) -> str:
    return (timezone.localdate() + datetime.timedelta(days=days)).isoformat()


def lay_before_committee(story: Story) -> None:
    """The reviewer proposes, puts the round on the docket, and writes its one page, a condition and the envelope."""
    reviewer, language = story.reviewer, story.language
    reviewer.go("/")
    reviewer.follow(story.case.title)
    reviewer.unfold("office.lifecycle.page.act.propose")
    reviewer.choose("propose-proposal", "approve_with_conditions")
    reviewer.fill({"propose-text": "…"})
    reviewer.press("office.lifecycle.page.act.propose")
    reviewer.sees(reviewer.text("office.lifecycle.page.done.propose"))
    reviewer.follow(story.case.title)
    reviewer.follow_text("office.committee.docket.act.put")
    reviewer.choose("proposal", "approve_with_conditions")
    reviewer.fill({"valid_until": _day(180)})
    reviewer.press("office.committee.docket.button.put")
    reviewer.sees(reviewer.text("office.committee.docket.done.put"), reviewer.text("office.committee.docket.missing"))
    for heading in NEEDED:
        reviewer.follow_text("office.committee.docket.write", within=f"#{heading}")
        told = reviewer.text(f"office.committee.heading.{heading}")
        reviewer.fill({"text": PASSAGES[language].format(heading=told)})
        reviewer.press("office.committee.docket.button.passage")
    reviewer.sees(reviewer.text("office.committee.docket.whole"))
    reviewer.follow_text("office.committee.docket.translate", within="#asked")
    reviewer.fill({"text": TRANSLATION[language]})
    reviewer.press("office.committee.docket.button.translation")
    reviewer.sees(TRANSLATION[language], reviewer.text("office.committee.docket.original"))
    _set_condition(reviewer)
    _set_envelope(reviewer)


def _set_condition(reviewer: Reader) -> None:
    reviewer.follow_text("office.committee.docket.act.condition")
    reviewer.fill({"text": CONDITION[reviewer.language], "due": _day(60)})
    reviewer.select("requirement", GAPS)
    reviewer.choose("rule", "check")
    reviewer.select("check", CHECK)
    reviewer.press("office.committee.docket.button.condition")
    reviewer.sees(CONDITION[reviewer.language])
    reviewer.follow_text("office.committee.docket.back")


def _set_envelope(reviewer: Reader) -> None:
    reviewer.follow_text("office.committee.docket.act.terms")
    reviewer.choose("roles", ["data.test", "model"])
    reviewer.choose("checks", CHECK)
    reviewer.fill({"until": _day(120)})
    reviewer.press("office.committee.docket.button.terms")
    reviewer.sees("data.test", "model", _day(120), CONDITION[reviewer.language])


def circulate_and_call(story: Story) -> None:
    """The chair opens a circulated resolution; a member calls it to a meeting."""
    chair, member = story.chair, story.member
    mail.outbox.clear()
    chair.go("/")
    chair.around("office.navigation.committee")
    chair.follow(story.case.title)
    chair.follow_text("office.committee.docket.act.open")
    chair.press("office.committee.docket.button.open")
    chair.sees(chair.text("office.committee.docket.done.opened"))
    asked = {to for item in mail.outbox for to in item.to}
    assert asked == {f"{name}@example.com" for name in ("chair", "member", "member2", "member3")}
    member.go("/")
    member.sees(member.text("office.committee.docket.home.votes"))
    member.follow(story.case.title)
    member.sees(member.text("office.committee.docket.asked"), CONDITION[story.language])
    member.choose("conflict", "no")
    member.press("office.committee.docket.act.declare")
    member.unfold("office.committee.docket.act.call")
    member.fill({"call-reason": REASON[story.language]})
    member.press("office.committee.docket.act.call")
    member.sees(member.text("office.committee.docket.done.called"), REASON[story.language])
