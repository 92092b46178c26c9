from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from hakari.packs import Pack, list_packs

ROOT = Path(__file__).resolve().parents[4]


@cache
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_packs", ROOT / "docs" / "make_packs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_page_is_what_its_pack_says() -> None:
    assert maker().stale() == []


def texts_of(record: Any) -> Iterator[dict[str, str]]:
    """Yield every text of a pack and of what it holds."""
    for part in fields(record):
        value = getattr(record, part.name)
        for item in value if isinstance(value, tuple) else (value,):
            if is_dataclass(item):
                yield from texts_of(item)
            elif isinstance(item, Mapping) and set(item) == {"en", "ja"}:
                yield dict(item)


def page_of(pack: Pack, folder: str = "") -> str:
    """Return the page that names the pack, of the pages in one folder."""
    (page,) = (
        text
        for name, text in maker().pages().items()
        if name.startswith(folder) and ("/" in name) == bool(folder) and not name.endswith("README.md")
        if f"`{pack.reference}` ·" in text
    )
    return str(page)


def test_every_pack_has_a_page_and_a_place_in_the_index_in_both_languages() -> None:
    pages = maker().pages()
    assert len(pages) == 2 * (len(list_packs()) + 1)
    for pack in list_packs():
        assert f"`{pack.reference}`" in pages["README.md"]
        assert f"`{pack.reference}`" in pages["ja/README.md"]


@pytest.mark.parametrize("pack", list_packs(), ids=lambda pack: str(pack.reference))
def test_a_page_holds_every_text_of_its_pack(pack: Pack) -> None:
    for language, folder in (("en", ""), ("ja", "ja/")):
        page = page_of(pack, folder)
        assert [text[language] for text in texts_of(pack) if text[language] not in page] == []


@pytest.mark.parametrize("pack", list_packs(), ids=lambda pack: str(pack.reference))
def test_the_english_page_gives_the_japanese_title_of_every_requirement(pack: Pack) -> None:
    page = page_of(pack)
    assert [item.title["ja"] for item in pack.requirements if item.title["ja"] not in page] == []


@pytest.mark.parametrize("name", [name for name in maker().pages() if "/" not in name])
def test_a_page_and_its_counterpart_point_to_each_other(name: str) -> None:
    pages = maker().pages()
    assert f"[日本語](ja/{name})" in pages[name]
    assert f"[English](../{name})" in pages[f"ja/{name}"]


def test_a_page_that_differs_is_found_in_either_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in maker().pages().items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(maker(), "FOLDER", tmp_path)
    assert maker().stale() == []
    (tmp_path / "ja" / "altai.md").write_text("another\n", encoding="utf-8")
    (tmp_path / "ja" / "nobody.md").write_text("left over\n", encoding="utf-8")
    (tmp_path / "altai.md").unlink()
    assert maker().stale() == ["altai.md", "ja/altai.md", "ja/nobody.md"]
