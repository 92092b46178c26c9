"""Random people doing random things to one assessed use case; what must hold whatever they do stands in `Acting`.

Every act either is done or raises a HakariError, and then nothing has changed. `part` is kept here, apart from the
product: who has taken part in which assessment, as the acts that succeeded say.
"""

from __future__ import annotations

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from hakari.errors import HakariError
from hakari.office.core.ledger.store import verify
from hakari.office.desk.rows import row_lines, saved_models
from hakari.office.lifecycle.actions.answering import answer_question, confirm_answers
from hakari.office.lifecycle.actions.delivering import deliver
from hakari.office.lifecycle.actions.opening import name_responsible, open_assessment, open_next, state_facts
from hakari.office.lifecycle.actions.reviewing import (
    accept_bound,
    advise,
    ask_for_changes,
    close_stage,
    gate_blockers,
    propose,
)
from hakari.office.lifecycle.actions.submitting import submit, take_back
from hakari.office.lifecycle.files import checked
from hakari.office.lifecycle.models import LIVE, Acceptance, Answer, Round, Stage, StageAssessment, Standing
from hakari.office.lifecycle.projecting import rebuild
from hakari.office.lifecycle.staleness import expire
from hakari.office.people.models import Person
from hakari.office.registry.actions import hand_over, move_state, retire
from hakari.office.registry.models import UseCase
from tests.pages.conftest import Company, make_company
from tests.pages.lifecycle.conftest import complete, make_assessment, send
from tests.pages.lifecycle.trial import ASKED, DOUBTFUL, FAIR, GAPING, GAPS, PROVEN, REFERENCE, trial_bundle

__all__ = ["TABLE", "Acting", "everyone", "mostly", "stock"]

TABLE = {
    Standing.OPEN: {"assessing"},
    Standing.CHANGES: {"assessing"},
    Standing.IN_REVIEW: {"in_review"},
    Standing.DECIDED: {"decided"},
    Standing.CLOSED: {"closed"},
    Standing.STALE: {"stale"},
}
"""Where a use case stands (or goes back to, while it is stopped) for each standing of its last assessment."""

# Derived, and kept outside the transaction on purpose: limits of checks are worked out before anybody waits for them.
MEMORY = {"lifecycle_judged"}
ROOMS = {"core", "registry", "lifecycle", "committee"}
"""Those in which these acts write."""
PLACES = {
    (ASKED, "told"): ["yes", "no", "unknown"],
    (ASKED, "how"): ["By a notice at the top.", "By letter.", "x"],
    (PROVEN, "document"): ["AI drafts this reply.", "unknown"],
}
"""Questions, with answers that are accepted, and one that is too short."""
COUNTS = {"fair": FAIR, "gaping": GAPING, "doubtful": DOUBTFUL}

everyone = ["owner", "engineer", "reporter", "reviewer", "head", "chair", "member", "member2", "member3", "member4"]
everyone += ["auditor", "admin", "stranger", "outsider"]


def mostly(*names: str) -> st.SearchStrategy[str]:
    """Draw one of these people three times in four, else anybody."""
    return st.one_of(*[st.sampled_from(names)] * 3, st.sampled_from(everyone))


@lru_cache(maxsize=64)
def stock(groups: str, model: str, data: str, stage: str, big: bool) -> bytes:
    """Return a bundle, the same each time."""
    facts = {"people": True, **({"big": True} if big else {})}
    return trial_bundle(COUNTS[groups], model=model, data=data, stage=stage, facts=facts)


def everything() -> str:
    """Return a digest of every row of every table."""
    found = hashlib.sha256()
    for model in saved_models():
        if model._meta.app_label in ROOMS and model._meta.db_table not in MEMORY:
            found.update(model._meta.db_table.encode())
            for line in row_lines(model):
                found.update(line)
    return found.hexdigest()


