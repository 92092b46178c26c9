"""Writing: what was found as tables for the documentation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bench.peers.equality.comparing import WEIGHTED, Row
from bench.peers.equality.pairs import EDGES, PEERS, TITLES, Different, Same


def write_markdown(
    results: dict[str, Any], same: Sequence[tuple[Same, Row]], different: Sequence[tuple[Different, Row]]
) -> dict[str, str]:
    """Return file name → page: the summary, one table of equal metrics, one of other definitions."""
    return {
        "summary.md": _summary(results, same, different),
        "same.md": _same(same),
        "different.md": _different(different),
    }


def _summary(
    results: dict[str, Any], same: Sequence[tuple[Same, Row]], different: Sequence[tuple[Different, Row]]
) -> str:
    real = [name for name in results["data_sets"] if not name.startswith("random")]
    lines = [
        f"{results['seeds']} random data sets and {len(real)} real ones ({', '.join(real)}). Two values are equal if "
        f"they differ by at most {results['tolerance']:g}.",
        "",
        "| peer | metrics of one definition | values | equal to ours | largest difference | equal once restated at an "
        "edge | ours unmeasured, theirs a number | theirs none, ours a number | neither | unexplained |",
        "|---|" + "---:|" * 9,
    ]
    for peer in PEERS:
        rows = [row for pair, row in same if pair.peer == peer]
        cells = [
            len(rows),
            sum(row.values for row in rows),
            sum(row.equal for row in rows),
            f"{max(row.largest for row in rows):.1e}",
            sum(row.restated for row in rows),
            sum(row.only_theirs.total() for row in rows),
            sum(row.only_ours.total() for row in rows),
            sum(row.neither for row in rows),
            sum(len(row.unexplained) for row in rows),
        ]
        lines.append(f"| {_title(peer)} | " + " | ".join(_number(cell) for cell in cells) + " |")
    lines += ["", "| peer | metrics of another definition | values | ours restated is equal | largest difference | "
              "no formula | neither gives a number | unexplained |", "|---|" + "---:|" * 7]  # fmt: skip
    for peer in PEERS:
        found = [(pair, row) for pair, row in different if pair.peer == peer]
        if not found:
            continue
        cells = [
            len(found),
            sum(row.values for _, row in found),
            sum(row.restated for _, row in found),
            f"{max(row.largest_restated for _, row in found):.1e}",
            sum(row.values for pair, row in found if not pair.restated),
            sum(row.neither + row.only_ours.total() for pair, row in found if pair.restated),
            sum(len(row.unexplained) for _, row in found),
        ]
        lines.append(f"| {_title(peer)} | " + " | ".join(_number(cell) for cell in cells) + " |")
    lines += ["", "At the edges, where the definitions are the same:", ""]
    lines += [f"- **{_title(peer)}**: {EDGES[peer]}" for peer in PEERS]
    lines += ["", "Versions:", ""]
    for library, versions in results["versions"].items():
        told = ", ".join(f"{package} {version}" for package, version in versions.items())
        lines.append(f"- {_title(library)}: {told}")
    return "\n".join(lines) + "\n"


def _same(same: Sequence[tuple[Same, Row]]) -> str:
    lines = [
        "| peer | its name | ours | data sets | values | equal | largest difference | restated at an edge | "
        "ours unmeasured | theirs none |",
        "|---|---|---|" + "---:|" * 5 + "---|---|",
    ]
    for pair, row in same:
        lines.append(
            f"| {_title(pair.peer)} | `{pair.theirs}` | `{pair.ours}` | {len(row.samples)} | {row.values:,} | "
            f"{row.equal:,} | {row.largest:.1e} | {row.restated or ''} | {_counted(row.only_theirs)} | "
            f"{_counted(row.only_ours)} |"
        )
    return "\n".join(lines) + "\n"


def _different(different: Sequence[tuple[Different, Row]]) -> str:
    lines = [
        "| peer | its name | its formula | ours | ours restated: equal | largest difference | furthest from ours | "
        "why ours differs |",
        "|---|---|---|---|---:|---:|---:|---|",
    ]
    told: dict[tuple[str, str], list[tuple[Different, Row]]] = {}
    for pair, row in different:
        told.setdefault((pair.peer, pair.why), []).append((pair, row))
    for (peer, why), found in told.items():
        pairs, rows = zip(*found, strict=True)
        formula = "; ".join(dict.fromkeys(pair.formula for pair in pairs))
        defined = sum(row.values - row.neither - row.only_ours.total() for row in rows)
        restated = all(pair.restated for pair in pairs)
        equal = f"{sum(row.restated for row in rows):,} of {defined:,}" if restated else "no formula"
        largest = f"{max(row.largest_restated for row in rows):.1e}" if restated else ""
        apart = f"{max(row.apart for row in rows):.3g}" if any(row.compared for row in rows) else ""
        theirs = ", ".join(f"`{pair.theirs}`" for pair in pairs)
        ours = ", ".join(dict.fromkeys(f"`{pair.ours}`" for pair in pairs))
        cells = (_title(peer), theirs, _plain(formula), ours, equal, largest, apart, _plain(why))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    return text.replace("|", "\\|")


def _counted(found: Any) -> str:
    words = {WEIGHTED: "with weights"}
    return ", ".join(f"{words.get(word, word)} × {count:,}" for word, count in sorted(found.items()))


def _number(cell: Any) -> str:
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def _title(name: str) -> str:
    return TITLES.get(name, name)
