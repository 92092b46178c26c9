"""`harms.yaml`: the answers of a harm mapping in a file that people can read and edit."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from hakari.assessment.harms.model import ExposureAnswer, HarmAnswer, HarmMap
from hakari.assessment.manifest import nearest
from hakari.errors import ManifestError, PackError
from hakari.messages import Message, say
from hakari.packs import Places, located_record
from hakari.packs.harms import HarmLibrary

__all__ = ["LONGEST_TEXT", "check_harm", "entry_of", "read_map", "write_map"]

LONGEST_TEXT = 20_000
_OWN_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_LIKE_AN_ID = re.compile(r"[a-z0-9-]+")
_WORDS = ("who", "against", "because", "title", "by")


def read_map(content: bytes, library: HarmLibrary, *, file: str = "harms.yaml") -> HarmMap:
    """Return the mapping in `content`, each entry checked against `library`.

    Raises:
        ManifestError: malformed, a harm that is neither in the library nor named in own words, an unknown motive, or an
            answer without its reason; the message names file and line.
    """
    try:
        found, places = located_record(HarmMap, content, file=file)
    except PackError as error:
        raise ManifestError(error.message) from None
    for answer in found.exposures.values():
        _check_words(answer, places, file)
    for identifier, entry in found.harms.items():
        problem = _problem(identifier, entry, library)
        if problem is not None:
            key, told = problem
            raise ManifestError(say("assessment.harms.at", place=places.at(entry, key) or file, problem=told))
        _check_words(entry, places, file)
    return found


def _problem(identifier: str, entry: HarmAnswer, library: HarmLibrary) -> tuple[str, Message] | None:
    """Return the key that is wrong with an entry and what is wrong, or None."""
    known = [harm.id for harm in library.harms]
    if identifier not in known:
        if entry.title is None:
            return "", say("assessment.harms.unknown", harm=identifier[:80], nearest=nearest(identifier, known)[:5])
        if _OWN_ID.fullmatch(identifier) is None:
            return "", say("assessment.harms.own_id", harm=identifier[:80])
        if entry.applies == "yes" and not entry.exposures:
            return "", say("assessment.harms.own_exposures", harm=identifier)
    elif entry.title is not None:
        return "title", say("assessment.harms.title", harm=identifier)
    motives = [motive.id for motive in library.motives]
    for item in entry.motives:
        # A word in own words is long or has other letters; what looks like an id and is none is a slip of the pen.
        if item.motive not in motives and _LIKE_AN_ID.fullmatch(item.motive):
            near = nearest(item.motive, motives)[:5]
            return "motives", say("assessment.harms.motive", motive=item.motive[:80], nearest=near)
    if entry.applies == "no" and not entry.because:
        return "applies", say("assessment.harms.because", harm=identifier)
    if entry.because and entry.applies != "no":
        return "because", say("assessment.harms.because_only", harm=identifier)
    if entry.against and entry.applies == "no":
        return "against", say("assessment.harms.against_only", harm=identifier)
    return None


def _check_words(entry: ExposureAnswer | HarmAnswer, places: Places, file: str) -> None:
    for key in _WORDS:
        text = getattr(entry, key, None) or ""
        if len(text) > LONGEST_TEXT:
            told = say("assessment.harms.long", key=key, length=len(text), most=LONGEST_TEXT)
            raise ManifestError(say("assessment.harms.at", place=places.at(entry, key) or file, problem=told))
    if entry.at is not None and not _is_time(entry.at):
        told = say("assessment.harms.time", value=entry.at[:60])
        raise ManifestError(say("assessment.harms.at", place=places.at(entry, "at") or file, problem=told))


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def check_harm(identifier: str, entry: HarmAnswer, library: HarmLibrary) -> None:
    """Refuse an answer about a harm that `read_map` would refuse in a file.

    Raises:
        ManifestError: what is wrong with it.
    """
    problem = _problem(identifier, entry, library)
    if problem is not None:
        raise ManifestError(problem[1])


def write_map(found: HarmMap) -> bytes:
    """Return the file's bytes, sorted, so that a difference shows only what changed."""
    import yaml

    document = {
        "exposures": {name: entry_of(entry) for name, entry in sorted(found.exposures.items())},
        "harms": {name: entry_of(entry) for name, entry in sorted(found.harms.items())},
    }
    kept = {name: section for name, section in document.items() if section}
    return yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=110).encode("utf-8")


def entry_of(entry: ExposureAnswer | HarmAnswer) -> dict[str, Any]:
    """Return an entry as it stands in the file: what nobody said is left out."""
    if isinstance(entry, ExposureAnswer):
        document: dict[str, Any] = {"who": entry.who}
    else:
        document = {
            "title": entry.title,
            "applies": entry.applies,
            "exposures": list(entry.exposures),
            "motives": [{"held_by": item.held_by, "motive": item.motive} for item in entry.motives],
            "against": entry.against,
            "because": entry.because,
        }
    return {name: value for name, value in {**document, "by": entry.by, "at": entry.at}.items() if value}
