"""The recorder: one line for each decision, written from inside a serving program without disturbing it."""

from __future__ import annotations

import logging
import os
import sys
import threading
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from hakari.capture._chain import ChainWriter
from hakari.capture._plain import plain
from hakari.capture.salt import beside, commitment, inputs_digest, load_salt
from hakari.errors import InputError
from hakari.messages import say

__all__ = ["MOST_REASONS", "Reasons", "Recorder", "Sync"]

Reasons = Mapping[str, float] | Sequence[str | tuple[str, float]]
"""Names with what each added, or names alone, the weightiest first."""
Sync = Literal["never", "second", "line"]
"""When lines are forced to the disk: at the end, with the first line after a second, or each."""

MOST_REASONS = 32
"""Further reasons are counted, not kept."""
_LONGEST_ID = 200
_LONGEST_NAME = 200
_LONGEST_TEXT = 2_000
_EVERY: Mapping[str, float] = {"never": float("inf"), "second": 1.0, "line": 0.0}
_LOG = logging.getLogger("hakari.capture")


class Recorder:
    """Appends what a program decided to a store; safe for threads, and a forked process starts a chain of its own.

    A failure to record is counted, logged and written into the next line; it is raised only with `strict`. What is
    wrong when the recorder is made (a folder that cannot be written, a salt that cannot be read) is raised at once.
    """

    def __init__(
        self,
        folder: Path | str,
        *,
        model: str,
        model_digest: str | None = None,
        by: str | None = None,
        salt: bytes | None = None,
        sync: Sync = "never",
        strict: bool = False,
    ) -> None:
        """Open the store, which is made if there is none, and start a chain.

        Args:
            folder: The store.
            model: Version of the model that decides.
            model_digest: SHA-256 of its file, where at hand.
            by: Who or what records; the program's name without it.
            salt: At least 16 bytes; without it the file `<folder>.salt` beside the store, made if there is none.
            sync: When lines are forced to the disk. "never" survives the end of the process, not of the machine.
            strict: Raise what goes wrong while recording.

        Raises:
            InputError: the store or the salt cannot be used, or an argument is not what is expected.
        """
        self._folder = Path(folder)
        if sync not in _EVERY:
            raise InputError(say("capture.recorder.sync", value=str(sync), known=list(_EVERY)))
        if salt is not None and len(salt) < 16:
            raise InputError(say("capture.salt.short", length=len(salt)))
        self._salt = load_salt(beside(self._folder), create=True) if salt is None else salt
        self._model = {"model": _name(model, "model")}
        if model_digest is not None:
            self._model["model_digest"] = _name(model_digest, "model_digest")
        self._by = _name(by or Path(sys.argv[0]).name or "python", "by")
        self._sync, self._strict = sync, strict
        self._failures = self._told = self._recorded = 0
        self._closed = False
        self._lock = threading.RLock()
        try:
            self._chain: ChainWriter | None = self._start()
        except OSError as error:
            problem = error.strerror or type(error).__name__
            raise InputError(say("capture.store.unwritable", path=str(folder), problem=problem)) from error
        _follow(self)

    @property
    def recorded(self) -> int:
        """Decisions recorded in this process."""
        return self._recorded

    @property
    def failures(self) -> int:
        """Decisions of this process that could not be recorded."""
        return self._failures

    def record(
        self,
        decision_id: str | int,
        *,
        inputs: Mapping[str, Any],
        score: float | None = None,
        decision: str | float | bool | None = None,
        reasons: Reasons | None = None,
        person_reason: str | None = None,
        decided_at: datetime | None = None,
        model: str | None = None,
        model_digest: str | None = None,
    ) -> str | None:
        """Record one decision and return the digest of its line, a receipt; None where it could not be recorded.

        Args:
            decision_id: Name of the decision, under which it is found again.
            inputs: What the model was given, by name; only a salted digest is kept.
            score: What the model said.
            decision: What was decided.
            reasons: What speaks for it, the weightiest first; at most 32 are kept.
            person_reason: What a person who decided wrote; at most 2,000 characters.
            decided_at: When it was decided, with its time zone; now without it.
            model: Version, where it is not the recorder's.
            model_digest: Digest of that version.

        Raises:
            InputError: with `strict`, a value that cannot be kept, or a recorder that was closed.
            OSError: with `strict`, the line could not be written.
        """
        receipt = None
        with self.guarded():
            own = self._model if model is None else _model(model, model_digest)
            name = _name(str(decision_id), "decision_id", most=_LONGEST_ID)
            digest = inputs_digest(name, inputs, salt=self._salt)
            fields: dict[str, Any] = {**own, "id": name, "inputs": digest, "kind": "decision"}
            for key, value in (("score", score), ("decision", decision)):
                if (found := plain(value)) is not None:
                    fields[key] = _scalar(found, key)
            if reasons:
                _put_reasons(fields, reasons)
            if person_reason:
                fields["person_reason"] = _name(person_reason, "person_reason", most=_LONGEST_TEXT)
            if decided_at is not None:
                fields["decided_at"] = _utc(decided_at)
            receipt = self._append(fields)
        return receipt

    @contextmanager
    def guarded(self, decisions: int = 1) -> Iterator[None]:
        """Count and log what fails inside as so many decisions not recorded, and raise it only with `strict`."""
        try:
            yield
        except Exception as error:
            self._missed(error, decisions)
            if self._strict:
                raise

    def close(self) -> None:
        """Write the last line of the chain, with what was recorded and what failed; force it to the disk."""
        with self._lock:
            chain, self._chain, self._closed = self._chain, None, True
            if chain is None:
                return
            try:
                chain.append({"decisions": self._recorded, "failures": self._failures, "kind": "closed"})
                chain.close()
            except (OSError, InputError) as error:
                chain.abandon()
                self._missed(error)
                if self._strict:
                    raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _append(self, fields: dict[str, Any]) -> str:
        with self._lock:
            if self._closed:
                raise InputError(say("capture.recorder.closed"))
            if self._chain is None:
                self._chain = self._start()
            failures = self._failures
            if failures != self._told:
                fields["failures"] = failures
            receipt = self._chain.append(fields)
            self._told = failures
            self._recorded += 1
            return receipt

    def _start(self) -> ChainWriter:
        opening = {**self._model, "by": self._by, "process": os.getpid(), "salt": commitment(self._salt)}
        return ChainWriter(self._folder, {**opening, "sync": self._sync}, every=_EVERY[self._sync])

    def _missed(self, error: Exception, decisions: int = 1) -> None:
        with self._lock:
            before = self._failures
            self._failures = count = before + decisions
        # The first, the tenth, the hundredth …: a full disk must not fill the log as well.
        if len(str(count)) > len(str(before)) or not before:
            problem = error.message if isinstance(error, InputError) else repr(error)
            try:
                _LOG.warning(say("capture.recorder.failed", n=count, problem=problem))
            except Exception:  # noqa: BLE001  # a log that fails is no reason to fail a decision
                return

    def _forked(self) -> None:
        """In a new process: the chain is the parent's, and so may be a lock that nobody here will ever give back."""
        self._lock = threading.RLock()
        chain, self._chain = self._chain, None
        self._failures = self._told = self._recorded = 0
        if chain is not None:
            chain.abandon()


