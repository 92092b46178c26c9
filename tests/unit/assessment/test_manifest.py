"""The manifest: what a good one says, and one line with file and line for each bad one."""

from __future__ import annotations

from pathlib import Path

import pytest

from hakari.assessment.manifest import load_manifest, nearest, read_manifest
from hakari.errors import ManifestError

GOOD = """\
hakari: 1
use_case: {id: loans, title: {en: Loans, ja: 融資}}
system: {version: "1.10"}
stage: release
packs: [ai-ethics-core@1.1.0]
facts: {people: true, size: 12, name: "12"}
subjects:
  data.test: {path: test.csv}
columns:
  label: repaid
  prediction: approved
  sensitive: [sex, area]
label_source: outcome
overrides:
  gaps/gap: {threshold: 0.2, set_by: Board, confirmed: true}
searched:
  - {digest: abc, candidates: 3}
gate: full
seed: 42
"""


def _refusal(text: str) -> str:
    with pytest.raises(ManifestError) as caught:
        read_manifest(text.encode())
    message = str(caught.value)
    assert "\n" not in message
    assert "Traceback" not in message
    return message


def _changed(old: str, new: str) -> str:
    assert GOOD.count(old) == 1
    return GOOD.replace(old, new)


def _line(text: str, passage: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if passage in line)


def test_a_good_manifest_keeps_the_types_that_were_written() -> None:
    manifest = read_manifest(GOOD.encode())
    assert manifest.facts == {"people": True, "size": 12, "name": "12"}
    assert (manifest.system.version, manifest.seed, manifest.gate) == ("1.10", 42, "full")
    assert manifest.columns.sensitive == ("sex", "area")
    assert manifest.overrides["gaps/gap"].threshold == 0.2
    assert manifest.searched[0].candidates == 3


def test_what_is_not_said_has_a_careful_default() -> None:
    manifest = read_manifest(GOOD.replace("gate: full\nseed: 42\n", "").encode())
    assert (manifest.gate, manifest.seed, manifest.selective_labels, manifest.answers) == ("advisory", 0, None, None)


@pytest.mark.parametrize(("language", "title"), [("en", "Loans"), ("ja", "融資"), ("fr", "Loans")])
def test_the_title_is_given_in_the_language_or_in_what_there_is(language: str, title: str) -> None:
    assert read_manifest(GOOD.encode()).title(language) == title


