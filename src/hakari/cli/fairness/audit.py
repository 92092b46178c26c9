"""`hakari audit`: measure a table for differences between groups, without a manifest."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hakari.cli._command import command
from hakari.cli.terminal.session import Session
from hakari.cli.terminal.steps import Steps
from hakari.messages import say

if TYPE_CHECKING:
    from hakari.reports.audit.result import AuditResult

__all__ = ["audit"]


@command("audit")
@click.argument("data", metavar="DATA")
@click.option("--label")
@click.option("--prediction")
@click.option("--score")
@click.option("--by", "by", multiple=True, required=True, metavar="COLUMN")
@click.option("--control", "controls", multiple=True, metavar="COLUMN")
@click.option("--positive", default="1")
@click.option("--negative")
@click.option("--weight")
@click.option("--cluster")
@click.option("--group", "reference", metavar="GROUP")
@click.option("--deviation", is_flag=True)
@click.option("--other", metavar="COLUMN")
@click.option("--measure", "measures", multiple=True, metavar="MEASURE")
@click.option("--min-rows", "min_rows", type=click.IntRange(1), default=30)
@click.option("--confidence", type=click.FloatRange(0, 1, min_open=True, max_open=True), default=0.95)
@click.option("--encoding")
@click.option("--seed", type=click.IntRange(0, 2**53 - 1), default=0)
@click.option("--html", "page", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--evidence", "records", type=click.Path(path_type=Path), metavar="FOLDER")
@click.option("--key", type=click.Path(path_type=Path), metavar="FILE")
def audit(session: Session, data: str, **options: Any) -> None:
    """Measure differences between groups in a file, a folder, a query or a Spark table."""
    from hakari.inputs import Columns, Inputs, open_data
    from hakari.workflows import Clock
    from hakari.workflows.audit import SPARK, USUAL, AuditSettings, audit_inputs, open_spark_table

    names = ("label", "prediction", "score", "positive", "negative", "weight", "cluster")
    columns = Columns(sensitive=tuple(options["by"]), **{name: options[name] for name in names})
    usual = USUAL if options["other"] is None else (*USUAL, "fairness.versions")
    settings = AuditSettings(
        measures=tuple(options["measures"]) or usual,
        other=options["other"],
        controls=tuple(options["controls"]),
        reference=options["reference"],
        deviation=options["deviation"],
        min_rows=options["min_rows"],
        confidence=options["confidence"],
        seed=options["seed"],
    )
    with Steps(session) as steps:
        steps.tell(say("workflows.audit.opening"))
        if data.startswith(SPARK):
            table = open_data(open_spark_table(data[len(SPARK) :]), role="data.test", name=data)
        else:
            query = data.startswith("duckdb:")
            # A query reads files of the folder that the person stands in, and no others.
            source, base = (data, session.folder.resolve()) if query else (session.path(data), None)
            table = open_data(source, role="data.test", base=base, encoding=options["encoding"])
        inputs = Inputs(data=table, train=None, columns=columns)
        result = audit_inputs(inputs, settings, clock=Clock.read(), progress=steps)
    written = _written(session, result, options)
    if session.as_json:
        session.emit(_document(result))
        return
    from hakari.cli.terminal.audited import show_audit

    show_audit(result, session)
    if written:
        session.print()
        for path in written:
            session.lines(session.say("cli.audit.wrote", path=session.shown(path)))


def _written(session: Session, result: AuditResult, options: dict[str, Any]) -> list[Path]:
    from hakari.evidence import Producer
    from hakari.workflows.audit import write_evidence
    from hakari.workflows.settings import find_key
    from hakari.workflows.store import write_file

    written: list[Path] = []
    if options["page"] is not None:
        from hakari.reports.audit import audit_html

        path = session.path(options["page"])
        write_file(path, audit_html(result, session.language).encode("utf-8"))
        written.append(path)
    if options["records"] is not None:
        name = os.environ.get("USER", "")
        producer = Producer(name=name, kind="pipeline" if os.environ.get("CI") else "person")
        key = find_key(None if options["key"] is None else session.path(options["key"]))
        written += write_evidence(result, session.path(options["records"]), producer=producer, key=key)
    return written


def _document(result: AuditResult) -> dict[str, Any]:
    return {
        "collected_at": result.collected_at,
        "columns": result.columns,
        "confidence": result.confidence,
        "controls": result.controls,
        "data": {"name": result.name, "rows": result.rows, "subject": result.subject},
        "left_out": [{"measure": each.measure, "reason": each.reason} for each in result.left_out],
        "measures": [
            {
                "estimates": part.measured.estimates,
                "id": part.measure,
                "limits": part.measured.limits,
                "parameters": part.parameters,
                "version": part.version,
            }
            for part in result.parts
        ],
        "notices": result.notices,
        "seed": result.seed,
    }
