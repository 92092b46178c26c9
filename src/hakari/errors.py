"""What can go wrong, as one family.

Every error that Hakari raises on purpose is a `HakariError`. It carries a *message*: in practice a
`hakari.messages.Message`, which renders in the reader's language at the edge; `str(error)` is English. The class also
inherits from the built-in that a caller would catch.
"""

from __future__ import annotations

__all__ = [
    "BundleError",
    "ConflictError",
    "EvidenceError",
    "HakariError",
    "InputError",
    "InterruptedRun",
    "ManifestError",
    "MeasureError",
    "NotAllowedError",
    "OfficeError",
    "PackError",
    "PlanError",
    "SignatureError",
]


class HakariError(Exception):
    """Root of all errors raised on purpose; `message` says what was wrong, what was expected and what to do next."""

    def __init__(self, message: object) -> None:
        # A text from outside that stands in a message must neither break its line nor steer what shows it.
        flattened = getattr(message, "on_one_line", None)
        self.message = flattened() if callable(flattened) else message
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)


class InputError(HakariError, ValueError):
    """Data, a model or an argument is not what was expected."""


class ManifestError(HakariError, ValueError):
    """`hakari.yaml` cannot be read or contradicts itself."""


class PackError(HakariError, ValueError):
    """A policy pack cannot be read; the message names file and line."""


class PlanError(HakariError, ValueError):
    """The plan is missing, or no longer describes what is measured."""


class MeasureError(HakariError, RuntimeError):
    """A measure is unknown, registered twice, or failed."""


class EvidenceError(HakariError, ValueError):
    """An evidence record is malformed."""


class SignatureError(HakariError, ValueError):
    """A key or a signature cannot be used or does not verify."""


class BundleError(HakariError, ValueError):
    """A case bundle is malformed or was changed."""


class OfficeError(HakariError, ValueError):
    """The office cannot do what was asked for."""


class NotAllowedError(OfficeError, PermissionError):
    """The person acting has no role that allows this."""


class ConflictError(OfficeError):
    """Somebody else changed the same thing meanwhile; nothing was overwritten."""


class InterruptedRun(HakariError):
    """The person stopped the run; finished measurements are kept and the next run goes on from there."""
