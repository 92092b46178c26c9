"""The committee among the random people of `tests.pages.lifecycle.acting`: docket, ballots, votes, conditions."""

from __future__ import annotations

import datetime
from collections import Counter
from functools import partial
from typing import Any

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from hakari.assessment.decision import DECISION_TYPE, digest_of_decision
from hakari.assessment.decision import Decision as Statement
from hakari.evidence import decode, digest_bytes, encode
from hakari.office.committee.actions.conditions import accept_document
from hakari.office.committee.actions.docket import (
    drop_condition,
    propose_condition,
    put_on_docket,
    set_terms,
    withdraw,
    write_passage,
)
from hakari.office.committee.actions.rules import NEEDED, page_of
from hakari.office.committee.actions.stopping import stop
from hakari.office.committee.actions.voting import (
    call_to_meeting,
    close_ballot,
    close_due,
    declare,
    open_ballot,
    vote,
)
from hakari.office.committee.models import (
    Agenda,
    Ballot,
    Condition,
    ConditionClosing,
    Decision,
    Declaration,
    DocketItem,
    Meeting,
    Vote,
)
from hakari.office.committee.votes.box import last_votes, votes_of
from hakari.office.lifecycle.actions.reviewing import gate_blockers
from hakari.office.lifecycle.given import predicate_of
from hakari.office.lifecycle.models import Outcome, StageAssessment, Standing
from hakari.office.people.models import Assignment
from hakari.office.registry.actions import move_state
from hakari.office.registry.models import UseCase
from tests.pages.lifecycle.acting import COUNTS, PLACES, Acting, everyone, mostly
from tests.pages.lifecycle.conftest import complete, make_assessment, send
from tests.pages.lifecycle.trial import ASKED, CHECK, GAPS, PROVEN, content_of

__all__ = ["Deliberating"]

SEATED = ["member", "member2", "member3", "member4", "chair"]
CHOICES = ["approve", "approve", "approve_with_conditions", "approve_with_conditions", "defer", "reject", "abstain"]
BEGINNINGS = ["complete", "submitted", "docket", "voting", "voting", "decided", "decided", "decided"]


