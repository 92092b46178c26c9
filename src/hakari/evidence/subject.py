"""Subject: one artefact that the evidence is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from hakari.evidence.canonical import digest_json

__all__ = ["Subject", "SubjectKind", "scope_digest"]

SubjectKind = Literal["file", "snapshot", "summary", "endpoint"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One artefact by role and digest; what the digest covers depends on its kind."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "strict": False}

    role: str
    """What it is to the use case: `data.test`, `data.train`, `model`, `search`, …; unique in one record."""
    kind: SubjectKind
    """file: bytes (a folder: sorted names and digests); snapshot: query and table version; summary: schema, rows and
    tally digest (weaker); endpoint: a service that is called but not held."""
    name: str
    """Name that a person recognises: a path relative to the manifest, a query, a model id."""
    digest: str
    """SHA-256, 64 hexadecimal digits."""
    details: Mapping[str, Any] = field(default_factory=dict)
    """Plain facts such as bytes, rows, encoding; for endpoints provider, ids asked and returned, region, pinning."""


def scope_digest(subjects: Iterable[Subject], use: Mapping[str, Any]) -> str:
    """Return the digest over the subjects of one release and their use: what a decision is about."""
    listed = sorted((subject.role, subject.kind, subject.digest) for subject in subjects)
    return digest_json({"subjects": [list(item) for item in listed], "use": dict(use)})
