"""Making: what an audit was made from and how: the head of its page, and what repeats it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from shlex import quote
from typing import Any, Final

from hakari.inputs import Columns
from hakari.messages import Message
from hakari.reports.audit.metrics import named
from hakari.reports.audit.result import AuditResult
from hakari.reports.tables import Table
from hakari.reports.words import Words

__all__ = ["Making", "limit_lists", "making_of"]

_MEANINGS: Final = ("label", "prediction", "score", "weight", "cluster")


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """What stands in the head of the page and at its end."""

    head: tuple[tuple[str, str], ...]
    """Label and value."""
    digest: tuple[str, str]
    """What the digest covers, and the digest."""
    measures: Table
    command: str


def making_of(result: AuditResult, words: Words) -> Making:
    """Return how the numbers were made."""
    label, columns = words.say, result.columns
    named = [(label(f"reports.audit.meaning.{each}"), getattr(columns, each)) for each in _MEANINGS]
    head = [
        (label("reports.table.rows"), f"{result.rows:,}"),
        (label("reports.audit.meaning.sensitive"), words.join(list(columns.sensitive))),
        *((name, value) for name, value in named if value),
        *([(label("reports.audit.meaning.controls"), words.join(list(result.controls)))] if result.controls else []),
        (label("reports.audit.measured"), words.time(result.collected_at)),
        (label("reports.audit.confidence"), f"{result.confidence:.4g}"),
        (label("reports.provenance.seed"), f"{result.seed}"),
    ]
    return Making(
        head=tuple(head),
        digest=(label(f"reports.provenance.kind.{result.subject.kind}"), result.subject.digest),
        measures=_measures(result, words),
        command=" ".join(_command(result)),
    )


def limit_lists(result: AuditResult, words: Words) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield a heading and what the numbers under it cannot say: what several measures say, then each one's own."""
    times: dict[Message, int] = {}
    for part in result.parts:
        for limit in dict.fromkeys(part.measured.limits):
            times[limit] = times.get(limit, 0) + 1
    shared = tuple(words(named(limit)) for limit, n in times.items() if n > 1)
    if shared:
        yield words.say("reports.audit.limits.shared"), shared
    for part in result.parts:
        own = tuple(words(named(limit)) for limit in dict.fromkeys(part.measured.limits) if times[limit] == 1)
        if own:
            yield words(part.title), own
    if result.notices:
        yield words.say("reports.audit.limits.reading"), tuple(words(each) for each in result.notices)


def _measures(result: AuditResult, words: Words) -> Table:
    heads = ("reports.check.measure", "reports.provenance.version", "reports.audit.from", "reports.audit.parameters")
    return Table(
        caption=words.say("reports.audit.measures"),
        headers=tuple(words.say(head) for head in heads),
        rows=tuple(
            (part.measure, part.version, part.distribution, _parameters(part.parameters, words))
            for part in result.parts
        ),
    )


def _parameters(parameters: Mapping[str, Any], words: Words) -> str:
    return words.join([f"{name}={_value(value)}" for name, value in parameters.items() if value not in (None, (), [])])


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return "+".join(str(each) for each in value)
    return str(value)


def _command(result: AuditResult) -> Iterator[str]:
    """The command that measures the same again; DATA stands for the data, whose place on a machine is not recorded."""
    yield "hakari audit DATA"
    columns, usual = result.columns, Columns()
    for name in _MEANINGS:
        if getattr(columns, name):
            yield f"--{name} {quote(getattr(columns, name))}"
    yield from (f"--by {quote(column)}" for column in columns.sensitive)
    yield from (f"--control {quote(column)}" for column in result.controls)
    for name in ("positive", "negative"):
        if getattr(columns, name) != getattr(usual, name):
            yield f"--{name} {quote(str(getattr(columns, name)))}"
    passed: dict[str, Any] = {}
    for part in result.parts:
        passed.update(part.passed)
    yield from (f"--measure {each.measure}" for each in result.parts)
    yield from (f"--measure {each.measure}" for each in result.left_out)
    if isinstance(passed.get("reference"), str):
        yield f"--group {quote(passed['reference'])}"
    if passed.get("deviation") is True:
        yield "--deviation"
    if "min_rows" in passed:
        yield f"--min-rows {passed['min_rows']}"
    yield f"--confidence {result.confidence:.15g}"
    yield f"--seed {result.seed}"
