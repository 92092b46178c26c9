"""`hakari plan`: write what will be measured and judged, before any number is seen; or say how many rows it needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hakari.assessment.manifest import load_manifest
from hakari.assessment.model import Plan, PlannedCheck
from hakari.assessment.plan import PlanInput, digest_of_plan, make_plan
from hakari.assessment.plan_power import ratio_warnings
from hakari.assessment.power import PowerLine, power_lines, read_expected
from hakari.assessment.power.lines import Progress
from hakari.errors import InputError, PlanError
from hakari.evidence import encode
from hakari.messages import Message, say
from hakari.workflows.project import Project, open_project
from hakari.workflows.store import Store

__all__ = ["PlanRun", "PowerRun", "plan_differences", "plan_power", "plan_project", "standing_plan"]

_LINES = (
    "threshold", "margin", "confidence", "min_rows", "coverage_min", "operator", "aggregation", "metric", "columns",
    "reference", "method", "look",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRun:
    """A written plan."""

    plan: Plan
    digest: str
    path: Path
    replaced: bool
    """True if another plan stood there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerRun:
    """What the planned checks can expect; nothing is written."""

    plan: Plan
    lines: tuple[PowerLine, ...]
    notices: tuple[Message, ...]
    """What was assumed for want of data, and what the numbers leave out."""


def fresh_plan(project: Project, store: Store) -> Plan:
    """Return the plan that the manifest asks for now."""
    given = PlanInput(
        manifest=project.manifest,
        packs=project.packs,
        inputs=project.inputs,
        subjects=project.subjects,
        looks=store.looks(project.manifest.system.version),
        parameters=project.parameters,
    )
    return make_plan(given)


def plan_project(project: Project) -> PlanRun:
    """Make and write the plan.

    A plan that is written after the same rows were measured under other lines says so, for good: otherwise a limit
    could be moved to where the figure already is.
    """
    store = Store(project.folder)
    before = store.plan()
    plan = fresh_plan(project, store)
    warnings = [*ratio_warnings(plan, project.inputs), *_after_seen(plan, before, store)]
    plan = replace(plan, warnings=tuple(warnings))
    path = store.save_plan(plan)
    return PlanRun(plan=plan, digest=digest_of_plan(plan), path=path, replaced=before is not None and before != plan)


def plan_power(
    folder: Path,
    expected: Sequence[str] = (),
    *,
    groups: int | None = None,
    encoding: str | None = None,
    progress: Progress | None = None,
) -> PowerRun:
    """Say how many rows per group the checks of the manifest in `folder` need, with or without data at hand.

    Raises:
        ManifestError, PackError, InputError, PlanError: one line each.
    """
    stated = read_expected(expected)
    if groups is not None and groups < 2:
        raise InputError(say("workflows.plan.groups", groups=groups))
    project = open_project(folder, encoding=encoding, data=_at_hand(folder))
    plan = fresh_plan(project, Store(project.folder))
    seed = project.manifest.seed
    lines = power_lines(plan, stated, project.inputs, groups=groups, seed=seed, progress=progress)
    columns, notices = project.manifest.columns, []
    if project.inputs is None and groups is None and any(check.columns for check in plan.checks):
        notices.append(say("workflows.plan.power_groups"))
    if columns.weight is not None or columns.cluster is not None:
        notices.append(say("workflows.plan.power_independent"))
    return PowerRun(plan=plan, lines=lines, notices=(*project.notices, *notices))


def _at_hand(folder: Path) -> bool:
    """Whether every file that the manifest names is there: before collection it is not."""
    base = folder.parent if folder.is_file() else folder
    entries = load_manifest(folder).subjects.values()
    return all(entry.path is None or "*" in entry.path or (base / entry.path).exists() for entry in entries)


def standing_plan(project: Project) -> tuple[Plan, bool]:
    """Return the plan to measure by, and whether it was only written now.

    Raises:
        PlanError: the plan that stands no longer describes what would be measured; the message names what changed.
    """
    store = Store(project.folder)
    before = store.plan()
    if before is None:
        return plan_project(project).plan, True
    now = fresh_plan(project, store)
    differences = plan_differences(before, now)
    if differences:
        raise PlanError(say("workflows.plan.differs", differences=[*differences[:6]], more=len(differences)))
    return before, False


def plan_differences(before: Plan, now: Plan) -> tuple[Message, ...]:
    """Return what differs between a standing plan and the one that the manifest asks for now."""
    found: list[Message] = []
    old, new = _subject_digests(before), _subject_digests(now)
    found += [
        say("workflows.plan.subject", subject=role) for role in sorted(old | new) if old.get(role) != new.get(role)
    ]
    packs = {pack.name: pack for pack in before.packs}
    for pack in now.packs:
        other = packs.get(pack.name)
        if other is None or other.digest != pack.digest:
            found.append(say("workflows.plan.pack", pack=pack.name))
    checks = {check.id: check for check in before.checks}
    # Other rows bring another look to every check: saying so once, by naming the rows, is enough.
    same_rows = old.get("data.test") == new.get("data.test")
    for check in now.checks:
        lines = _check_differences(checks.pop(check.id, None), check)
        found += [line for line in lines if same_rows or line.arguments.get("field") != "look"]
    found += [say("workflows.plan.check_gone", check=name) for name in checks]
    found += [say("workflows.plan.pack", pack=name) for name in packs if name not in {pack.name for pack in now.packs}]
    found += [
        say("workflows.plan.stated", field=name)
        for name in ("facts", "label_source", "selective_labels", "use", "stage", "system_version")
        if encode(getattr(before, name)) != encode(getattr(now, name))
    ]
    if not found and encode(replace(before, warnings=())) != encode(replace(now, warnings=())):
        found.append(say("workflows.plan.other"))
    return tuple(found)


def _subject_digests(plan: Plan) -> dict[str, str]:
    return {subject.role: subject.digest for subject in plan.subjects}


def _check_differences(before: PlannedCheck | None, now: PlannedCheck) -> list[Message]:
    if before is None:
        return [say("workflows.plan.check_new", check=now.id)]
    return [
        say("workflows.plan.line", check=now.id, field=name, before=getattr(before, name), after=getattr(now, name))
        for name in _LINES
        if getattr(before, name) != getattr(now, name)
    ]


def _after_seen(plan: Plan, before: Plan | None, store: Store) -> list[Message]:
    looks: Mapping[str, list[str]] = store.looks(plan.system_version)
    data = _subject_digests(plan).get("data.test", "")
    seen = {name for name, digests in looks.items() if data in digests}
    if before is None:
        # The plan is gone but the looks are not: nobody can say any more which lines stood before the figures.
        return [say("assessment.plan.after_seen", checks=sorted(seen))] if seen else []
    checks = {check.id: check for check in before.checks}
    now = {check.id for check in plan.checks}
    moved = [
        check.id
        for check in plan.checks
        if check.id in seen and check.id in checks and _check_differences(checks[check.id], check)
    ]
    moved += sorted(name for name in checks if name in seen and name not in now)
    kept = [warning for warning in before.warnings if warning.key == "assessment.plan.after_seen"]
    if _subject_digests(before).get("data.test") != data:
        kept = []
    return [*kept, say("assessment.plan.after_seen", checks=moved)] if moved else kept
