"""Decisions, conditions, stops, tasks and meetings for the matrix: rows as actions write them, without the votes."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from hakari.office.committee.actions.meetings import close_meeting, mark_attendance, open_meeting, plan_meeting
from hakari.office.committee.models import Ballot, Condition, Decision, DocketItem, Ratification, Stop, Task
from hakari.office.core.models import FreeText
from hakari.office.lifecycle.models import File, Round, StageAssessment
from hakari.office.registry.models import UseCase
from tests.pages.lifecycle.trial import PROVEN

__all__ = ["add_rulings"]

LIKE = {"like own": "own", "like restricted": "restricted", "like coded": "coded"}


def add_rulings(world: Any) -> None:
    """Make one of each for three use cases; their titles and texts hold the word of the one that is seen alike."""
    from tests.pages.matrix.world import WORDS, _assessed

    kinds = ("decision", "condition", "stop", "task")
    made_up = "0" * 32
    world.ids |= {kind: {"made-up": ("D-2099-0001" if kind == "decision" else made_up,)} for kind in kinds}
    for number, (name, like) in enumerate(LIKE.items(), 1):
        word = WORDS[like]
        decision = _decision(world, _assessed(world, like, f"UC-2021-{number:04d}"), number)
        text = FreeText.keep(f"Show {word}.")
        condition = Condition.objects.create(
            decision=decision, use_case=decision.use_case, number=1, text=text, language="en", requirement=PROVEN,
            due=decision.valid_until, rule="document",
        )  # fmt: skip
        stop = _stop(world, _assessed(world, like, f"UC-2022-{number:04d}").use_case, word, number)
        task = Task.objects.create(
            stop=stop, person=stop.use_case.owner, text=FreeText.keep(f"Call {word}."), due=decision.valid_until
        )
        found = (decision.number, condition.key, stop.key, task.key)
        for kind, key in zip(kinds, found, strict=True):
            world.ids[kind][name] = (key,)
    _upheld(world, _assessed(world, "own", "UC-2023-0001").use_case)
    _meetings(world)


def _decision(world: Any, assessment: StageAssessment, number: int) -> Decision:
    digest, office = File.keep(b"{}"), world.company.reviewer
    frozen = {"document": digest, "plan": digest, "scope": "", "packs": assessment.packs, "evidence": []}
    round = Round.objects.create(
        assessment=assessment, number=1, counts={}, closes=True, submitted_by=assessment.use_case.owner, **frozen
    )
    until = timezone.localdate() + datetime.timedelta(days=30)
    item = DocketItem.objects.create(
        number=f"A-2020-{number:04d}", round=round, use_case=assessment.use_case, standing="decided", valid_until=until,
        proposal="approve_with_conditions", put_by=office,
    )  # fmt: skip
    ballot = Ballot.objects.create(
        item=item, number=1, form="circulation", motion="0" * 64, opened_by=office, closed_at=timezone.now(),
        ending="decided", outcome="approve_with_conditions",
    )  # fmt: skip
    StageAssessment.objects.filter(pk=assessment.pk).update(standing="decided")
    return Decision.objects.create(
        number=f"D-2020-{number:04d}", ballot=ballot, use_case=assessment.use_case, assessment=assessment, round=round,
        outcome="approve_with_conditions", form="circulation", scope="", votes={"approve": 3}, recused=0,
        valid_until=until, statement="0" * 64, signed=digest, by=office.key,
    )  # fmt: skip


def _stop(world: Any, case: UseCase, word: str, number: int) -> Stop:
    UseCase.objects.filter(pk=case.pk).update(state="suspended", suspended_from="triaged")
    found = Stop.objects.create(
        number=f"S-2020-{number:04d}", use_case=case, kind="stop", reason=FreeText.keep(f"{word} hurts."),
        ratify_by=timezone.localdate() + datetime.timedelta(days=7), by=world.company.chair.key,
    )  # fmt: skip
    Ballot.objects.create(
        stop=found, number=1, form="circulation", motion="0" * 64, opened_by=world.company.chair,
        deadline=timezone.now() + datetime.timedelta(days=7),
    )  # fmt: skip
    return found


def _upheld(world: Any, case: UseCase) -> None:
    found = _stop(world, case, "It", 99)
    ballot = found.ballots.get()
    Ballot.objects.filter(pk=ballot.pk).update(closed_at=timezone.now(), ending="decided", outcome="uphold")
    Ratification.objects.create(stop=found, ballot=ballot, upheld=True)
    world.ids["stopped case"] = {"stopped": (case.number,), "made-up": ("UC-2099-0001",)}


def _meetings(world: Any) -> None:
    company, soon = world.company, timezone.now() + datetime.timedelta(days=2)
    planned, opened, closed = (plan_meeting(soon, 60, "Room 1", by=company.chair) for _ in range(3))
    for found in (opened, closed):
        open_meeting(found, by=company.chair)
        mark_attendance(found, company.chair, there=True, by=company.chair)
    close_meeting(closed, by=company.chair)
    meetings = {"planned": planned, "open": opened, "closed": closed}
    world.ids["meeting"] = {name: (found.key,) for name, found in meetings.items()} | {"made-up": ("0" * 32,)}
