"""The office's keys are renewed: what was signed before still counts, what the old key signs later does not."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from hakari.errors import InputError, NotAllowedError, OfficeError
from hakari.evidence import PublicKey, SigningKey, create_key, load_key, read_directory, seal
from hakari.evidence.renewal import KeyRenewal, open_renewal, seal_renewal
from hakari.messages import Message, render
from hakari.office.core.actions import SYSTEM, Outside
from hakari.office.core.ledger import custody
from hakari.office.core.ledger.chain import Checked, Problem, verify_chain
from hakari.office.core.ledger.checkpoints import TYPE, checkpoint_folder, office_key, read_checkpoints
from hakari.office.core.ledger.custody import key_path, next_path, renewal_folder, renewals
from hakari.office.core.ledger.store import append, ledger_name, verify
from hakari.office.core.ledger.store import rows as stored_rows
from hakari.office.core.models import Event, Head
from hakari.office.desk.key_check import key_notes, look_at_signatures
from hakari.office.desk.ledger_check import seal_ledger
from hakari.office.desk.renewing import record_renewal, renew_key
from hakari.office.keys.directory import directory_bytes
from hakari.office.keys.own import own_publics, site_key

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


def happen(count: int = 1) -> Event:
    for number in range(count):
        event = append("test.happened", by="p1", about=("thing", str(number)))
    return event


def quiet(message: Message) -> None: ...


def renew(role: Any = "office", **options: Any) -> Any:
    return renew_key(role, tell=quiet, **options)


@pytest.fixture
def five(folder: Path) -> SigningKey:
    """Five events, sealed by the first key, which is returned."""
    key = office_key()
    happen(5)
    seal_ledger()
    return key


def checkpoint(key: SigningKey, event: Event, at: datetime.datetime | None = None) -> Path:
    """Write a checkpoint as whoever holds a key can."""
    told = (at or timezone.now()).isoformat(timespec="seconds")
    stated = {"at": told, "digest": event.digest, "sequence": event.sequence}
    path = checkpoint_folder() / f"{event.sequence:012d}.json"
    path.write_bytes(seal(TYPE, stated, [(ledger_name(), event.digest)], [key]))
    return path


def test_a_renewal_is_one_event_that_both_keys_signed(five: SigningKey, folder: Path) -> None:
    done = renew()
    content = (renewal_folder() / f"{6:012d}.json").read_bytes()
    assert open_renewal(content, what="x") == done
    assert (done.sequence, done.old, done.new) == (6, five.public, office_key().public)
    assert {item["keyid"] for item in json.loads(content)["signatures"]} == {done.old.id, done.new.id}
    event = Event.objects.get(sequence=6)
    assert (event.kind, event.digest) == ("office.key_renewed", done.digest)
    assert [item.kind for item in Event.objects.filter(sequence__gt=5)] == ["office.key_renewed"]


def test_the_old_key_is_kept_under_the_name_of_its_end_for_its_owner_only(five: SigningKey, folder: Path) -> None:
    done = renew()
    former = custody.former_path("office", done.at)
    assert load_key(former).public == five.public
    assert former.name.startswith("office-until-2")
    assert all(path.stat().st_mode & 0o077 == 0 for path in (folder / "keys").iterdir())
    assert sorted(path.name for path in (folder / "keys").iterdir()) == sorted([former.name, "office.pem"])


def test_what_was_sealed_before_still_is_and_the_renewal_seals_too(five: SigningKey) -> None:
    renew()
    assert (verify().holds, verify().sealed) == (True, 6)
    happen(3)
    assert seal_ledger() == 9
    renew()
    assert (verify().holds, verify().sealed, len(renewals())) == (True, 10, 2)


@pytest.mark.parametrize("back", [0, 365])
def test_the_old_key_seals_nothing_after_its_end_whatever_date_it_says(five: SigningKey, back: int) -> None:
    renew()
    checkpoint(five, happen(2), timezone.now() - datetime.timedelta(days=back))
    with pytest.raises(OfficeError, match=r"000000000008\.json cannot be used: its key .* had ended with event 6"):
        verify()


def test_a_checkpoint_of_an_old_place_by_the_old_key_but_of_today_is_refused(five: SigningKey) -> None:
    renew()
    checkpoint(five, Event.objects.get(sequence=3), timezone.now() + datetime.timedelta(minutes=5))
    with pytest.raises(OfficeError, match="had ended with event 6"):
        verify()


def test_the_new_key_signs_nothing_that_says_it_was_before(five: SigningKey) -> None:
    renew()
    checkpoint(office_key(), Event.objects.get(sequence=3), timezone.now() - datetime.timedelta(days=1))
    with pytest.raises(OfficeError, match="began only with event 6"):
        verify()


def _by(*names: str) -> Callable[[dict[str, SigningKey]], list[SigningKey]]:
    return lambda keys: [keys[name] for name in names]


@pytest.mark.parametrize("signers", [_by("new"), _by("old"), _by("new", "other"), _by("other"), _by()])
def test_a_renewal_that_not_both_keys_signed_is_refused(
    five: SigningKey, tmp_path: Path, signers: Callable[[dict[str, SigningKey]], list[SigningKey]]
) -> None:
    done = renew()
    keys = {"new": office_key(), "old": five, "other": create_key(tmp_path / "other.pem")}
    (renewal_folder() / f"{6:012d}.json").write_bytes(seal_renewal(done, signers(keys)))
    with pytest.raises(OfficeError, match=r"renewal 000000000006\.json cannot be used"):
        verify()


def test_who_puts_a_key_of_his_own_in_place_is_refused(five: SigningKey, tmp_path: Path) -> None:
    """He writes the database, the folder and the key, and has everything but the old key."""
    thief, event = create_key(tmp_path / "thief.pem"), happen()
    key_path("office").write_bytes((tmp_path / "thief.pem").read_bytes())
    with pytest.raises(OfficeError, match="cannot be used"):
        verify()
    stated = KeyRenewal(
        role="office", old=five.public, new=thief.public, at=event.at.isoformat(), ledger=ledger_name(),
        sequence=6, digest=event.digest,
    )  # fmt: skip
    renewal_folder().mkdir()
    (renewal_folder() / f"{6:012d}.json").write_bytes(seal_renewal(stated, [thief]))
    with pytest.raises(OfficeError, match=r"renewal 000000000006\.json cannot be used"):
        verify()


def test_an_event_of_a_renewal_that_nobody_signed_is_named(five: SigningKey, tmp_path: Path) -> None:
    other = create_key(tmp_path / "other.pem").public
    record_renewal("office", five.public, other, None, by=SYSTEM)
    assert verify().problems == (Problem(kind="renewal", sequence=6),)
    assert office_key().public == five.public


def test_a_date_that_both_keys_turned_back_does_not_fit_the_event(five: SigningKey) -> None:
    done = renew()
    before = (timezone.now() - datetime.timedelta(seconds=30)).isoformat()
    bent = KeyRenewal(
        role=done.role, old=done.old, new=done.new, at=before, ledger=done.ledger, sequence=6, digest=done.digest
    )
    (renewal_folder() / f"{6:012d}.json").write_bytes(seal_renewal(bent, [five, office_key()]))
    assert verify().problems == (Problem(kind="renewal", sequence=6),)


def test_a_later_renewal_that_says_an_earlier_date_is_refused(five: SigningKey) -> None:
    renew()
    second, done = office_key(), renew()
    before = (timezone.now() - datetime.timedelta(days=9)).isoformat()
    bent = KeyRenewal(
        role="office", old=done.old, new=done.new, at=before, ledger=done.ledger, sequence=7, digest=done.digest
    )
    (renewal_folder() / f"{7:012d}.json").write_bytes(seal_renewal(bent, [second, office_key()]))
    with pytest.raises(OfficeError, match="event 6 does not lead to the next key"):
        verify()


@pytest.mark.parametrize("gone", [6, 7])
def test_a_statement_that_is_gone_is_missed(five: SigningKey, gone: int) -> None:
    renew()
    renew()
    (renewal_folder() / f"{gone:012d}.json").unlink()
    with pytest.raises(OfficeError):
        verify()


def test_an_older_key_in_the_place_of_the_present_one_is_told(five: SigningKey) -> None:
    done = renew()
    key_path("office").write_bytes(custody.former_path("office", done.at).read_bytes())
    with pytest.raises(OfficeError, match="not the one to which it was renewed at event 6"):
        verify()


def test_nothing_is_renewed_while_the_ledger_does_not_hold(five: SigningKey, folder: Path) -> None:
    Head.objects.update(digest="0" * 64)
    with pytest.raises(OfficeError, match="The ledger does not hold"):
        renew()
    assert not next_path("office").exists()
    assert office_key().public == five.public


def test_only_the_machine_itself_renews(five: SigningKey, tmp_path: Path) -> None:
    other = create_key(tmp_path / "other.pem").public
    with pytest.raises(NotAllowedError):
        record_renewal("office", five.public, other, None, by=Outside("p1"))


def test_who_comes_second_is_told(five: SigningKey, tmp_path: Path) -> None:
    done = renew()
    for new in (done.new, create_key(tmp_path / "other.pem").public):
        with pytest.raises(OfficeError, match="just been renewed by somebody else"):
            record_renewal("office", five.public, new, None, by=SYSTEM)


# ---- a key that was lost


def test_a_leaked_key_does_not_sign_its_end_and_what_it_signed_since_is_named(five: SigningKey) -> None:
    checkpoint(five, happen(2))
    since = timezone.now() - datetime.timedelta(hours=1)
    checkpoint(five, Event.objects.get(sequence=2), since - datetime.timedelta(days=2))
    done = renew(lost_since=since)
    content = (renewal_folder() / f"{8:012d}.json").read_bytes()
    assert [item["keyid"] for item in json.loads(content)["signatures"]] == [done.new.id]
    assert verify().holds, "what may be forged is named, and does not keep the office from working"
    assert [item.doubted for item in read_checkpoints(ledger_name())] == [False, True, True, False]
    assert [(item.kind, item.name, item.problem) for item in look_at_signatures()] == [
        ("checkpoint", "5", None), ("checkpoint", "7", None),
    ]  # fmt: skip


def test_what_only_a_leaked_key_sealed_is_not_sealed(five: SigningKey) -> None:
    rows = list(stored_rows())
    marks = [Checked(sequence=2, digest=rows[1].digest), Checked(sequence=5, digest=rows[4].digest, doubted=True)]
    report = verify_chain(rows, start=ledger_name(), head=(5, rows[4].digest), checkpoints=marks)
    assert (report.holds, report.sealed) == (True, 2)


def test_a_key_that_is_gone_is_renewed_from_its_published_half(five: SigningKey, tmp_path: Path) -> None:
    key_path("office").unlink()
    since = timezone.now()
    with pytest.raises(OfficeError, match="is gone, though it has signed"):
        office_key()
    with pytest.raises(OfficeError, match="if it is gone for good, run"):
        renew()
    with pytest.raises(InputError, match="newest checkpoint is signed with"):
        renew(lost_since=since, public=create_key(tmp_path / "other.pem").public)
    done = renew(lost_since=since, public=five.public)
    assert (done.old, done.new) == (five.public, office_key().public)
    assert (verify().holds, verify().sealed) == (True, 6)


def test_a_time_to_come_and_another_half_than_that_of_the_file_are_refused(five: SigningKey) -> None:
    with pytest.raises(InputError, match="has not come yet"):
        renew(lost_since=timezone.now() + datetime.timedelta(days=1))
    with pytest.raises(InputError, match="is another one"):
        renew(public=PublicKey("0" * 64))


# ---- interrupted half way


def test_before_the_event_the_old_key_counts_and_the_next_start_says_what_to_do(five: SigningKey) -> None:
    next_key = create_key(next_path("office"))
    assert office_key().public == five.public
    (note,) = key_notes()
    assert "hakari office key renew office, or delete" in render(note, "en")
    assert "hakari office key renew office" in render(note, "ja")
    assert renew().new == next_key.public
    assert key_notes() == []


def test_after_the_event_whoever_asks_for_the_key_finishes(five: SigningKey) -> None:
    new = create_key(next_path("office")).public
    record_renewal("office", five.public, new, None, by=SYSTEM)
    assert office_key().public == new
    assert verify().holds
    assert not next_path("office").exists()
    assert len(list(key_path("office").parent.glob("office-until-*.pem"))) == 1


@pytest.mark.parametrize("broken", ["_write", "_keep_former"])
def test_on_a_full_disk_the_new_key_signs_from_where_it_lies(
    five: SigningKey, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    new = create_key(next_path("office")).public
    record_renewal("office", five.public, new, None, by=SYSTEM)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(custody, broken, full)
        assert office_key().public == new
        assert verify().holds
        assert "the rest happens by itself" in render(key_notes()[0], "en")
    assert office_key().public == new
    assert key_notes() == []
    assert verify().holds


def test_an_old_key_that_is_needed_once_more_is_asked_for(five: SigningKey, tmp_path: Path) -> None:
    new = create_key(next_path("office")).public
    record_renewal("office", five.public, new, None, by=SYSTEM)
    kept = key_path("office").rename(tmp_path / "away.pem")
    with pytest.raises(OfficeError, match="once more, and it is not at"):
        office_key()
    kept.rename(key_path("office"))
    assert office_key().public == new


# ---- the site's key, and the list of keys


def test_the_sites_key_is_renewed_with_the_offices_signature(five: SigningKey) -> None:
    first = site_key()
    done = renew("site")
    assert (done.role, done.old, done.new) == ("site", first.public, site_key().public)
    content = (renewal_folder() / f"{6:012d}.json").read_bytes()
    assert len(json.loads(content)["signatures"]) == 3
    renew()
    renew("site")
    assert verify().holds
    assert len(set(own_publics())) == 5


def test_a_renewal_of_the_site_that_the_office_did_not_sign_is_refused(five: SigningKey) -> None:
    first, done = site_key(), renew("site")
    (renewal_folder() / f"{6:012d}.json").write_bytes(seal_renewal(done, [first, site_key()]))
    with pytest.raises(OfficeError, match="cannot be used"):
        verify()


def test_a_site_key_that_was_renewed_and_is_gone_is_not_made_anew(five: SigningKey) -> None:
    site_key()
    renew("site")
    key_path("site").unlink()
    with pytest.raises(OfficeError, match="is gone, though it has signed"):
        site_key()


def test_the_list_says_from_when_until_when_each_key_counts_and_leads_to_the_new_one(five: SigningKey) -> None:
    site = site_key()
    one = renew()
    two = renew("site", lost_since=timezone.now() - datetime.timedelta(days=1))
    directory = read_directory(directory_bytes(timezone.now()), what="keys")
    old, lost = directory.find(five.public.id), directory.find(site.public.id)
    assert old is not None
    assert lost is not None
    assert old.valid_until == datetime.datetime.fromisoformat(one.at).astimezone(datetime.UTC).isoformat()
    assert (old.revoked, lost.revoked is None) == (None, False)
    now, before = timezone.now().isoformat(), (timezone.now() - datetime.timedelta(hours=1)).isoformat()
    assert (old.standing(before), old.standing(now), lost.standing(before)) == ("valid", "expired", "revoked")
    for key in (office_key(), site_key()):
        entry = directory.find(key.public.id)
        assert entry is not None
        assert entry.standing(now) == "valid"
        assert entry.standing(before) == "not_yet"
    assert directory.signed_by == one.new.id
    assert [step.new for step in directory.follow(five.public.id) or ()] == [one.new]
    assert directory.follow(two.old.id) is None


def test_after_a_loss_nothing_leads_from_the_old_key(five: SigningKey) -> None:
    renew(lost_since=timezone.now())
    assert read_directory(directory_bytes(timezone.now()), what="keys").follow(five.public.id) is None


def test_the_database_alone_renews_no_key(five: SigningKey) -> None:
    """The event of a renewal bent past the triggers is found in the chain, as every other."""
    renew()
    with connection.cursor() as cursor:
        end = "" if connection.vendor == "sqlite" else " ON core_event"
        cursor.execute("DROP TRIGGER core_event_no_update" + end)
        cursor.execute("UPDATE core_event SET kind = 'test.happened' WHERE sequence = 6")
    assert [item.kind for item in verify().problems] == ["column"]
