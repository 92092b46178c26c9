"""The notice as evidence: one statement, signed like every other, and what a verifier can check about it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace

from hakari.assessment.notice.model import DecisionNotice
from hakari.errors import HakariError
from hakari.evidence import Evidence, Producer, Subject, canonical_bytes, decode, encode
from hakari.evidence.record import Answer
from hakari.messages import Message, say

__all__ = ["is_notice", "notice_faults", "notice_in", "record_of", "referenced"]

_REFERENCE = "urn:hakari:notice:example@1"
_QUESTION = "notice"


def referenced(notice: DecisionNotice, reference: str | None = None) -> DecisionNotice:
    """Return the notice with its reference number: the one given, or one derived from everything else in it."""
    if reference is not None:
        return replace(notice, reference=reference, reference_given=True)
    bare = replace(notice, reference="", reference_given=False)
    digest = hashlib.sha256(canonical_bytes(encode(bare))).hexdigest().upper()
    return replace(bare, reference=f"{digest[:4]}-{digest[4:8]}-{digest[8:12]}")


def is_notice(record: Evidence) -> bool:
    """Return whether a record is the notice of an example."""
    given = record.answer
    if record.kind != "statement" or given is None:
        return False
    return given.question == _QUESTION and given.requirement == _REFERENCE


def record_of(
    notice: DecisionNotice, subjects: tuple[Subject, ...], *, seed: int, producer: Producer, now: str
) -> Evidence:
    """Return the notice as evidence. It goes stale when one of `subjects` changes.

    It has the shape of an answer, as a harm mapping has, so that every reader of evidence knows it.
    """
    return Evidence(
        kind="statement",
        answer=Answer(requirement=_REFERENCE, question=_QUESTION, value=encode(notice)),
        subjects=subjects,
        seed=seed,
        limits=(say("assessment.notice.read_only"),),
        collected_at=now,
        effective_at=now,
        producer=producer,
    )


def notice_in(evidence: Mapping[str, Evidence]) -> DecisionNotice | None:
    """Return the newest notice in `evidence`, or None if there is none that can be read."""
    found = [(record.collected_at, identifier) for identifier, record in evidence.items() if is_notice(record)]
    for _, identifier in sorted(found, reverse=True):
        try:
            return _decoded(evidence[identifier], identifier)
        except HakariError:
            continue
    return None


def notice_faults(evidence: Mapping[str, Evidence]) -> Iterator[tuple[str, Message]]:
    """Yield the id of each notice that is not what it says, with what is wrong.

    What can be found without the model: a record that is malformed, and a reference number that is not that of the
    notice where it was derived from it. Reasons, changes and score are only read.
    """
    for identifier, record in evidence.items():
        if not is_notice(record):
            continue
        try:
            notice = _decoded(record, identifier)
        except HakariError as error:
            yield identifier, error.message if isinstance(error.message, Message) else say("text", text=str(error))
            continue
        if not notice.reference_given and referenced(notice).reference != notice.reference:
            yield identifier, say("assessment.notice.reference", reference=notice.reference)


def _decoded(record: Evidence, identifier: str) -> DecisionNotice:
    assert record.answer is not None
    return decode(DecisionNotice, record.answer.value, what=f"evidence/{identifier}.json")
