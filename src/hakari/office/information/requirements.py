"""The requirements of shipped packs, found by words, and named so that their wording stays known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from hakari.packs import list_packs

__all__ = ["Carrier", "carrier_named", "carriers_for", "find_carriers"]

MOST = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """A requirement that can carry a promise, pinned to its version and to the version of its pack."""

    pack: str
    """`name@version`."""
    requirement: str
    """`urn@version`."""
    title: Mapping[str, str]
    pack_title: Mapping[str, str]
    text: Mapping[str, str]
    group: Mapping[str, str]
    """The principle under which it stands."""

    @property
    def code(self) -> str:
        """As it stands in a form."""
        return f"{self.pack} {self.requirement}"

    @property
    def slug(self) -> str:
        """The short name that people quote."""
        return self.requirement.rsplit(":", 1)[-1].rsplit("@", 1)[0]


@cache
def _carriers() -> dict[str, Carrier]:
    found = {}
    for pack in list_packs():
        groups = {group.id: group.title for group in pack.groups}
        for requirement in pack.requirements:
            carrier = Carrier(
                pack=pack.reference,
                requirement=requirement.reference,
                title=requirement.title,
                pack_title=pack.title,
                text=requirement.text,
                group=groups.get(requirement.group, {}),
            )
            found[carrier.code] = carrier
    return found


def carrier_named(code: str) -> Carrier | None:
    """Return the requirement that a form names, or None if no shipped pack has it."""
    return _carriers().get(code)


def find_carriers(words: str) -> list[Carrier]:
    """Return the requirements in whose pack, name, title or text all words stand, in either language."""
    wanted = words.casefold().split()
    if not wanted:
        return []
    found = []
    for carrier in _carriers().values():
        titles = (*carrier.title.values(), *carrier.pack_title.values(), *carrier.group.values())
        texts = (*titles, *carrier.text.values(), carrier.code)
        here = " ".join(texts).casefold()
        if all(word in here for word in wanted):
            found.append((not all(word in " ".join(carrier.title.values()).casefold() for word in wanted), carrier))
    return [carrier for _, carrier in sorted(found, key=lambda item: item[0])][:MOST]


def carriers_for(stored: Iterable[Mapping[str, str]]) -> list[Carrier]:
    """Return what a promise names; a requirement that is no longer shipped keeps its name."""
    found = []
    for item in stored:
        carrier = carrier_named(f"{item['pack']} {item['requirement']}")
        bare = {"en": item["requirement"]}
        found.append(
            carrier
            or Carrier(
                pack=item["pack"],
                requirement=item["requirement"],
                title=bare,
                pack_title={"en": item["pack"]},
                text={},
                group={},
            )
        )
    return found
