"""The program `hakari`: its commands, and how everything that goes wrong is told in one line."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import click

from hakari.cli._command import Group, language_of, show_version
from hakari.cli.terminal.log import configure, logger
from hakari.errors import HakariError
from hakari.messages import Message, say

__all__ = ["COMMANDS", "MISTAKE", "UNEXPECTED", "main"]

MISTAKE: Final = 2
UNEXPECTED: Final = 70

COMMANDS: Final = {
    "init": "init:init",
    "triage": "triage:triage",
    "plan": "plan:plan",
    "assess": "assess:assess",
    "answer": "answer:answer",
    "except": "except_:except_",
    "report": "report:report",
    "verify": "verify:verify",
    "standalone": "standalone:standalone",
    "pack": "packs:pack",
    "harms": "harms:harms",
    "explain": "explanations:explain",
    "notice": "notices:notice",
    "capture": "capture:capture",
    "measure": "measure:measure",
    "audit": "fairness:audit",
    "attributes": "attributes:attributes",
    "key": "key:key",
    "office": "office:office",
    "ledger": "office:ledger",
    "demo": "demo:demo",
}


class _Program(Group):
    """The root: one place where errors become lines and exit codes."""

    def main(  # type: ignore[override]  # click overloads this by a literal that callers of ours never pass
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> Any:
        """Run the command line and exit."""
        given = list(sys.argv[1:] if args is None else args)
        language = language_of(given)
        configure(
            language, "json" if os.environ.get("HAKARI_LOG") == "json" or _json_log(given) else "text", quiet=False
        )
        for stream in (sys.stdout, sys.stderr):
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure is not None:
                # A console that lacks a sign shows “?” in its place instead of failing in the middle of a result.
                reconfigure(errors="replace")
        extra.pop("standalone_mode", None)
        try:
            code = super().main(args=given, prog_name="hakari", standalone_mode=False, **extra)
        except HakariError as error:
            sys.exit(_tell(error.message, MISTAKE))
        except click.ClickException as error:
            sys.exit(_tell(_usage(error), MISTAKE))
        except (click.Abort, KeyboardInterrupt):
            sys.exit(_tell(say("cli.interrupted"), MISTAKE))
        except Exception as error:  # the last door: whatever comes must not be a traceback
            if os.environ.get("HAKARI_DEBUG"):
                raise
            sys.exit(_tell(_unexpected(error), UNEXPECTED))
        sys.exit(code if isinstance(code, int) else 0)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Note the language before anything is parsed, for help and for mistakes."""
        ctx.meta["hakari.language"] = language_of(list(args))
        return super().parse_args(ctx, args)


def _json_log(args: list[str]) -> bool:
    return "--log=json" in args or ("--log", "json") in pairwise(args)


def _tell(message: object, code: int) -> int:
    """Write one line to stderr and return the exit code."""
    logger.error(message if isinstance(message, Message) else say("text", text=str(message)))
    return code


def _usage(error: click.ClickException) -> Message:
    """Return what click found wrong, in our words where we have them."""
    context = getattr(error, "ctx", None)
    where = context.command_path if context is not None else "hakari"
    if isinstance(error, click.NoSuchOption):
        near = sorted(error.possibilities or []) or "–"
        return say("cli.usage.option", option=error.option_name, command=where, nearest=near)
    if isinstance(error, click.MissingParameter):
        parameter = error.param
        name = parameter.make_metavar(context) if isinstance(parameter, click.Argument) and context else None
        if name is None:
            name = parameter.opts[-1] if parameter is not None else "?"
        return say("cli.usage.missing", name=name, command=where)
    if isinstance(error, click.BadParameter) and isinstance(getattr(error.param, "type", None), click.Choice):
        assert error.param is not None
        choices = [str(choice) for choice in error.param.type.choices]  # type: ignore[attr-defined]  # a Choice, see above
        return say("cli.usage.choice", name=error.param.opts[-1], choices=choices, problem=_first(error.message))
    return say("cli.usage.other", problem=_first(error.format_message()), command=where)


def _first(text: str) -> str:
    return " ".join(text.split())


def _unexpected(error: Exception) -> Message:
    return say("cli.unexpected", kind=type(error).__name__, problem=" ".join(str(error).split())[:300])


main: Group = _Program(name="hakari", later=COMMANDS)
main.params.append(click.Option(["--version"], is_flag=True, is_eager=True, expose_value=False, callback=show_version))
"""The click group behind the script `hakari`."""
