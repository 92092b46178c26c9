"""verify.html and `hakari verify` say the same of good and bent bundles: level by level, file by file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from hakari.errors import HakariError
from hakari.evidence import read_directory
from hakari.workflows.verify import verify_bytes
from tests.browser._verify_page import Opened, opened
from tests.contract.bending import Sample, bundles
from tests.contract.conftest import _run as run_demo

pytestmark = [pytest.mark.browser]

_SEEDS = 20
_OWN_WORDS = {
    "standalone.page.unknown_key": "workflows.verify.unknown_key",
    "standalone.page.key_not_listed": "workflows.verify.unknown_key",
}


@pytest.fixture(scope="module")
def shown(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    with opened(chromium, tmp_path_factory.mktemp("agrees")) as found:
        yield found


def by_the_house(sample: Sample) -> dict[str, Any]:
    """Return what `hakari verify` says, in the shape in which the page says it."""
    try:
        directory = None if sample.directory is None else read_directory(sample.directory, what="keys.json")
        found = verify_bytes(sample.content, directory=directory)
    except HakariError:
        return {"refused": True}
    levels = [
        {
            "name": level.name,
            "status": level.status,
            "summary": str(level.summary),
            "problems": [
                (item.member, item.problem.key, [str(rest) for rest in item.rests]) for item in level.problems
            ],
        }
        for level in found.levels
    ]
    return {"levels": levels, "signed": found.signed.key}


def compared(sample: Sample, shown: Opened) -> None:
    """Require that both say the same: statuses, counts, every faulty file with its fault and what rests on it."""
    expected, found = by_the_house(sample), shown.check(sample.content, sample.directory)
    assert ("refused" in found) == ("refused" in expected), (sample.name, found, expected)
    if "refused" in expected:
        return
    assert _OWN_WORDS.get(found["signed"], found["signed"]) == expected["signed"], sample.name
    for level, other in zip(found["levels"], expected["levels"], strict=True):
        problems = [(member, key, rests) for member, key, _, rests in level["problems"]]
        assert sorted(problems) == sorted(other["problems"]), sample.name
        assert (level["name"], level["status"]) == (other["name"], other["status"]), sample.name
        if level["name"] != "re-run":
            assert level["summary"] == other["summary"], sample.name


def test_both_say_the_same_of_good_and_bent_bundles(shown: Opened) -> None:
    for sample in bundles(40, seed=11):
        compared(sample, shown)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(_SEEDS))
def test_both_say_the_same_of_a_thousand_bundles(shown: Opened, seed: int) -> None:
    """In so many parts, because one test may take two minutes; each bend comes up about fifteen times."""
    for sample in bundles(1000 // _SEEDS, seed=100 + seed):
        compared(sample, shown)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_demo_is_genuine_and_all_its_verdicts_are_made_again(
    shown: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shipped pack, four bootstraps, and every kind of answer, as `hakari demo` makes them."""
    monkeypatch.delenv("CI", raising=False)
    bundle = Path(run_demo(tmp_path / "demo")["bundle"])

    compared(Sample("demo", bundle.read_bytes(), None, "in order"), shown)
    found = shown.check(bundle.read_bytes())
    assert [level["status"] for level in found["levels"]] == ["yes", "yes", "not_done"]
    assert "21 of 21 verdicts" in found["levels"][1]["summary"]
