"""What holds in every tier of a framework pack that rests on the core, as lists of what breaks it: empty is good."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from hakari.packs import Pack, applies, load_pack
from hakari.packs.model import Requirement

_PLAIN: Mapping[str, Any] = {
    "autonomy": "advice", "domain": "other", "area": "none", "people_affected_per_year": 5000, "narrow_task": "none",
}  # fmt: skip
_TABLE = {"tabular_data": True, "binary_results": True, "in_operation": True}
_PEOPLE = {"affects_people": True, "personal_data": True, "in_operation": True}
_USES: Mapping[str, Mapping[str, Any]] = {
    "lending": {
        **_TABLE, **_PEOPLE, "decides_about_people": True, "uses_scores": True, "has_protected_attributes": True,
    },
    "chat": {**_PEOPLE, "talks_with_people": True, "generates_content": True, "uses_supplier_model": True},
    "sorting things": _TABLE,
}  # fmt: skip


_pack = cache(load_pack)


def _facts(use: str, tier: str) -> dict[str, Any]:
    booleans = {fact.id: False for fact in _pack("ai-ethics-core").facts if fact.type == "boolean"}
    return {**booleans, **_PLAIN, **_USES[use], "tier": tier}


def _targets(requirement: Requirement) -> Iterator[tuple[Pack, Requirement]]:
    for mapping in requirement.mappings:
        if mapping.answers:
            reference, _, slug = mapping.to.partition(":")
            pack = _pack(reference)
            yield from ((pack, item) for item in pack.requirements if item.slug == slug)


def thinly_shown(pack: Pack) -> list[str]:
    """Return requirements that a lower tier would call met though what mainly answers them is asked in a higher one.

    What mainly answers a requirement is the first that it names; a side of it alone must not stand for the whole.
    """
    found = []
    for use in _USES:
        for tier in ("low", "middle"):
            facts, above = _facts(use, tier), _facts(use, "high")
            for requirement in pack.requirements:
                targets = list(_targets(requirement))
                applied = [applies(item, facts, other).applies for other, item in targets]
                if not any(applied) or not applies(requirement, facts, pack).applies:
                    continue
                main_pack, main = targets[0]
                if applied[0] is False and applies(main, above, main_pack).applies:
                    found.append(f"{use}, {tier}: {requirement.slug} without {main.slug}")
    return found


def ages_sooner(pack: Pack) -> list[str]:
    """Return mappings by which an answer grows old sooner than where it is asked, so that it is asked again."""
    return [
        f"{requirement.slug} → {item.slug}"
        for requirement in pack.requirements
        for _, item in _targets(requirement)
        if item.evidence.max_age_days > requirement.evidence.max_age_days
    ]