def test_a_title_in_one_language_stands_for_all() -> None:
    assert read_manifest(_changed("{en: Loans, ja: 融資}", "融資").encode()).title("en") == "融資"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("label_source:", "label_sorce:", "label_source"),
        ("  prediction:", "  predicted:", "prediction"),
        ("confirmed: true}", "confirmd: true}", "confirmed"),
        ("stage: release", "stage: relaese", "release"),
        ("gate: full", "gate: strict", "regression"),
        ("label_source: outcome", "label_source: guess", "human_decision"),
        ("seed: 42", "seed: 4.2", "4.2"),
        ("seed: 42", "seed: many", "many"),
        ("threshold: 0.2", "threshold: low", "low"),
        ("threshold: 0.2", "threshold: nan", "nan"),
        ("confirmed: true", "confirmed: yes", "yes"),
        ("sensitive: [sex, area]", "sensitive: sex", "sensitive"),
        ("candidates: 3", "candidates: a", "candidates"),
        ("seed: 42", "stage: plan", "stage"),
        ("  prediction: approved", "  label: approved", "label"),
        ('system: {version: "1.10"}', "system: {}", "version"),
        ("  data.test: {path: test.csv}", "  data.test: test.csv", "test.csv"),
        ("gate: full", "gate: *anchor", "anchor"),
        ("gate: full", "gate: !!python/name:os.system x", "python"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(old: str, new: str, words: str) -> None:
    text = _changed(old, new)
    message = _refusal(text)
    assert f"hakari.yaml:{_line(text, new)}" in message
    assert words in message


@pytest.mark.parametrize("key", ["hakari", "use_case", "system", "stage", "packs"])
def test_a_missing_key_is_named(key: str) -> None:
    text = "\n".join(line for line in GOOD.splitlines() if not line.startswith(f"{key}:"))
    message = _refusal(text)
    assert message.startswith("hakari.yaml:1")
    assert key in message


BY_RULE = [
    ("hakari: 1", "hakari: 2", "hakari: 1"),
    ("packs: [ai-ethics-core@1.1.0]", "packs: []", "packs"),
    ("seed: 42", "seed: -1", "-1"),
    ("sensitive: [sex, area]", "sensitive: [sex, sex]", "sex"),
    ("sensitive: [sex, area]", "sensitive: [sex, repaid]", "repaid"),
    ("sensitive: [sex, area]", "sensitive: [sex, approved]", "approved"),
]


@pytest.mark.parametrize(("old", "new", "words"), BY_RULE)
def test_a_contradiction_is_named_with_its_file(old: str, new: str, words: str) -> None:
    message = _refusal(_changed(old, new))
    assert message.startswith("hakari.yaml")
    assert words in message


@pytest.mark.parametrize("seed", [2**53, 10**15 - 1])
def test_a_seed_stays_below_two_to_the_53(seed: int) -> None:
    text = _changed("seed: 42", f"seed: {seed}")
    if seed < 2**53:
        assert read_manifest(text.encode()).seed == seed
    else:
        assert str(seed) in _refusal(text)


@pytest.mark.parametrize(("old", "new", "words"), BY_RULE)
def test_a_contradiction_is_named_with_its_line(old: str, new: str, words: str) -> None:
    text = _changed(old, new)
    assert f"hakari.yaml:{_line(text, new)}" in _refusal(text)


@pytest.mark.parametrize(
    "entry", ["confidence: 1.5", "confidence: 0", "margin: -0.1", "coverage_min: 2", "min_rows: -5", "threshold: -1"]
)
def test_an_override_out_of_its_range_is_refused(entry: str) -> None:
    assert entry.split(":", 1)[0] in _refusal(_changed("threshold: 0.2", entry))


@pytest.mark.parametrize("number", ["-2", "0"])
def test_a_number_of_candidates_is_at_least_one(number: str) -> None:
    assert "candidates" in _refusal(_changed("candidates: 3", f"candidates: {number}"))


@pytest.mark.parametrize("identifier", ["../../loans", "a/b", "..", "a b", '"a\\nb"'])
def test_an_id_that_is_no_plain_name_is_refused(identifier: str) -> None:
    assert "use_case" in _refusal(_changed("id: loans", f"id: {identifier}"))


@pytest.mark.parametrize("text", ["", "- a list", "just text", "hakari: [", "\x00", "a: 1\n---\nb: 2"])
def test_what_is_no_manifest_is_refused_in_one_line(text: str) -> None:
    assert _refusal(text).startswith("hakari.yaml:")


def test_bytes_that_are_not_utf8_are_refused_with_their_line() -> None:
    with pytest.raises(ManifestError, match=r"hakari\.yaml:2"):
        read_manifest("hakari: 1\nuse_case: {id: a, title: 融資}".encode("cp932"))


def test_a_byte_order_mark_does_no_harm() -> None:
    assert read_manifest(GOOD.encode("utf-8-sig")) == read_manifest(GOOD.encode())


def test_a_folder_without_a_manifest_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="hakari init"):
        load_manifest(tmp_path)


def test_a_manifest_is_read_from_its_folder_or_its_file(tmp_path: Path) -> None:
    path = tmp_path / "hakari.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert load_manifest(tmp_path) == load_manifest(path) == read_manifest(GOOD.encode())


def test_a_folder_in_place_of_the_manifest_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "hakari.yaml").mkdir()
    with pytest.raises(ManifestError, match="cannot be read"):
        load_manifest(tmp_path)


def test_the_nearest_names_or_all_of_them() -> None:
    assert nearest("gpas/gap", ["gaps/gap", "other/thing"]) == ["gaps/gap"]
    assert nearest("zzz", ["b", "a"]) == ["a", "b"]
