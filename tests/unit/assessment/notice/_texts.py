"""A small wording and glossary, as their files hold them. JSON is YAML."""

from __future__ import annotations

import json
from typing import Any

from hakari.assessment.notice import Glossary, Wording, read_glossary, read_wording
from hakari.assessment.notice.model import DecisionNotice, Model, ReasonLine
from hakari.assessment.notice.record import referenced


def both(text: str) -> dict[str, str]:
    """Return a text in both languages."""
    return {"en": text, "ja": f"{text}（日）"}


def wording_of(**changes: Any) -> dict[str, Any]:
    """Return what `notice.yaml` holds."""
    plain: dict[str, Any] = {
        "notice": 1,
        "organisation": both("Bank"),
        "applied_for": both("loan"),
        "favourable": {"decision": both("You get the loan.")},
        "unfavourable": {"decision": both("You do not get the loan."), "next": both("You may ask again.")},
        "decided_by": both("A person decides."),
        "ai_part": both("A program gives a score."),
        "not_used": [{"name": both("race"), "columns": ["race"]}],
        "contest": {"contact": both("Desk 1"), "days": 30, "person": both("A person looks.")},
    }
    return {key: value for key, value in {**plain, **changes}.items() if value is not None}


def wording(**changes: Any) -> Wording:
    """Return it read."""
    return read_wording(json.dumps(wording_of(**changes)).encode())


def glossary_of(**changes: Any) -> dict[str, Any]:
    """Return what `glossary.yaml` holds."""
    plain: dict[str, Any] = {
        "glossary": 1,
        "columns": {
            "debts": {"name": both("debts"), "code": "R1", "show": both("{value} %"), "scale": 100, "step": 5},
            "income": {"name": both("income"), "code": "R2", "high": both("Much: {value}."), "low": both("Little.")},
            "late": {
                "name": both("late payments"),
                "levels": {"0": both("none"), "1": both("some")},
                "says": {"1": both("You paid late.")},
            },
            "second": {"name": both("second income")},
        },
        "groups": {"incomes": {"name": both("all income"), "columns": ["income", "second"]}},
    }
    return {**plain, **changes}


def glossary(**changes: Any) -> Glossary:
    """Return it read."""
    return read_glossary(json.dumps(glossary_of(**changes)).encode(), ("en", "ja"))


def notice(**changes: Any) -> DecisionNotice:
    """Return a notice of a refusal for one reason."""
    plain: dict[str, Any] = {
        "reference": "", "date": "2026-11-22", "languages": ("en", "ja"), "organisation": both("Bank"),
        "applied_for": both("loan"), "outcome": "unfavourable", "decision": both("You do not get the loan."),
        "next": {}, "decided_by": both("A person decides."), "ai_part": both("A program gives a score."), "lead": {},
        "reasons": (
            ReasonLine(
                player="debts", code="R1", name=both("debts"), value=both("40 %"), side="high", sentence={},
                correct={}, share=0.8, kept=1.0,
            ),
        ),
        "unstable": 0, "unnamed": 0, "reliable": True, "near_line": False, "changes": (),
        "change_state": "none_found", "not_used": (both("race"),), "contest": wording().contest,
        "model": Model(version="1.0", digest="ab" * 32, score=0.7149, line=0.8, rows=10, compared=99),
        "method": {"method": "sampled_shapley", "seeds": 2, "draws": 3},
    }  # fmt: skip
    return referenced(DecisionNotice(**{**plain, **changes}))