_FOLLOWED: weakref.WeakSet[Recorder] = weakref.WeakSet()


def _follow(recorder: Recorder) -> None:
    _watch_forks()
    _FOLLOWED.add(recorder)


@cache
def _watch_forks() -> None:
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_after_fork)


def _after_fork() -> None:
    for recorder in list(_FOLLOWED):
        recorder._forked()


def _name(value: object, what: str, *, most: int = _LONGEST_NAME) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= most:
        raise InputError(say("capture.value.text", name=what, value=str(value)[:80], most=most))
    return value


def _model(model: str, digest: str | None) -> dict[str, str]:
    found = {"model": _name(model, "model")}
    return found if digest is None else {**found, "model_digest": _name(digest, "model_digest")}


def _scalar(value: Any, what: str) -> Any:
    if isinstance(value, (list, dict)):
        raise InputError(say("capture.value.scalar", name=what))
    return _name(value, what) if isinstance(value, str) else value


def _put_reasons(fields: dict[str, Any], reasons: Reasons) -> None:
    pairs = list(reasons.items()) if isinstance(reasons, Mapping) else list(reasons)
    kept = [(pair, None) if isinstance(pair, str) else pair for pair in pairs[:MOST_REASONS]]
    fields["reasons"] = [[_name(name, "reasons"), _weight(weight)] for name, weight in kept]
    if len(pairs) > MOST_REASONS:
        fields["reasons_in_all"] = len(pairs)


def _weight(value: Any) -> Any:
    found = plain(value)
    if found is not None and type(found) not in (int, float):
        raise InputError(say("capture.value.weight", value=str(found)[:80]))
    return found


def _utc(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise InputError(say("capture.value.zone", value=moment.isoformat()))
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
