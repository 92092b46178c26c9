"""What must stand in no answer that a person gets, and the places where it would come out first."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse

from tests.pages.matrix.answers import NOBODY, PEOPLE, people
from tests.pages.matrix.asking import send
from tests.pages.matrix.rows_registry import KNOWS, SEES
from tests.pages.matrix.world import CODE_NAME, WORDS, World

__all__ = ["EXPORTS", "TELLS", "Found", "forbidden", "look_for_words", "shortened"]

TELLS: Final = people("reporter owner engineer delegate stranger guest")
"""Who is shown use cases that look alike, because they may tell the office of one."""
_ALL: Final = people("reviewer head auditor")
EXPORTS: Final = {
    "own": _ALL | people("delegate"),
    "other": _ALL,
    "group": _ALL,
    "restricted": people("head auditor"),
    "coded": _ALL,
}
"""Who takes which use case away in a file."""
_SORTS: Final = (
    "sort=title",
    "sort=-title",
    "sort=owner",
    "sort=tier",
    "visibility=restricted",
    "state=draft",
    "page=2",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What came back when a person looked for one use case in one place."""

    place: str
    person: str
    case: str
    text: str


def forbidden(world: World, person: str) -> re.Pattern[str]:
    """Return what a person must not read anywhere: titles that they do not know, numbers of what they do not see."""
    secrets = [word for name, word in WORDS.items() if person not in KNOWS[name]]
    secrets += [world.cases[name].number for name in WORDS if person not in SEES[name]]
    if person not in SEES["coded"]:
        secrets.append(CODE_NAME)
    return re.compile("|".join(secrets) or r"(?!)", re.IGNORECASE)


def shortened(word: str) -> str:
    """Return what is typed to find a word: less than the word, so that an echo of it is not taken for a hit."""
    return word[:-2]


def look_for_words(world: World) -> Iterator[Found]:
    """Look for every use case in every place that searches, sorts, compares or hands out."""
    for person in (*PEOPLE, NOBODY):
        for case, word in WORDS.items():
            for place, ask in _places(shortened(word)).items():
                yield Found(place=place, person=person, case=case, text=_read(world, person, ask))
        for place, ask in _places(shortened(CODE_NAME)).items():
            yield Found(place=f"{place} by code name", person=person, case="coded", text=_read(world, person, ask))
        for place, ask in _whole().items():
            yield Found(place=place, person=person, case="", text=_read(world, person, ask))


def _places(typed: str) -> Mapping[str, tuple[str, str, str, Any]]:
    by_text = "?" + urlencode({"text": typed})
    like = {"title": f"{typed} sorting of letters", "purpose": f"It helps {typed}."}
    return {
        "search": ("browser", "GET", reverse("registry:list") + by_text, {}),
        "csv": ("browser", "POST", reverse("registry:export") + by_text, {}),
        "hint": ("browser", "GET", reverse("intake:like_hint"), like),
        "program": ("program", "GET", reverse("api:use_cases") + by_text, {}),
    }


def _whole() -> Mapping[str, tuple[str, str, str, Any]]:
    export, register = reverse("registry:export"), reverse("registry:list")
    found: dict[str, tuple[str, str, str, Any]] = {
        "csv of all": ("browser", "POST", export, {}),
        "workbook of all": ("browser", "POST", export, {"format": "xlsx"}),
        "search for everything": ("browser", "GET", register + "?text=sorting", {}),
        "components": ("browser", "GET", reverse("registry:components") + "?text=r", {}),
        "notices": ("browser", "GET", reverse("information:notices") + "?q=beware", {}),
    }
    found |= {f"register {sort}": ("browser", "GET", f"{register}?{sort}", {}) for sort in _SORTS}
    for name in ("changed_since=2020-01-01T00:00:00Z", "order=changed", "state=draft"):
        found[f"program {name}"] = ("program", "GET", reverse("api:use_cases") + f"?{name}", {})
    return found


def _read(world: World, person: str, ask: tuple[str, str, str, Any]) -> str:
    who, method, address, data = ask
    client = (world.browsers if who == "browser" else world.programs)[person]
    content = send(client, method, address, data).content
    if not content.startswith(b"PK"):
        return str(content.decode("utf-8", "replace"))
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
