"""Nobody decides on their own submission, through whichever door: whoever took part holds every role at once here."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from hakari.errors import NotAllowedError, OfficeError
from hakari.office.committee.actions.conditions import accept_document
from hakari.office.committee.actions.docket import (
    drop_condition,
    propose_condition,
    put_on_docket,
    set_terms,
    translate,
    withdraw,
    write_passage,
)
from hakari.office.committee.actions.rules import NEEDED
from hakari.office.committee.actions.voting import (
    call_to_meeting,
    close_ballot,
    declare,
    open_ballot,
    vote,
)
from hakari.office.committee.models import Ballot, Condition, Decision, DocketItem, Form, Meeting
from hakari.office.keys.actions import ask_for_key, confirm_key
from hakari.office.lifecycle.actions.answering import answer_question
from hakari.office.lifecycle.actions.delivering import deliver
from hakari.office.lifecycle.actions.opening import name_responsible, open_assessment, state_facts
from hakari.office.lifecycle.actions.reviewing import accept_bound, advise, ask_for_changes, propose
from hakari.office.lifecycle.actions.submitting import submit
from hakari.office.lifecycle.files import checked
from hakari.office.lifecycle.models import Round, StageAssessment
from hakari.office.people.models import Assignment, Person
from hakari.office.people.roles import ROLES
from hakari.office.registry.actions import hand_over
from hakari.office.registry.models import UseCase
from tests.pages.committee.conftest import SOON, seat
from tests.pages.conftest import TODAY, Company
from tests.pages.lifecycle.acting import everything
from tests.pages.lifecycle.conftest import make_case
from tests.pages.lifecycle.trial import (
    ASKED,
    CHECK,
    DOUBTFUL,
    FAIR,
    GAPS,
    PROVEN,
    REFERENCE,
    install_pack,
    key,
    trial_bundle,
)

pytestmark = pytest.mark.postgres

WAYS = ("reporter", "owner", "former_owner", "stater", "answerer", "engineer", "deliverer", "submitter")
"""How somebody can have taken part; `engineer` is named for the role, `answerer` answers because nobody is."""


@pytest.fixture
def almighty(company: Company) -> Person:
    """Return somebody who holds every role in the whole company."""
    found = company.add("almighty", "head", None)
    for role in ROLES:
        if role != "head":
            Assignment.objects.create(person=found, role=role, starts=TODAY)
    seat(company)
    return found


def run(company: Company, way: str = "", almighty: Person | None = None, counts: Any = FAIR) -> StageAssessment:
    """Answer and measure everything; in the one way, the almighty did it."""
    people = {name: company.people[name] for name in ("reporter", "owner", "engineer")}
    people |= {"former_owner": people["owner"], "stater": people["owner"], "answerer": people["engineer"]}
    people |= {"deliverer": people["engineer"], "submitter": people["owner"]}
    if almighty is not None and way:
        people[way] = almighty
    if way == "owner":
        people |= {"former_owner": people["owner"]}
    install_pack()
    case = make_case(company, reporter=people["reporter"], owner=people["former_owner"])
    found = open_assessment(case, "develop", [REFERENCE], by=people["former_owner"])
    if way != "answerer":
        name_responsible(case, "engineer", people["engineer"], by=people["former_owner"])
    if way == "former_owner":
        hand_over(UseCase.objects.get(pk=case.pk), people["owner"], by=people["former_owner"])
    found = state_facts(found, {"people": True}, seen=found.version, by=people["stater"])
    answer_question(found, ASKED, "told", "yes", seen=0, by=people["owner"])
    answer_question(found, ASKED, "how", "By a notice at the top.", seen=0, by=people["owner"])
    engineer = people["answerer"] if way == "answerer" else people["engineer"]
    notice = checked("notice.txt", b"AI drafts this reply.")
    answer_question(found, PROVEN, "document", "notice.txt", seen=0, by=engineer, upload=notice)
    deliver(found, trial_bundle(counts), by=people["deliverer"])
    return StageAssessment.objects.get(pk=found.pk)


def sent(company: Company, way: str = "", almighty: Person | None = None, counts: Any = FAIR) -> Round:
    found = run(company, way, almighty, counts)
    by = almighty if way == "submitter" and almighty is not None else company.owner
    if way == "owner" and almighty is not None:
        by = almighty
    return submit(found, seen=found.version, by=by)


def laid(round: Round, company: Company) -> DocketItem:
    """Lay a round before the committee with a page and a condition that a document closes."""
    until = timezone.localdate() + SOON
    item = put_on_docket(round, "approve_with_conditions", until, by=company.reviewer)
    for heading in NEEDED:
        write_passage(item, heading, f"About {heading}.", "en", seen=0, by=company.reviewer)
    propose_condition(
        item, text="Show it.", language="en", requirement=PROVEN, due=until, rule="document", by=company.reviewer
    )
    return DocketItem.objects.get(pk=item.pk)


def all_refused(doors: Mapping[str, Callable[[], Any]]) -> None:
    """Try every door; each is shut, and nothing changes."""
    before = everything()
    opened = []
    for name, act in doors.items():
        try:
            act()
        except NotAllowedError:
            continue
        opened.append(name)
    assert opened == []
    assert everything() == before


def review_doors(round: Round, by: Person) -> dict[str, Callable[[], Any]]:
    until = timezone.localdate() + SOON
    words: dict[str, Any] = {"reason": "Few rows yet.", "condition": "Measured again monthly.", "until": until}
    return {
        "ask for changes": lambda: ask_for_changes(round, "Say more.", by=by),
        "advise": lambda: advise(round, "Look.", by=by),
        "propose": lambda: propose(round, "approve", "Good.", by=by),
        "accept a bound": lambda: accept_bound(round.assessment, GAPS, by=by, **words),
        "put on the docket": lambda: put_on_docket(round, "approve", until, by=by),
    }


def docket_doors(item: DocketItem, meeting: Meeting, by: Person) -> dict[str, Callable[[], Any]]:
    until = timezone.localdate() + SOON
    soon = timezone.now() + datetime.timedelta(days=1)
    values: dict[str, Any] = {"text": "Show it.", "language": "en", "requirement": GAPS, "due": until}
    return {
        "write a passage": lambda: write_passage(item, "asked", "Say yes.", "en", seen=1, by=by),
        "translate": lambda: translate(item, "asked", "はい", seen=1, by=by),
        "set terms": lambda: set_terms(
            item, proposal="approve", valid_until=until, envelope={}, seen=item.version, by=by
        ),
        "propose a condition": lambda: propose_condition(item, rule="check", check=CHECK, by=by, **values),
        "drop a condition": lambda: drop_condition(item, 1, by=by),
        "withdraw": lambda: withdraw(item, "Later.", seen=item.version, by=by),
        "open a circulated vote": lambda: open_ballot(item, Form.CIRCULATION, deadline=soon, by=by),
        "open a vote in a meeting": lambda: open_ballot(item, Form.MEETING, meeting=meeting, by=by),
    }


def vote_doors(ballot: Ballot, by: Person) -> dict[str, Callable[[], Any]]:
    return {
        **{name: partial(vote, ballot, name, reason="So.", by=by) for name in ("approve", "reject", "abstain")},
        "call to a meeting": lambda: call_to_meeting(ballot, "Let us talk.", by=by),
        "close the vote": lambda: close_ballot(ballot, by=by),
    }


@pytest.mark.parametrize("way", WAYS)
def test_who_took_part_in_one_way_finds_every_door_shut(company: Company, almighty: Person, way: str) -> None:
    round = sent(company, way, almighty, DOUBTFUL)
    all_refused(review_doors(round, almighty))
    item = laid(round, company)
    meeting = Meeting.objects.create(number="M-1", starts_at=timezone.now(), standing="open", called_by=company.chair)
    all_refused(docket_doors(item, meeting, almighty))
    until = timezone.now() + datetime.timedelta(days=1)
    ballot = open_ballot(item, Form.CIRCULATION, deadline=until, by=company.chair)
    declare(item, conflict=False, by=almighty)
    all_refused(vote_doors(ballot, almighty))
    for name in ("chair", "member", "member2", "member3"):
        declare(item, conflict=False, by=company.people[name])
        vote(ballot, "approve_with_conditions", by=company.people[name])
    # Everybody who may vote has, so the barred one was waited for by nobody.
    close_ballot(ballot, by=company.chair)
    assert Decision.objects.get().recused == 1
    condition = Condition.objects.get()
    all_refused({"accept the document": lambda: accept_document(condition, seen=condition.version, by=almighty)})


def test_whoever_did_none_of_it_finds_the_doors_open(company: Company, almighty: Person) -> None:
    """Else the doors above might be shut to everybody."""
    round = sent(company, counts=DOUBTFUL)
    opened = []
    for name, act in review_doors(round, almighty).items():
        if name != "ask for changes":
            act()
            opened.append(name)
    assert len(opened) == 4


def test_who_only_opened_the_assessment_took_no_part(company: Company, almighty: Person) -> None:
    """The office may open one for a unit; it decides nothing by that."""
    install_pack()
    case = make_case(company)
    found = open_assessment(case, "develop", [REFERENCE], by=almighty)
    round = submit(found, seen=found.version, by=company.owner)
    assert advise(round, "Look.", by=almighty).by == almighty.key


@pytest.fixture
def circulated(company: Company, almighty: Person) -> tuple[DocketItem, Ballot]:
    """Return a vote in which everybody voted to approve, the almighty among them."""
    item = laid(sent(company), company)
    until = timezone.now() + datetime.timedelta(days=1)
    ballot = open_ballot(item, Form.CIRCULATION, deadline=until, by=company.chair)
    for person in (almighty, company.chair, company.member, company.member2, company.member3):
        declare(item, conflict=False, by=person)
        vote(ballot, "approve", by=person)
    return item, ballot


def test_who_becomes_owner_after_voting_is_not_counted(
    circulated: tuple[DocketItem, Ballot], company: Company, almighty: Person
) -> None:
    hand_over(UseCase.objects.select_related("owner", "unit").get(), almighty, by=company.owner)
    close_ballot(circulated[1], by=company.chair)
    assert Decision.objects.get().votes == {"approve": 4}


def test_who_loses_the_seat_before_closing_is_not_counted(
    circulated: tuple[DocketItem, Ballot], company: Company
) -> None:
    company.member.assignments.update(ended_at=timezone.now())
    close_ballot(circulated[1], by=company.chair)
    assert Decision.objects.get().votes == {"approve": 4}


def test_votes_of_lost_seats_do_not_close_a_circulation_early(
    circulated: tuple[DocketItem, Ballot], company: Company
) -> None:
    company.member.assignments.update(ended_at=timezone.now())
    company.add("latecomer", "member", None)
    with pytest.raises(OfficeError, match="1 "):
        close_ballot(circulated[1], by=company.chair)


def test_a_reviewer_who_answers_afterwards_reviews_no_more(company: Company, almighty: Person) -> None:
    round = sent(company)
    ask_for_changes(round, "Say more.", by=almighty)
    name_responsible(UseCase.objects.get(), "engineer", almighty, by=company.owner)
    notice = checked("notice.txt", b"AI drafts.")
    answer_question(round.assessment, PROVEN, "document", "n", seen=1, by=almighty, upload=notice)
    found = StageAssessment.objects.get()
    again = submit(found, seen=found.version, by=company.owner)
    all_refused(review_doors(again, almighty))


def test_an_item_put_before_somebody_took_part_is_not_theirs_to_vote_on(company: Company, almighty: Person) -> None:
    item = laid(sent(company), company)
    hand_over(UseCase.objects.select_related("owner", "unit").get(), almighty, by=company.owner)
    hand_over(UseCase.objects.select_related("owner", "unit").get(), company.owner, by=almighty)
    until = timezone.now() + datetime.timedelta(days=1)
    ballot = open_ballot(item, Form.CIRCULATION, deadline=until, by=company.chair)
    declare(item, conflict=False, by=almighty)
    all_refused(vote_doors(ballot, almighty))


def test_a_condition_s_document_is_not_accepted_by_who_attached_it_in_a_later_assessment(
    company: Company, almighty: Person
) -> None:
    from hakari.office.lifecycle.actions.opening import open_next
    from hakari.office.lifecycle.staleness import expire

    item = laid(sent(company), company)
    until = timezone.now() + datetime.timedelta(days=1)
    ballot = open_ballot(item, Form.CIRCULATION, deadline=until, by=company.chair)
    for person in (almighty, company.chair, company.member, company.member2, company.member3):
        declare(item, conflict=False, by=person)
        vote(ballot, "approve_with_conditions", by=person)
    close_ballot(ballot, by=company.chair)
    expire(timezone.localdate() + datetime.timedelta(days=400))
    fresh = open_next(StageAssessment.objects.get(), by=company.owner)
    name_responsible(UseCase.objects.get(), "engineer", almighty, by=company.owner)
    notice = checked("notice.txt", b"AI drafts, truly.")
    answer_question(fresh, PROVEN, "document", "n", seen=1, by=almighty, upload=notice)
    condition = Condition.objects.get()
    all_refused({"own document": lambda: accept_document(condition, seen=condition.version, by=almighty)})
    assert accept_document(condition, seen=condition.version, by=company.reviewer).closed_at is not None


def test_nobody_confirms_their_own_key(almighty: Person) -> None:
    asked = ask_for_key(key(9).public.hex, kind="person", by=almighty)
    all_refused({"confirm": lambda: confirm_key(asked, by=almighty)})


def test_the_administrator_alone_opens_no_door(company: Company) -> None:
    round = sent(company)
    all_refused(review_doors(round, company.admin))
    item = laid(round, company)
    meeting = Meeting.objects.create(number="M-1", starts_at=timezone.now(), standing="open", called_by=company.chair)
    all_refused(docket_doors(item, meeting, company.admin))


def test_no_management_command_and_no_address_of_the_programs_judges() -> None:
    """What a machine runs closes what is due and marks what is old; it takes no outcome from anybody."""
    from django.core.management import get_commands, load_command_class

    ours = {name: app for name, app in get_commands().items() if str(app).startswith("hakari.office")}
    told = {
        name: load_command_class(app, name).create_parser("manage", name).format_help() for name, app in ours.items()
    }
    assert not [name for name, words in told.items() if {"--choice", "--outcome", "--vote"} & set(words.split())]
