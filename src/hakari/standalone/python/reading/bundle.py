"""Bundle: what the files of a case say, and everything that is wrong with them. Reading goes on after a fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hakari.standalone.python.reading.archive import unpack
from hakari.standalone.python.reading.canonical import canonical, parse, sha256, sha256_of
from hakari.standalone.python.reading.envelope import Opened, key_id, open_envelope, open_unchecked
from hakari.standalone.python.reading.ledger import Seal, read_seal
from hakari.standalone.python.reading.renewals import RENEWAL_FOLDER, broken_chain, read_renewals
from hakari.standalone.python.reading.shapes import shaped
from hakari.standalone.python.words import Message, Refused, say

__all__ = ["Bundle", "read_bundle"]

_EVIDENCE_TYPE = "urn:hakari:predicate:evidence:1"
_EXCEPTION_TYPE = "urn:hakari:predicate:exception:1"
_MANIFEST_TYPE = "urn:hakari:predicate:case-bundle:1"
_DECISION_TYPE = "urn:hakari:predicate:decision:1"
_OUTCOMES = ("approve", "approve_with_conditions", "defer", "reject")

BundleRecord = dict[str, Any]


@dataclass
class Bundle:
    """What a bundle holds, as far as it could be read."""

    files: Mapping[str, bytes]
    faults: list[tuple[str, Message]] = field(default_factory=list)
    """(member, what is wrong with it); an empty member is the bundle itself."""
    keys: dict[str, str] = field(default_factory=dict)
    """Public keys by id."""
    signed_by: tuple[str, ...] = ()
    """Ids of the keys whose signature on the manifest verified."""
    created_at: str = ""
    plan: BundleRecord | None = None
    assessment: BundleRecord | None = None
    previous: BundleRecord | None = None
    evidence: dict[str, BundleRecord] = field(default_factory=dict)
    """Records by the id in their file name."""
    signers: dict[str, str] = field(default_factory=dict)
    """Evidence id → id of the key that signed it."""
    exceptions: list[BundleRecord] = field(default_factory=list)
    decision: BundleRecord | None = None
    decided: tuple[str, str] | None = None
    """Number and outcome of the decision, by the manifest where the decision itself cannot be read; None without one.
    The outcome is empty where nothing readable says it."""
    decided_by: str = ""
    """Id of the key that signed the decision."""
    seal: Seal | None = None

    def fault(self, member: str, problem: Message) -> None:
        """Note what is wrong with a member."""
        self.faults.append((member, problem))

    @property
    def plan_digest(self) -> str:
        """The digest that evidence and assessment cite."""
        return sha256_of(self.plan)

    def pack_files(self, pack: Mapping[str, str]) -> dict[str, bytes]:
        """Return the files of a pack of the plan, by their names within it."""
        prefix = f"packs/{pack['name']}-{pack['version']}/"
        return {name.removeprefix(prefix): content for name, content in self.files.items() if name.startswith(prefix)}


def read_bundle(content: bytes) -> Bundle:
    """Return what a bundle holds and every fault found in it; nothing is written anywhere.

    Raises:
        Refused: the ZIP itself cannot be read safely, or it is not a case bundle.
    """
    files, problems = unpack(content)
    if not {"manifest.json", "assessment.json", "plan.json"} <= files.keys():
        raise Refused(say("assessment.bundle.not_one"))
    bundle = Bundle(files)
    for problem in problems:
        bundle.fault("", problem)
    _read_keys(bundle)
    claim, listed, sound = _read_manifest(bundle)
    for name, inside in files.items():
        stated = name.partition("/")[2].removesuffix(".json")
        if name.startswith(("attachments/", "exceptions/")) and sha256(inside) != stated:
            bundle.fault(name, say("assessment.bundle.wrong_id", member=name))
    bundle.plan = _read_document(bundle, "plan.json", "plan")
    bundle.assessment = _read_document(bundle, "assessment.json", "assessment")
    _read_evidence(bundle)
    _read_exceptions(bundle)
    if "previous.json" in files:
        bundle.previous = _read_document(bundle, "previous.json", "assessment")
    _read_decision(bundle, claim, sound=sound)
    if bundle.decided is None and "decision.json" in {*files, *listed}:
        bundle.decided = ("", "")
    return bundle


def _read_keys(bundle: Bundle) -> None:
    try:
        document = parse(bundle.files.get("keys.json", b'{"keys":[]}'), "keys.json")
        bundle.keys = {key_id(item): str(item) for item in document["keys"]}
    except Refused as error:
        bundle.fault("keys.json", error.message)
    except (TypeError, LookupError) as error:
        bundle.fault("keys.json", say("text", text=str(error)))


def _read_manifest(bundle: Bundle) -> tuple[Any, Mapping[str, Any], bool]:
    """Compare every file with the digest that the manifest lists for it.

    Return what the manifest says of the decision, its list of files, and whether the manifest itself is in order.
    """
    name = "manifest.json"
    content = bundle.files[name]
    try:
        opened = open_envelope(content, name, _MANIFEST_TYPE, bundle.keys)
        predicate = opened.predicate
        if predicate["schema"] != 1:
            raise Refused(say("assessment.bundle.schema", schema=predicate["schema"]))
        listed, created_at = predicate["files"], predicate["created_at"]
        if not isinstance(listed, dict) or not isinstance(created_at, str):
            raise Refused(say("assessment.bundle.not_one"))
        bundle.signed_by, bundle.created_at = opened.signers, created_at
        claim, sound = predicate.get("decision"), True
    except (Refused, TypeError, LookupError) as error:
        bundle.fault(name, error.message if isinstance(error, Refused) else say("text", text=str(error)))
        # Signed or not, its list still names what was changed: a changed list of keys would otherwise hide itself.
        unchecked = open_unchecked(content, name, _MANIFEST_TYPE)
        found = unchecked if isinstance(unchecked, dict) else {}
        listed, claim, sound = found.get("files"), found.get("decision"), False
        if not isinstance(listed, dict) or not listed:
            return claim, {}, False
    for member in sorted(listed.keys() | bundle.files.keys() - {name}):
        if member not in bundle.files:
            bundle.fault(member, say("assessment.bundle.removed", member=member))
        elif member not in listed:
            bundle.fault(member, say("assessment.bundle.added", member=member))
        elif sha256(bundle.files[member]) != listed[member]:
            bundle.fault(member, say("assessment.bundle.changed", member=member))
    return claim, listed, sound


def _read_document(bundle: Bundle, name: str, record: str) -> BundleRecord | None:
    try:
        document = parse(bundle.files[name], name)
        if canonical(document) != bundle.files[name]:
            bundle.fault(name, say("assessment.bundle.not_canonical", member=name))
        return _shaped(bundle, document, record, name)
    except Refused as error:
        bundle.fault(name, error.message)
        return None


def _shaped(bundle: Bundle, document: Any, record: str, name: str) -> BundleRecord:
    found, faithful = shaped(document, record, name)
    if not faithful:
        bundle.fault(name, say("assessment.bundle.not_canonical", member=name))
    return dict(found)


def _open(bundle: Bundle, name: str, predicate_type: str) -> Opened | None:
    """Open an envelope; if only its signature fails, say so and read on, so that what changed can be shown."""
    content = bundle.files[name]
    try:
        return open_envelope(content, name, predicate_type, bundle.keys)
    except Refused as error:
        bundle.fault(name, error.message)
    predicate = open_unchecked(content, name, predicate_type)
    return None if predicate is None else Opened(predicate, ())


def _read_evidence(bundle: Bundle) -> None:
    for name in sorted(bundle.files):
        if not name.startswith("evidence/"):
            continue
        identifier = name.removeprefix("evidence/").removesuffix(".json")
        opened = _open(bundle, name, _EVIDENCE_TYPE)
        if opened is None:
            continue
        try:
            bundle.evidence[identifier] = _shaped(bundle, opened.predicate, "evidence", name)
        except Refused as error:
            bundle.fault(name, error.message)
            continue
        if sha256_of(opened.predicate) != identifier:
            bundle.fault(name, say("assessment.bundle.wrong_id", member=name))
        if opened.signers:
            bundle.signers[identifier] = opened.signers[0]


def _read_exceptions(bundle: Bundle) -> None:
    for name in sorted(bundle.files):
        if not name.startswith("exceptions/"):
            continue
        opened = _open(bundle, name, _EXCEPTION_TYPE)
        if opened is None:
            continue
        try:
            exception = _shaped(bundle, opened.predicate, "exception", name)
        except Refused as error:
            bundle.fault(name, error.message)
            continue
        if opened.signers != (exception["key"],):
            bundle.fault(name, say("assessment.bundle.exception_key", member=name))
            continue
        bundle.exceptions.append(exception)


def _read_decision(bundle: Bundle, claim: Any, *, sound: bool) -> None:
    """Read the decision and its place in the ledger, and compare both with what they cite."""
    name, stated, digest = "decision.json", None, ""
    opened = _open(bundle, name, _DECISION_TYPE) if name in bundle.files else None
    if opened is not None:
        try:
            bundle.decision = _shaped(bundle, opened.predicate, "decision", name)
        except Refused as error:
            bundle.fault(name, error.message)
    decision = bundle.decision
    if opened is not None and decision is not None:
        digest, stated = sha256_of(decision), {"number": decision["number"], "outcome": decision["outcome"]}
        bundle.decided_by = opened.signers[0] if opened.signers else ""
        # A field that is left out has its standard value, but the ledger knows the decision by the digest of all.
        if decision != opened.predicate and not _faulty(bundle, name):
            bundle.fault(name, say("assessment.bundle.not_canonical", member=name))
        if not _faulty(bundle, name):
            renewed = bool(bundle.signed_by) and any(member.startswith(RENEWAL_FOLDER) for member in bundle.files)
            if not opened.signers or (sound and opened.signers != bundle.signed_by and not renewed):
                bundle.fault(name, say("assessment.bundle.decision_key", member=name))
            if opened.subjects != (("assessment.json", decision["assessment"]),):
                bundle.fault(name, say("assessment.bundle.decision_subject", member=name))
        for problem in _wrongly_cited(bundle, decision):
            bundle.fault(name, problem)
    bundle.seal, faults = read_seal(bundle.files, digest, bundle.keys)
    for member, problem in [*faults, *_renewal_faults(bundle, sound=sound)]:
        bundle.fault(member, problem)
    if sound and not _faulty(bundle, name) and claim != stated:
        bundle.fault("manifest.json", say("assessment.bundle.decision_named", member="manifest.json"))
    for found in (stated, claim) if bundle.decided_by or not sound else (claim, stated):
        if bundle.decided is None and isinstance(found, dict) and isinstance(found.get("number"), str):
            outcome = found.get("outcome")
            bundle.decided = (found["number"], outcome if outcome in _OUTCOMES else "")


def _renewal_faults(bundle: Bundle, *, sound: bool) -> list[tuple[str, Message]]:
    """Return what is wrong with the renewals between the key of the decision and the key of the manifest."""
    steps, faults = read_renewals(bundle.files)
    judged = "decision.json" not in bundle.files or (bundle.decided_by and sound and bundle.signed_by)
    if faults or not steps or not judged:
        return faults
    at = "" if bundle.decision is None else bundle.decision["decided_at"]
    return broken_chain(steps, bundle.decided_by, "".join(bundle.signed_by), at, bundle.seal)


def _faulty(bundle: Bundle, name: str) -> bool:
    return any(member == name for member, _ in bundle.faults)


def _wrongly_cited(bundle: Bundle, decision: Mapping[str, Any]) -> list[Message]:
    """Return what the decision says otherwise than the bundle holds it."""
    if bundle.plan is None or bundle.assessment is None:
        return []
    number, plan = decision["number"], bundle.plan
    wrong = {
        "assessment": decision["assessment"] != sha256(bundle.files["assessment.json"]),
        "plan": decision["plan"] != bundle.plan_digest,
        "scope": decision["scope"] != plan["scope"],
        "packs": sorted(map(_pinned, decision["packs"])) != sorted(map(_pinned, plan["packs"])),
    }
    faults = [say(f"assessment.decision.{name}", number=number) for name, differs in wrong.items() if differs]
    cited = decision["evidence"]
    found = {name for finding in bundle.assessment["findings"] for name in finding["evidence"]}
    if cited != sorted(found):
        words = {"absent": len(found.difference(cited)), "other": len(set(cited) - found)}
        faults.append(say("assessment.decision.evidence", number=number, **words))
    absent = len(set(cited) - bundle.evidence.keys())
    if absent:
        faults.append(say("assessment.decision.records", number=number, n=absent))
    return faults


def _pinned(pack: Mapping[str, str]) -> tuple[str, str, str]:
    return pack["name"], pack["version"], pack["digest"]
