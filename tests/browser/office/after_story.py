"""The committee's story, last part: the condition, the gate, a changed system, the next stage, the stop; by pages."""

from __future__ import annotations

import datetime
from collections import Counter

from django.core import mail
from django.utils import timezone
from playwright.sync_api import Locator

from hakari.evidence import read_directory
from hakari.office.committee.actions.docket import put_on_docket, write_passage
from hakari.office.committee.actions.rules import NEEDED
from hakari.office.committee.models import Decision, Stop
from hakari.office.core.mail import send_digests
from hakari.office.lifecycle.actions.reviewing import gate_blockers
from hakari.workflows.verify import verify_bytes
from tests.browser.office.committee_story import Story, deliver, submit
from tests.browser.office.reader import Reader
from tests.pages.committee.conftest import decide_by
from tests.pages.lifecycle.trial import ASKED, FAIR, GAPING, PROVEN

__all__ = ["assess_again", "change_system", "close_stage", "next_stage", "show_condition", "stop", "take_away"]

FIGURE, LIMIT = "0.5 ", "10.0 "
TASK = "Take the drafts out of the reply window."


def show_condition(story: Story) -> None:
    """The gate is shut; new evidence of other data, inside the envelope, closes the condition; each gets one mail."""
    owner, engineer = story.owner, story.engineer
    owner.go("/")
    owner.sees(owner.text("office.condition.needs"))
    owner.go(f"/assessments/{story.assessment.key}/")
    owner.sees(owner.text("office.lifecycle.page.gate_shut"))
    assert not owner.button("office.lifecycle.page.close").count()
    mail.outbox.clear()
    deliver(engineer, story, FAIR, number=2, data="e")
    engineer.sees(engineer.text("office.lifecycle.page.carry_over"))
    decision = _decision(story)
    _each_is_told_once(story)
    owner.go(f"/committee/decisions/{decision.number}/")
    owner.sees(owner.text("office.condition.closed"), FIGURE, owner.text("office.decision.state.carried"))


def _each_is_told_once(story: Story) -> None:
    """One mail at once, or one line in the digest for those who only voted, with the figure and the limit."""
    send_digests(timezone.now() + datetime.timedelta(days=int(story.case.number[-2:])))
    told: Counter[str] = Counter()
    for item in mail.outbox:
        told.update({to: str(item.body).count(FIGURE) for to in item.to})
        assert FIGURE not in str(item.body) or LIMIT in str(item.body)
    concerned = ("owner", "reporter", "engineer", "reviewer", "chair", "member", "member2")
    assert {to: number for to, number in told.items() if number} == {f"{name}@example.com": 1 for name in concerned}


def close_stage(story: Story) -> None:
    """The gate is open: the owner closes the stage."""
    owner = story.owner
    owner.go(f"/assessments/{story.assessment.key}/")
    owner.sees(owner.text("office.lifecycle.page.gate_open"))
    owner.press("office.lifecycle.page.close")
    owner.sees(owner.text("office.lifecycle.page.closed"))


def change_system(story: Story) -> None:
    """A changed model inside the envelope carries the decision over; one outside makes it stale, with the reason."""
    owner, engineer = story.owner, story.engineer
    deliver(engineer, story, FAIR, number=3, data="e", model="b")
    engineer.sees(engineer.text("office.lifecycle.page.carry_over"))
    owner.go(f"/committee/decisions/{_decision(story).number}/")
    owner.sees(owner.text("office.decision.state.carried"), owner.text("office.decision.carried"))
    deliver(engineer, story, GAPING, number=4, data="e", model="c")
    # The check is named by its words, with its id beside them.
    reason = engineer.text("office.lifecycle.stale.unmet", checks=["gaps/gap[g]"]).partition("gaps/gap[g]")[0].strip()
    engineer.sees(engineer.text("office.lifecycle.page.stale"), reason)
    owner.go("/")
    owner.sees(owner.text("office.lifecycle.home.stale"))
    owner.follow(story.case.title)
    owner.sees(owner.text("office.lifecycle.page.stale"), reason)
    owner.press("office.lifecycle.page.again")
    owner.sees(owner.text("office.lifecycle.page.opened"))


