"""Make the pictures of the documentation from the demo: run by `make docs`, never by hand."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
SIZE = {"width": 1200, "height": 1000}
# language → top of the report, one check with its groups
PICTURES = {
    "en": (IMAGES / "report.png", IMAGES / "gap.png"),
    "ja": (IMAGES / "report-ja.png", IMAGES / "gap-ja.png"),
}
CHECK = "#r-ai-ethics-core-gap-in-results"


def hakari(*words: str, folder: Path) -> None:
    """Run a command as a person would, with a home folder of its own so that no key of theirs is used."""
    environment = {**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder / ".config")}
    program = Path(sys.executable).with_name("hakari")
    subprocess.run([str(program), *words], cwd=folder, check=True, env=environment)


def newest(folder: Path, pattern: str) -> Path:
    """Return the file that was written last."""
    found = sorted(folder.rglob(pattern), key=lambda path: path.stat().st_mtime)
    if not found:
        sys.exit(f"The demo left no {pattern}; run make demo and look at what it prints.")
    return found[-1]


def photograph(browser: Browser, page_file: Path, language: str) -> None:
    """Take the pictures of one report, in light colours."""
    top, gap = PICTURES[language]
    page = browser.new_page(viewport=SIZE, color_scheme="light", locale=language)
    page.goto(page_file.as_uri())
    page.screenshot(path=str(top))
    page.locator(CHECK).evaluate("details => { details.open = true }")
    page.locator(f"{CHECK} figure").first.screenshot(path=str(gap))
    print(top.relative_to(ROOT), gap.relative_to(ROOT))


def main() -> None:
    """Run the demo, write its report in each language, and photograph it."""
    browser_path = shutil.which("chromium") or sys.exit("Chromium is missing: apt-get install chromium")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        hakari("demo", folder=folder)
        bundle = newest(folder, "*.zip")
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        for language in PICTURES:
            page_file = folder / f"report-{language}.html"
            hakari("report", str(bundle), "--lang", language, "--out", str(page_file), folder=folder)
            photograph(browser, page_file, language)
        browser.close()


if __name__ == "__main__":
    main()
