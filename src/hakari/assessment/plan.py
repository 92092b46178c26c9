"""The plan: checks, groups, levels and their digest, fixed before any number is seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from hakari.assessment.manifest import Manifest, OverrideEntry, nearest
from hakari.assessment.model import PackReference, Plan, PlannedCheck, PlannedMeasurement, digest_of_plan
from hakari.errors import EvidenceError, ManifestError, MeasureError, PlanError
from hakari.evidence import Subject, decode, digest_json, encode, scope_digest
from hakari.measures import Measure, find_measure
from hakari.messages import Message, say
from hakari.packs import applies, is_looser
from hakari.packs.model import Check, Pack, Requirement

if TYPE_CHECKING:
    from hakari.inputs import Inputs

__all__ = ["PlanInput", "digest_of_plan", "make_plan"]

MOST_GROUPS = 1_000
"""Groups in one sensitive column: with more, it names people or places one by one and no group is large enough."""

_OVERRIDDEN = ("threshold", "margin", "confidence", "min_rows", "coverage_min")

Looks = Mapping[str, Sequence[str]]
"""Check id → digests of the rows on which it was measured for this system version, oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanInput:
    """What a plan is made from."""

    manifest: Manifest
    packs: tuple[Pack, ...]
    inputs: Inputs | None
    """None where the use case has no data at hand: only questions can be planned."""
    subjects: tuple[Subject, ...]
    looks: Looks = field(default_factory=dict)
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Measure id → parameters that the project passes; a parameter that a pack sets stays the pack's."""


def make_plan(given: PlanInput) -> Plan:
    """Return the plan for the manifest's stage.

    Only denominators are looked at: group sizes are counted without labels or predictions.

    Raises:
        PlanError, ManifestError: an unknown measure, metric, override or a missing statement about the labels.
    """
    manifest = given.manifest
    check_slugs(given.packs)
    _check_overrides(given)
    _check_groups(given)
    measurements: dict[str, PlannedMeasurement] = {}
    checks: list[PlannedCheck] = []
    for pack in given.packs:
        for requirement in pack.requirements:
            if manifest.stage in requirement.stages and applies(requirement, manifest.facts, pack).applies:
                for check in requirement.checks:
                    checks += _planned_checks(given, requirement, check, measurements)
    if checks and manifest.label_source is None and manifest.columns.label is not None:
        raise ManifestError(say("assessment.manifest.label_source"))
    return Plan(
        use_case=manifest.use_case.id,
        system_version=manifest.system.version,
        stage=manifest.stage,
        packs=tuple(PackReference(name=pack.name, version=pack.version, digest=pack.digest) for pack in given.packs),
        facts=dict(manifest.facts),
        label_source=manifest.label_source or "outcome",
        selective_labels=bool(manifest.selective_labels),
        subjects=given.subjects,
        use=use_of(manifest),
        scope=scope_digest(given.subjects, use_of(manifest)),
        groups=_groups(given),
        measurements=tuple(measurements.values()),
        checks=tuple(checks),
        family=sum(check.basis != "count" for check in checks),
    )


def use_of(manifest: Manifest) -> dict[str, Any]:
    """Return how the manifest's subjects are read: another threshold on the same model file is another system."""
    use: dict[str, Any] = {"columns": encode(manifest.columns)}
    model = manifest.subjects.get("model")
    if model is not None and model.adapter is not None:
        fields = ("adapter", "call", "features", "threshold", "trusted")
        use["model"] = {name: value for name, value in encode(model).items() if name in fields}
    return use


def _groups(given: PlanInput) -> dict[str, dict[str, int]]:
    if given.inputs is None:
        return {}
    data = given.inputs.data
    return {
        column: {str(level): int(rows) for level, rows in data.count_cells([column])}
        for column in given.inputs.columns.sensitive
    }


def check_slugs(packs: Sequence[Pack]) -> None:
    """Refuse packs that name a requirement alike: checks, answers and overrides go by that name.

    Raises:
        ManifestError: the message names the requirement and both packs.
    """
    owners: dict[str, str] = {}
    for pack in packs:
        for requirement in pack.requirements:
            other = owners.setdefault(requirement.slug, pack.reference)
            if other != pack.reference or packs.count(pack) > 1:
                raise ManifestError(
                    say(
                        "assessment.manifest.same_slug",
                        requirement=requirement.slug,
                        first=other,
                        second=pack.reference,
                    )
                )


