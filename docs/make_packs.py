"""Write one page for each shipped pack, and their index. A test holds the pages equal to the packs.

python docs/make_packs.py            writes docs/packs/*.md
python docs/make_packs.py --check    prints what is out of date and exits with 1
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from hakari.messages import render, say
from hakari.packs import list_packs
from hakari.packs.model import Pack, Requirement, Source
from hakari.packs.overview import coverage

FOLDER = Path(__file__).parent / "packs"
COMMAND = "python docs/make_packs.py"


def pages() -> dict[str, str]:
    """Return every page by its file name."""
    packs = list_packs()
    usual = {pack.reference for pack in list_packs(versions=False)}
    names = {pack.reference: _file(pack, usual) for pack in packs}
    return {
        "README.md": _text(_index(packs, names)),
        **{names[pack.reference]: _text(_page(pack, packs)) for pack in packs},
    }


def _file(pack: Pack, usual: set[str]) -> str:
    return f"{pack.name if pack.reference in usual else pack.reference}.md"


def _text(lines: Iterator[str]) -> str:
    return "\n".join(lines).rstrip() + "\n"


def _index(packs: Sequence[Pack], names: dict[str, str]) -> Iterator[str]:
    yield "# The packs in the box"
    yield ""
    yield f"Made from the packs themselves by `{COMMAND}`. [Policy packs](../packs.md) says what a pack is."
    yield ""
    yield "| pack | 名称 | authority | requirements | measured | asked | by answers elsewhere | planned or open |"
    yield "|---|---|---|---:|---:|---:|---:|---:|"
    for pack in packs:
        ways = Counter(way for _, way in coverage(packs, pack))
        link = f"[{_cell(pack.title['en'])}]({names[pack.reference]})"
        rest = ways["mapped"] + ways["mapped_measured"], ways["planned"] + ways["nothing"]
        counts = (len(pack.requirements), ways["measured"], ways["asked"], *rest)
        told = " | ".join(str(count) for count in counts)
        authority = _word(f"cli.pack.authority.{pack.authority}")
        yield f"| {link} `{pack.reference}` | {_cell(pack.title['ja'])} | {authority} | {told} |"


def _page(pack: Pack, packs: Sequence[Pack]) -> Iterator[str]:
    yield f"# {pack.title['en']}"
    yield ""
    yield f"{pack.title['ja']} · `{pack.reference}`"
    yield ""
    yield f"{_word(f'cli.pack.authority_meaning.{pack.authority}')} {_force(pack)}".rstrip()
    yield ""
    yield pack.summary["en"]
    yield ""
    if pack.unverified is not None:
        yield f"**Not verified.** {pack.unverified['en']}"
        yield ""
    yield "Follows, in our own words:"
    yield ""
    yield from (f"- {_source(source)}" for source in pack.sources)
    if pack.facts:
        yield ""
        yield "Depends on these facts about a use case: " + ", ".join(f"`{fact.id}`" for fact in pack.facts) + "."
    ways = {item.slug: way for item, way in coverage(packs, pack)}
    for group in pack.groups:
        yield ""
        yield f"## {group.title['en']}"
        yield ""
        yield f"{group.title['ja']}. {group.summary['en']}"
        for item in pack.requirements:
            if item.group == group.id:
                yield ""
                yield from _requirement(item, ways[item.slug])


def _requirement(item: Requirement, way: str) -> Iterator[str]:
    yield f"**{item.title['en']}** · {item.title['ja']}  "
    about = [f"`{item.slug}`", ", ".join(_word(f"reasons.stage.{stage}") for stage in item.stages)]
    about += [_word(f"reasons.severity.{item.severity}"), f"answered by {_word(f'authoring.way.{way}')}"]
    if item.scope == "organisation":
        about.append("once for the company")
    if item.effective:
        about.append(_period(item.effective.get("from"), item.effective.get("until")))
    yield f"{' · '.join(about)}  "
    yield item.text["en"]
    if item.applies_when is not None:
        yield ""
        yield f"Applies when `{item.applies_when}`."
    if item.unverified is not None:
        yield ""
        yield f"Not verified: {item.unverified['en']}"


def _source(source: Source) -> str:
    parts = [source.title["en"], source.publisher, source.date]
    return ", ".join(part for part in parts if part)


def _force(pack: Pack) -> str:
    found = _period(pack.effective.get("from"), pack.effective.get("until"))
    return f"{found[:1].upper()}{found[1:]}." if found else ""


def _period(start: str | None, end: str | None) -> str:
    if start and end:
        return f"in force from {start} until {end}"
    return f"in force from {start}" if start else f"in force until {end}" if end else ""


def _word(key: str) -> str:
    return render(say(key), "en")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def stale() -> list[str]:
    """Return the pages that differ from the packs, are missing, or belong to no pack."""
    wanted = pages()
    found = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.md")}
    return sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))


def main() -> int:
    """Write every page, or with `--check` say which are out of date."""
    old = stale()
    if "--check" in sys.argv[1:]:
        for name in old:
            print(f"docs/packs/{name} is out of date: run {COMMAND}")
        return int(bool(old))
    FOLDER.mkdir(exist_ok=True)
    wanted = pages()
    for name in old:
        if name in wanted:
            (FOLDER / name).write_text(wanted[name], encoding="utf-8")
        else:
            (FOLDER / name).unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
