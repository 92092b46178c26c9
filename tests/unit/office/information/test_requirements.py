"""Requirements found by words and kept by version."""

from __future__ import annotations

from hakari.office.information.requirements import MOST, carrier_named, carriers_for, find_carriers
from hakari.packs import load_pack


def test_every_word_has_to_stand_somewhere_in_either_language() -> None:
    assert find_carriers("目的 purpose")
    assert find_carriers("purpose qqqq") == []
    assert find_carriers("  ") == []


def test_a_match_in_the_title_comes_first() -> None:
    titles = [" ".join(item.title.values()).casefold() for item in find_carriers("purpose")]
    inside = ["purpose" in title for title in titles]
    assert inside == sorted(inside, reverse=True)
    assert len(titles) <= MOST


def test_a_requirement_is_found_by_the_name_of_its_principle() -> None:
    pack = load_pack("ai-ethics-core")
    principle, requirement = pack.groups[0], next(r for r in pack.requirements if r.group == pack.groups[0].id)
    wanted = f"{pack.reference} {requirement.reference}"
    named = carrier_named(wanted)
    assert named is not None
    assert named.group == principle.title


def test_a_requirement_that_is_no_longer_shipped_keeps_its_name() -> None:
    (gone,) = carriers_for([{"pack": "old@1.0.0", "requirement": "urn:x:y@3"}])
    assert (gone.pack, gone.slug, gone.title["en"]) == ("old@1.0.0", "y", "urn:x:y@3")
