"""Second opinion: the single-file verifier under the inputs of the bundle door, beside `hakari verify`.

It is exec'd as the one file that a stranger gets. Both must answer every level alike, or both refuse.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from bench.fuzz import seeds
from bench.fuzz.mutate_bundle import unzipped
from bench.fuzz.oracle import Differs

from hakari.errors import BundleError, HakariError
from hakari.evidence import KeyDirectory, digest_bytes, read_directory
from hakari.messages import LANGUAGES, say
from hakari.standalone import single_file
from hakari.workflows.verify import verify_bytes

__all__ = ["run_second_opinion"]


@cache
def _program() -> Any:
    module = ModuleType("hakari_verify")
    sys.modules["hakari_verify"] = module  # dataclasses look their module up
    exec(compile(single_file(), "hakari_verify.py", "exec"), module.__dict__)
    return module


@cache
def _directories() -> tuple[KeyDirectory, Any]:
    content = seeds.directory()
    return read_directory(content, what="keys.json"), _program().read_directory(content, "keys.json")


def run_second_opinion(data: bytes, _: Path, messages: list[object]) -> None:
    """Verify a bundle by the single file and by the package, and compare."""
    program = _program()
    ours, theirs = _directories() if digest_bytes(data)[0] in "0123" else (None, None)
    try:
        found = program.verify(data, theirs)
    except program.Refused as error:
        refusal = error.message
        messages += [say("text", text=program.render(refusal, language)) for language in LANGUAGES]
        try:
            first = verify_bytes(data, directory=ours)
        except HakariError as also:
            raise also from None
        if first.ok:
            raise Differs(f"refused by one: {program.render(refusal, 'en')}") from None
        return
    told = [found.signed, *(level.summary for level in found.levels)]
    for level in found.levels:
        for problem in level.problems:
            told += [problem.problem, *problem.rests]
    messages += [say("text", text=program.render(message, language)) for message in told for language in LANGUAGES]
    try:
        first = verify_bytes(data, directory=ours)
    except BundleError as error:
        if found.ok:
            raise Differs(f"refused by one: {error}") from None
        raise
    one = [level.status for level in first.levels]
    other = [level.status for level in found.levels]
    if one != other:
        members = sorted(unzipped(data) or {})
        why = [str(problem.problem)[:200] for level in first.levels for problem in level.problems][:3]
        why_other = [program.render(p.problem, "en")[:200] for level in found.levels for p in level.problems][:3]
        raise Differs(f"answered otherwise {one} {other}: {why} {why_other} {len(members)} members")
