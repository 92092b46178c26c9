from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from types import ModuleType

from hakari.packs import list_packs

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


def test_every_pack_has_a_page_with_every_title_in_both_languages() -> None:
    pages = maker().pages()
    assert len(pages) == len(list_packs()) + 1
    for pack in list_packs():
        (page,) = (text for name, text in pages.items() if f"`{pack.reference}`" in text and name != "README.md")
        for item in pack.requirements:
            assert item.title["en"] in page
            assert item.title["ja"] in page
        assert f"`{pack.reference}`" in pages["README.md"]
