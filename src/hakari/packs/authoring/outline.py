"""Guidelines as people keep them (Markdown, Word, Excel), read as principles with their points."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hakari.errors import InputError
from hakari.messages import say, unprintable
from hakari.packs.authoring._containers import LARGEST_ARCHIVE, check_archive, need, office_errors
from hakari.packs.authoring.grid import Sheet, read_grid

__all__ = ["MOST_POINTS", "Guidelines", "Part", "language_of", "read_guidelines", "split_languages"]

MOST_POINTS = 1_000
"""Paragraphs and bullets in one document."""
_LONGEST = 5_000
_JAPANESE = re.compile(r"[\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_SPLIT = re.compile(r"\s+/\s+|／|\s*\|\s*")
_NUMBERED = re.compile(r"(\d+(\.\d+)*[.)．）]?\s+|第[0-9一二三四五六七八九十]+[条章項]\s*)")
_HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*$")
_BULLET = re.compile(r"\s*([-*+•・]|\d+[.)])\s+(.*)")
_MARKUP = (
    (re.compile(r"!\[[^\]]*\]\([^)]*\)"), ""),
    (re.compile(r"\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"(\*\*|__|`)(.+?)\1"), r"\2"),
    (re.compile(r"(?<![\w*])\*([^*\s][^*]*)\*(?![\w*])"), r"\1"),
)  # fmt: skip


@dataclass(slots=True)
class Part:
    """A heading and what stands below it."""

    level: int
    heading: str
    points: list[tuple[str, bool]] = field(default_factory=list)
    """Text, and whether it was a bullet."""
    under: str = ""
    """The heading between the principle and its points, if there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidelines:
    """A document: its title, what stands before the first principle, and the principles."""

    title: str
    preface: tuple[str, ...]
    principles: tuple[tuple[str, tuple[Part, ...]], ...]
    """Heading of each principle, with its parts: the first is the principle's own text."""


def language_of(text: str) -> str:
    """Return `ja` for a text with Japanese signs, else `en`."""
    return "ja" if _JAPANESE.search(text) else "en"


def split_languages(text: str) -> dict[str, str]:
    """Return a text by language: “Fairness / 公平性” stands in two."""
    parts = [part.strip() for part in _SPLIT.split(text) if part.strip()]
    if len(parts) == 2 and language_of(parts[0]) != language_of(parts[1]):
        return {language_of(part): part for part in parts}
    return {language_of(text): text}


def read_guidelines(path: Path, *, shown: str) -> Guidelines:
    """Return the outline of a `.md`, `.docx` or `.xlsx` file.

    Raises:
        InputError: no such file, another kind of file, damaged, too large, or without headings.
    """
    kinds = {".md": _markdown, ".markdown": _markdown, ".docx": _word, ".xlsx": _excel}
    reader = kinds.get(path.suffix.lower())
    if reader is None:
        raise InputError(say("authoring.outline.kind", file=shown, kinds=sorted(kinds)))
    if not path.is_file():
        raise InputError(say("authoring.file.missing", file=shown, problem="–"))
    parts = reader(path, shown)
    if sum(len(part.points) for part in parts) > MOST_POINTS:
        raise InputError(say("authoring.outline.many", file=shown, limit=MOST_POINTS))
    return _arranged([_clean(part) for part in parts], shown, path.stem)


def _clean(part: Part) -> Part:
    points = [(_plain_text(text), bullet) for text, bullet in part.points]
    return Part(part.level, _plain_text(part.heading), [point for point in points if point[0]])


def _plain_text(text: str) -> str:
    kept = "".join(" " if unprintable(sign) else sign for sign in text)
    return " ".join(kept.split())[:_LONGEST]


def _arranged(parts: list[Part], shown: str, stem: str) -> Guidelines:
    """Find which level of headings the principles are: the highest of which there are several."""
    headings = [part for part in parts if part.level]
    counts = Counter(part.level for part in headings)
    if not headings:
        raise InputError(say("authoring.outline.headings", file=shown))
    level = next((each for each in sorted(counts) if counts[each] > 1), max(counts))
    title, preface = stem, []
    principles: list[tuple[str, list[Part]]] = []
    for part in parts:
        if part.level == level:
            principles.append((_NUMBERED.sub("", part.heading, count=1) or part.heading, [part]))
        elif principles and part.level > level:
            part.under = part.heading
            principles[-1][1].append(part)
        else:
            title = part.heading if part.level and not principles else title
            preface += [text for text, _ in part.points] if not principles else []
    return Guidelines(
        title=title, preface=tuple(preface), principles=tuple((name, tuple(each)) for name, each in principles)
    )


# Markdown


