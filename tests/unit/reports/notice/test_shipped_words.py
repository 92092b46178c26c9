"""The texts that we ship keep our own reading lines, in every case and both languages."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from hakari.assessment.manifest import Manifest
from hakari.assessment.notice import read_glossary, read_wording, reading_level
from hakari.messages import catalogue
from hakari.reports.notice import notice_view, sentences_of
from tests.repository.tree import SOURCE
from tests.unit.assessment.notice._texts import notice, wording
from tests.unit.reports.notice.test_view import CHANGE, reason

_MORTGAGE = SOURCE / "examples" / "mortgage"
_OURS = "reports.notice."
_STATES = ("found", "none_found", "none_exists", "not_looked", "not_needed")


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize(("state", "near"), list(product(_STATES, [True, False])))
def test_every_notice_in_our_own_words_keeps_the_lines(state: str, near: bool, language: Any) -> None:
    for stated in ((), (reason(),), (reason(side="low"), reason(side="missing", value={}), reason(side="group"))):
        told = notice(
            reasons=stated, unstable=1, unnamed=int(bool(stated)), reliable=bool(stated), near_line=near,
            change_state=state, changes=((CHANGE,), (CHANGE, CHANGE)) if state == "found" else (),
            contest=None if near else wording().contest,
        )  # fmt: skip
        found = reading_level(sentences_of(notice_view(told, language)), language)
        assert found.warnings == ()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_words_of_the_example_keep_the_lines(language: Any) -> None:
    wording_ = read_wording((_MORTGAGE / "notice.yaml").read_bytes())
    glossary = read_glossary((_MORTGAGE / "glossary.yaml").read_bytes(), wording_.languages)
    texts = [wording_.decided_by, wording_.ai_part]
    for outcome in (wording_.favourable, wording_.unfavourable):
        texts += [outcome.decision, outcome.next, outcome.reasons]
    for entry in (*glossary.columns.values(), *glossary.groups.values()):
        texts += [entry.high, entry.low, entry.missing, entry.correct, *entry.says.values()]
    assert wording_.contest is not None
    texts.append(wording_.contest.person)

    found = reading_level([text[language] for text in texts if text], language)

    assert found.sentences > 40
    assert found.warnings == ()


def test_the_example_has_words_for_every_feature_of_its_model() -> None:
    wording_ = read_wording((_MORTGAGE / "notice.yaml").read_bytes())
    glossary = read_glossary((_MORTGAGE / "glossary.yaml").read_bytes(), wording_.languages)
    names: dict[str, Any] = {}
    exec(compile((_MORTGAGE / "train.py").read_text("utf-8").partition("def load")[0], "train.py", "exec"), names)

    assert set(names["FEATURES"]) == set(glossary.columns)
    assert not any(set(item.columns) & set(names["FEATURES"]) for item in wording_.not_used)
    assert "notice" in Manifest.__dataclass_fields__


def test_no_sentence_of_a_notice_promises_too_much() -> None:
    for key, texts in catalogue().items():
        if key.startswith(_OURS):
            assert not {"always", "guarantee", "cannot be wrong"} & set(texts["en"].lower().split())
