"""Other YAML files of Hakari (manifests, answers), read with the same care and the same file:line messages as packs."""

from __future__ import annotations

from typing import TypeVar

from hakari.packs._nodes import read_yaml
from hakari.packs._records import Places, RecordReader

__all__ = ["located_record", "read_record"]

T = TypeVar("T")


def located_record(kind: type[T], content: bytes, *, file: str) -> tuple[T, Places]:
    """Return the YAML document in `content` as a record of type `kind`, and where each part of it was written.

    Raises:
        PackError: as for `read_record`.
    """
    places = Places()
    return RecordReader(file, places).record(kind, read_yaml(content, file=file)), places


def read_record(kind: type[T], content: bytes, *, file: str) -> T:
    """Return the YAML document in `content` as a record of type `kind`.

    Raises:
        PackError: not YAML, or not such a record; the message names file and line.
    """
    return located_record(kind, content, file=file)[0]
