"""Program: `python hakari_verify.py case.zip`, its lines on the terminal and its exit codes."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hakari.standalone.python.embedded import MADE_BY
from hakari.standalone.python.judging.figures import RecordedFigure
from hakari.standalone.python.judging.levels import Level, Problem, Verification, verify
from hakari.standalone.python.reading.archive import LARGEST_BUNDLE
from hakari.standalone.python.reading.directory import read_directory
from hakari.standalone.python.words import Message, Refused, render, say

__all__ = ["main"]

_FAILED, _MISTAKE = 1, 2
_SIGNS = {"yes": "+", "no": "x", "partly": "~", "not_done": "-"}
_SHORT = 21


def main(arguments: Sequence[str] | None = None) -> int:
    """Check a bundle and return 0 if no level failed, 1 if one did, 2 if it cannot be read."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")  # a console that lacks a sign shows “?” in its place
    options = _options(given)
    try:
        _check_python()
        found = _verified(options.bundle, options.keys, options.lang)
    except Refused as error:
        sys.stderr.write(render(error.message, options.lang) + "\n")
        return _MISTAKE
    if options.json:
        told = json.dumps(_document(found, options), ensure_ascii=False, indent=2, sort_keys=True)
    else:
        told = "\n".join(_told(found, options.bundle, options.lang))
    sys.stdout.write(told + "\n")
    return 0 if found.ok else _FAILED


def _options(given: Sequence[str]) -> argparse.Namespace:
    language = _language(given)

    def text(key: str) -> str:
        return render(say(key), language).replace("%", "%%")

    program = argparse.ArgumentParser(prog="hakari_verify.py", description=text("standalone.help"), add_help=False)
    program.add_argument("bundle", type=Path, metavar="case.zip", help=text("standalone.help.bundle"))
    program.add_argument("--keys", type=Path, metavar="keys.json", help=text("standalone.help.keys"))
    program.add_argument("--json", action="store_true", help=text("standalone.help.json"))
    program.add_argument("--lang", choices=["en", "ja"], default=language, help=text("standalone.help.lang"))
    program.add_argument("--version", action="version", version=MADE_BY, help=text("standalone.help.version"))
    program.add_argument("-h", "--help", action="help", help=text("standalone.help.help"))
    return program.parse_args(given)


def _language(given: Sequence[str]) -> str:
    """Return the language that is asked for, before the arguments are parsed: help and mistakes are told in it too."""
    for place, argument in enumerate(given):
        if argument in ("--lang=en", "--lang=ja"):
            return argument[-2:]
        if argument == "--lang" and given[place + 1 : place + 2] in (["en"], ["ja"]):
            return given[place + 1]
    stated = os.environ.get("HAKARI_LANG", "")
    if stated in ("en", "ja"):
        return stated
    local = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "ja" if local.startswith("ja") else "en"


def _check_python() -> None:
    """Refuse to run where the answer could be another: older releases read fewer forms of a time."""
    if tuple(map(int, platform.python_version_tuple()[:2])) < (3, 11):
        raise Refused(say("standalone.old_python", version=platform.python_version()))
    if find_spec("cryptography") is None:
        raise Refused(say("standalone.no_cryptography"))


def _verified(bundle: Path, keys: Path | None, language: str) -> Verification:
    content = _read_path(bundle, "workflows.verify.unreadable")
    directory = None
    if keys is not None:
        directory = read_directory(_read_path(keys, "workflows.verify.keys_unreadable"), str(keys))
    if sys.stderr.isatty():
        sys.stderr.write(render(say("workflows.verify.recomputing"), language) + " …\n")
    return verify(content, directory, datetime.now(UTC).date())


def _read_path(path: Path, key: str) -> bytes:
    try:
        size = path.stat().st_size
        if size > LARGEST_BUNDLE:
            raise Refused(say("assessment.archive.too_large", size=size, limit=LARGEST_BUNDLE))
        return path.read_bytes()
    except (OSError, ValueError) as error:
        problem = getattr(error, "strerror", None) or str(error)
        raise Refused(say(key, path=str(path), problem=problem)) from None


