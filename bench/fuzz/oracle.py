"""Oracle: what a reader may do with any bytes at all, and nothing else.

It may read them, or refuse them with a `HakariError` whose message is one line that a terminal can show, in English and
in Japanese. It may not raise anything else, think for more than two seconds, take much memory, write outside a
temporary folder or reach the network.
"""

from __future__ import annotations

import gc
import os
import time
import traceback
import unicodedata
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from bench.fuzz.guard import peak_megabytes, reset_peak, watched

from hakari.errors import HakariError
from hakari.messages import LANGUAGES, Message, render

if TYPE_CHECKING:
    from bench.fuzz.doors import Door

__all__ = ["LONGEST_MESSAGE", "MOST_MEGABYTES", "MOST_SECONDS", "Differs", "Kind", "Verdict", "judge"]

MOST_SECONDS = 2.0
"""Processor seconds for one input, so that a busy machine is not taken for a slow reader."""
MOST_MEGABYTES = 500.0
"""Resident memory of the whole process."""
LONGEST_MESSAGE = 2_000

Kind = Literal["read", "refused", "crash", "message", "slow", "memory", "wrote", "differs"]

_BIDI = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BROKEN = {"Cc", "Cs", "Zl", "Zp"}


class Differs(Exception):
    """Two roads that must lead to the same place do not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What happened to one input."""

    kind: Kind
    where: str = ""
    """Which defect this is: equal for inputs that fail in the same way."""
    detail: str = ""
    seconds: float = 0.0
    megabytes: float = 0.0

    @property
    def fine(self) -> bool:
        """Whether the reader did what it may."""
        return self.kind in ("read", "refused")


def judge(door: Door, data: bytes, folder: Path, *, most_megabytes: float = MOST_MEGABYTES) -> Verdict:
    """Put `data` through a door and return what happened; `folder` is the only place where it may write."""
    reset_peak()
    started = time.process_time()
    with watched(folder) as outside, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        kind, where, detail = _run(door, data, folder)
    seconds = time.process_time() - started
    megabytes = peak_megabytes()
    if kind in ("read", "refused"):
        if outside:
            kind, where, detail = "wrote", outside[0].split()[0], "; ".join(outside)[:500]
        elif megabytes > most_megabytes:
            kind, where, detail = "memory", "memory", f"{megabytes:.0f} MB"
        elif seconds > door.most_seconds:
            kind, where, detail = "slow", "slow", f"{seconds:.2f} s"
    return Verdict(kind=kind, where=where, detail=detail, seconds=seconds, megabytes=megabytes)


def _run(door: Door, data: bytes, folder: Path) -> tuple[Kind, str, str]:
    kind: Kind = "read"
    messages: list[object] = []
    try:
        door.run(data, folder, messages)
    except HakariError as error:
        kind = "refused"
        messages.append(error.message)
    except Differs as error:
        return "differs", f"differs {str(error).partition(':')[0]}", str(error)[:800]
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 (a panic of a Rust library is no Exception)
        return "crash", _place(error), "".join(traceback.format_exception(error))[-3000:]
    for message in messages:
        problem = _message_problem(message)
        if problem:
            key = message.key if isinstance(message, Message) else type(message).__name__
            inner = _inner_key(message)
            return "message", f"{problem[0]} in {key}{inner}", problem[1]
    return kind, "", ""


def _inner_key(message: object) -> str:
    found = (
        [value.key for value in message.arguments.values() if isinstance(value, Message)]
        if isinstance(message, Message)
        else []
    )
    return f" ({', '.join(found)})" if found else ""


def _message_problem(message: object) -> tuple[str, str] | None:
    """Return what is wrong with a message, or None."""
    if not isinstance(message, Message):
        return "no message", repr(message)[:300]
    for language in LANGUAGES:
        try:
            text = render(message, language)
        except Exception as error:  # noqa: BLE001 (whatever it is, a person would see it)
            return f"cannot be rendered ({type(error).__name__})", f"{error!r} {message!r}"[:600]
        if text.startswith("[") and text == f"[{message.key}]":
            return "unknown key", text
        bad = sorted({sign for sign in text if unicodedata.category(sign) in _BROKEN or sign in _BIDI})
        if bad:
            return "control character", f"{bad!r} in {text[:400]!r}"
        if len(text) > LONGEST_MESSAGE:
            return "too long", f"{len(text)} characters: {text[:300]!r}"
    return None


def _place(error: BaseException) -> str:
    """Return the type of an error and the last place in the product through which it came."""
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if f"{os.sep}hakari{os.sep}" in frame.filename
    ]
    if not frames:
        frames = list(traceback.extract_tb(error.__traceback__))[-1:]
    last = frames[-1] if frames else None
    place = f"{last.filename.rpartition('hakari' + os.sep)[2]}:{last.name}" if last else "?"
    return f"{type(error).__name__} {place}"


def left_over(folder: Path) -> list[str]:
    """Return what lies in a folder after everything that was opened has been let go."""
    gc.collect()
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def all_rendered(messages: Iterable[object]) -> None:
    """Require that messages from inside a record can be rendered at all; they may be long and have several lines."""
    for message in messages:
        for language in LANGUAGES:
            if isinstance(message, Message):
                render(message, language)
