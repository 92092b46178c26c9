"""What the office's ledger costs: one more event at 0 to 1,000,000 events, and verifying all of them.

python bench/office/ledger.py [--quick] [--out DIR]

The rows before each measurement are inserted in bulk, chained as the office chains them. SQLite lies in a temporary
folder, PostgreSQL runs there without fsync; so the figures are of the work, not of the disk. On a machine that others
use too, the quickest twentieth tells most about the work itself.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
SIZES, QUICK = (0, 10_000, 100_000, 1_000_000), (0, 1_000, 10_000)
APPENDS, BATCH = 400, 10_000


def resident() -> float:
    """Return the memory of this process in MB."""
    text = Path("/proc/self/status").read_text("utf-8")
    return int(text.split("VmRSS:")[1].split()[0]) / 1024


def fill(to: int) -> None:
    """Insert chained events until there are `to` of them."""
    from django.db import transaction
    from django.utils import timezone

    from hakari.office.core.ledger.chain import body_of, follow
    from hakari.office.core.ledger.store import ledger_name, time_text
    from hakari.office.core.models import Head

    ledger_name()
    head = Head.objects.get(id=1)
    sequence, digest = head.sequence, head.digest
    while sequence < to:
        rows = []
        for number in range(sequence + 1, min(sequence + BATCH, to) + 1):
            at, key = timezone.now(), f"{number % 10_000:032x}"
            data = {"tier": "middle", "lane": "delegate", "text": f"{number:064x}"}
            body = body_of(
                "use_case.triaged", at=time_text(at), by=f"{number % 50:032x}", about=("use_case", key), data=data,
                sequence=number,
            )  # fmt: skip
            previous, digest = digest, follow(digest, body)
            rows.append(
                (number, body, previous, digest, "use_case.triaged", at, f"{number % 50:032x}", "use_case", key)
            )
        with transaction.atomic():
            insert(rows)
            Head.objects.filter(id=1).update(sequence=rows[-1][0], digest=digest)
        sequence = rows[-1][0]
        print(f"{sequence:,} events", file=sys.stderr, flush=True)


def insert(rows: list[tuple[Any, ...]]) -> None:
    """Insert rows quickly, as each database does it best."""
    from django.db import connection

    columns = 'sequence, body, previous, digest, kind, at, "by", object_kind, object_key'
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY core_event ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        values = [(*row[:5], row[5].strftime("%Y-%m-%d %H:%M:%S.%f"), *row[6:]) for row in rows]
        cursor.executemany(f"INSERT INTO core_event ({columns}) VALUES ({', '.join(['%s'] * 9)})", values)


def appends() -> dict[str, float]:
    """Return how long one event takes, each in a transaction of its own."""
    from hakari.office.core.ledger.store import append

    times = []
    for number in range(APPENDS):
        began = time.perf_counter()
        append("use_case.changed", by="p1", about=("use_case", f"k{number}"), data={"field": "title"})
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    shares = {"quick_ms": 0.05, "median_ms": 0.5, "p95_ms": 0.95}
    return {name: round(times[int(APPENDS * share)], 3) for name, share in shares.items()}


def child(sizes: tuple[int, ...]) -> None:
    """Measure on the database that the environment names, and print JSON."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from hakari.office.core.ledger.store import verify

    call_command("migrate", verbosity=0)
    version = connection.Database.sqlite_version if connection.vendor == "sqlite" else str(connection.pg_version)
    found: dict[str, Any] = {"vendor": connection.vendor, "version": version, "sizes": []}
    for size in sizes:
        fill(size)
        found["sizes"].append({"events": size, **appends()})
        print(found["sizes"][-1], file=sys.stderr, flush=True)
    before, began = resident(), time.perf_counter()
    report = verify()
    found["verify"] = {
        "events": report.events, "holds": report.holds, "seconds": round(time.perf_counter() - began, 1),
        "memory_before_mb": round(before, 1), "memory_after_mb": round(resident(), 1),
    }  # fmt: skip
    print(json.dumps(found))


def measure(sizes: tuple[int, ...]) -> list[dict[str, Any]]:
    """Return the figures of both databases; PostgreSQL only where it is installed."""
    from tests.pages.postgres import cluster, programs

    found = []
    for database in ("sqlite", "postgresql"):
        if database == "postgresql" and programs() is None:
            continue
        with tempfile.TemporaryDirectory() as folder, cluster() if database == "postgresql" else nullcontext("") as url:
            env = {
                **os.environ, "DJANGO_SETTINGS_MODULE": "hakari.office.settings", "HAKARI_OFFICE_FOLDER": folder,
                "DATABASE_URL": url, "HAKARI_OFFICE_MODE": "demo",
            }  # fmt: skip
            command = [sys.executable, __file__, "--child", ",".join(map(str, sizes))]
            done = subprocess.run(command, env=env, stdout=subprocess.PIPE, check=True, text=True)
            found.append(json.loads(done.stdout))
    return found


def table(found: list[dict[str, Any]], machine: str) -> str:
    """Return the figures as Markdown."""
    lines = ["| database | events before | one more: 5 % within | median | 95 % within |", "|---|---:|---:|---:|---:|"]
    names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
    for item in found:
        lines += [
            f"| {names[item['vendor']]} | {row['events']:,} | {row['quick_ms']:.2f} ms | {row['median_ms']:.2f} ms |"
            f" {row['p95_ms']:.2f} ms |"
            for row in item["sizes"]
        ]
    lines += ["", "| database | events verified | seconds | memory before and after |", "|---|---:|---:|---:|"]
    for item in found:
        of = item["verify"]
        memory = f"{of['memory_before_mb']:.0f} MB, {of['memory_after_mb']:.0f} MB"
        lines.append(f"| {names[item['vendor']]} | {of['events']:,} | {of['seconds']:.1f} | {memory} |")
    return "\n".join([*lines, "", machine, ""])


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    parser.add_argument("--child")
    given = parser.parse_args()
    if given.child:
        child(tuple(int(size) for size in given.child.split(",")))
        return
    found = measure(QUICK if given.quick else SIZES)
    versions = ", ".join(f"{item['vendor']} {item['version']}" for item in found)
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    machine = f"{system}, Python {platform.python_version()}, {versions}."
    given.out.mkdir(parents=True, exist_ok=True)
    document = {"appends": APPENDS, "databases": found, "machine": machine}
    (given.out / "ledger.json").write_text(json.dumps(document, indent=2) + "\n", "utf-8")
    (given.out / "ledger.md").write_text(table(found, machine), "utf-8")
    print(table(found, machine))


if __name__ == "__main__":
    main()
