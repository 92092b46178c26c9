"""YAML file: a strict reader of the YAML that policy packs are written in.

It reads block and flow lists and mappings, and text of every kind. It does not read anchors, aliases, tags, several
documents, complex keys and tabs: then it says so, and nothing is guessed. No value has a type: `no` and `0.10` stay
the letters that the author wrote.
"""

from __future__ import annotations

import re
from typing import Any

from hakari.standalone.python.packs.yaml_text import Scalar, Text
from hakari.standalone.python.words import say
from hakari.standalone.python.work import spend

__all__ = ["YamlNode", "read_yaml"]

_DEEPEST_YAML = 24
_MOST_NODES = 200_000

YamlNode = Any
"""A Scalar, a list of nodes, or a dict from text to nodes."""


def read_yaml(content: bytes, file: str) -> YamlNode:
    """Return the one document in `content`; `file` is how messages call it.

    Raises:
        Refused: too large, not YAML, or YAML that this reader does not read; the message names the line.
    """
    reader = _YamlReader(Text(content, file))
    if not reader.text.skip():
        raise reader.text.refuse(say("packs.yaml.empty"))
    node = reader.block(-1)
    if reader.text.skip():
        raise reader.text.unread("rest")
    return node


class _YamlReader:
    def __init__(self, text: Text) -> None:
        self.text = text
        self.depth = self.count = 0

    def counted(self) -> None:
        self.count += 1
        spend(2e-5)
        if self.count > _MOST_NODES:
            raise self.text.refuse(say("packs.yaml.too_many", limit=_MOST_NODES))

    def deeper(self) -> None:
        self.counted()
        self.depth += 1
        if self.depth > _DEEPEST_YAML:
            raise self.text.refuse(say("packs.yaml.too_deep", limit=_DEEPEST_YAML))

    def scalar(self, scalar: Scalar) -> Scalar:
        self.counted()
        return scalar

    def block(self, parent: int) -> YamlNode:
        """Read the node at the present place; what belongs to it is indented deeper than `parent`."""
        text = self.text
        if re.match(r"-( |\Z)", text.rest):
            return self.sequence(text.column)
        if self.key_ahead():
            return self.mapping(text.column)
        return self.inline(parent)

    def inline(self, parent: int) -> YamlNode:
        """Read a node that is no block collection and ends with its line."""
        text = self.text
        start = text.rest[0]
        if start in "|>":
            return self.scalar(text.block(parent))
        if start in "[{":
            node = self.flow(parent)
            text.ended()
            return node
        if start in "\"'":
            node = self.scalar(text.quoted(parent))
            text.ended()
            return node
        return self.scalar(text.plain(parent, flow=False))

    def key_ahead(self) -> bool:
        rest = self.text.rest
        if rest[0] in "\"'":
            return re.match(r"(\"([^\"\\]|\\.)*\"|'([^']|'')*') *:( |\Z)", rest) is not None
        if rest[0] in "[{" or re.match(r"\?( |\Z)", rest):
            return False
        found = re.search(r" #|:( |\Z)", rest)
        return found is not None and found.group()[0] == ":"

    def key(self) -> str:
        """Read a key and its colon."""
        text = self.text
        rest = text.rest
        if rest[0] in "\"'":
            key = text.quoted(-1).text
        else:
            end = re.search(r":( |\Z)", rest)
            if end is None or "\t" in rest[: end.start()] or re.match(r"[&*!|>%@`#,\[\]{}]|[-?:](\s|\Z)", rest):
                raise text.unread("start")
            key = text.kept(rest[: end.start()].rstrip(" "), True).text
            text.column += end.start()
        text.column = text.line.index(":", text.column) + 1
        if text.column > 1000:
            raise text.unread("key")
        self.counted()
        return key

    def mapping(self, indent: int) -> dict[str, YamlNode]:
        self.deeper()
        text, found = self.text, dict[str, YamlNode]()
        while True:
            if not self.key_ahead():
                raise text.unread("key")
            key = self.key()
            if key in found:
                raise text.refuse(say("standalone.yaml.twice", key=key[:60]))
            found[key] = self.value(indent)
            if not text.skip() or text.column < indent:
                break
            if text.column > indent or re.match(r"-( |\Z)", text.rest):
                raise text.unread("indent")
        self.depth -= 1
        return found

    def value(self, indent: int) -> YamlNode:
        """Read what follows a colon: in the line, or below it. A list may be indented no deeper than its key."""
        text = self.text
        row = text.row
        if not text.skip() or (text.row > row and not self.belongs(indent)):
            return self.scalar(Scalar("", True))
        if text.row > row:
            return self.block(indent)
        if re.match(r"[-?]( |\Z)", text.rest):
            raise text.unread("start")
        return self.inline(indent)

    def belongs(self, indent: int) -> bool:
        text = self.text
        return text.column > indent or (text.column == indent and re.match(r"-( |\Z)", text.rest) is not None)

    def sequence(self, indent: int) -> list[YamlNode]:
        self.deeper()
        text, found = self.text, list[YamlNode]()
        while True:
            row = text.row
            text.column += 1
            if text.skip() and (text.row == row or text.column > indent):
                found.append(self.block(indent))
            else:
                found.append(self.scalar(Scalar("", True)))
            if not text.skip() or text.column < indent:
                break
            if not re.match(r"-( |\Z)", text.rest):
                if text.column == indent:
                    break  # the next key of the mapping that this list stands in
                raise text.unread("indent")
            if text.column > indent:
                raise text.unread("indent")
        self.depth -= 1
        return found

    def flow(self, parent: int) -> YamlNode:
        """Read a list or a mapping between brackets."""
        self.deeper()
        text = self.text
        opened = text.rest[0]
        closing = {"[": "]", "{": "}"}[opened]
        items: list[YamlNode] = []
        found: dict[str, YamlNode] = {}
        text.column += 1
        while self.flow_skip(parent) != closing:
            if opened == "[":
                items.append(self.flow_node(parent))
            else:
                self.flow_pair(found, parent)
            if self.flow_skip(parent) == ",":
                text.column += 1
            elif text.rest[0] != closing:
                raise text.unread("flow")
        text.column += 1
        self.depth -= 1
        return items if opened == "[" else found

    def flow_skip(self, parent: int) -> str:
        """Go to the next sign of a flow collection and return it."""
        text = self.text
        if not text.skip():
            raise text.unread("flow")
        if text.column <= parent:
            raise text.unread("indent")
        return text.rest[0]

    def flow_node(self, parent: int) -> YamlNode:
        start = self.text.rest[0]
        if start in "[{":
            return self.flow(parent)
        if start in "\"'":
            return self.scalar(self.text.quoted(parent))
        return self.scalar(self.text.plain(parent, flow=True))

    def flow_pair(self, found: dict[str, YamlNode], parent: int) -> None:
        text = self.text
        row = text.row
        key = self.flow_node(parent)
        if not isinstance(key, Scalar) or text.row != row:
            raise text.unread("key")
        if key.text in found:
            raise text.refuse(say("standalone.yaml.twice", key=key.text[:60]))
        if not re.match(r" *:( |\Z)", text.rest):
            raise text.unread("key")
        text.column = text.line.index(":", text.column) + 1
        if self.flow_skip(parent) in ",}":
            found[key.text] = self.scalar(Scalar("", True))
        else:
            found[key.text] = self.flow_node(parent)
