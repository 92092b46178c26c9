from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from hakari.errors import PackError
from hakari.packs import list_packs, load_pack, pack_files, read_pack, warnings_of
from hakari.packs._files import library_names
from tests.unit.packs.example import FILES, REQUIREMENTS, changed


class OneMeasure:
    """A catalogue with one measure of one metric."""

    def __init__(self, measure: str = "fairness.groups@1", metric: str = "selection_rate") -> None:
        self.measure, self.metric = measure, metric

    def metrics(self, measure_reference: str) -> Mapping[str, Any] | None:
        return {self.metric: None} if measure_reference == self.measure else None


def write(folder: Path, files: Mapping[str, bytes] = FILES) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def test_scalars_become_what_their_fields_say() -> None:
    pack = read_pack(FILES, name="lending")
    requirement = pack.requirements[0]
    check = requirement.checks[0]
    assert (requirement.version, check.threshold, check.min_rows, check.confirmed) == (3, 0.1, 30, False)
    assert isinstance(check.threshold, float)
    assert requirement.questions[0].effects == {"yes": "meets", "no": "fails"}
    assert requirement.questions[1].choices[1].score == 2.5
    assert requirement.title == {"en": "Rates are close", "ja": "率が近い"}
    assert pack.effective == {"from": "2025-01-01", "until": "2030-12-31"}


def test_parameters_of_a_measure_read_as_json_unless_they_are_quoted() -> None:
    """The pack does not know their types; quotes are the way to say that digits are text."""
    check = read_pack(FILES, name="lending").requirements[0].checks[0]
    assert check.parameters == {"columns": ("sex", "age"), "bins": 4, "share": 0.5, "quoted": "4", "exact": True}


def test_null_leaves_an_optional_field_out() -> None:
    pack = read_pack(changed("requirements/all.yaml", "min_rows: 30", "reference: null"), name="lending")
    assert pack.requirements[0].checks[0].reference is None


def test_a_byte_order_mark_changes_the_digest_and_nothing_else() -> None:
    marked = {**FILES, "pack.yaml": b"\xef\xbb\xbf" + FILES["pack.yaml"]}
    plain, other = read_pack(FILES, name="lending"), read_pack(marked, name="lending")
    assert plain.digest != other.digest
    assert plain.requirements == other.requirements


def test_the_digest_is_that_of_sorted_names_and_file_digests() -> None:
    pairs = sorted([name, hashlib.sha256(content).hexdigest()] for name, content in FILES.items())
    expected = hashlib.sha256(json.dumps(pairs, separators=(",", ":")).encode()).hexdigest()
    assert read_pack(FILES, name="lending").digest == expected


def test_folder_and_named_bytes_give_the_same_pack(tmp_path: Path) -> None:
    folder = write(tmp_path / "any-name")
    assert pack_files(folder) == FILES
    assert load_pack(folder) == load_pack(str(folder)) == read_pack(FILES, name="elsewhere")


def test_requirements_stand_in_the_order_of_the_groups_then_of_the_files() -> None:
    watch = "requirements:\n" + REQUIREMENTS[REQUIREMENTS.index("  - urn: urn:test:requirement:lending:watch") :]
    rates = REQUIREMENTS[: REQUIREMENTS.index("  - urn: urn:test:requirement:lending:watch")]
    files = {
        "pack.yaml": FILES["pack.yaml"],
        "requirements/a.yaml": watch.encode(),
        "requirements/b.yaml": rates.encode(),
    }
    assert [requirement.slug for requirement in read_pack(files, name="lending").requirements] == ["rates", "watch"]


def test_a_message_names_the_folder_as_the_person_wrote_it(tmp_path: Path) -> None:
    folder = write(tmp_path, changed("pack.yaml", "status: draft", "status: done"))
    with pytest.raises(PackError) as caught:
        load_pack(folder)
    assert str(caught.value).startswith(f"{folder}/pack.yaml:3: ")


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path)
    with (folder / "pack.yaml").open("wb") as file:
        file.truncate(11 * 2**20)
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail(f"{path} was read"))
    with pytest.raises(PackError, match=r"pack\.yaml:1: .*11,534,336"):
        load_pack(folder)


def test_yaml_in_a_place_where_nobody_reads_it_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {**FILES, "Requirements/more.yaml": b"requirements: []"})
    with pytest.raises(PackError, match=r"Requirements/more\.yaml"):
        load_pack(tmp_path)


def test_other_files_of_a_folder_do_not_count(tmp_path: Path) -> None:
    write(tmp_path, {**FILES, "README.md": b"# Lending"})
    assert load_pack(tmp_path).digest == read_pack(FILES, name="lending").digest


def test_an_unknown_name_offers_the_nearest() -> None:
    with pytest.raises(PackError, match="ai-ethics-core"):
        load_pack("ai-ethics-cor")


def test_another_version_names_the_installed_one() -> None:
    installed = load_pack("ai-ethics-core")
    assert load_pack(installed.reference) is installed
    with pytest.raises(PackError, match=f"ai-ethics-core@{installed.version}"):
        load_pack("ai-ethics-core@99.0.0")


@pytest.mark.parametrize("reference", ["./nowhere", "../ai-ethics-core", ".", "/"])
def test_a_folder_without_a_pack_is_refused(reference: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    if reference != "/":
        with pytest.raises(PackError):
            load_pack(reference)


def test_the_library_lists_every_shipped_pack() -> None:
    names = library_names()
    found = zip(names, list_packs(), strict=True)
    assert [pack.reference if "@" in name else pack.name for name, pack in found] == names
    assert [pack.name for pack in list_packs(versions=False)] == [name for name in names if "@" not in name]


def test_a_pack_is_read_once_for_one_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    first = read_pack(FILES, name="once")
    monkeypatch.setattr("hakari.packs.loader.read_yaml", lambda *_, **__: pytest.fail("it was read again"))
    assert read_pack(dict(FILES), name="once") is first


def test_known_measures_give_no_warning() -> None:
    pack = read_pack(FILES, name="lending")
    assert warnings_of(pack, OneMeasure()) == ()
    assert warnings_of(pack, None) == ()
    assert read_pack(FILES, name="lending", catalogue=OneMeasure()) is pack


@pytest.mark.parametrize(
    ("catalogue", "key", "says"),
    [
        (OneMeasure("fairness.groups@2"), "measure:", "fairness.groups@1"),
        (OneMeasure(metric="selection_rates"), "metric:", "selection_rates"),
    ],
)
def test_an_unknown_measure_or_metric_is_a_warning_at_load_and_an_error_at_check(
    catalogue: OneMeasure, key: str, says: str
) -> None:
    line = next(n for n, text in enumerate(REQUIREMENTS.split("\n"), 1) if key in text)
    pack = read_pack(FILES, name="measured")
    (warning,) = warnings_of(pack, catalogue)
    assert f"requirements/all.yaml:{line}: " in str(warning)
    assert says in str(warning)
    with pytest.raises(PackError) as caught:
        read_pack(FILES, name="measured", catalogue=catalogue)
    assert caught.value.message == warning