def _document(found: Verification, options: argparse.Namespace) -> dict[str, Any]:
    """Return the answer for machines, each message as its sentence."""

    def text(message: Message) -> str:
        return render(message, options.lang)

    return {
        "bundle": str(options.bundle),
        "decision": None
        if found.decision is None
        else {**found.decision.facts, "told": [text(line) for line in found.decision.told]},
        "levels": [
            {
                "name": level.name,
                "status": level.status,
                "summary": text(level.summary),
                "problems": [
                    {"member": item.member, "problem": text(item.problem), "rests": [text(rest) for rest in item.rests]}
                    for item in level.problems
                ],
            }
            for level in found.levels
        ],
        "not_recomputed": text(say("standalone.not_recomputed")),
        "ok": found.ok,
        "signed": text(found.signed),
        "verdicts": {
            "all": found.verdicts,
            "derived": found.verdicts - len(found.read),
            "read": [
                {
                    "check": item.check,
                    "figure": item.figure,
                    "metric": item.metric,
                    "requirement": _short_name(item),
                    "status": item.status,
                }
                for item in found.read
            ],
        },
    }


def _told(found: Verification, bundle: Path, language: str) -> list[str]:
    """Return the lines for a person."""

    def text(key: str, **arguments: Any) -> str:
        return render(say(key, **arguments), language)

    lines = [text("cli.verify.bundle", path=str(bundle)), render(found.signed, language)]
    lines += [] if found.decision is None else [render(line, language) for line in found.decision.told]
    lines.append("")
    for level in found.levels:
        word = text(f"cli.verify.status.{level.status}")
        name = text(f"cli.verify.level.{level.name.replace('-', '')}")
        lines.append(f"{_SIGNS[level.status]} {name}: {word}. {render(level.summary, language)}")
    lines.append(f"  {text('standalone.not_recomputed')}")
    for level in found.levels:
        lines += _problem_lines(level, language)
    lines += _read_lines(found, language)
    return [*lines, "", text("assessment.notice.genuine")]


def _read_lines(found: Verification, language: str) -> list[str]:
    """Name every verdict that rests on a figure of a record which was not derived again."""
    if not found.read:
        return []
    lines = ["", render(say("cli.verify.read"), language)]
    for item in found.read:
        told = say(
            "workflows.verify.read_figure",
            requirement=_short_name(item),
            check=item.check.partition("/")[2] or item.check,
            metric=item.metric,
            figure=item.figure,
            status=say(f"reasons.status.{item.status}"),
        )
        lines.append("  " + render(told, language))
    return lines


def _short_name(item: RecordedFigure) -> str:
    return item.requirement.rsplit(":", 1)[-1].split("@", 1)[0]


def _problem_lines(level: Level, language: str) -> list[str]:
    """Name each file once, with everything that is wrong with it and everything that rests on it."""
    if not level.problems:
        return []
    name = render(say(f"cli.verify.level.{level.name.replace('-', '')}"), language)
    lines = ["", render(say("cli.verify.problems", level=name, n=len(level.problems)), language)]
    members: dict[str, list[Problem]] = {}
    for problem in level.problems:
        members.setdefault(problem.member, []).append(problem)
    for member, problems in members.items():
        lines.append("  " + render(say("text", text=member) if member else say("cli.verify.whole"), language))
        lines += [f"    - {render(_shortened(problem.problem, member), language)}" for problem in problems]
        rests = list(dict.fromkeys(render(rest, language) for problem in problems for rest in problem.rests))
        if rests:
            lines += [f"    {render(say('cli.verify.rests'), language)}", *(f"      {rest}" for rest in rests)]
    return lines


def _shortened(problem: Message, member: str) -> Message:
    """The file stands in full above; 64 digits again in each line would hide what is wrong with it."""
    if len(member) <= _SHORT:
        return problem
    short = {name: f"{member[:_SHORT]}…" for name, value in problem.arguments.items() if value == member}
    return Message(problem.key, {**problem.arguments, **short})
