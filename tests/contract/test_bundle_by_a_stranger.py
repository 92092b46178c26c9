"""Every verdict and finding derived again from the bytes of a bundle, by code that shares nothing with the engine."""

from __future__ import annotations

import ast
import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hakari.assessment.bundle import Bundle, read_bundle, seal_evidence, seal_exception, write_bundle
from hakari.assessment.engine import EngineInput, assess
from hakari.assessment.model import Exception_, Plan, PlannedCheck
from hakari.assessment.plan import digest_of_plan
from hakari.evidence import Evidence, digest_json, encode
from hakari.evidence.record import Table
from hakari.packs import read_pack
from tests.contract import _stranger as stranger
from tests.contract.conftest import NOW, Demo, fixed_key

pytestmark = pytest.mark.usefixtures("quick_engine")

EXACT = 1e-9
SMOOTH = 0.12
"""Of the distance between value and end: how far a normal limit may lie from the bootstrap-t limit of the engine."""
SMOOTH_SMALL = 0.25
"""The same where counts were drawn at random and a class may be small."""


@pytest.fixture(scope="session")
def original(demo: Demo) -> Bundle:
    return read_bundle(demo.content)


def rebuilt(
    original: Bundle,
    change: Callable[[PlannedCheck], PlannedCheck] = lambda check: check,
    *,
    recount: Callable[[Table], Table] = lambda table: table,
    today: str = NOW[:10],
    exceptions: tuple[Exception_, ...] = (),
    facts: Mapping[str, Any] | None = None,
) -> bytes:
    """Return the bundle that an engineer with other lines, counts or facts would have got."""
    assert original.plan is not None
    plan: Plan = replace(original.plan, checks=tuple(change(check) for check in original.plan.checks))
    plan = replace(plan, facts={**plan.facts, **(facts or {})})
    digest, key, records, envelopes = digest_of_plan(plan), fixed_key(7), {}, {}
    # In an order that does not depend on digests: random recounts stay the same when the records grow a field.
    for record in sorted(
        original.evidence.values(), key=lambda item: "" if item.plan is None else item.plan.measurement
    ):
        if record.plan is not None:
            tables = tuple(recount(table) if table.name == "tally" else table for table in record.tables)
            record = replace(record, plan=replace(record.plan, digest=digest), tables=tables)
        identifier, envelope = seal_evidence(record, key)
        records[identifier], envelopes[identifier] = record, envelope
    packs = tuple(read_pack(files, name=name) for name, files in original.pack_files.items())
    assessment = assess(
        EngineInput(
            title="t", plan=plan, plan_digest=digest, packs=packs, evidence=records,
            signers=dict.fromkeys(records, key.public.id), today=date.fromisoformat(today), exceptions=exceptions,
        )
    )  # fmt: skip
    other = fixed_key(9)
    return write_bundle(
        assessment=assessment, plan=plan, pack_files=original.pack_files, evidence=envelopes,
        exceptions=[seal_exception(item, other) for item in exceptions], keys=[key.public, other.public], key=key,
        created_at=NOW,
    )  # fmt: skip


def compare(content: bytes, smooth: float = SMOOTH) -> dict[str, int]:
    """Require that the stranger finds what the bundle states; return how often each verdict was compared."""
    bundle = stranger.open_bundle(content)
    found = stranger.verdicts(bundle)
    statuses = stranger.findings(bundle, found)
    assert statuses == {item["requirement"]: item["status"] for item in bundle.assessment["findings"]}
    seen: dict[str, int] = {}
    for finding in bundle.assessment["findings"]:
        for stated in finding["checks"]:
            mine = found.pop(stated["check"])
            seen[mine.status] = seen.get(mine.status, 0) + 1
            compare_check(stated, mine, smooth)
    assert not found, "every planned check is in a finding"
    compare_gate(bundle.assessment, statuses)
    return seen