def _check_overrides(given: PlanInput) -> None:
    known = {
        f"{requirement.slug}/{check.id}": (pack, check)
        for pack in given.packs
        for requirement in pack.requirements
        for check in requirement.checks
    }
    for name, entry in given.manifest.overrides.items():
        if name not in known:
            raise ManifestError(say("assessment.manifest.override", override=name, nearest=nearest(name, list(known))))
        pack, check = known[name]
        for field_name in _OVERRIDDEN if pack.authority == "law" else ():
            before, after = getattr(check, field_name), getattr(entry, field_name)
            if after is not None and is_looser(field_name, before, after, check.operator):
                raise ManifestError(
                    say(
                        "assessment.manifest.loosens_law",
                        override=name, field=field_name, before=before, after=after, pack=pack.reference,
                    )
                )  # fmt: skip


def _check_groups(given: PlanInput) -> None:
    """Refuse a label that never varies, and a sensitive column that compares nothing or names nearly everybody.

    Raises:
        PlanError: one class, one group, or more than `MOST_GROUPS`.
    """
    if given.inputs is None:
        return
    for column in given.inputs.columns.sensitive:
        levels = [level for level, _ in given.inputs.data.count_cells([column])]
        if len(levels) == 1:
            raise PlanError(say("assessment.plan.one_group", column=column, group=str(levels[0])))
        if len(levels) > MOST_GROUPS:
            raise PlanError(say("assessment.plan.many_groups", column=column, groups=len(levels), limit=MOST_GROUPS))
    label = given.inputs.columns.label
    classes = [] if label is None else [value for value, _ in given.inputs.data.count_cells([label])]
    if len(classes) == 1:
        raise PlanError(say("assessment.plan.one_class", role="label", column=label, value=str(classes[0])))


def _planned_checks(
    given: PlanInput, requirement: Requirement, check: Check, measurements: dict[str, PlannedMeasurement]
) -> list[PlannedCheck]:
    name = f"{requirement.slug}/{check.id}"
    if check.planned:
        return [_not_yet(given, requirement, check, name)]
    try:
        measure, distribution = find_measure(check.measure)
    except MeasureError as error:
        raise PlanError(error.message) from None
    if check.metric not in measure.metrics:
        raise PlanError(
            say(
                "assessment.plan.metric",
                check=name,
                metric=check.metric,
                measure=check.measure,
                nearest=nearest(check.metric, list(measure.metrics)),
            )
        )
    impossible = _impossible(given, measure, check)
    measurement = "" if impossible else _measurement(given, measure, distribution, check, measurements)
    planned = []
    for columns in _slices(given, check):
        identifier = name + (f"[{'+'.join(columns)}]" if columns else "")
        metric = measure.metrics[check.metric]
        kind = {"measure": f"{measure.id}@{measure.major}", "basis": metric.basis, "table": metric.table}
        planned.append(_planned(given, requirement, check, kind, identifier, columns, measurement, impossible))
    return planned


def _not_yet(given: PlanInput, requirement: Requirement, check: Check, name: str) -> PlannedCheck:
    """Return a check that no measure answers yet; as a count it takes nothing from the error of the others."""
    kind = {"measure": check.measure, "basis": "count", "table": ""}
    return _planned(given, requirement, check, kind, name, (), "", say("assessment.check.planned"))


def _slices(given: PlanInput, check: Check) -> list[tuple[str, ...]]:
    sensitive = given.manifest.columns.sensitive
    if check.slice == "overall" or not sensitive:
        return [()]
    if check.slice == "intersection":
        return [sensitive] if len(sensitive) > 1 else []
    return [(column,) for column in sensitive]


def _impossible(given: PlanInput, measure: Measure, check: Check) -> Message | None:
    columns, metric = given.manifest.columns, measure.metrics[check.metric]
    if given.inputs is None:
        return say("assessment.plan.no_data")
    if check.slice != "overall" and not columns.sensitive:
        return say("assessment.plan.no_sensitive")
    for role in _needed(metric.name, metric.table, measure.needs):
        if getattr(given.inputs.columns, role) is None and metric.basis != "count":
            return say("assessment.plan.no_column", role=role, metric=check.metric)
    if metric.basis == "smooth" and (columns.weight or columns.cluster):
        return say("assessment.plan.smooth_weighted", metric=check.metric)
    if given.manifest.selective_labels and _needs_label(metric.name, metric.basis, metric.table):
        return say("assessment.plan.selective", metric=check.metric)
    return None


