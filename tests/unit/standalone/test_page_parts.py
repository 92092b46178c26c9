"""The page that checks bundles, as text: whole, closed to the outside, small in its parts, and at no loss for words."""

from __future__ import annotations

import base64
import hashlib
import re
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pytest

from hakari.messages import LANGUAGES, catalogue
from hakari.standalone import page
from hakari.standalone.page import _tables, page_html

FOLDER = Path(str(files(page)))
PARTS = sorted(FOLDER.rglob("*.js"))


def _between(start: str, end: str) -> str:
    found = re.search(f"{re.escape(start)}(.*?){re.escape(end)}", page_html(), re.DOTALL)
    assert found is not None
    return found.group(1)


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_the_policy_allows_this_script_and_this_style_and_nothing_else() -> None:
    policy = dict(rule.split(" ", 1) for rule in _between('Security-Policy" content="', '"').split("; "))

    assert policy.pop("script-src") == f"'{_digest(_between('<script>', '</script>'))}'"
    assert policy.pop("style-src") == f"'{_digest(_between('<style>', '</style>'))}'"
    assert policy.pop("require-trusted-types-for") == "'script'"
    assert set(policy) == {"default-src", "base-uri", "form-action", "trusted-types"}
    assert set(policy.values()) == {"'none'"}


def test_the_page_names_no_address_but_those_of_statements_and_of_drawings() -> None:
    addresses = set(re.findall(r"https?://[^\s\"'<>`]+", page_html()))

    kinds = {"https://in-toto.io/Statement/v1", "https://hakari.dev/ledger-checkpoint/v1"}
    assert addresses == {*kinds, "http://www.w3.org/2000/svg"}
    assert " src=" not in page_html()
    assert not re.search(r"\son[a-z]+=|style=", page_html().partition("<script>")[0].partition("<body>")[2])


def test_nothing_is_made_from_text_by_the_script() -> None:
    script = _between("<script>", "</script>")

    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|fetch\(|XMLHttpRequest"
    assert re.findall(forbidden, script) == []
    assert script.count('"use strict"') == 1


def test_the_same_sources_make_the_same_page() -> None:
    first = page_html()
    page_html.cache_clear()
    assert page_html() == first


@pytest.mark.parametrize("part", PARTS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_part_is_joined_short_and_says_what_it_is(part: Path) -> None:
    text = part.read_text("utf-8")

    assert part.relative_to(FOLDER).as_posix() in page._PARTS
    assert text.startswith("// ")
    assert len(text.splitlines()) <= 400
    assert [line for line in text.splitlines() if len(line) > 120] == []


def test_two_parts_cannot_define_one_name() -> None:
    with pytest.raises(ValueError, match="both is defined in a and in b"):
        page._check_names({"a": "const both = 1;", "b": "async function both() {}"})


def _source() -> str:
    return "\n".join(part.read_text("utf-8") for part in [*PARTS, FOLDER / "page.html"])


def test_every_text_that_a_part_says_is_in_the_page() -> None:
    """Reasons of an assessment are compared and never printed, so their texts are left out."""
    said = {key for key in re.findall(r"[\"'`]([a-z_]+(?:\.[a-z_0-9]+)+)[\"'`]", _source()) if key in catalogue()}
    lacking = said - set(page._texts()["en"])

    assert len(said) > 100
    assert {key for key in lacking if not key.startswith("assessment.")} == set()


def _said_by_the_page(key: str) -> bool:
    """Whether a text of the page's own stands in its parts, whole or by the name behind its beginning."""
    words = set(re.findall(r"[\"'`]([a-z_0-9.]+)[\"'`]", _source()))
    begun = (
        "asks.",
        "column.",
        "decision_is.",
        "level.",
        "log.",
        "problem.",
        "progress.",
        "same.",
        "standing.",
        "status.",
    )
    name = key.removeprefix("standalone.page.")
    return bool({key, name} & words) or (name.startswith(begun) and name.rpartition(".")[2] in words)


def test_the_page_has_no_text_that_it_never_says() -> None:
    own = {key for key in catalogue() if key.startswith("standalone.page.")}
    standings = {f"standalone.page.signed.{name}" for name in ("valid", "not_yet", "expired", "revoked", "no_time")}
    rerun = {"standalone.page.asks.rerun", "standalone.page.level.rerun"}
    kinds = _tables.records()["Decision"]["form"][0][1]
    forms = {f"standalone.page.decision_form.{name}" for name in kinds}

    assert forms <= own
    assert {key for key in own - standings - rerun - forms if not _said_by_the_page(key)} == set()


def test_the_script_can_write_every_format_of_its_texts() -> None:
    formats = {
        spec
        for language in LANGUAGES
        for text in page._texts()[language].values()
        for _, _, spec, _ in Formatter().parse(text)
        if spec and not spec.startswith("count|")
    }

    assert all(re.fullmatch(r",?(\.[0-9]+)?[%fg]?", spec) for spec in formats), formats


def test_the_tables_hold_the_fields_of_the_schemas() -> None:
    records = _tables.records()

    assert records["Evidence"]["assurance"][1:] == [False, "self"]
    assert records["CheckResult"]["value"] == [["or", ["number", ["record", "Unmeasured"]]], True, None]
    assert records["Table"]["rows"][0][:1] == ["list"]
    packs = _tables.pack_records()
    assert packs["Requirement"]["applies_when"] == [["optional", "string"], False, None]
    assert packs["Requirement"]["evidence"][2] == {"max_age_days": 365, "least_assurance": "self", "rule": "all"}