def compare_check(stated: dict[str, Any], mine: stranger.Verdict, smooth: float) -> None:
    name = stated["check"]
    assert stated["status"] == mine.status, name
    if mine.value is None:
        assert isinstance(stated["value"], dict), name
        return
    assert stated["value"] == pytest.approx(mine.value, rel=1e-12, abs=1e-12), name
    for end in ("low", "high"):
        expected = getattr(mine, end)
        allowed = EXACT if mine.exact else smooth * abs(expected - mine.value) + 1e-3
        assert stated[end] == pytest.approx(expected, rel=0, abs=allowed), (name, end)
    assert stated["coverage"] == pytest.approx(mine.coverage, abs=1e-12), name
    assert stated["evidence"] == mine.evidence, name
    for level in ("error_met", "error_not_met"):
        if getattr(mine, level) is not None:
            assert stated[level] == pytest.approx(getattr(mine, level), rel=1e-9), (name, level)
    for line in stated["groups"]:
        assert [line["successes"], line["trials"], line["rows"]] == mine.groups[line["name"]], (name, line["name"])
        assert line["in_scope"] == (line["name"] in mine.in_scope), (name, line["name"])
    if stated["groups"]:
        assert len(stated["groups"]) == len(mine.groups)


def compare_gate(assessment: dict[str, Any], statuses: dict[str, str]) -> None:
    passing = {"met", "not_applicable", "excepted"}
    gate = assessment["gate"]
    assert sorted(gate["blocking"]) == sorted(name for name, status in statuses.items() if status not in passing)
    assert gate["closes"] is (set(statuses.values()) <= passing)
    assert {name: n for name, n in gate["counts"].items() if n} == {
        status: list(statuses.values()).count(status) for status in set(statuses.values())
    }


def test_the_stranger_imports_nothing_of_the_project() -> None:
    tree = ast.parse(Path(stranger.__file__).read_text(encoding="utf-8"))
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert not [name for name in names if name.startswith(("hakari", "tests"))]


def test_every_verdict_and_finding_of_the_demo_follows_from_its_bytes(demo: Demo) -> None:
    seen = compare(demo.content)
    assert {"met", "not_met", "inconclusive"} <= set(seen), "the demo shows all three verdicts"
    assert sum(seen.values()) == 26


@pytest.mark.parametrize("status", ["met", "not_met", "inconclusive", "missing", "not_applicable"])
def test_the_demo_has_findings_of_each_ordinary_status(demo: Demo, status: str) -> None:
    assert status in stranger.findings(stranger.open_bundle(demo.content)).values()


STRICTER: dict[str, float] = {"difference": 0.02, "ratio": 0.97, "worst_group": 0.93, "overall": 0.95}


def stricter(check: PlannedCheck) -> PlannedCheck:
    if check.basis != "rate":
        return check
    return replace(check, threshold=STRICTER[check.aggregation], margin=0.01)


def test_holm_is_climbed_alike_where_many_checks_fail(original: Bundle) -> None:
    """Tight lines: several `not_met`, so that the levels differ from check to check."""
    content = rebuilt(original, stricter)
    assert compare(content)["not_met"] >= 3
    assessment = stranger.open_bundle(content).assessment
    levels = {check["error_not_met"] for item in assessment["findings"] for check in item["checks"] if "method" in check
              and "error_not_met" in check}  # fmt: skip
    assert len(levels) > 3


