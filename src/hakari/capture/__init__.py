"""Capture: the reasoning of a decision, kept at the moment when it is made.

A *store* is a folder of append-only lines, one for each decision: a salted digest of the inputs (never the inputs),
score, decision, reasons, model version, and the time. Each line holds the digest of the line before, so that a later
change is noticed; a *head* says for one day how far every chain had come, for somebody else to keep. `Recorder` writes
from inside a serving program and does not disturb it; `verify_store` reads a store; `export` lays it beside the log of
all decisions made, from which the measure `explanation.capture` says how many of them were captured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.capture.batch import wrap
    from hakari.capture.head import Head, write_head
    from hakari.capture.joining import Joined, export
    from hakari.capture.lines import Line, read_lines
    from hakari.capture.recorder import Recorder
    from hakari.capture.salt import inputs_digest, inputs_match, load_salt
    from hakari.capture.verification import Chain, Fault, HeadCheck, StoreCheck, verify_store

__all__ = [
    "Chain",
    "Fault",
    "Head",
    "HeadCheck",
    "Joined",
    "Line",
    "Recorder",
    "StoreCheck",
    "export",
    "inputs_digest",
    "inputs_match",
    "load_salt",
    "read_lines",
    "verify_store",
    "wrap",
    "write_head",
]

__getattr__, __dir__ = exports(
    __name__,
    {
        "batch": ("wrap",),
        "head": ("Head", "write_head"),
        "joining": ("Joined", "export"),
        "lines": ("Line", "read_lines"),
        "recorder": ("Recorder",),
        "salt": ("inputs_digest", "inputs_match", "load_salt"),
        "verification": ("Chain", "Fault", "HeadCheck", "StoreCheck", "verify_store"),
    },
)
