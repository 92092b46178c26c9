"""What `hakari verify` and the single-file verifier answer to the same bundle, in one shape that can be compared."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from types import ModuleType
from typing import Any

from hakari.errors import HakariError
from hakari.evidence import read_directory
from hakari.standalone import single_file
from hakari.workflows.verify import verify_bytes
from tests.contract.bending import Sample

REFUSED = "refused"
TODAY = date(2026, 11, 30)


@dataclass(frozen=True, slots=True)
class Opinion:
    """The answer of one verifier."""

    genuine: str
    """yes, no, partly, or refused: the file cannot be read as a bundle, or the directory as a directory."""
    recomputed: str
    signed: str
    """unsigned, unknown, or how the key stood and whose it is."""
    members: tuple[frozenset[str], ...]
    """The files named as faulty at each level."""
    rests: frozenset[tuple[str, str]]
    """(file, what is said to rest on it)"""
    read: frozenset[tuple[str, str, float]]
    """(check, metric, figure) of the verdicts that rest on a figure which nothing derived again."""
    decision: str
    """What is said of the decision in the bundle, as JSON; empty if there is none that can be read."""
    told: str
    """Everything that was said, for whoever looks into a difference."""

    @property
    def compared(self) -> tuple[object, ...]:
        """What both verifiers must agree on."""
        return (self.genuine, self.recomputed, self.signed, self.members, self.rests, self.read, self.decision)

    @property
    def caught(self) -> bool:
        """Whether something is wrong with the bundle."""
        return "no" in (self.genuine, self.recomputed) or self.genuine == REFUSED


@cache
def verifier() -> ModuleType:
    """Return the single file as a module of this process."""
    module = ModuleType("hakari_verify")
    # Its dataclasses look for the module that they stand in.
    import sys

    sys.modules["hakari_verify"] = module
    exec(compile(single_file(), "hakari_verify.py", "exec"), module.__dict__)
    return module


def of_hakari(sample: Sample) -> Opinion:
    """Return what `hakari verify` answers."""
    try:
        directory = None if sample.directory is None else read_directory(sample.directory, what="keys")
        found = verify_bytes(sample.content, directory=directory, today=TODAY)
    except HakariError as error:
        return Opinion(REFUSED, REFUSED, REFUSED, (), frozenset(), frozenset(), "", str(error))
    made = found.decision
    facts = None if made is None else {**asdict(made), "told": [str(line) for line in made.told]}
    return _opinion(found, found.verdicts.read, str, facts)


def of_the_file(sample: Sample) -> Opinion:
    """Return what the single file answers."""
    module = verifier()
    try:
        directory = None if sample.directory is None else module.read_directory(sample.directory, "keys")
        found = module.verify(sample.content, directory, TODAY)
    except module.Refused as error:
        told = module.render(error.message, "en")
        return Opinion(REFUSED, REFUSED, REFUSED, (), frozenset(), frozenset(), "", told)
    made = found.decision
    facts = None if made is None else {**made.facts, "told": [module.render(line, "en") for line in made.told]}
    return _opinion(found, found.read, lambda message: module.render(message, "en"), facts)


def _opinion(found: Any, read: Any, text: Any, decision: dict[str, Any] | None) -> Opinion:
    genuine, recomputed, _ = found.levels
    lines = [text(found.signed)]
    for level in found.levels:
        lines.append(f"{level.name} {text(level.summary)}")
        lines += [f"{level.name} {problem.member}: {text(problem.problem)}" for problem in level.problems]
    members = tuple(frozenset(problem.member for problem in level.problems) for level in found.levels)
    rests = frozenset(
        (problem.member, text(rest)) for level in found.levels for problem in level.problems for rest in problem.rests
    )
    signed = _standing(found.signed.key, found.signed.arguments)
    figures = frozenset((item.check, item.metric, item.figure) for item in read)
    decided = "" if decision is None else json.dumps(decision, sort_keys=True)
    return Opinion(genuine.status, recomputed.status, signed, members, rests, figures, decided, "\n".join(lines))


def _standing(key: str, arguments: Mapping[str, Any]) -> str:
    name = key.rsplit(".", 1)[-1]
    if name == "unsigned":
        return name
    return "unknown" if name in ("unknown_key", "key_not_listed") else f"{name} {arguments['name']}"
