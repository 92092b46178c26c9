"""Encodings: which one a text file has, by strict rules instead of likelihood."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from hakari.errors import InputError
from hakari.messages import say, shown

__all__ = ["detect_encoding", "transcode"]

_CHUNK = 1 << 20
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\ue000-\uf8ff]")
# Control and private-use characters: no table holds them, but wrongly decoded bytes do.
_RUN = re.compile("[^\x00-\x7f]+")
_LOWER = re.compile("[a-z]")
_HALF_KANA = re.compile("[\uff61-\uff9f]")


def detect_encoding(path: Path) -> str:
    """Return `utf-8`, `utf-8-sig`, `utf-16` or `cp932`, having decoded the whole file.

    Raises:
        InputError: none of them decodes the file, or the result is no text a person would write.
    """
    with path.open("rb") as file:
        head = file.read(4)
    for bom, name in _BOMS:
        if head.startswith(bom):
            if not _decodes(path, name):
                raise InputError(say("inputs.encoding.broken", path=path.name, encoding=name))
            return name
    if _decodes(path, "utf-8"):
        return "utf-8"
    if _reads_as_japanese(path):
        return "cp932"
    raise InputError(say("inputs.encoding.undetectable", path=path.name))


def transcode(path: Path, encoding: str, target: Path, *, newlines: bool = False) -> None:
    """Write the text of `path` as UTF-8 to `target`, piece by piece; `newlines` makes all line ends the same.

    Raises:
        InputError: the encoding is unknown or does not decode the file.
    """
    try:
        with (
            path.open("r", encoding=encoding, newline=None if newlines else "") as source,
            target.open("w", encoding="utf-8", newline="") as copy,
        ):
            while piece := source.read(_CHUNK):
                copy.write(piece)
    except UnicodeError:
        raise InputError(say("inputs.encoding.broken", path=path.name, encoding=encoding)) from None
    except (LookupError, ValueError):
        # Python has codecs that are no text encodings (`rot13`), and takes no name with a zero byte.
        raise InputError(say("inputs.encoding.unknown", encoding=shown(encoding))) from None


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while piece := file.read(_CHUNK):
                if "\x00" in decoder.decode(piece):
                    return False
            decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _reads_as_japanese(path: Path) -> bool:
    """Whether the file is CP932, and not a European or EUC-JP file that happens to decode.

    European accents swallow the letter after them and leave lone signs inside words ("Gar輟n"); EUC-JP turns into rows
    of half-width kana. Both decode without an error, so an error is not enough to tell.
    """
    runs = lone = kana = wide = 0
    decoder = codecs.getincrementaldecoder("cp932")()
    try:
        with path.open("rb") as file:
            while piece := file.read(_CHUNK):
                text = decoder.decode(piece)
                if _IMPOSSIBLE.search(text):
                    return False
                for run in _RUN.finditer(text):
                    runs += 1
                    halves = len(_HALF_KANA.findall(run[0]))
                    kana += halves
                    wide += len(run[0]) - halves
                    around = text[max(run.start() - 1, 0) : run.start()] + text[run.end() : run.end() + 1]
                    lone += len(run[0]) == 1 and _LOWER.search(around) is not None
            decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return lone * 2 <= runs and not (kana > wide and _decodes(path, "euc_jp"))
