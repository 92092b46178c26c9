"""Server time of the register's pages, measured in the process that answers: p50 and p95 of repeated requests.

DJANGO_SETTINGS_MODULE=hakari.office.settings HAKARI_OFFICE_FOLDER=FOLDER HAKARI_OFFICE_MODE=demo \
    python bench/office/pages.py --name sqlite-10000

The database is one that `generate.py` has filled. Each page is asked for as head of the office, who sees nearly
everything, and as the owner of one unit; each request runs through the whole stack of middleware.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import sqlite3
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).resolve().parent
ROUNDS = 40
PAGES = (
    ("home", "/"),
    ("list", "/use-cases/"),
    ("list, page 40", "/use-cases/?page=40"),
    ("list by state and tier", "/use-cases/?state=triaged&tier=high"),
    ("list by unit, by title", "/use-cases/?unit={unit}&sort=title"),
    ("search, common word", "/use-cases/?text=application"),
    ("search, common Japanese word", "/use-cases/?text=支援"),
    ("search, rare word", "/use-cases/?text=quokka"),
    ("search, rare Japanese word", "/use-cases/?text=ヤンバル"),
    ("search, one character", "/use-cases/?text=夜"),
    ("search, three words", "/use-cases/?text=night+cedar+studio"),
    ("search, no hit", "/use-cases/?text=xylophone"),
    ("detail", "/use-cases/{number}/"),
    ("components", "/use-cases/components/"),
)
BOARDS = ("pipeline", "ages", "time", "conditions", "stale", "coverage", "waiting")
ASSESSED = (
    ("assessments", "/assessments/"),
    ("assessments, stale ones", "/assessments/?standing=stale"),
    ("use case with its decision", "/use-cases/{decided}/"),
    ("assessment", "/assessments/{assessment}/"),
    ("evidence of an assessment", "/assessments/{assessment}/evidence/"),
    ("frozen round", "/assessments/{assessment}/rounds/1/"),
    ("decisions", "/committee/decisions/"),
    ("decisions, page 20", "/committee/decisions/?page=20"),
    ("decision", "/committee/decisions/{decision}/"),
    ("conditions", "/committee/conditions/"),
    ("docket", "/committee/"),
    ("one page of an item", "/committee/items/{item}/"),
    ("meetings", "/committee/meetings/"),
    ("stops", "/committee/stops/"),
    ("dashboards", "/oversight/"),
    *((f"dashboard: {name}", f"/oversight/figures/{name}/") for name in BOARDS),
)
"""Pages of assessments and of the committee, where `assessed.py` has filled the database; a reader who may not open one
is left out."""


Times = list[tuple[float, float]]
"""Wall and processor milliseconds of each request; the second leaves out waiting for other work on the machine."""


def timed(client: Any, address: str, rounds: int) -> tuple[Times, int]:
    """Return the times of each request after two that warm up, and the number of queries of one more."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _ in range(2):
        client.get(address)
    found = []
    for _ in range(rounds):
        started, busy = time.perf_counter(), time.process_time()
        response = client.get(address)
        found.append(((time.perf_counter() - started) * 1000, (time.process_time() - busy) * 1000))
        assert response.status_code == 200, (address, response.status_code)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return found, len(queries)


def measure(rounds: int) -> list[dict[str, Any]]:
    """Return one row for each page and reader."""
    from django.test import Client

    from hakari.office.lifecycle.models import StageAssessment
    from hakari.office.people.access import access_of
    from hakari.office.people.models import Person
    from hakari.office.registry.search import similar
    from hakari.office.registry.visibility import visible

    rows = []
    readers = {"head": "head@example.com", "owner": "person0@example.com"}
    if StageAssessment.objects.exists():
        readers["member"] = "member@example.com"
    for reader, address in readers.items():
        person = Person.objects.get(email=address)
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        seen = visible(access_of(person)).order_by("pk")
        things = {"unit": person.unit.key, "number": seen.values_list("number", flat=True)[0], **decided(seen)}
        pages = (*PAGES, *ASSESSED) if "decision" in things else PAGES
        for name, path in pages:
            place = path.format(**things)
            if (name, path) in ASSESSED and client.get(place).status_code in (403, 404):
                continue
            found, queries = timed(client, place, rounds)
            rows.append(row(name, reader, found, queries))
            last = rows[-1]
            print(f"{reader:6} {name:32} p95 {last['p95']:7.1f} ms, of them busy {last['busy_p95']:7.1f}", flush=True)
        access, hints = access_of(person), []
        for _ in range(rounds):
            started, busy = time.perf_counter(), time.process_time()
            similar(access, "Screening job applications for human resources")
            hints.append(((time.perf_counter() - started) * 1000, (time.process_time() - busy) * 1000))
        rows.append(row("similar cases while typing", reader, hints, 4))
        print(f"{reader:6} similar p95 {rows[-1]['p95']:.1f} ms, busy {rows[-1]['busy_p95']:.1f}", flush=True)
    return rows