def _needed(metric: str, table: str, needs: tuple[str, ...]) -> tuple[str, ...]:
    from hakari.statistics import RATES

    if table == "scores":
        return ("label", "score")
    if table != "tally":
        # Counts of the measure's own making rest on what the measure reads.
        return tuple(role for role in needs if role in ("label", "prediction", "score"))
    definition = RATES.get(metric)
    return ("label", "prediction") if definition is None else definition.needed_axes


def _needs_label(metric: str, basis: str, table: str) -> bool:
    return basis != "count" and "label" in _needed(metric, table, ())


def _measurement(
    given: PlanInput,
    measure: Measure,
    distribution: str,
    check: Check,
    measurements: dict[str, PlannedMeasurement],
) -> str:
    identifier = measure.id if distribution.startswith("hakari ") else check.measure.partition("@")[0]
    passed = {**given.parameters.get(identifier, {}), **check.parameters}
    try:
        parameters = encode(decode(measure.parameters(), passed, what=identifier))
    except EvidenceError as error:
        raise PlanError(say("assessment.plan.parameters", measure=measure.id, problem=error.message)) from None
    roles = set(measure.reads) | ({"model"} if "prediction" in measure.needs else set())
    planned = PlannedMeasurement(
        id="",
        measure=identifier,
        version=measure.version,
        distribution=distribution,
        parameters=parameters,
        parameters_passed=passed,
        subjects=tuple(subject for subject in given.subjects if subject.role in roles),
        seed=given.manifest.seed,
    )
    digest = digest_json({"measurement": encode(planned), "use": use_of(given.manifest)})
    measurements.setdefault(digest, replace(planned, id=digest))
    return digest


def _planned(
    given: PlanInput,
    requirement: Requirement,
    check: Check,
    kind: Mapping[str, Any],
    identifier: str,
    columns: tuple[str, ...],
    measurement: str,
    impossible: Message | None,
) -> PlannedCheck:
    entry = given.manifest.overrides.get(f"{requirement.slug}/{check.id}", OverrideEntry())
    look, reused, candidates = _look(given, identifier)

    def chosen(field_name: str) -> Any:
        value = getattr(entry, field_name)
        return getattr(check, field_name) if value is None else value

    return PlannedCheck(
        id=identifier,
        requirement=requirement.reference,
        measurement=measurement,
        **kind,
        metric=check.metric,
        aggregation=check.aggregation,
        columns=columns,
        operator=check.operator,
        threshold=chosen("threshold"),
        margin=chosen("margin"),
        confidence=chosen("confidence"),
        method=check.method,
        reference=chosen("reference"),
        family_met=check.family_met,
        min_rows=chosen("min_rows"),
        coverage_min=chosen("coverage_min"),
        severity=check.severity,
        look=look,
        reused=reused,
        candidates=candidates,
        set_by=_stated(entry.set_by, check.set_by),
        why=_stated(entry.why, check.why),
        source=_stated(entry.source, check.source),
        alternatives=tuple(_stated(text, {}) for text in entry.alternatives) or tuple(map(dict, check.alternatives)),
        confirmed=entry.confirmed or check.confirmed,
        impossible=impossible,
    )


def _stated(text: str | None, otherwise: Mapping[str, str]) -> dict[str, str]:
    """Return what a person wrote in the manifest, the same in every language: it is theirs and is not translated."""
    return dict(otherwise) if text is None else {"en": text, "ja": text}


def _look(given: PlanInput, identifier: str) -> tuple[int, bool, int]:
    data = next((subject.digest for subject in given.subjects if subject.role == "data.test"), "")
    seen = list(given.looks.get(identifier, ()))
    look = seen.index(data) + 1 if data in seen else len(seen) + 1
    for log in given.manifest.searched:
        if log.digest == data:
            return look, True, log.candidates or 1
    others = {s.digest for s in given.subjects if s.role in ("data.train", "data.search", "data.validation")}
    return look, data in others, 1
