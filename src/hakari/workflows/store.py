"""The `.hakari` folder: what a repository keeps between runs. Every file appears whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hakari.assessment.bundle import EVIDENCE_TYPE
from hakari.assessment.model import Assessment, Plan
from hakari.errors import HakariError, InputError
from hakari.evidence import (
    Evidence,
    PublicKey,
    SigningKey,
    canonical_bytes,
    decode,
    digest_bytes,
    digest_json,
    encode,
    open_envelope,
    parse_json,
)
from hakari.messages import say

__all__ = ["Shelf", "Store", "write_file"]

STATE = ".hakari"


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: to a neighbour first, then renamed over it.

    Raises:
        InputError: the folder cannot be written to.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        neighbour = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            neighbour.chmod(0o644)
            neighbour.replace(path)
        except BaseException:
            neighbour.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise InputError(
            say("workflows.unwritable", path=str(path.parent), problem=error.strerror or str(error))
        ) from None


@dataclass(frozen=True, slots=True)
class Shelf:
    """The evidence at hand, by id: read once, then added to."""

    records: dict[str, Evidence] = field(default_factory=dict)
    envelopes: dict[str, bytes] = field(default_factory=dict)
    signers: dict[str, str] = field(default_factory=dict)
    """Ids of the keys that signed; unsigned records are absent."""

    def add(self, identifier: str, record: Evidence, envelope: bytes, key: SigningKey | None) -> None:
        """Put a record on the shelf."""
        self.records[identifier] = record
        self.envelopes[identifier] = envelope
        # The same record may be made again without a key: then it is not signed any more.
        if key is not None:
            self.signers[identifier] = key.public.id
        else:
            self.signers.pop(identifier, None)


@dataclass(frozen=True, slots=True)
class Store:
    """State of one repository."""

    folder: Path

    @property
    def state(self) -> Path:
        """The folder of the state."""
        return self.folder / STATE

    def _json(self, name: str) -> Any:
        path = self.state / name
        return parse_json(path.read_bytes(), what=str(path)) if path.is_file() else None

    def _table(self, name: str) -> dict[str, Any]:
        """Return a file of the state that holds one JSON object; empty if there is no file."""
        document = self._json(name)
        if document is not None and not isinstance(document, dict):
            raise InputError(say("workflows.store.shape", path=str(self.state / name)))
        return document or {}

    def plan(self) -> Plan | None:
        """Return the plan that stands, or None."""
        document = self._json("plan.json")
        return None if document is None else decode(Plan, document, what=f"{STATE}/plan.json")

    def save_plan(self, plan: Plan) -> Path:
        """Write the plan."""
        path = self.state / "plan.json"
        write_file(path, canonical_bytes(encode(plan)))
        return path

    def looks(self, system_version: str) -> dict[str, list[str]]:
        """Return, for each check, the digests of the rows that it was measured on for this system version."""
        document = self._table("looks.json")
        try:
            seen = document.get(system_version, {}).items()
            return {str(check): [str(item) for item in digests] for check, digests in seen}
        except (AttributeError, TypeError):
            raise InputError(say("workflows.store.shape", path=str(self.state / "looks.json"))) from None

    def count_looks(self, plan: Plan) -> None:
        """Note that the plan's checks have now been measured on its rows; the same rows count once."""
        data = next((subject.digest for subject in plan.subjects if subject.role == "data.test"), None)
        if data is None:
            return
        self.looks(plan.system_version)
        document = self._table("looks.json")
        version = document.setdefault(plan.system_version, {})
        for check in plan.checks:
            seen = version.setdefault(check.id, [])
            if check.impossible is None and data not in seen:
                seen.append(data)
        write_file(self.state / "looks.json", canonical_bytes(document))

    def evidence(self, keys: Mapping[str, PublicKey]) -> Shelf:
        """Return the records at hand, their envelopes and their signers; a changed file is refused by name."""
        shelf = Shelf()
        for path in sorted((self.state / "evidence").glob("*.json")):
            what = f"{STATE}/evidence/{path.name}"
            try:
                content = path.read_bytes()
                opened = open_envelope(content, what=what, predicate_type=EVIDENCE_TYPE, keys=keys)
                if digest_json(opened.predicate) != path.stem:
                    raise InputError(say("assessment.bundle.wrong_id", member=what))
            except HakariError as error:
                raise InputError(say("workflows.store.changed", path=str(path), problem=error.message)) from error
            shelf.records[path.stem] = decode(Evidence, opened.predicate, what=what)
            shelf.envelopes[path.stem] = content
            if opened.key_ids:
                shelf.signers[path.stem] = opened.key_ids[0]
        return shelf

    def save_evidence(self, identifier: str, envelope: bytes) -> None:
        """Keep one record."""
        write_file(self.state / "evidence" / f"{identifier}.json", envelope)

    def keys(self) -> dict[str, PublicKey]:
        """Return the public keys that have signed here."""
        listed = self._table("keys.json").get("keys", [])
        if not isinstance(listed, list) or ((self.state / "keys.json").is_file() and not listed):
            raise InputError(say("workflows.store.shape", path=str(self.state / "keys.json")))
        return {key.id: key for key in (PublicKey(str(item)) for item in listed)}

    def add_key(self, key: PublicKey) -> None:
        """Remember a public key that signs here."""
        known = self.keys() | {key.id: key}
        content = canonical_bytes({"keys": sorted(item.hex for item in known.values()), "schema": 1})
        path = self.state / "keys.json"
        if not path.is_file() or path.read_bytes() != content:
            write_file(path, content)

    def exceptions(self) -> list[bytes]:
        """Return the envelopes of all acceptances."""
        return [path.read_bytes() for path in sorted((self.state / "exceptions").glob("*.json"))]

    def save_exception(self, envelope: bytes) -> Path:
        """Keep one acceptance."""
        path = self.state / "exceptions" / f"{digest_bytes(envelope)}.json"
        write_file(path, envelope)
        return path

    def accepted(self) -> Assessment | None:
        """Return the last accepted assessment, which the `regression` gate compares with."""
        document = self._json("accepted.json")
        return None if document is None else decode(Assessment, document, what=f"{STATE}/accepted.json")

    def save_accepted(self, assessment: Assessment) -> None:
        """Make this assessment the one to compare with."""
        write_file(self.state / "accepted.json", canonical_bytes(encode(assessment)))
