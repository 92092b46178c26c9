"""Who reads the pages of assessments, and what stands on them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hakari.messages import say
from hakari.office.core.models import FreeText
from hakari.office.lifecycle.actions.answering import answer_question
from hakari.office.lifecycle.actions.delivering import deliver
from hakari.office.lifecycle.actions.opening import name_responsible, open_assessment, state_facts
from hakari.office.lifecycle.actions.reviewing import ask_for_changes
from hakari.office.lifecycle.models import Attachment, File, Round, StageAssessment
from hakari.office.lifecycle.projecting import projected
from hakari.office.lifecycle.staleness import mark_stale
from hakari.office.people.models import Person
from hakari.office.registry.models import UseCase
from tests.pages.conftest import Company
from tests.pages.lifecycle.conftest import Assess, complete, make_case, send
from tests.pages.lifecycle.trial import ASKED, DOUBTFUL, FAIR, GAPS, PROVEN, REFERENCE, install_pack, trial_bundle

SignIn = Callable[[Person], Client]
PAGES = ("", "facts/", "carried/", f"questions/{ASKED}/told/", "evidence/", "rounds/1/")


def _at(name: str = "") -> str:
    return f"/assessments/{StageAssessment.objects.order_by('-pk')[0].key}/{name}"


def _main(client: Client, address: str) -> str:
    return client.get(address).content.decode().split("<main")[1]


@pytest.mark.parametrize("name", ["owner", "engineer", "reporter", "reviewer", "head", "member", "auditor"])
def test_who_sees_the_use_case_reads_every_page_of_it(
    submitted: Callable[..., Round], company: Company, sign_in: SignIn, name: str
) -> None:
    submitted()
    client = sign_in(company.people[name])
    assert [client.get(_at(page)).status_code for page in PAGES] == [200] * len(PAGES)


@pytest.mark.parametrize("name", ["stranger", "outsider"])
def test_for_whoever_does_not_see_the_use_case_there_is_nothing(
    submitted: Callable[..., Round], company: Company, sign_in: SignIn, name: str
) -> None:
    submitted()
    client = sign_in(company.people[name])
    assert {client.get(_at(page)).status_code for page in PAGES} == {404}
    assert "Reply drafts" not in client.get("/assessments/?whose=all").content.decode()


def test_whoever_is_not_signed_in_is_asked_to(submitted: Callable[..., Round], client: Client, db: None) -> None:
    submitted()
    assert {client.get(_at(page)).headers["Location"][:17] for page in PAGES} == {"/accounts/login/?"}


def test_a_reader_who_is_told_the_code_name_only_finds_no_assessment(
    assess: Assess, company: Company, sign_in: SignIn
) -> None:
    assess(visibility="group", code_name="Pebble")
    member = sign_in(company.member)
    assert member.get(_at()).status_code == 404
    assert member.get("/assessments/?whose=all").content.count(b"Pebble") == 0


def test_a_code_name_hides_nothing_from_whoever_answers_for_a_role(
    assess: Assess, company: Company, sign_in: SignIn
) -> None:
    from hakari.office.lifecycle.actions.opening import name_responsible

    found = assess(visibility="group", code_name="Pebble")
    name_responsible(found.use_case, "engineer", company.member, by=company.owner)
    assert sign_in(company.member).get(_at(f"questions/{PROVEN}/document/")).status_code == 200


def test_minutes_are_summed_for_the_reader_and_for_all(assess: Assess, company: Company, sign_in: SignIn) -> None:
    assess()
    page = _main(sign_in(company.owner), _at())
    # told (2) and how (5) are the owner's, document (3) the engineer's; `how` hangs on an answer and is counted.
    assert re.findall(r'tile-figure">(\d+) min', page) == ["7", "10"]


def test_who_waits_for_whom_is_said_by_role_and_person(assess: Assess, company: Company, sign_in: SignIn) -> None:
    assess()
    page = _main(sign_in(company.owner), _at())
    row = next(part for part in page.split("</tr>") if "ML engineer" in part)
    assert "Engineer" in row
    assert re.findall(r'class="number"[^>]*>(\d+)<', row) == ["1", "3", "1"]


def test_a_check_shows_figure_interval_line_and_the_sentence_of_the_report(
    assess: Assess, company: Company, sign_in: SignIn
) -> None:
    complete(assess(), company, DOUBTFUL)
    page = _main(sign_in(company.engineer), _at("?show=all"))
    assert "6.0 points" in page  # 50/100 against 44/100
    assert "10.0 points or less" in page
    assert "15.0 points or more" in page
    assert "200" in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [("", 3), ("?show=mine", 1), ("?show=all", 3), ("?status=met&show=all", 0), ("?role=engineer", 2), ("?show=x", 3)],
)
def test_filters_stand_in_the_address(
    assess: Assess, company: Company, sign_in: SignIn, query: str, expected: int
) -> None:
    assess()
    assert _main(sign_in(company.owner), _at(query)).count('<details class="requirement') == expected


def test_the_number_of_queries_does_not_grow_with_requirements(
    assess: Assess, company: Company, sign_in: SignIn
) -> None:
    from hakari.office.lifecycle.actions.opening import open_assessment
    from tests.pages.lifecycle.conftest import make_case

    small = assess()
    owner = sign_in(company.owner)
    large = open_assessment(
        make_case(company, number="UC-2026-0002"), "release", ["ai-ethics-core@1.1.0", "altai@1.0.0"], by=company.owner
    )
    owner.get(f"/assessments/{small.key}/")
    counts = []
    for found in (small, large):
        with CaptureQueriesContext(connection) as queries:
            assert owner.get(f"/assessments/{found.key}/?show=all").status_code == 200
        counts.append(len(queries))
    assert counts[0] + 2 >= counts[1]
    assert counts[1] <= 30


def test_a_stale_assessment_says_why_and_offers_the_next_one_with_one_press(
    submitted: Callable[..., Round], company: Company, sign_in: SignIn
) -> None:
    submitted()
    UseCase.objects.update(state="decided")
    found = StageAssessment.objects.select_related("use_case").get()
    mark_stale(found, [say("office.lifecycle.stale.use")], by=company.owner)
    owner = sign_in(company.owner)
    assert "The subjects are used in another way" in _main(owner, _at())
    first = owner.post(f"/assessments/{found.key}/again/")
    again = owner.post(f"/assessments/{found.key}/again/")
    assert first.headers["Location"] == again.headers["Location"]
    assert StageAssessment.objects.count() == 2


def test_the_panel_of_a_use_case_shows_standing_counts_and_the_way_there(
    assess: Assess, company: Company, sign_in: SignIn
) -> None:
    found = assess()
    page = _main(sign_in(company.owner), f"/use-cases/{found.use_case.number}/")
    assert f"/assessments/{found.key}/" in page
    assert "status-missing" in page


def test_a_file_is_handed_out_as_a_download_of_a_kind_of_our_table(
    assess: Assess, company: Company, sign_in: SignIn
) -> None:
    complete(assess(), company)
    answer = sign_in(company.owner).get(f"/assessments/attachments/{Attachment.objects.get().key}/")
    assert answer.content == b"AI drafts this reply."
    assert answer.headers["Content-Disposition"] == 'attachment; filename="notice.txt"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "text/plain"


def test_a_kind_that_is_not_in_our_table_goes_out_as_bytes(assess: Assess, company: Company, sign_in: SignIn) -> None:
    values = {"requirement": PROVEN, "question": "document", "media_type": "text/html", "size": 3, "by": "x"}
    made = Attachment.objects.create(
        assessment=assess(), digest=File.keep(b"<b>"), name=FreeText.keep("あ\r\n.html"), **values
    )
    answer = sign_in(company.owner).get(f"/assessments/attachments/{made.key}/")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")


def test_a_file_that_was_erased_is_not_there(assess: Assess, company: Company, sign_in: SignIn) -> None:
    complete(assess(), company)
    key = Attachment.objects.get().key
    File.objects.filter(digest=Attachment.objects.get().digest).update(content=None)
    assert sign_in(company.owner).get(f"/assessments/attachments/{key}/").status_code == 404


def test_a_round_shows_what_changed_since_the_one_before(
    submitted: Callable[..., Round], company: Company, sign_in: SignIn
) -> None:
    round = submitted(DOUBTFUL)
    ask_for_changes(round, "Say more.", by=company.reviewer)
    answer_question(round.assessment, ASKED, "how", "By a letter to each.", seen=1, by=company.owner)
    send(round.assessment, company)
    page = _main(sign_in(company.reviewer), _at("rounds/2/"))
    assert "What changed since round 1" in page
    assert "By a notice at the top." in page
    assert "By a letter to each." in page
    assert "1 new, 1 no longer" in page


def test_home_tells_each_person_what_waits(submitted: Callable[..., Round], company: Company, sign_in: SignIn) -> None:
    round = submitted()
    assert "Review round 1" in _main(sign_in(company.reviewer), "/")
    assert "Review round 1" not in _main(sign_in(company.owner), "/")
    ask_for_changes(round, "Say more.", by=company.reviewer)
    assert "Read what the office asks for in round 1" in _main(sign_in(company.owner), "/")


def test_home_counts_the_questions_of_each_role(assess: Assess, company: Company, sign_in: SignIn) -> None:
    assess()
    assert "Answer 2 questions, about 7 minutes" in _main(sign_in(company.owner), "/")
    assert "Answer 1 question, about 3 minutes" in _main(sign_in(company.engineer), "/")


def test_the_list_is_narrowed_by_what_stands_in_the_address(assess: Assess, company: Company, sign_in: SignIn) -> None:
    assess()
    owner, unit = sign_in(company.owner), company.music.key
    for query, there in (("", True), ("?stage=develop", True), ("?stage=plan", False), (f"?unit={unit}", False)):
        assert ("Reply drafts" in _main(owner, f"/assessments/{query}")) == there


def test_a_bound_is_shown_in_words_before_it_is_accepted(assess: Assess, company: Company, sign_in: SignIn) -> None:
    complete(assess(), company, DOUBTFUL)
    page = _main(sign_in(company.head), _at(f"accept/{GAPS}/"))
    assert re.search(r"as bad as \d+\.\d points", page)
    assert sign_in(company.reviewer).get(_at(f"accept/{GAPS}/")).status_code == 403


def test_questions_of_the_office_wait_for_reviewers_until_somebody_is_named(company: Company, sign_in: SignIn) -> None:
    from hakari.office.lifecycle.actions.opening import name_responsible, open_assessment
    from tests.pages.lifecycle.conftest import make_case

    case = make_case(company, facts={"tier": "high"})
    open_assessment(case, "plan", ["nist-ai-rmf@1.0.0", "ai-ethics-core@1.1.0"], by=company.owner)
    assert "Answer" in _main(sign_in(company.reviewer), "/")
    for role in ("reviewer", "office"):
        name_responsible(case, role, company.member, by=company.owner)
    assert "Answer" not in _main(sign_in(company.reviewer), "/")


def test_a_later_room_adds_its_part_to_the_page_of_a_round(
    submitted: Callable[..., Round], company: Company, sign_in: SignIn
) -> None:
    from hakari.office.lifecycle.showing import parts

    submitted()
    before = _main(sign_in(company.reviewer), _at("rounds/1/"))
    parts.add_round_part("cotton/standing.html")
    try:
        assert _main(sign_in(company.reviewer), _at("rounds/1/")).count("badge") > before.count("badge")
    finally:
        parts.ROUND_PARTS.remove("cotton/standing.html")


def _filled(page: str) -> list[str]:
    """Return what the filled buttons of a page say."""
    return re.findall(r'class="button"[^>]*>([^<]+)<', page.split("<main")[1])


def test_the_filled_button_names_what_is_next(company: Company, sign_in: SignIn) -> None:
    install_pack()
    case = make_case(company)
    found = open_assessment(case, "develop", [REFERENCE], by=company.owner)
    name_responsible(case, "engineer", company.engineer, by=company.owner)

    def button(person: Person) -> list[str]:
        return _filled(sign_in(person).get(f"/assessments/{found.key}/").content.decode())

    assert button(company.owner) == ["State the facts"]
    state_facts(found, {"people": True}, seen=found.version, by=company.owner)
    assert button(company.owner) == ["Answer the next question"]
    answer_question(found, ASKED, "told", "no", seen=0, by=company.owner)
    assert button(company.owner) == ["Deliver evidence"]
    deliver(found, trial_bundle(FAIR), by=company.engineer)
    assert button(company.owner) == ["Submit"]
    assert button(company.engineer) == ["Answer the next question"]


def test_a_question_that_hangs_on_an_unknown_answer_is_not_asked_and_says_why(
    assess: Assess, company: Company, sign_in: SignIn
) -> None:
    found = assess()
    owner = sign_in(company.owner)
    assert "2 questions" in _main(owner, "/")
    answer_question(found, ASKED, "told", "unknown", seen=0, by=company.owner)
    assert "1 question" in _main(owner, "/")
    page = _main(owner, _at())
    assert "not asked yet" in page
    assert "It depends on “Are people told?”, which was answered with “I don’t know”." in page
    assert "2 min" in page
    answer_question(found, ASKED, "told", "yes", seen=1, by=company.owner)
    assert "not asked yet" not in _main(owner, _at())


def test_the_engine_holds_what_is_not_asked_open(assess: Assess, company: Company) -> None:
    found = assess()
    answer_question(found, ASKED, "told", "unknown", seen=0, by=company.owner)
    document = projected(found)
    assert document is not None
    finding = next(item for item in document.findings if item.requirement == ASKED)
    assert [(item.question, item.status) for item in finding.answers] == [("told", "missing"), ("how", "missing")]
