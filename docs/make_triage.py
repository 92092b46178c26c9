"""Write the table of worked use cases into docs/triage.md: tiers are computed from the rules, never typed.

python docs/make_triage.py           # write
python docs/make_triage.py --check   # change nothing; fail if the page is behind
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from hakari.packs import Pack, load_pack
from hakari.packs.triage import PackTriage, TriageRules, facts_of, load_triage, triage

PAGE = Path(__file__).resolve().parent / "triage.md"
PLACE = re.compile(r"(<!-- cases -->\n).*?(<!-- end of cases -->)", re.DOTALL)
OFFICE = "ai-ethics-core"
ADOPTED, AMENDED = "eu-ai-act@1.0.0", "eu-ai-act@1.1.0"


def framework(reference: str) -> tuple[Pack, TriageRules]:
    """Return a pack of the library with its triage rules."""
    pack = load_pack(reference)
    rules = load_triage(reference, pack)
    assert rules is not None, f"{reference} has no triage.yaml"
    return pack, rules


def rows() -> Iterator[tuple[str, str, str, str, str, str]]:
    """Yield title, tier, reasons, roles, the office's tier and the tier after the amendment, of every worked case."""
    office, scan = framework(OFFICE)
    adopted, amended = framework(ADOPTED), framework(AMENDED)
    for example in adopted[1].examples:
        facts = {**facts_of(scan.prescan, example.answers, office.facts), **example.facts}
        run = triage([(office, scan), adopted, amended], facts)
        ours, first, second = run.packs
        assert run.decided, f"{example.id}: an answer that is open could change a tier"
        roles = ", ".join(role.id for role, holds in first.roles if holds)
        later = "" if second.lowest.id == first.lowest.id else second.lowest.id
        yield example.title["en"], first.lowest.id, _reasons(first), roles, ours.lowest.id, later


def _reasons(found: PackTriage) -> str:
    """Return the places in the law that lead to the tier."""
    top = [reason.rule for reason in found.reasons if reason.rule.tier == found.lowest.id]
    return "; ".join(rule.source.section["en"] for rule in top if rule.source and rule.source.section)


def table() -> str:
    """Return the table as Markdown."""
    lines = [
        "| use case | tier | because of | roles | the office's own tier | with the amendment |",
        "|---|---|---|---|---|---|",
    ]
    lines += ["| " + " | ".join(row) + " |" for row in rows()]
    return "\n".join(lines)


def filled(page: str) -> str:
    """Return the page with the table in its place."""
    return PLACE.sub(lambda match: f"{match[1]}\n{table()}\n\n{match[2]}", page)


def main() -> int:
    """Write the table; return 1 if `--check` finds the page behind."""
    page = PAGE.read_text("utf-8")
    new = filled(page)
    if new == page:
        return 0
    if "--check" in sys.argv:
        print("Behind: docs/triage.md (run: python docs/make_triage.py)")
        return 1
    PAGE.write_text(new, "utf-8")
    print("Written: docs/triage.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
