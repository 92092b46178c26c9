"""Assessments of the demonstration: at which stage, which facts were stated, and what was answered in which words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

__all__ = ["LATER", "MORTGAGE", "PACK", "STAGES", "DemoStage"]

PACK: Final = "ai-ethics-core@1.1.0"

Answers = Mapping[str, Mapping[str, Any]]
"""Requirement → question → answer; a question that is not asked for the stated facts is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoStage:
    """An assessment that rests on answers alone."""

    stage: str = "plan"
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Those that the notification did not state."""
    answers: Answers
    advice: str
    """What the reviewer says with the proposal to approve."""


MORTGAGE: Final[tuple[tuple[str, str, str, Any], ...]] = (
    ("finance.engineer", "security", "tried", "others"),
    ("finance.owner", "incidents", "plan", "not_rehearsed"),
    ("finance.engineer", "register-of-parts", "traced", "yes"),
)
"""Who answered what on the site before the first round; everything else came with the case bundle."""

LATER: Final[tuple[tuple[str, str, str, Any], ...]] = (
    ("finance.owner", "incidents", "plan", "rehearsed"),
    ("finance.owner", "people-trained", "trained", "failures"),
    ("finance.owner", "notice-understood", "understood", "outsiders"),
    ("finance.engineer", "things-worked-out", "revealed", "limited"),
    (
        "finance.owner", "people-in-weak-position", "care",
        "Applicants with heavy debts, and those who write in a second language. They are never asked to correct a form "
        "within a day, the letter gives a telephone number, and two debt advisers read every change of the letter.",
    ),
)  # fmt: skip
"""What was answered anew, or for the first time, after the office had asked for changes."""

STAGES: Final = {
    "recommend": DemoStage(
        facts={
            "affects_people": True,
            "people_affected_per_year": 40_000,
            "has_protected_attributes": False,
            "in_operation": False,
            "tier": "middle",
        },
        answers={
            "purpose": {
                "better_off": (
                    "Listeners who look for something new: today three of four leave the first page without "
                    "playing anything. We notice that it fails if the share does not fall in a quarter. Lists "
                    "made by editors were compared, and stay beside it."
                ),
            },
            "uses-ruled-out": {
                "ruled_out": (
                    "Ordering artists by what they pay, and guessing age, health or mood. The service reads "
                    "plays and skips only, and an editor sees each change of the order."
                ),
            },
            "hurt-outside": {
                "who": (
                    "Artists whom nobody plays yet may never be shown. A tenth of each list is kept for them, "
                    "and the share is looked at every month."
                ),
            },
            "creators-rights": {"right": "licensed"},
            "affected-people": {
                "list": (
                    "Listeners gain time and may hear less that is new to them. Artists gain listeners or lose "
                    "them. Editors keep the last word on the first page."
                ),
            },
            "cost-of-errors": {
                "costs": (
                    "A song that does not fit costs a skip. An artist who is never shown loses income, which "
                    "is made good only in part; the tenth for new artists was set for that."
                ),
            },
            "data-provenance": {"known": "all"},
            "good-right": {"ground": "contract"},
            "fairness-definition": {"chosen": "floor"},
            "nature-of-labels": {"nature": "proxy"},
            "choices-recorded": {
                "example": (
                    "Plays count after thirty seconds, not at the start: Priya Raman, 2 September, in the "
                    "design log under “what a play is”."
                ),
            },
            "work-changes": {"their_say": "heard"},
        },
        advice=("A plain plan with a floor for new artists. I propose to approve the plan without conditions."),
    ),
    "autofocus": DemoStage(
        facts={
            "affects_people": True,
            "people_affected_per_year": 500_000,
            "has_protected_attributes": False,
            "in_operation": False,
            "tier": "middle",
        },
        answers={
            "purpose": {
                "better_off": (
                    "動く被写体を撮る人です。ピントの外れた写真の割合が現行機の三割から一割に下がらなければ、効"
                    "果がないと判断します。中央一点のオートフォーカスと比較し、子どもや動物の撮影で差が大きいこ"
                    "とを確かめました。"
                ),
            },
            "uses-ruled-out": {
                "ruled_out": (
                    "個人の識別と、表情や属性の推定には使いません。検出結果は本体の外に出さず、外部から読み出す"
                    "機能も設けません。"
                ),
            },
            "hurt-outside": {
                "who": (
                    "撮影される人です。無断撮影の助けになりえますが、識別はせず、シャッター音の設定は変えません。"
                    "ほかに考えられる害については、発売後の問い合わせを毎月確認します。"
                ),
            },
            "affected-people": {
                "list": (
                    "撮影者は失敗写真が減ります。撮影される人は判断の対象となり、検出されにくいと写真が残りにく"
                    "くなります。修理担当者は説明の手間が増えるかもしれません。動物には影響がありません。"
                ),
            },
            "cost-of-errors": {
                "costs": (
                    "瞳を見落とすと撮り直しになり、二度とない場面では取り返しがつきません。別の物を瞳と誤ると、"
                    "ピントが外れます。いずれも撮影者が負担するため、見落としを減らす側にしきい値を決めました。"
                ),
            },
            "fairness-definition": {"chosen": "missed"},
            "data-provenance": {"known": "most"},
            "good-right": {"ground": "consent"},
            "nature-of-labels": {"nature": "outcome"},
            "choices-recorded": {
                "example": (
                    "眼鏡をかけた人の写真を学習に加えるかどうか。佐藤が10月3日に加えると決め、設計記録の「学習"
                    "データ」に残しました。"
                ),
            },
            "work-changes": {"their_say": "no_change"},
            "creators-rights": {"right": "no_works"},
        },
        advice=(
            "計画は具体的で、使わない用途も明確です。肌の色による検出率の差は、次の段階の測定で確認します。承認"
            "を提案します。"
        ),
    ),
    "cv": DemoStage(
        facts={
            "affects_people": True,
            "people_affected_per_year": 900,
            "has_protected_attributes": True,
            "in_operation": False,
            "tier": "high",
        },
        answers={
            "purpose": {
                "better_off": (
                    "Applicants hear sooner: today after 31 days, in the median. It fails if the median stays "
                    "above 20, or if readers find good applications low in the list. Two more readers were "
                    "costed and are hired for the busiest month."
                ),
            },
            "uses-ruled-out": {
                "ruled_out": (
                    "Refusing anybody, and reading photographs or names. Every application is read by a "
                    "person; the order is all that changes."
                ),
            },
            "hurt-outside": {
                "who": (
                    "People who do not apply because they hear that a machine sorts. The notice says who "
                    "reads, and where to ask; enquiries are counted every month."
                ),
            },
            "affected-people": {
                "list": (
                    "Applicants, about 900 a year: gain weeks, may be read late. Readers gain time and may "
                    "trust the order too much. Managers gain nothing but the date."
                ),
            },
            "cost-of-errors": {
                "costs": (
                    "A good application at the end of the list costs the applicant weeks, and perhaps the "
                    "post. Each tenth application is taken from the end first for that."
                ),
            },
            "fairness-definition": {
                "chosen": "shares",
                "against": (
                    "The owner chose with the works council. Equal error rates were weighed and cannot be "
                    "known before anybody is hired. Who loses: nobody is refused, and the order is drawn anew "
                    "each week."
                ),
            },
            "data-provenance": {"known": "most"},
            "good-right": {"ground": "contract"},
            "nature-of-labels": {"nature": "human_decision"},
            "choices-recorded": {
                "example": (
                    "Gaps between two posts are not read at all: Helen Park, 11 September, in the minutes of "
                    "the works council."
                ),
            },
            "work-changes": {"their_say": "heard"},
            "creators-rights": {"right": "no_works"},
        },
        advice=("The order decides nothing by itself, and the plan says how that stays so. I propose to approve it."),
    ),
}
