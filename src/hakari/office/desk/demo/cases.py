"""Fifteen use cases of the made-up company: what was notified, what was answered, and how far each has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

__all__ = ["CASES", "DemoCase", "End"]

End = Literal["draft", "asked", "sent", "taken", "asked_back", "settled", "raised", "suspended", "retired"]
"""How far it has come: being written, waiting for a supplier, sent, taken up, asked back, its tier settled by whoever
its lane belongs to, raised by a delegate, stopped by the chair, out of use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoCase:
    """One use case."""

    unit: str
    by: str
    """Who notified it; answers for it unless `owner` does."""
    owner: str = ""
    title: str
    purpose: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    """Answers to the pre-scan; what is asked and not named here is "I don't know"."""
    end: End
    words: str = ""
    """What was said with the last step: why it was asked back, raised or stopped."""
    task: str = ""
    """What its owner has to do after a stop."""
    component: str = ""
    """The component on which it builds."""
    restricted: bool = False
    code_name: str = ""


_JAPAN: Final = {"where": ["japan"], "practices": ["none"]}
_BOTH: Final = {"where": ["japan", "eu"], "practices": ["none"]}
_THINGS: Final = {"does": ["things"], "who": "nobody", "data": "none"}

CASES: Final = {
    "mortgage": DemoCase(
        unit="finance", by="finance.engineer", owner="finance.owner", end="settled",
        title="Mortgage pre-screening",
        purpose="Send clear mortgage applications to a fast lane, where a loan officer confirms them on the same day. "
        "All others get the ordinary full review. The tool refuses nobody.",
        answers={"where": ["elsewhere"], "practices": ["none"], "does": ["decides", "profiles"], "who": "adults",
                 "data": "personal", "field": "credit", "effect": "confirms", "part": "substantial",
                 "role": ["develops", "uses"]},
    ),
    "autofocus": DemoCase(
        unit="cameras", by="cameras.owner", end="settled",
        title="瞳オートフォーカスの被写体検出",
        purpose="撮影中に人や動物の瞳を検出し、ピントを合わせます。映像は本体内で処理し、保存も送信もしません。",
        answers={**_BOTH, "does": ["body", "moves"], "who": "adults", "data": "none", "field": "creative",
                 "body": ["verify"], "effect": "automatic", "safety": "none", "part": "procedural",
                 "role": ["develops", "offers"]},
    ),
    "inspection": DemoCase(
        unit="lenses", by="cameras.engineer", end="settled",
        title="Scratch inspection on the lens line",
        purpose="A camera over the line marks lenses with scratches; a worker looks at each marked lens.",
        answers={**_JAPAN, **_THINGS, "field": "internal", "safety": "none", "role": ["develops", "uses"],
                 "part": "preparatory"},
    ),
    "repair": DemoCase(
        unit="cameras", by="cameras.owner", end="sent",
        title="修理受付チャットボット",
        purpose="お客様の修理相談に自動で回答し、必要な場合は担当者に引き継ぎます。",
        answers={**_JAPAN, "does": ["talks", "generates"], "who": "adults", "data": "personal", "field": "other",
                 "content": ["none"], "role": ["uses"]},
        component="Kotoba Chat",
    ),
    "firmware": DemoCase(
        unit="lenses", by="cameras.engineer", end="draft",
        title="Shake compensation for long lenses", purpose="Move the sensor against the shaking of the hand.",
        answers={"does": ["moves"], "who": "nobody", "data": "none"},
        code_name="Project Heron",
    ),
    "recommend": DemoCase(
        unit="music", by="music.owner", end="settled",
        title="Playlist recommendations",
        purpose="Choose what listeners see first, from what they and others have heard.",
        answers={**_BOTH, "does": ["recommends", "profiles"], "who": "adults", "data": "personal", "field": "creative",
                 "part": "substantial", "role": ["develops", "offers"]},
    ),
    "singing": DemoCase(
        unit="music", by="music.owner", end="taken",
        title="Singing voice synthesis for demo recordings",
        purpose="Sing a melody in the voice of an artist who agreed to it, for internal demo recordings.",
        answers={**_BOTH, "does": ["generates"], "who": "adults", "data": "personal", "field": "creative",
                 "content": ["person", "real"], "role": ["uses"]},
        component="Utau Voice", restricted=True,
    ),
    "lyrics": DemoCase(
        unit="music", by="music.reporter", end="asked",
        title="歌詞の下訳",
        purpose="海外の楽曲の歌詞を下訳し、翻訳者が仕上げます。供給元のAPIを使います。",
        answers={**_JAPAN, "does": ["generates"], "who": "adults", "field": "creative", "role": ["uses"]},
        component="Kotoba Chat",
    ),
    "plagiarism": DemoCase(
        unit="music", by="music.reporter", end="settled",
        title="類似楽曲の検出",
        purpose="公開前の楽曲に似た既存曲がないかを探し、担当者に候補を示します。",
        answers={**_JAPAN, **_THINGS, "field": "internal", "safety": "none", "role": ["develops", "uses"],
                 "part": "preparatory"},
    ),
    "royalties": DemoCase(
        unit="music", by="music.owner", end="asked_back",
        title="Detecting royalty fraud",
        purpose="Mark accounts whose plays look made by machines, and hold their royalties until somebody has looked.",
        answers={**_BOTH, "does": ["decides", "profiles"], "who": "adults", "data": "personal", "field": "other",
                 "effect": "confirms", "part": "substantial", "role": ["develops", "uses"]},
        words="How does an artist whose account was marked by mistake hear of it, and whom can they ask?",
    ),
    "claims": DemoCase(
        unit="finance", by="finance.owner", end="taken",
        title="Reading insurance claims",
        purpose="Read claims and photographs, and propose an amount that a clerk confirms.",
        answers={**_BOTH, "does": ["decides"], "who": "weak", "data": "personal", "field": "insurance_benefits",
                 "effect": "confirms", "role": ["develops", "uses"]},
    ),
    "calls": DemoCase(
        unit="finance", by="finance.engineer", end="raised",
        title="Summaries of calls to the service line",
        purpose="Write a short summary of each call, so that the next clerk need not ask again.",
        answers={**_JAPAN, "does": ["generates"], "who": "adults", "data": "personal", "field": "other",
                 "content": ["none"], "role": ["uses"]},
        words="Calls about debts are among them; the office should look at this one.", component="Kotoba Chat",
    ),
    "mood": DemoCase(
        unit="finance", by="finance.engineer", owner="finance.owner", end="suspended",
        title="Mood of callers from their voice",
        purpose="Tell the clerk whether a caller sounds angry.",
        answers={**_BOTH, "does": ["body", "profiles"], "who": "adults", "data": "personal", "field": "other",
                 "body": ["emotions"], "part": "improves", "role": ["uses"]},
        words="Stopped until it is clear on what ground callers' voices are read for feelings.",
        task="Switch the display off at every desk, and say on which day the last one went dark.",
    ),
    "cv": DemoCase(
        unit="finance", by="finance.owner", end="settled",
        title="Sorting applications for jobs",
        purpose="Order applications by how well they fit, before a person reads them.",
        answers={**_BOTH, "does": ["decides", "profiles"], "who": "adults", "data": "personal", "field": "employment",
                 "effect": "advice", "part": "substantial", "role": ["uses"]},
    ),
    "forecast": DemoCase(
        unit="cameras", by="cameras.owner", end="retired",
        title="交換部品の需要予測",
        purpose="過去の修理件数から、翌月に必要な部品の数を予測します。新しい在庫システムに置き換えました。",
        answers={**_JAPAN, **_THINGS, "field": "internal", "safety": "none", "role": ["develops", "uses"],
                 "part": "preparatory"},
    ),
}  # fmt: skip
