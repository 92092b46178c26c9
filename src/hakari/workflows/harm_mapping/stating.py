"""Stating: the harm mapping of a project as one evidence record, made anew only when it says something else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from hakari.assessment.harms import is_statement, record_of
from hakari.assessment.manifest import Manifest
from hakari.evidence import Evidence, Producer, SigningKey, encode
from hakari.workflows.harm_mapping.room import HarmRoom
from hakari.workflows.store import Shelf

__all__ = ["statement_evidence"]


def statement_evidence(
    folder: Path,
    manifest: Manifest,
    facts: Mapping[str, Any],
    shelf: Shelf,
    *,
    producer: Producer,
    now: str,
    key: SigningKey | None,
) -> tuple[Evidence, bool] | None:
    """Return the statement as evidence and whether it is new; None where nothing is mapped and no incidents are named.

    A statement that says the same as the last one under the same key is that one.
    """
    room = HarmRoom.of(folder, manifest)
    statement = room.statement(facts)
    if not statement.mapped and not room.incidents:
        return None
    record = record_of(statement, facts, room.library, incidents=room.incidents, producer=producer, now=now)
    mine = key.public.id if key else None
    known = [
        (other.collected_at, identifier)
        for identifier, other in shelf.records.items()
        if is_statement(other) and shelf.signers.get(identifier) == mine
    ]
    if known:
        last = shelf.records[max(known)[1]]
        dated = record.effective_at != record.collected_at
        moved = replace(
            record,
            collected_at=last.collected_at,
            effective_at=record.effective_at if dated else last.collected_at,
        )
        if encode(moved) == encode(last):
            return last, False
    return record, True