def _markdown(path: Path, shown: str) -> list[Part]:
    if path.stat().st_size > LARGEST_ARCHIVE:
        raise InputError(say("authoring.file.large", file=shown, size=path.stat().st_size, limit=LARGEST_ARCHIVE))
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(say("authoring.file.damaged", file=shown, problem="UTF-8")) from None
    parts = [Part(0, "")]
    open_point = False
    for kind, value in _lines(text):
        if kind.startswith("h"):
            parts.append(Part(int(kind[1:]), _unmarked(value)))
            open_point = False
        elif kind == "blank":
            open_point = False
        elif kind == "bullet" or not open_point:
            parts[-1].points.append((_unmarked(value), kind == "bullet"))
            open_point = True
        else:
            before, bullet = parts[-1].points[-1]
            # Japanese is written without blanks between lines.
            joint = "" if language_of(before[-1:]) == "ja" or before[-1:] in "、。）」" else " "
            parts[-1].points[-1] = (before + joint + _unmarked(value), bullet)
    return parts


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """Yield (h1…h6, bullet, text or blank, what stands there); code, comments and front matter are passed over."""
    lines = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL).splitlines()
    if lines[:1] == ["---"] and "---" in lines[1:]:
        lines = lines[lines.index("---", 1) + 1 :]
    fenced = False
    for place, line in enumerate(lines):
        follows = lines[place + 1].strip() if place + 1 < len(lines) else ""
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        elif fenced or re.fullmatch(r"\s*(=+|-+|\*{3,}|_{3,})\s*", line) or not line.strip():
            yield "blank", ""
        elif found := _HEADING.match(line):
            yield f"h{len(found[1])}", found[2]
        elif re.fullmatch(r"=+|-{2,}", follows) and line.lstrip()[0] not in "-*+•・":
            yield "h1" if follows[0] == "=" else "h2", line.strip()
        elif found := _BULLET.match(line):
            yield "bullet", found[2]
        else:
            yield "text", line.strip().lstrip("> ")


def _unmarked(text: str) -> str:
    for pattern, replacement in _MARKUP:
        text = pattern.sub(replacement, text)
    return text.strip()


# Word


def _word(path: Path, shown: str) -> list[Part]:
    check_archive(path, shown)
    docx = need("docx", "python-docx")
    parts = [Part(0, "")]
    with office_errors(shown), path.open("rb") as file:
        for block in docx.Document(file).iter_inner_content():
            if hasattr(block, "rows"):
                # A table is read as well, each row as one point: what stands in one must not be lost.
                parts[-1].points += [(text, True) for row in block.rows if (text := _row_text(row))]
                continue
            text, level = block.text.strip(), _level(block)
            if text and level:
                parts.append(Part(level, text))
            elif text:
                parts[-1].points.append((text, _is_bullet(block)))
    return parts


def _row_text(row: Any) -> str:
    """Return the cells of a row; a merged cell, which stands in it several times, once."""
    return " – ".join(dict.fromkeys(text for cell in row.cells if (text := cell.text.strip())))


def _level(paragraph: Any) -> int:
    """Return the level of a heading, 0 for other text. A short line that is bold throughout counts as one."""
    name = (paragraph.style.name or "") if paragraph.style is not None else ""
    if name == "Title":
        return 1
    if found := re.fullmatch(r"(?:Heading|heading|見出し) ?([1-9])", name):
        return int(found[1]) + 1
    runs = [run for run in paragraph.runs if run.text.strip()]
    is_bold = bool(runs) and all(run.bold for run in runs)
    return 9 if is_bold and len(paragraph.text) <= 60 and not paragraph.text.rstrip().endswith((".", "。")) else 0


def _is_bullet(paragraph: Any) -> bool:
    name = (paragraph.style.name or "") if paragraph.style is not None else ""
    properties = paragraph._p.pPr
    return name.startswith("List") or (properties is not None and properties.numPr is not None)


# Excel


def _excel(path: Path, shown: str) -> list[Part]:
    """Return the first sheet: principle in column A (once or on every row), its points in column B."""
    sheets = list(read_grid(path, shown=shown).values())
    parts = [Part(0, "")]
    for _, heading, text in _rows(sheets[0]) if sheets else ():
        if heading and heading != parts[-1].heading:
            parts.append(Part(1, heading))
        if text:
            parts[-1].points.append((text, True))
    # One heading above two columns is what people write: “Principle | Text”.
    if len(parts) > 2 and parts[1].heading.casefold() in ("principle", "principles", "原則"):
        del parts[1]
    return parts


def _rows(sheet: Sheet) -> Iterator[tuple[int, str, str]]:
    for number, row in sheet.rows.items():
        cells = {letter: cell.text.strip() for letter, cell in row.items()}
        yield number, cells.get("A", ""), " / ".join(text for letter, text in cells.items() if letter in ("B", "C"))
