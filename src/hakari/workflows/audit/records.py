"""Records: one evidence record for each measure of an audit."""

from __future__ import annotations

from pathlib import Path

from hakari.assessment.binding import environment
from hakari.assessment.bundle import seal_evidence
from hakari.evidence import Evidence, MeasureReference, Producer, SigningKey
from hakari.reports.audit.result import AuditResult
from hakari.workflows.store import write_file

__all__ = ["write_evidence"]


def write_evidence(result: AuditResult, folder: Path, *, producer: Producer, key: SigningKey | None) -> list[Path]:
    """Write one record for each measure, signed where there is a key; return the files.

    The records cite no plan: nothing was fixed before the numbers were seen, and they say so by its absence.
    """
    written = []
    for part in result.parts:
        record = Evidence(
            kind="measurement",
            measure=MeasureReference(id=part.measure, version=part.version, distribution=part.distribution),
            subjects=(result.subject,),
            parameters=part.parameters,
            parameters_passed=part.passed,
            seed=result.seed,
            estimates=part.measured.estimates,
            tables=part.measured.tables,
            limits=part.measured.limits,
            environment=environment(),
            collected_at=result.collected_at,
            effective_at=result.collected_at,
            producer=producer,
            assurance="self",
        )
        identifier, envelope = seal_evidence(record, key)
        path = folder / f"{part.measure}-{identifier[:12]}.json"
        write_file(path, envelope)
        written.append(path)
    return written
