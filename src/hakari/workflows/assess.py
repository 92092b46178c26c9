"""`hakari assess`: measure what the plan names, judge it, and seal the case into one bundle."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from hakari.assessment.binding import Run, measure_planned
from hakari.assessment.bundle import EXCEPTION_TYPE, seal_evidence, write_bundle
from hakari.assessment.case import Case
from hakari.assessment.engine import EngineInput, assess
from hakari.assessment.model import Assessment, Exception_, GateMode, Plan, PlannedMeasurement
from hakari.assessment.plan import digest_of_plan
from hakari.assessment.rules.evidence_choice import last_day
from hakari.errors import InterruptedRun, SignatureError
from hakari.evidence import Evidence, Producer, SigningKey, decode, digest_bytes, open_envelope
from hakari.measures import Context
from hakari.messages import Message, say
from hakari.workflows.answers import answer_evidence, current_records
from hakari.workflows.plan import standing_plan
from hakari.workflows.project import Project
from hakari.workflows.settings import Clock
from hakari.workflows.store import Store, write_file

__all__ = ["AssessRun", "assess_project"]

Progress = Callable[[int, int, Message], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessRun:
    """What one run of `assess` made."""

    case: Case
    plan_written_now: bool
    bundle: Path
    reports: Mapping[str, Path]
    """Language → path of the report."""
    reused: int
    """Measurements that were at hand already."""

    @property
    def assessment(self) -> Assessment:
        """The assessment."""
        return self.case.assessment


def assess_project(
    project: Project,
    *,
    clock: Clock,
    key: SigningKey | None,
    mode: GateMode | None = None,
    out: Path | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> AssessRun:
    """Assess a project and write bundle and reports.

    Measurements that are at hand for exactly this plan are not made again, so an interrupted run goes on where it
    stopped. Each record is written whole as soon as it is there.
    """
    tell: Progress = progress or (lambda done, total, message: None)
    store = Store(project.folder)
    plan, written_now = standing_plan(project)
    digest = digest_of_plan(plan)
    if key is not None:
        store.add_key(key.public)
    reused = _measure(project, plan, digest, store, clock, key, tell, cancelled or (lambda: False))
    _answer(project, store, clock, key)
    records, envelopes, signers = store.evidence(store.keys())
    exceptions = _exceptions(store)
    tell(0, 1, say("workflows.progress.judging"))
    assessment = assess(
        EngineInput(
            title=project.manifest.title(),
            plan=plan,
            plan_digest=digest,
            packs=project.packs,
            evidence=current_records(project, records),
            signers=signers,
            today=clock.today,
            exceptions=tuple(item for item, _ in exceptions),
            mode=mode or project.manifest.gate,
            previous=store.accepted(),
        )
    )
    cited = {identifier for finding in assessment.findings for identifier in finding.evidence}
    case = Case(
        assessment=assessment,
        plan=plan,
        packs=project.packs,
        evidence={identifier: records[identifier] for identifier in sorted(cited)},
        signers={identifier: signers[identifier] for identifier in sorted(cited) if identifier in signers},
    )
    envelopes = {identifier: envelopes[identifier] for identifier in sorted(cited)}
    return _write(project, case, envelopes, exceptions, store, clock, key, out, written_now, reused, tell)


def _measure(
    project: Project,
    plan: Plan,
    digest: str,
    store: Store,
    clock: Clock,
    key: SigningKey | None,
    tell: Progress,
    cancelled: Callable[[], bool],
) -> int:
    records, _, signers = store.evidence(store.keys())
    done = {
        record.plan.measurement
        for identifier, record in records.items()
        if record.plan is not None
        and record.plan.digest == digest
        and clock.today.isoformat() < last_day(record, _shortest_age(project, plan, record.plan.measurement))
        and signers.get(identifier) == (key.public.id if key else None)
    }

    def context(planned: PlannedMeasurement) -> Context:
        return Context(
            seed=planned.seed,
            measure=planned.measure,
            progress=tell,
            checkpoint_dir=store.state / "checkpoints" / planned.id,
            cancelled=cancelled,
        )

    run = Run(
        plan_digest=digest,
        registered=False,
        now=clock.now,
        effective_at=clock.now,
        producer=_producer(project),
        assurance="self",
        context=context,
    )
    for number, planned in enumerate(plan.measurements):
        tell(number, len(plan.measurements), say("workflows.progress.measuring", measure=planned.measure))
        if cancelled():
            raise InterruptedRun(say("workflows.interrupted"))
        if planned.id in done or project.inputs is None:
            continue
        # Before the number can be seen: a run that fails later has looked all the same.
        store.count_looks(plan)
        record = measure_planned(planned, project.inputs, run)
        identifier, envelope = seal_evidence(record, key)
        store.save_evidence(identifier, envelope)
    return sum(planned.id in done for planned in plan.measurements)


def _shortest_age(project: Project, plan: Plan, measurement: str) -> int:
    """Return for how many days a measurement is young enough for every requirement that rests on it."""
    ages = {
        requirement.reference: requirement.evidence.max_age_days
        for pack in project.packs
        for requirement in pack.requirements
    }
    return min((ages[check.requirement] for check in plan.checks if check.measurement == measurement), default=0)


def _producer(project: Project) -> Producer:
    name = project.manifest.people.get("engineer") or project.manifest.people.get("owner") or ""
    if os.environ.get("CI"):
        return Producer(name=str(name or "CI"), kind="pipeline")
    return Producer(name=str(name), kind="person")


def _answer(project: Project, store: Store, clock: Clock, key: SigningKey | None) -> None:
    records, _, signers = store.evidence(store.keys())
    for record in answer_evidence(project, records, signers, now=clock.now, key=key):
        identifier, envelope = seal_evidence(record, key)
        store.save_evidence(identifier, envelope)


def _exceptions(store: Store) -> list[tuple[Exception_, bytes]]:
    keys = store.keys()
    found = []
    for envelope in store.exceptions():
        name = f".hakari/exceptions/{digest_bytes(envelope)}.json"
        opened = open_envelope(envelope, what=name, predicate_type=EXCEPTION_TYPE, keys=keys, signatures=1)
        exception = decode(Exception_, opened.predicate, what=name)
        if opened.key_ids != (exception.key,):
            raise SignatureError(say("assessment.bundle.exception_key", member=name))
        found.append((exception, envelope))
    return found


def _attachments(project: Project, evidence: Mapping[str, Evidence]) -> dict[str, bytes]:
    from hakari.workflows.answers import read_attachment

    wanted = {record.answer.attachment for record in evidence.values() if record.answer is not None}
    found: dict[str, bytes] = {}
    for record in evidence.values():
        if record.answer is not None and record.answer.attachment in wanted and record.answer.attachment:
            digest, content = read_attachment(project.folder, str(record.answer.value))
            if digest == record.answer.attachment:
                found[digest] = content
    return found


def _write(
    project: Project,
    case: Case,
    envelopes: Mapping[str, bytes],
    exceptions: list[tuple[Exception_, bytes]],
    store: Store,
    clock: Clock,
    key: SigningKey | None,
    out: Path | None,
    written_now: bool,
    reused: int,
    tell: Progress,
) -> AssessRun:
    from hakari.messages import LANGUAGES, render
    from hakari.reports import render_report

    folder = out or project.folder / "case"
    assessment = case.assessment
    stem = f"{assessment.use_case}-{assessment.stage}"
    reports: dict[str, bytes] = {}
    for number, language in enumerate(LANGUAGES):
        tell(number, len(LANGUAGES), say("workflows.progress.report", language=render(say("language.name"), language)))
        reports[f"report.{language}.html"] = render_report(case, language, generated_at=clock.now).encode("utf-8")
    keys = store.keys()
    signing = {*case.signers.values(), *(item.key for item, _ in exceptions), *([key.public.id] if key else [])}
    content = write_bundle(
        assessment=assessment,
        plan=case.plan,
        pack_files=project.pack_files,
        evidence=envelopes,
        exceptions=[envelope for _, envelope in exceptions],
        attachments=_attachments(project, case.evidence),
        reports=reports,
        previous=store.accepted(),
        keys=[keys[identifier] for identifier in sorted(signing)],
        key=key,
        created_at=clock.now,
    )
    paths: dict[str, Path] = {item: folder / f"{stem}.{item}.html" for item in LANGUAGES}
    for name, path in paths.items():
        write_file(path, reports[f"report.{name}.html"])
    bundle = folder / f"{stem}.zip"
    write_file(bundle, content)
    return AssessRun(case=case, plan_written_now=written_now, bundle=bundle, reports=paths, reused=reused)
