"""A project: an engineer's folder with its manifest, packs, data and subjects opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hakari.assessment.manifest import Manifest, SubjectEntry, load_manifest, nearest
from hakari.errors import InputError, ManifestError
from hakari.evidence import Subject, digest_json, encode
from hakari.inputs import Columns, Data, Inputs, ModelAtHand, ModelSpec, digest_path, open_data
from hakari.inputs.confinement import confine
from hakari.measures import find_measure
from hakari.messages import Message, say
from hakari.packs import Pack, check_fact_values, load_pack, pack_files
from hakari.packs.record_file import read_plain
from hakari.packs.triage import PRESCAN_PACK

__all__ = ["Project", "RegistryCatalogue", "open_project"]

Progress = Callable[[Message], None]

_TAKE_CONSTRAINTS = ("explanation.counterfactual",)
"""Measures that take the constraint file of the manifest."""


class RegistryCatalogue:
    """The registry as packs may see it: the metrics of a measure by reference."""

    def metrics(self, measure_reference: str) -> Mapping[str, Any] | None:
        """Return the metrics of `id@major`, or None if no such measure is installed."""
        from hakari.errors import MeasureError

        try:
            measure, _ = find_measure(measure_reference)
        except MeasureError:
            return None
        return measure.metrics


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """Everything that planning and measuring need."""

    folder: Path
    manifest: Manifest
    packs: tuple[Pack, ...]
    pack_files: Mapping[str, Mapping[str, bytes]]
    inputs: Inputs | None
    subjects: tuple[Subject, ...]
    notices: tuple[Message, ...]
    """What was detected, such as an encoding."""
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Measure id → parameters that the project passes."""


def open_project(
    folder: Path, *, encoding: str | None = None, progress: Progress | None = None, data: bool = True
) -> Project:
    """Open the manifest of `folder` and everything that it names.

    Without `data`, neither data nor models are opened: who answers questions need not hold them.

    Raises:
        ManifestError, PackError, InputError: one line each.
    """
    tell = progress or (lambda message: None)
    folder = folder.resolve()
    base = folder.parent if folder.is_file() else folder
    manifest = load_manifest(folder)
    references = [_pack_reference(reference, base) for reference in manifest.packs]
    packs = tuple(load_pack(reference, RegistryCatalogue()) for reference in references)
    _check_facts(manifest, packs)
    files = {pack.reference: pack_files(reference) for pack, reference in zip(packs, references, strict=True)}
    tell(say("workflows.progress.opening"))
    inputs, subjects = _open_subjects(manifest, base, encoding, tell) if data else (None, ())
    notices = () if inputs is None else inputs.data.notices
    return Project(
        folder=base,
        manifest=manifest,
        packs=packs,
        pack_files=files,
        inputs=inputs,
        subjects=subjects,
        notices=notices,
        parameters=_parameters(manifest, base),
    )


def _parameters(manifest: Manifest, base: Path) -> dict[str, Mapping[str, Any]]:
    """What the manifest passes to measures; the constraint file goes to those that look for other results."""
    found = {measure: dict(parameters) for measure, parameters in manifest.parameters.items()}
    for measure in found:
        find_measure(measure)
    if manifest.constraints is not None:
        content = read_plain(confine(manifest.constraints, base).read_bytes(), file=manifest.constraints)
        for measure in _TAKE_CONSTRAINTS:
            found.setdefault(measure, {}).setdefault("constraints", content)
    return dict(found)


def _pack_reference(reference: str, base: Path) -> str | Path:
    """A name is a shipped pack; anything with a slash or a dot at its start is a folder of the repository."""
    return base / reference if "/" in reference or reference.startswith(".") else reference


def _check_facts(manifest: Manifest, packs: tuple[Pack, ...]) -> None:
    declared = {fact.id for pack in packs for fact in pack.facts}
    if not declared.issuperset(manifest.facts):
        # What triage finds out may stand in any manifest, whichever packs it names.
        declared |= {fact.id for fact in load_pack(PRESCAN_PACK).facts}
    for name in manifest.facts:
        if name not in declared:
            raise ManifestError(say("workflows.fact.undeclared", fact=name, nearest=nearest(name, sorted(declared))))
    for pack in packs:
        own = {fact.id for fact in pack.facts}
        problems = check_fact_values(pack, {name: value for name, value in manifest.facts.items() if name in own})
        if problems:
            raise ManifestError(problems[0])