class Acting(RuleBasedStateMachine):
    """People around one use case."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.company: Company = make_company()
        for number in range(2, 5):
            self.company.add(f"member{number}", "member", None)
        self.part: dict[str, set[str]] = defaultdict(set)
        self.steps = 0
        self.done: list[str] = []

    def teardown(self) -> None:
        try:
            assert rebuild() == []
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    # what is there

    @property
    def now(self) -> StageAssessment:
        return StageAssessment.objects.select_related("use_case").all()[0]

    @property
    def round(self) -> Round | None:
        return Round.objects.order_by("-pk").select_related("assessment").first()

    def person(self, name: str) -> Person:
        return self.company.people[name]

    def try_to(self, name: str, act: Callable[[], Any]) -> Any:
        """Act; whoever is refused has changed nothing."""
        before = everything()
        try:
            made = act()
        except HakariError:
            assert everything() == before, f"{name} was refused and left something behind"
            return None
        self.done.append(name)
        return made

    def took_part(self, who: str, assessment: StageAssessment) -> None:
        self.part[assessment.key].add(self.person(who).key)

    def judges(self, key: str, assessment: StageAssessment) -> None:
        """Nobody judges what they took part in."""
        case = UseCase.objects.select_related("owner", "reporter").get()
        assert key not in self.part[assessment.key] | {case.owner.key, case.reporter.key}

    # where a run begins

    @initialize(where=st.sampled_from(["open", "complete", "submitted"]), groups=st.sampled_from(sorted(COUNTS)))
    def begin(self, where: str, groups: str) -> None:
        self.began(make_assessment(self.company), where, groups)

    def began(self, found: StageAssessment, where: str, groups: str) -> None:
        self.took_part("owner", found)
        if where != "open":
            complete(found, self.company, COUNTS[groups])
            self.took_part("engineer", found)
        if where == "submitted":
            send(found, self.company)

    # those who work on it

    @rule(
        who=mostly("owner", "engineer"),
        said=st.sampled_from([(place, value) for place, values in PLACES.items() for value in values]),
        old=st.sampled_from([False, False, False, True]),
    )
    def answer(self, who: str, said: tuple[tuple[str, str], str], old: bool) -> None:
        place, value = said
        found = self.now
        last = Answer.objects.filter(assessment=found, requirement=place[0], question=place[1]).count()
        upload = checked("notice.txt", value.encode()) if place[0] == PROVEN and value != "unknown" else None
        by, seen = self.person(who), last - 1 if old and last else last
        act = lambda: answer_question(found, *place, value, seen=seen, by=by, upload=upload)  # noqa: E731
        if self.try_to("answer", act) is not None:
            assert not (old and last)
            self.took_part(who, found)

    @rule(who=mostly("owner", "engineer"))
    def confirm(self, who: str) -> None:
        found = self.now
        before = Answer.objects.filter(assessment=found).count()
        places = [(row.requirement, row.question) for row in Answer.objects.filter(assessment=found, carried=True)]
        self.try_to("confirm", lambda: confirm_answers(found, places, by=self.person(who)))
        if Answer.objects.filter(assessment=found).count() > before:
            self.took_part(who, found)

    @rule(
        who=mostly("engineer", "owner"),
        groups=st.sampled_from(sorted(COUNTS)),
        model=st.sampled_from(["a", "a", "b"]),
        data=st.sampled_from(["d", "d", "e"]),
        big=st.sampled_from([False, False, False, True]),
    )
    def deliver(self, who: str, groups: str, model: str, data: str, big: bool) -> None:
        found = self.now
        before = found.deliveries.count()
        content = stock(groups, model, data, found.stage, big)
        self.try_to("deliver", lambda: deliver(found, content, by=self.person(who)))
        if found.deliveries.count() > before:
            self.took_part(who, found)

    @rule(
        who=mostly("owner"),
        facts=st.dictionaries(st.sampled_from(["people", "big", "strange"]), st.sampled_from([True, False, None])),
    )
    def state(self, who: str, facts: dict[str, Any]) -> None:
        found = self.now
        before = dict(found.facts)
        act = lambda: state_facts(found, facts, seen=found.version, by=self.person(who))  # noqa: E731
        if self.try_to("state", act) is not None and StageAssessment.objects.get(pk=found.pk).facts != before:
            self.took_part(who, found)

    @rule(who=mostly("owner"), old=st.sampled_from([False, False, False, True]))
    def submit(self, who: str, old: bool) -> None:
        found = self.now
        rounds = Round.objects.count()
        seen = found.version - (1 if old else 0)
        self.try_to("submit", lambda: submit(found, seen=seen, by=self.person(who)))
        if Round.objects.count() > rounds:
            assert not old
            self.took_part(who, found)

    @rule(who=mostly("owner"))
    def take_back(self, who: str) -> None:
        round = self.round
        if round is not None:
            self.try_to("take back", lambda: take_back(round, "Not yet.", by=self.person(who)))

    @rule(who=mostly("owner", "reviewer"), stage=st.sampled_from(Stage.values), again=st.booleans())
    def open(self, who: str, stage: str, again: bool) -> None:
        found, by = self.now, self.person(who)
        if again:
            self.try_to("open next", lambda: open_next(found, by=by))
        else:
            self.try_to("open", lambda: open_assessment(found.use_case, stage, [REFERENCE], by=by))

    @rule(who=mostly("owner"), to=st.sampled_from(["engineer", "reviewer", "member2", None]))
    def name(self, who: str, to: str | None) -> None:
        person = self.person(to) if to else None
        self.try_to("name", lambda: name_responsible(self.now.use_case, "engineer", person, by=self.person(who)))

    @rule(who=mostly("owner"), to=st.sampled_from(["engineer", "member3", "owner"]))
    def hand_over(self, who: str, to: str) -> None:
        case, found = UseCase.objects.select_related("owner", "unit").get(), self.now
        before = case.owner.key
        if self.try_to("hand over", lambda: hand_over(case, self.person(to), by=self.person(who))) is not None:
            self.part[found.key].add(before)

    @rule(who=st.sampled_from(["owner", "owner", "stranger"]), really=st.sampled_from([*[False] * 9, True]))
    def retire(self, who: str, really: bool) -> None:
        if really:
            self.try_to("retire", lambda: retire(UseCase.objects.select_related("unit").get(), by=self.person(who)))

    # the office

    @rule(
        who=mostly("reviewer", "head"),
        kind=st.sampled_from(["changes", "advice", "proposal"]),
        which=st.sampled_from(["last", "last", "first"]),
    )
    def review(self, who: str, kind: str, which: str) -> None:
        round = self.round if which == "last" else Round.objects.select_related("assessment").order_by("pk").first()
        if round is None:
            return
        by = self.person(who)
        acts: dict[str, Callable[[], Any]] = {
            "changes": lambda: ask_for_changes(round, "Say more.", by=by),
            "advice": lambda: advise(round, "Look at this.", by=by),
            "proposal": lambda: propose(round, "approve", "Good.", by=by),
        }
        made = self.try_to(kind, acts[kind])
        if made is not None:
            self.judges(made.by, round.assessment)
            assert round.pk == self.round.pk  # type: ignore[union-attr]  # only the last one is reviewed

    @rule(who=mostly("head"), what=st.sampled_from([GAPS, GAPS, ASKED, PROVEN]), days=st.sampled_from([0, 30, 400]))
    def accept(self, who: str, what: str, days: int) -> None:
        found, until = self.now, timezone.localdate() + datetime.timedelta(days=days)
        words: dict[str, Any] = {"reason": "Few rows yet.", "condition": "Measured again monthly.", "until": until}
        made: Acceptance | None = self.try_to("accept", lambda: accept_bound(found, what, by=self.person(who), **words))
        if made is not None:
            self.judges(made.by, found)
            assert days <= 365

    @rule(who=mostly("owner", "reviewer"), old=st.sampled_from([False, False, False, True]))
    def close_stage(self, who: str, old: bool) -> None:
        found = self.now
        seen = found.version - (1 if old else 0)
        if self.try_to("close", lambda: close_stage(found, seen=seen, by=self.person(who))) is not None:
            assert not old
            assert gate_blockers(self.now) == []
            assert UseCase.objects.get().state == "closed"

    @rule(days=st.sampled_from([0, 0, 500]))
    def expire(self, days: int) -> None:
        expire(timezone.localdate() + datetime.timedelta(days=days))

    @rule(stop=st.booleans())
    def stop_or_lift(self, stop: bool) -> None:
        case = UseCase.objects.get()
        if stop and case.state not in ("suspended", "retired"):
            move_state(case, "suspended", by=self.person("head"))
        elif not stop and case.state == "suspended":
            move_state(case, case.suspended_from, by=self.person("head"), lift=True)

    # what always holds

    @invariant()
    def state_and_standing_fit(self) -> None:
        if not StageAssessment.objects.exists():
            return
        case, found = UseCase.objects.get(), self.now
        state = case.suspended_from if case.state == "suspended" else case.state
        assert state == "retired" or state in TABLE[Standing(found.standing)], (state, found.standing)
        assert (case.state == "suspended") == bool(case.suspended_from)

    @invariant()
    def one_assessment_is_alive(self) -> None:
        assert StageAssessment.objects.filter(standing__in=LIVE).count() <= 1

    @invariant()
    def rounds_are_whole(self) -> None:
        for found in StageAssessment.objects.all():
            rounds = list(Round.objects.filter(assessment=found).values_list("number", flat=True))
            assert rounds == list(range(1, len(rounds) + 1))
            frozen = found.standing in (Standing.IN_REVIEW, Standing.DECIDED, Standing.CLOSED, Standing.STALE)
            assert found.round == len(rounds) + (0 if frozen else 1)

    @invariant()
    def the_ledger_holds(self) -> None:
        assert verify(checkpoints=[]).holds

    @invariant()
    def the_projection_is_what_the_engine_says(self) -> None:
        self.steps += 1
        if self.steps % 5 == 0:  # and at the end of every run
            assert rebuild() == []


@pytest.fixture
def stateful(db: None) -> None:
    """Give a database inside which each run of a machine is undone again."""
