"""Figures: verdicts that compare a figure of a record with a line, and whether the record's cells give that figure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hakari.standalone.python.numbers.selections import legal_figure
from hakari.standalone.python.numbers.versions import versions_figure
from hakari.standalone.python.words import Refused
from hakari.standalone.python.work import spend

__all__ = ["RecordedFigure", "recorded_figures"]

_FIGURES_OF = {"fairness.legal": legal_figure, "fairness.versions": versions_figure}


@dataclass(frozen=True)
class RecordedFigure:
    """One verdict that rests on a figure of a record."""

    requirement: str
    check: str
    metric: str
    status: str
    figure: float
    evidence: str
    origin: str
    """derived: the cells give it; differs: they give another; absent: they should and do not; read: nobody looked."""
    derived: float | None = None


def recorded_figures(
    assessment: Mapping[str, Any], plan: Mapping[str, Any], evidence: Mapping[str, Any]
) -> Iterator[RecordedFigure]:
    """Yield every verdict of an assessment that rests on a figure of a record."""
    planned = {check["id"]: check for check in plan["checks"] if check["basis"] == "count"}
    for finding in assessment["findings"]:
        for result in finding["checks"]:
            check, record = planned.get(result["check"]), evidence.get(result.get("evidence", ""))
            if check is None or record is None or isinstance(result["value"], dict):
                continue
            figure, derived = float(result["value"]), None
            try:
                derived = _derived(check, plan, record)
                same = derived is not None and math.isclose(figure, derived, rel_tol=1e-9, abs_tol=1e-12)
                origin = "read" if derived is None else "derived" if same else "differs"
            except (Refused, LookupError, TypeError, ValueError, ArithmeticError, StopIteration):
                spend(0.0)  # where the work is too much the whole bundle is refused, as everywhere
                origin = "absent"
            yield RecordedFigure(
                finding["requirement"],
                check["id"],
                check["metric"],
                result["status"],
                figure,
                result["evidence"],
                origin,
                derived,
            )


def _derived(check: Mapping[str, Any], plan: Mapping[str, Any], record: Mapping[str, Any]) -> float | None:
    """Return the figure from the cells, by the parameters of the plan: those of the record could be bent to fit."""
    measurement = next((item for item in plan["measurements"] if item["id"] == check["measurement"]), None)
    if measurement is None or measurement["measure"] not in _FIGURES_OF:
        return None
    parameters = dict(measurement["parameters"])
    if parameters.get("columns") is None:
        declared = plan["use"].get("columns")
        parameters["columns"] = declared.get("sensitive") if isinstance(declared, dict) else None
    return _FIGURES_OF[measurement["measure"]](check["metric"], check["columns"], parameters, record["tables"])
