"""Time the import of a register of 5,000 rows: reading the file, the dry run, the import itself.

HAKARI_OFFICE_FOLDER=/tmp/importing python bench/office/importing.py --out bench/office/results
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

WORDS = "mortgage claims camera lens music voice chat fraud price ranking search hiring forecast label"


def main(arguments: list[str] | None = None) -> int:
    """Make a register, bring it in twice, and write what was timed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="hakari-importing-") as folder:
        found = measure(given.rows, Path(folder))
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / "importing.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    (given.out / "importing.md").write_text(page(found), "utf-8")
    return 0


def measure(rows: int, folder: Path) -> dict[str, Any]:
    """Return the seconds of each step."""
    from hakari.office.desk.start import migrate, prepare

    prepare(folder, mode="demo")
    migrate(lambda message: None)
    from hakari.office.people.access import access_of
    from hakari.office.people.models import Assignment, Person, Unit
    from hakari.office.registry.actions.imports import import_register
    from hakari.office.registry.exchange.mapping import Mapped
    from hakari.office.registry.exchange.reading import read_sheet
    from hakari.office.registry.exchange.trial import tried

    unit = Unit.objects.create(name="Cameras")
    head = Person.objects.create_user("head@example.com", None, name="Head", unit=unit)
    Assignment.objects.create(person=head, role="head", starts=datetime(2020, 1, 1, tzinfo=UTC).date())
    content = register(rows)
    seconds: dict[str, float] = {}

    def timed(name: str, step: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        result = step()
        seconds[name] = time.perf_counter() - start
        print(f"{name:<20} {seconds[name]:8.2f} s", flush=True)
        return result

    sheet = timed("read the file", lambda: read_sheet(content))
    mapped = Mapped.guess(sheet.headings)
    assert len(timed("dry run", lambda: tried(access_of(head), sheet, mapped)).entering) == rows
    assert len(timed("import", lambda: import_register(sheet, mapped, by=head))) == rows
    assert not timed("import again", lambda: import_register(sheet, mapped, by=head))
    return {
        "rows": rows,
        "bytes": len(content),
        "seconds": seconds,
        "machine": f"{platform.machine()}, {os.cpu_count()} processors",
        "load": os.getloadavg()[0],
        "python": platform.python_version(),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def register(rows: int) -> bytes:
    """Return a register as CSV; equal on every run."""
    draw = random.Random(20261122)  # words, no secrets
    words, lines = WORDS.split(), ["number,title,purpose,unit"]
    for number in range(rows):
        title, purpose = " ".join(draw.sample(words, 4)), " ".join(draw.choices(words, k=30))
        lines.append(f"OLD-{number},{title} {number},{purpose},Cameras")
    return "\n".join(lines).encode()


def page(found: dict[str, Any]) -> str:
    """Return the results as a table."""
    lines = [
        f"# Importing a register of {found['rows']:,} rows",
        "",
        f"{found['bytes'] / 2**20:.1f} MB of CSV into SQLite, each row one act and one event of the ledger; Python "
        f"{found['python']}; {found['machine']}, load {found['load']:.1f}; {found['at'][:10]}.",
        "",
        "| step | seconds |",
        "|---|---:|",
        *(f"| {name} | {value:.2f} |" for name, value in found["seconds"].items()),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
