"""Binding: run a planned measurement and freeze what came out as evidence."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from hakari.assessment.model import PlannedMeasurement
from hakari.errors import HakariError, MeasureError
from hakari.evidence import Evidence, MeasureReference, PlanReference, Producer, decode, digest_json, encode
from hakari.evidence.record import Assurance
from hakari.measures import Context, find_measure
from hakari.messages import say

if TYPE_CHECKING:
    from hakari.inputs import Inputs

__all__ = ["Run", "environment", "evidence_id", "measure_planned"]

_RECORDED = ("hakari", "numpy", "scipy", "narwhals", "duckdb")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Who measures, when, under which plan."""

    plan_digest: str
    registered: bool
    now: str
    """Collection time, UTC, ISO 8601."""
    effective_at: str
    """Time that the data are about; the collection time unless stated."""
    producer: Producer
    assurance: Assurance
    context: Callable[[PlannedMeasurement], Context]


def environment() -> dict[str, str]:
    """Return the versions that a figure may depend on."""
    found = {"python": platform.python_version(), "machine": f"{platform.system()} {platform.machine()}"}
    for name in _RECORDED:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def evidence_id(record: Evidence) -> str:
    """Return the SHA-256 of the record's canonical JSON."""
    return digest_json(encode(record))


def measure_planned(planned: PlannedMeasurement, inputs: Inputs, run: Run) -> Evidence:
    """Return the evidence of one planned measurement.

    Raises:
        MeasureError: the measure failed in a way that it did not foresee; what it foresees it says itself.
    """
    measure, distribution = find_measure(planned.measure)
    if distribution != planned.distribution or measure.version != planned.version:
        raise MeasureError(
            say(
                "assessment.binding.version",
                measure=planned.measure,
                planned=f"{planned.version} ({planned.distribution})",
                installed=f"{measure.version} ({distribution})",
            )
        )
    parameters = decode(measure.parameters(), dict(planned.parameters), what=planned.measure)
    try:
        measured = measure.function()(inputs, parameters, context=run.context(planned))
    except HakariError:
        raise
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise MeasureError(
            say("assessment.binding.failed", measure=planned.measure, problem=f"{type(error).__name__}: {error}")
        ) from error
    return Evidence(
        kind="measurement",
        measure=MeasureReference(id=planned.measure, version=planned.version, distribution=planned.distribution),
        plan=PlanReference(digest=run.plan_digest, measurement=planned.id, registered=run.registered),
        subjects=planned.subjects,
        parameters=planned.parameters,
        parameters_passed=planned.parameters_passed,
        seed=planned.seed,
        estimates=measured.estimates,
        tables=measured.tables,
        limits=measured.limits,
        environment=environment(),
        collected_at=run.now,
        effective_at=run.effective_at,
        producer=run.producer,
        assurance=run.assurance,
    )
