"""Page: one HTML file that checks a case bundle in a browser, offline, without Hakari.

The page is joined from parts (`*.js`, `page.css`, `page.html`), the texts that it says in every language, and tables of
the records' fields made from the published schemas and from the records of a pack. Its content security policy allows
this one script and this one style sheet by their digests and forbids everything else, so that it can send nothing.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Any, Final

from hakari.messages import LANGUAGES, catalogue
from hakari.standalone.page._tables import pack_records, records

__all__ = ["PAGE_NAME", "page_html"]

PAGE_NAME: Final = "verify.html"
_PARTS: Final = (
    "reading/json.js",
    "reading/times.js",
    "reading/archive.js",
    "reading/records.js",
    "reading/envelope.js",
    "reading/directory.js",
    "reading/ledger.js",
    "reading/decision.js",
    "reading/bundle.js",
    "packs/yaml_scalars.js",
    "packs/yaml.js",
    "packs/expression.js",
    "packs/applicability.js",
    "packs/pack.js",
    "packs/pack_rules.js",
    "packs/overlay.js",
    "numbers/special.js",
    "numbers/tally.js",
    "numbers/limits.js",
    "numbers/contrasts.js",
    "numbers/verdict.js",
    "numbers/draws.js",
    "numbers/scores.js",
    "numbers/bootstrap.js",
    "numbers/selections.js",
    "numbers/versions.js",
    "judging/work.js",
    "judging/choices.js",
    "judging/prepared.js",
    "judging/checks.js",
    "judging/answers.js",
    "judging/parts.js",
    "judging/findings.js",
    "judging/agreement.js",
    "judging/figures.js",
    "judging/decided.js",
    "judging/accounts.js",
    "judging/verification.js",
    "showing/words.js",
    "showing/elements.js",
    "showing/figures.js",
    "showing/decision.js",
    "showing/result.js",
    "showing/page.js",
)
"""Parts of the script, each after those whose constants it reads when it is loaded."""
_SAID: Final = (
    "assessment.archive.",
    "assessment.bundle.",
    "assessment.decision.",
    "assessment.evidence.",
    "assessment.ledger.",
    "assessment.plan.broken",
    "evidence.",
    "packs.",
    "reasons.check.",
    "reasons.metric.",
    "reasons.quantity.",
    "reasons.status.",
    "standalone.page.",
    "statistics.",
    "text",
    "workflows.verify.",
)
"""Beginnings of the keys that the page may say; the reasons inside a bundle it compares and never prints."""
_NOT_SAID: Final = re.compile(
    r"evidence\.key\.(?!unreadable)|packs\.(diff|library|check\.(measure|metric)_unknown)"
    r"|workflows\.verify\.(rerun|unreadable|reading|recomputing|keys_unreadable|unknown_key)"
)
_ELEMENT: Final = re.compile(r'(<[a-z0-9]+[^>]* data-say="([a-z_.0-9]+)"[^>]*>)(?=</)')
_LABEL: Final = re.compile(r'data-say-label="([a-z_.0-9]+)"')
_DEFINED: Final = re.compile(r"^(?:async )?(?:function\*?|const|let|class) (\w+)", re.MULTILINE)


@cache
def page_html() -> str:
    """Return the page: equal sources give equal text.

    Raises:
        KeyError: the page names a text that the catalogue lacks.
        ValueError: two parts of the script define the same name.
    """
    style, script = _part("page.css"), _script()
    policy = {
        "default-src": "'none'",
        "script-src": f"'{_digest(script)}'",
        "style-src": f"'{_digest(style)}'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    slots = {
        "mark": _part("showing/mark.svg").strip(),
        "policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "release": f"Hakari {version('hakari')}",
        "script": script,
        "style": style,
    }
    return re.sub(r"@([a-z]+)@", lambda slot: slots[slot.group(1)], _in_english(_part("page.html")))


def _in_english(body: str) -> str:
    """Return the body with its texts: they are read before any script runs, and where none does."""

    def said(key: str) -> str:
        return html.escape(catalogue()[key]["en"].replace("{release}", "Hakari"))

    body = _ELEMENT.sub(lambda found: found.group(1) + said(found.group(2)), body)
    return _LABEL.sub(lambda found: f'{found.group()} aria-label="{said(found.group(1))}"', body)


def _part(name: str) -> str:
    return files("hakari.standalone.page").joinpath(*name.split("/")).read_text("utf-8")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _script() -> str:
    tables = {"TEXTS": _texts(), "RECORDS": records(), "PACK_RECORDS": pack_records()}
    parts = {name: _part(name) for name in _PARTS}
    _check_names(parts)
    data = "\n".join(f"const {name} = {_literal(value)};" for name, value in tables.items())
    joined = "\n".join(f"// ---------------- {name}\n\n{text}" for name, text in parts.items())
    return f'\n"use strict";\n(() => {{\n{data}\n\n{joined}}})();\n'


def _check_names(parts: Mapping[str, str]) -> None:
    """All parts share one scope, in which the later of two functions of one name would silently win."""
    seen: dict[str, str] = {}
    for part, text in parts.items():
        for name in _DEFINED.findall(text):
            if seen.setdefault(name, part) != part:
                raise ValueError(f"{name} is defined in {seen[name]} and in {part}")


def _literal(value: Any) -> str:
    """JSON that cannot end the script that it stands in."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).replace("<", "\\u003c")


def _texts() -> dict[str, dict[str, str]]:
    said = [key for key in sorted(catalogue()) if key.startswith(_SAID) and not _NOT_SAID.match(key)]
    return {language: {key: catalogue()[key][language] for key in said} for language in LANGUAGES}
