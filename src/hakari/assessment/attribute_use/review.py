"""Review: what the register lacks for the columns that a use case has, on a given day."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from hakari.assessment.attribute_use.register import AttributeRegister, GroupThresholds, UseKind
from hakari.errors import ManifestError
from hakari.messages import Message, say

__all__ = ["RegisterFinding", "require_sign_off", "review_register"]


@dataclass(frozen=True, slots=True)
class RegisterFinding:
    """One thing that a reader of the register should know."""

    message: Message
    open: bool
    """True where something must be recorded or ended; False where it is only worth knowing."""


def review_register(
    register: AttributeRegister, *, sensitive: Sequence[str], features: Collection[str] = (), today: date
) -> tuple[RegisterFinding, ...]:
    """Return what is missing or past its day.

    Args:
        register: what was recorded.
        sensitive: columns whose groups are measured.
        features: columns that the model is given, where the manifest says so.
        today: the day on which the records must hold.
    """
    found = [*_unrecorded(register, sensitive, features)]
    for attribute in register.attributes:
        for use in attribute.uses:
            if _past(use.until, today):
                said = {"column": attribute.column, "use": use.use, "until": use.until}
                found.append(RegisterFinding(say("assessment.attributes.past", **said), True))
    found += _refused(register, today)
    known = {*sensitive, *features}
    unknown = [attribute.column for attribute in register.attributes if attribute.column not in known]
    if unknown:
        found.append(RegisterFinding(say("assessment.attributes.not_in_manifest", columns=unknown), False))
    if not register.alternatives:
        found.append(RegisterFinding(say("assessment.attributes.no_alternatives"), False))
    undecided = [alternative.id for alternative in register.alternatives if alternative.outcome == "open"]
    if undecided:
        found.append(RegisterFinding(say("assessment.attributes.undecided", names=undecided), False))
    return tuple(found)


def require_sign_off(register: AttributeRegister | None, columns: Sequence[str], *, today: date) -> GroupThresholds:
    """Return the sign-off under which thresholds may differ by the groups of `columns`.

    Raises:
        ManifestError: nothing is recorded for exactly these columns, it is not signed off, or its day is past.
    """
    entries = () if register is None else register.thresholds
    entry = next((entry for entry in entries if set(entry.columns) == set(columns)), None)
    if entry is None:
        raise ManifestError(say("assessment.attributes.thresholds_unrecorded", columns=list(columns)))
    problem = _problem(entry, today)
    if problem is not None:
        raise ManifestError(problem)
    return entry


def _unrecorded(
    register: AttributeRegister, sensitive: Sequence[str], features: Collection[str]
) -> Iterator[RegisterFinding]:
    needed: list[tuple[str, UseKind]] = [(column, "measure") for column in dict.fromkeys(sensitive)]
    # A trait that the model is given is used to train it and to decide about each person.
    given = [column for column in dict.fromkeys((*sensitive, *register.by_column)) if column in features]
    needed += [(column, kind) for column in given for kind in _GIVEN]
    for column, kind in needed:
        attribute = register.attribute(column)
        if attribute is None or attribute.use(kind) is None:
            yield RegisterFinding(say(f"assessment.attributes.unrecorded.{kind}", column=column), True)


_GIVEN: tuple[UseKind, ...] = ("train", "infer")


def _refused(register: AttributeRegister, today: date) -> Iterator[RegisterFinding]:
    for entry in register.thresholds:
        problem = _problem(entry, today)
        if problem is not None:
            yield RegisterFinding(problem, True)


def _problem(entry: GroupThresholds, today: date) -> Message | None:
    if not entry.signed_off:
        return say("assessment.attributes.thresholds_unsigned", name=entry.id, columns=list(entry.columns))
    if _past(entry.until, today):
        return say(
            "assessment.attributes.thresholds_past", name=entry.id, columns=list(entry.columns), until=entry.until
        )
    return None


def _past(until: str | None, today: date) -> bool:
    return until is not None and date.fromisoformat(until) < today
