"""The store: every file whole or not at all, and a changed record refused by name."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hakari.assessment.bundle import seal_evidence
from hakari.assessment.engine import assess
from hakari.errors import HakariError, InputError
from hakari.evidence import SigningKey, Subject, create_key
from hakari.messages import say
from hakari.workflows.store import Shelf, Store, write_file
from tests.unit.assessment._small import DATA, counts, given, planned_check, small_plan

PLAN = small_plan()
RECORD = counts(PLAN, {"a": (50, 100), "b": (40, 100)})


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    return create_key(tmp_path / "keys" / "key.pem")


def _saved(folder: Path, key: SigningKey | None = None) -> tuple[Store, Path]:
    store = Store(folder)
    identifier, envelope = seal_evidence(RECORD, key)
    if key:
        store.add_key(key.public)
    store.save_evidence(identifier, envelope)
    return store, folder / ".hakari" / "evidence" / f"{identifier}.json"


def _no_space(*_: Any, **__: Any) -> Any:
    raise OSError(errno.ENOSPC, "No space left on device")


def _interrupt(*_: Any, **__: Any) -> Any:
    raise KeyboardInterrupt


def test_a_file_is_written_with_its_folders_and_may_be_read_by_all(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "file.json"
    write_file(path, b"one")
    write_file(path, b"two")
    assert path.read_bytes() == b"two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("step", ["replace", "fsync", "chmod"])
def test_a_full_disk_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "state" / "plan.json"
    write_file(path, b"old")
    monkeypatch.setattr(os, step, _no_space)
    with pytest.raises(InputError) as caught:
        write_file(path, b"new" * 1000)
    assert caught.value.message.arguments == {  # type: ignore[attr-defined]  # errors of ours carry messages
        "path": str(path.parent), "problem": "No space left on device"
    }  # fmt: skip
    assert path.read_bytes() == b"old"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("step", ["replace", "fsync"])
def test_an_interruption_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "plan.json"
    write_file(path, b"old")
    monkeypatch.setattr(os, step, _interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InputError) as caught:
        write_file(tmp_path / "file" / "below" / "x.json", b"")
    assert "workflows.unwritable" in repr(caught.value.message)


def test_an_empty_folder_holds_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert (store.plan(), store.accepted(), store.looks("1"), store.keys()) == (None, None, {}, {})
    assert (store.evidence({}), store.exceptions()) == (Shelf(), [])
    assert list(tmp_path.iterdir()) == []


def test_a_plan_and_an_accepted_assessment_come_back_equal(tmp_path: Path) -> None:
    store = Store(tmp_path)
    plan = replace(PLAN, warnings=(say("assessment.plan.after_seen", checks=["a"]),))
    store.save_plan(plan)
    assessment = assess(given(PLAN, RECORD))
    store.save_accepted(assessment)
    assert (store.plan(), store.accepted()) == (plan, assessment)


def test_evidence_comes_back_with_its_signer(tmp_path: Path, key: SigningKey) -> None:
    store, path = _saved(tmp_path, key)
    shelf = store.evidence(store.keys())
    assert shelf.records == {path.stem: RECORD}
    assert shelf.envelopes == {path.stem: path.read_bytes()}
    assert shelf.signers == {path.stem: key.public.id}


def test_unsigned_evidence_has_no_signer(tmp_path: Path) -> None:
    store, _ = _saved(tmp_path)
    assert store.evidence({}).signers == {}


@pytest.mark.parametrize("signed", [True, False])
def test_a_changed_record_is_refused_by_name(tmp_path: Path, key: SigningKey, signed: bool) -> None:
    store, path = _saved(tmp_path, key if signed else None)
    content = bytearray(path.read_bytes())
    place = content.index(b'"payload":"') + 400
    content[place] = ord("A") if content[place] != ord("A") else ord("B")
    path.write_bytes(bytes(content))
    with pytest.raises(InputError) as caught:
        store.evidence(store.keys())
    assert caught.value.message.arguments["path"] == str(path)  # type: ignore[attr-defined]  # on purpose


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"not json", b'{"payload":1}'])
def test_a_file_that_is_no_record_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    store, path = _saved(tmp_path)
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        store.evidence({})
    assert path.name in repr(caught.value.message)


def test_a_record_under_another_name_is_refused(tmp_path: Path) -> None:
    store, path = _saved(tmp_path)
    path.rename(path.with_name(f"{'0' * 64}.json"))
    with pytest.raises(InputError, match="0000"):
        store.evidence({})


def test_evidence_of_a_key_that_is_not_known_here_is_refused(tmp_path: Path, key: SigningKey) -> None:
    store, _ = _saved(tmp_path, key)
    with pytest.raises(InputError):
        store.evidence({})


def test_keys_are_remembered_once_and_not_written_again(tmp_path: Path, key: SigningKey) -> None:
    store = Store(tmp_path)
    store.add_key(key.public)
    before = (tmp_path / ".hakari" / "keys.json").stat().st_mtime_ns
    store.add_key(key.public)
    assert store.keys() == {key.public.id: key.public}
    assert (tmp_path / ".hakari" / "keys.json").stat().st_mtime_ns == before


def test_the_same_rows_are_one_look_and_other_rows_the_next(tmp_path: Path) -> None:
    store = Store(tmp_path)
    other = replace(PLAN, subjects=(Subject(role="data.test", kind="file", name="n", digest="e" * 64),))
    for plan in (PLAN, PLAN, other, PLAN):
        store.count_looks(plan)
    assert store.looks("1") == {"gaps/gap[g]": [DATA.digest, "e" * 64]}
    assert store.looks("2") == {}


def test_what_could_not_be_measured_was_not_looked_at(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.count_looks(small_plan(planned_check(impossible=say("assessment.plan.no_data"))))
    assert store.looks("1") == {"gaps/gap[g]": []}
    Store(tmp_path / "no data").count_looks(replace(PLAN, subjects=()))
    assert not (tmp_path / "no data").exists()


@pytest.mark.parametrize("name", ["plan.json", "looks.json", "keys.json", "accepted.json"])
def test_a_file_of_the_state_that_is_not_json_is_refused_in_one_line(tmp_path: Path, name: str) -> None:
    write_file(tmp_path / ".hakari" / name, b"{")
    store = Store(tmp_path)
    with pytest.raises(HakariError, match=name):
        [store.plan(), store.looks("1"), store.keys(), store.accepted()]


@pytest.mark.parametrize(("name", "content"), [("looks.json", b"[1]"), ("keys.json", b"{}"), ("keys.json", b"[1]")])
def test_a_file_of_the_state_of_another_shape_is_refused_in_one_line(tmp_path: Path, name: str, content: bytes) -> None:
    write_file(tmp_path / ".hakari" / name, content)
    store = Store(tmp_path)
    with pytest.raises(HakariError):
        [store.looks("1"), store.keys()]
