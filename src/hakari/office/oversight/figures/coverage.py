"""On what the findings rest, by principle: on measurements, on answers, or on nothing yet."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q

from hakari.messages import say
from hakari.office.lifecycle.models import FindingRow, Standing
from hakari.office.lifecycle.policy import known_packs
from hakari.office.oversight.figures.scope import latest
from hakari.office.oversight.picture import Cell, Picture, Table, bar
from hakari.office.people.access import Access

__all__ = ["coverage"]


def coverage(access: Access) -> Picture:
    """Return by principle of each pack how many requirements that apply rest on what."""
    current = latest(access).exclude(standing=Standing.STALE)
    rows = (
        FindingRow.objects.filter(projection__in=current.values("pk"))
        .exclude(status="not_applicable")
        .order_by()
        .values("pack", "group")
        .annotate(
            all=Count("pk"),
            first=Count("pk", filter=Q(measured=True)),
            second=Count("pk", filter=Q(measured=False, evidence__gt=0)),
        )
    )
    lines = _lines(rows)
    totals = [sum(counts[place] for _, _, counts in lines) for place in range(3)]
    whole = sum(totals)
    names = ("measured", "answered", "nothing")
    return Picture(
        id="coverage",
        title=say("office.oversight.coverage.title"),
        sentence=say(
            "office.oversight.coverage.says",
            **dict(zip(names, totals, strict=True)),
            all=whole,
            share=totals[0] / whole if whole else 0.0,
        )
        if whole
        else say("office.oversight.coverage.none"),
        notes=(say("office.oversight.coverage.how"),),
        bars=tuple(
            bar(
                title,
                [(counts[0], "full"), (counts[1], "half"), (counts[2], "none")],
                sum(counts),
                say("office.oversight.coverage.share", share=counts[0] / sum(counts)),
            )
            for title, _, counts in lines
        ),
        legend=(
            ("full", say("office.oversight.coverage.measured")),
            ("half", say("office.oversight.coverage.answered")),
            ("none", say("office.oversight.coverage.nothing")),
        ),
        table=Table(
            caption=say("office.oversight.coverage.caption"),
            headers=(
                say("office.oversight.coverage.principle"),
                say("office.oversight.coverage.pack"),
                *(say(f"office.oversight.coverage.{name}") for name in names),
                say("office.oversight.all"),
            ),
            rows=tuple(
                (Cell(text=title), Cell(text=pack), *(Cell(text=n) for n in counts), Cell(text=sum(counts)))
                for title, pack, counts in lines
            ),
        ),
    )


def _lines(rows: Any) -> list[tuple[Any, Any, list[int]]]:
    """Return title, pack and counts of each principle; versions of a pack are counted together, the newest names it."""
    packs = known_packs()
    found: dict[tuple[str, str], list[int]] = {}
    newest: dict[str, str] = {}
    for row in rows:
        name = row["pack"].partition("@")[0]
        newest[name] = max(newest.get(name, ""), row["pack"], key=_version)
        counts = found.setdefault((name, row["group"]), [0, 0, 0])
        rest = row["all"] - row["first"] - row["second"]
        for place, n in enumerate((row["first"], row["second"], rest)):
            counts[place] += n
    lines = []
    for (name, group), counts in found.items():
        pack = packs.get(newest[name])
        groups = {item.id: (place, item.title) for place, item in enumerate(pack.groups)} if pack else {}
        place, title = groups.get(group, (999, group))
        lines.append((name, place, title, pack.title if pack else name, counts))
    return [(title, pack, counts) for _, _, title, pack, counts in sorted(lines, key=lambda item: item[:2])]


def _version(reference: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdigit() else 0 for part in reference.partition("@")[2].split("."))
