"""A tiny repository of an engineer, written into a folder: one CSV, one pack, one manifest. JSON is YAML."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hakari import reports
from hakari.evidence import SigningKey
from hakari.packs import Pack, read_pack
from hakari.workflows.assess import AssessRun, assess_project
from hakari.workflows.project import open_project
from hakari.workflows.settings import Clock

NOW = "2026-11-22T09:00:00+00:00"
URN = "urn:test:requirement:office:"


def both(text: str) -> dict[str, str]:
    """Return a text in both languages."""
    return {"en": text, "ja": f"{text}（日）"}


def check(identifier: str = "gap", **changes: Any) -> dict[str, Any]:
    """Return a check as a pack writes it: the difference of selection rates over each sensitive column."""
    plain: dict[str, Any] = {
        "id": identifier, "measure": "fairness.groups@1", "metric": "selection_rate", "aggregation": "difference",
        "slice": "each_sensitive", "operator": "<=", "threshold": 0.1, "margin": 0.05,
        "set_by": both("Office"), "why": both("Noticeable"), "source": both("None"),
    }  # fmt: skip
    return plain | changes


ACCURACY: dict[str, Any] = {
    "measure": "performance.classification@1", "metric": "accuracy", "aggregation": "overall", "slice": "overall",
    "operator": ">=", "threshold": 0.6,
}  # fmt: skip
RATIO: dict[str, Any] = {"aggregation": "ratio", "operator": ">=", "threshold": 0.8, "margin": 0.05}
QUESTIONS: tuple[dict[str, Any], ...] = (
    {"id": "heard", "type": "yes_no", "text": both("Heard?"), "effects": {"yes": "meets", "no": "fails"}},
    {"id": "whom", "type": "text", "text": both("Whom?"), "min_length": 5, "when": "answers.heard == 'yes'"},
    {"id": "minutes", "type": "file", "text": both("Minutes?"), "when": "people"},
)


def requirement(
    slug: str, *, checks: Iterable[Mapping[str, Any]] = (), questions: Iterable[Mapping[str, Any]] = (), **changes: Any
) -> dict[str, Any]:
    """Return a requirement of the stage `release`."""
    plain: dict[str, Any] = {
        "urn": f"{URN}{slug}", "version": 1, "group": "care", "title": both(slug), "text": both(slug),
        "stages": ["release"],
    }  # fmt: skip
    if checks:
        plain["checks"] = list(checks)
    if questions:
        plain["questions"] = list(questions)
    return plain | changes


STANDARD = (requirement("gaps", checks=[check()]), requirement("asked", questions=QUESTIONS))


def pack_files(*requirements: Mapping[str, Any], **changes: Any) -> dict[str, bytes]:
    """Return the files of a pack."""
    head: dict[str, Any] = {
        "urn": "urn:test:pack:office", "version": "1.0.0", "status": "published", "authority": "sample",
        "languages": ["en", "ja"], "title": both("Office"), "summary": both("Office"),
        "effective": {"from": "2026-01-01"},
        "facts": [
            {"id": "people", "type": "boolean", "title": both("People")},
            {"id": "size", "type": "number", "title": both("Size")},
        ],
        "groups": [{"id": "care", "title": both("Care"), "summary": both("Care")}],
    }  # fmt: skip
    body = {"requirements": list(requirements or STANDARD)}
    return {
        "pack.yaml": json.dumps(head | changes, ensure_ascii=False, indent=1).encode(),
        "requirements/all.yaml": json.dumps(body, ensure_ascii=False, indent=1).encode(),
    }


def pack_of(*requirements: Mapping[str, Any], **changes: Any) -> Pack:
    """Return the pack that these files make."""
    return read_pack(pack_files(*requirements, **changes), name="office")


def rows(number: int = 400) -> list[dict[str, Any]]:
    """Return applicants by arithmetic alone: of `f` 45 in 100 are selected, of `m` 50; the score is near the label."""
    found = []
    for index in range(number):
        place, sex = index // 2 % 100, "fm"[index % 2]
        label = int(place * 7 % 100 < 50)
        found.append(
            {
                "sex": sex,
                "area": ("north", "south")[index // 3 % 2],
                "repaid": label,
                "approved": int(place * 7 % 100 < (45 if sex == "f" else 50)),
                "score": round((0.3 + 0.3 * label + (index * 37 % 40) / 100), 2),
            }
        )
    return found


def csv_of(table: list[dict[str, Any]]) -> str:
    """Return a table as CSV."""
    lines = [",".join(table[0]), *(",".join(str(value) for value in row.values()) for row in table)]
    return "\n".join(lines) + "\n"


def manifest(**changes: Any) -> dict[str, Any]:
    """Return the manifest of the tiny repository."""
    plain: dict[str, Any] = {
        "hakari": 1, "use_case": {"id": "loans", "title": "Loans"}, "system": {"version": "1.0"}, "stage": "release",
        "packs": ["./pack"], "facts": {"people": True},
        "subjects": {"data.test": {"path": "test.csv"}},
        "columns": {"label": "repaid", "prediction": "approved", "score": "score", "sensitive": ["sex"]},
        "label_source": "outcome", "people": {"engineer": "E. Ng"},
    }  # fmt: skip
    return plain | changes


def write_manifest(folder: Path, **changes: Any) -> None:
    """Write `hakari.yaml`."""
    (folder / "hakari.yaml").write_text(json.dumps(manifest(**changes), indent=1), encoding="utf-8")


def write_project(folder: Path, *requirements: Mapping[str, Any], **changes: Any) -> Path:
    """Write the whole repository into `folder` and return it."""
    for name, content in pack_files(*requirements).items():
        path = folder / "pack" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (folder / "test.csv").write_text(csv_of(rows()), encoding="utf-8")
    write_manifest(folder, **changes)
    return folder


def write_answers(folder: Path, **values: Any) -> None:
    """Write `answers.yaml` for the requirement `asked`; a value may be the whole entry."""
    entries = {name: value if isinstance(value, dict) else {"value": value} for name, value in values.items()}
    (folder / "answers.yaml").write_text(json.dumps({"answers": {"asked": entries}}), encoding="utf-8")


@contextmanager
def quick_reports() -> Iterator[None]:
    """Replace the report by one line: what it shows has tests of its own."""
    before = vars(reports).get("render_report")
    vars(reports)["render_report"] = lambda case, language, generated_at: f"{language} {case.assessment.use_case}"
    try:
        yield
    finally:
        if before is None:
            del vars(reports)["render_report"]
        else:
            vars(reports)["render_report"] = before


def run(folder: Path, *, now: str = NOW, key: SigningKey | None = None, **changes: Any) -> AssessRun:
    """Open and assess a repository at a stated time."""
    with quick_reports():
        return assess_project(open_project(folder), clock=Clock(now), key=key, **changes)
