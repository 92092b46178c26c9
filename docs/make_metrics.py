"""Write the page of fairness metrics from the table of definitions. A test holds the page equal to the table.

python docs/make_metrics.py            writes docs/fairness-metrics.md
python docs/make_metrics.py --check    exits with 1 if the page is out of date
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from hakari.measures.fairness import functions
from hakari.statistics.description import CHOICES
from hakari.statistics.metrics import AGGREGATES, FAMILIAR, METRICS, MetricDefinition

PAGE = Path(__file__).parent / "fairness-metrics.md"
COMMAND = "python docs/make_metrics.py"
FAMILIES = {
    "decisions": ("Yes/no decisions", "`fairness.groups`, `fairness.decisions`"),
    "scores": ("Scores", "`fairness.scores`"),
    "classes": ("One of several classes", "`fairness.classes`"),
    "regression": ("Amounts", "`fairness.regression`"),
    "ranking": ("Places in a list", "`fairness.ranking`"),
    "individual": ("Single persons and their neighbours", "`fairness.individual`"),
    "items": ("Items of which a person has several", "`fairness.items`"),
}
OVER = {"group": "each group", "groups": "all groups", "rows": "all rows"}


def page() -> str:
    """Return the page."""
    return "\n".join(_lines()).rstrip() + "\n"


def _lines() -> Iterator[str]:
    yield "# Metrics of fairness"
    yield ""
    yield f"Made by `{COMMAND}` from the table that the measures and the functions use."
    yield "No metric here says that a system is fair. Each says one thing about how groups or persons are"
    yield "treated, and each has people whom it overlooks."
    yield ""
    yield "[Fairness](fairness.md) says how to measure, [inference](inference.md) which interval is used where."
    yield ""
    for family, (title, measures) in FAMILIES.items():
        yield f"## {title}"
        yield ""
        yield f"Measured by {measures}."
        yield ""
        yield "| metric | of | formula | high is | equal at | may decide | source |"
        yield "|---|---|---|---|---|---|---|"
        known = [each for each in METRICS.values() if each.family == family]
        yield from (_row(each) for each in known)
        yield ""
        cautions = [each for each in known if each.caution]
        if cautions:
            yield "What people get wrong:"
            yield ""
            yield from (f"- `{each.name}`: {each.caution}" for each in cautions)
            yield ""
        if family == "decisions":
            yield from _aggregates()
    yield from _methods()


def _row(each: MetricDefinition) -> str:
    names = f"`{each.name}`" + (f"; {', '.join(each.also)}" if each.also else "")
    equal = "" if each.equal_at is None else f"{each.equal_at:g}"
    decides = {"rate": "yes", "smooth": "yes, asymptotic", None: ""}[each.verdict]
    cells = (names, OVER[each.over], each.formula, each.high_is, equal, decides, each.source)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _aggregates() -> Iterator[str]:
    yield "### Over the groups"
    yield ""
    yield "Every rate has these, by the name `rate_aggregate`, such as `selection_rate_difference`:"
    yield ""
    yield "| aggregate | formula | equal at | may decide | interval |"
    yield "|---|---|---|---|---|"
    for each in AGGREGATES.values():
        equal = "" if each.equal_at is None else f"{each.equal_at:g}"
        yield f"| `{each.name}` | {each.formula} | {equal} | {'yes' if each.verdict else ''} | {each.interval} |"
    yield ""
    yield "Names that people know, as functions on arrays:"
    yield ""
    yield "| function | is | source |"
    yield "|---|---|---|"
    for known in FAMILIAR.values():
        assert known.name in functions.__all__
        factor = "" if known.factor == 1 else f"{known.factor:g} × "
        yield f"| `{known.name}` | {factor}{known.aggregate} of `{known.rate}` | {known.source} |"
    yield ""


def _methods() -> Iterator[str]:
    yield "## Methods"
    yield ""
    yield f"{len(CHOICES)} methods of description stand in the choice table of [inference](inference.md)."


def main() -> None:
    """Write or check."""
    if "--check" in sys.argv:
        if not PAGE.is_file() or PAGE.read_text("utf-8") != page():
            sys.exit(f"{PAGE.name} is out of date. Run: {COMMAND}")
        return
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
