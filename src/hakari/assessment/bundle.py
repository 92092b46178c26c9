"""The case bundle: assessment, plan, packs, evidence, acceptances, attachments, reports and one signed manifest.

An office that decided on the assessment adds its decision, and the place in its ledger where the decision stands.

Writers take named bytes. The reader keeps going after a fault, so that a verifier can name every file that was changed
and what rests on it, instead of stopping at the first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar, get_args

from hakari.assessment.archive import pack_archive, unpack_archive
from hakari.assessment.decision import (
    DECISION_TYPE,
    Decision,
    LedgerSeal,
    Outcome,
    decision_faults,
    digest_of_decision,
    evidence_of,
    read_seal,
)
from hakari.assessment.decision.ledger import CHECKPOINT, EVENT
from hakari.assessment.decision.renewals import RENEWALS, read_renewals, renewal_faults
from hakari.assessment.model import Assessment, Exception_, Plan
from hakari.errors import BundleError, HakariError
from hakari.evidence import (
    Evidence,
    Opened,
    PublicKey,
    SigningKey,
    canonical_bytes,
    decode,
    digest_bytes,
    digest_json,
    encode,
    open_envelope,
    parse_json,
    seal,
)
from hakari.messages import Message, say

__all__ = [
    "BUNDLE_SCHEMA",
    "EVIDENCE_TYPE",
    "EXCEPTION_TYPE",
    "MANIFEST_TYPE",
    "Bundle",
    "DecisionName",
    "Fault",
    "read_bundle",
    "seal_evidence",
    "seal_exception",
    "write_bundle",
]

T = TypeVar("T")

BUNDLE_SCHEMA = 1
EVIDENCE_TYPE = "urn:hakari:predicate:evidence:1"
EXCEPTION_TYPE = "urn:hakari:predicate:exception:1"
MANIFEST_TYPE = "urn:hakari:predicate:case-bundle:1"

_MANIFEST, _ASSESSMENT, _PLAN, _KEYS, _CONTEXT, _DECISION = (
    "manifest.json",
    "assessment.json",
    "plan.json",
    "keys.json",
    "previous.json",
    "decision.json",
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with one member."""

    member: str
    problem: Message


@dataclass(frozen=True, slots=True)
class DecisionName:
    """What is known of a decision even where its own file is gone or cannot be read: the manifest says it too."""

    number: str
    outcome: Outcome | Literal[""]
    """Empty if nothing readable says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What a bundle holds, as far as it could be read, with every fault found."""

    files: Mapping[str, bytes]
    faults: tuple[Fault, ...]
    assessment: Assessment | None
    plan: Plan | None
    evidence: Mapping[str, Evidence]
    """Evidence by the id in its file name; it may differ from its content's digest, which is then a fault."""
    signers: Mapping[str, str]
    """Evidence id → key id whose signature verified."""
    exceptions: tuple[Exception_, ...]
    previous: Assessment | None
    pack_files: Mapping[str, Mapping[str, bytes]]
    """`name@version` → file name → bytes."""
    signed_by: tuple[str, ...] = ()
    """Key ids whose signature on the manifest verified."""
    created_at: str = ""
    keys: Mapping[str, PublicKey] = field(default_factory=dict)
    decision: Decision | None = None
    """The decision as far as it could be read; what is wrong with it is among the faults."""
    decided: DecisionName | None = None
    """Which decision it carries, or should carry; None if there is none."""
    decided_by: str = ""
    """Id of the key whose signature on the decision verified."""
    seal: LedgerSeal | None = None
    """Where the office's ledger holds the decision; None unless event and checkpoint are in order."""


@dataclass(frozen=True, slots=True)
class _Manifest:
    key_ids: tuple[str, ...] = ()
    created_at: str = ""
    listed: Mapping[str, Any] = field(default_factory=dict)
    decision: Any = None
    """What it says of the decision."""
    holds: bool = False


@dataclass(frozen=True, slots=True)
class _Decided:
    decision: Decision | None
    name: DecisionName | None
    by: str
    seal: LedgerSeal | None


