"""Settings of one run: flags before `HAKARI_*` before the user's own folder. The clock is here and nowhere below."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from hakari.errors import InputError
from hakari.evidence import SigningKey, load_key
from hakari.messages import say

__all__ = ["Clock", "default_key_path", "find_key"]


@dataclass(frozen=True, slots=True)
class Clock:
    """The time of a run: read once, so that every record of one run agrees, and fixed for a repeatable one."""

    now: str
    """UTC, ISO 8601, to the second."""

    @property
    def today(self) -> date:
        """The day in UTC."""
        return datetime.fromisoformat(self.now).date()

    @classmethod
    def read(cls) -> Clock:
        """Return the present time, or the one that `HAKARI_NOW` or `SOURCE_DATE_EPOCH` fixes.

        Raises:
            InputError: the variable is no time.
        """
        stated = os.environ.get("HAKARI_NOW")
        epoch = os.environ.get("SOURCE_DATE_EPOCH")
        try:
            if stated:
                moment = datetime.fromisoformat(stated)
                moment = moment.replace(tzinfo=moment.tzinfo or UTC)
            elif epoch:
                moment = datetime.fromtimestamp(int(epoch), UTC)
            else:
                moment = datetime.now(UTC)
            moment = moment.astimezone(UTC).replace(microsecond=0)
        except (ValueError, OverflowError, OSError):
            raise InputError(say("workflows.clock", value=stated or epoch or "")) from None
        return cls(moment.isoformat())


def default_key_path() -> Path:
    """Return where a person's key lies unless they say otherwise: `HAKARI_KEY`, else the user's configuration."""
    stated = os.environ.get("HAKARI_KEY")
    if stated:
        return Path(stated)
    home = os.environ.get("XDG_CONFIG_HOME")
    return (Path(home) if home else Path.home() / ".config") / "hakari" / "key.pem"


def find_key(path: Path | None) -> SigningKey | None:
    """Return the key to sign with: the one named must exist; without a name, the default if there is one.

    Raises:
        SignatureError: the key named does not exist, or a key cannot be used.
    """
    if path is not None or os.environ.get("HAKARI_KEY"):
        return load_key(path or default_key_path())
    default = default_key_path()
    return load_key(default) if default.is_file() else None
