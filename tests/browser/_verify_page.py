"""The page that checks bundles, opened from disk without a network, and what tests ask of it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from hakari.standalone.page import page_html

_CHECK = """async ([bundle, keys, today]) => {
  const bytes = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
  const found = await hakariVerify(bytes(bundle), keys === null ? null : bytes(keys), today);
  const words = message => hakariVerify.words(message, 'en');
  if (found.refused !== undefined) {
    return {refused: words(found.refused.message), keys: found.refused.keys};
  }
  return {
    levels: found.levels.map(level => ({
      name: level.name, status: level.status, summary: words(level.summary),
      problems: level.problems.map(
        ({member, problem, rests}) => [member, problem.key, words(problem), rests.map(words)]),
    })),
    signed: found.signed.key,
    decision: found.decision === null ? null : {
      number: found.decision.record.number,
      valid_until: found.decision.record.valid_until,
      digest: found.decision.digest,
      intact: found.decision.intact,
      run_out: found.decision.runOut,
      seal: found.decision.seal,
      told: found.decision.told.map(words),
    },
    read: found.read.map(({check, metric, figure}) => [check, metric, figure]),
    log: found.log.map(words),
  };
}"""


@dataclass
class Opened:
    """The page with everything that it asked for and complained about."""

    page: Page
    requests: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def check(self, content: bytes, keys: bytes | None = None, today: str | None = None) -> dict[str, Any]:
        """Return what the page finds of a bundle, in English; {"refused": …} if it cannot be checked."""
        found: dict[str, Any] = self.page.evaluate(
            _CHECK, [_text(content), None if keys is None else _text(keys), today]
        )
        return found

    def choose(self, content: bytes, keys: bytes | None = None) -> None:
        """Choose the files as a person does, and wait for the answer."""
        if keys is not None:
            self.page.set_input_files("#keys", {"name": "keys.json", "mimeType": "application/json", "buffer": keys})
        self.page.set_input_files("#bundle", {"name": "case.zip", "mimeType": "application/zip", "buffer": content})
        self.page.locator("#result section").first.wait_for()

    def statuses(self) -> dict[str, str | None]:
        """Return the status that each of the three answers shows."""
        answers = self.page.locator(".answer").all()
        return {str(item.get_attribute("data-level")): item.get_attribute("data-status") for item in answers}

    def text(self, selector: str) -> str:
        """Return what is to be read there."""
        return self.page.locator(selector).inner_text()


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


@contextmanager
def opened(browser: Browser, folder: Path, *, script: str | None = None, **options: Any) -> Iterator[Opened]:
    """Open the page from a file in `folder` without a network; `script` runs before the page's own."""
    file = folder / "verify.html"
    file.write_text(page_html(), "utf-8")
    context = browser.new_context(**{"offline": True, "locale": "en-GB", "reduced_motion": "reduce", **options})
    if script is not None:
        context.add_init_script(script)
    found = Opened(context.new_page())
    found.page.on("request", lambda made: found.requests.append(made.url))
    found.page.on("requestfinished", lambda made: found.answered.append(made.url))
    found.page.on("console", lambda said: found.complaints.append(said.text))
    found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
    found.page.goto(file.as_uri())
    yield found
    context.close()
