"""What a draft still lacks: texts that nobody has translated, and requirements that nothing answers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal

from hakari.messages import Language, Message, render, say
from hakari.packs.model import Pack, Requirement, Text

__all__ = ["Gap", "find_gaps", "in_all", "is_gap", "to_be_translated", "to_be_written"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One thing that is missing."""

    kind: Literal["translate", "write", "unanswered"]
    where: str
    """Requirement, principle or source, and the field: `my-rules-2-1/title`."""
    language: str = ""

    @property
    def message(self) -> Message:
        """The gap in words."""
        return say(f"authoring.gap.{self.kind}", where=self.where, language=self.language or "–")


def _mark(kind: str, language: str) -> str:
    return render(say(f"authoring.mark.{kind}"), "ja" if language == "ja" else "en")


def to_be_translated(text: str, language: str) -> str:
    """Return `text`, which is in another language, as a marked gap."""
    return f"{_mark('translate', language)}{text}"


def to_be_written(language: str) -> str:
    """Return the gap for a text that stands in no language."""
    return _mark("write", language).strip()


def is_gap(text: str) -> Literal["translate", "write"] | None:
    """Return whether a text is a marked gap, and of which kind."""
    start = text.lstrip()
    kinds: tuple[Literal["translate", "write"], ...] = ("translate", "write")
    for kind in kinds:
        if any(start.startswith(_mark(kind, language).strip()) for language in ("en", "ja")):
            return kind
    return None


def in_all(texts: Mapping[str, str], languages: Collection[str]) -> dict[str, str]:
    """Return a text in each of `languages`; where it is missing, a marked gap with the text there is."""
    usual: Sequence[Language | str] = ("en", *texts)
    given = next((texts[language] for language in usual if texts.get(language)), "")
    return {
        language: texts.get(language) or (to_be_translated(given, language) if given else to_be_written(language))
        for language in languages
    }


def find_gaps(pack: Pack, others: Sequence[Pack] = ()) -> tuple[Gap, ...]:
    """Return what `pack` still lacks; `others` are the packs whose answers may count for it."""
    from hakari.packs.overview import coverage

    found = [
        Gap(kind=kind, where=where, language=language)
        for where, text in _texts(pack, pack.name)
        for language, told in text.items()
        if (kind := is_gap(told)) is not None
    ]
    known = [pack, *(item for item in others if item.urn != pack.urn)]
    return (
        *found,
        *(Gap(kind="unanswered", where=item.slug) for item, way in coverage(known, pack) if way == "nothing"),
    )


def _texts(record: Any, where: str) -> Iterator[tuple[str, Text]]:
    """Yield every text of a record and of what hangs on it."""
    for item in fields(record):
        value = getattr(record, item.name)
        if isinstance(value, Mapping) and value and all(isinstance(text, str) for text in value.values()):
            yield f"{where}/{item.name}", value
        for child in value if isinstance(value, tuple) else (value,):
            if is_dataclass(child) and not isinstance(child, type):
                yield from _texts(child, _named(child, where))
            elif isinstance(child, Mapping) and child is not value:
                yield f"{where}/{item.name}", child


def _named(record: Any, where: str) -> str:
    if isinstance(record, Requirement):
        return record.slug
    name = getattr(record, "id", None) or getattr(record, "to", None)
    return f"{where}/{name}" if name else where