def seal_evidence(record: Evidence, key: SigningKey | None) -> tuple[str, bytes]:
    """Return the id of a record and its envelope."""
    predicate = encode(record)
    identifier = digest_json(predicate)
    subjects = [(subject.role, subject.digest) for subject in record.subjects] or [("evidence", identifier)]
    return identifier, seal(EVIDENCE_TYPE, predicate, subjects, [key] if key else [])


def seal_exception(exception: Exception_, key: SigningKey) -> bytes:
    """Return the signed acceptance."""
    return seal(EXCEPTION_TYPE, encode(exception), [("scope", exception.scope)], [key])


def write_bundle(
    *,
    assessment: Assessment,
    plan: Plan,
    pack_files: Mapping[str, Mapping[str, bytes]],
    evidence: Mapping[str, bytes],
    exceptions: Sequence[bytes] = (),
    attachments: Mapping[str, bytes] | None = None,
    reports: Mapping[str, bytes] | None = None,
    previous: Assessment | None = None,
    keys: Sequence[PublicKey] = (),
    key: SigningKey | None = None,
    created_at: str,
    decision: bytes | None = None,
    ledger: tuple[bytes, bytes] | None = None,
    renewals: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return the bundle: equal input gives equal bytes.

    Args:
        assessment: The findings.
        plan: The plan that the evidence cites.
        pack_files: `name@version` → file name → bytes, as the loader read them.
        evidence: Evidence id → envelope.
        exceptions: Envelopes of acceptances.
        attachments: SHA-256 → bytes of what people attached.
        reports: File name such as `report.en.html` → bytes.
        previous: The last accepted assessment, if the gate compared with it.
        keys: Public keys of every signature inside.
        key: Signs the manifest; None leaves the bundle unsigned.
        created_at: UTC, ISO 8601.
        decision: Envelope of the office's decision (`seal_decision`), by the key of the manifest or a former one.
        ledger: The event that names the decision (`ledger_event`), and the envelope of the checkpoint after it.
        renewals: File name such as `000000000412.json` → signed statement, from the key of the decision to `key`.
    """
    files: dict[str, bytes] = {
        _ASSESSMENT: canonical_bytes(encode(assessment)),
        _PLAN: canonical_bytes(encode(plan)),
        _KEYS: canonical_bytes({"keys": sorted({item.hex for item in keys}), "schema": 1}),
    }
    if previous is not None:
        files[_CONTEXT] = canonical_bytes(encode(previous))
    for reference, members in pack_files.items():
        files |= {f"packs/{reference.replace('@', '-')}/{name}": content for name, content in members.items()}
    files |= {f"evidence/{identifier}.json": content for identifier, content in evidence.items()}
    files |= {f"exceptions/{digest_bytes(content)}.json": content for content in exceptions}
    files |= {f"attachments/{digest}": content for digest, content in (attachments or {}).items()}
    files |= {f"report/{name}": content for name, content in (reports or {}).items()}
    files |= {} if decision is None else {_DECISION: decision}
    files |= {} if ledger is None else dict(zip((EVENT, CHECKPOINT), ledger, strict=True))
    files |= {f"{RENEWALS}{name}": content for name, content in (renewals or {}).items()}
    digest = digest_bytes(files[_ASSESSMENT])
    predicate = {
        "assessment": digest,
        "created_at": created_at,
        "files": {name: digest_bytes(content) for name, content in sorted(files.items())},
        "plan": assessment.plan,
        "schema": BUNDLE_SCHEMA,
        "scope": assessment.scope,
    }
    if decision is not None:
        # The manifest says which one it is: where the decision itself is destroyed, verifiers still name it.
        predicate["decision"] = _named(_decision_in(decision))
    files[_MANIFEST] = seal(MANIFEST_TYPE, predicate, [("assessment.json", digest)], [key] if key else [])
    return pack_archive(files)


def read_bundle(content: bytes) -> Bundle:
    """Return what a bundle holds and every fault found in it; nothing is written anywhere.

    Raises:
        BundleError: the ZIP itself cannot be read safely, or it is not a case bundle.
    """
    files, problems = unpack_archive(content)
    if _MANIFEST not in files or _ASSESSMENT not in files or _PLAN not in files:
        raise BundleError(say("assessment.bundle.not_one"))
    reader = _Reader(files)
    reader.faults += [Fault("", problem) for problem in problems]
    reader.read_keys()
    manifest = reader.read_manifest()
    reader.check_names()
    plan = reader.record(_PLAN, Plan)
    assessment = reader.record(_ASSESSMENT, Assessment)
    evidence, signers = reader.read_evidence()
    decided = reader.read_decision(manifest, plan, assessment, evidence)
    return Bundle(
        files=files,
        assessment=assessment,
        plan=plan,
        evidence=evidence,
        signers=signers,
        exceptions=reader.read_exceptions(),
        previous=reader.record(_CONTEXT, Assessment) if _CONTEXT in files else None,
        pack_files=reader.read_packs(plan),
        signed_by=manifest.key_ids,
        created_at=manifest.created_at,
        keys=reader.keys,
        decision=decided.decision,
        decided=decided.name,
        decided_by=decided.by,
        seal=decided.seal,
        faults=tuple(reader.faults),
    )


class _Reader:
    """Reads member by member and collects faults."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.faults: list[Fault] = []
        self.keys: dict[str, PublicKey] = {}

    def fault(self, member: str, problem: object) -> None:
        message = problem if isinstance(problem, Message) else say("text", text=str(problem))
        self.faults.append(Fault(member, message.on_one_line()))

    def read_keys(self) -> None:
        try:
            document = parse_json(self.files.get(_KEYS, b'{"keys":[]}'), what=_KEYS)
            self.keys = {key.id: key for key in (PublicKey(str(item)) for item in document["keys"])}
        except (HakariError, TypeError, KeyError) as error:
            self.fault(_KEYS, getattr(error, "message", error))

    def read_manifest(self) -> _Manifest:
        try:
            opened = open_envelope(self.files[_MANIFEST], what=_MANIFEST, predicate_type=MANIFEST_TYPE, keys=self.keys)
            predicate = opened.predicate
            if predicate["schema"] != BUNDLE_SCHEMA:
                raise BundleError(say("assessment.bundle.schema", schema=predicate["schema"]))
            found = _Manifest(
                opened.key_ids, predicate["created_at"], predicate["files"], predicate.get("decision"), holds=True
            )
            if not isinstance(found.listed, dict) or not isinstance(found.created_at, str):
                raise BundleError(say("assessment.bundle.not_one"))
        except (HakariError, TypeError, KeyError) as error:
            self.fault(_MANIFEST, getattr(error, "message", error))
            # Signed or not, its list still names what was changed: without it a changed list of keys would hide itself.
            found = self.manifest_unchecked()
            if not found.listed:
                return found
        listed = found.listed
        for name in sorted(set(listed) - set(self.files)):
            self.fault(name, say("assessment.bundle.removed", member=name))
        for name in sorted(set(self.files) - set(listed) - {_MANIFEST}):
            self.fault(name, say("assessment.bundle.added", member=name))
        for name in sorted(set(listed) & set(self.files)):
            if digest_bytes(self.files[name]) != listed[name]:
                self.fault(name, say("assessment.bundle.changed", member=name))
        return found

    def manifest_unchecked(self) -> _Manifest:
        try:
            opened = _open_unchecked(self.files[_MANIFEST], _MANIFEST, MANIFEST_TYPE)
            predicate = {} if opened is None else opened.predicate
            files = predicate.get("files")
            return _Manifest(listed=files if isinstance(files, dict) else {}, decision=predicate.get("decision"))
        except (HakariError, ValueError, TypeError, KeyError, AttributeError):
            return _Manifest()

    def check_names(self) -> None:
        for name, content in self.files.items():
            if name.startswith(("attachments/", "exceptions/")):
                stated = name.partition("/")[2].removesuffix(".json")
                if digest_bytes(content) != stated:
                    self.fault(name, say("assessment.bundle.wrong_id", member=name))

    def record(self, name: str, kind: type[Any]) -> Any:
        try:
            document = parse_json(self.files[name], what=name)
            if canonical_bytes(document) != self.files[name]:
                self.fault(name, say("assessment.bundle.not_canonical", member=name))
            return self.decoded(kind, document, name)
        except HakariError as error:
            self.fault(name, error.message)
            return None

    def decoded(self, kind: type[T], document: Any, name: str) -> T:
        """Decode a record, and say so if it is written otherwise than we write: others would read other values."""
        record = decode(kind, document, what=name)
        if not _faithful(document, encode(record)):
            self.fault(name, say("assessment.bundle.not_canonical", member=name))
        return record

    def read_evidence(self) -> tuple[dict[str, Evidence], dict[str, str]]:
        found: dict[str, Evidence] = {}
        signers: dict[str, str] = {}
        for name in sorted(self.files):
            if not name.startswith("evidence/"):
                continue
            identifier = name.removeprefix("evidence/").removesuffix(".json")
            opened = self.open(name, EVIDENCE_TYPE)
            if opened is None:
                continue
            try:
                found[identifier] = self.decoded(Evidence, opened.predicate, name)
            except HakariError as error:
                self.fault(name, error.message)
                continue
            if digest_json(opened.predicate) != identifier:
                self.fault(name, say("assessment.bundle.wrong_id", member=name))
            if opened.key_ids:
                signers[identifier] = opened.key_ids[0]
        return found, signers

    def read_exceptions(self) -> tuple[Exception_, ...]:
        found = []
        for name in sorted(self.files):
            if not name.startswith("exceptions/"):
                continue
            opened = self.open(name, EXCEPTION_TYPE)
            if opened is None:
                continue
            try:
                exception = self.decoded(Exception_, opened.predicate, name)
            except HakariError as error:
                self.fault(name, error.message)
                continue
            if opened.key_ids != (exception.key,):
                self.fault(name, say("assessment.bundle.exception_key", member=name))
                continue
            found.append(exception)
        return tuple(found)

    def read_decision(
        self, manifest: _Manifest, plan: Plan | None, assessment: Assessment | None, evidence: Mapping[str, Evidence]
    ) -> _Decided:
        """Read the decision and its place in the ledger, and compare both with what they cite."""
        opened = self.open(_DECISION, DECISION_TYPE) if _DECISION in self.files else None
        decision = None if opened is None else self.decision_in(opened.predicate)
        if opened is not None and decision is not None:
            self.check_signed(opened, decision, manifest)
            if plan is not None and assessment is not None:
                self.check_cited(decision, plan, assessment, evidence)
        found, faults = read_seal(self.files, "" if decision is None else digest_of_decision(decision), self.keys)
        by = opened.key_ids[0] if opened is not None and decision is not None and opened.key_ids else ""
        for name, problem in [*faults, *self.renewals(manifest, decision, by, found)]:
            self.fault(name, problem)
        stated = None if decision is None else _named(decision)
        if manifest.holds and not self.faulty(_DECISION) and manifest.decision != stated:
            self.fault(_MANIFEST, say("assessment.bundle.decision_named", member=_MANIFEST))
        # Whose signature holds is believed first.
        claims = (stated, manifest.decision) if by or not manifest.holds else (manifest.decision, stated)
        names = [name for name in map(_name_of, claims) if name is not None]
        if not names and _DECISION in {*self.files, *manifest.listed}:
            names = [DecisionName("", "")]
        return _Decided(decision, next(iter(names), None), by, found)

    def faulty(self, member: str) -> bool:
        return any(fault.member == member for fault in self.faults)

    def decision_in(self, predicate: Any) -> Decision | None:
        try:
            decision = self.decoded(Decision, predicate, _DECISION)
        except HakariError as error:
            self.fault(_DECISION, error.message)
            return None
        try:
            digest_of_decision(decision)
        except HakariError:
            # A number that has no canonical form, such as 2**60.
            self.fault(_DECISION, say("assessment.bundle.not_canonical", member=_DECISION))
            return None
        # The ledger names its digest: left-out fields would give the same decision another one.
        if encode(decision) != predicate and not self.faulty(_DECISION):
            self.fault(_DECISION, say("assessment.bundle.not_canonical", member=_DECISION))
        return decision

    def check_signed(self, opened: Opened, decision: Decision, manifest: _Manifest) -> None:
        """One key signs decision and manifest: else whoever signs a manifest could put other files to a decision.

        Where the bundle holds renewals, `renewals` finds out whether the two are keys of one office.
        """
        if self.faulty(_DECISION):
            return
        renewed = bool(manifest.key_ids) and any(name.startswith(RENEWALS) for name in self.files)
        if len(opened.key_ids) != 1 or (manifest.holds and opened.key_ids != manifest.key_ids and not renewed):
            self.fault(_DECISION, say("assessment.bundle.decision_key", member=_DECISION))
        if opened.subjects != ((_ASSESSMENT, decision.assessment),):
            self.fault(_DECISION, say("assessment.bundle.decision_subject", member=_DECISION))

    def renewals(
        self, manifest: _Manifest, decision: Decision | None, by: str, found: LedgerSeal | None
    ) -> list[tuple[str, Message]]:
        """Return what is wrong with the renewals between the key of the decision and the key of the bundle."""
        steps, faults = read_renewals(self.files)
        judged = _DECISION not in self.files or (by and manifest.holds and manifest.key_ids)
        if faults or not steps or not judged:
            return faults
        at, signer = "" if decision is None else decision.decided_at, "".join(manifest.key_ids)
        return renewal_faults(steps, decided_by=by, signed_by=signer, decided_at=at, seal=found)

    def check_cited(
        self, decision: Decision, plan: Plan, assessment: Assessment, evidence: Mapping[str, Evidence]
    ) -> None:
        cited = evidence_of(assessment)
        content = self.files[_ASSESSMENT]
        for problem in decision_faults(decision, assessment_bytes=content, plan=plan, evidence_ids=cited):
            self.fault(_DECISION, problem)
        absent = len(set(decision.evidence) - set(evidence))
        if absent:
            self.fault(_DECISION, say("assessment.decision.records", number=decision.number, n=absent))

    def open(self, name: str, predicate_type: str) -> Opened | None:
        """Open an envelope; if only its signature fails, say so and read on, so that what changed can be shown."""
        try:
            return open_envelope(self.files[name], what=name, predicate_type=predicate_type, keys=self.keys)
        except HakariError as error:
            self.fault(name, error.message)
        try:
            return _open_unchecked(self.files[name], name, predicate_type)
        except (HakariError, ValueError, TypeError, KeyError):
            return None

    def read_packs(self, plan: Plan | None) -> dict[str, dict[str, bytes]]:
        packs: dict[str, dict[str, bytes]] = {}
        for reference in () if plan is None else plan.packs:
            prefix = f"packs/{reference.name}-{reference.version}/"
            packs[f"{reference.name}@{reference.version}"] = {
                name.removeprefix(prefix): content for name, content in self.files.items() if name.startswith(prefix)
            }
        return packs


def _faithful(written: Any, read: Any) -> bool:
    """Whether each value stands in a document as it was read: `"5"` for 5 or null for nothing is read too, by us."""
    if isinstance(written, dict):
        return isinstance(read, dict) and all(
            name in read and _faithful(value, read[name]) for name, value in written.items()
        )
    if isinstance(written, list):
        return (
            isinstance(read, list)
            and len(written) == len(read)
            and all(_faithful(one, other) for one, other in zip(written, read, strict=True))
        )
    return isinstance(written, bool) == isinstance(read, bool) and bool(written == read)


def _open_unchecked(content: bytes, name: str, predicate_type: str) -> Opened | None:
    import base64

    outer = parse_json(content, what=name)
    statement = parse_json(base64.b64decode(outer["payload"]), what=name)
    if statement["predicateType"] != predicate_type:
        return None
    return Opened(predicate_type=predicate_type, predicate=statement["predicate"], subjects=(), key_ids=())


def _decision_in(envelope: bytes) -> Decision:
    opened = _open_unchecked(envelope, _DECISION, DECISION_TYPE)
    return decode(Decision, None if opened is None else opened.predicate, what=_DECISION)


def _named(decision: Decision) -> dict[str, str]:
    return {"number": decision.number, "outcome": decision.outcome}


def _name_of(claim: Any) -> DecisionName | None:
    """Return what a manifest says of the decision, if it can be said again."""
    if not isinstance(claim, dict) or not isinstance(claim.get("number"), str):
        return None
    known: tuple[Outcome, ...] = get_args(Outcome)
    return DecisionName(claim["number"], next((item for item in known if item == claim.get("outcome")), ""))
