"""What the committee of the demonstration did: a circular called to a meeting, a recusal, a dissent, consent."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.utils import timezone

from hakari.office.committee.actions.agenda import NOTICE, add_item
from hakari.office.committee.actions.docket import (
    propose_condition,
    put_on_docket,
    set_terms,
    translate,
    write_passage,
)
from hakari.office.committee.actions.meetings import close_meeting, mark_attendance, open_meeting, plan_meeting
from hakari.office.committee.actions.minutes import approve_minutes, write_words
from hakari.office.committee.actions.voting import call_to_meeting, close_ballot, declare, open_ballot, vote
from hakari.office.committee.models import Agenda, DocketItem, Form, Stop
from hakari.office.desk.demo.cases import CASES
from hakari.office.desk.demo.onepages import CONDITIONS, PAGES, WORDS
from hakari.office.lifecycle.actions.opening import state_facts
from hakari.office.lifecycle.actions.reviewing import close_stage
from hakari.office.lifecycle.models import Round, StageAssessment
from hakari.office.people.models import Person
from hakari.packs.model import Requirement

__all__ = ["circulate", "close_plan", "decide_by_circular", "hold_meeting", "lay_before", "look_at_stop", "outgrow"]

People = Mapping[str, Person]
VOTERS = ("chair", "member", "member2", "member3", "member4")


def lay_before(key: str, round: Round, people: People) -> DocketItem:
    """Put a round on the docket with its one page, in both languages."""
    page, day = PAGES[key], timezone.localdate()
    by = people["reviewer2" if CASES[key].unit == "cameras" else "reviewer"]
    conditions = CONDITIONS if key == "mortgage" else ()
    proposal, until = "approve_with_conditions" if conditions else "approve", day + datetime.timedelta(days=365)
    item = put_on_docket(round, proposal, until, by=by)
    for heading, both in page.passages.items():
        original, other = both if page.language == "en" else both[::-1]
        write_passage(item, heading, original, page.language, seen=0, by=by)
        translate(item, heading, other, seen=1, by=by)
    for slug, rule, check, days, words in conditions:
        reference = _requirement(round, slug).reference
        due = day + datetime.timedelta(days=days)
        propose_condition(
            item, text=words, language="en", requirement=reference, due=due, rule=rule, check=check, by=by
        )  # fmt: skip
    if conditions:
        checks = ["gap-in-results/selection-rate-gap[sex]", "gap-in-results/selection-rate-ratio[sex]"]
        half = (day + datetime.timedelta(days=183)).isoformat()
        envelope = {"roles": ["data.train", "model"], "checks": checks, "until": half}
        set_terms(item, proposal=proposal, valid_until=until, envelope=envelope, seen=_now(item).version, by=by)
    return _now(item)


def circulate(item: DocketItem, people: People, voted: Mapping[str, str], *, days: int = 5) -> None:
    """Send an item round; some have voted, and the others are asked for their vote."""
    deadline = timezone.now() + datetime.timedelta(days=days)
    ballot = open_ballot(item, Form.CIRCULATION, deadline=deadline, by=people["chair"])
    for name, words in voted.items():
        declare(item, conflict=False, by=people[name])
        vote(ballot, "approve", reason=words, by=people[name])
    if set(voted) == set(VOTERS):
        close_ballot(ballot, by=people["chair"])


def decide_by_circular(item: DocketItem, people: People) -> None:
    """Send an item round, let everybody approve it, and close."""
    circulate(item, people, dict.fromkeys(VOTERS, ""))


def hold_meeting(called: DocketItem, consented: DocketItem, people: People) -> None:
    """Send the mortgage case round, call it to a meeting, and hold that meeting to its approved minutes."""
    chair, member4 = people["chair"], people["member4"]
    declare(called, conflict=True, reason=WORDS["conflict"], by=people["member3"])
    deadline = timezone.now() + datetime.timedelta(days=7)
    circular = open_ballot(called, Form.CIRCULATION, deadline=deadline, by=chair)
    declare(called, conflict=False, by=people["member2"])
    vote(circular, "approve_with_conditions", by=people["member2"])
    declare(called, conflict=False, by=member4)
    call_to_meeting(circular, WORDS["called"], by=member4)

    meeting = plan_meeting(timezone.now(), 60, "本社 9階 会議室A", by=chair)
    add_item(meeting, called, by=chair)
    _give_notice(add_item(meeting, consented, consent=True, by=chair))
    meeting = open_meeting(meeting, by=chair)
    for name in VOTERS:
        mark_attendance(meeting, people[name], there=True, by=people[name])
    ballot = open_ballot(_now(called), Form.MEETING, meeting=meeting, by=chair)
    for name in ("chair", "member"):
        declare(called, conflict=False, by=people[name])
        vote(ballot, "approve_with_conditions", reason=WORDS[name], by=people[name])
    vote(ballot, "approve_with_conditions", by=people["member2"])
    vote(ballot, "reject", reason=WORDS["dissent"], dissent=True, by=member4)
    close_ballot(ballot, by=chair)
    meeting = close_meeting(meeting, by=chair)
    approve_minutes(write_words(meeting, WORDS["minutes"], seen=1, by=people["reviewer"]), by=chair)
    plan_meeting(timezone.now() + datetime.timedelta(days=21), 90, "Online", by=chair)


def look_at_stop(people: People) -> None:
    """Let one member say that the stop stands; the others are asked."""
    made = Stop.objects.filter(ratification=None).first()
    ballot = None if made is None else made.ballots.filter(closed_at=None).first()
    if ballot is not None:
        vote(ballot, "uphold", reason=WORDS["upheld"], by=people["member2"])


def outgrow(item: DocketItem, by: Person) -> None:
    """State a fact anew after the decision, which does not stand for it any more."""
    found = StageAssessment.objects.get(pk=item.round.assessment_id)
    state_facts(found, {"people_affected_per_year": 1_800}, seen=found.version, by=by)


def close_plan(item: DocketItem, by: Person) -> None:
    """Close a decided stage whose gate holds, so that the next one can be opened."""
    found = StageAssessment.objects.get(pk=item.round.assessment_id)
    close_stage(found, seen=found.version, by=by)


def _give_notice(entry: Agenda) -> None:
    """Let an item have stood on the consent part for a day: here everything happens within a minute."""
    Agenda.objects.filter(pk=entry.pk).update(part_since=timezone.now() - 2 * NOTICE)


def _now(item: DocketItem) -> DocketItem:
    return DocketItem.objects.select_related("round__assessment").get(pk=item.pk)


def _requirement(round: Round, slug: str) -> Requirement:
    from hakari.office.lifecycle.policy import packs_of

    packs = packs_of(round.packs)
    return next(item for pack in packs for item in pack.requirements if item.slug == slug)
