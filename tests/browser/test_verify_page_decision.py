"""The decision in a bundle, as verify.html shows it: read, printed in both languages, and never more than is proved."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from hakari.assessment.archive import unpack_archive
from hakari.workflows.verify import verify_bytes
from tests.browser._verify_page import Opened, opened
from tests.contract.bending import Work
from tests.contract.decided_case import DECISION_BENDS, LEDGER, NUMBER, decided, golden_decided
from tests.contract.golden_case import golden_case
from tests.contract.renewed_case import (
    CHAIN,
    FIRST,
    NEXT,
    RENEWAL_BENDS,
    directory_without_the_former_key,
    renewed,
    steps,
    with_renewals,
)

pytestmark = [pytest.mark.browser]

_RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}
_SECTION = "section[aria-labelledby=decision]"
_WITHOUT_ED25519 = """
  const real = crypto.subtle.importKey.bind(crypto.subtle);
  crypto.subtle.importKey = (format, key, method, ...rest) => method.name === 'Ed25519'
    ? Promise.reject(new DOMException('no', 'NotSupportedError')) : real(format, key, method, ...rest);"""


@pytest.fixture(scope="module")
def content() -> bytes:
    return golden_decided()


def bent(content: bytes, name: str) -> bytes:
    made = DECISION_BENDS[name](Work(Random(1), "golden", content, unpack_archive(content)[0]))
    assert made is not None
    return made


def standing(shown: Opened) -> str | None:
    return shown.page.locator("[data-decision]").get_attribute("data-decision")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            ("approved with conditions", "in a meeting", "event 412", "approved: 1", "took no part: 1"),
        ),
        ("ja", ("条件付き承認", "会議", "412 件目", "承認 1", "忌避・回避 1")),
    ],
)
def test_it_says_what_was_decided_and_where_it_stands(
    chromium: Browser, tmp_path: Path, content: bytes, language: str, words: tuple[str, ...]
) -> None:
    with opened(chromium, tmp_path, locale=language) as shown:
        shown.choose(content)
        told = shown.text(_SECTION)
        assert shown.statuses() == {"genuine": "yes", "recomputed": "yes", "re-run": "not_done"}
        for word in (NUMBER, LEDGER, "2027-11-23", "偏りを再測定する。", *words):
            assert word in told
        assert shown.complaints == []


def test_a_condition_is_marked_with_the_language_in_which_it_was_written(
    chromium: Browser, tmp_path: Path, content: bytes
) -> None:
    with opened(chromium, tmp_path) as shown:
        shown.choose(content)
        assert shown.page.locator(f"{_SECTION} li [lang=ja]").inner_text() == "偏りを再測定する。"


@pytest.mark.parametrize("name", ["another outcome", "an event of another decision", "all signed by another key"])
def test_a_bent_decision_is_not_shown_as_one(chromium: Browser, tmp_path: Path, content: bytes, name: str) -> None:
    with opened(chromium, tmp_path) as shown:
        shown.choose(bent(content, name))
        assert standing(shown) == "broken"
        assert shown.page.locator(f"{_SECTION} dl").count() == 0
        assert f"decision {NUMBER}" in shown.text(".faults .rests >> nth=0")


def test_a_decision_that_cannot_be_read_is_named_by_the_manifest(
    chromium: Browser, tmp_path: Path, content: bytes
) -> None:
    with opened(chromium, tmp_path) as shown:
        shown.choose(bent(content, "an unknown field"))
        assert shown.page.locator(_SECTION).count() == 0
        assert f"decision {NUMBER} (approved with conditions)" in shown.text(".faults .rests >> nth=0")


def test_a_bundle_without_a_decision_shows_none(chromium: Browser, tmp_path: Path) -> None:
    with opened(chromium, tmp_path) as shown:
        shown.choose(golden_case())
        assert shown.page.locator(_SECTION).count() == 0


def test_without_a_ledger_it_says_so(chromium: Browser, tmp_path: Path) -> None:
    with opened(chromium, tmp_path) as shown:
        shown.choose(decided(golden_case(), sealed=False))
        assert "not shown by this bundle" in shown.text(_SECTION)


def test_a_decision_that_ran_out_is_marked(chromium: Browser, tmp_path: Path, content: bytes) -> None:
    with opened(chromium, tmp_path) as shown:
        shown.page.clock.set_fixed_time("2027-11-24T00:00:00Z")
        shown.choose(content)
        assert standing(shown) == "past"
        assert "it is 2027-11-24" in shown.text(_SECTION)


def test_a_browser_that_checks_no_signature_does_not_vouch_for_it(
    chromium: Browser, tmp_path: Path, content: bytes
) -> None:
    with opened(chromium, tmp_path, script=_WITHOUT_ED25519) as shown:
        shown.choose(content)
        assert standing(shown) == "unchecked"
        assert shown.statuses()["genuine"] == "cannot"


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_and_nothing_scrolls_sideways(
    chromium: Browser, tmp_path: Path, content: bytes, language: str, scheme: str
) -> None:
    with opened(chromium, tmp_path, locale=language, color_scheme=scheme) as shown:
        shown.choose(content)
        for width in (320, 1280):
            shown.page.set_viewport_size({"width": width, "height": 900})
            found = Axe().run(shown.page, options=_RULES)
            assert found.violations_count == 0, found.generate_report()
            assert shown.page.evaluate("document.documentElement.scrollWidth") <= width


# ---------------------------------------------------------------- signed with a former key of the office


@pytest.mark.parametrize("count", [1, 2])
def test_a_decision_by_a_former_key_stands_by_the_renewals(chromium: Browser, tmp_path: Path, count: int) -> None:
    with opened(chromium, tmp_path) as shown:
        shown.choose(renewed(golden_case(), count))
        assert shown.statuses() == {"genuine": "yes", "recomputed": "yes", "re-run": "not_done"}
        assert standing(shown) == "stands"
        assert shown.complaints == []


def problems(shown: Opened, content: bytes) -> list[tuple[str, str]]:
    """Return the files that the page names in its first answer, with what it says of each."""
    genuine = shown.check(content)["levels"][0]
    assert genuine["status"] == ("no" if genuine["problems"] else "yes")
    return [(member, words) for member, _, words, _ in genuine["problems"]]


def test_each_renewal_that_does_not_lead_there_is_named_as_by_the_product(chromium: Browser, tmp_path: Path) -> None:
    with opened(chromium, tmp_path) as shown:
        for name, (make, member) in RENEWAL_BENDS.items():
            bent = make(golden_case())
            told = problems(shown, bent)
            assert [found for found, _ in told] == [member], name
            ours = verify_bytes(bent).levels[0].problems
            assert told == [(problem.member, str(problem.problem)) for problem in ours], name
        assert shown.complaints == []


def test_an_edited_renewal_is_named(chromium: Browser, tmp_path: Path) -> None:
    files = unpack_archive(renewed(golden_case(), 2))[0]
    kept = {FIRST: files[FIRST], NEXT: files[NEXT]}
    with opened(chromium, tmp_path) as shown:
        for number in range(40):
            rng = Random(f"page {number}")
            member = rng.choice((FIRST, NEXT))
            place = rng.randrange(len(files[member]))
            edited = bytearray(files[member])
            edited[place] ^= 1 << rng.randrange(7)
            told = problems(shown, with_renewals(files, {**kept, member: bytes(edited)}, CHAIN[2]))
            assert [found for found, _ in told] == [member], number


@pytest.mark.parametrize(("language", "words"), [("en", "because the old one was lost"), ("ja", "古い鍵を失ったため")])
def test_it_says_that_a_key_after_a_loss_vouches_for_itself(
    chromium: Browser, tmp_path: Path, language: str, words: str
) -> None:
    with opened(chromium, tmp_path, locale=language) as shown:
        shown.choose(RENEWAL_BENDS["after a loss"][0](golden_case()))
        assert standing(shown) == "broken"
        assert words in shown.text(".faults")


@pytest.mark.parametrize(("sealed", "status"), [(True, "partly"), (False, "yes")])
def test_a_directory_need_not_list_the_former_key_of_the_decision(
    chromium: Browser, tmp_path: Path, sealed: bool, status: str
) -> None:
    files = unpack_archive(decided(golden_case(), sealed=sealed))[0]
    made = with_renewals(files, {FIRST: steps(1)[FIRST]}, CHAIN[1])
    with opened(chromium, tmp_path) as shown:
        found = shown.check(made, directory_without_the_former_key(made))
        assert (found["levels"][0]["status"], found["levels"][0]["problems"]) == (status, [])
