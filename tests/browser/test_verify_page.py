"""verify.html in a real browser: three right answers, quiet, accessible, and readable in both languages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FileChooser, expect

from hakari.assessment.archive import pack_archive, unpack_archive
from hakari.evidence import DirectoryEntry, canonical_bytes, write_directory
from hakari.messages import say
from tests.browser._verify_page import Opened, opened
from tests.contract.bending import payload_of, resigned, with_payload
from tests.contract.figure_cases import weighted_case
from tests.contract.golden_case import GOLDEN
from tests.contract.good_cases import ATTACKER, ENGINEER, NOW, OFFICE, case, key_of

pytestmark = [pytest.mark.browser]

_RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}
START = "2026-01-01T00:00:00+00:00"


@pytest.fixture(scope="module")
def good() -> bytes:
    """Return a bundle with several groups, answers and two keys, in order and signed by the engineer."""
    return next(made.content for seed in range(60) if _is_rich((made := case(f"page {seed}")).content))


def _is_rich(content: bytes) -> bool:
    files = unpack_archive(content)[0]
    statuses = {check["status"] for check in _checks(files)}
    signed = json.loads(files["manifest.json"])["signatures"]
    return bool(signed) and {"met", "not_met"} <= statuses and any(name.startswith("exceptions/") for name in files)


@pytest.fixture(scope="module")
def bent(good: bytes) -> bytes:
    """Return the bundle with one count changed."""
    files = unpack_archive(good)[0]
    name = measurement(files)
    statement = payload_of(files[name])
    table = next(table for table in statement["predicate"]["tables"] if table["rows"])
    table["rows"][0][table["columns"].index("n")] += 9
    return pack_archive({**files, name: with_payload(files[name], statement)})


def measurement(files: dict[str, bytes]) -> str:
    return next(
        name
        for name in sorted(files)
        if name.startswith("evidence/") and payload_of(files[name])["predicate"]["kind"] == "measurement"
    )


@pytest.fixture(params=["en", "ja"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def shown(chromium: Browser, tmp_path: Path) -> Iterator[Opened]:
    with opened(chromium, tmp_path) as found:
        yield found


def directory(*seeds: int, **entry: Any) -> bytes:
    """Return a directory that lists the office and these keys, each as `entry` says."""
    entries = [DirectoryEntry(key=key_of(OFFICE).public, name="Office", valid_from=START)]
    entries += [
        DirectoryEntry(key=key_of(seed).public, name=f"Daniel {seed}", **{"valid_from": START, **entry})
        for seed in seeds
    ]
    return write_directory(entries, issued_at=NOW, key=key_of(OFFICE))


# ---------------------------------------------------------------- the three answers


def test_a_good_bundle_gets_three_right_answers(shown: Opened) -> None:
    shown.choose(GOLDEN.read_bytes())

    assert shown.statuses() == {"genuine": "yes", "recomputed": "yes", "re-run": "not_done"}
    assert "1 of 1 verdict" in shown.text("#result")
    assert "unknown key" in shown.text("[data-level=genuine]")


def test_verdicts_on_figures_that_are_only_read_are_named_one_by_one(shown: Opened, language: str) -> None:
    shown.choose(weighted_case())
    shown.page.locator(f"[data-language={language}]").click()
    words = {"en": ("0 of 5 verdicts derived again", "figure only read"), "ja": ("5 件中 0 件", "記録の値")}[language]

    assert words[0] in shown.text("[data-level=recomputed]")
    assert shown.page.locator("#result table").get_by_text(words[1], exact=True).count() == 5
    lines = shown.page.locator(".log.figures li").all_inner_texts()
    assert len(lines) == 5
    assert all("= 0" in line for line in lines)


def test_every_yes_says_that_genuine_is_not_true(shown: Opened) -> None:
    shown.choose(GOLDEN.read_bytes())

    green = shown.page.locator(".answer[data-status=yes]")
    assert green.count() == 2
    for answer in green.all():
        assert "Genuine does not mean true." in answer.inner_text()


def test_a_changed_count_names_the_file_and_the_verdicts_that_rest_on_it(
    shown: Opened, good: bytes, bent: bytes
) -> None:
    shown.choose(bent)

    assert {name: shown.statuses()[name] for name in ("genuine", "recomputed")} == {"genuine": "no", "recomputed": "no"}
    files = unpack_archive(good)[0]
    assert measurement(files) in shown.text(".fault >> nth=0")
    found = shown.check(bent)
    told = [problem for level in found["levels"] for problem in level["problems"] if problem[0] == measurement(files)]
    resting = {check["check"] for check in _checks(files) if check.get("evidence", "") in measurement(files)}
    assert resting
    assert all(any(check in line for _, _, _, rests in told for line in rests) for check in resting)


def _checks(files: dict[str, bytes]) -> list[dict[str, Any]]:
    findings = json.loads(files["assessment.json"])["findings"]
    return [check for finding in findings for check in finding["checks"] if check.get("evidence")]


def test_a_status_set_by_hand_is_found_though_it_was_signed_again(shown: Opened, good: bytes) -> None:
    files = unpack_archive(good)[0]
    assessment = json.loads(files["assessment.json"])
    finding = next(item for item in assessment["findings"] if item["status"] == "not_met")
    finding["status"] = "met"
    shown.choose(resigned({**files, "assessment.json": canonical_bytes(assessment)}, ENGINEER))

    assert shown.statuses() == {"genuine": "yes", "recomputed": "no", "re-run": "not_done"}
    assert "assessment.json" in shown.text(".faults")


@pytest.mark.parametrize(
    ("entry", "status", "told"),
    [
        ({}, "yes", "whose key was valid then"),
        ({"valid_until": "2027-01-01T00:00:00+00:00"}, "yes", "to 2027-01-01 00:00 UTC"),
        ({"valid_until": "2026-11-01T00:00:00+00:00"}, "no", "after it had expired"),
        ({"valid_from": "2026-12-01T00:00:00+00:00"}, "no", "before it was valid"),
        ({"revoked": "2026-11-22T08:59:59+00:00"}, "no", "after it was revoked"),
    ],
    ids=["open", "valid", "expired", "not yet valid", "revoked"],
)
def test_a_key_directory_puts_a_name_and_a_standing_to_the_key(
    shown: Opened, good: bytes, entry: dict[str, str], status: str, told: str
) -> None:
    shown.choose(good, directory(ENGINEER, 12, **entry))

    assert shown.statuses()["genuine"] == status
    assert "Daniel 7" in shown.text("[data-level=genuine]")
    assert told in shown.text("#result")


def test_a_key_that_the_directory_does_not_know_makes_genuine_partly(shown: Opened, good: bytes) -> None:
    shown.choose(good, directory(ATTACKER))

    assert shown.statuses()["genuine"] == "partly"
    assert "does not list" in shown.text("[data-level=genuine]")


def test_a_broken_key_directory_is_told_and_can_be_left_out(shown: Opened, good: bytes) -> None:
    shown.choose(good, directory(ENGINEER).replace(b"i", b"j", 1))
    assert "key directory cannot be used" in shown.text("#result")

    shown.page.get_by_role("button", name="Leave the key directory out").click()
    shown.page.locator(".answer").first.wait_for()
    assert shown.statuses()["genuine"] == "yes"


def test_files_can_be_dropped_together_and_are_told_apart(shown: Opened, good: bytes) -> None:
    shown.page.evaluate(
        """([bundle, keys]) => {
          const data = new DataTransfer();
          const file = (bytes, name) => data.items.add(new File([new Uint8Array(bytes)], name));
          file(keys, 'whose.txt');
          file(bundle, 'case.bin');
          document.body.dispatchEvent(new DragEvent('drop', {bubbles: true, cancelable: true, dataTransfer: data}));
        }""",
        [list(good), list(directory(ENGINEER, 12))],
    )
    shown.page.locator(".answer").first.wait_for()

    assert shown.statuses()["genuine"] == "yes"
    assert "whose.txt" in shown.text("#keys-name")


@pytest.mark.parametrize(
    "content",
    [b"", b"hello" * 1000, b"PK\x05\x06" + b"\xff" * 18, b"PK\x03\x04" * 5000, b"\0" * 3_000_000, b"{" * 100_000],
    ids=["nothing", "text", "an end record", "headers", "zeros", "brackets"],
)
def test_what_is_no_bundle_is_refused_in_one_line(shown: Opened, content: bytes) -> None:
    shown.choose(content)

    assert "This cannot be checked" in shown.text("#result")
    assert "\n" not in shown.check(content)["refused"]
    assert shown.complaints == []


def test_a_browser_without_the_signature_method_says_so(chromium: Browser, tmp_path: Path) -> None:
    lacking = """const real = crypto.subtle.importKey.bind(crypto.subtle);
      crypto.subtle.importKey = (format, key, method, ...rest) => method.name === 'Ed25519'
        ? Promise.reject(new DOMException('no', 'NotSupportedError')) : real(format, key, method, ...rest);"""
    with opened(chromium, tmp_path, script=lacking) as shown:
        shown.choose(GOLDEN.read_bytes())

        assert shown.statuses() == {"genuine": "cannot", "recomputed": "yes", "re-run": "not_done"}
        assert "cannot be checked in this browser" in shown.text("[data-level=genuine]").lower()


# ---------------------------------------------------------------- it can send nothing


def test_the_page_asks_for_nothing_but_itself(shown: Opened, good: bytes) -> None:
    shown.choose(good, directory(ENGINEER))

    assert [url.rpartition("/")[2] for url in shown.requests] == ["verify.html"]
    assert shown.complaints == []


@pytest.mark.parametrize(
    ("attempt", "directive"),
    [
        ("fetch('http://127.0.0.1:9/').catch(() => 0)", "connect-src"),
        ("fetch('data:,x').catch(() => 0)", "connect-src"),
        ("navigator.sendBeacon('http://127.0.0.1:9/', 'x')", "connect-src"),
        ("new WebSocket('ws://127.0.0.1:9/')", "connect-src"),
        ("{ const r = new XMLHttpRequest(); r.open('GET', 'http://127.0.0.1:9/'); r.send() }", "connect-src"),
        ("new Image().src = 'http://127.0.0.1:9/x.png'", "img-src"),
        ("new Worker(URL.createObjectURL(new Blob(['1'])))", "require-trusted-types-for"),
        ("document.body.append(Object.assign(document.createElement('iframe'), {src: 'http://127.0.0.1:9/'}))",
         "frame-src"),
        ("document.head.append(Object.assign(document.createElement('style'), {textContent: 'a{}'}))",
         "style-src-elem"),
    ],
    ids=["fetch", "fetch of data", "beacon", "socket", "request", "image", "worker", "frame", "style"],
)  # fmt: skip
def test_the_browser_itself_forbids_to_send(shown: Opened, attempt: str, directive: str) -> None:
    refused = shown.page.evaluate(
        f"""() => new Promise(resolve => {{
          document.addEventListener('securitypolicyviolation', event => resolve(event.effectiveDirective));
          try {{ {attempt} }} catch {{}}
        }})"""
    )

    assert refused == directive
    assert [url.rpartition("/")[2] for url in shown.answered] == ["verify.html"]


# ---------------------------------------------------------------- everybody can use it


def test_the_language_follows_the_browser_and_can_be_switched(chromium: Browser, tmp_path: Path) -> None:
    with opened(chromium, tmp_path, locale="ja-JP") as shown:
        shown.choose(GOLDEN.read_bytes())
        assert shown.page.locator("html").get_attribute("lang") == "ja"
        assert "真正であることは" in shown.text("#result")

        shown.page.get_by_role("button", name="English").click()
        assert shown.page.locator("html").get_attribute("lang") == "en"
        assert "Genuine does not mean true." in shown.text("#result")
        assert "真正" not in shown.text("main")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_before_and_after(
    chromium: Browser, tmp_path: Path, bent: bytes, language: str, scheme: str
) -> None:
    with opened(chromium, tmp_path, locale=language, color_scheme=scheme) as shown:
        for step in range(2):
            for width in (320, 1280):
                shown.page.set_viewport_size({"width": width, "height": 900})
                found = Axe().run(shown.page, options=_RULES)
                assert found.violations_count == 0, found.generate_report()
                assert found.response["passes"], "axe ran no rule"
            if step == 0:
                shown.choose(bent, directory(ENGINEER, revoked="2026-11-01T00:00:00+00:00"))
                shown.page.locator("details").evaluate_all("all => all.forEach(item => { item.open = true })")


def test_the_page_never_scrolls_sideways(chromium: Browser, tmp_path: Path, bent: bytes, language: str) -> None:
    with opened(chromium, tmp_path, locale=language) as shown:
        for step in range(2):
            for width in (320, 768, 1280):
                shown.page.set_viewport_size({"width": width, "height": 900})
                assert shown.page.evaluate("document.documentElement.scrollWidth") <= width
            if step == 0:
                shown.choose(bent, directory(ENGINEER, revoked="2026-11-01T00:00:00+00:00"))


def test_the_keyboard_alone_is_enough(shown: Opened) -> None:
    page = shown.page
    # Listened for from the start: asked for beside the key press, the browser may be told too late.
    choosers: list[FileChooser] = []
    page.on("filechooser", lambda chooser: choosers.append(chooser))
    reached = []
    for _ in range(5):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
        assert _focus_is_seen(shown)
    assert reached == ["Skip to the result", "English", "日本語", "bundle", "keys"]

    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    for _ in range(200):
        page.wait_for_timeout(50)
        if choosers:
            break
    choosers[0].set_files({"name": "case.zip", "mimeType": "application/zip", "buffer": GOLDEN.read_bytes()})
    page.locator(".answer").first.wait_for()
    assert shown.statuses()["recomputed"] == "yes"


def _focus_is_seen(shown: Opened) -> bool:
    """A hidden file input shows its focus on its label."""
    seen: bool = shown.page.evaluate(
        """() => {
          const item = document.activeElement, label = item.labels?.[0] ?? item;
          return getComputedStyle(label).outlineStyle === 'solid' && label.getBoundingClientRect().top >= 0;
        }"""
    )
    return seen


def test_the_result_is_read_out(shown: Opened) -> None:
    shown.choose(GOLDEN.read_bytes())

    status = shown.page.get_by_role("status")
    expect(status).to_have_text("Done. Genuine: yes. Recomputed: yes. Re-run: not done.")


def test_every_target_is_large_enough_to_hit(shown: Opened, bent: bytes) -> None:
    """WCAG 2.2, 2.5.8: 24 by 24 pixels."""
    shown.page.set_viewport_size({"width": 320, "height": 900})
    shown.choose(bent, directory(ENGINEER, revoked="2026-11-01T00:00:00+00:00"))

    small = shown.page.evaluate(
        "() => [...document.querySelectorAll('button, label, summary')].filter(item => item.checkVisibility())"
        ".map(item => [item.textContent, item.getBoundingClientRect()])"
        ".filter(([, box]) => box.height < 24 || box.width < 24).map(([name]) => name)"
    )

    assert small == []


def test_texts_of_a_bundle_are_shown_as_texts(shown: Opened, good: bytes) -> None:
    """Markup in a bundle is no markup of the page, and no sign in it turns the line around."""
    files = unpack_archive(good)[0]
    assessment = json.loads(files["assessment.json"])
    assessment["title"] = "<img src=x onerror=alert(1)>\u202egnorw\n\x1b[31m"
    shown.choose(resigned({**files, "assessment.json": canonical_bytes(assessment)}, ENGINEER))

    about = shown.text(".about")
    assert "<img src=x onerror=alert(1)>\\u202egnorw" in about
    assert "\x1b" not in about
    assert shown.page.locator("#result img").count() == 0


def test_the_page_says_a_message_as_the_house_does(shown: Opened, language: str) -> None:
    messages = [
        say("workflows.verify.figure", status=say("reasons.status.met"), value=0.1234567, low=1e-7, high=12345678.0),
        say("workflows.verify.genuine_no", faults=1, members=1200),
        say("assessment.archive.too_large", size=1234567, limit=5),
        say("reasons.quantity.percent.1", value=0.12345),
        say("reasons.quantity.points.2", value=-0.005),
        say("packs.shape.mapping", keys=["a", "b"]),
        say("evidence.json.malformed", what="x", problem=0.00001),
    ]

    told = shown.page.evaluate(
        "([all, language]) => all.map(message => hakariVerify.words(message, language))",
        [[{"key": item.key, "arguments": _plain(item.arguments)} for item in messages], language],
    )

    from hakari.messages import render

    assert told == [render(item, "en" if language == "en" else "ja") for item in messages]


def _plain(arguments: Any) -> dict[str, Any]:
    return {
        name: {"key": value.key, "arguments": {}} if hasattr(value, "key") else value
        for name, value in arguments.items()
    }
