"""Whether a PDF of the report is genuine: the signed figures that it carries, and whether its pages show them."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final, Literal

from hakari.errors import InputError, SignatureError
from hakari.evidence import PublicKey
from hakari.messages import LANGUAGES, Message, say
from hakari.office.oversight.programme.paper import printed, producer
from hakari.office.oversight.programme.statement import Signed, open_statement

__all__ = ["CheckedPaper", "check_paper", "figures_within", "is_paper"]

_LONGEST: Final = 1 << 24
"""Bytes to which streams are unpacked, of one and of all: a report has a tenth of it, and a bomb is not unpacked."""
_STREAM: Final = re.compile(rb"stream\r?\n")
_NAME: Final = re.compile(rb"/FontName\s*/(?:[A-Z]{6}\+)?([^\s/<>\[\]()]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPaper:
    """What was found of a PDF whose figures are genuine."""

    signed: Signed
    pages: Literal["same", "other", "unchecked"]
    """Made again here from the signed figures, byte for byte; made again and different; or not made again."""
    why: Message | None = None
    """Why the pages were not compared."""


def is_paper(content: bytes) -> bool:
    """Return whether bytes are a PDF."""
    return content.startswith(b"%PDF-")


def check_paper(content: bytes, *, what: str, key: PublicKey | None = None) -> CheckedPaper:
    """Check the signed figures in a PDF, then print them again and compare.

    Pages are compared where they were made with the version of this program, of the one that prints, and the fonts
    that are here: otherwise the same figures give other bytes, and nobody is suspected for that.

    Args:
        content: Bytes of the PDF.
        what: Name of the file, for messages.
        key: The office's public key; that of this installation if none is named.

    Raises:
        SignatureError: it carries no figures, or not what the office signed.
        InputError: it is a later kind of report than this version reads.
    """
    signed = open_statement(figures_within(content, what=what), what=what, key=key)
    made_with, here = str(signed.figures.get("hakari")), version("hakari")
    if made_with != here:
        why = say("office.oversight.programme.paper.version", made=made_with[:20], here=here)
        return CheckedPaper(signed=signed, pages="unchecked", why=why)
    try:
        program = producer()
    except InputError:
        return CheckedPaper(signed=signed, pages="unchecked", why=say("office.oversight.programme.paper.no_printer"))
    unpacked = _unpacked(content)
    if program.encode() not in unpacked:
        why = say("office.oversight.programme.paper.printer", here=program)
        return CheckedPaper(signed=signed, pages="unchecked", why=why)
    # Printing takes seconds: in the language that the file says it is in. One that lies is another file all the same.
    said = [language for language in LANGUAGES if f"/Lang ({language})".encode() in unpacked]
    again = [printed(signed, language) for language in said or LANGUAGES]
    if content in again:
        return CheckedPaper(signed=signed, pages="same")
    if all(_fonts(unpacked) != _fonts(_unpacked(made)) for made in again):
        return CheckedPaper(signed=signed, pages="unchecked", why=say("office.oversight.programme.paper.fonts"))
    return CheckedPaper(signed=signed, pages="other")


def figures_within(content: bytes, *, what: str) -> bytes:
    """Return the one file that a PDF carries.

    Whatever is found here is believed for its signature only, so that it need not be read as a viewer would.

    Raises:
        SignatureError: it carries none, or several.
    """
    marks = [found.start() for found in re.finditer(rb"/Type\s*/EmbeddedFile\b", content)]
    begin = _STREAM.search(content, marks[0]) if len(marks) == 1 else None
    end = content.find(b"endstream", begin.end()) if begin is not None else -1
    if begin is None or end < 0:
        raise SignatureError(say("office.oversight.programme.paper.without", file=what))
    packed = content[begin.end() : end]
    found = _inflated(packed) if b"/FlateDecode" in content[marks[0] - 200 : begin.start()] else packed.rstrip(b"\r\n")
    if found is None:
        raise SignatureError(say("office.oversight.programme.paper.without", file=what))
    return found


def _unpacked(content: bytes) -> bytes:
    """Return what a PDF says, with its packed streams unpacked."""
    found, whole = [content], memoryview(content)
    for begin in _STREAM.finditer(content):
        unpacked = _inflated(whole[begin.end() :])
        if unpacked is not None:
            found.append(unpacked)
        if sum(map(len, found[1:])) > _LONGEST:
            break
    return b"\n".join(found)


def _inflated(packed: bytes | memoryview) -> bytes | None:
    unpacking = zlib.decompressobj()
    try:
        found = unpacking.decompress(packed, _LONGEST)
    except zlib.error:
        return None
    return found if unpacking.eof else None


def _fonts(unpacked: bytes) -> frozenset[bytes]:
    return frozenset(_NAME.findall(unpacked))
