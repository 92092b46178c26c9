"""Audit: the page of an audit, which describes one table without a plan, without limits and without a verdict.

An *audit* measures first and asks no requirement. Its page therefore has figures, intervals and what chance alone would
show, and neither statuses nor signs: nothing in it was decided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.reports.audit.page import audit_html
    from hakari.reports.audit.result import AuditPart, AuditResult, LeftOut

__all__ = ["AuditPart", "AuditResult", "LeftOut", "audit_html"]

__getattr__, __dir__ = exports(
    __name__,
    {
        "page": ("audit_html",),
        "result": ("AuditPart", "AuditResult", "LeftOut"),
    },
)
