"""Make the pictures of the documentation from the demo: run by `make docs`, never by hand."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
SIZE = {"width": 1200, "height": 1000}
# language → picture
PICTURES = {"en": IMAGES / "report.png", "ja": IMAGES / "report-ja.png"}


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


def main() -> None:
    """Run the demo, write its report in each language, and photograph the top of the page."""
    browser_path = shutil.which("chromium") or sys.exit("Chromium is missing: apt-get install chromium")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        hakari("demo", folder=folder)
        bundle = newest(folder, "*.zip")
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        for language, picture in PICTURES.items():
            page_file = folder / f"report-{language}.html"
            hakari("report", str(bundle), "--lang", language, "--output", str(page_file), folder=folder)
            page = browser.new_page(viewport=SIZE, color_scheme="light", locale=language)
            page.goto(page_file.as_uri())
            page.screenshot(path=str(picture))
            print(picture.relative_to(ROOT))
        browser.close()


if __name__ == "__main__":
    main()
