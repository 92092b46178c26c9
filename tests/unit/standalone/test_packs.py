"""The single file reads packs and overlays as the product does, and refuses those that break a rule."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest

from hakari import packs as product
from hakari.errors import HakariError
from hakari.standalone.python.packs.pack import pack_digest, read_pack
from hakari.standalone.python.words import Refused
from tests.contract import good_cases

CASES = {name: text.encode() for name, text in good_cases._CASES.items()}
MORE = {"pack.yaml": good_cases.MORE.encode(), "requirements/plain.yaml": good_cases.MORE_REQUIREMENTS.encode()}
OVERLAID = {**CASES, "overlay.yaml": good_cases.OVERLAY.encode()}
SETS = {"core": product.pack_files("ai-ethics-core"), "cases": CASES, "more": MORE, "overlaid": OVERLAID}


def compare(theirs: product.Pack, mine: dict[str, Any]) -> None:
    assert (theirs.urn, theirs.version, theirs.authority) == (mine["urn"], mine["version"], mine["authority"])
    for their, our in zip(theirs.requirements, mine["requirements"], strict=True):
        for name in ("urn", "version", "group", "applies_when", "severity"):
            assert getattr(their, name) == our[name]
        assert (list(their.stages), list(their.roles)) == (our["stages"], our["roles"])
        rule = {name: getattr(their.evidence, name) for name in ("max_age_days", "least_assurance", "rule")}
        assert rule == our["evidence"]
        assert [check.id for check in their.checks] == [check["id"] for check in our["checks"]]
        for question, other in zip(their.questions, our["questions"], strict=True):
            for name in ("id", "type", "when", "min_length"):
                assert getattr(question, name) == other[name]
            assert dict(question.effects) == other["effects"]
            assert [(c.id, c.effect) for c in question.choices] == [(c["id"], c["effect"]) for c in other["choices"]]


@pytest.mark.parametrize("name", SETS)
def test_packs_are_read_as_by_the_product(name: str) -> None:
    theirs = product.read_pack(SETS[name], name="x")
    compare(theirs, read_pack(SETS[name], "x"))
    assert pack_digest(SETS[name]) == theirs.digest


WORDS = ["a", "1", "0", "-1", "'yes'", "yes", "true", "meets", "fails", "all", "any", "0.5", "unknown", "", " ", "''",
         "[]", "{}", "null", "~", "en", "ja", "release", "urn:a:b", "id", "2000-01-01", "self", "<=", ">=", "overall",
         "people", "live", "area == 'lending'", "live == 'x'", "size > 3.0", "size == 'a'", "law", "box"]  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_damaged_packs_are_read_or_refused_as_by_the_product(seed: int) -> None:
    """A refusal of YAML that only this reader does not read is no difference: it says so."""
    rng = random.Random(seed)
    read = 0
    for _ in range(120):
        files = dict(rng.choice([CASES, MORE, OVERLAID]))
        name = rng.choice(sorted(files))
        files[name] = damaged(rng, files[name].decode()).encode()
        theirs, mine = _read(lambda f=files: product.read_pack(f, name="x")), _read(lambda f=files: read_pack(f, "x"))
        if isinstance(mine, Refused) and "yaml.unread" in repr(mine.message):
            continue
        assert isinstance(mine, Exception) == isinstance(theirs, Exception), (files[name].decode(), theirs, mine)
        if not isinstance(theirs, Exception):
            compare(theirs, mine)
            read += 1
    assert read > 5


def damaged(rng: random.Random, text: str) -> str:
    for _ in range(rng.randint(1, 2)):
        words = [match.span() for match in re.finditer(r"[^\s,{}\[\]:\"']+", text)]
        start, end = rng.choice(words)
        if rng.random() < 0.7:
            other = rng.choice(words)
            text = text[:start] + (rng.choice(WORDS) if rng.random() < 0.6 else text[slice(*other)]) + text[end:]
        else:
            lines = text.split("\n")
            place = rng.randrange(len(lines))
            lines[place : place + 1] = [] if rng.random() < 0.6 else [lines[place]] * 2
            text = "\n".join(lines)
    return text


def _read(reader: Any) -> Any:
    try:
        return reader()
    except (HakariError, Refused) as error:
        return error


@pytest.mark.parametrize(
    "files",
    [{}, {"requirements/a.yaml": b""}, {**MORE, "notes.yaml": b""}, {**MORE, "requirements/a/b.yaml": b""},
     {**MORE, "requirements/.yaml": b""}, {**MORE, **{f"requirements/{n}.yaml": b"" for n in range(600)}},
     {**CASES, "overlay.yaml": good_cases.OVERLAY.replace("1.2.0", "9.9.9").encode()}],
)  # fmt: skip
def test_files_that_make_no_pack_are_refused(files: dict[str, bytes]) -> None:
    with pytest.raises(Refused):
        read_pack(files, "x")
    with pytest.raises(HakariError):
        product.read_pack(files, name="x")


def test_an_overlay_of_a_law_can_only_tighten() -> None:
    law = {name: content.replace(b"authority: sample", b"authority: law") for name, content in CASES.items()}
    tight = good_cases.OVERLAY.replace("remove: [either]\n", "").encode()
    compare(product.read_pack({**law, "overlay.yaml": tight}, name="x"), read_pack({**law, "overlay.yaml": tight}, "x"))
    for loose in (tight.replace(b"0.08", b"0.2"), tight.replace(b"max_age_days: 5", b"max_age_days: 5000"),
                  good_cases.OVERLAY.encode()):  # fmt: skip
        with pytest.raises(Refused):
            read_pack({**law, "overlay.yaml": loose}, "x")
        with pytest.raises(HakariError):
            product.read_pack({**law, "overlay.yaml": loose}, name="x")
