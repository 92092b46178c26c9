"""What is saved comes back as it was, and nothing bent comes back at all."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from hakari.errors import InputError, OfficeError
from hakari.evidence import PublicKey, seal
from hakari.messages import Message
from hakari.office.committee.votes.key import kept_votes_key, load_votes_key
from hakari.office.core.ledger.checkpoints import office_key, write_checkpoint
from hakari.office.core.ledger.custody import former_path, renewals
from hakari.office.core.ledger.store import append, verify
from hakari.office.core.ledger.triggers import expected_triggers, install_triggers
from hakari.office.core.models import FreeText
from hakari.office.desk import restoring
from hakari.office.desk.ledger_check import seal_ledger
from hakari.office.desk.renewing import renew_key
from hakari.office.desk.restoring import restore
from hakari.office.desk.rows import _one_kind, load_table, not_empty, row_lines, saved_models
from hakari.office.desk.saving import PREDICATE, last_backup, save
from hakari.office.keys.own import own_publics, site_key
from hakari.office.registry.actions import create_draft
from tests.pages.conftest import Company

pytestmark = pytest.mark.postgres


@pytest.fixture
def filled(company: Company, folder: Path) -> dict[str, list[bytes]]:
    """Fill the office a little and return all its rows."""
    use_case = create_draft("Sorting 写真", "Zeilen\nund „Zeichen“", company.cameras, by=company.owner)
    FreeText.objects.filter(text="").update(text=None)
    for number in range(20):
        append("test.happened", by=company.owner.key, about=("use_case", use_case.key), data={"n": number})
    (folder / "uploads").mkdir()
    (folder / "uploads" / "paper.pdf").write_bytes(b"\x00\xff paper")
    return rows()


def rows() -> dict[str, list[bytes]]:
    return {model._meta.db_table: list(row_lines(model)) for model in saved_models()}


def saved(folder: Path, told: list[Message], *, with_keys: bool = False) -> Path:
    path = folder.parent / "office.zip"
    save(path, with_keys=with_keys, tell=told.append)
    return path


def empty() -> None:
    """Take all rows away, as if the installation were new."""
    with connection.cursor() as cursor:
        for table, names in expected_triggers(connection.vendor).items():
            for name in names:
                cursor.execute(f'DROP TRIGGER "{name}"' + ("" if connection.vendor == "sqlite" else f' ON "{table}"'))
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA defer_foreign_keys = ON")
            for model in saved_models():
                cursor.execute(f'DELETE FROM "{model._meta.db_table}"')
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            every = ", ".join(f'"{model._meta.db_table}"' for model in saved_models())
            cursor.execute(f"TRUNCATE {every} CASCADE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    install_triggers(connection)
    assert not_empty() is None


def elsewhere(settings: Any, tmp_path: Path, *, key: bool = True) -> Path:
    """Go to an empty folder, with the key of the old one unless told otherwise."""
    old, place = settings.ENVIRONMENT.key, tmp_path / "new"
    place.mkdir()
    path = place / "keys" / "office.pem"
    if key:
        path.parent.mkdir()
        path.write_bytes(old.read_bytes())
        path.chmod(0o600)
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, folder=place, key=path)
    empty()
    return place


def test_every_row_and_file_comes_back(
    filled: dict[str, list[bytes]], folder: Path, settings: Any, tmp_path: Path, told: list[Message]
) -> None:
    path = saved(folder, told)
    place = elsewhere(settings, tmp_path)
    found = restore(path, tell=told.append)
    assert rows() == filled
    assert (place / "uploads" / "paper.pdf").read_bytes() == b"\x00\xff paper"
    assert verify().holds
    assert found.events == found.sealed == len(filled["core_event"])


def test_work_goes_on_after_restoring(
    filled: dict[str, list[bytes]], company: Company, folder: Path, settings: Any, tmp_path: Path, told: list[Message]
) -> None:
    path = saved(folder, told)
    elsewhere(settings, tmp_path)
    restore(path, tell=told.append)
    create_draft("Next", "", company.cameras, by=company.owner)
    assert verify().holds


def test_a_backup_is_for_its_owner_only_and_holds_no_secret(
    filled: dict[str, list[bytes]], folder: Path, told: list[Message]
) -> None:
    (folder / "secret").write_text("very secret", "utf-8")
    site_key()
    path = saved(folder, told)
    assert path.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(path) as archive:
        assert not [name for name in archive.namelist() if name.startswith("keys/") or "secret" in name]
        for key in ("office.pem", "site.pem"):
            private = (folder / "keys" / key).read_bytes().splitlines()[1]
            assert not any(private in archive.read(name) for name in archive.namelist())
    assert last_backup() is not None


def test_with_keys_an_empty_folder_is_enough(
    filled: dict[str, list[bytes]], folder: Path, settings: Any, tmp_path: Path, told: list[Message]
) -> None:
    path = saved(folder, told, with_keys=True)
    place = elsewhere(settings, tmp_path, key=False)
    restore(path, tell=told.append)
    assert rows() == filled
    assert (place / "keys" / "office.pem").stat().st_mode & 0o077 == 0


def test_the_key_of_the_site_comes_back_with_the_keys_for_its_owner_only(
    filled: dict[str, list[bytes]], folder: Path, settings: Any, tmp_path: Path, told: list[Message]
) -> None:
    public = site_key().public
    path = saved(folder, told, with_keys=True)
    place = elsewhere(settings, tmp_path, key=False)
    restore(path, tell=told.append)
    assert site_key().public == public
    assert (place / "keys" / "site.pem").stat().st_mode & 0o077 == 0


def test_the_key_that_seals_votes_is_saved_with_the_keys_only_and_comes_back_for_its_owner(
    filled: dict[str, list[bytes]], folder: Path, settings: Any, tmp_path: Path, told: list[Message]
) -> None:
    key = kept_votes_key()
    without = saved(folder, told)
    with zipfile.ZipFile(without) as archive:
        assert "keys/votes.key" not in archive.namelist()
    without.unlink()
    path = saved(folder, told, with_keys=True)
    place = elsewhere(settings, tmp_path, key=False)
    restore(path, tell=told.append)
    assert load_votes_key() == key
    assert (place / "keys" / "votes.key").stat().st_mode & 0o077 == 0


def test_without_the_key_of_the_site_what_it_signed_is_not_restored(
    filled: dict[str, list[bytes]], folder: Path, settings: Any, tmp_path: Path, told: list[Message]
) -> None:
    site_key()
    path = saved(folder, told)
    place = elsewhere(settings, tmp_path)
    with pytest.raises(OfficeError, match="a site key that is not at"):
        restore(path, tell=told.append)
    assert not (place / "keys" / "site.pem").exists()
    site_key()
    with pytest.raises(OfficeError, match="not the site's key of the backup"):
        restore(path, tell=told.append)
    assert not_empty() is None


@pytest.mark.parametrize("content", [b"no key", b"0" * (1 << 21)])
def test_a_bent_key_of_the_site_is_refused_and_leaves_nothing(
    filled: dict[str, list[bytes]], folder: Path, settings: Any, tmp_path: Path, told: list[Message], content: bytes
) -> None:
    site_key()
    whole = saved(folder, told, with_keys=True)
    path = rewritten(whole, lambda name, old: content if name == "keys/site.pem" else old)
    place = elsewhere(settings, tmp_path)
    with pytest.raises(OfficeError, match="changed or is damaged"):
        restore(path, tell=told.append)
    assert [item.name for item in place.rglob("*") if item.is_file()] == ["office.pem"]


def test_without_the_key_nothing_is_restored(
    filled: dict[str, list[bytes]], folder: Path, settings: Any, tmp_path: Path, told: list[Message]
) -> None:
    path = saved(folder, told)
    elsewhere(settings, tmp_path, key=False)
    with pytest.raises(OfficeError, match="Put the office's key there"):
        restore(path, tell=told.append)


def test_a_filled_office_takes_no_backup_over_itself(
    filled: dict[str, list[bytes]], folder: Path, told: list[Message]
) -> None:
    path = saved(folder, told)
    with pytest.raises(OfficeError, match="holds something already"):
        restore(path, tell=told.append)
    with pytest.raises(OfficeError, match="is there already"):
        save(path, with_keys=False, tell=told.append)


def rewritten(path: Path, change: Any) -> Path:
    """Write the archive again with one thing changed, its own check sums right."""
    other = path.with_name("bent.zip")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            found = change(name, source.read(name))
            for new, content in found if isinstance(found, list) else [(name, found)]:
                target.writestr(new, content)
    return other


BENDS: dict[str, Any] = {
    "an event is changed": lambda name, content: (
        content.replace(b'"kind":"test.happened"', b'"kind":"test.appeared"')
        if name == "rows/core_event.jsonl"
        else content
    ),
    "a row is gone": lambda name, content: (
        b"\n".join(content.split(b"\n")[1:]) if name == "rows/people_person.jsonl" else content
    ),
    "a file is changed": lambda name, content: content + b"x" if name == "uploads/paper.pdf" else content,
    "a file is gone": lambda name, content: [] if name == "uploads/paper.pdf" else content,
    "a file is added": lambda name, content: [(name, content), (f"{name}2", b"")] if "paper" in name else content,
    "a file leads out": lambda name, content: [("uploads/../../out", content)] if "paper" in name else content,
    "a checkpoint is gone": lambda name, content: [] if name.startswith("checkpoints/") else content,
    "the list is changed": lambda name, content: content.replace(b"A", b"B", 1) if name == "list.json" else content,
    "the list is gone": lambda name, content: [] if name == "list.json" else content,
    "the list is no list": lambda name, content: json.dumps([]).encode() if name == "list.json" else content,
}


@pytest.mark.parametrize("bend", BENDS)
def test_a_bent_backup_is_refused_in_one_line_and_leaves_nothing(
    filled: dict[str, list[bytes]], folder: Path, settings: Any, tmp_path: Path, told: list[Message], bend: str
) -> None:
    path = rewritten(saved(folder, told), BENDS[bend])
    place = elsewhere(settings, tmp_path)
    with pytest.raises(OfficeError, match="changed or is damaged") as refused:
        restore(path, tell=told.append)
    assert "\n" not in str(refused.value)
    assert not_empty() is None
    assert [item.name for item in place.rglob("*") if item.is_file()] == ["office.pem"]
    assert not (tmp_path / "out").exists()


def test_bytes_flipped_anywhere_are_refused_or_say_nothing(
    filled: dict[str, list[bytes]], folder: Path, settings: Any, tmp_path: Path, told: list[Message]
) -> None:
    """A flip in what nothing reads (a time in the ZIP's own table) may pass; then everything is as it was."""
    path, draw = saved(folder, told), random.Random(5)
    whole = path.read_bytes()
    elsewhere(settings, tmp_path)
    for _ in range(60):
        at = draw.randrange(len(whole))
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << draw.randrange(8)]) + whole[at + 1 :])
        line = attempt(path, told)
        if not line:
            assert rows() == filled
            return
        assert "\n" not in line
        assert not_empty() is None


