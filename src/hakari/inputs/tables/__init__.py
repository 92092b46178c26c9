"""Tables: the few questions that counting asks of an engine, answered by DuckDB or by any frame narwhals reads.

DuckDB is asked in SQL and not through narwhals: it then needs no further import, two files can be joined where they
lie, and null can be made to equal null.
"""

from __future__ import annotations

from hakari.inputs.tables.table import WEIGHT_SCALE, Key, Table

__all__ = ["WEIGHT_SCALE", "Key", "Table"]
