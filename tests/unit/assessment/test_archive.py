"""The archive: one byte string for one set of members, and a reader that refuses before it reads."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakari.assessment import archive
from hakari.assessment.archive import pack_archive, unpack_archive
from hakari.errors import BundleError
from hakari.messages import Message

FILES = {"manifest.json": b"{}", "evidence/ab.json": b"12345", "report/report.en.html": b""}

names = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,8}(/[a-z0-9][a-z0-9._-]{0,8}){0,4}", fullmatch=True)


def _zip(*members: tuple[str | zipfile.ZipInfo, bytes], **options: Any) -> bytes:
    """Return a ZIP written by the standard library alone, with whatever form the test asks for."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", **options) as file:
        for name, content in members:
            file.writestr(name, content)
    return buffer.getvalue()


def _entry(name: str, mode: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.create_system = 3
    entry.external_attr = mode << 16
    return entry


def _refusal(content: bytes) -> Message:
    with pytest.raises(BundleError) as caught:
        unpack_archive(content)
    assert isinstance(caught.value.message, Message)
    assert "\n" not in str(caught.value)
    return caught.value.message


@given(st.dictionaries(names, st.binary(max_size=40), max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_members_changes_no_byte_and_reading_gives_them_back(files: dict[str, bytes], random: Any) -> None:
    shuffled = list(files.items())
    random.shuffle(shuffled)
    content = pack_archive(dict(shuffled))
    assert content == pack_archive(files)
    assert unpack_archive(content) == (files, ())


def test_members_are_stored_in_order_with_one_time_and_one_mode() -> None:
    with zipfile.ZipFile(io.BytesIO(pack_archive(FILES))) as file:
        entries = file.infolist()
    assert [entry.filename for entry in entries] == sorted(FILES)
    assert {entry.compress_type for entry in entries} == {zipfile.ZIP_STORED}
    assert {(entry.date_time, entry.external_attr) for entry in entries} == {((1980, 1, 1, 0, 0, 0), 0o100644 << 16)}


@pytest.mark.parametrize(
    "name",
    ["../up", "/abs", "a/../b", "a//b", "A.json", "", "a/", "c:\\x", "a\\b", ".hidden", "a/.git", "x" * 241, "é"],
)
def test_a_name_that_could_lead_elsewhere_is_neither_written_nor_read(name: str) -> None:
    with pytest.raises(BundleError):
        pack_archive({name: b""})
    if name and not name.endswith("/"):
        assert _refusal(_zip((name, b"x"))).key == "assessment.archive.name"


@pytest.mark.parametrize("name", ["a\nGenuine: yes", "a\x1b[2J"])
def test_a_hostile_name_cannot_write_on_the_terminal(name: str) -> None:
    assert str(_refusal(_zip((name, b"")))).isprintable()


def test_a_folder_entry_is_refused_by_its_name() -> None:
    assert _refusal(_zip(("folder/", b""))).arguments["name"] == "folder/"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_that_stands_twice_is_named() -> None:
    found = _refusal(_zip(("plan.json", b"1"), ("plan.json", b"2")))
    assert (found.key, found.arguments["name"]) == ("assessment.archive.twice", "plan.json")


@pytest.mark.parametrize("mode", [0o120777, 0o040755, 0o020600, 0o010600])
def test_links_folders_devices_and_pipes_are_named(mode: int) -> None:
    found = _refusal(_zip((_entry("plan.json", mode), b"/etc/passwd")))
    assert (found.key, found.arguments["name"]) == ("assessment.archive.link", "plan.json")


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_packed_member_is_refused_before_it_is_unpacked(method: int) -> None:
    found = _refusal(_zip(("plan.json", b"0" * 5000), compression=method))
    assert (found.key, found.arguments["size"]) == ("assessment.archive.packed", 5000)


def test_a_member_that_claims_to_be_larger_than_the_file_is_refused() -> None:
    content = bytearray(_zip(("plan.json", b"12345")))
    place = content.index(b"PK\x01\x02")
    content[place + 20 : place + 28] = (50_000_000).to_bytes(4, "little") * 2
    assert _refusal(bytes(content)).key == "assessment.archive.member_too_large"


def test_an_encrypted_member_is_refused() -> None:
    content = bytearray(_zip(("plan.json", b"12345")))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert _refusal(bytes(content)).key == "assessment.archive.packed"


def _changed_time(files: dict[str, bytes]) -> bytes:
    return _zip(*((zipfile.ZipInfo(name, (2024, 5, 1, 0, 0, 0)), content) for name, content in sorted(files.items())))


@pytest.mark.parametrize(
    "rewrite",
    [
        lambda files: pack_archive(files) + b" ",
        lambda files: b" " + pack_archive(files),
        _changed_time,
        lambda files: _zip(*sorted(files.items(), reverse=True)),
    ],
    ids=["bytes after it", "bytes before it", "other times", "other order"],
)
def test_a_zip_that_was_written_again_is_read_and_said_to_differ(rewrite: Callable[[dict[str, bytes]], bytes]) -> None:
    files, problems = unpack_archive(rewrite(FILES))
    assert files == FILES
    assert [problem.key for problem in problems] == ["assessment.archive.not_canonical"]


def test_a_comment_does_not_slip_through() -> None:
    buffer = io.BytesIO(pack_archive(FILES))
    with zipfile.ZipFile(buffer, "a") as file:
        file.comment = b"trust me"
    assert unpack_archive(buffer.getvalue())[1]


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip", pack_archive(FILES)[:-30], pack_archive(FILES)[40:60]])
def test_what_is_no_zip_is_refused_in_one_line(content: bytes) -> None:
    assert _refusal(content).key == "assessment.archive.not_zip"


def test_a_changed_byte_of_a_member_breaks_its_checksum() -> None:
    content = pack_archive(FILES).replace(b"12345", b"12346")
    assert _refusal(content).key == "assessment.archive.not_zip"


def test_sizes_and_numbers_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    content = pack_archive(FILES)
    monkeypatch.setattr(archive, "MOST_MEMBERS", 2)
    assert _refusal(content).arguments == {"members": 3, "limit": 2}
    monkeypatch.setattr(archive, "LARGEST_BUNDLE", len(content) - 1)
    assert _refusal(content).key == "assessment.archive.too_large"


def test_a_member_above_the_limit_is_refused_though_it_fits_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LARGEST_MEMBER", 4)
    assert _refusal(pack_archive(FILES)).key == "assessment.archive.member_too_large"
