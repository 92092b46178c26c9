"""The key of the votes: 32 random bytes in a file of its own, never in the database.

It is neither of the signing keys: these are renewed, and a vote must be opened with the key that sealed it. Whoever
holds the database alone, or a backup of it, cannot read how anybody votes while a ballot is open.
"""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from django.conf import settings

from hakari.errors import OfficeError
from hakari.messages import say

__all__ = ["VOTES_KEY", "kept_votes_key", "load_votes_key", "votes_key_path"]

VOTES_KEY: Final = "votes.key"
"""The name of its file, beside the office's key."""
_BYTES: Final = 32


def votes_key_path() -> Path:
    """Return where the key is kept."""
    return Path(settings.ENVIRONMENT.key).with_name(VOTES_KEY)


def load_votes_key() -> bytes:
    """Return the key.

    Raises:
        OfficeError: it is not there, others than its owner may read it, or it is no such key.
    """
    path = votes_key_path()
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        content = path.read_text("ascii").strip()
    except FileNotFoundError:
        raise OfficeError(say("office.committee.seal.no_key", file=VOTES_KEY)) from None
    except (OSError, ValueError):
        raise OfficeError(say("office.committee.seal.bad_key", file=VOTES_KEY)) from None
    if os.name == "posix" and mode & 0o077:
        raise OfficeError(say("office.committee.seal.open_key", file=VOTES_KEY))
    try:
        key = bytes.fromhex(content)
    except ValueError:
        key = b""
    if len(key) != _BYTES:
        raise OfficeError(say("office.committee.seal.bad_key", file=VOTES_KEY))
    return key


def kept_votes_key() -> bytes:
    """Return the key, made if it is not there; of two processes that make it one is quicker.

    Raises:
        OfficeError: it cannot be written or read.
    """
    path = votes_key_path()
    if not path.exists():
        # Written whole under another name and then linked: nobody ever reads half a key, and none is written over.
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(f"{secrets.token_hex(_BYTES)}\n")
            with suppress(FileExistsError):
                os.link(temporary, path)
        except OSError as error:
            problem = error.strerror or ""
            raise OfficeError(say("office.committee.seal.unwritable", file=VOTES_KEY, problem=problem)) from None
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
    return load_votes_key()
