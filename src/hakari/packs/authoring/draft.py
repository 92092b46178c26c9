"""A draft pack from guidelines: principles from their headings, requirements from their points."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from hakari.errors import InputError
from hakari.messages import LANGUAGES, render, say
from hakari.packs.authoring._plain import pack_files_of
from hakari.packs.authoring.gaps import in_all, to_be_written
from hakari.packs.authoring.outline import Guidelines, Part, language_of, split_languages
from hakari.packs.loader import read_pack
from hakari.packs.model import EvidenceRule, Pack, Principle, Requirement, Source, SourceReference, Text

__all__ = ["Languages", "draft_pack"]

Languages = Literal["en", "ja", "both"]

_NAME = re.compile(r"[a-z][a-z0-9-]{0,60}\Z")
_SOURCE = "guidelines"
_LONGEST_TITLE = {"en": 90, "ja": 45}


def draft_pack(guidelines: Guidelines, *, name: str, languages: Languages = "both") -> tuple[Pack, dict[str, bytes]]:
    """Return a draft pack and its YAML files; what a language lacks is a marked gap.

    Raises:
        InputError: `name` is no name for a pack, or the guidelines have a text in none of the languages asked for.
    """
    if not _NAME.match(name):
        raise InputError(say("authoring.draft.name", name=name[:60]))
    wanted: tuple[str, ...] = LANGUAGES if languages == "both" else (languages,)
    draft = _Draft(name, wanted)
    for heading, parts in guidelines.principles:
        draft.principle(heading, parts)
    title = draft.text(guidelines.title)
    preface = draft.text(" ".join(guidelines.preface[:1])) if guidelines.preface else draft.unwritten()
    pack = Pack(
        urn=f"urn:hakari:pack:{name}",
        version="0.1.0",
        status="draft",
        authority="company",
        languages=wanted,
        title=title,
        summary=preface,
        sources=(Source(id=_SOURCE, title=title),),
        groups=tuple(draft.groups),
        requirements=tuple(draft.requirements),
        digest="",
    )
    files = pack_files_of(pack)
    return read_pack(files, name=name), files


@dataclass(slots=True)
class _Draft:
    name: str
    languages: tuple[str, ...]
    groups: list[Principle] = field(default_factory=list)
    requirements: list[Requirement] = field(default_factory=list)

    def principle(self, heading: str, parts: tuple[Part, ...]) -> None:
        """Add a principle: its opening paragraph is the summary, each bullet or further paragraph a requirement."""
        number = len(self.groups) + 1
        words = split_languages(heading)
        group = self.group_id(words.get("en", ""), number)
        opening, points = _sorted_out(parts)
        summary = self.text(opening) if opening else self.unwritten()
        self.groups.append(Principle(id=group, title=self.text(heading), summary=summary))
        for place, (text, under) in enumerate(points, start=1):
            section = _section(number, place, under)
            short = {language: _short(each) for language, each in split_languages(text).items()}
            self.requirements.append(
                Requirement(
                    urn=f"urn:hakari:requirement:{self.name}:{self.name}-{number}-{place}",
                    version=1,
                    group=group,
                    title=self.texts(short),
                    text=self.text(text),
                    stages=("plan",),
                    sources=(SourceReference(id=_SOURCE, section=in_all(section, self.languages)),),
                    evidence=EvidenceRule(),
                )
            )

    def group_id(self, english: str, number: int) -> str:
        slug = "-".join(re.findall(r"[a-z0-9]+", english.lower())[:4])
        taken = {group.id for group in self.groups}
        return slug if slug and slug not in taken else f"principle-{number}"

    def text(self, told: str) -> Text:
        """Return a text of the guidelines in the languages of the pack."""
        return self.texts(split_languages(told))

    def texts(self, found: Mapping[str, str]) -> Text:
        """Return a text in the languages of the pack; what is in none of them is refused rather than lost."""
        if not set(found) & set(self.languages):
            language, told = next(iter(found.items()))
            raise InputError(say("authoring.draft.language", text=told[:60], language=language, wanted=self.languages))
        return in_all(
            {language: text for language, text in found.items() if language in self.languages}, self.languages
        )

    def unwritten(self) -> Text:
        return {language: to_be_written(language) for language in self.languages}


def _section(principle: int, point: int, heading: str) -> dict[str, str]:
    """Return where a point stands in the guidelines, in every language."""
    key = "authoring.draft.section_under" if heading else "authoring.draft.section"
    told = say(key, principle=principle, point=point, heading=heading)
    return {language: render(told, language) for language in LANGUAGES}


def _sorted_out(parts: tuple[Part, ...]) -> tuple[str, list[tuple[str, str]]]:
    """Return the opening of a principle, and its points with the heading that they stand under.

    What leads to bullets (“We will:”) is no point. Without bullets every paragraph is one.
    """
    opening = next((text for text, bullet in parts[0].points if not bullet), "")
    found = [(text, part.under) for part in parts for text in _points(part)]
    if any(bullet for part in parts for _, bullet in part.points):
        found = [point for point in found if point[0] != opening]
    return opening, found


def _points(part: Part) -> Iterator[str]:
    for place, (text, bullet) in enumerate(part.points):
        leads = not bullet and part.points[place + 1 : place + 2] and part.points[place + 1][1]
        if not (leads and text.endswith((":", "："))):
            yield text


def _short(text: str) -> str:
    """Return the first sentence of a text, cut to the length of a title."""
    first = re.split(r"(?<=[.!?])\s|。", text, maxsplit=1)[0].strip().rstrip(".;；")
    first = first[:1].upper() + first[1:]
    longest = _LONGEST_TITLE["ja" if language_of(first) == "ja" else "en"]
    if len(first) <= longest:
        return first or text
    cut = first[:longest]
    return (cut if language_of(first) == "ja" or " " not in cut else cut.rsplit(" ", 1)[0]) + "…"
