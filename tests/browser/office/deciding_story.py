"""The committee's story, second part: the docket, the vote, the meeting and its minutes, through pages only."""

from __future__ import annotations

import datetime

from django.core import mail
from django.utils import timezone

from hakari.office.committee.actions.rules import NEEDED
from hakari.office.committee.models import Decision, DocketItem
from tests.browser.office.committee_story import Story
from tests.browser.office.reader import Reader
from tests.pages.lifecycle.trial import CHECK, GAPS

__all__ = [
    "CONDITION",
    "approve_minutes",
    "circulate_and_call",
    "lay_before_committee",
    "meet",
    "read_decision",
    "vote",
]

PASSAGES = {
    "en": "{heading}: the office wrote this for the committee.",
    "ja": "{heading}について、AI倫理室が委員会のために記しました。",
}
TRANSLATION = {"en": "諮る内容の訳文です。", "ja": "What the committee is asked, in English."}
CONDITION = {"en": "Show that the gap is closed.", "ja": "差が解消されたことを示してください。"}
CONFLICT = {"en": "My sister sells this model.", "ja": "このモデルは家族の会社の製品です。"}
DISSENT = {"en": "The gap is too wide to go on.", "ja": "差が大きく、認めるべきではありません。"}
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
    reviewer.sees("data.test, model" if reviewer.language == "en" else "data.test、model", CONDITION[reviewer.language])


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
    asked = sorted(to for item in mail.outbox for to in item.to)
    assert asked == sorted(f"{name}@example.com" for name in ("chair", "member", "member2", "member3")), "one mail each"
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


def _item(story: Story) -> DocketItem:
    return DocketItem.objects.filter(use_case=story.case).latest("pk")


def meet(story: Story) -> None:
    """The chair plans a meeting, puts the item on its agenda and opens it; members say that they are there."""
    chair, item = story.chair, _item(story)
    chair.around("office.navigation.meetings")
    chair.follow_text("office.meeting.plan")
    chair.fill({"place": f"Room {item.number}"})
    chair.press("office.form.save")
    chair.sees(chair.text("office.meeting.called"))
    chair.press("office.meeting.act.add", within=f'article:has-text("{item.number}")')
    chair.press("office.meeting.act.open")
    for name in ("chair", "member", "member2", "member3"):
        reader: Reader = getattr(story, name)
        if name != "chair":
            reader.go("/")
            reader.follow_to(chair.path)
        reader.press("office.meeting.act.present")
        reader.sees(reader.text("office.meeting.you_are_there"))


def vote(story: Story) -> None:
    """One member declares a conflict; the chair opens the vote; of three who vote one rejects with a dissent."""
    language = story.language
    recused, chair = story.member3, story.chair
    recused.follow(_item(story).number)
    recused.choose("conflict", "yes")
    recused.fill({"reason": CONFLICT[language]})
    recused.press("office.committee.docket.act.declare")
    recused.sees(recused.text("office.committee.bar.conflict"))
    chair.page.reload()
    chair.sees(chair.text("office.meeting.recused"))
    chair.press("office.meeting.act.vote_open")
    for name in ("member", "member2", "chair"):
        _cast(getattr(story, name), story, against=name == "member2")
    recused.page.reload()
    assert not recused.page.locator('main input[name="choice"]').count(), "who is recused does not vote"
    recused.lacks(DISSENT[language])


def _cast(reader: Reader, story: Story, *, against: bool) -> None:
    reader.page.reload()
    reader.follow_text("office.meeting.to_vote")
    if reader.page.locator('main input[name="conflict"]').count():
        reader.choose("conflict", "no")
        reader.press("office.committee.docket.act.declare")
    reader.choose("choice", "reject" if against else "approve_with_conditions")
    if against:
        reader.page.locator('main textarea[name="reason"]').first.fill(DISSENT[story.language])
        reader.page.locator('main input[name="dissent"]').first.check()
    reader.press("office.committee.docket.act.vote")
    reader.sees(reader.text("office.committee.docket.done.voted"))


def approve_minutes(story: Story) -> None:
    """The chair closes the vote and the meeting, reads the minutes, which nobody wrote, and approves them."""
    chair, item = story.chair, _item(story)
    meeting = item.agenda.latest("pk").meeting
    chair.go("/")
    chair.follow_to(meeting.key)
    chair.press("office.meeting.act.vote_close")
    chair.sees(chair.text("office.outcome.approve_with_conditions"))
    chair.press("office.meeting.act.close")
    chair.follow_text("office.minutes.title")
    chair.sees(
        item.number, Decision.objects.get(use_case=story.case).number, DISSENT[story.language],
        CONFLICT[story.language], CONDITION[story.language], chair.text("office.minutes.draft"), str(meeting.place),
    )  # fmt: skip
    chair.press("office.minutes.approve")
    chair.sees(chair.text("office.minutes.approved_now"))


def read_decision(story: Story, reader: Reader) -> None:
    """Somebody finds the decision from the use case: outcome, dissent, condition, envelope, signature."""
    reader.go(f"/use-cases/{story.case.number}/")
    reader.follow(Decision.objects.filter(use_case=story.case).earliest("pk").number)
    reader.sees(
        reader.text("office.outcome.approve_with_conditions"), DISSENT[story.language], CONDITION[story.language],
        reader.text("office.condition.open"), "data.test", "model", CHECK, reader.text("office.decision.recused", n=1),
    )  # fmt: skip
