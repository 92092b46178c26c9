"""One answer put into `answers.yaml` where it belongs, so that comments and layout of the file stay as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hakari.assessment.answer_file import AnswerEntry, Answers, read_answers, write_answers
from hakari.errors import ManifestError
from hakari.packs.model import Pack, Requirement

__all__ = ["with_answer", "with_block"]

_INDENT = 2


def with_answer(
    content: bytes, packs: Sequence[Pack], requirement: Requirement, question: str, entry: AnswerEntry
) -> bytes:
    """Return the file with one answer added or replaced.

    Only the lines of that answer change. Where the file is laid out in a way that cannot be edited line by line, or the
    edited file would not read as it should, the whole file is written anew.
    """
    answers = read_answers(content, packs) if content.strip() else Answers()
    entries = {slug: dict(items) for slug, items in answers.answers.items()}
    entries.setdefault(requirement.slug, {})[question] = entry
    wanted = Answers(answers=entries)
    edited = _edited(content, requirement.slug, question, entry)
    try:
        if edited is not None and read_answers(edited, packs) == read_answers(write_answers(wanted), packs):
            return edited
    except ManifestError:
        pass
    return write_answers(wanted)


def _edited(content: bytes, slug: str, question: str, entry: AnswerEntry) -> bytes | None:
    import yaml

    whole = write_answers(Answers(answers={"x": {question: entry}})).decode("utf-8")
    return with_block(content, ("answers", slug, question), yaml.safe_load(whole)["answers"]["x"][question])


def with_block(content: bytes, place: Sequence[str], entry: Mapping[str, Any]) -> bytes | None:
    """Return a YAML file with `entry` put at `place` (keys from the top), all other lines as they are.

    None if the file is laid out in a way that cannot be edited line by line. The caller must read what comes out: this
    looks at lines, not at meaning.
    """
    import yaml

    try:
        text = content.decode("utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except (UnicodeDecodeError, yaml.YAMLError):
        return None
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    if not _is_block(node):
        return None
    for depth, name in enumerate(place):
        found = _child(node, name)
        if found is None:
            end = _last_line(node, lines)
            return _spliced(lines, end, end, _block(place[depth:], entry, _column(node)))
        if depth + 1 < len(place) and not _is_block(found[1]):
            return None
        parent, (key, node) = node, found
    return _spliced(lines, key.start_mark.line, _last_line(node, lines), _block(place[-1:], entry, _column(parent)))


def _child(node: Any, name: str) -> tuple[Any, Any] | None:
    """Return key and value of an entry of a mapping node."""
    for key, value in getattr(node, "value", ()) if getattr(node, "id", "") == "mapping" else ():
        if key.value == name:
            return key, value
    return None


def _is_block(node: Any) -> bool:
    return getattr(node, "id", "") == "mapping" and not node.flow_style and bool(node.value)


def _last_line(node: Any, lines: list[str]) -> int:
    """Return the line after a node's last letter; a parser's own mark would swallow the comments behind it."""
    end = min(int(node.end_mark.line) + (1 if node.end_mark.column > 0 else 0), len(lines))
    while end > node.start_mark.line + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return end


def _column(node: Any) -> int:
    """Return the column in which the keys of a mapping node stand."""
    return int(node.value[0][0].start_mark.column)


def _block(names: Sequence[str], entry: Mapping[str, Any], column: int) -> list[str]:
    """Return the lines of an entry under its keys, indented as its neighbours are."""
    import yaml

    document: dict[str, Any] = dict(entry)
    for name in reversed(names):
        document = {name: document}
    text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=110, indent=_INDENT)
    return [" " * column + line for line in text.splitlines(keepends=True)]


def _spliced(lines: list[str], start: int, end: int, block: list[str]) -> bytes:
    return "".join([*lines[:start], *block, *lines[end:]]).encode("utf-8")
