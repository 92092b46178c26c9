"""Other YAML files of Hakari (manifests, answers), read with the same care and the same file:line messages as packs."""

from __future__ import annotations

from typing import Any, TypeVar

from hakari.packs._nodes import ListNode, Node, ScalarNode, read_yaml
from hakari.packs._records import Places, RecordReader

__all__ = ["located_record", "read_plain", "read_record"]

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


def read_plain(content: bytes, *, file: str) -> Any:
    """Return the YAML document in `content` as mappings, lists and texts: its reader decides what a text is.

    Raises:
        PackError: not YAML; the message names file and line.
    """
    return _plain(read_yaml(content, file=file))


def _plain(node: Node) -> Any:
    if isinstance(node, ScalarNode):
        return node.text
    if isinstance(node, ListNode):
        return [_plain(item) for item in node.items]
    return {key: _plain(value) for key, (_, value) in node.entries.items()}
