"""Items of the docket and ballots for the matrix, on cases that are seen like those of the world."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from hakari.office.committee.actions.docket import put_on_docket, write_passage
from hakari.office.committee.actions.rules import NEEDED
from hakari.office.committee.actions.voting import declare, open_ballot
from hakari.office.committee.models import DocketItem, ProposedCondition
from hakari.office.core.models import FreeText
from hakari.office.lifecycle.models import Round, StageAssessment
from tests.pages.lifecycle.trial import ASKED

__all__ = ["add_docket"]

LIKE = {
    "waiting": "own", "voting": "own", "hidden": "restricted", "hidden voting": "restricted", "veiled": "coded",
}  # fmt: skip


def add_docket(world: Any) -> None:
    """Make items that wait and that are voted on; their titles and passages hold the word of the case seen alike."""
    from tests.pages.matrix.world import WORDS, _assessed

    company, made_up, ballots = world.company, "0" * 32, {}
    frozen = Round.objects.get(assessment=world.assessments["in review"])
    free = {"free": (frozen.key,), "made-up": (made_up,)}
    world.ids["item"] = {"made-up": (made_up,)}
    for number, (name, like) in enumerate(LIKE.items(), 1):
        round = _round(_assessed(world, like, f"UC-2024-{number:04d}"), frozen)
        item = _item(round, WORDS[like], by=company.head)
        if name.endswith("voting"):
            for person in (company.member, company.chair):
                declare(item, conflict=False, by=person)
            until = timezone.now() + datetime.timedelta(days=2)
            ballots[name] = (open_ballot(item, "circulation", deadline=until, by=company.chair).key,)
        world.ids["item"][name] = (item.key,)
        free[f"of {name}"] = (round.key,)
    free["free hidden"] = (_round(_assessed(world, "restricted", "UC-2024-0099"), frozen).key,)
    world.ids["round key"] = free
    stop = world.ids["stop"]["like own"][0]
    ballots["of a stop"] = (_ballot_of_stop(stop),)
    world.ids["ballot"] = {**ballots, "made-up": (made_up,)}


def _ballot_of_stop(key: str) -> str:
    from hakari.office.committee.models import Ballot

    return str(Ballot.objects.get(stop__key=key).key)


def _round(assessment: StageAssessment, like: Round) -> Round:
    names = ("document", "plan", "scope", "packs", "evidence", "counts", "closes")
    StageAssessment.objects.filter(pk=assessment.pk).update(standing="in_review")
    found = StageAssessment.objects.select_related("use_case__unit").get(pk=assessment.pk)
    values = {name: getattr(like, name) for name in names}
    return Round.objects.create(assessment=found, number=1, submitted_by=found.use_case.owner, **values)


def _item(round: Round, word: str, *, by: Any) -> DocketItem:
    until = timezone.localdate() + datetime.timedelta(days=30)
    item = put_on_docket(round, "approve_with_conditions", until, by=by)
    # Nobody was named: what members see here is what their role shows them.
    item.use_case.people.set([person for person in item.use_case.people.all() if person.name == "Guest"])
    for heading in NEEDED:
        write_passage(item, heading, f"{word} is asked about.", "en", seen=0, by=by)
    ProposedCondition.objects.create(
        item=item, place=1, text=FreeText.keep(f"Show {word}."), language="en", requirement=ASKED, due=until,
        rule="requirement",
    )  # fmt: skip
    return DocketItem.objects.get(pk=item.pk)