def decided(seen: Any) -> dict[str, str]:
    """Return what stands in the addresses of one decided use case that a reader sees."""
    from hakari.office.committee.models import Decision

    found = Decision.objects.filter(use_case__in=seen, assessment__standing="decided").order_by("-pk").first()
    if found is None:
        return {}
    return {
        "assessment": found.assessment.key,
        "decided": found.use_case.number,
        "decision": found.number,
        "item": found.ballot.item.key,  # type: ignore[union-attr]  # none of them is about a stop
    }


def row(name: str, reader: str, found: Times, queries: int) -> dict[str, Any]:
    """Return the figures of one page."""
    wall, busy = [pair[0] for pair in found], [pair[1] for pair in found]
    figures = {"p50": median(wall), "p95": percentile(wall), "busy_p50": median(busy), "busy_p95": percentile(busy)}
    return {"page": name, "reader": reader, **figures, "queries": queries, "requests": len(found)}


def percentile(found: list[float]) -> float:
    """Return the time that 95 of 100 requests do not pass."""
    return sorted(found)[max(math.ceil(0.95 * len(found)) - 1, 0)]


def main() -> int:
    """Measure, print and write the results."""
    import django

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", required=True, help="such as sqlite-10000")
    parser.add_argument("--out", type=Path, default=HERE / "results")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="requests for each page")
    parser.add_argument("--quick", action="store_true", help="five requests for each page")
    given = parser.parse_args()
    django.setup()
    from django.db import connection

    from hakari.office.committee.models import Decision
    from hakari.office.lifecycle.models import Record, StageAssessment
    from hakari.office.registry.models import Gram, UseCase

    database = f"SQLite {sqlite3.sqlite_version}"
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            database = f"PostgreSQL {cursor.fetchone()[0]}"
    found = {
        "cases": UseCase.objects.count(),
        "pairs": Gram.objects.count(),
        "assessments": StageAssessment.objects.count(),
        "decisions": Decision.objects.count(),
        "records": Record.objects.count(),
        "database": database,
        "machine": f"{platform.machine()}, {os.cpu_count()} processors",
        "load": os.getloadavg()[0],
        "python": platform.python_version(),
        "django": version("django"),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "pages": measure(5 if given.quick else given.rounds),
    }
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / f"pages-{given.name}.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    (given.out / f"pages-{given.name}.md").write_text(page(found), "utf-8")
    return 0


def assessed(found: dict[str, Any]) -> str:
    """Return what the database holds besides use cases."""
    if not found["records"]:
        return ""
    return (
        f"{found['assessments']:,} assessments, {found['decisions']:,} decisions, {found['records']:,} evidence "
        "records. "
    )


def page(found: dict[str, Any]) -> str:
    """Return the results as a table."""
    lines = [
        f"# Server time with {found['cases']:,} use cases on {found['database']}",
        "",
        f"{assessed(found)}{found['pairs']:,} pairs of characters in the index; Python {found['python']}, "
        f"Django {found['django']}; {found['machine']}, load {found['load']:.1f} from other work when it began; "
        f"{found['at'][:10]}. "
        "Milliseconds in the process that answers, whole stack, one request at a time. Where other work shares the "
        "machine, processor time says more; it holds the work of SQLite, and not that of a PostgreSQL server.",
        "",
        "| page | reader | p50 | p95 | p50, processor of this process | p95, the same | queries |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {item['page']} | {item['reader']} | {item['p50']:.0f} | {item['p95']:.0f} "
        f"| {item['busy_p50']:.0f} | {item['busy_p95']:.0f} | {item['queries']} |"
        for item in found["pages"]
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
