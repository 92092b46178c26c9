"""The third level of verification: measure again from the subjects, where they are at hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hakari.assessment.binding import Run, measure_planned
from hakari.assessment.bundle import Bundle
from hakari.assessment.model import PlannedMeasurement
from hakari.assessment.plan import use_of
from hakari.errors import HakariError
from hakari.evidence import Estimate, Evidence, Producer, encode
from hakari.measures import Context
from hakari.messages import say
from hakari.workflows.agreement import ROUNDING, agree
from hakari.workflows.verification import Level, Problem

if TYPE_CHECKING:
    from hakari.workflows.project import Project

__all__ = ["rerun_level"]


def rerun_level(bundle: Bundle, folder: Path | None) -> Level:
    """Return the level `re-run`: estimates measured again in `folder` and compared one by one."""
    from hakari.workflows.project import open_project

    if folder is None or bundle.plan is None:
        return Level(name="re-run", status="not_done", summary=say("workflows.verify.rerun_not_done"))
    try:
        project = open_project(folder)
    except HakariError as error:
        problem = Problem(member="", problem=error.message)  # type: ignore[arg-type]  # errors of ours carry messages
        summary = say("workflows.verify.rerun_cannot")
        return Level(name="re-run", status="no", summary=summary, problems=(problem,))
    here = {subject.role: subject.digest for subject in project.subjects}
    problems: list[Problem] = [
        Problem(member="", problem=say("workflows.verify.rerun_subject", subject=subject.role, name=subject.name))
        for subject in bundle.plan.subjects
        if here.get(subject.role) != subject.digest
    ]
    if encode(bundle.plan.use) != encode(use_of(project.manifest)):
        problems.append(Problem(member="", problem=say("workflows.verify.rerun_use")))
    if not bundle.plan.measurements:
        return Level(name="re-run", status="not_done", summary=say("workflows.verify.rerun_nothing"))
    compared = 0
    if not problems:
        for planned in bundle.plan.measurements:
            count, found = _compare(bundle, planned, project)
            compared += count
            problems += found
    summary = say("workflows.verify.rerun", estimates=compared, faults=len(problems), tolerance=ROUNDING)
    return Level(name="re-run", status="no" if problems else "yes", summary=summary, problems=tuple(problems))


def _compare(bundle: Bundle, planned: PlannedMeasurement, project: Project) -> tuple[int, list[Problem]]:
    stored = [
        (identifier, record)
        for identifier, record in bundle.evidence.items()
        if record.plan is not None and record.plan.measurement == planned.id
    ]
    if not stored or project.inputs is None:
        missing = say("workflows.verify.rerun_no_record", measure=planned.measure)
        return 0, [Problem(member="", problem=missing)]
    identifier, record = max(stored, key=lambda item: (item[1].collected_at, item[0]))
    member = f"evidence/{identifier}.json"
    run = Run(
        plan_digest="",
        registered=False,
        now=record.collected_at,
        effective_at=record.effective_at,
        producer=Producer(name=""),
        assurance="self",
        context=lambda item: Context(seed=item.seed, measure=item.measure),
    )
    try:
        again = measure_planned(planned, project.inputs, run)
    except HakariError as error:
        return 0, [Problem(member=member, problem=error.message)]  # type: ignore[arg-type]  # see above
    differing = _differing(record, again)
    return len(again.estimates), [
        Problem(member=member, problem=say("workflows.verify.rerun_differs", metric=metric, slice=dict(where)))
        for metric, where in differing
    ]


def _differing(before: Evidence, after: Evidence) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    def key(estimate: Estimate) -> tuple[str, tuple[tuple[str, str], ...]]:
        return estimate.metric, tuple(sorted(estimate.slice.items()))

    first = {key(estimate): estimate for estimate in before.estimates}
    second = {key(estimate): estimate for estimate in after.estimates}
    found = list(first.keys() ^ second.keys())
    found += [name for name in first.keys() & second.keys() if not agree(encode(first[name]), encode(second[name]))]
    return sorted(found)
