"""Case bundles that are in order, built by hand from a seed: every rule of a verdict and every kind of evidence.

No measure runs and no file is read, so a bundle takes milliseconds. `bending` bends them; two verifiers that share no
code must then say the same of each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from random import Random
from typing import Any

from hakari.assessment.bundle import seal_evidence, seal_exception, write_bundle
from hakari.assessment.engine import EngineInput, assess
from hakari.assessment.model import Assessment, Exception_, PackReference, Plan, PlannedCheck, PlannedMeasurement
from hakari.assessment.plan import digest_of_plan
from hakari.errors import EvidenceError, PackError
from hakari.evidence import (
    Estimate,
    Evidence,
    Interval,
    MeasureReference,
    PlanReference,
    Producer,
    SigningKey,
    Subject,
    Table,
    Unmeasured,
    digest_bytes,
    digest_json,
    encode,
)
from hakari.evidence.record import Answer
from hakari.messages import say
from hakari.packs import Pack, applies, read_pack

NOW = "2026-11-22T09:00:00+00:00"
TODAY = date(2026, 11, 22)
SCOPE = "5" * 64
DATA = Subject(role="data.test", kind="file", name="data.csv", digest="d" * 64)
MODEL = Subject(role="model", kind="file", name="model.skops", digest="e" * 64)


@cache
def key_of(seed: int) -> SigningKey:
    """Return the key made from `seed`: 7 the engineer, 9 the attacker, 11 the office, 12 a manager."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return SigningKey(Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32))


ENGINEER, ATTACKER, OFFICE, MANAGER = 7, 9, 11, 12

PACK = """\
# A pack for tests: every shape of YAML that a pack may have.
urn: urn:hakari:pack:cases
version: 1.2.0
status: published
authority: sample
languages: [en, ja]
title: {en: "Cases: a pack", ja: 'ケース'}
summary:
  en: >
    Folded over
    two lines, with a # that is no comment.
  ja: |-
    そのままの行
    二行目
sources:
- id: book
  title: {en: A book, ja: 本}
  date: "2024-05"
effective: {from: "2026-01-01"}
facts:
  - {id: people, type: boolean, title: {en: People, ja: 人}}
  - id: area
    type: choice
    title: {en: "Area", ja: 分野}
    choices:
      - {id: lending, text: {en: Lending, ja: 融資}}
      - {id: hiring, text: {en: Hiring, ja: 採用}}
      - {id: games, text: {en: Games, ja: ゲーム}}
  - {id: size, type: number, title: {en: Size, ja: 規模}}
  - {id: live, type: boolean, title: {en: Live, ja: 稼働}}
groups:
  - {id: fair, title: {en: Fair, ja: 公}, summary: {en: It's fair, ja: 公平}}
  - {id: told, title: {en: Told, ja: 説}, summary: {en: Told, ja: 説明}}
"""

