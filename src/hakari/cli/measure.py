"""`hakari measure`: the registered methods, and running one of them without an assessment."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hakari.cli._command import command, group
from hakari.cli.terminal.layout import table
from hakari.cli.terminal.session import Session
from hakari.cli.terminal.steps import Steps
from hakari.errors import InputError
from hakari.messages import Message, say

if TYPE_CHECKING:
    from hakari.evidence import Estimate
    from hakari.measures import Measure, Measured

__all__ = ["measure"]

measure = group("measure")


@command("list", of=measure)
def list_(session: Session) -> None:
    """List every measure of this installation."""
    from hakari.measures import registered_measures

    found = registered_measures()
    if session.as_json:
        session.emit([_document(name, *entry) for name, entry in sorted(found.items())])
        return
    rows = [
        (f"{name}@{item.major}", session.say(f"cli.measure.status.{item.status}"), session.text(item.title))
        for name, (item, _) in sorted(found.items())
    ]
    session.lines(table(rows, session.width, indent=""))


@command("show", of=measure)
@click.argument("reference", metavar="MEASURE")
def show(session: Session, reference: str) -> None:
    """Print a measure's summary, metrics and parameters."""
    from hakari.evidence import json_schema
    from hakari.measures import find_measure

    found, distribution = find_measure(reference)
    kind = found.parameters()
    if session.as_json:
        session.emit({**_document(found.id, found, distribution), "parameters": json_schema(kind)})
        return
    session.print(click.style(session.text(found.title), bold=True))
    session.lines(session.say("cli.measure.head", measure=found.id, version=found.version, distribution=distribution))
    session.print(session.text(found.summary))
    if found.needs:
        session.print(session.say("cli.measure.needs", columns=list(found.needs)))
    session.print()
    session.print(session.say("cli.measure.metrics"))
    session.lines(
        table(
            [(name, session.say(f"cli.measure.basis.{item.basis}")) for name, item in found.metrics.items()],
            session.width,
        )
    )
    session.print()
    session.print(session.say("cli.measure.parameters"))
    rows = [(item.name, str(item.type), _default(item.default)) for item in fields(kind)]
    session.lines(table(rows, session.width))


@command("run", of=measure)
@click.argument("reference", metavar="MEASURE")
@click.argument("data", metavar="DATA")
@click.option("--label")
@click.option("--prediction")
@click.option("--score")
@click.option("--sensitive", multiple=True)
@click.option("--positive", default="1")
@click.option("--train", type=click.Path(path_type=Path), metavar="DATA")
@click.option("--encoding")
@click.option("--param", "params", multiple=True, metavar="NAME=JSON")
@click.option("--seed", type=click.IntRange(0, 2**53 - 1), default=0)
def run(session: Session, reference: str, data: str, **options: Any) -> None:
    """Measure once and print every estimate with its interval."""
    from hakari.evidence import decode
    from hakari.inputs import Columns, Inputs, open_data
    from hakari.measures import Context, find_measure

    found, _ = find_measure(reference)
    parameters = decode(found.parameters(), _parameters(options["params"]), what=found.id)
    names = ("label", "prediction", "score", "positive")
    columns = Columns(sensitive=tuple(options["sensitive"]), **{name: options[name] for name in names})
    with Steps(session) as steps:
        encoding, train = options["encoding"], options["train"]
        table_ = open_data(_source(session, data), role="data.test", encoding=encoding)
        other = None if train is None else open_data(session.path(train), role="data.train", encoding=encoding)
        context = Context(seed=options["seed"], measure=found.id, progress=steps)
        measured = found.function()(Inputs(data=table_, train=other, columns=columns), parameters, context=context)
    if session.as_json:
        session.emit({"estimates": measured.estimates, "limits": measured.limits, "measure": found.id})
        return
    _show(found, measured, session)
    for notice in table_.notices:
        session.print(session.text(notice), first="- ", rest="  ")


def _source(session: Session, data: str) -> str | Path:
    return data if data.startswith("duckdb:") else session.path(data)


def _parameters(pairs: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise InputError(say("cli.measure.parameter", value=pair))
        try:
            found[name] = json.loads(value)
        except ValueError:
            # A bare word is text: nobody should have to quote quotes in a shell.
            found[name] = value
    return found


def _show(found: Measure, measured: Measured, session: Session) -> None:
    session.print(click.style(session.text(found.title), bold=True))
    heads = ("metric", "where", "value", "n", "interval")
    rows = [tuple(session.say(f"cli.measure.column.{head}") for head in heads)]
    notes: dict[tuple[str, Message], list[str]] = {}
    for estimate in measured.estimates:
        row = _row(estimate, session, notes)
        if row is not None:
            rows.append(row)
    session.lines(table(rows, session.width, indent="", right=(2, 3)))
    for (kind, reason), names in notes.items():
        session.print()
        session.print(session.say(f"cli.measure.note.{kind}", reason=reason, metrics=names))
    if measured.limits:
        session.print()
        session.print(session.say("cli.measure.limits"))
        for limit in measured.limits:
            session.print(session.text(limit), first="  - ", rest="    ")


def _row(estimate: Estimate, session: Session, notes: dict[tuple[str, Message], list[str]]) -> tuple[str, ...] | None:
    """Return one line; what has no value or no interval is noted with its reason, once for all of the same reason."""
    from hakari.evidence import Unmeasured

    where = ", ".join(f"{column}={level}" for column, level in estimate.slice.items())
    if isinstance(estimate.value, Unmeasured):
        name = f"{estimate.metric} [{where}]" if where else estimate.metric
        notes.setdefault(("unmeasured", estimate.value.unmeasured), []).append(name)
        return None
    if isinstance(estimate.interval, Unmeasured):
        names = notes.setdefault(("bare", estimate.interval.unmeasured), [])
        if estimate.metric not in names:
            names.append(estimate.metric)
        interval = "–"
    elif estimate.interval.method == "count":
        interval = session.say("cli.measure.counted")
    else:
        low, high, level = estimate.interval.low, estimate.interval.high, estimate.interval.level
        interval = session.say("cli.measure.interval", low=_number(low), high=_number(high), level=level)
    return estimate.metric, where, _number(estimate.value), f"{estimate.n:,}", interval


def _number(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() and abs(value) >= 2 else f"{value:.4f}"


def _default(value: Any) -> str:
    return "–" if value is MISSING else json.dumps(value)


def _document(name: str, found: Measure, distribution: str) -> dict[str, Any]:
    texts: dict[str, Message] = {"summary": found.summary, "title": found.title}
    return {
        "distribution": distribution,
        "id": name,
        "metrics": {metric: {"basis": item.basis, "high_is": item.high_is} for metric, item in found.metrics.items()},
        "needs": found.needs,
        "status": found.status,
        "version": found.version,
        **texts,
    }
