"""Files that came inside delivered bundles, as attachments of answers: by digest, with the type they really have."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from hakari.assessment.bundle import EVIDENCE_TYPE
from hakari.errors import HakariError
from hakari.evidence import Evidence, decode
from hakari.office.lifecycle.files import KINDS, looks_like
from hakari.office.lifecycle.given import contents_of, predicate_of
from hakari.office.lifecycle.models import Delivered, Delivery, File

__all__ = ["Enclosed", "attached_in", "kind_of"]

_TRIED: Final = ("pdf", "png", "jpg", "docx", "xlsx", "pptx", "txt")
"""Kinds that are told by the content, in this order; what is none of them is a file of bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosed:
    """One file in a bundle."""

    digest: str
    requirement: str
    question: str


def attached_in(deliveries: Iterable[Delivery]) -> dict[int, list[Enclosed]]:
    """Return the files that came with each delivery, by its key, as far as they are still kept; three queries."""
    rows = list(
        Delivered.objects.filter(delivery__in=list(deliveries), record__kind="answer")
        .select_related("record")
        .order_by("pk")
    )
    contents = contents_of({row.record.envelope for row in rows})
    found: dict[int, list[Enclosed]] = {}
    for row in rows:
        name = row.record.evidence
        try:
            predicate = predicate_of(contents[row.record.envelope], what=name, kind=EVIDENCE_TYPE)
            answer = decode(Evidence, predicate, what=name).answer
        except HakariError:
            continue  # the page of the assessment says that a record is bent
        if answer is not None and answer.attachment:
            one = Enclosed(digest=answer.attachment, requirement=answer.requirement, question=answer.question)
            found.setdefault(row.delivery_id, []).append(one)
    digests = {one.digest for many in found.values() for one in many}
    kept = set(File.objects.filter(digest__in=digests).exclude(content=None).values_list("digest", flat=True))
    return {key: [one for one in many if one.digest in kept] for key, many in found.items()}


def kind_of(content: bytes) -> tuple[str, str]:
    """Return the ending and the media type that a content has by itself, never by a name."""
    ending = next((kind for kind in _TRIED if looks_like(kind, content)), "")
    return (ending, KINDS[ending]) if ending else ("bin", "application/octet-stream")
