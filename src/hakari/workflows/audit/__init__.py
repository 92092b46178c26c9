"""Audit: measure one table for differences between groups, without a manifest, a plan or a verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.workflows.audit.records import write_evidence
    from hakari.workflows.audit.run import USUAL, AuditSettings, audit_inputs
    from hakari.workflows.audit.spark import SPARK, open_spark_table

__all__ = ["SPARK", "USUAL", "AuditSettings", "audit_inputs", "open_spark_table", "write_evidence"]

__getattr__, __dir__ = exports(
    __name__,
    {
        "records": ("write_evidence",),
        "run": ("USUAL", "AuditSettings", "audit_inputs"),
        "spark": ("SPARK", "open_spark_table"),
    },
)
