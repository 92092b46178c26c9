"""Which column of a foreign register is which of ours: guessed by its heading, changed by the person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hakari.messages import render, say
from hakari.office.registry.search import normal

__all__ = ["TARGETS", "Mapped"]

TARGETS: Final[dict[str, tuple[str, ...]]] = {
    "title": ("title", "name", "use case", "件名", "案件名", "名称", "タイトル"),
    "former_number": ("number", "id", "no", "no.", "番号", "管理番号", "旧番号"),
    "purpose": ("purpose", "description", "summary", "目的", "概要", "説明", "内容"),
    "unit": ("unit", "department", "division", "部門", "部署", "事業部"),
    "owner": ("owner", "responsible", "e-mail", "email", "責任者", "担当者", "メールアドレス"),
}
"""Our fields, the words by which a heading is known; the first is needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """How a file is to be read into the register."""

    columns: Mapping[str, int]
    """Field → place of its column; fields without one are left out."""
    state: str = "draft"
    unit: str = ""
    """Key of the unit for rows that name none."""
    skip_similar: bool = False

    @classmethod
    def guess(cls, headings: Sequence[str]) -> Mapped:
        """Return the columns whose headings are known: as they are said, else where a known word stands in them."""
        known = [normal(heading) for heading in headings]
        columns: dict[str, int] = {}
        for exactly in (True, False):
            for field in TARGETS:
                for place, heading in enumerate(known):
                    taken = field in columns or place in columns.values()
                    if not taken and _fits(heading, field, exactly=exactly):
                        columns[field] = place
        return cls(columns=columns)

    @classmethod
    def read(cls, query: Mapping[str, Any], headings: Sequence[str]) -> Mapped:
        """Return the mapping that a form says; what it does not say is guessed."""
        if not any(str(name).startswith("column_") for name in query):
            return cls.guess(headings)
        columns = {}
        for field in TARGETS:
            text = str(query.get(f"column_{field}", ""))
            if text.isdecimal() and text.isascii() and int(text[:4]) < len(headings):
                columns[field] = int(text[:4])
        return cls(
            columns=columns,
            state="notified" if query.get("state") == "notified" else "draft",
            unit=str(query.get("unit", ""))[:32],
            skip_similar=bool(query.get("skip_similar")),
        )

    def cell(self, row: Sequence[str], field: str) -> str:
        """Return what a row says of a field."""
        place = self.columns.get(field)
        return row[place] if place is not None else ""


def _fits(heading: str, field: str, *, exactly: bool) -> bool:
    own = {normal(render(say(f"office.registry.field.{field}"), language)) for language in ("en", "ja")}
    words = own | {normal(word) for word in TARGETS[field]}
    if exactly:
        return heading in words
    return (
        any(len(word) > 2 and word in heading for word in words)
        if heading.isascii()
        else any(len(word) > 1 and not word.isascii() and word in heading for word in words)
    )
