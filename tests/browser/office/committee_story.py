"""The committee's story, first part: what owner, engineer and reviewer do before it, through pages only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

from hakari.evidence import SigningKey
from hakari.office.lifecycle.models import StageAssessment
from hakari.office.registry.models import UseCase
from tests.browser.office.conftest import Site
from tests.browser.office.reader import Language, Reader
from tests.pages.conftest import Company
from tests.pages.lifecycle.conftest import complete, make_assessment, make_case, send
from tests.pages.lifecycle.trial import GAPING, REFERENCE, key, trial_bundle

__all__ = ["Story", "ask_for_changes", "assess", "deliver", "second_round", "submit"]

TITLE = {"en": "Reply drafts", "ja": "返信案の作成"}


@dataclass
class Story:
    """One use case, and a page for each person in it, opened when they first do something."""

    site: Site
    open_page: Callable[..., Page]
    company: Company
    language: Language
    case: UseCase = field(init=False)
    options: dict[str, object] = field(default_factory=dict)
    readers: dict[str, Reader] = field(default_factory=dict)

    def begin(self, number: str) -> Story:
        """Begin with a use case of the high tier whose triage is settled."""
        self.case = make_case(self.company, number=number, title=f"{TITLE[self.language]} {number[-1]}")
        return self

    def begin_submitted(self, number: str) -> Story:
        """Begin with a round that is frozen: there is a gap in what was measured."""
        made = make_assessment(self.company, number=number, title=f"{TITLE[self.language]} {number[-1]}")
        self.case = made.use_case
        send(complete(made, self.company, GAPING, signer=self.signer), self.company)
        return self

    def __getattr__(self, name: str) -> Reader:
        if name not in self.__dict__["company"].people:
            raise AttributeError(name)
        if name not in self.readers:
            page = self.open_page(self.company.people[name], language=self.language, **self.options)
            self.readers[name] = Reader(page, self.site, self.language)
        return self.readers[name]

    @property
    def signer(self) -> SigningKey:
        """The engineer's key, another in each story."""
        return key(int(self.case.number[-2:]))

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
    submit(owner, story, 1)


def _answer_as_owner(owner: Reader) -> None:
    """First they do not know, then they do."""
    owner.follow_text("office.lifecycle.page.answer_next")
    owner.choose("answer", "unknown")
    owner.press("office.lifecycle.page.save_next")
    owner.sees(owner.text("office.lifecycle.page.answered"))
    # What hangs on that answer is not asked, so that there is no next question.
    told = owner.page.locator('main a[href*="/told/"]').first.get_attribute("href")
    assert told is not None
    owner.go(told)
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
    deliver(engineer, story, GAPING, number=1)
    _register_key(engineer, story)


def deliver(
    engineer: Reader, story: Story, groups: Mapping[str, tuple[int, int]], *, number: int, **bundle: Any
) -> None:
    """The engineer delivers what `hakari assess` wrote."""
    engineer.go(f"/assessments/{story.assessment.key}/")
    engineer.follow_text("office.lifecycle.page.evidence")
    content = trial_bundle(groups, signer=story.signer, **bundle)
    engineer.attach("file", "case.zip", content, "application/zip")
    engineer.press("office.lifecycle.page.deliver")
    engineer.sees(engineer.text("office.lifecycle.page.delivered", n=1, number=number))


def _register_key(engineer: Reader, story: Story) -> None:
    """The engineer's signature carries no name yet: they register their key, and the office compares and confirms."""
    engineer.follow_text("office.lifecycle.page.register_key")
    engineer.fill({"public": story.signer.public.hex})
    engineer.choose("kind", "person")
    engineer.press("office.keys.ask.send")
    engineer.sees(engineer.text("office.keys.waits_note"))
    reviewer = story.reviewer
    reviewer.go("/")
    reviewer.sees(reviewer.text("office.keys.needs"))
    reviewer.follow_to("/keys/")
    reviewer.page.locator('main input[name="compared"]').check()
    reviewer.press("office.keys.act.confirm")
    engineer.go(f"/assessments/{story.assessment.key}/evidence/")
    engineer.sees(engineer.text("office.keys.signed.valid", name=story.company.engineer.name))


def submit(owner: Reader, story: Story, number: int) -> None:
    """The owner freezes a round."""
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
    submit(owner, story, 2)
    owner.sees(
        owner.text("office.lifecycle.page.changed", number=1), "By a notice.", "By a notice at the top of each reply."
    )