def attempt(path: Path, told: list[Message]) -> str:
    """Return why a backup was refused, or nothing."""
    try:
        restore(path, tell=told.append)
    except OfficeError as error:
        return str(error)
    return ""


def test_a_file_that_is_no_archive_and_one_that_is_not_there_are_told(folder: Path, db: None, tmp_path: Path) -> None:
    (tmp_path / "no.zip").write_bytes(b"no archive")
    with pytest.raises(OfficeError, match="changed or is damaged"):
        restore(tmp_path / "no.zip", tell=lambda message: None)
    with pytest.raises(OfficeError, match="There is no file"):
        restore(tmp_path / "none.zip", tell=lambda message: None)


def test_a_ledger_that_does_not_hold_is_not_saved(
    filled: dict[str, list[bytes]], folder: Path, told: list[Message]
) -> None:
    from hakari.office.core.models import Head

    Head.objects.update(digest="0" * 64)
    with pytest.raises(OfficeError, match="The ledger does not hold"):
        saved(folder, told)
    assert not (folder.parent / "office.zip").exists()


def test_rows_from_a_table_of_another_shape_are_refused(db: None) -> None:
    with pytest.raises(ValueError, match="columns"):
        load_table(FreeText, [b'{"digest":"0"}'])


# ---- keys that were renewed, or lost


