"""What a browser calls itself."""

from __future__ import annotations

import pytest

from hakari.office.people.signing.devices import device

CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"


@pytest.mark.parametrize(
    ("user_agent", "shown"),
    [
        (f"Mozilla/5.0 (X11; Linux x86_64) {CHROME}", "Chrome · Linux"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64) {CHROME} Edg/130.0", "Edge · Windows"),
        (f"Mozilla/5.0 (Linux; Android 14) {CHROME}", "Chrome · Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17 like Mac OS X) Version/17 Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14.0; rv:130.0) Gecko Firefox/130.0", "Firefox · macOS"),
        ("curl/8.0", "curl/8.0"),
        ("", "–"),
    ],
)
def test_browser_and_system_are_told_in_words(user_agent: str, shown: str) -> None:
    assert device(user_agent) == shown