_CHECK = """\
      - id: gap
        measure: fairness.groups@1
        metric: selection_rate
        aggregation: difference
        slice: each_sensitive
        operator: "<="
        threshold: 0.10
        margin: 0.05
        set_by: {en: we, ja: 我}
        why: {en: why, ja: 理}
        source: {en: none, ja: 無}
"""
FAIR = f"""\
requirements:
  - urn: urn:hakari:requirement:cases:gaps
    version: 1
    group: fair
    title: {{en: Gaps, ja: 差}}
    text: {{en: Gaps, ja: 差}}
    stages: [release]
    applies_when: "people"
    severity: critical
    evidence: {{max_age_days: 30}}
    checks:
{_CHECK}
  - urn: urn:hakari:requirement:cases:either
    version: 3
    group: fair
    title: {{en: Either, ja: 何}}
    text: {{en: Either, ja: 何}}
    stages: [release, operate]
    applies_when: "area in ['lending', 'hiring'] && (people || !live)"
    evidence:
      max_age_days: 400
      least_assurance: self
      rule: any
    checks:
{_CHECK}
    questions:
      - {{id: shown, type: yes_no, text: {{en: Shown, ja: 示}}, effects: {{"yes": meets, "no": neutral}}}}
  - urn: urn:hakari:requirement:cases:strict
    version: 1
    group: fair
    title: {{en: Strict, ja: 厳}}
    text: {{en: Strict, ja: 厳}}
    stages: [release]
    applies_when: "size >= 100.0 || live"
    evidence: {{least_assurance: pipeline}}
    checks:
{_CHECK}
"""
TOLD = """\
requirements:
  - urn: urn:hakari:requirement:cases:asked
    version: 2
    group: told
    title: {en: Asked, ja: 問}
    text:
      en: |
        Line one.

        Line three.
      ja: 問う
    stages: [release, plan]
    roles: [owner]
    questions:
      - {id: sure, type: yes_no, text: {en: "Sure?", ja: 確}, effects: {"yes": meets, "no": fails}}
      - id: how
        type: text
        text: {en: How, ja: 如何}
        min_length: 5
        when: "answers.sure == 'yes'"
      - id: which
        type: single
        text: {en: Which, ja: 何れ}
        choices:
          - {id: good, effect: meets, text: {en: Good, ja: 良}}
          - {id: bad, effect: fails, text: {en: Bad, ja: 悪}}
          - {id: so-so, text: {en: So so, ja: 並}}
      - id: several
        type: multi
        text: {en: Several, ja: 複数}
        when: "answers.which in ['good', 'so-so'] || people"
        choices:
          - {id: first, effect: meets, text: {en: First, ja: 一}}
          - {id: second, effect: neutral, text: {en: Second, ja: 二}}
          - {id: third, effect: fails, text: {en: Third, ja: 三}}
      - {id: amount, type: number, text: {en: Amount, ja: 量}, accept: {minimum: 1, maximum: 20.5}}
      - {id: day, type: date, text: {en: Day, ja: 日}, when: "size > 10.0 && answers.amount >= 2.0"}
      - {id: paper, type: file, text: {en: Paper, ja: 紙}, when: "!live"}
  - urn: urn:hakari:requirement:cases:later
    version: 1
    group: told
    title: {en: Later, ja: 後}
    text: {en: Later, ja: 後}
    stages: [operate]
    applies_when: "live"
"""
MORE = """\
urn: urn:hakari:pack:more
version: 0.1.0
status: draft
authority: company
languages: [en]
title: {en: More}
summary: {en: More}
groups: [{id: one, title: {en: One}, summary: {en: One}}]
"""
MORE_REQUIREMENTS = """\
requirements:
  - urn: urn:hakari:requirement:more:plain
    version: 1
    group: one
    title: {en: Plain}
    text: {en: Plain}
    stages: [release]
    evidence: {max_age_days: 10}
    questions:
      - {id: done, type: yes_no, text: {en: Done}, effects: {"yes": meets, "no": fails}}
"""
NORM = """\
urn: urn:hakari:pack:norm
version: 3.1.0
status: published
authority: {authority}
languages: [en, ja]
title: {{en: Norm, ja: 規範}}
summary: {{en: Norm, ja: 規範}}
{unverified}effective: {{from: "2026-01-01"}}
facts:
  - {{id: live, type: boolean, title: {{en: Live, ja: 稼働}}}}
groups: [{{id: one, title: {{en: One, ja: 一}}, summary: {{en: One, ja: 一}}}}]
"""
TRIAGE = """\
tiers:
  - {id: low, level: low, title: {en: Low, ja: 低}, summary: {en: Low, ja: 低}}
"""


def _norm(rng: Random) -> dict[str, str]:
    """A pack that rests on the others, by relations, periods and rules of its own."""
    unverified = "unverified: {en: Not read, ja: 未読}\n" if rng.random() < 0.5 else ""
    head = NORM.format(authority=rng.choice(("law", "standard")), unverified=unverified)
    text = "requirements:\n"
    targets = ["cases@1.2.0:gaps", "cases@1.2.0:either", "cases@1.2.0:strict", "cases@1.2.0:asked", "cases@1.2.0:later"]
    targets += ["more@0.1.0:plain", "cases@1.1.0:gaps", "cases@1.2.0:nowhere"]
    for number in range(4):
        start, end = sorted(rng.choice(("2026-10-01", "2026-11-22", "2026-11-23", "2027-06-30")) for _ in range(2))
        text += (
            f"  - urn: urn:hakari:requirement:norm:rests-{number}\n    version: 1\n    group: one\n"
            f"    title: {{en: Rests, ja: 基}}\n    text: {{en: Rests, ja: 基}}\n    stages: [release]\n"
            f"    scope: {rng.choice(('use_case', 'organisation'))}\n"
            f"    evidence: {{max_age_days: {rng.choice((1, 30, 60, 400))}, rule: {rng.choice(('all', 'any'))},"
            f" least_assurance: {rng.choice(('self', 'self', 'pipeline'))}}}\n"
        )
        text += '    applies_when: "live"\n' if rng.random() < 0.2 else ""
        text += f'    effective: {{from: "{start}", until: "{end}"}}\n' if rng.random() < 0.5 else ""
        text += "    unverified: {en: Not read, ja: 未読}\n" if rng.random() < 0.2 else ""
        if rng.random() < 0.3:
            text += (
                "    questions:\n      - {id: own, type: yes_no, text: {en: Own, ja: 自}, good: {en: So, ja: 此},"
                ' poor: {en: Not so, ja: 否}, effects: {"yes": meets, "no": neutral}}\n'
            )
        if rng.random() < 0.3:
            text += (
                "    checks:\n" + _CHECK.replace("fairness.groups@1", "privacy.leakage@1") + "        planned: true\n"
            )
        text += "    mappings:\n"
        for target in rng.sample(targets, rng.randint(1, 3)):
            relation = rng.choice(("equal", "equal", "subset", "superset", "intersects", "supports"))
            text += (
                f'      - {{to: "{target}", relation: {relation}, rationale: {{en: r, ja: 理}},'
                f" status: {rng.choice(('draft', 'reviewed'))}}}\n"
            )
    return {"pack.yaml": head, "requirements/all.yaml": text, "triage.yaml": TRIAGE}