def assess_again(story: Story) -> None:
    """Carried answers are confirmed by those whose they are, the gap is closed again, and the committee decides."""
    for name, requirement in (("owner", ASKED), ("engineer", PROVEN)):
        reader: Reader = getattr(story, name)
        reader.go(f"/assessments/{story.assessment.key}/")
        reader.follow_text("office.lifecycle.page.carried_go")
        for box in reader.page.locator(f'main input[name="place"][value^="{requirement}"]').all():
            box.check()
        reader.press("office.lifecycle.page.carried.confirm")
    deliver(story.engineer, story, FAIR, number=2, data="e", model="d")
    submit(story.owner, story, 1)
    _decide_by_actions(story)
    close_stage(story)


def _decide_by_actions(story: Story) -> None:
    """The committee was shown by its pages already: here it decides at once."""
    company, until = story.company, _decision(story).valid_until
    item = put_on_docket(story.assessment.rounds.latest("pk"), "approve", until, by=company.reviewer)
    for heading in NEEDED:
        write_passage(item, heading, f"About {heading}.", "en", seen=0, by=company.reviewer)
    decide_by(item, company, "approve")


def next_stage(story: Story) -> None:
    """The owner opens the next stage."""
    owner = story.owner
    owner.go(f"/use-cases/{story.case.number}/")
    owner.follow_text("office.lifecycle.page.open")
    assert not owner.page.locator('input[name="stage"][value="develop"]').count(), "stages behind it only"
    owner.choose("stage", "release")
    owner.press("office.lifecycle.page.open")
    owner.sees(owner.text("office.lifecycle.page.opened"))
    assert story.assessment.stage == "release"


def stop(story: Story) -> None:
    """The head stops the use with a task; its gate is shut at once; the owner acts; the committee says it stands."""
    head, owner = story.head, story.owner
    head.go(f"/use-cases/{story.case.number}/")
    head.follow_text("office.stop.make")
    head.fill({"reason": "Drafts insulted readers.", "task-0-text": TASK})
    head.page.locator('select[name="task-0-person"]').select_option(label=story.company.owner.name)
    head.press("office.stop.make")
    head.sees("Drafts insulted readers.", TASK, head.text("office.stop.state.open"))
    made = Stop.objects.get(use_case=story.case)
    owner.go(f"/use-cases/{story.case.number}/")
    owner.sees(owner.text("office.state.suspended"), made.number)
    owner.go(f"/assessments/{story.assessment.key}/")
    owner.sees(owner.text("office.state.suspended"))
    shut = {reason.key for reason in gate_blockers(story.assessment)}
    assert "office.committee.gate.stopped" in shut, "the gate is shut at once"
    owner.go("/")
    owner.sees(owner.text("office.stop.task_needs"))
    owner.follow_to("/committee/tasks/")
    owner.sees(TASK)
    owner.fill({"result": "They are out."})
    owner.press("office.stop.task.finish")
    owner.sees(owner.text("office.stop.task.done_now"), "They are out.")
    for name in ("member", "member2", "member3", "chair"):
        _uphold(getattr(story, name), made)
    story.chair.press("office.committee.docket.act.close")
    story.chair.sees(story.chair.text("office.stop.state.stands"))


def _uphold(member: Reader, made: Stop) -> None:
    member.go("/")
    member.sees(member.text("office.stop.needs"))
    member.follow_to(made.key)
    member.choose("choice", "uphold")
    member.press("office.committee.docket.act.vote")
    member.sees(member.text("office.committee.docket.done.voted"))


def take_away(story: Story, reader: Reader) -> None:
    """Somebody downloads the decision as a bundle and the list of keys, and both verify far from the office."""
    reader.go(f"/committee/decisions/{_decision(story).number}/")
    reader.follow_text("office.decision.export")
    content = _downloaded(reader, reader.page.locator('main form[method="post"] button').first)
    keys = _downloaded(reader, reader.page.locator("main a[download]").first)
    told = verify_bytes(content, directory=read_directory(keys, what="directory.json"))
    found = [level for level in told.levels if level.status != "yes" and level.name != "re-run"]
    assert not found, found
    assert told.decision is not None
    assert told.decision.number == _decision(story).number


def _downloaded(reader: Reader, button: Locator) -> bytes:
    with reader.page.expect_download(timeout=60_000) as waiting:
        button.click()
    return waiting.value.path().read_bytes()


def _decision(story: Story) -> Decision:
    found: Decision = Decision.objects.filter(use_case=story.case).earliest("pk")
    return found
