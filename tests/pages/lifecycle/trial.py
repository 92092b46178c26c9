"""A small pack of the office's own and case bundles made by hand for it: real counts, no measurement is run."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils import timezone

from hakari.assessment.bundle import seal_evidence, write_bundle
from hakari.assessment.engine import EngineInput, assess
from hakari.assessment.model import PackReference, Plan
from hakari.evidence import Evidence, Producer, SigningKey, Subject, digest_json, encode, scope_digest
from hakari.evidence.record import Answer
from hakari.office.lifecycle.models import File
from hakari.office.lifecycle.policy import OWN
from hakari.packs import Pack, read_pack
from tests.unit.assessment._small import counts, planned_check, small_plan

REFERENCE = "trial@1.0.0"
GAPS = "urn:hakari:requirement:trial:gaps@1"
ASKED = "urn:hakari:requirement:trial:asked@1"
PROVEN = "urn:hakari:requirement:trial:proven@1"
CHECK = "gaps/gap[g]"
FAIR = {"a": (500, 1000), "b": (495, 1000)}
"""Selected and all, by group: the gap is met with these counts,"""
GAPING = {"a": (700, 1000), "b": (400, 1000)}
"""is not met with these,"""
DOUBTFUL = {"a": (50, 100), "b": (44, 100)}
"""and is open with these."""

_PACK = """
urn: urn:hakari:pack:trial
version: 1.0.0
status: published
authority: sample
languages: [en, ja]
title: {en: Trial, ja: 試行}
summary: {en: For trying, ja: 試すため}
facts:
  - {id: people, type: boolean, title: {en: Touches people, ja: 人に関わる}}
  - {id: big, type: boolean, title: {en: Big, ja: 大きい}}
groups:
  - {id: fair, title: {en: Fairness, ja: 公平性}, summary: {en: Alike, ja: 同じように}}
  - {id: open, title: {en: Openness, ja: 透明性}, summary: {en: Said, ja: 伝える}}
"""

_REQUIREMENTS = """
requirements:
  - urn: urn:hakari:requirement:trial:gaps
    version: 1
    group: fair
    title: {en: Gaps in results, ja: 結果の差}
    text: {en: Groups are treated alike., ja: グループを同じように扱う。}
    stages: [develop, release, operate]
    applies_when: "people"
    roles: [engineer]
    checks:
      - id: gap
        measure: fairness.groups@1
        metric: selection_rate
        aggregation: difference
        slice: each_sensitive
        operator: "<="
        threshold: 0.10
        margin: 0.05
        set_by: {en: we, ja: 当社}
        why: {en: example, ja: 例}
        source: {en: none, ja: なし}
  - urn: urn:hakari:requirement:trial:asked
    version: 1
    group: open
    title: {en: People are told, ja: 伝えている}
    text: {en: People know that AI is used., ja: AIの利用を知らせる。}
    stages: [plan, develop, release]
    roles: [owner]
    questions:
      - id: told
        type: yes_no
        minutes: 2
        text: {en: Are people told?, ja: 知らせていますか}
        effects: {"yes": meets, "no": fails}
      - id: how
        type: text
        minutes: 5
        text: {en: How?, ja: どのように}
        min_length: 5
        when: "answers.told == 'yes'"
  - urn: urn:hakari:requirement:trial:proven
    version: 1
    group: open
    title: {en: A document shows it, ja: 文書がある}
    text: {en: There is a document., ja: 文書がある。}
    stages: [develop, release]
    applies_when: "people"
    roles: [engineer]
    severity: minor
    questions:
      - {id: document, type: file, minutes: 3, text: {en: Attach it, ja: 添付してください}}
"""


def trial_files() -> dict[str, bytes]:
    """Return the pack's files."""
    return {"pack.yaml": _PACK.encode(), "requirements/all.yaml": _REQUIREMENTS.encode()}


def trial_pack() -> Pack:
    """Return the pack."""
    return read_pack(trial_files(), name="trial")


def install_pack() -> None:
    """Put the pack into the office's own folder."""
    folder = Path(settings.ENVIRONMENT.folder) / OWN / "trial"
    for name, content in trial_files().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def content_of(digest: str) -> bytes:
    """Return what lies under a digest."""
    content = File.objects.get(digest=digest).content
    assert content is not None
    return bytes(content)


def key(number: int = 0) -> SigningKey:
    """Return an engineer's key."""
    return SigningKey(Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32))


def subjects(*, model: str = "m", data: str = "d") -> tuple[Subject, ...]:
    """Return the subjects of a release: test data and a model."""
    return (
        Subject(role="data.test", kind="file", name="test.csv", digest=data * 64),
        Subject(role="model", kind="file", name="model.skops", digest=model * 64),
    )


def trial_plan(
    *, stage: str = "develop", facts: Mapping[str, Any] | None = None, model: str = "a", data: str = "d"
) -> Plan:
    """Return a plan with the one check; `model` and `data` are hexadecimal digits of which digests are made."""
    pack, made = trial_pack(), subjects(model=model, data=data)
    plan = small_plan(planned_check(requirement=GAPS), facts={"people": True} if facts is None else facts)
    return replace(
        plan,
        stage=stage,
        packs=(PackReference(name=pack.name, version=pack.version, digest=pack.digest),),
        subjects=made,
        measurements=tuple(replace(item, subjects=made) for item in plan.measurements),
        scope=scope_digest(made, {}),
    )


def trial_bundle(
    groups: Mapping[str, tuple[int, int]] = FAIR,
    *,
    signer: SigningKey | None = None,
    enclosed: bytes | None = None,
    **options: Any,
) -> bytes:
    """Return a case bundle as `hakari assess` would write it for these counts; `enclosed` is a file that answers."""
    plan, pack, sign = trial_plan(**options), trial_pack(), signer or key()
    now = timezone.now().isoformat(timespec="seconds")
    record = counts(plan, groups, subjects=plan.subjects, collected_at=now, effective_at=now)
    identifier, envelope = seal_evidence(record, sign)
    records, envelopes, files = {identifier: record}, {identifier: envelope}, {}
    if enclosed is not None:
        digest = hashlib.sha256(enclosed).hexdigest()
        part = Answer(requirement=PROVEN, question="document", value="notice.html", attachment=digest)
        said = Evidence(
            kind="answer", answer=part, facts=dict(plan.facts), collected_at=now, effective_at=now,
            producer=Producer(name="engineer"),
        )  # fmt: skip
        name, sealed = seal_evidence(said, sign)
        records[name], envelopes[name], files[digest] = said, sealed, enclosed
    given = EngineInput(
        title="Trial",
        plan=plan,
        plan_digest=digest_json(encode(plan)),
        packs=(pack,),
        evidence=records,
        signers=dict.fromkeys(records, sign.public.id),
        today=timezone.localdate(),
    )
    return write_bundle(
        assessment=assess(given),
        plan=plan,
        pack_files={REFERENCE: trial_files()},
        evidence=envelopes,
        attachments=files,
        keys=[sign.public],
        key=sign,
        created_at=now,
    )
