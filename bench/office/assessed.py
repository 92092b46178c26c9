"""Assessments, rounds, decisions and evidence records for a company that `generate.py` made: one real case, copied.

DJANGO_SETTINGS_MODULE=hakari.office.settings HAKARI_OFFICE_FOLDER=FOLDER HAKARI_OFFICE_MODE=demo \
    python bench/office/assessed.py --bundle case.zip --records 1000000

`case.zip` is the bundle that `hakari demo` writes. One use case goes through the site's own actions from its first
answer to a decision with conditions; the others get copies of its rows under their own keys, spread over a year.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import random
import secrets
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

STANDINGS = {"assessing": "open", "in_review": "in_review", "decided": "decided"}
STATUSES = ("met", "met", "met", "not_met", "inconclusive", "missing", "excepted", "not_applicable")
SHARES = {"decided": ("decided", "decided", "decided", "closed", "stale")}
BATCH = 5_000


def template(bundle: bytes) -> Any:
    """Bring one use case to a decision through the actions of the site, and return the decision."""
    from django.utils import timezone

    from hakari.assessment.bundle import read_bundle
    from hakari.office.committee.actions.docket import propose_condition, put_on_docket, write_passage
    from hakari.office.committee.actions.rules import NEEDED
    from hakari.office.committee.actions.voting import close_ballot, declare, open_ballot, vote
    from hakari.office.committee.models import Decision
    from hakari.office.lifecycle.actions.delivering import deliver
    from hakari.office.lifecycle.actions.opening import open_assessment, state_facts
    from hakari.office.lifecycle.actions.reviewing import propose
    from hakari.office.lifecycle.actions.submitting import submit
    from hakari.office.lifecycle.models import StageAssessment
    from hakari.office.people.models import Person
    from hakari.office.registry.models import UseCase

    named = {role: Person.objects.get(email=f"{role}@example.com") for role in ("reviewer", "chair", "member")}
    plan = read_bundle(bundle).plan
    assert plan is not None
    found = UseCase.objects.filter(state="triaged", visibility="unit", facts__decides_about_people=True, code_name="")
    # Evidence measured for another tier would be refused.
    found = found.filter(highest=plan.facts["tier"], lowest=plan.facts["tier"])
    case = found.select_related("owner", "unit").order_by("pk")[0]
    made = open_assessment(case, plan.stage, [f"{pack.name}@{pack.version}" for pack in plan.packs], by=case.owner)
    # The tier is the office's to settle, and stands in the assessment already.
    facts = {name: value for name, value in plan.facts.items() if name not in made.facts}
    made = state_facts(made, facts, seen=made.version, by=case.owner)
    deliver(made, bundle, by=case.owner)
    seen = StageAssessment.objects.get(pk=made.pk).version
    round = submit(made, seen=seen, by=case.owner)
    propose(round, "approve_with_conditions", "With two conditions.", by=named["reviewer"])
    day = timezone.localdate() + datetime.timedelta(days=300)
    item = put_on_docket(round, "approve_with_conditions", day, by=named["reviewer"])
    for heading in NEEDED:
        write_passage(
            item, heading, "What stands here was written for timing only.", "en", seen=0, by=named["reviewer"]
        )
    check = next(check for check in plan.checks)
    propose_condition(
        item, text="Measure it again.", language="en", requirement=check.requirement, due=day, rule="check",
        check=check.id, by=named["reviewer"],
    )  # fmt: skip
    deadline = timezone.now() + datetime.timedelta(days=2)
    ballot = open_ballot(item, "circulation", deadline=deadline, by=named["chair"])
    for name in ("chair", "member"):
        declare(item, conflict=False, by=named[name])
        vote(ballot, "approve_with_conditions", by=named[name])
    close_ballot(ballot, by=named["chair"])
    return Decision.objects.get()


def copied(model: Any, rows: Iterable[dict[str, Any]]) -> list[Any]:
    """Store rows in batches, and return them."""
    made = [model(**row) for row in rows]
    return list(model.objects.bulk_create(made, batch_size=500))


def values(row: Any, **other: Any) -> dict[str, Any]:
    """Return the columns of a row without its own number, with some in place of others."""
    names = [field.attname for field in row._meta.concrete_fields if not field.primary_key]
    return {**{name: getattr(row, name) for name in names}, **other}


def pages_of(found: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """Yield a sequence in parts."""
    for first in range(0, len(found), size):
        yield found[first : first + size]


def key() -> str:
    """Return an opaque name as the models make them."""
    return secrets.token_hex(16)


def digest(text: str) -> str:
    """Return a digest that nothing else has."""
    return hashlib.sha256(text.encode()).hexdigest()


class Copier:
    """Copies the rows around one decision to other use cases."""

    def __init__(self, decision: Any, records: int, seed: int) -> None:
        from django.utils import timezone

        self.decision, self.round, self.model = decision, decision.round, decision.round.assessment
        self.draw, self.records, self.number = random.Random(seed), records, 1_000
        self.now = timezone.now()
        self.envelope = self.model.delivery.delivered.first().record.envelope

    def copy(self, cases: Sequence[Any], each: int) -> None:
        """Give each case an assessment with its delivery, `each` records, findings, and what followed."""
        from hakari.office.lifecycle.models import Delivery, FindingRow, Projection, StageAssessment

        at = {case.pk: self.now - datetime.timedelta(days=self.draw.randint(1, 360)) for case in cases}
        standing = {case.pk: self.standing(case) for case in cases}
        made = copied(
            StageAssessment,
            (
                values(
                    self.model, key=key(), use_case_id=case.pk, stage=self.stage(), standing=standing[case.pk],
                    opened_by_id=case.owner_id, opened_at=at[case.pk], standing_since=at[case.pk], delivery_id=None,
                )
                for case in cases
            ),
        )  # fmt: skip
        deliveries = copied(
            Delivery,
            (values(self.model.delivery, key=key(), assessment_id=item.pk, at=item.opened_at) for item in made),
        )
        for item, delivery in zip(made, deliveries, strict=True):
            item.delivery = delivery
        StageAssessment.objects.bulk_update(made, ["delivery"], batch_size=200)
        self.evidence(deliveries, each)
        content = self.model.projection
        copied_projections = [Projection(assessment=item, **values(content, content=content.content)) for item in made]
        Projection.objects.bulk_create(copied_projections, batch_size=50)
        findings = list(content.findings.all())
        copied(
            FindingRow,
            (
                values(row, projection_id=item.pk, status=self.draw.choice(STATUSES))
                for item in made
                for row in findings
            ),
        )
        self.followed([item for item in made if item.standing != "open"])

    def evidence(self, deliveries: Sequence[Any], each: int) -> None:
        """Store records of which all share one envelope."""
        from hakari.office.lifecycle.models import Delivered, Record

        for part in pages_of(deliveries, max(1, BATCH // max(each, 1))):
            rows = copied(
                Record,
                (
                    {
                        "evidence": digest(f"{delivery.pk} {number}"), "envelope": self.envelope,
                        "kind": "measurement", "measure": "fairness.groups", "collected_at": delivery.at,
                        "at": delivery.at,
                    }
                    for delivery in part
                    for number in range(each)
                ),
            )  # fmt: skip
            owners = [delivery.pk for delivery in part for _ in range(each)]
            copied(
                Delivered,
                ({"delivery_id": owner, "record_id": row.pk} for owner, row in zip(owners, rows, strict=True)),
            )

    def followed(self, made: Sequence[Any]) -> None:
        """Copy round, docket item, votes, decision and conditions."""
        from hakari.office.committee.models import Ballot, Condition, Decision, DocketItem, Passage, Vote
        from hakari.office.lifecycle.models import Review, Round

        rounds = copied(
            Round,
            (
                values(
                    self.round, key=key(), assessment_id=item.pk, submitted_by_id=item.opened_by_id, at=item.opened_at
                )
                for item in made
            ),
        )
        review = self.round.reviews.first()
        copied(Review, (values(review, round_id=round.pk, at=round.at) for round in rounds))
        cases = {round.pk: item for round, item in zip(rounds, made, strict=True)}
        decided = {round.pk: cases[round.pk].standing != "in_review" for round in rounds}
        ballot = self.decision.ballot
        item_row = ballot.item
        items = copied(
            DocketItem,
            (
                values(
                    item_row, key=key(), number=self.next("A"), round_id=round.pk,
                    use_case_id=cases[round.pk].use_case_id, put_at=round.at,
                    standing="decided" if decided[round.pk] else "waiting",
                )
                for round in rounds
            ),
        )  # fmt: skip
        texts = list(item_row.passages.all())
        copied(Passage, (values(row, item_id=item.pk, at=item.put_at) for item in items for row in texts))
        voted = [item for item in items if item.standing == "decided"]
        ballots = copied(
            Ballot,
            (
                values(ballot, key=key(), item_id=item.pk, opened_at=item.put_at, closed_at=item.put_at)
                for item in voted
            ),
        )
        votes = list(ballot.votes.all())
        copied(Vote, (values(row, ballot_id=made.pk, at=made.closed_at) for made in ballots for row in votes))
        decisions = copied(
            Decision,
            (
                values(
                    self.decision, key=key(), number=self.next("D"), ballot_id=made.pk, use_case_id=item.use_case_id,
                    assessment_id=cases[item.round_id].pk, round_id=item.round_id, statement=digest(made.key),
                    outcome=self.draw.choice(("approve", "approve_with_conditions", "reject")), at=made.closed_at,
                )
                for made, item in zip(ballots, voted, strict=True)
            ),
        )  # fmt: skip
        condition = self.decision.conditions.get()
        copied(
            Condition,
            (
                values(
                    condition, key=key(), decision_id=row.pk, use_case_id=row.use_case_id,
                    due=(row.at + datetime.timedelta(days=self.draw.randint(10, 400))).date(),
                    closed_at=row.at if self.draw.random() < 0.4 else None,
                )
                for row in decisions
                if row.outcome == "approve_with_conditions"
            ),
        )  # fmt: skip

    def standing(self, case: Any) -> str:
        """Return where the assessment of a case stands; of those that were decided some are closed or stale."""
        return self.draw.choice(SHARES.get(case.state, (STANDINGS[case.state],)))

    def stage(self) -> str:
        """Return a stage of the life cycle."""
        return self.draw.choice(("plan", "design", "develop", "release", "operate"))

    def next(self, kind: str) -> str:
        """Return a number that nothing else has."""
        self.number += 1
        return f"{kind}-2026-{self.number:06d}"


def fill(bundle: bytes, records: int, *, seed: int = 20261122) -> None:
    """Assess every use case whose state says that it was, with a progress line for each tenth."""
    from django.db import connection, transaction

    from hakari.office.lifecycle.models import Record
    from hakari.office.registry.models import UseCase

    started = time.perf_counter()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.execute("PRAGMA cache_size=-400000")
    else:
        # PostgreSQL keeps the plan of a foreign key's check from when the table was empty, and would read it through.
        with connection.cursor() as cursor:
            cursor.execute("SET enable_seqscan = off")
    copier = Copier(template(bundle), records, seed)
    taken = copier.model.use_case_id
    found = list(UseCase.objects.filter(state__in=STANDINGS).exclude(pk=taken).order_by("pk"))
    each, done = -(-records // len(found)), 0
    for part in pages_of(found, max(1, len(found) // 10)):
        with transaction.atomic():
            copier.copy(part, each)
        done += len(part)
        print(f"{done:,} of {len(found):,} assessments after {time.perf_counter() - started:.0f} s", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"{Record.objects.count():,} records", flush=True)


def main() -> int:
    """Fill the database of the environment, which `generate.py` has filled with use cases."""
    import django

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=20261122)
    given = parser.parse_args()
    django.setup()
    fill(given.bundle.read_bytes(), given.records, seed=given.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
