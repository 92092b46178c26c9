"""The stored case of schema version 1, which every later release must read.

It is written once for each schema version and never again; `python -m tests.contract.golden_case` writes a missing one.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hakari.assessment.bundle import seal_evidence, write_bundle
from hakari.assessment.engine import assess
from hakari.evidence import SigningKey
from tests.unit.assessment._small import (
    NOW,
    PACK,
    REQUIREMENTS,
    answer,
    counts,
    given,
    small_plan,
)

GOLDEN = Path(__file__).parent / "golden" / "case-1.zip"


def golden_case() -> bytes:
    """Return the case as this release would write it: one measured requirement, one answered."""
    key = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
    plan = small_plan()
    records = [counts(plan, {"a": (50, 100), "b": (40, 100), "c": (9, 12)}), answer("sure", "no")]
    sealed = dict(seal_evidence(record, key) for record in records)
    made = given(plan, *records, signers=dict.fromkeys(sealed, key.public.id))
    return write_bundle(
        assessment=assess(made),
        plan=plan,
        pack_files={"small@1.0.0": {"pack.yaml": PACK, "requirements/fair.yaml": REQUIREMENTS}},
        evidence=sealed,
        keys=[key.public],
        key=key,
        created_at=NOW,
    )


if __name__ == "__main__" and not GOLDEN.exists():
    GOLDEN.write_bytes(golden_case())
