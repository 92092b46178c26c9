"""verify.html and `hakari verify` say the same of good and bent bundles: level by level, file by file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Browser

from hakari.assessment.archive import unpack_archive
from hakari.assessment.bundle import EVIDENCE_TYPE
from hakari.errors import HakariError
from hakari.evidence import canonical_bytes, digest_json, read_directory, seal
from hakari.workflows.verify import verify_bytes
from tests.browser._verify_page import Opened, opened
from tests.contract.bending import Sample, bundles, payload_of, resigned
from tests.contract.conftest import _run as run_demo
from tests.contract.decided_case import DECISION_BENDS, decided_sample, golden_decided
from tests.contract.figure_cases import FIGURE_BENDS, figure_case, of_another_measure, weighted_case
from tests.contract.good_cases import ENGINEER, case, key_of
from tests.contract.second_opinion import TODAY

pytestmark = [pytest.mark.browser]

_SEEDS = 20
_OWN_WORDS = {
    "standalone.page.unknown_key": "workflows.verify.unknown_key",
    "standalone.page.key_not_listed": "workflows.verify.unknown_key",
    "standalone.page.problem.unexpected": "text",
}


@pytest.fixture(scope="module")
def shown(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    with opened(chromium, tmp_path_factory.mktemp("agrees")) as found:
        yield found


def by_the_house(sample: Sample) -> dict[str, Any]:
    """Return what `hakari verify` says, in the shape in which the page says it."""
    try:
        directory = None if sample.directory is None else read_directory(sample.directory, what="keys.json")
        found = verify_bytes(sample.content, directory=directory, today=TODAY)
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
    read = sorted((item.check, item.metric, item.figure) for item in found.verdicts.read)
    made = found.decision
    fields = ("number", "valid_until", "digest", "intact", "run_out", "seal")
    decision = None if made is None else {name: asdict(made)[name] for name in fields}
    if made is not None and decision is not None:
        decision["told"] = [str(line) for line in made.told]
    return {"levels": levels, "signed": found.signed.key, "read": read, "decision": decision}


def compared(sample: Sample, shown: Opened) -> None:
    """Require that both say the same: statuses, counts, every faulty file with its fault and what rests on it."""
    expected, found = by_the_house(sample), shown.check(sample.content, sample.directory, TODAY.isoformat())
    assert ("refused" in found) == ("refused" in expected), (sample.name, found, expected)
    if "refused" in expected:
        return
    assert _OWN_WORDS.get(found["signed"], found["signed"]) == expected["signed"], sample.name
    assert sorted(map(tuple, found["read"])) == expected["read"], sample.name
    assert found["decision"] == expected["decision"], sample.name
    for level, other in zip(found["levels"], expected["levels"], strict=True):
        problems = [(member, _OWN_WORDS.get(key, key), rests) for member, key, _, rests in level["problems"]]
        assert sorted(problems) == sorted(other["problems"]), sample.name
        assert (level["name"], level["status"]) == (other["name"], other["status"]), sample.name
        if level["name"] != "re-run":
            assert level["summary"] == other["summary"], sample.name


def test_both_say_the_same_of_good_and_bent_bundles(shown: Opened) -> None:
    for sample in bundles(40, seed=11):
        compared(sample, shown)


@pytest.mark.parametrize("part", range(2))
def test_both_say_the_same_of_bundles_with_a_decision(shown: Opened, part: int) -> None:
    """In order, bent as any bundle may be, and each bend of a decision or its place in the ledger once."""
    for number in range(part, 3 * len(DECISION_BENDS), 2):
        compared(decided_sample(number, seed=5), shown)
    compared(Sample("golden", golden_decided(), None, "in order"), shown)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(_SEEDS))
def test_both_say_the_same_of_a_thousand_bundles(shown: Opened, seed: int) -> None:
    """In so many parts, because one test may take two minutes; each bend comes up about fifteen times."""
    for sample in bundles(1000 // _SEEDS, seed=100 + seed):
        compared(sample, shown)


def test_figures_are_derived_from_their_cells_as_in_the_house(shown: Opened) -> None:
    """Legal tests and two versions: good, and bent in one figure or in some cells under a fitting assessment."""
    for seed in (1, 2):
        compared(Sample(f"figures {seed}", figure_case(seed), None, "in order"), shown)
    for name, bend in FIGURE_BENDS.items():
        compared(Sample(name, figure_case(1, bend), None, "caught"), shown)
    compared(Sample("another measure", of_another_measure(), None, "in order"), shown)


def test_what_the_page_only_reads_is_named_and_not_counted_as_derived(shown: Opened) -> None:
    """The house derives figures of weighted rows of two versions; the page does not, and says so."""
    found = shown.check(weighted_case())
    level = found["levels"][1]
    read = {metric for _, metric, _ in found["read"]}
    assert (level["status"], level["problems"]) == ("yes", [])
    assert "accuracy_loss_bound" in read
    assert f"{5 - len(read)} of 5 verdicts derived again alike" in level["summary"]
    assert f"{len(read)} verdicts rest on a figure that was read from the record" in level["summary"]


_VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2.5, 1e300, 2**53 - 1, "", "x", "5", "unknown", "missing", [], {}, [1], {"a": 1},
    "2026-11-22T09:00:00+00:00", "2026-W47-7", "20261122T0900Z", "9999-12-31", "constructor", "__proto__",
    "日本\U00020000",
)  # fmt: skip


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from _places(item, (*path, key))


def _changed(rng: Random, document: Any) -> None:
    """Put another value somewhere, take one out, or add a field."""
    *path, last = rng.choice(list(_places(document)))
    target = document
    for key in path:
        target = target[key]
    kind = rng.random()
    if kind < 0.15:
        target.pop(last)
    elif kind < 0.25 and isinstance(target, dict):
        target[rng.choice(("more", "constructor", "__proto__"))] = rng.choice(_VALUES)
    elif isinstance(target[last], float):
        target[last] = target[last] * rng.choice((2, -1, 1 + 1e-12)) + rng.choice((0, 0, 1))
    else:
        target[last] = rng.choice(_VALUES)


def _with_another_value(rng: Random, files: dict[str, bytes]) -> bytes:
    """Change one document or record of a bundle, and let the engineer sign everything again."""
    whole = ("plan.json", "assessment.json", "previous.json")
    name = rng.choice([item for item in sorted(files) if item in whole or item.startswith("evidence/")])
    if name in whole:
        document = json.loads(files[name])
        _changed(rng, document)
        return resigned({**files, name: canonical_bytes(document)}, ENGINEER)
    record = payload_of(files[name])["predicate"]
    _changed(rng, record)
    left = {item: content for item, content in files.items() if item != name}
    identifier = digest_json(record)
    left["assessment.json"] = files["assessment.json"].replace(name[9:-5].encode(), identifier.encode())
    left[f"evidence/{identifier}.json"] = seal(EVIDENCE_TYPE, record, [("x", "y")], [key_of(ENGINEER)])
    return resigned(left, ENGINEER)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_both_say_the_same_where_any_value_may_be_another(shown: Opened, seed: int) -> None:
    for number in range(25):
        rng = Random(f"values {seed} {number}")
        files = unpack_archive(case(f"values {seed} {rng.randrange(8)}").content)[0]
        try:
            content = _with_another_value(rng, files)
        except (LookupError, TypeError, AttributeError):
            continue  # what the manifest quotes is gone
        compared(Sample(f"values {seed} {number}", content, None, "any"), shown)


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
    assert "23 of 26 verdicts" in found["levels"][1]["summary"]
