"""An office in which everything of the second half stands once in each standing, and where its pages are."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils import timezone

from hakari.office.committee.actions.agenda import NOTICE, add_item
from hakari.office.committee.actions.docket import (
    propose_condition,
    put_on_docket,
    set_terms,
    translate,
    withdraw,
    write_passage,
)
from hakari.office.committee.actions.meetings import (
    cancel_meeting,
    close_meeting,
    mark_attendance,
    open_meeting,
    plan_meeting,
)
from hakari.office.committee.actions.minutes import approve_minutes, last_minutes
from hakari.office.committee.actions.rules import NEEDED
from hakari.office.committee.actions.stopping import stop
from hakari.office.committee.actions.voting import call_to_meeting, close_ballot, declare, open_ballot, vote
from hakari.office.committee.models import Agenda, Ballot, Decision, DocketItem, Form, Meeting, Stop
from hakari.office.core.models import FreeText
from hakari.office.keys.actions import ask_for_key, confirm_key, revoke_key
from hakari.office.lifecycle.actions.answering import answer_question, comment
from hakari.office.lifecycle.actions.delivering import deliver
from hakari.office.lifecycle.actions.opening import open_next
from hakari.office.lifecycle.actions.reviewing import advise, ask_for_changes, close_stage, propose
from hakari.office.lifecycle.models import Round, StageAssessment
from hakari.office.oversight.actions import open_feed
from hakari.office.oversight.views.boards import BOARDS
from hakari.office.people.models import Person
from tests.pages.conftest import Company
from tests.pages.lifecycle.conftest import complete, make_assessment, make_case, send
from tests.pages.lifecycle.trial import (
    ASKED,
    CHECK,
    DOUBTFUL,
    FAIR,
    GAPING,
    GAPS,
    PROVEN,
    key,
    trial_bundle,
)

__all__ = ["Standings", "fill", "names_of_pages"]

VOTERS = ("chair", "member", "member2", "member3")
LONG = "A notice above each drafted reply says that AI wrote the draft, and who answers for what is sent. " * 6


@dataclass
class Standings:
    """The people, and one address for each kind of page in each standing, with who reads it there."""

    company: Company
    pages: dict[str, tuple[Person, str]] = field(default_factory=dict)
    cases: int = 0

    def add(self, name: str, who: str, view: str, *arguments: object, query: str = "") -> None:
        """Note a page; `name` says what stands on it."""
        path = reverse(view, args=arguments) + query
        self.pages[f"{view} {name}"] = (self.company.people[who], path)

    def number(self) -> str:
        """Return the number of one more use case."""
        self.cases += 1
        return f"UC-2026-{self.cases:04d}"


def fill(company: Company) -> Standings:
    """Make everything, and return where it is."""
    found = Standings(company)
    for name in VOTERS[2:]:
        company.add(name, "member", None)
    _keys(found)
    _assessments(found)
    _docket(found)
    _meetings(found)
    _stops(found)
    _lists(found)
    return found


def _now(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def _soon(days: int = 90) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def _keys(found: Standings) -> None:
    company = found.company
    waiting, valid, revoked = (ask_for_key(key(n).public.hex, kind="person", by=company.engineer) for n in (1, 0, 2))
    for row in (valid, revoked):
        confirm_key(row, by=company.reviewer)
    revoke_key(_now(revoked), "The laptop was lost.", by=company.engineer)
    for name, row in (("waiting", waiting), ("valid", valid), ("revoked", revoked)):
        found.add(name, "engineer", "keys:key", row.key)
    found.add("waiting", "reviewer", "keys:confirm", waiting.key)
    found.add("waiting", "reviewer", "keys:decline", waiting.key)
    found.add("valid", "engineer", "keys:revoke", valid.key)
    found.add("all", "reviewer", "keys:list")
    found.add("new", "engineer", "keys:ask")


def _round(found: Standings, groups: Any = GAPING, **bundle: Any) -> Round:
    made = make_assessment(found.company, number=found.number(), title=f"Reply drafts {found.cases}")
    return send(complete(made, found.company, groups, **bundle), found.company)


def _assessments(found: Standings) -> None:
    company = found.company
    begun = make_case(company, number=found.number(), title="Sorting of letters")
    found.add("triaged", "owner", "lifecycle:open", begun.number)
    found.add("triaged", "owner", "registry:detail", begun.number)
    made = make_assessment(company, number=found.number(), title="Fresh")
    answer_question(made, ASKED, "told", "unknown", seen=0, by=company.owner)
    comment(made, ASKED, "told", "Whom do we ask?", by=company.owner)
    for view in ("assessment", "facts", "responsible", "evidence", "submit", "carried"):
        found.add("open", "owner", f"lifecycle:{view}", made.key)
    found.add("yes or no", "owner", "lifecycle:question", made.key, ASKED, "told")
    found.add("text", "owner", "lifecycle:question", made.key, ASKED, "how")
    found.add("of another", "reviewer", "lifecycle:question", made.key, ASKED, "told")
    found.add("file", "engineer", "lifecycle:question", made.key, PROVEN, "document")
    found.add("open, all", "engineer", "lifecycle:assessment", made.key, query="?show=all")
    _delivered_before(found)
    _reviewed(found)


def _delivered_before(found: Standings) -> None:
    """An older delivery, where it can be made to count again, and in a round that is read."""
    company = found.company
    made = make_assessment(company, number=found.number(), title="Delivered twice")
    for groups in (FAIR, DOUBTFUL):
        deliver(made, trial_bundle(groups), by=company.engineer)
    found.add("two deliveries", "engineer", "lifecycle:evidence", made.key)
    found.add("to be confirmed", "engineer", "lifecycle:older", made.key, 1)
    submitted = make_assessment(company, number=found.number(), title="Delivered twice and read")
    deliver(submitted, trial_bundle(DOUBTFUL), by=company.engineer)
    send(complete(submitted, company, FAIR), company)
    found.add("not taken now", "engineer", "lifecycle:older", submitted.key, 1)


def _reviewed(found: Standings) -> None:
    company = found.company
    first = _round(found, DOUBTFUL)
    made = first.assessment
    advise(first, LONG, by=company.reviewer)
    ask_for_changes(first, "Say where the notice stands.", [(ASKED, "how")], by=company.reviewer)
    found.add("changes", "owner", "lifecycle:assessment", made.key)
    found.add("changes", "owner", "lifecycle:round", made.key, 1)
    found.add("doubtful", "head", "lifecycle:accept", made.key, GAPS)
    answer_question(made, ASKED, "how", LONG, seen=1, by=company.owner)
    second = send(_now(made), company)
    found.add("in review", "reviewer", "lifecycle:round", made.key, 2)
    found.add("in review, own", "owner", "lifecycle:round", made.key, 2)
    found.add("in review", "owner", "lifecycle:assessment", made.key)
    propose(second, "approve_with_conditions", "So.", by=company.reviewer)
    found.add("new", "reviewer", "committee:put", second.key)


def _item(found: Standings, *, whole: bool = True, rule: str = "check", groups: Any = GAPING) -> DocketItem:
    reviewer = found.company.reviewer
    item = put_on_docket(_round(found, groups), "approve_with_conditions", _soon(), by=reviewer)
    for heading in NEEDED if whole else NEEDED[:2]:
        write_passage(item, heading, LONG[:200], "en", seen=0, by=reviewer)
    translate(item, NEEDED[0], "諮る内容の訳文です。", seen=1, by=reviewer)
    condition = {"requirement": GAPS, "check": CHECK} if rule == "check" else {"requirement": PROVEN, "check": ""}
    propose_condition(
        item, text="Show that the gap is closed.", language="en", due=_soon(), rule=rule, by=reviewer, **condition
    )
    envelope = {"roles": ["data.test", "model"], "checks": [CHECK], "until": _soon().isoformat()}
    set_terms(
        item, proposal="approve_with_conditions", valid_until=_soon(), envelope=envelope, seen=_now(item).version,
        by=reviewer,
    )  # fmt: skip
    made: DocketItem = _now(item)
    return made


def _circulate(found: Standings, item: DocketItem) -> Ballot:
    deadline = timezone.now() + datetime.timedelta(days=3)
    return open_ballot(item, Form.CIRCULATION, deadline=deadline, by=found.company.chair)


def _decide(found: Standings, item: DocketItem, *, against: int = 1) -> Decision:
    """One declares a conflict, `against` reject with their reason as dissent, and the others approve."""
    people = [found.company.people[name] for name in VOTERS]
    ballot = _circulate(found, item)
    declare(item, conflict=True, reason="My sister sells this model.", by=people.pop())
    for place, person in enumerate(people):
        declare(item, conflict=False, by=person)
        no = place < against
        vote(ballot, "reject" if no else "approve_with_conditions", reason=LONG[:90], dissent=no, by=person)
    close_ballot(ballot, by=found.company.chair)
    return Decision.objects.get(ballot=ballot)


def _docket(found: Standings) -> None:
    company = found.company
    part = _item(found, whole=False)
    found.add("incomplete", "reviewer", "committee:item", part.key)
    for view, more in (("passage", ("asked",)), ("passage", ("changed",)), ("translation", ("asked",)), ("terms", ()),
                       ("conditions_proposed", ()), ("withdraw", ())):  # fmt: skip
        found.add("-".join(("waiting", *more)), "reviewer", f"committee:{view}", part.key, *more)
    whole = _item(found)
    found.add("whole", "chair", "committee:item", whole.key)
    found.add("whole", "chair", "committee:open_ballot", whole.key)
    voting = _item(found)
    ballot = _circulate(found, voting)
    for name in ("member", "member2"):
        declare(
            voting, conflict=name == "member2", reason="Mine." if name == "member2" else "", by=company.people[name]
        )
    vote(ballot, "approve", reason="Fine.", by=company.member)
    declare(voting, conflict=False, by=company.chair)
    for name, who in (
        ("voted", "member"),
        ("recused", "member2"),
        ("undeclared", "member3"),
        ("vote missing", "chair"),
    ):
        found.add(f"voting, {name}", who, "committee:item", voting.key)
    found.add("undeclared", "member3", "committee:declare", voting.key)
    found.add("missing", "chair", "committee:vote", ballot.key)
    found.add("again", "member", "committee:vote", ballot.key)
    found.add("circulated", "chair", "committee:call", ballot.key)
    _sealed(found)
    gone = _item(found)
    withdraw(gone, "Told too early.", seen=gone.version, by=company.reviewer)
    found.add("withdrawn", "reviewer", "committee:item", gone.key)
    _decided(found)


def _sealed(found: Standings) -> None:
    """A vote that somebody changed in the database: before, and after it was ended without a result."""
    company = found.company
    for ended in (False, True):
        item = _item(found)
        ballot = _circulate(found, item)
        for name in ("chair", "member"):
            declare(item, conflict=False, by=company.people[name])
        vote(ballot, "approve", by=company.member)
        row = vote(ballot, "reject", reason="No.", by=company.chair)
        FreeText.objects.filter(digest=row.reason_id).update(text="vote-1 somebody else")
        if ended:
            close_ballot(ballot, void=True, by=company.chair)
        for who in ("chair", "member"):
            found.add(f"seal broken, ended {ended}, {who}", who, "committee:item", item.key)


def _decided(found: Standings) -> None:
    company = found.company
    rejected = _decide(found, _item(found), against=3)
    found.add("rejected", "owner", "committee:decision", rejected.number)
    found.add("decided", "member", "committee:item", rejected.round.docket_item.key)
    document = _decide(found, _item(found, rule="document"))
    answer_again(document.assessment, company)
    condition = document.conditions.get()
    found.add("document", "reviewer", "committee:condition_accept", condition.key)
    found.add("gate shut", "owner", "lifecycle:assessment", document.assessment.key)
    found.add("condition open", "owner", "committee:decision", document.number)
    carried = _decide(found, _item(found))
    deliver(carried.assessment, trial_bundle(FAIR, data="e"), by=company.engineer)
    found.add("condition closed, carried over", "owner", "committee:decision", carried.number)
    found.add("carried over", "engineer", "lifecycle:evidence", carried.assessment.key)
    found.add("gate open", "owner", "lifecycle:assessment", carried.assessment.key)
    found.add("approved", "owner", "committee:export", carried.number)
    stale = _decide(found, _item(found))
    deliver(stale.assessment, trial_bundle(GAPING, data="f"), by=company.engineer)
    found.add("stale", "owner", "lifecycle:assessment", stale.assessment.key)
    found.add("stale", "engineer", "lifecycle:evidence", stale.assessment.key)
    found.add("stale", "owner", "registry:detail", stale.use_case.number)
    _closed(found)


def answer_again(found: StageAssessment, company: Company) -> None:
    """The engineer attaches a newer document, which waits for somebody to read it."""
    from hakari.office.lifecycle.files import checked

    upload = checked("notice.txt", b"A better notice.")
    answer_question(found, PROVEN, "document", "notice.txt", seen=1, by=company.engineer, upload=upload)


def _closed(found: Standings) -> None:
    company = found.company
    again = _decide(found, _item(found))
    deliver(again.assessment, trial_bundle(GAPING, data="f"), by=company.engineer)
    fresh = open_next(_now(again.assessment), by=company.owner)
    found.add("carried answers", "owner", "lifecycle:carried", fresh.key)
    found.add("carried answers", "owner", "lifecycle:assessment", fresh.key)
    found.add("carried", "owner", "lifecycle:question", fresh.key, ASKED, "how")
    closed = _decide(found, _item(found))
    deliver(closed.assessment, trial_bundle(FAIR, data="e"), by=company.engineer)
    close_stage(_now(closed.assessment), seen=_now(closed.assessment).version, by=company.owner)
    found.add("closed", "owner", "lifecycle:assessment", closed.assessment.key)
    found.add("next stage", "owner", "lifecycle:open", closed.use_case.number)
    found.add("several assessments", "reviewer", "registry:detail", again.use_case.number)


def _meetings(found: Standings) -> None:
    chair = found.company.chair
    planned, opened, closed, approved, gone = (_plan(found) for _ in range(5))
    for consent in (False, True):
        add_item(planned, _item(found), consent=consent, by=chair)
    _called(found)
    found.add("planned", "chair", "committee:meeting", planned.key)
    found.add("planned", "member", "committee:meeting", planned.key)
    found.add("planned", "chair", "committee:meeting_change", planned.key)
    cancel_meeting(gone, by=chair)
    found.add("cancelled", "member", "committee:meeting", gone.key)
    _hold(found, opened)
    found.add("open", "chair", "committee:meeting", opened.key)
    found.add("open", "member2", "committee:meeting", opened.key)
    for meeting in (closed, approved):
        _hold(found, meeting)
        for ballot in Ballot.objects.filter(meeting=meeting, closed_at=None):
            _vote(found, ballot)
            close_ballot(ballot, by=chair)
        close_meeting(meeting, by=chair)
    found.add("closed", "member", "committee:meeting", closed.key)
    found.add("draft", "chair", "committee:minutes", closed.key)
    found.add("draft", "reviewer", "committee:minutes_words", closed.key)
    last = last_minutes(_now(approved))
    assert last is not None
    approve_minutes(last, by=chair)
    found.add("approved", "member", "committee:minutes", approved.key)
    found.add("new", "chair", "committee:meeting_plan")


def _plan(found: Standings) -> Meeting:
    starts = timezone.now() + datetime.timedelta(days=7)
    return plan_meeting(
        starts, 60, "https://meet.example.com/committee/a-very-long-address-of-a-room", by=found.company.chair
    )


def _called(found: Standings) -> None:
    item = _item(found)
    ballot = _circulate(found, item)
    declare(item, conflict=False, by=found.company.member)
    call_to_meeting(ballot, "We should talk about the gap.", by=found.company.member)


def _hold(found: Standings, meeting: Meeting) -> None:
    """Open a meeting with a vote that is open and an item on the consent part."""
    chair, company = found.company.chair, found.company
    discussed, consented = _item(found), _item(found)
    add_item(meeting, discussed, by=chair)
    entry = add_item(meeting, consented, consent=True, by=chair)
    Agenda.objects.filter(pk=entry.pk).update(part_since=timezone.now() - 2 * NOTICE)
    open_meeting(meeting, by=chair)
    for name in VOTERS[:3]:
        mark_attendance(meeting, company.people[name], there=True, by=company.people[name])
    declare(discussed, conflict=True, reason="Mine.", by=company.member3)
    open_ballot(_now(discussed), Form.MEETING, meeting=_now(meeting), by=chair)


def _vote(found: Standings, ballot: Ballot) -> None:
    assert ballot.item is not None
    for name in VOTERS[:3]:
        person, no = found.company.people[name], name == "member2"
        declare(ballot.item, conflict=False, by=person)
        vote(ballot, "reject" if no else "approve_with_conditions", reason="So it is.", dissent=no, by=person)


def _stops(found: Standings) -> None:
    company = found.company
    for name in ("open", "stands", "lifted"):
        case = make_case(company, number=found.number(), title=f"Stopped {name}")
        tasks = [(company.owner, "Take the drafts out.", _soon(5))]
        made = stop(case, "recall" if name == "open" else "stop", LONG[:200], tasks, by=company.head)
        if name != "open":
            _ratify(found, made, "uphold" if name == "stands" else "lift")
        found.add(name, "owner", "committee:stop", made.key)
        found.add(f"{name}, member", "member", "committee:stop", made.key)
        if name == "stands":
            found.add(f"{name}, to be a recall", "head", "committee:stop_recall", made.key)
        found.add(name, "owner", "committee:task", made.tasks.get().key)
        found.add(f"stop {name}", "owner", "registry:detail", case.number)
        if name == "open":
            found.add("on a stop", "member", "committee:vote", made.ballots.get().key)
        if name == "stands":
            found.add("stands", "head", "committee:resume_case", case.number)
            found.add("stands", "head", "committee:stop", made.key)
        if name == "lifted":
            found.add("lifted", "head", "committee:stop_case", case.number)


def _ratify(found: Standings, made: Stop, choice: str) -> None:
    ballot = made.ballots.get()
    for name in VOTERS:
        vote(ballot, choice, reason="So it is.", by=found.company.people[name])
    close_ballot(ballot, by=found.company.chair)


def _lists(found: Standings) -> None:
    for name in ("owner", "engineer", "reviewer", "chair", "member", "head", "auditor"):
        found.add(name, name, "home")
    found.add("mine", "owner", "lifecycle:list")
    found.add("all", "reviewer", "lifecycle:list", query="?whose=all")
    for standing in ("open", "decided"):
        found.add(standing, "member", "committee:docket", query=f"?standing={standing}")
    found.add("all", "chair", "committee:meetings")
    found.add("all", "owner", "committee:conditions", query="?show=all")
    found.add("all", "member", "committee:precedents")
    found.add("all", "member", "committee:stops")
    found.add("mine", "owner", "committee:tasks")
    open_feed(found.company.owner, seed="0123456789abcdefghij", by=found.company.owner)
    found.add("one", "owner", "oversight:calendar")
    found.add("all", "head", "oversight:overview")
    for board in BOARDS:
        found.add(board, "head", "oversight:board", board)
    found.add("asked for", "head", "oversight:programme")
    found.add("shown", "head", "oversight:programme", query="?period=2026")


def names_of_pages(rooms: tuple[str, ...]) -> Iterator[str]:
    """Return the names of all addresses of rooms."""
    from django.urls import get_resolver

    for room in rooms:
        _, resolver = get_resolver().namespace_dict[room]
        yield from (f"{room}:{name}" for name in resolver.reverse_dict if isinstance(name, str))
