"""Records: what fields the parts of a policy pack have, and how the letters of a file become them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

from hakari.standalone.python.packs.yaml_file import YamlNode
from hakari.standalone.python.packs.yaml_text import Scalar
from hakari.standalone.python.words import Message, Refused, say

__all__ = ["ASSURANCES", "CHECK_CHANGES", "EVIDENCE_CHANGES", "RecordReader"]

_INTEGER = re.compile(r"[-+]?[0-9]{1,15}\Z")
_NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?\Z")

ASSURANCES = ("self", "pipeline", "second_person", "independent")
_SEVERITY = ("one of", "minor", "major", "critical")
_AUTHORITY = ("one of", "law", "standard", "company", "sample")
_ASSURANCE = ("one of", *ASSURANCES)
_RULE = ("one of", "all", "any")
_METHOD = ("one of", "mover", "box")
_HOLM = ("one of", "none", "holm")
_EFFECT = ("one of", "meets", "fails", "neutral")

Kind = Any
"""`text` (one language), `words` (every language), `integer`, `number`, `truth`, `free`, the name of a record, or a
tuple: ("one of", …), ("list", kind), ("map", keys or None, kind)."""

# Record → field → (kind, default); a field without a default must be there. `None` is an absent field.
_NEEDED = object()
_PERIOD: tuple[Kind, Any] = (("map", ("from", "until"), "text"), {})
_FIELDS: Mapping[str, Mapping[str, tuple[Kind, Any]]] = {
    "source": {
        "id": ("text", _NEEDED), "title": ("words", _NEEDED), "publisher": ("text", ""), "date": ("text", ""),
        "section": ("words", None),
    },
    "source reference": {"id": ("text", _NEEDED), "section": ("words", None)},
    "choice": {
        "id": ("text", _NEEDED), "text": ("words", None), "title": ("words", None), "effect": (_EFFECT, "neutral"),
        "score": ("number", 0.0),
    },
    "fact": {
        "id": ("text", _NEEDED), "type": (("one of", "boolean", "number", "text", "choice", "date"), _NEEDED),
        "title": ("words", _NEEDED), "help": ("words", None), "choices": (("list", "choice"), []),
        "evident_from": (("one of", "data", "label", "score", "sensitive"), None),
    },
    "principle": {"id": ("text", _NEEDED), "title": ("words", _NEEDED), "summary": ("words", _NEEDED)},
    "range": {"minimum": ("number", None), "maximum": ("number", None)},
    "question": {
        "id": ("text", _NEEDED),
        "type": (("one of", "yes_no", "single", "multi", "number", "date", "text", "file"), _NEEDED),
        "text": ("words", _NEEDED), "help": ("words", None), "good": ("words", None), "poor": ("words", None),
        "minutes": ("integer", 2), "when": ("text", None), "effects": (("map", ("yes", "no"), _EFFECT), {}),
        "choices": (("list", "choice"), []), "accept": ("range", None), "min_length": ("integer", 0),
    },
    "evidence": {"max_age_days": ("integer", 365), "least_assurance": (_ASSURANCE, "self"), "rule": (_RULE, "all")},
    "check": {
        "id": ("text", _NEEDED), "measure": ("text", _NEEDED), "metric": ("text", _NEEDED),
        "aggregation": (("one of", "overall", "difference", "ratio", "worst_group"), "overall"),
        "slice": (("one of", "overall", "each_sensitive", "intersection"), "overall"),
        "operator": (("one of", "<=", ">="), _NEEDED), "threshold": ("number", _NEEDED), "margin": ("number", 0.0),
        "confidence": ("number", 0.95), "min_rows": ("integer", 30), "coverage_min": ("number", 0.95),
        "severity": (_SEVERITY, "major"), "reference": ("text", None), "method": (_METHOD, "mover"),
        "family_met": (_HOLM, "none"), "parameters": (("map", None, "free"), {}), "set_by": ("words", _NEEDED),
        "why": ("words", _NEEDED), "source": ("words", _NEEDED), "alternatives": (("list", "words"), []),
        "confirmed": ("truth", False), "planned": ("truth", False),
    },
    "mapping": {
        "to": ("text", _NEEDED),
        "relation": (("one of", "equal", "subset", "superset", "intersects", "supports"), _NEEDED),
        "rationale": ("words", _NEEDED), "status": (("one of", "draft", "reviewed"), "draft"),
    },
    "requirement": {
        "urn": ("text", _NEEDED), "version": ("integer", _NEEDED), "group": ("text", _NEEDED),
        "title": ("words", _NEEDED), "text": ("words", _NEEDED),
        "stages": (("list", ("one of", "plan", "design", "develop", "release", "operate")), _NEEDED),
        "applies_when": ("text", None), "roles": (("list", "text"), ["owner"]), "severity": (_SEVERITY, "major"),
        "scope": (("one of", "use_case", "organisation"), "use_case"), "effective": _PERIOD,
        "unverified": ("words", None),
        "sources": (("list", "source reference"), []),
        "evidence": ("evidence", {"max_age_days": 365, "least_assurance": "self", "rule": "all"}),
        "questions": (("list", "question"), []), "checks": (("list", "check"), []),
        "mappings": (("list", "mapping"), []),
    },
    "pack": {
        "urn": ("text", _NEEDED), "version": ("text", _NEEDED),
        "status": (("one of", "draft", "published", "withdrawn"), _NEEDED), "authority": (_AUTHORITY, _NEEDED),
        "languages": (("list", "text"), _NEEDED), "title": ("words", _NEEDED), "summary": ("words", _NEEDED),
        "unverified": ("words", None), "sources": (("list", "source"), []), "effective": _PERIOD,
        "facts": (("list", "fact"), []), "groups": (("list", "principle"), _NEEDED),
    },
    "requirements": {"requirements": (("list", "requirement"), _NEEDED)},
    "overlay": {
        "overlay": ("text", _NEEDED), "of": ("text", _NEEDED), "version": ("text", _NEEDED),
        "authority": (_AUTHORITY, _NEEDED), "title": ("words", None), "summary": ("words", None),
        "changes": (("list", "change"), []), "remove": (("list", "text"), []), "add": (("list", "requirement"), []),
        "facts": (("list", "fact"), []), "groups": (("list", "principle"), []), "sources": (("list", "source"), []),
    },
    "change": {
        "requirement": ("text", _NEEDED), "check": ("text", None), "threshold": ("number", None),
        "margin": ("number", None), "confidence": ("number", None), "severity": (_SEVERITY, None),
        "min_rows": ("integer", None), "coverage_min": ("number", None), "method": (_METHOD, None),
        "family_met": (_HOLM, None), "reference": ("text", None), "confirmed": ("truth", None),
        "set_by": ("words", None), "why": ("words", None), "source": ("words", None),
        "alternatives": (("list", "words"), None), "max_age_days": ("integer", None),
        "least_assurance": (_ASSURANCE, None), "rule": (_RULE, None),
    },
}  # fmt: skip
EVIDENCE_CHANGES = ("max_age_days", "least_assurance", "rule")
CHECK_CHANGES = (
    "threshold", "margin", "confidence", "severity", "min_rows", "coverage_min", "method", "family_met", "reference",
    "confirmed", "set_by", "why", "source", "alternatives",
)  # fmt: skip


class RecordReader:
    """Reads the nodes of one file. Texts must be there in each of the `languages` and in no other."""

    def __init__(self, file: str, languages: Iterable[str] = ()) -> None:
        self.file = file
        self.languages = tuple(languages)

    def refuse(self, place: str, problem: Message) -> NoReturn:
        """Raise the error that names the file and the place in it."""
        raise Refused(say("packs.at", place=f"{self.file}:{place or '/'}", problem=problem))

    def record(self, kind: str, node: YamlNode, place: str = "") -> dict[str, Any]:
        """Return `node` as a record: no unknown field, none missing, each of its type."""
        entries, fields = self.mapping(node, place), _FIELDS[kind]
        unknown = [name for name in entries if name not in fields]
        if unknown:
            self.refuse(place, say("standalone.pack.unknown", key=unknown[0][:60]))
        missing = [name for name, (_, default) in fields.items() if default is _NEEDED and name not in entries]
        if missing:
            self.refuse(place, say("packs.key.missing", keys=missing))
        return {
            name: self.value(field, entries[name], f"{place}/{name}", default) if name in entries else default
            for name, (field, default) in fields.items()
        }

    def value(self, kind: Kind, node: YamlNode, place: str, default: Any = _NEEDED) -> Any:
        """Return `node` as a value; a plain `null` in a field that may be absent makes it absent."""
        if default is None and isinstance(node, Scalar) and node.plain and node.text in ("", "~", "null"):
            return None
        if isinstance(kind, tuple):
            return self.compound(kind, node, place)
        if kind in _FIELDS:
            return self.record(kind, node, place)
        if kind == "words":
            return self.words(node, place)
        return self.free(node) if kind == "free" else self.plain(kind, self.scalar(node, place), place)

    def compound(self, kind: tuple[Any, ...], node: YamlNode, place: str) -> Any:
        if kind[0] == "one of":
            text = self.scalar(node, place)
            if text not in kind[1:]:
                self.refuse(place, say("packs.value.not_allowed", key=place, value=text[:60], allowed=list(kind[1:])))
            return text
        if kind[0] == "list":
            if not isinstance(node, list):
                self.refuse(place, say("standalone.pack.shape"))
            return [self.value(kind[1], item, f"{place}/{number}") for number, item in enumerate(node)]
        entries = self.mapping(node, place)
        unknown = [name for name in entries if kind[1] is not None and name not in kind[1]]
        if unknown:
            self.refuse(place, say("standalone.pack.unknown", key=unknown[0][:60]))
        return {name: self.value(kind[2], item, f"{place}/{name}") for name, item in entries.items()}

    def plain(self, kind: str, text: str, place: str) -> str | int | float | bool:
        if kind == "text":
            if not text.strip():
                self.refuse(place, say("packs.value.empty", key=place))
            return text
        if kind == "truth" and text in ("true", "false"):
            return text == "true"
        if kind == "integer" and _INTEGER.match(text):
            return int(text)
        if kind == "number" and _NUMBER.match(text) and math.isfinite(float(text)):
            return float(text)
        self.refuse(place, say("standalone.pack.type", value=text[:60]))

    def words(self, node: YamlNode, place: str) -> dict[str, str]:
        entries = self.mapping(node, place)
        found = {name: self.scalar(item, place) for name, item in entries.items()}
        if self.languages and set(found) != set(self.languages):
            self.refuse(place, say("standalone.pack.languages", languages=list(self.languages)))
        if not all(text.strip() for text in found.values()):
            self.refuse(place, say("packs.value.empty", key=place))
        return found

    def free(self, node: YamlNode) -> Any:
        """Return a parameter of a measure: quoted is text, the rest reads as JSON."""
        if isinstance(node, list):
            return [self.free(item) for item in node]
        if isinstance(node, dict):
            return {name: self.free(item) for name, item in node.items()}
        text = str(node.text)
        if not node.plain:
            return text
        if text in ("true", "false"):
            return text == "true"
        if text in ("", "~", "null"):
            return None
        if _INTEGER.match(text):
            return int(text)
        return float(text) if _NUMBER.match(text) and math.isfinite(float(text)) else text

    def mapping(self, node: YamlNode, place: str) -> dict[str, YamlNode]:
        """Return a node that must be a mapping."""
        if not isinstance(node, dict):
            self.refuse(place, say("standalone.pack.shape"))
        return node

    def scalar(self, node: YamlNode, place: str) -> str:
        """Return the letters of a node that must be one value."""
        if not isinstance(node, Scalar):
            self.refuse(place, say("standalone.pack.shape"))
        return node.text
