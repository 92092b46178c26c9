"""`hakari assess`: measure what the plan names, judge it, and seal the case into one bundle."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hakari.assessment.binding import Run, measure_planned
from hakari.assessment.bundle import EXCEPTION_TYPE, seal_evidence, write_bundle
from hakari.assessment.case import Case
from hakari.assessment.engine import EngineInput, assess
from hakari.assessment.model import Assessment, Exception_, GateMode, Plan, PlannedMeasurement
from hakari.assessment.plan import digest_of_plan
from hakari.assessment.rules.evidence_choice import last_day
from hakari.errors import InterruptedRun, SignatureError
from hakari.evidence import Evidence, Producer, SigningKey, decode, digest_bytes, digest_json, encode, open_envelope
from hakari.measures import Context
from hakari.messages import LANGUAGES, Message, render, say
from hakari.workflows.answers import answer_evidence, current_records, read_attachment
from hakari.workflows.harm_mapping import statement_evidence
from hakari.workflows.notice import notice_evidence
from hakari.workflows.plan import standing_plan
from hakari.workflows.project import Project
from hakari.workflows.settings import Clock
from hakari.workflows.store import Shelf, Store, write_file

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
    as_of: date | None = None,
    out: Path | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> AssessRun:
    """Assess a project and write bundle and reports.

    Measurements that are at hand for exactly this plan are not made again, so an interrupted run goes on where it
    stopped. Each record is written whole as soon as it is there. `as_of` is the day by whose law and
    ages is judged; today without it.
    """
    store = Store(project.folder)
    plan, written_now = standing_plan(project)
    if key is not None:
        store.add_key(key.public)
    work = _Assessing(
        project=project,
        store=store,
        plan=plan,
        digest=digest_of_plan(plan),
        clock=clock,
        key=key,
        tell=progress or (lambda done, total, message: None),
        cancelled=cancelled or (lambda: False),
        shelf=store.evidence(store.keys()),
        day=as_of or clock.today,
    )
    reused = work.measure()
    work.record_answers()
    stated = work.record_harms() + work.record_notice()
    exceptions = _exceptions(store)
    case = work.judge(exceptions, mode or project.manifest.gate, stated)
    bundle, reports = work.write(case, exceptions, out or project.folder / "case")
    return AssessRun(case=case, plan_written_now=written_now, bundle=bundle, reports=reports, reused=reused)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Assessing:
    """One run: what it works on, and the shelf of evidence that it reads once and adds to."""

    project: Project
    store: Store
    plan: Plan
    digest: str
    clock: Clock
    key: SigningKey | None
    tell: Progress
    cancelled: Callable[[], bool]
    shelf: Shelf
    day: date

    def measure(self) -> int:
        """Make the planned measurements that are not at hand; return how many were."""
        done = self._at_hand()
        run = self._run()
        for number, planned in enumerate(self.plan.measurements):
            if self.cancelled():
                raise InterruptedRun(say("workflows.interrupted"))
            if planned.id in done or self.project.inputs is None:
                continue
            message = say("workflows.progress.measuring", measure=planned.measure)
            self.tell(number, len(self.plan.measurements), message)
            # Before the number can be seen: a run that fails later has looked all the same.
            self.store.count_looks(self.plan)
            self._keep(measure_planned(planned, self.project.inputs, run))
        return len(done)

    def _at_hand(self) -> set[str]:
        signer = self.key.public.id if self.key else None
        today = self.clock.today.isoformat()
        return {
            record.plan.measurement
            for identifier, record in self.shelf.records.items()
            if record.plan is not None
            and record.plan.digest == self.digest
            and today < last_day(record, _shortest_age(self.project, self.plan, record.plan.measurement))
            and self.shelf.signers.get(identifier) == signer
        }

    def _run(self) -> Run:
        def context(planned: PlannedMeasurement) -> Context:
            return Context(
                seed=planned.seed,
                measure=planned.measure,
                progress=self.tell,
                checkpoint_dir=self.store.state / "checkpoints" / planned.id,
                cancelled=self.cancelled,
            )

        return Run(
            plan_digest=self.digest,
            registered=False,
            now=self.clock.now,
            effective_at=self.clock.now,
            producer=_producer(self.project),
            assurance="self",
            context=context,
        )

    def _keep(self, record: Evidence) -> None:
        identifier, envelope = seal_evidence(record, self.key)
        self.store.save_evidence(identifier, envelope)
        self.shelf.add(identifier, record, envelope, self.key)

    def record_answers(self) -> None:
        """Turn new answers of the file into evidence."""
        shelf = self.shelf
        for record in answer_evidence(self.project, shelf.records, shelf.signers, now=self.clock.now, key=self.key):
            self._keep(record)

    def record_harms(self) -> tuple[str, ...]:
        """Turn the harm mapping into evidence; return the id of its record, if there is a mapping."""
        project, producer = self.project, _producer(self.project)
        # By the plan's facts, because a verifier has these and no manifest.
        found = statement_evidence(
            project.folder, project.manifest, self.plan.facts, self.shelf,
            producer=producer, now=self.clock.now, key=self.key,
        )  # fmt: skip
        if found is None:
            return ()
        record, new = found
        if new:
            self._keep(record)
        return (digest_json(encode(record)),)

    def record_notice(self) -> tuple[str, ...]:
        """Turn the notice of the manifest's example into evidence; return the id of its record, if it names one."""
        project, producer = self.project, _producer(self.project)
        found = notice_evidence(project, self.shelf, producer=producer, now=self.clock.now, key=self.key)
        if found is None:
            return ()
        record, new = found
        if new:
            self._keep(record)
        return (digest_json(encode(record)),)

    def judge(self, exceptions: Sequence[tuple[Exception_, bytes]], mode: GateMode, stated: Sequence[str] = ()) -> Case:
        """Return the case: the engine's assessment with the records that it cites, and those `stated` beside it."""
        self.tell(0, 1, say("workflows.progress.judging"))
        shelf = self.shelf
        assessment = assess(
            EngineInput(
                title=self.project.manifest.title(),
                plan=self.plan,
                plan_digest=self.digest,
                packs=self.project.packs,
                evidence=current_records(self.project, shelf.records),
                signers=shelf.signers,
                today=self.day,
                exceptions=tuple(item for item, _ in exceptions),
                mode=mode,
                previous=self.store.accepted(),
            )
        )
        cited = sorted({*stated, *(identifier for finding in assessment.findings for identifier in finding.evidence)})
        return Case(
            assessment=assessment,
            plan=self.plan,
            packs=self.project.packs,
            evidence={identifier: shelf.records[identifier] for identifier in cited},
            signers={identifier: shelf.signers[identifier] for identifier in cited if identifier in shelf.signers},
        )

    def write(
        self, case: Case, exceptions: Sequence[tuple[Exception_, bytes]], folder: Path
    ) -> tuple[Path, dict[str, Path]]:
        """Write the reports and the bundle; return where they stand."""
        stem = f"{case.assessment.use_case}-{case.assessment.stage}"
        reports = self._reports(case)
        signing = {*case.signers.values(), *(item.key for item, _ in exceptions)}
        if self.key is not None:
            signing.add(self.key.public.id)
        keys = self.store.keys()
        content = write_bundle(
            assessment=case.assessment,
            plan=case.plan,
            pack_files=self.project.pack_files,
            evidence={identifier: self.shelf.envelopes[identifier] for identifier in case.evidence},
            exceptions=[envelope for _, envelope in exceptions],
            attachments=_attachments(self.project, case.evidence),
            reports={f"report.{language}.html": page for language, page in reports.items()},
            previous=self.store.accepted(),
            keys=[keys[identifier] for identifier in sorted(signing)],
            key=self.key,
            created_at=self.clock.now,
        )
        paths = {language: folder / f"{stem}.{language}.html" for language in reports}
        for language, path in paths.items():
            write_file(path, reports[language])
        bundle = folder / f"{stem}.zip"
        write_file(bundle, content)
        return bundle, paths

    def _reports(self, case: Case) -> dict[str, bytes]:
        from hakari.reports import render_report

        pages: dict[str, bytes] = {}
        for number, language in enumerate(LANGUAGES):
            name = render(say("language.name"), language)
            self.tell(number, len(LANGUAGES), say("workflows.progress.report", language=name))
            pages[language] = render_report(case, language, generated_at=self.clock.now).encode("utf-8")
        return pages


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
    found: dict[str, bytes] = {}
    for record in evidence.values():
        if record.answer is not None and record.answer.attachment is not None:
            digest, content = read_attachment(project.folder, str(record.answer.value))
            if digest == record.answer.attachment:
                found[digest] = content
    return found
