"""What the single file tells is one line that nothing from outside can break or steer; what it computes is bounded."""

from __future__ import annotations

import pytest

from hakari.messages import render, say
from hakari.standalone.python import work
from hakari.standalone.python.words import Refused
from tests.contract.golden_case import GOLDEN
from tests.contract.second_opinion import verifier


@pytest.mark.parametrize("language", ["en", "ja"])
def test_sentences_are_the_products(language: str) -> None:
    module = verifier()
    for key, arguments in (
        ("workflows.verify.recomputed", {"agree": 1, "verdicts": 1, "findings": 2_000, "faults": 0}),
        ("workflows.verify.figure", {"status": "x", "value": 0.123456789, "low": 0.0, "high": 1.0}),
        ("assessment.stale.fact", {"facts": ["a", "b"]}),
        ("assessment.check.coverage", {"share": 0.5, "least": 0.95}),
    ):
        mine = module.render(module.say(key, **arguments), language)
        assert mine == render(say(key, **arguments), language)  # type: ignore[arg-type]  # a language


@pytest.mark.parametrize("text", ["a\nb", "\x1b[2Jx", "x\u202ey", "\u2028", "a" * 5_000, "\ud800", "\x00"])
def test_a_text_from_outside_stays_on_its_line(text: str) -> None:
    module = verifier()
    told = module.render(module.say("assessment.bundle.added", member=text), "en")
    assert told.isprintable()
    assert len(told) < 700


def test_a_bundle_that_takes_too_long_is_told_and_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    # What an earlier test had it work out costs nothing the second time.
    verifier()._beta_quantile.cache_clear()
    monkeypatch.setattr(verifier(), "MOST_WORK", 1e-6)
    found = verifier().verify(GOLDEN.read_bytes(), None)
    assert [level.status for level in found.levels][:2] == ["no", "no"]
    assert found.levels[1].problems[0].problem.key == "standalone.work.too_much"


def test_work_is_counted_before_it_is_done() -> None:
    work.start_work()
    work.spend(work.MOST_WORK)
    with pytest.raises(Refused) as error:
        work.spend(1.0)
    assert error.value.message.key == "standalone.work.too_much"
    work.start_work()
    work.spend(1.0)
