"""Write the JSON schemas that ship with the package. A repository test holds them equal to the records.

python docs/make_schemas.py
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hakari.assessment.decision import Decision
from hakari.assessment.model import Assessment, Exception_, Plan
from hakari.evidence import Evidence, json_schema

SOURCE = Path(__file__).parents[1] / "src" / "hakari"

SCHEMAS: dict[str, type[Any]] = {
    "evidence/schemas/evidence-1.json": Evidence,
    "assessment/schemas/plan-1.json": Plan,
    "assessment/schemas/assessment-1.json": Assessment,
    "assessment/schemas/exception-1.json": Exception_,
    "assessment/schemas/decision-1.json": Decision,
}


def schema_text(kind: type[Any]) -> str:
    """Return the schema of a record as it is written to disk."""
    document = {"$schema": "https://json-schema.org/draft/2020-12/schema", **json_schema(kind)}
    return json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def main() -> None:
    """Write every schema."""
    for name, kind in SCHEMAS.items():
        (SOURCE / name).write_text(schema_text(kind), encoding="utf-8")


if __name__ == "__main__":
    main()
