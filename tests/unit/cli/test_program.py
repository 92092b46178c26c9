from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest

from hakari.cli import main
from hakari.cli._root import COMMANDS
from hakari.messages import LANGUAGES, catalogue
from tests.unit.cli.small import one_line, run


def _commands(group: click.Group, names: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    found: list[tuple[tuple[str, ...], click.Command]] = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        found.append(((*names, name), command))
        if isinstance(command, click.Group):
            found += _commands(command, (*names, name))
    return found


ALL = _commands(main)


def test_help_comes_without_the_heavy_packages() -> None:
    program = (
        "import sys\nfrom hakari.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "print('heavy:', *sorted({'numpy', 'duckdb', 'pydantic', 'scipy', 'rich', 'narwhals'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip().splitlines()[-1] == "heavy:"
    assert all(name in done.stdout for name in COMMANDS)


def test_the_program_without_a_command_shows_its_help() -> None:
    result = run()
    assert result.exit_code == 0
    assert result.stdout == run("--help").stdout


@pytest.mark.parametrize(("names", "command"), ALL, ids=[" ".join(names) for names, _ in ALL])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_explains_itself_and_its_options(
    names: tuple[str, ...], command: click.Command, language: str
) -> None:
    texts = catalogue()
    path = ".".join(names)
    assert texts[f"cli.help.{path}"][language]
    for parameter in command.params:
        own, shared = f"cli.option.{path}.{parameter.name}", f"cli.option.{parameter.name}"
        assert own in texts or shared in texts, f"{path}: nothing explains {parameter.name}"
    result = run(*names, "--help", HAKARI_LANG=language)
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_every_command_takes_the_global_options() -> None:
    for names, command in ALL:
        options = {option for parameter in command.params for option in parameter.opts}
        assert {"--lang", "--json", "--quiet", "--log", "-C"} <= options, names


def test_it_tells_its_version() -> None:
    from importlib.metadata import version

    assert run("--version").stdout == f"hakari {version('hakari')}\n"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["plaan"], "plan"),
        (["assess", "--gatte", "full"], "--gate"),
        (["assess", "--gate", "strict"], "regression"),
        (["verify"], "BUNDLE"),
        (["except", "gap"], "--reason"),
        (["plan", "too", "many"], "too many"),
        (["-C", "nowhere", "plan"], "nowhere"),
    ],
)
def test_a_wrong_command_line_is_told_in_one_line(arguments: list[str], named: str) -> None:
    assert named in one_line(run(*arguments))


def test_mistakes_are_told_in_the_language_asked_for() -> None:
    assert "コマンド「plaan」はありません" in one_line(run("plaan", HAKARI_LANG="ja"))
    assert "が必要です" in one_line(run("verify", "--lang", "ja"))


@pytest.mark.parametrize(("locale", "word"), [("ja_JP.UTF-8", "使い方"), ("de_DE.UTF-8", "Usage")])
def test_the_locale_gives_the_language_when_nothing_else_does(
    locale: str, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    assert run("--help", HAKARI_LANG="", LANG=locale).stdout.startswith(word)


def test_the_log_can_be_json(tmp_path: Path) -> None:
    document = json.loads(one_line(run("-C", tmp_path, "plan", "--log", "json")))
    assert document["level"] == "error"
    assert document["key"] == "assessment.manifest.none"


def test_a_defect_is_one_line_and_not_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hakari.packs.loader.library_names", lambda: 1 / 0)
    result = run("pack", "list")
    assert result.exit_code == 70
    assert len(result.stderr.splitlines()) == 1
    assert "ZeroDivisionError" in result.stderr
    assert "HAKARI_DEBUG=1" in result.stderr


def test_debugging_shows_the_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hakari.packs.loader.library_names", lambda: 1 / 0)
    assert isinstance(run("pack", "list", HAKARI_DEBUG="1").exception, ZeroDivisionError)


def test_an_interrupt_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("hakari.packs.loader.library_names", stop)
    assert "again" in one_line(run("pack", "list"))
