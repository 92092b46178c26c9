"""Subject: one artefact that the evidence is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

__all__ = ["Subject", "SubjectKind"]

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
