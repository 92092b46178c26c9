"""One entry put into `harms.yaml` where it belongs, so that comments and layout of the file stay as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hakari.assessment.answer_edit import with_block
from hakari.assessment.harms.map_file import check_harm, entry_of, read_map, write_map
from hakari.assessment.harms.model import ExposureAnswer, HarmAnswer, HarmMap
from hakari.errors import ManifestError
from hakari.packs.harms import Exposure, HarmLibrary

__all__ = ["with_exposure", "with_harm"]


def with_exposure(content: bytes, library: HarmLibrary, exposure: Exposure, answer: ExposureAnswer) -> bytes:
    """Return the file with the answer to one of the four questions added or replaced.

    Raises:
        ManifestError: the file or the answer is not as `read_map` wants it.
    """
    before = _read(content, library)
    wanted = replace(before, exposures={**before.exposures, exposure: answer})
    return _edited(content, library, wanted, ("exposures", exposure), entry_of(answer))


def with_harm(content: bytes, library: HarmLibrary, harm: str, answer: HarmAnswer) -> bytes:
    """Return the file with what is said about one harm added or replaced.

    Raises:
        ManifestError: the file or the answer is not as `read_map` wants it.
    """
    check_harm(harm, answer, library)
    before = _read(content, library)
    wanted = replace(before, harms={**before.harms, harm: answer})
    return _edited(content, library, wanted, ("harms", harm), entry_of(answer))


def _read(content: bytes, library: HarmLibrary) -> HarmMap:
    return read_map(content, library) if content.strip() else HarmMap()


def _edited(
    content: bytes, library: HarmLibrary, wanted: HarmMap, place: tuple[str, str], entry: Mapping[str, Any]
) -> bytes:
    """Only the lines of the entry change; a file that cannot be edited line by line is written anew."""
    plain = write_map(wanted)
    # The entry itself is judged first: what is wrong with it must not look like a file that is laid out badly.
    expected = read_map(plain, library)
    edited = with_block(content, place, entry)
    try:
        if edited is not None and read_map(edited, library) == expected:
            return edited
    except ManifestError:
        pass
    return plain