class Deliberating(Acting):
    """People around one use case, and a committee of five."""

    @property
    def item(self) -> DocketItem | None:
        return DocketItem.objects.order_by("-put_at", "-pk").select_related("round__assessment").first()

    @property
    def ballot(self) -> Ballot | None:
        return Ballot.objects.exclude(item=None).order_by("-pk").first()

    @initialize(
        where=st.sampled_from(BEGINNINGS),
        groups=st.sampled_from(["fair", *COUNTS]),
        proposal=st.sampled_from(["approve_with_conditions", "approve"]),
        choices=st.one_of(
            st.sampled_from(CHOICES).map(lambda choice: [choice] * 5),
            st.lists(st.sampled_from(CHOICES), min_size=5, max_size=5),
        ),
    )
    def begin(self, where: str, groups: str, proposal: str = "approve", choices: list[str] | None = None) -> None:
        found = make_assessment(self.company)
        self.took_part("owner", found)
        if where in ("complete", "submitted"):
            self.began(found, where, groups)
            return
        complete(found, self.company, COUNTS[groups])
        self.took_part("engineer", found)
        round = send(found, self.company)
        self.put("reviewer", proposal, 60)
        assert round.docket_item is not None
        self.write_page("reviewer", 0)
        self.set_terms("reviewer", ["data.test"])
        if proposal == "approve_with_conditions":
            self.propose("reviewer", "check")
            self.propose("reviewer", "document")
        if where != "docket":
            self.open_ballot("chair", "circulation", 24)
        for member, choice in zip(SEATED, choices or [] if where == "decided" else [], strict=False):
            self.declare(member, conflict=False)
            self.vote(member, choice, dissent=False)
        if where == "decided":
            self.close("chair")

    # the docket

    @rule(who=mostly("reviewer", "head"), proposal=st.sampled_from(Outcome.values), days=st.sampled_from([60, 60, -1]))
    def put(self, who: str, proposal: str, days: int) -> None:
        round, until = self.round, timezone.localdate() + datetime.timedelta(days=days)
        if round is None:
            return
        made = self.try_to("put", lambda: put_on_docket(round, proposal, until, by=self.person(who)))
        if made is not None:
            self.judges(self.person(who).key, round.assessment)
            assert days >= 0
            assert self.now.standing == Standing.IN_REVIEW

    @rule(who=mostly("reviewer"), old=st.sampled_from([0, 0, 0, 1]))
    def write_page(self, who: str, old: int) -> None:
        item = self.item
        for heading in NEEDED if item is not None else ():
            last = page_of(item).get(heading)  # type: ignore[arg-type]  # not in an empty loop
            seen = (last.revision if last else 0) + old
            act = partial(write_passage, item, heading, f"About {heading}.", "en", seen=seen, by=self.person(who))  # type: ignore[arg-type]
            if self.try_to("write", act) is not None:
                self.judges(self.person(who).key, item.round.assessment)  # type: ignore[union-attr]
                assert not old

    @rule(who=mostly("reviewer"), roles=st.sampled_from([[], ["data.test"], ["data.test", "model"], ["strange"]]))
    def set_terms(self, who: str, roles: list[str]) -> None:
        item = self.item
        if item is None:
            return
        until = timezone.localdate() + datetime.timedelta(days=30)
        envelope: dict[str, Any] = {"roles": roles, "checks": [CHECK], "until": until.isoformat()} if roles else {}
        act = lambda: set_terms(  # noqa: E731
            item, proposal=item.proposal, valid_until=until, envelope=envelope, seen=item.version, by=self.person(who)
        )
        self.try_to("terms", act)

    @rule(who=mostly("reviewer"), rule_=st.sampled_from(["check", "requirement", "document"]))
    def propose(self, who: str, rule_: str) -> None:
        item = self.item
        if item is None:
            return
        act = lambda: propose_condition(  # noqa: E731
            item, text="Show it.", language="en", requirement=PROVEN if rule_ == "document" else GAPS,
            due=timezone.localdate(), rule=rule_, check=CHECK, by=self.person(who),
        )  # fmt: skip
        self.try_to("propose", act)

    @rule(who=mostly("reviewer"), place=st.integers(1, 2))
    def drop(self, who: str, place: int) -> None:
        item = self.item
        if item is not None:
            self.try_to("drop", lambda: drop_condition(item, place, by=self.person(who)))

    @rule(who=mostly("reviewer"))
    def withdraw(self, who: str) -> None:
        item = self.item
        if item is not None:
            act = lambda: withdraw(item, "Too early.", seen=item.version, by=self.person(who))  # noqa: E731
            if self.try_to("withdraw", act) is not None:
                assert not Ballot.objects.filter(item=item, closed_at=None).exists()

    # the vote

    @rule(
        who=mostly("chair", "reviewer"),
        form=st.sampled_from(["circulation", "circulation", "meeting", "consent"]),
        hours=st.sampled_from([24, 24, 0]),
    )
    def open_ballot(self, who: str, form: str, hours: int) -> None:
        item = self.item
        if item is None:
            return
        values: dict[str, Any] = {"deadline": timezone.now() + datetime.timedelta(hours=hours)}
        if form == "meeting":
            chair = self.person("chair")
            meeting, _ = Meeting.objects.get_or_create(
                number="M-1", defaults={"starts_at": timezone.now(), "standing": "open", "called_by": chair}
            )
            Agenda.objects.get_or_create(meeting=meeting, item=item, defaults={"place": 1})
            values = {"meeting": meeting}
        if self.try_to("ballot", lambda: open_ballot(item, form, by=self.person(who), **values)) is not None:
            self.judges(self.person(who).key, item.round.assessment)
            assert hours or form == "meeting"

    @rule(who=st.sampled_from([*SEATED, *SEATED, *everyone]), conflict=st.sampled_from([False, False, False, True]))
    def declare(self, who: str, conflict: bool) -> None:
        item = self.item
        if item is not None:
            reason = "My brother sells it." if conflict else ""
            by = self.person(who)
            self.try_to("declare", lambda: declare(item, conflict=conflict, reason=reason, by=by))

    @rule(
        who=st.sampled_from([*SEATED, *SEATED, *SEATED, *everyone]),
        choice=st.sampled_from([*CHOICES, "lift"]),
        dissent=st.booleans(),
    )
    def vote(self, who: str, choice: str, dissent: bool) -> None:
        ballot = self.ballot
        if ballot is None:
            return
        by = self.person(who)
        made: Vote | None = self.try_to(
            "vote", lambda: vote(ballot, choice, reason="So it is.", dissent=dissent, by=by)
        )
        if made is not None:
            self.unbarred(made)

    def unbarred(self, made: Vote) -> None:
        assert not made.choice  # sealed
        item = made.ballot.item
        assert item is not None
        self.judges(made.person.key, item.round.assessment)
        assert made.person_id != item.put_by_id
        said = Declaration.objects.filter(item=item, person=made.person).order_by("revision").last()
        assert said is not None
        assert not said.conflict
        assert Assignment.objects.filter(person=made.person, role__in=["member", "chair"], ended_at=None).exists()
        assert made.ballot.closed_at is None
        assert votes_of(last_votes(made.ballot))[made.person_id].choice != "lift"

    @rule(everybody=st.sampled_from(CHOICES))
    def vote_alike(self, everybody: str) -> None:
        for name in SEATED:
            self.declare(name, conflict=False)
            self.vote(name, everybody, dissent=False)

    @rule(who=mostly(*SEATED))
    def call(self, who: str) -> None:
        ballot = self.ballot
        if ballot is not None:
            act = lambda: call_to_meeting(ballot, "We should talk.", by=self.person(who))  # noqa: E731
            self.try_to("call", act)

    @rule(who=mostly("chair", "reviewer"))
    def close(self, who: str) -> None:
        ballot = self.ballot
        if ballot is None:
            return
        was_open, before = ballot.closed_at is None, Decision.objects.count()
        expected = self.counted(ballot) if was_open else None
        if self.try_to("close ballot", lambda: close_ballot(ballot, by=self.person(who))) is None or not was_open:
            assert Decision.objects.count() == before
            return
        self.decided_as(ballot, expected)

    @rule()
    def time_passes(self) -> None:
        """The deadline of an open ballot passes, and the machine closes it."""
        ballot = Ballot.objects.filter(closed_at=None).exclude(deadline=None).exclude(item=None).first()
        if ballot is None:
            return
        expected = self.counted(ballot)
        Ballot.objects.filter(pk=ballot.pk).update(deadline=timezone.now() - datetime.timedelta(seconds=1))
        self.vote("member", "approve", dissent=False)
        assert self.counted(ballot) == expected  # nobody votes after the deadline
        close_due()
        self.decided_as(ballot, expected)

    def counted(self, ballot: Ballot) -> tuple[int, Counter[str]]:
        """Return how many may vote, and the last votes of those, by the people and not by the product."""
        item = ballot.item
        assert item is not None
        case = item.use_case
        part = self.part[item.round.assessment.key] | {case.owner.key, case.reporter.key, item.put_by.key}
        may = []
        for name in SEATED:
            person = self.person(name)
            said = Declaration.objects.filter(item=item, person=person).order_by("revision").last()
            seated = Assignment.objects.filter(person=person, role__in=["member", "chair"], ended_at=None).exists()
            if seated and person.key not in part and not (said is not None and said.conflict):
                may.append(person.pk)
        votes = votes_of(last_votes(ballot))
        return len(may), Counter(row.choice for person, row in votes.items() if person in may)

    def decided_as(self, ballot: Ballot, expected: tuple[int, Counter[str]] | None) -> None:
        """A ballot is decided by a quorum of those who may vote, or not at all."""
        assert expected is not None
        eligible, votes = expected
        found = Ballot.objects.get(pk=ballot.pk)
        quorum = max(2, eligible // 2 + 1)
        if found.ending == "withdrawn":
            return
        assert (found.ending == "decided") == (votes.total() >= quorum)
        if found.ending == "decided":
            decision = Decision.objects.get(ballot=found)
            assert Counter(decision.votes) == votes
            self.done.append(f"decided {decision.outcome}")

    @rule(who=st.sampled_from(SEATED), ends=st.sampled_from([False, False, True]))
    def seat_changes(self, who: str, ends: bool) -> None:
        rows = Assignment.objects.filter(person=self.person(who), role__in=["member", "chair"])
        rows.update(ended_at=timezone.now() if ends else None)

    # all at their best: else chance hardly ever gets to the end of a stage

    @rule(again=st.booleans())
    def go_on(self, again: bool) -> None:
        """Everybody does what brings the case one standing further."""
        found = self.now
        if found.standing in (Standing.OPEN, Standing.CHANGES):
            self.confirm("owner")
            self.confirm("engineer")
            for place, values in PLACES.items():
                self.answer("owner" if place[0] == ASKED else "engineer", (place, values[0]), old=False)
            self.deliver("engineer", "fair", "a", "d", big=False)
            self.submit("owner", old=False)
        elif found.standing == Standing.IN_REVIEW:
            self.put("reviewer", "approve_with_conditions", 60)
            self.write_page("reviewer", 0)
            self.propose("reviewer", "document")
            self.open_ballot("chair", "circulation", 24)
            self.vote_alike("approve_with_conditions")
            self.close("chair")
        elif found.standing == Standing.DECIDED:
            self.answer("engineer", ((PROVEN, "document"), f"Proof {self.steps}."), old=False)
            self.accept_document("reviewer")
            self.deliver("engineer", "fair", "a", "e" if again else "d", big=False)
            self.close_stage("owner", old=False)
        else:
            self.open("owner", "release", again=found.standing == Standing.STALE)

    # a stop

    @rule(who=mostly("head", "chair"), lift=st.booleans(), really=st.sampled_from([False, False, True]))
    def stop_or_lift(self, who: str, lift: bool, really: bool) -> None:
        case = UseCase.objects.select_related("unit").get()
        if lift and case.state == "suspended":
            move_state(case, case.suspended_from, by=self.person("head"), lift=True)
        elif really:
            self.try_to("stop", lambda: stop(case, "stop", "It hurts somebody.", by=self.person(who)))

    @invariant()
    def what_is_stopped_was_not_set_going_by_other_acts(self) -> None:
        """Only a lift ends a stop; whatever else goes on, the gate stays shut."""
        if StageAssessment.objects.exists() and UseCase.objects.get().state == "suspended":
            assert "office.committee.gate.stopped" in [told.key for told in gate_blockers(self.now)]

    # conditions

    @rule(who=mostly("reviewer", "head"))
    def accept_document(self, who: str) -> None:
        condition = Condition.objects.filter(rule="document").order_by("-pk").first()
        if condition is None:
            return
        act = lambda: accept_document(condition, seen=condition.version, by=self.person(who))  # noqa: E731
        if self.try_to("accept document", act) is not None:
            self.judges(self.person(who).key, condition.decision.assessment)
            self.judges(self.person(who).key, self.now)

    # what always holds

    @invariant()
    def decisions_cite_the_frozen_round(self) -> None:
        for found in Decision.objects.select_related("round", "ballot"):
            content = content_of(found.signed)
            said = decode(Statement, predicate_of(content, what="d", kind=DECISION_TYPE), what="d")
            round = found.round
            assert digest_of_decision(said) == found.statement
            assert (said.assessment, said.plan, said.scope) == (round.document, round.plan, round.scope)
            assert list(said.evidence) == round.evidence
            assert [encode(pack) for pack in said.packs] == round.packs
            assert digest_bytes(content_of(round.document)) == said.assessment
            assert (said.outcome, said.round) == (found.outcome, round.number)
            assert found.ballot.closed_at is not None

    @invariant()
    def conditions_close_on_evidence_that_was_not_decided_on(self) -> None:
        for closing in ConditionClosing.objects.select_related("condition__decision__round"):
            assert closing.evidence not in closing.condition.decision.round.evidence
            assert closing.condition.closed_at is not None
        assert Condition.objects.exclude(closed_at=None).filter(closing=None).count() == 0

    @invariant()
    def items_and_ballots_fit(self) -> None:
        for item in DocketItem.objects.all():
            voting = Ballot.objects.filter(item=item, closed_at=None).count()
            assert voting == (item.standing == "voting")
            assert (item.standing == "decided") == Decision.objects.filter(ballot__item=item).exists()
        lying = DocketItem.objects.filter(standing__in=["waiting", "voting"])
        for item in lying.select_related("round__assessment"):
            assert item.round.assessment.standing == Standing.IN_REVIEW
            assert item.round.number == item.round.assessment.round

    @invariant()
    def decided_assessments_have_a_decision(self) -> None:
        for found in StageAssessment.objects.filter(standing__in=[Standing.DECIDED, Standing.CLOSED, Standing.STALE]):
            assert Decision.objects.filter(assessment=found).exclude(outcome="defer").count() == 1

    @invariant()
    def no_vote_came_after_its_ballot_closed(self) -> None:
        for made in Vote.objects.exclude(ballot__closed_at=None).select_related("ballot"):
            assert made.ballot.closed_at is not None
            assert made.at <= made.ballot.closed_at
