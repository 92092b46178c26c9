"""The case bundle of a decision: what was decided on, byte for byte, the decision, and its place in the ledger.

Nothing is judged again here: the frozen round is taken as it lies under its digests, with the records that its
findings cite, and the office signs the manifest. Where its key was renewed since the decision, the signed renewals go
with it: they lead from the key that signed the decision to the one that signs now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from hakari.assessment.bundle import EVIDENCE_TYPE, read_bundle, write_bundle
from hakari.assessment.case import Case
from hakari.assessment.decision import ledger_event
from hakari.assessment.model import Assessment, Exception_, Plan
from hakari.errors import OfficeError
from hakari.evidence import Evidence, PublicKey, decode, parse_json
from hakari.evidence.renewal import followed
from hakari.messages import LANGUAGES, say
from hakari.office.committee.models import Decision
from hakari.office.core.ledger.chain import follow
from hakari.office.core.ledger.checkpoints import checkpoint_folder, office_key, write_checkpoint
from hakari.office.core.ledger.custody import statements
from hakari.office.core.models import Event, Head
from hakari.office.keys.models import RegisteredKey
from hakari.office.keys.own import own_publics, site_key
from hakari.office.lifecycle.given import acceptances_of, contents_of, predicate_of
from hakari.office.lifecycle.models import Acceptance, Delivered, Delivery, KnownKey, Record, Round
from hakari.office.lifecycle.policy import files_of, packs_of

__all__ = ["bundle_of", "event_of", "file_name"]


def file_name(decision: Decision) -> str:
    """Return the name under which a bundle is handed out."""
    return f"{decision.number}.zip"


def bundle_of(decision: Decision) -> bytes:
    """Return the case bundle of a decision, signed by the office now.

    Raises:
        OfficeError: something that it needs was erased or changed since, no renewals lead from the key that signed it
            to the office's, or what was put together would not be found genuine: nothing is handed out then.
    """
    now = timezone.now().isoformat(timespec="seconds")
    round = decision.round
    sealed = contents_of([round.document, round.plan, decision.signed])
    case, envelopes = _case(round, sealed)
    acceptances = _acceptances(round)
    event, checkpoint = _seal(decision)
    office = office_key()
    renewed = _renewals(decision, sealed[decision.signed], office.public)
    signing = {*case.signers.values(), *(item.key for item, _ in acceptances), *_signers(checkpoint)}
    signing |= {*_signers(sealed[decision.signed])}
    content = write_bundle(
        assessment=case.assessment,
        plan=case.plan,
        pack_files={pack.reference: files_of(pack) for pack in case.packs},
        evidence=envelopes,
        exceptions=[envelope for _, envelope in acceptances],
        attachments=_attachments(case.evidence),
        reports={f"report.{language}.html": page for language, page in _reports(case, now).items()},
        keys=_public(signing, [office.public, site_key().public]),
        key=office,
        created_at=now,
        decision=sealed[decision.signed],
        ledger=(event, checkpoint),
        renewals=renewed,
    )
    faults = read_bundle(content).faults
    if faults:
        raise OfficeError(say("office.committee.export.faulty", decision=decision.number, problem=faults[0].problem))
    return content


def event_of(decision: Decision) -> Event:
    """Return the event of the ledger that names a decision.

    It is among those about its use case, where an index finds it, and was written after the decision.

    Raises:
        OfficeError: there is none.
    """
    rows = Event.objects.filter(object_kind="use_case", object_key=decision.use_case.key)
    row: Event
    for row in rows.filter(at__gte=decision.at).order_by("sequence").iterator(chunk_size=50):
        stated = parse_json(bytes(row.body), what=f"event {row.sequence}")
        if stated["data"].get("decision") == decision.statement:
            return row
    raise OfficeError(say("office.committee.export.no_event", decision=decision.number))


def _case(round: Round, sealed: Mapping[str, bytes]) -> tuple[Case, dict[str, bytes]]:
    """Return the frozen case with the envelopes of its records."""
    assessment = decode(Assessment, parse_json(sealed[round.document], what="assessment.json"), what="assessment.json")
    plan = decode(Plan, parse_json(sealed[round.plan], what="plan.json"), what="plan.json")
    rows = {row.evidence: row for row in Record.objects.filter(evidence__in=round.evidence)}
    rows |= {row.evidence: row for row in _stated(round)}
    absent = sorted(set(round.evidence) - set(rows))
    if absent:
        raise OfficeError(say("office.lifecycle.file_gone", file=absent[0][:12]))
    contents = contents_of(row.envelope for row in rows.values())
    envelopes = {identifier: contents[row.envelope] for identifier, row in rows.items()}
    read = {
        identifier: decode(Evidence, predicate_of(content, what=identifier, kind=EVIDENCE_TYPE), what=identifier)
        for identifier, content in envelopes.items()
    }
    cited = set(round.evidence)
    # What the engineer stated beside the findings goes with them: the harm mapping, the example of a notice.
    evidence = {name: record for name, record in read.items() if name in cited or record.kind == "statement"}
    case = Case(
        assessment=assessment,
        plan=plan,
        packs=packs_of(round.packs),
        evidence=evidence,
        signers={name: rows[name].signer for name in evidence if rows[name].signer},
    )
    return case, {name: envelopes[name] for name in evidence}


def _stated(round: Round) -> Iterable[Record]:
    """Return what was stated in the delivery that counted: findings do not cite it, and the reports show it."""
    delivery = (
        Delivery.objects.filter(assessment=round.assessment, plan=round.plan, at__lte=round.at)
        .order_by("-number")
        .first()
    )
    if delivery is None:
        return []
    rows = Delivered.objects.filter(delivery=delivery, record__kind="statement").select_related("record")
    return [row.record for row in rows]


def _acceptances(round: Round) -> list[tuple[Exception_, bytes]]:
    """Return what the office had accepted when the round was frozen; what did not count then stands in the reasons."""
    return acceptances_of(Acceptance.objects.filter(assessment=round.assessment, at__lte=round.at))


def _attachments(evidence: Mapping[str, Evidence]) -> dict[str, bytes]:
    return contents_of(
        record.answer.attachment
        for record in evidence.values()
        if record.answer is not None and record.answer.attachment is not None
    )


def _reports(case: Case, now: str) -> dict[str, bytes]:
    from hakari.reports.html import render_report

    return {language: render_report(case, language, generated_at=now).encode() for language in LANGUAGES}


def _seal(decision: Decision) -> tuple[bytes, bytes]:
    """Return the event that names a decision, and the signed checkpoint after it; one that is missing is written."""
    event = event_of(decision)
    body = bytes(event.body)
    path = checkpoint_folder() / f"{event.sequence:012d}.json"
    if not path.exists():
        if follow(event.previous, body) != event.digest:
            raise OfficeError(say("office.committee.export.no_event", decision=decision.number))
        write_checkpoint(event.sequence, event.digest, ledger=Head.objects.get(id=1).ledger)
    return ledger_event(event.previous, body), path.read_bytes()


def _renewals(decision: Decision, envelope: bytes, key: PublicKey) -> dict[str, bytes]:
    """Return the statements by which the key that signed a decision became the office's; none if it still is."""
    stated = dict(statements())
    signer = "".join(_signers(envelope))
    path = followed(signer, key.id, stated.values())
    if path is None:
        raise OfficeError(say("office.committee.export.other_key", decision=decision.number))
    names = [f"{step.sequence:012d}.json" for step in path]
    return {name: stated[name] for name in names}


def _signers(envelope: bytes) -> list[str]:
    document: Any = parse_json(envelope, what="envelope")
    return [str(signature["keyid"]) for signature in document["signatures"]]


def _public(wanted: Iterable[str], own: Iterable[PublicKey]) -> list[PublicKey]:
    """Return the public halves of the keys of every signature inside; the office's own are always there."""
    known = {key.id: key for key in own}
    known |= {key.id: key for key in own_publics() if key.id in set(wanted)}
    others = set(wanted) - set(known)
    for key_id, public in KnownKey.objects.filter(key_id__in=others).values_list("key_id", "public"):
        known[key_id] = PublicKey(public)
    for key_id, public in RegisteredKey.objects.filter(key_id__in=others - set(known)).values_list("key_id", "public"):
        known[key_id] = PublicKey(public)
    return [known[key_id] for key_id in sorted(known)]
