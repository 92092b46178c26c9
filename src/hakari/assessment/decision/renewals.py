"""The renewals in a bundle: how the key that signed the decision became the key that signs everything around it.

Each step must carry the signatures of both keys. After a loss the new key signs alone: that it is the office's is then
its own word, and nothing follows from that (`hakari.evidence.renewal.followed`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from hakari.assessment.decision.ledger import EVENT, LedgerSeal
from hakari.errors import HakariError
from hakari.evidence.renewal import KeyRenewal, open_renewal
from hakari.messages import Message, say

__all__ = ["RENEWALS", "read_renewals", "renewal_faults"]

RENEWALS = "ledger/renewals/"
"""Their folder in a bundle; each is named by the number of its event, in twelve digits."""

_DECISION = "decision.json"
_DIGEST = re.compile(r"[0-9a-f]{64}")

Step = tuple[str, KeyRenewal]
Named = tuple[str, Message]
"""(member, what is wrong with it)"""


def read_renewals(files: Mapping[str, bytes]) -> tuple[list[Step], list[Named]]:
    """Return the renewals with their members, by number, and what is wrong with each by itself."""
    steps: list[Step] = []
    faults: list[Named] = []
    for member in sorted(name for name in files if name.startswith(RENEWALS)):
        try:
            found = open_renewal(files[member], what=member)
        except HakariError:
            faults.append((member, say("assessment.ledger.renewal_bent", member=member)))
            continue
        digests = _DIGEST.fullmatch(found.digest) and _DIGEST.fullmatch(found.ledger)
        if not digests or member != f"{RENEWALS}{found.sequence:012d}.json":
            faults.append((member, say("assessment.ledger.renewal_bent", member=member)))
        elif found.lost_since is not None:
            faults.append((member, say("assessment.ledger.renewal_lost", member=member)))
        steps.append((member, found))
    return steps, faults


def renewal_faults(
    steps: Sequence[Step], *, decided_by: str, signed_by: str, decided_at: str, seal: LedgerSeal | None
) -> list[Named]:
    """Return why renewals do not lead from the key of a decision to the key of the bundle; none if they do.

    Args:
        steps: What `read_renewals` found without a fault.
        decided_by: Id of the key that signed the decision; empty if there is none, and then each step is too many.
        signed_by: Id of the key that signed the manifest.
        decided_at: When the decision says that it was made.
        seal: Where the ledger holds the decision, if the bundle shows it.
    """
    key, seen = decided_by, {decided_by}
    for place, (member, step) in enumerate(steps):
        fits = key != signed_by and step.old.id == key and step.new.id not in seen
        if place:
            fits = fits and _follows(steps[place - 1][1], step)
        if not fits or (seal is not None and seal.ledger != step.ledger):
            # Behind the first break nothing can be told of the others.
            return [(member, say("assessment.ledger.renewal_strange", member=member))]
        key = step.new.id
        seen.add(key)
    if key != signed_by:
        return [(_DECISION, say("assessment.ledger.renewal_missing", member=_DECISION))]
    faults = []
    if steps:
        end = steps[0][1]
        if _is_after(decided_at, end.at):
            faults.append((_DECISION, say("assessment.ledger.renewal_late", member=_DECISION)))
        if seal is not None and seal.sequence >= end.sequence:
            faults.append((EVENT, say("assessment.ledger.renewal_late", member=EVENT)))
    return faults


def _follows(first: KeyRenewal, second: KeyRenewal) -> bool:
    """Whether numbers and times rise together, in one ledger."""
    later = first.sequence < second.sequence and not _is_after(first.at, second.at)
    return later and first.ledger == second.ledger


def _is_after(at: str, end: str) -> bool:
    """Whether a stated time is past `end`; what is no time is not before anything."""
    try:
        return datetime.fromisoformat(at) > datetime.fromisoformat(end)
    except (ValueError, TypeError, OverflowError):
        return True
