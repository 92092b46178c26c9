"""Settings: one clock for a run, which may be fixed, and the key to sign with."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from hakari.errors import InputError, SignatureError
from hakari.evidence import create_key
from hakari.workflows.settings import Clock, default_key_path, find_key


@pytest.fixture(autouse=True)
def no_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)


@pytest.mark.parametrize(
    ("stated", "now", "today"),
    [
        ("2026-11-22T09:00:00+00:00", "2026-11-22T09:00:00+00:00", date(2026, 11, 22)),
        ("2026-11-22T09:00:00Z", "2026-11-22T09:00:00+00:00", date(2026, 11, 22)),
        ("2026-11-22T09:00:00", "2026-11-22T09:00:00+00:00", date(2026, 11, 22)),
        ("2026-11-22T08:00:00+09:00", "2026-11-21T23:00:00+00:00", date(2026, 11, 21)),
        ("2026-11-22", "2026-11-22T00:00:00+00:00", date(2026, 11, 22)),
        ("2026-11-22T09:00:00.999+00:00", "2026-11-22T09:00:00+00:00", date(2026, 11, 22)),
    ],
)
def test_a_stated_time_is_kept_in_utc_to_the_second(
    monkeypatch: pytest.MonkeyPatch, stated: str, now: str, today: date
) -> None:
    monkeypatch.setenv("HAKARI_NOW", stated)
    clock = Clock.read()
    assert (clock.now, clock.today) == (now, today)


def test_the_epoch_of_a_repeatable_build_fixes_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert Clock.read().now == "1970-01-02T00:00:00+00:00"


def test_the_own_variable_goes_before_the_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    monkeypatch.setenv("HAKARI_NOW", "2026-11-22")
    assert Clock.read().today == date(2026, 11, 22)
    monkeypatch.setenv("HAKARI_NOW", "")
    assert Clock.read().today == date(1970, 1, 1)


def test_without_either_it_is_the_present_time() -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    moment = datetime.fromisoformat(Clock.read().now)
    assert before <= moment <= datetime.now(UTC)
    assert moment.utcoffset() == before.utcoffset()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HAKARI_NOW", "yesterday"),
        ("HAKARI_NOW", "2026-13-01"),
        ("SOURCE_DATE_EPOCH", "soon"),
        ("SOURCE_DATE_EPOCH", "1.5"),
        ("SOURCE_DATE_EPOCH", "99999999999999"),
    ],
)
def test_what_is_no_time_is_refused_with_its_value(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(InputError) as caught:
        Clock.read()
    assert getattr(caught.value.message, "arguments") == {"value": value}  # noqa: B009


@pytest.mark.parametrize(
    ("name", "value"), [("SOURCE_DATE_EPOCH", "9" * 30), ("HAKARI_NOW", "0001-01-01T00:00:00+14:00")]
)
def test_a_time_out_of_reach_is_refused_too(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(InputError):
        Clock.read()


def test_a_key_lies_where_the_variable_says_else_in_the_configuration(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert default_key_path() == tmp_path / "hakari" / "key.pem"
    monkeypatch.delenv("XDG_CONFIG_HOME")
    assert default_key_path() == Path.home() / ".config" / "hakari" / "key.pem"
    monkeypatch.setenv("HAKARI_KEY", str(tmp_path / "mine.pem"))
    assert default_key_path() == tmp_path / "mine.pem"


def test_a_key_that_is_named_must_exist_and_the_default_need_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert find_key(None) is None
    with pytest.raises(SignatureError):
        find_key(tmp_path / "none.pem")
    monkeypatch.setenv("HAKARI_KEY", str(tmp_path / "none.pem"))
    with pytest.raises(SignatureError):
        find_key(None)


def test_a_flag_goes_before_the_variable_and_the_variable_before_the_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    default, mine, flag = default_key_path(), tmp_path / "mine.pem", tmp_path / "flag.pem"
    ids = {path: create_key(path).public.id for path in (default, mine, flag)}
    found = [find_key(None)]
    monkeypatch.setenv("HAKARI_KEY", str(mine))
    found += [find_key(None), find_key(flag)]
    assert [key.public.id for key in found if key] == [ids[default], ids[mine], ids[flag]]
