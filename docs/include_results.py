"""Copy measured results into the pages that show them: figures are never typed.

A page marks a place with `<!-- results: bench/… -->` and `<!-- end of results -->`; everything between the two is the
content of that file. `--check` changes nothing and fails if a page is behind.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLACE = re.compile(r"(<!-- results: (?P<file>bench/[\w./-]+) -->\n).*?(<!-- end of results -->)", re.DOTALL)


def filled(page: str) -> str:
    """Return the page with every marked place filled from its file."""

    def content(match: re.Match[str]) -> str:
        text = (ROOT / match["file"]).read_text("utf-8").strip()
        # The page has a title of its own, and its sections are above those of a result.
        text = re.sub(r"\A# .*\n+", "", text)
        text = re.sub(r"^## ", "### ", text, flags=re.MULTILINE)
        return f"{match[1]}\n{text}\n\n{match[3]}"

    return PLACE.sub(content, page)


def main() -> int:
    """Fill every page of the documentation; return 1 if `--check` finds one that is behind."""
    behind = []
    for path in sorted(ROOT.joinpath("docs").rglob("*.md")):
        page = path.read_text("utf-8")
        new = filled(page)
        if new != page:
            behind.append(path.relative_to(ROOT).as_posix())
            if "--check" not in sys.argv:
                path.write_text(new, "utf-8")
    if behind:
        print(f"{'Behind' if '--check' in sys.argv else 'Filled'}: {', '.join(behind)}")
    return 1 if behind and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
