"""`hakari audit`: measure a table for differences between groups, without a manifest and without a verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from hakari.errors import InputError
from hakari.evidence import decode, encode
from hakari.inputs import Inputs
from hakari.measures import Context, find_measure
from hakari.messages import Message, say
from hakari.reports.audit.result import AuditPart, AuditResult, LeftOut
from hakari.workflows.settings import Clock

if TYPE_CHECKING:
    from hakari.measures import Measure

__all__ = ["USUAL", "AuditSettings", "audit_inputs"]

USUAL = ("fairness.groups", "fairness.decisions", "fairness.legal", "fairness.scores")
"""What an audit measures unless told otherwise."""
Progress = Callable[[int, int, Message], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSettings:
    """What a person may choose."""

    measures: tuple[str, ...] = USUAL
    controls: tuple[str, ...] = ()
    reference: str | None = None
    deviation: bool = False
    """Whether the spread of the groups beyond chance is measured where a measure leaves it out otherwise."""
    other: str | None = None
    """A second column of decisions, of another version on the same rows."""
    min_rows: int = 30
    confidence: float = 0.95
    seed: int = 0


def audit_inputs(
    inputs: Inputs, settings: AuditSettings, *, clock: Clock, progress: Progress | None = None
) -> AuditResult:
    """Run the measures one after the other; a measure that the data does not suit is left out with its reason.

    Raises:
        InputError: no sensitive column, a bad parameter, or no measure that suits the data.
        MeasureError: an unknown measure.
    """
    if not inputs.columns.sensitive:
        raise InputError(say("measures.fairness.groups.no_columns"))
    inputs.data.require([*settings.controls, *([settings.other] if settings.other else [])])
    found = [(reference, *find_measure(reference)) for reference in dict.fromkeys(settings.measures)]
    parts: list[AuditPart] = []
    left_out: list[LeftOut] = []
    for identifier, measure, distribution in found:
        absent = [need for need in measure.needs if not getattr(inputs.columns, need)]
        if absent:
            reason = say("workflows.audit.needs", columns=absent)
            left_out.append(LeftOut(measure=identifier, title=measure.title, reason=reason))
            continue
        passed = _passed(measure, settings)
        parameters = decode(measure.parameters(), passed, what=identifier)
        context = Context(seed=settings.seed, measure=measure.id, progress=progress or (lambda *_: None))
        measured = measure.function()(inputs, parameters, context=context)
        parts.append(
            AuditPart(
                measure=measure.id,
                version=measure.version,
                distribution=distribution,
                title=measure.title,
                parameters=encode(parameters),
                passed=passed,
                measured=measured,
            )
        )
    if not parts:
        raise InputError(say("workflows.audit.nothing", measures=[each.measure for each in left_out]))
    return AuditResult(
        name=inputs.data.name,
        rows=inputs.data.rows,
        subject=inputs.data.subject,
        columns=inputs.columns,
        controls=settings.controls,
        confidence=settings.confidence,
        parts=tuple(parts),
        left_out=tuple(left_out),
        notices=tuple(inputs.data.notices),
        collected_at=clock.now,
        seed=settings.seed,
    )


def _passed(measure: Measure, settings: AuditSettings) -> dict[str, Any]:
    """The settings that this measure knows and that differ from its own defaults."""
    known = {field.name for field in fields(measure.parameters())}
    usual = AuditSettings()
    wanted: dict[str, Any] = {
        name: getattr(settings, name)
        for name in ("controls", "reference", "deviation", "other", "min_rows", "confidence")
        if name in known and getattr(settings, name) != getattr(usual, name)
    }
    return {name: list(value) if isinstance(value, tuple) else value for name, value in wanted.items()}