VARIANTS: dict[str, Callable[[PlannedCheck], PlannedCheck]] = {
    "strict lines without a margin": lambda check: replace(check, margin=0.0),
    "the box method": lambda check: replace(check, method="box"),
    "a named reference group": lambda check: replace(
        check, reference={("race",): "white", ("sex",): "male", ("race", "sex"): "white × male"}.get(check.columns)
    ),
    "each group against the rest": lambda check: replace(check, reference="rest" if check.columns else None),
    "the second and third look": lambda check: replace(check, look=2 + bool(check.columns)),
    "rows that were searched": lambda check: replace(check, reused=True),
    "the best of five candidates": lambda check: replace(check, reused=True, candidates=5),
    "quoted lines held by holm": lambda check: replace(check, family_met="holm" if check.columns else "none"),
    "another confidence": lambda check: replace(check, confidence=0.8 if check.columns else 0.99),
    "a low bar for coverage": lambda check: (
        replace(check, coverage_min=0.5, threshold=round(check.threshold + 0.2, 2))
        if check.aggregation == "difference"
        else check
    ),
    "a high bar for rows": lambda check: replace(check, min_rows=100),
    "every group in scope": lambda check: replace(check, min_rows=1),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_other_lines_give_what_the_rule_says(original: Bundle, name: str) -> None:
    compare(rebuilt(original, VARIANTS[name]))


@pytest.mark.parametrize("seed", range(6))
def test_other_counts_give_what_the_rule_says(original: Bundle, seed: int) -> None:
    """Random tallies: decisive and open ones, empty cells, groups far below and just at min_rows."""
    rng = random.Random(seed)

    def recount(table: Table) -> Table:
        place = table.columns.index("n")
        factor = {level: rng.choice((0.2, 1, 1, 3, 8)) for row in table.rows for level in (row[:2],)}
        rows = []
        for row in table.rows:
            n = int(str(row[place]))
            drawn = rng.choice((0, 1, n, n, round(n * factor[row[:2]]), 2 * n))
            rows += [(*row[:place], drawn)] if drawn else []
        return replace(table, rows=tuple(rows))

    change = stricter if seed % 2 else VARIANTS["strict lines without a margin"]
    compare(rebuilt(original, change, recount=recount), SMOOTH_SMALL)


def test_a_small_group_may_give_not_met_though_it_is_out_of_scope(original: Bundle) -> None:
    def recount(table: Table) -> Table:
        rows = [row for row in table.rows if row[1] != "missing"]
        return replace(table, rows=(*rows, ("white", "missing", 1, 0, 25)))

    content = rebuilt(original, lambda check: replace(check, coverage_min=0.9), recount=recount)
    compare(content)
    checks = {check["check"]: check for item in stranger.open_bundle(content).assessment["findings"]
              for check in item["checks"]}  # fmt: skip
    gap = checks["gap-in-results/selection-rate-gap[sex]"]
    assert gap["status"] == "not_met"
    assert "assessment.check.small_group" in [reason["key"] for reason in gap["reasons"]]


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("has_protected_attributes", False),
        ("has_protected_attributes", "unknown"),
        ("vulnerable_people", True),
        ("generates_content", "unknown"),
        ("in_operation", True),
    ],
)
def test_other_facts_lead_to_the_same_findings(original: Bundle, fact: str, value: object) -> None:
    bundle = stranger.open_bundle(rebuilt(original, facts={fact: value}))
    assert stranger.findings(bundle, stated_verdicts(bundle)) == {
        item["requirement"]: item["status"] for item in bundle.assessment["findings"]
    }


def stated_verdicts(bundle: stranger.Bundle) -> dict[str, stranger.Verdict]:
    """Return the verdicts as the bundle states them, where a test is about what follows from them."""
    found = {check["check"]: stranger.Verdict(check["status"]) for item in bundle.assessment["findings"]
             for check in item["checks"]}  # fmt: skip
    return {check["id"]: found.get(check["id"], stranger.Verdict("missing")) for check in bundle.plan["checks"]}


@pytest.mark.parametrize("today", ["2027-05-21", "2027-05-22", "2027-11-22", "2027-11-23"])
def test_age_turns_findings_stale_on_the_same_day(original: Bundle, today: str) -> None:
    """180 and 365 days after the evidence, to the day."""
    bundle = stranger.open_bundle(rebuilt(original, today=today))
    statuses = stranger.findings(bundle)
    assert statuses == {item["requirement"]: item["status"] for item in bundle.assessment["findings"]}
    assert ("stale" in statuses.values()) == (today >= "2027-05-22")


def test_an_accepted_bound_leads_to_excepted(original: Bundle) -> None:
    assert original.plan is not None
    requirement = "urn:hakari:requirement:ai-ethics-core:combined-groups@1"
    given = Exception_(
        requirement=requirement, reason="r", by="b", until="2026-12-31", condition="c", scope=original.plan.scope,
        bounds={"combined-groups/selection-rate-gap-combined[race+sex]": 0.4}, created_at=NOW,
        key=fixed_key(9).public.id,
    )  # fmt: skip
    bundle = stranger.open_bundle(rebuilt(original, exceptions=(given,)))
    statuses = stranger.findings(bundle, stated_verdicts(bundle))
    assert statuses[requirement] == "excepted"
    assert statuses == {item["requirement"]: item["status"] for item in bundle.assessment["findings"]}


def test_the_ids_of_evidence_and_plan_are_what_the_stranger_computes(original: Bundle) -> None:
    for identifier, record in original.evidence.items():
        assert isinstance(record, Evidence)
        assert digest_json(encode(record)) == identifier
