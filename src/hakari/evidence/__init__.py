"""Evidence: the frozen record of one measurement, answer, statement, document or import.

A record says what was examined (*subjects*), with which method and parameters, what came out (*estimates*, each with
its interval or the reason why there is none, and *tables* of counts from which the rest can be derived again), what it
cannot say (*limits*), and where, when and by whom it was made. Its id is the SHA-256 of its canonical JSON (RFC 8785);
it travels inside an in-toto statement in a DSSE envelope signed with Ed25519.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.evidence.canonical import canonical_bytes, digest_bytes, digest_json
    from hakari.evidence.codec import decode, encode, json_schema, parse_json
    from hakari.evidence.directory import DirectoryEntry, KeyDirectory, read_directory, write_directory
    from hakari.evidence.envelope import Opened, open_envelope, seal
    from hakari.evidence.keys import PublicKey, SigningKey, create_key, load_key
    from hakari.evidence.record import (
        Cell,
        Estimate,
        Evidence,
        Interval,
        MeasureReference,
        PlanReference,
        Producer,
        Table,
        Unmeasured,
    )
    from hakari.evidence.subject import Subject, scope_digest

__all__ = [
    "Cell",
    "DirectoryEntry",
    "Estimate",
    "Evidence",
    "Interval",
    "KeyDirectory",
    "MeasureReference",
    "Opened",
    "PlanReference",
    "Producer",
    "PublicKey",
    "SigningKey",
    "Subject",
    "Table",
    "Unmeasured",
    "canonical_bytes",
    "create_key",
    "decode",
    "digest_bytes",
    "digest_json",
    "encode",
    "json_schema",
    "load_key",
    "open_envelope",
    "parse_json",
    "read_directory",
    "scope_digest",
    "seal",
    "write_directory",
]

__getattr__, __dir__ = exports(
    __name__,
    {
        "canonical": ("canonical_bytes", "digest_bytes", "digest_json"),
        "codec": ("decode", "encode", "json_schema", "parse_json"),
        "directory": ("DirectoryEntry", "KeyDirectory", "read_directory", "write_directory"),
        "envelope": ("Opened", "open_envelope", "seal"),
        "keys": ("PublicKey", "SigningKey", "create_key", "load_key"),
        "record": (
            "Cell",
            "Estimate",
            "Evidence",
            "Interval",
            "MeasureReference",
            "PlanReference",
            "Producer",
            "Table",
            "Unmeasured",
        ),
        "subject": ("Subject", "scope_digest"),
    },
)
