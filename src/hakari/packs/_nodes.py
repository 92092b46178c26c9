"""YAML as a tree of located strings, read from libyaml's events so that every value keeps its line.

No tag is resolved: `no`, `0.10` and `2024-01-01` stay the strings that the author wrote, and the record decides what
they are. Everything that could make a small file large (aliases, depth, numbers of nodes) is refused as it arrives.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

from hakari.errors import PackError
from hakari.messages import Message, say, unprintable

__all__ = [
    "DEEPEST",
    "LARGEST_FILE",
    "LONGEST_SCALAR",
    "MOST_NODES",
    "ListNode",
    "MapNode",
    "Node",
    "ScalarNode",
    "read_yaml",
]

LARGEST_FILE = 10 * 2**20
"""Bytes in one file."""
DEEPEST = 24
"""Levels of nesting; the records need eight."""
MOST_NODES = 200_000
"""Nodes in one file."""
LONGEST_SCALAR = 20_000
"""Characters in one value."""
_SHOWN = 60
_ODD_BREAKS = frozenset("\x85\u2028\u2029")


@dataclass(slots=True)
class ScalarNode:
    """One value as it was written."""

    line: int
    text: str
    plain: bool
    """True if it stood without quotes."""


@dataclass(slots=True)
class ListNode:
    """A list."""

    line: int
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class MapNode:
    """A mapping: key → (line of the key, value)."""

    line: int
    entries: dict[str, tuple[int, Node]] = field(default_factory=dict)

    def line_of(self, key: str) -> int:
        """Return the line of `key`, or of the mapping itself if the key is absent."""
        return self.entries[key][0] if key in self.entries else self.line


Node = ScalarNode | ListNode | MapNode


def read_yaml(content: bytes, *, file: str) -> Node:
    """Return the one document in `content`; `file` is how messages call it.

    Raises:
        PackError: too large, not UTF-8 or YAML, an alias, an anchor, a tag, a repeated key, too deep, too many nodes.
    """
    if len(content) > LARGEST_FILE:
        problem = say("packs.yaml.too_large", size=len(content), limit=LARGEST_FILE)
        raise PackError(say("packs.at", place=f"{file}:1", problem=problem))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = say("packs.yaml.not_utf8", byte=f"0x{content[error.start]:02x}")
        raise PackError(say("packs.at", place=f"{file}:{line}", problem=problem)) from None
    return _Builder(file).build(text)


class _Builder:
    """Puts events together into nodes, without recursion."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.stack: list[ListNode | MapNode] = []
        self.keys: list[ScalarNode | None] = []
        self.root: Node | None = None
        self.count = 0

    def build(self, text: str) -> Node:
        from yaml import events

        for event in self.events(text):
            if isinstance(event, events.NodeEvent):
                self.node(event, _line(event), events)
            elif isinstance(event, events.CollectionEndEvent):
                self.stack.pop()
                self.keys.pop()
            elif isinstance(event, events.DocumentStartEvent) and self.root is not None:
                self.refuse(_line(event), say("packs.yaml.two_documents"))
        if self.root is None:
            self.refuse(1, say("packs.yaml.empty"))
        return self.root

    def events(self, text: str) -> Iterator[Any]:
        import yaml

        # YAML ends a line at these, editors and reviewers do not: a rule could hide behind a comment.
        for number, written in enumerate(text.split("\n"), start=1):
            if odd := _ODD_BREAKS.intersection(written):
                code = f"U+{ord(min(odd)):04X}"
                self.refuse(number, say("packs.yaml.control", text=written.strip()[:_SHOWN], code=code))
        try:
            yield from yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self.refuse(mark.line + 1 if mark else 1, say("packs.yaml.syntax", problem=error.problem or error.context))
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            self.refuse(line, say("packs.yaml.syntax", problem=str(error.reason)))

    def node(self, event: Any, line: int, events: Any) -> None:
        if isinstance(event, events.AliasEvent):
            self.refuse(line, say("packs.yaml.alias", text=f"*{event.anchor}"))
        if event.anchor is not None:
            self.refuse(line, say("packs.yaml.alias", text=f"&{event.anchor}"))
        if event.tag is not None:
            self.refuse(line, say("packs.yaml.tag", tag=event.tag))
        self.count += 1
        if self.count > MOST_NODES:
            self.refuse(line, say("packs.yaml.too_many", limit=MOST_NODES))
        if isinstance(event, events.ScalarEvent):
            if len(event.value) > LONGEST_SCALAR:
                self.refuse(line, say("packs.yaml.too_long", length=len(event.value), limit=LONGEST_SCALAR))
            if not event.value.isprintable():
                self.check_letters(event.value, line)
            self.add(ScalarNode(line, event.value, event.style is None or event.style == ""))
            return
        collection = MapNode(line) if isinstance(event, events.MappingStartEvent) else ListNode(line)
        self.add(collection)
        self.stack.append(collection)
        self.keys.append(None)
        if len(self.stack) > DEEPEST:
            self.refuse(line, say("packs.yaml.too_deep", limit=DEEPEST))

    def check_letters(self, text: str, line: int) -> None:
        """Refuse what an escape such as `\\e` brings in: YAML refuses these letters only where they stand plainly."""
        for sign in text:
            if unprintable(sign) and sign not in "\n\t\r":
                self.refuse(line, say("packs.yaml.control", text=text[:_SHOWN], code=f"U+{ord(sign):04X}"))

    def add(self, node: Node) -> None:
        """Put `node` where it belongs: into a list, as a key, or as the value of the key before it."""
        if not self.stack:
            self.root = node
            return
        parent = self.stack[-1]
        if isinstance(parent, ListNode):
            parent.items.append(node)
        elif (key := self.keys[-1]) is not None:
            parent.entries[key.text] = (key.line, node)
            self.keys[-1] = None
        elif not isinstance(node, ScalarNode):
            self.refuse(node.line, say("packs.yaml.key_not_text"))
        elif node.text in parent.entries:
            first = parent.entries[node.text][0]
            self.refuse(node.line, say("packs.yaml.duplicate_key", key=node.text, first=first))
        else:
            self.keys[-1] = node

    def refuse(self, line: int, problem: Message) -> NoReturn:
        raise PackError(say("packs.at", place=f"{self.file}:{line}", problem=problem))


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
