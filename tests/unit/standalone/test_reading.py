"""The single file reads archives, envelopes, records and key directories as strictly as the product."""

from __future__ import annotations

from typing import Any

import pytest

from hakari.assessment.archive import pack_archive
from hakari.errors import HakariError
from hakari.evidence import DirectoryEntry, read_directory, write_directory
from hakari.standalone import single_file
from hakari.standalone.python.reading import archive, directory, shapes
from hakari.standalone.python.words import Refused
from tests.contract.good_cases import NOW, OFFICE, key_of
from tests.contract.second_opinion import verifier


@pytest.mark.parametrize("files", [{}, {"a": b""}, {"a": b"x", "b/c.json": b"{}", "b/a": bytes(5_000)}])
def test_the_one_archive_of_these_files_is_the_products(files: dict[str, bytes]) -> None:
    content = pack_archive(files)
    assert archive._packed(files) == content
    assert archive.unpack(content) == (files, [])


@pytest.mark.parametrize("content", [b"", b"x", pack_archive({"a": b"x"})[:-1]])
def test_what_is_no_archive_is_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        archive.unpack(content)


def test_bytes_behind_an_archive_are_a_fault_of_its_form() -> None:
    found, problems = archive.unpack(pack_archive({"a": b"x"}) + b"\0")
    assert (found, [problem.key for problem in problems]) == ({"a": b"x"}, ["assessment.archive.not_canonical"])


# ---------------------------------------------------------------- key directories


def entry(seed: int, **times: Any) -> DirectoryEntry:
    return DirectoryEntry(key=key_of(seed).public, name="X", **{"valid_from": "2026-01-01T00:00:00+00:00", **times})


def listed(*entries: DirectoryEntry) -> bytes:
    return write_directory([entry(OFFICE), *entries], issued_at=NOW, key=key_of(OFFICE))


@pytest.mark.parametrize(
    "times",
    [{}, {"valid_until": "2026-11-01T00:00:00+09:00"}, {"revoked": "2026-11-22T18:00:00+09:00"},
     {"revoked": "2026-11-22T09:00:01Z"}, {"valid_from": "2026-11-22T09:00:00.000001+00:00"}],
)  # fmt: skip
@pytest.mark.parametrize("at", [NOW, "2026-11-22", "2026-11-22T09:00:00", "yesterday", "", "2020-01-01T00:00:00+00:00"])
def test_a_key_stands_as_in_the_product(times: dict[str, str], at: str) -> None:
    from hakari.workflows.verify import _standing

    content = listed(entry(7, **times))
    theirs = read_directory(content, what="keys").find(key_of(7).public.id)
    assert theirs is not None
    mine = directory.read_directory(content, "keys")[key_of(7).public.id]
    assert mine.standing(at) == _standing(theirs, at)


def test_any_changed_byte_of_a_directory_is_refused() -> None:
    content = listed(entry(7))
    for place in range(0, len(content), 7):
        bent = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
        with pytest.raises(Refused):
            directory.read_directory(bent, "keys")
        with pytest.raises(HakariError):
            read_directory(bent, what="keys")


# ---------------------------------------------------------------- the shapes of records


@pytest.fixture(scope="module")
def shaped() -> Any:
    return verifier().shaped


def answer(**changes: Any) -> dict[str, Any]:
    record = {
        "kind": "answer", "collected_at": NOW, "effective_at": NOW, "producer": {"name": "X"},
        "answer": {"requirement": "urn:x@1", "question": "q", "value": 5},
    }  # fmt: skip
    return {**record, **changes}


def test_defaults_are_filled_in(shaped: Any) -> None:
    found, faithful = shaped(answer(), "evidence", "x")
    assert faithful
    assert (found["assurance"], found["tables"], found["facts"], found["schema"]) == ("self", [], {}, 1)
    assert "plan" not in found
    assert found["producer"] == {"name": "X", "kind": "person"}


@pytest.mark.parametrize(
    "changes",
    [{"seed": "5"}, {"seed": True}, {"plan": None}, {"answer": {"requirement": "u", "question": "q", "value": None}},
     {"schema": "1"}],
)  # fmt: skip
def test_what_only_reads_as_its_type_is_told(shaped: Any, changes: dict[str, Any]) -> None:
    found, faithful = shaped(answer(**changes), "evidence", "x")
    assert not faithful
    assert found["kind"] == "answer"


@pytest.mark.parametrize(
    "changes",
    [{"more": 1}, {"kind": "zz"}, {"seed": 1.5}, {"seed": "x"}, {"seed": []}, {"producer": {}}, {"producer": "X"},
     {"producer": {"name": 5}}, {"tables": {}}, {"tables": [{"name": "x"}]}, {"facts": []}, {"collected_at": 5},
     {"estimates": [{"metric": "m", "value": [], "interval": {}, "n": 1}]}, {"answer": {"question": "q"}}],
)  # fmt: skip
def test_another_shape_is_refused_as_by_the_product(shaped: Any, changes: dict[str, Any]) -> None:
    from hakari.evidence import Evidence, decode

    with pytest.raises(verifier().Refused) as error:
        shaped(answer(**changes), "evidence", "x")
    assert error.value.message.key == "evidence.record.malformed"
    with pytest.raises(HakariError):
        decode(Evidence, answer(**changes))


def test_the_parts_hold_no_shapes_before_they_are_joined() -> None:
    with pytest.raises(KeyError):
        shapes.shaped({}, "evidence", "x")
    assert "SHAPES.update(" in single_file()
