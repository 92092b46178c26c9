"""The docket: a frozen round is laid before the committee with its one page, and the terms of a decision."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from hakari.errors import ConflictError, InputError, NotAllowedError, OfficeError
from hakari.messages import say
from hakari.office.committee.actions.fitting import require_room
from hakari.office.committee.actions.rules import locked
from hakari.office.committee.members import admit
from hakari.office.committee.models import DocketItem, Heading, Passage, ProposedCondition, Rule
from hakari.office.core.actions import Done, action
from hakari.office.core.conflicts import change
from hakari.office.core.models import FreeText
from hakari.office.lifecycle.actions.rules import locked as locked_assessment
from hakari.office.lifecycle.actions.rules import plain_text, require_review, require_standing
from hakari.office.lifecycle.given import plan_of
from hakari.office.lifecycle.models import Outcome, Round, Standing
from hakari.office.lifecycle.policy import find_requirement, packs_of
from hakari.office.people.access import access_of
from hakari.office.people.models import Person
from hakari.office.people.permissions import Permission
from hakari.office.registry.numbers import next_number

__all__ = [
    "drop_condition",
    "propose_condition",
    "put_on_docket",
    "set_terms",
    "translate",
    "withdraw",
    "write_passage",
]

LONGEST = datetime.timedelta(days=3 * 366)
"""How far ahead a decision may stand."""


@action("docket.put")
def put_on_docket(round: Round, proposal: str, valid_until: datetime.date, *, by: Person) -> Done[DocketItem]:
    """Lay a round before the committee, with what the office proposes.

    Raises:
        NotAllowedError: no reviewer, or one who took part in the assessment.
        OfficeError, InputError: not the round that is in review, no such proposal, or a day out of range.
    """
    found = locked_assessment(round.assessment)
    require_review(by, found)
    require_standing(found, [Standing.IN_REVIEW])
    if round.number != found.round:
        raise OfficeError(say("office.lifecycle.other_round"))
    if proposal not in Outcome.values:
        raise InputError(say("office.lifecycle.proposal_unknown"))
    _check_day(valid_until)
    values: dict[str, Any] = {"proposal": proposal, "valid_until": valid_until, "put_by": by, "put_at": timezone.now()}
    item = DocketItem.objects.filter(round=round).first()
    if item is None:
        item = DocketItem.objects.create(number=next_number("A"), round=round, use_case=found.use_case, **values)
    elif item.standing == DocketItem.Standing.WITHDRAWN:
        change(item, standing=DocketItem.Standing.WAITING, **values)
    else:
        return Done(item, about=("use_case", found.use_case.key), data={"item": item.key, "again": True})
    named = admit(found.use_case)
    data = {
        "document": round.document, "item": item.key, "named": named, "proposal": proposal,
        "round": round.key, "valid_until": valid_until.isoformat(),
    }  # fmt: skip
    return Done(item, about=("use_case", found.use_case.key), data=data)


@action("docket.withdrawn")
def withdraw(item: DocketItem, reason: str, *, seen: int, by: Person) -> Done[DocketItem]:
    """Take an item off the docket before anybody votes; then changes can be asked for."""
    found = _writable(item, by)
    kept = FreeText.keep(plain_text(reason, field="reason", most=2_000))
    change(found, seen=seen, standing=DocketItem.Standing.WITHDRAWN)
    return Done(found, about=("use_case", found.use_case.key), data={"item": found.key, "reason": kept.digest})


@action("docket.passage_written")
def write_passage(item: DocketItem, heading: str, text: str, language: str, *, seen: int, by: Person) -> Done[Passage]:
    """Write what stands under a heading of the one page; `seen` is the revision that the writer saw."""
    found = _writable(item, by)
    last = _last(found, heading, seen)
    kept = FreeText.keep(plain_text(text, field="passage", most=1_200))
    made = Passage.objects.create(
        item=found,
        heading=heading,
        revision=(last.revision if last else 0) + 1,
        language=_language(language),
        text=kept,
        by=by.key,
    )
    require_room(found)
    data = {"heading": heading, "item": found.key, "revision": made.revision, "text": kept.digest}
    return Done(made, about=("use_case", found.use_case.key), data=data)


@action("docket.passage_translated")
def translate(item: DocketItem, heading: str, text: str, *, seen: int, by: Person) -> Done[Passage]:
    """Set a translation beside a passage; the original binds, and a changed original loses its translation."""
    found = _writable(item, by)
    last = _last(found, heading, seen)
    if last is None:
        raise InputError(say("office.committee.passage_missing"))
    kept = FreeText.keep(plain_text(text, field="passage", most=1_200))
    made = Passage.objects.create(
        item=found,
        heading=heading,
        revision=last.revision + 1,
        language=last.language,
        text=last.text,
        translation=kept,
        translated_by=by.key,
        by=last.by,
    )
    require_room(found)
    data = {"heading": heading, "item": found.key, "revision": made.revision, "text": kept.digest}
    return Done(made, about=("use_case", found.use_case.key), data=data)


@action("docket.terms_set")
def set_terms(
    item: DocketItem,
    *,
    proposal: str,
    valid_until: datetime.date,
    envelope: Mapping[str, Any],
    seen: int,
    by: Person,
) -> Done[DocketItem]:
    """Say what is proposed, until when it would stand, and which changes it would allow in advance.

    Args:
        envelope: {roles, checks, until}: subjects that may change, checks that must be met again, the last day; empty
            for no change envelope.
    """
    found = _writable(item, by)
    if proposal not in Outcome.values:
        raise InputError(say("office.lifecycle.proposal_unknown"))
    _check_day(valid_until)
    kept = _envelope(found, envelope)
    change(found, seen=seen, proposal=proposal, valid_until=valid_until, envelope=kept)
    data = {"envelope": kept, "item": found.key, "proposal": proposal, "valid_until": valid_until.isoformat()}
    return Done(found, about=("use_case", found.use_case.key), data=data)


@action("docket.condition_proposed")
def propose_condition(
    item: DocketItem,
    *,
    text: str,
    language: str,
    requirement: str,
    due: datetime.date,
    rule: str,
    check: str = "",
    by: Person,
) -> Done[ProposedCondition]:
    """Propose a condition: in words, with the requirement it serves, a day, and what closes it."""
    found = _writable(item, by)
    packs = packs_of(found.round.assessment.packs)
    _, wanted = find_requirement(packs, requirement)
    if rule not in Rule.values:
        raise InputError(say("office.committee.rule_unknown"))
    planned = {planned.id for planned in plan_of(found.round.assessment).checks if planned.requirement == requirement}
    if rule == Rule.CHECK and check not in planned:
        raise InputError(say("office.committee.check_unknown", requirement=wanted.slug, checks=sorted(planned)[:10]))
    if due < timezone.localdate():
        raise InputError(say("office.committee.due_past"))
    kept = FreeText.keep(plain_text(text, field="condition", most=1_000))
    last = ProposedCondition.objects.filter(item=found).order_by("-place").first()
    made = ProposedCondition.objects.create(
        item=found,
        place=(last.place if last else 0) + 1,
        text=kept,
        language=_language(language),
        requirement=requirement,
        due=due,
        rule=rule,
        check_id=check if rule == Rule.CHECK else "",
    )
    require_room(found)
    data = {
        "check": made.check_id, "due": due.isoformat(), "item": found.key, "place": made.place,
        "requirement": requirement, "rule": rule, "text": kept.digest,
    }  # fmt: skip
    return Done(made, about=("use_case", found.use_case.key), data=data)


@action("docket.condition_dropped")
def drop_condition(item: DocketItem, place: int, *, by: Person) -> Done[DocketItem]:
    """Take a proposed condition away."""
    found = _writable(item, by)
    gone, _ = ProposedCondition.objects.filter(item=found, place=place).delete()
    return Done(found, about=("use_case", found.use_case.key), data={"gone": gone, "item": found.key, "place": place})


def _writable(item: DocketItem, by: Person) -> DocketItem:
    """Return the item, locked, if this reviewer may still write on it: nobody votes yet.

    Raises:
        NotAllowedError, OfficeError: no reviewer, took part, or a ballot is open.
    """
    found = locked(item)
    if not access_of(by).may(Permission.REVIEW, found.use_case.unit):
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.review")))
    require_review(by, found.round.assessment)
    if found.standing != DocketItem.Standing.WAITING:
        raise OfficeError(say("office.committee.not_waiting", standing=say(f"office.committee.item.{found.standing}")))
    return found


def _last(item: DocketItem, heading: str, seen: int) -> Passage | None:
    if heading not in Heading.values:
        raise InputError(say("office.committee.heading_unknown"))
    last = Passage.objects.filter(item=item, heading=heading).order_by("-revision").first()
    if (last.revision if last else 0) != seen:
        raise ConflictError(say("office.core.conflict"))
    return last


def _envelope(item: DocketItem, envelope: Mapping[str, Any]) -> dict[str, Any]:
    if not envelope:
        return {}
    plan = plan_of(item.round.assessment)
    roles, checks = sorted(set(envelope["roles"])), sorted(set(envelope["checks"]))
    known_roles, known_checks = {item.role for item in plan.subjects}, {check.id for check in plan.checks}
    strange: Sequence[str] = sorted({*roles} - known_roles) + sorted({*checks} - known_checks)
    if strange or not roles:
        raise InputError(say("office.committee.envelope_unknown", names=strange or ["—"]))
    until = datetime.date.fromisoformat(str(envelope["until"]))
    _check_day(until)
    return {"checks": checks, "roles": roles, "until": until.isoformat()}


def _check_day(day: datetime.date) -> None:
    today = timezone.localdate()
    if not today <= day <= today + LONGEST:
        raise InputError(say("office.committee.valid_until", most=LONGEST.days))


def _language(language: str) -> str:
    return "ja" if language == "ja" else "en"