def _open_subjects(
    manifest: Manifest, base: Path, encoding: str | None, tell: Progress
) -> tuple[Inputs | None, tuple[Subject, ...]]:
    data = {
        role: _open_table(role, entry, base, encoding)
        for role, entry in manifest.subjects.items()
        if role.startswith("data.")
    }
    subjects = {role: table.subject for role, table in data.items()}
    subjects |= {
        role: _other_subject(role, entry, base)
        for role, entry in manifest.subjects.items()
        if not role.startswith("data.")
    }
    if "data.test" not in data:
        return None, tuple(subjects[role] for role in sorted(subjects))
    test, columns = _with_predictions(data["data.test"], manifest.columns, manifest, base, tell)
    spec = _model_spec(manifest)
    model = None if spec is None else ModelAtHand(spec, base, columns.positive)
    inputs = Inputs(data=test, train=data.get("data.train"), columns=columns, model=model)
    return inputs, tuple(subjects[role] for role in sorted(subjects))


def _open_table(role: str, entry: SubjectEntry, base: Path, encoding: str | None) -> Data:
    source = f"duckdb:{entry.query}" if entry.query else entry.path
    if not source:
        raise ManifestError(say("workflows.subject.no_source", role=role))
    return open_data(source, role=role, base=base, encoding=encoding or entry.encoding, sheet=entry.sheet)


def _other_subject(role: str, entry: SubjectEntry, base: Path) -> Subject:
    if entry.provider or entry.model_id:
        stated = {
            key: value for key, value in encode(entry).items() if key in _ENDPOINT_FIELDS and value not in ("", {}, [])
        }
        name = f"{entry.provider or '?'}: {entry.model_id or '?'}"
        return Subject(role=role, kind="endpoint", name=name, digest=digest_json(stated), details=stated)
    if entry.call and not entry.path:
        module = entry.call.partition(":")[0].replace(".", "/") + ".py"
        return _file_subject(role, module, base)
    if not entry.path:
        raise ManifestError(say("workflows.subject.no_source", role=role))
    subject = _file_subject(role, entry.path, base)
    if entry.adapter is None:
        return subject
    use = {"adapter": entry.adapter, "threshold": entry.threshold}
    return replace(subject, details={**subject.details, **use})


_ENDPOINT_FIELDS = {"provider", "model_id", "model_returned", "region", "pinning", "parameters"}


def _file_subject(role: str, name: str, base: Path) -> Subject:
    path = (base / name).resolve()
    if not path.is_relative_to(base):
        raise ManifestError(say("workflows.subject.outside", role=role, path=name))
    if not path.exists():
        raise InputError(say("workflows.subject.missing", role=role, path=name))
    size = path.stat().st_size if path.is_file() else None
    details = {} if size is None else {"bytes": size}
    return Subject(role=role, kind="file", name=name, digest=digest_path(path), details=details)


def _model_spec(manifest: Manifest) -> ModelSpec | None:
    """How the model is asked, or None where the manifest only says which file it is."""
    entry = manifest.subjects.get("model")
    if entry is None or entry.adapter is None:
        return None
    return ModelSpec(
        adapter=entry.adapter,
        path=entry.path,
        call=entry.call,
        features=entry.features,
        threshold=entry.threshold,
        trusted=entry.trusted,
    )


def _with_predictions(
    data: Data, columns: Columns, manifest: Manifest, base: Path, tell: Progress
) -> tuple[Data, Columns]:
    spec = _model_spec(manifest)
    if spec is None or columns.prediction is not None:
        return data, columns
    from hakari.inputs import add_predictions

    tell(say("workflows.progress.predicting"))
    made = add_predictions(data, spec, columns, base)
    added = {name: name for name in ("prediction", "score") if name in made.columns and name not in data.columns}
    return made, replace(columns, prediction=added.get("prediction"), score=added.get("score", columns.score))
