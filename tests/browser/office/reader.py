"""Somebody at a page who knows only what is written on it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from playwright.sync_api import Locator, Page

from hakari.messages import render, say
from tests.browser.office.conftest import Site

__all__ = ["Language", "Reader"]

Language = Literal["en", "ja"]


class Reader:
    """Somebody at a page who knows only what is written on it."""

    def __init__(self, page: Page, site: Site, language: Language) -> None:
        page.set_default_timeout(10_000)
        self.page, self.site, self.language = page, site, language

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.site.url)

    @property
    def seen(self) -> str:
        """The words on the page, each run of spaces as one."""
        return " ".join(self.page.locator("main").inner_text().split())

    def go(self, path: str) -> None:
        answer = self.page.goto(self.site.url + path)
        assert answer is not None
        assert answer.status == 200, (path, answer.status)

    def text(self, key: str, **values: object) -> str:
        return render(say(key, **values), self.language)

    def sees(self, *words: str) -> None:
        """Insist that words stand on the page, and that it is no wider than the window."""
        width, room = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert width <= room, (self.path, width)
        seen = self.seen
        for each in words:
            assert " ".join(each.split()) in seen, (each, self.path, seen)

    def lacks(self, *words: str) -> None:
        """Insist that words do not stand on the page."""
        for each in words:
            assert each not in self.seen, (each, self.path)

    def button(self, key: str, within: str = "main", **values: object) -> Locator:
        name = self.text(key, **values)
        return self.page.locator(within).get_by_role("button", name=name, exact=True)

    def press(self, key: str, within: str = "main", **values: object) -> None:
        with self.page.expect_navigation():
            self.button(key, within, **values).first.click()
        assert not self.page.locator(".error-summary").count(), self.page.locator(".error-summary").inner_text()

    def follow(self, words: str, within: str = "main") -> None:
        self._click(self.page.locator(within).get_by_role("link", name=words))

    def follow_text(self, key: str, within: str = "main", **values: object) -> None:
        self.follow(self.text(key, **values), within)

    def around(self, key: str) -> None:
        """Go where the navigation leads."""
        self._click(self.page.locator("nav.around").get_by_role("link", name=self.text(key), exact=True))

    def follow_to(self, path: str) -> None:
        """Follow a link on the page by where it leads; `path` is a part of that."""
        self._click(self.page.locator(f'main a[href*="{path}"]'))

    def _click(self, link: Locator) -> None:
        with self.page.expect_navigation():
            link.first.click()

    def unfold(self, key: str) -> None:
        """Open what is folded under a summary, unless it is open."""
        folded = self.page.locator("main details", has=self.page.locator("summary", has_text=self.text(key))).last
        if folded.get_attribute("open") is None:
            folded.locator("summary").first.click()

    def fill(self, values: Mapping[str, str], within: str = "main") -> None:
        for name, value in values.items():
            self.page.locator(within).locator(f'[name="{name}"]').first.fill(value)

    def choose(self, field: str, value: str | Sequence[str], within: str = "main") -> None:
        for each in [value] if isinstance(value, str) else value:
            self.page.locator(within).locator(f'input[name="{field}"][value="{each}"]').first.check()

    def select(self, field: str, value: str) -> None:
        self.page.locator(f'main select[name="{field}"]').select_option(value)

    def attach(self, field: str, name: str, content: bytes, kind: str = "application/octet-stream") -> None:
        box = self.page.locator(f'input[type="file"][name="{field}"]')
        box.set_input_files({"name": name, "mimeType": kind, "buffer": content})

    def link_in_mail(self, body: str) -> str:
        """Return the path of the link in a mail."""
        found = re.search(r"https?://[^/\s]+(/\S+)", body)
        assert found is not None, body
        return found.group(1)
