"""Command and group of this program: global options on every command, help and mistakes in the reader's language."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.metadata import version as installed_version
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import click

from hakari.cli.terminal.layout import paragraph, table
from hakari.cli.terminal.log import configure
from hakari.cli.terminal.session import LogFormat, Session, detect_language
from hakari.errors import InputError
from hakari.messages import Language, catalogue, render, say

__all__ = ["Command", "Group", "command", "group", "language_of", "show_version"]

_GLOBAL = ("language", "as_json", "quiet", "log", "folder")


def language_of(args: list[str]) -> Language:
    """Return the language that these arguments ask for; needed before they are parsed, for help and for mistakes."""
    stated = [value for name, value in pairwise(args) if name == "--lang"]
    stated += [item.partition("=")[2] for item in args if item.startswith("--lang=")]
    known = [value for value in stated if value in ("en", "ja")]
    return cast(Language, known[-1]) if known else detect_language()


def _global_options() -> list[click.Parameter]:
    return [
        click.Option(["--lang", "language"], type=click.Choice(["en", "ja"])),
        click.Option(["--json", "as_json"], is_flag=True, default=None),
        click.Option(["-q", "--quiet"], is_flag=True, default=None),
        click.Option(["--log"], type=click.Choice(["text", "json"])),
        click.Option(["-C", "folder"], type=click.Path(path_type=Path), metavar="FOLDER"),
    ]


def _names(ctx: click.Context) -> list[str]:
    """Return the path of a command below `hakari`."""
    names: list[str] = []
    at: click.Context | None = ctx
    while at is not None and at.parent is not None:
        names.insert(0, at.info_name or "")
        at = at.parent
    return names


def _language(ctx: click.Context) -> Language:
    found = ctx.find_root().meta.get("hakari.language")
    return cast(Language, found) if found in ("en", "ja") else detect_language()


class _Spoken(click.Command):
    """Help from the catalogue. `cli.help.<command>` is what it does, `cli.option.<name>` what an option is for."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        language = _language(ctx)
        width = Session(language=language).width
        parts = [_line("cli.help_page.usage", language, usage=_usage(self, ctx))]
        parts.append(paragraph(_text(f"cli.help.{'.'.join(_names(ctx)) or 'hakari'}", language), width))
        if isinstance(self, click.Group):
            rows = [(name, _summary(_names(ctx), name, language)) for name in self.list_commands(ctx)]
            parts.append(_line("cli.help_page.commands", language) + "\n" + table(rows, width))
        found = [_option_row(parameter, ctx, language) for parameter in self.get_params(ctx)]
        rows = [row for row in found if row is not None]
        parts.append(_line("cli.help_page.options", language) + "\n" + table(rows, width))
        if ctx.parent is None:
            parts.append(paragraph(_line("cli.help_page.exit_codes", language), width))
        formatter.write("\n\n".join(parts) + "\n")


def _usage(command: click.Command, ctx: click.Context) -> str:
    return " ".join(["hakari", *_names(ctx), *command.collect_usage_pieces(ctx)])


def _text(key: str, language: Language) -> str:
    return _line(key, language) if key in catalogue() else ""


def _line(key: str, language: Language, **arguments: str) -> str:
    return render(say(key, **arguments), language)


def _summary(names: list[str], name: str, language: Language) -> str:
    """First sentence of a command's help."""
    text = _text(f"cli.help.{'.'.join([*names, name])}", language)
    mark = "。" if language == "ja" else ". "
    return text.partition(mark)[0].rstrip(".") if text else ""


def _option_row(parameter: click.Parameter, ctx: click.Context, language: Language) -> tuple[str, str] | None:
    if isinstance(parameter, click.Option) and not parameter.hidden:
        value = "" if parameter.is_flag else f" {parameter.make_metavar(ctx)}"
        names = ", ".join(parameter.opts) + value
    elif isinstance(parameter, click.Argument):
        names = parameter.make_metavar(ctx)
    else:
        return None
    own = ".".join(_names(ctx))
    name = "help" if "--help" in parameter.opts else parameter.name
    found = _text(f"cli.option.{own}.{name}", language) or _text(f"cli.option.{name}", language)
    return names, found


class Command(_Spoken):
    """A command with the global options; its function gets the `Session` first and may return an exit code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params = [*self.params, *_global_options()]

    def invoke(self, ctx: click.Context) -> Any:
        """Make the session from the options of this command, of the groups above and of the environment."""
        ctx.obj = _session(ctx)
        configure(ctx.obj.language, ctx.obj.log, quiet=ctx.obj.quiet)
        if not ctx.obj.folder.is_dir():
            raise InputError(say("cli.folder", folder=str(ctx.obj.folder)))
        return super().invoke(ctx)


class Group(_Spoken, click.Group):
    """A group whose commands are imported only when they run."""

    def __init__(self, *args: Any, later: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("invoke_without_command", True)
        super().__init__(*args, **kwargs)
        self.params = [*self.params, *_global_options()]
        self._later = dict(later or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the work."""
        return [*self._later, *self.commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a command and return it."""
        if cmd_name not in self._later:
            return self.commands.get(cmd_name)
        module, _, name = self._later[cmd_name].partition(":")
        found: click.Command = getattr(import_module(f"hakari.cli.{module}"), name)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the nearest command where there is none of that name."""
        from difflib import get_close_matches

        known = self.list_commands(ctx)
        if args[0] not in known and not ctx.resilient_parsing and not args[0].startswith("-"):
            near = get_close_matches(args[0], known, n=3) or known
            raise InputError(say("cli.usage.command", command=args[0], nearest=near))
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Without a command, show the help."""
        if not ctx._protected_args and not ctx.args:
            click.echo(ctx.get_help())
            return 0
        return super().invoke(ctx)


def _session(ctx: click.Context) -> Session:
    """Nearest first: the command, its groups, the environment."""
    found: dict[str, Any] = {}
    at: click.Context | None = ctx
    while at is not None:
        for name in _GLOBAL:
            value = at.params.pop(name, None) if at is ctx else at.params.get(name)
            if value is not None:
                found.setdefault(name, value)
        at = at.parent
    log = found.get("log") or os.environ.get("HAKARI_LOG") or "text"
    return Session(
        language=found.get("language") or _language(ctx),
        as_json=bool(found.get("as_json")),
        quiet=bool(found.get("quiet") or os.environ.get("HAKARI_QUIET")),
        log=cast(LogFormat, log if log in ("text", "json") else "text"),
        folder=found.get("folder") or Path(),
    )


def command(name: str, *, of: Group | None = None) -> Callable[[Callable[..., Any]], Command]:
    """Make a function with the session as its first argument a command, of the group `of` if there is one."""

    def decorate(function: Callable[..., Any]) -> Command:
        made = click.command(name, cls=Command)(click.pass_obj(function))
        if of is not None:
            of.add_command(made)
        return made

    return decorate


def group(name: str, *, later: Mapping[str, str] | None = None) -> Group:
    """Return a group of commands; `later` names the `module:attribute` of each command that is not added."""
    return Group(name=name, later=later)


def show_version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    """Print the version and stop."""
    if value and not ctx.resilient_parsing:
        click.echo(f"hakari {installed_version('hakari')}")
        ctx.exit(0)