OVERLAY = """\
overlay: urn:hakari:pack:cases-here
of: cases@1.2.0
version: 2.0.0
authority: company
title: {en: Cases here, ja: 当社}
changes:
  - requirement: asked
    max_age_days: 5
  - {requirement: gaps, check: gap, threshold: 0.08, set_by: {en: us, ja: 我}, why: {en: law, ja: 法}}
remove: [either]
"""

Files = Mapping[str, bytes]
_CASES = {"pack.yaml": PACK, "requirements/fair.yaml": FAIR, "requirements/told.yaml": TOLD}


def _bytes(files: Mapping[str, str]) -> dict[str, bytes]:
    return {name: text.encode() for name, text in files.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A bundle that is in order, with what is needed to bend it knowingly."""

    name: str
    content: bytes
    plan: Plan
    records: tuple[Evidence, ...]
    exceptions: tuple[Exception_, ...] = ()
    pack_files: Mapping[str, Files] = field(default_factory=dict)
    signed: bool = True


# ---------------------------------------------------------------- what is measured

_LEVELS = (("a", "b"), ("a", "b", "c"), ("a", "b", "c", "tiny"), (1, 2, 10), ("a", "missing"), ("北", "南", "é"))
_RATES = (
    "selection_rate", "accuracy", "error_rate", "true_positive_rate", "false_positive_rate", "recall", "precision",
    "negative_predictive_value", "false_omission_rate", "base_rate",
)  # fmt: skip


def _tables(rng: Random, *, scores: bool) -> tuple[Table, ...]:
    """Return the same population counted in the ways that a record may carry."""
    levels = rng.choice(_LEVELS)
    size = rng.choice((60, 200, 1500, 40_000))
    plain: list[tuple[Any, ...]] = []
    weighted: list[tuple[Any, ...]] = []
    clustered: list[tuple[Any, ...]] = []
    for level in levels:
        rows = 12 if level == "tiny" else rng.randint(size // 2, size)
        rate, skill = rng.uniform(0.1, 0.9), rng.uniform(0.5, 0.95)
        for label in (0, 1):
            for prediction in (0, 1):
                share = (rate if prediction == (rng.random() < skill) * label else 1 - rate) / 2
                n = round(rows * share)
                if n == 0:
                    continue
                plain.append((level, label, prediction, n))
                w = [rng.randint(50, 300) for _ in range(min(n, 40))]
                times = n / len(w)
                weighted.append(
                    (level, label, prediction, n, round(sum(w) * times), round(sum(v * v for v in w) * times))
                )
                left = min(n, 300)
                for cluster in range(min(left, 20)):
                    part = left // 20 + (cluster < left % 20)
                    if part:
                        clustered.append((level, f"c{cluster}", label, prediction, part))
    if rng.random() < 0.3:
        plain.append((levels[0], "missing", 1, 7))
    axes = ("g", "label", "prediction", "n")
    tables = [
        Table(name="tally", columns=axes, rows=tuple(plain)),
        Table(name="weighted", columns=(*axes, "w", "w2"), rows=tuple(weighted), details={"scale": 100}),
        Table(name="clustered", columns=("g", "cluster", *axes[1:]), rows=tuple(clustered)),
    ]
    if scores:
        tables.append(Table(name="scores", columns=("g", "label", "score", "n"), rows=_score_rows(rng, levels[:2])))
    return tuple(tables)


def _score_rows(rng: Random, levels: tuple[Any, ...]) -> tuple[tuple[Any, ...], ...]:
    places = [number / 8 for number in range(9)] if rng.random() < 0.5 else sorted({rng.random() for _ in range(6)})
    most = rng.choice((4, 40, 700))
    return tuple(
        (level, label, score, n)
        for level in levels
        for score in places
        for label in (0, 1)
        if (n := round(most * (score if label else 1 - score) * rng.random()))
    )


def _check(rng: Random, number: int, requirement: str, measurement: str, *, smooth: bool) -> PlannedCheck:
    kind = rng.choice(("difference", "difference", "ratio", "worst_group", "overall"))
    operator = {"difference": "<=", "ratio": ">="}.get(kind, rng.choice(("<=", ">=")))
    table, basis, metric = rng.choice(("tally", "tally", "tally", "weighted", "clustered")), "rate", rng.choice(_RATES)
    if smooth:
        basis, metric = "smooth", rng.choice(("auc", "brier", "calibration_error", "f1", "balanced_accuracy"))
        table = "tally" if metric in ("f1", "balanced_accuracy") else "scores"
        kind, operator = "overall", "<=" if metric in ("brier", "calibration_error") else ">="
    elif rng.random() < 0.1:
        basis, metric, kind = "count", rng.choice(("exact", "unknown", "nothing")), "overall"
    slug = requirement.rsplit(":", 1)[-1].partition("@")[0]
    grouped = kind != "overall"
    reference = rng.choice((None, None, "rest", "a")) if kind in ("difference", "ratio") else None
    return PlannedCheck(
        id=f"{slug}/check-{number}" + ("[g]" if grouped else ""),
        requirement=requirement,
        measurement=measurement,
        measure="fairness.groups@1",
        metric=metric,
        basis=basis,  # type: ignore[arg-type]  # one of the three
        table=table,
        aggregation=kind,  # type: ignore[arg-type]  # one of the four
        columns=("g",) if grouped else (),
        operator=operator,  # type: ignore[arg-type]  # one of the two
        threshold=rng.choice((0.05, 0.1, 0.2) if kind == "difference" else (0.5, 0.7, 0.8, 0.9)),
        margin=rng.choice((0.0, 0.02, 0.05, 0.1)),
        confidence=rng.choice((0.95, 0.95, 0.9, 0.99)),
        method=rng.choice(("mover", "mover", "box")),
        reference=reference,
        family_met=rng.choice(("none", "none", "holm")),
        min_rows=rng.choice((30, 30, 30, 100, 1000)),
        coverage_min=rng.choice((0.95, 0.5, 1.0)),
        severity="major",
        look=rng.choice((1, 1, 2, 3)),
        reused=rng.random() < 0.1,
        candidates=rng.choice((1, 1, 1, 5)),
        set_by={},
        why={},
        source={},
        alternatives=(),
        confirmed=rng.random() < 0.8,
        impossible=say("text", text="no scores") if rng.random() < 0.05 else None,
    )


def _measurement(plan: Plan, item: PlannedMeasurement, rng: Random, *, scores: bool) -> Evidence:
    exact = rng.choice((0.0, 3.0, 0.05))
    whole = Interval(low=exact, high=exact, level=1, method="count")
    unmeasured = Unmeasured(unmeasured=say("text", text="not there"))
    return Evidence(
        kind="measurement",
        measure=MeasureReference(id=item.measure, version=item.version, distribution=item.distribution),
        plan=PlanReference(digest=digest_of_plan(plan), measurement=item.id, registered=rng.random() < 0.3),
        subjects=item.subjects,
        seed=item.seed,
        estimates=(
            Estimate(metric="exact", value=exact, interval=whole, n=100),
            Estimate(metric="unknown", value=unmeasured, interval=unmeasured, n=5),
        ),
        tables=_tables(rng, scores=scores),
        environment={"python": "3.11"},
        collected_at=NOW,
        effective_at=NOW if rng.random() < 0.9 else "2026-10-01T09:00:00+00:00",
        producer=Producer(name="Engineer"),
        assurance=rng.choice(("self", "pipeline", "pipeline", "independent")),
    )


_ANSWERS: Mapping[str, tuple[Any, ...]] = {
    "sure": ("yes", "no", "unknown"),
    "how": ("By asking everybody.", "so"),
    "which": ("good", "bad", "so-so", "other"),
    "several": (["first"], ["first", "second"], ["second"], ["third", "first"], "unknown", ["first", "first"]),
    "amount": (12, 2.5, 30, 0, "12"),
    "day": ("2026-01-31", "yesterday"),
    "paper": ("docs/paper.pdf",),
}


def _answers(rng: Random, attachment: bytes) -> list[Evidence]:
    chance = rng.choice((0.0, 0.5, 1.0))
    found = [("cases:asked@2", name, rng.choice(values)) for name, values in _ANSWERS.items() if rng.random() < chance]
    found += [("cases:either@3", "shown", rng.choice(("yes", "no")))] * (rng.random() < 0.5)
    found += [("more:plain@1", "done", rng.choice(("yes", "no", "unknown")))] * (rng.random() < 0.7)
    found += [("cases:asked@1", "sure", "yes")] * (rng.random() < 0.1)
    return [
        Evidence(
            kind="answer",
            answer=Answer(
                requirement=f"urn:hakari:requirement:{requirement}",
                question=question,
                value=value,
                attachment=digest_bytes(attachment) if question == "paper" else None,
            ),
            facts={"people": True} if rng.random() < 0.1 else {},
            collected_at=rng.choice((NOW, "2026-11-01T10:00:00+00:00")),
            effective_at=rng.choice((NOW, "2026-11-10T09:00:00+09:00", "2025-01-01T00:00:00+00:00")),
            producer=Producer(name="Owner"),
        )
        for requirement, question, value in found
    ]


# ---------------------------------------------------------------- the whole case


def _packs(rng: Random) -> dict[str, Files]:
    cases = _bytes(_CASES)
    if rng.random() < 0.15:
        return {"cases-here@2.0.0": {**cases, **_bytes({"overlay.yaml": OVERLAY})}}
    found: dict[str, Files] = {"cases@1.2.0": cases}
    if rng.random() < 0.3:
        found["more@0.1.0"] = _bytes({"pack.yaml": MORE, "requirements/plain.yaml": MORE_REQUIREMENTS})
    if rng.random() < 0.4:
        found["norm@3.1.0"] = _bytes(_norm(rng))
    return found


def _facts(rng: Random) -> dict[str, Any]:
    every: dict[str, tuple[Any, ...]] = {
        "people": (True,) * 8 + (False, "unknown"),
        "area": ("lending", "lending", "hiring", "hiring", "games", "unknown"),
        "size": (250.0, 3, 1000, "unknown"),
        "live": (True, False),
    }
    return {name: rng.choice(values) for name, values in every.items() if rng.random() < 0.9}


def _plan(rng: Random, packs: Mapping[str, Pack], *, smooth: bool) -> Plan:
    facts = _facts(rng)
    # As `hakari plan` does: only what applies is planned, so every record that has a say is cited.
    chosen = [
        item.reference
        for pack in packs.values()
        for item in pack.requirements
        if item.slug in ("gaps", "either", "strict") and applies(item, facts, pack).applies
    ]
    base = {"version": "1.0.0", "distribution": "hakari 0.1.0", "parameters": {}, "parameters_passed": {}}
    measurements = tuple(
        PlannedMeasurement(id=name, measure=measure, subjects=subjects, seed=rng.randrange(2**40), **base)  # type: ignore[arg-type]
        for name, measure, subjects in (("m1", "fairness.groups", (DATA, MODEL)), ("m2", "performance.scores", (DATA,)))
    )
    checks = [
        _check(rng, number, rng.choice(chosen), rng.choice(("m1",) * 9 + ("m2",)), smooth=smooth and number == 0)
        for number in range(rng.randint(2, 5) if chosen else 0)
    ]
    return Plan(
        use_case="case", system_version="1", stage="release",
        packs=tuple(PackReference(name=pack.name, version=pack.version, digest=pack.digest) for pack in packs.values()),
        facts=facts,
        label_source=rng.choice(("outcome", "human_decision", "proxy")),
        selective_labels=rng.random() < 0.2,
        subjects=(DATA, MODEL), use={"label": "y"}, scope=SCOPE, groups={"g": {"a": 5}},
        measurements=measurements, checks=tuple(checks), family=sum(check.basis != "count" for check in checks),
        warnings=(say("text", text="a warning"),) if rng.random() < 0.2 else (),
    )  # fmt: skip


def _records(rng: Random, plan: Plan, attachment: bytes) -> list[Evidence]:
    records = []
    for item in plan.measurements:
        scores = any(check.table == "scores" and check.measurement == item.id for check in plan.checks)
        record = _measurement(plan, item, rng, scores=scores)
        fate = rng.random()
        if fate < 0.05:  # it was measured under an earlier plan, on other data
            old = PlanReference(digest="0" * 64, measurement=item.id)
            record = replace(record, plan=old, subjects=(replace(DATA, digest="c" * 64),))
        if fate < 0.92:
            records.append(record)
    return records + _answers(rng, attachment)


def _exceptions(rng: Random, given: EngineInput) -> tuple[Exception_, ...]:
    if rng.random() < 0.5:
        return ()
    open_ = [item for item in assess(given).findings if item.status not in ("met", "not_applicable")]
    made = []
    for finding in rng.sample(open_, min(len(open_), 2)):
        slack = rng.choice((0.0, 0.0, 0.3, -0.3))
        bounds = {check.check: check.worst_case + slack for check in finding.checks if check.worst_case is not None}
        made.append(
            Exception_(
                requirement=finding.requirement, reason="For now.", by="Manager", condition="Watched.", bounds=bounds,
                until=rng.choice(("2026-12-31", "2026-12-31", "2026-11-21")),
                scope=rng.choice((SCOPE, SCOPE, "6" * 64)), created_at=NOW,
                key=key_of(rng.choice((MANAGER, MANAGER, ENGINEER))).public.id,
            )
        )  # fmt: skip
    return tuple(made)


def case(seed: str) -> Case:
    """Return the case of this seed: equal seeds give equal bytes."""
    try:
        return _case(Random(seed))
    except (EvidenceError, PackError):
        # What cannot be assessed or written is no good case, such as a `when` over an answer of another type.
        return case(f"{seed}+")


def _case(rng: Random) -> Case:
    smooth = rng.random() < 0.12
    signed = rng.random() < 0.9
    attachment = b"%PDF of " + str(rng.randrange(10)).encode()
    pack_files = _packs(rng)
    packs = {name: read_pack(content, name=name) for name, content in pack_files.items()}
    plan = _plan(rng, packs, smooth=smooth)
    records = _records(rng, plan, attachment)
    sealed = dict(seal_evidence(record, key_of(ENGINEER) if signed else None) for record in records)
    given = EngineInput(
        title="Case",
        plan=plan,
        plan_digest=digest_of_plan(plan),
        packs=tuple(packs.values()),
        evidence={digest_json(encode(record)): record for record in records},
        signers=dict.fromkeys(sealed, key_of(ENGINEER).public.id) if signed else {},
        today=TODAY,
        mode=rng.choice(("advisory", "regression", "full")),
    )
    exceptions = _exceptions(rng, given)
    previous = _earlier(rng, given)
    assessment = assess(replace(given, exceptions=exceptions, previous=previous))
    cited = {name for finding in assessment.findings for name in finding.evidence}
    answered = any(record.answer is not None and record.answer.attachment for record in records)
    keys = (ENGINEER, *(seed for seed in (MANAGER,) if any(item.key == key_of(seed).public.id for item in exceptions)))
    content = write_bundle(
        assessment=assessment,
        plan=plan,
        pack_files=pack_files,
        evidence={name: sealed[name] for name in sealed if name in cited},
        exceptions=[seal_exception(item, _signer(item)) for item in exceptions],
        attachments={digest_bytes(attachment): attachment} if answered else {},
        reports={"report.en.html": b"<!doctype html><title>Report</title>"},
        previous=previous,
        keys=[key_of(number).public for number in keys] if signed or exceptions else [],
        key=key_of(ENGINEER) if signed else None,
        created_at=NOW,
    )
    kept = tuple(record for name, record in given.evidence.items() if name in cited)
    kind = "smooth" if smooth else "counted"
    return Case(
        name=f"{kind}{'' if signed else ' unsigned'}", content=content, plan=plan, records=kept,
        exceptions=exceptions, pack_files=pack_files, signed=signed,
    )  # fmt: skip


def _signer(item: Exception_) -> SigningKey:
    return next(key_of(seed) for seed in (ENGINEER, MANAGER) if key_of(seed).public.id == item.key)


def _earlier(rng: Random, given: EngineInput) -> Assessment | None:
    """Return an assessment as it was before the newest record came, for the gate to compare with."""
    if rng.random() < 0.6:
        return None
    fewer = dict(sorted(given.evidence.items())[rng.randint(0, 1) :])
    return assess(replace(given, evidence=fewer, mode="advisory"))
