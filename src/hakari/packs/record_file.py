"""Other YAML files of Hakari (manifests, answers), read with the same care and the same file:line messages as packs."""

from __future__ import annotations

from typing import TypeVar

from hakari.packs._nodes import read_yaml
from hakari.packs._records import Places, RecordReader

__all__ = ["read_record"]

T = TypeVar("T")


def read_record(kind: type[T], content: bytes, *, file: str) -> T:
    """Return the YAML document in `content` as a record of type `kind`.

    Raises:
        PackError: not YAML, or not such a record; the message names file and line.
    """
    return RecordReader(file, Places()).record(kind, read_yaml(content, file=file))