def renewed(role: Any = "office", **options: Any) -> Any:
    return renew_key(role, tell=lambda message: None, **options)


def stated(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as archive:
        outer = json.loads(archive.read("list.json"))
    found: dict[str, Any] = json.loads(base64.b64decode(outer["payload"]))["predicate"]
    return found


def test_a_backup_after_a_renewal_comes_back_with_what_both_keys_sealed(
    filled: dict[str, list[bytes]], folder: Path, settings: Any, tmp_path: Path, told: list[Message]
) -> None:
    seal_ledger()
    first = office_key().public
    done = renewed()
    path = saved(folder, told)
    before = rows()
    elsewhere(settings, tmp_path)
    restore(path, tell=told.append)
    assert rows() == before
    assert verify().holds
    assert [item.digest for item in renewals()] == [done.digest]
    assert first in own_publics()


def test_an_older_backup_says_which_key_opens_it(
    filled: dict[str, list[bytes]], folder: Path, settings: Any, tmp_path: Path, told: list[Message]
) -> None:
    path = saved(folder, told)
    done = renewed()
    kept = former_path("office", done.at)
    place = elsewhere(settings, tmp_path)
    former = place / "keys" / kept.name
    former.write_bytes(kept.read_bytes())
    former.chmod(0o600)
    with pytest.raises(OfficeError, match=rf"needs an earlier key, which lies at .*{former.name}"):
        restore(path, tell=told.append)
    former.replace(place / "keys" / "office.pem")
    restore(path, tell=told.append)
    assert rows() == filled
    assert office_key().public == done.old


def test_with_all_keys_lost_a_published_half_opens_it_and_both_are_renewed(
    filled: dict[str, list[bytes]], folder: Path, settings: Any, tmp_path: Path, told: list[Message]
) -> None:
    office, site = office_key().public, site_key().public
    path = saved(folder, told)
    elsewhere(settings, tmp_path, key=False)
    other = PublicKey("1" * 64)
    with pytest.raises(OfficeError, match="not signed by this office's key"):
        restore(path, public=other, tell=told.append)
    found = restore(path, public=office, tell=told.append)
    assert found.lost == {"office": office.hex, "site": site.hex}
    with pytest.raises(OfficeError, match="is gone, though it has signed"):
        write_checkpoint(1, "0" * 64, ledger="0" * 64)
    now = timezone.now()
    renewed("office", lost_since=now, public=office)
    renewed("site", lost_since=now, public=site)
    assert verify().holds
    assert set(own_publics()) >= {office, site}


def test_a_published_half_is_not_taken_where_there_is_a_key(
    filled: dict[str, list[bytes]], folder: Path, settings: Any, tmp_path: Path, told: list[Message]
) -> None:
    path, public = saved(folder, told), office_key().public
    elsewhere(settings, tmp_path)
    with pytest.raises(InputError, match="--public is not needed"):
        restore(path, public=public, tell=told.append)


# ---- rows are compared after restoring


def test_the_signed_list_says_count_and_digest_of_every_table(
    filled: dict[str, list[bytes]], folder: Path, told: list[Message]
) -> None:
    found = stated(saved(folder, told))["tables"]
    assert {name: item["rows"] for name, item in found.items()} == {name: len(lines) for name, lines in rows().items()}
    lines = rows()["people_person"]
    # No whole number is stored as a fraction there, so that the bytes are those of the file.
    assert found["people_person"]["sha256"] == hashlib.sha256(b"".join(lines)).hexdigest()


def test_rows_that_the_way_back_changed_are_named_by_table_and_nothing_stays(
    filled: dict[str, list[bytes]], folder: Path, settings: Any, tmp_path: Path, told: list[Message],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    path = saved(folder, told)

    def careless(model: Any, lines: Any) -> int:
        if model._meta.db_table == "people_person":
            lines = [line.replace(b'"Owner"', b'"Other"') for line in lines]
        if model._meta.db_table == "people_unit":
            lines = [line.replace(b'"Lenses"', b'"Bodies"') for line in lines]
        return load_table(model, lines)

    monkeypatch.setattr(restoring, "load_table", careless)
    elsewhere(settings, tmp_path)
    with pytest.raises(OfficeError, match=r"in 2 tables the rows .*people_person, people_unit"):
        restore(path, tell=told.append)
    assert not_empty() is None


def test_every_table_is_compared(
    filled: dict[str, list[bytes]], folder: Path, settings: Any, tmp_path: Path, told: list[Message]
) -> None:
    path = saved(folder, told)
    elsewhere(settings, tmp_path)
    assert restore(path, tell=told.append).tables == len(saved_models())


def test_an_older_backup_without_sums_is_restored_and_says_so(
    filled: dict[str, list[bytes]], folder: Path, settings: Any, tmp_path: Path, told: list[Message]
) -> None:
    path = saved(folder, told)
    older = {name: value for name, value in stated(path).items() if name != "tables"}
    content = seal(PREDICATE, older, [("office", "0" * 64)], [office_key()])
    old = rewritten(path, lambda name, data: content if name == "list.json" else data)
    elsewhere(settings, tmp_path)
    assert restore(old, tell=told.append).tables is None
    assert rows() == filled


def test_two_and_two_point_nought_are_the_same_row_from_either_database() -> None:
    assert _one_kind({"a": [2.0, {"b": 1e300}], "c": 0.5, "d": True}) == {
        "a": [2, {"b": int(1e300)}],
        "c": 0.5,
        "d": True,
    }
