"""What the office wrote for the committee: the one page of each case, in one language and a person's translation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["ACCEPTED", "CONDITIONS", "PAGES", "WORDS", "DemoPage"]

Both = tuple[str, str]
"""English and Japanese."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPage:
    """The passages of one item."""

    language: Literal["en", "ja"]
    """In which it was written; the other is the translation."""
    passages: Mapping[str, Both]


PAGES: Final = {
    "mortgage": DemoPage(
        language="en",
        passages={
            "asked": (
                "Release of the pre-screening of mortgage applications, version 2026.11, for one year. Clear cases go "
                "to a fast lane, where an officer confirms them; the tool refuses nobody.",
                "住宅ローンの事前審査（2026.11版）を1年間リリースすることの可否。明らかな案件だけを迅速審査に回し、担当者が確認します。否認には使いません。",
            ),
            "affected": (
                "About 2,000 applicants a year and 14 loan officers. Those outside the fast lane may wait longer; "
                "waiting times of both lanes are compared every month.",
                "年間約2,000人の申込者と融資担当者14人。迅速審査に入らない人の待ち時間が延びるおそれがあり、毎月比較します。",
            ),
            "unknown": (
                "Whether the shares in the fast lane differ by race by more than the line: 0.8 lies inside the "
                "interval. The smallest group compared has 12 rows. Asian applicants are not in the data at all.",
                "迅速審査に入る割合の人種差が基準を超えるかどうかは、区間が基準をまたぐため判断できません。最小の群は12件です。"
                "アジア系の申込者はデータに含まれていません。",
            ),
            "if_no": (
                "The nine days of waiting stay for everybody, and two officers are hired in spring. Nothing that runs "
                "today has to be switched off.",
                "全員の待ち時間は9営業日のままとなり、春に担当者を2人採用します。停止が必要な運用はありません。",
            ),
            "changed": (
                "After the first round the plan for incidents was rehearsed, all officers were trained on failures, "
                "and the protection of people in a weak position was written down.",
                "初回の差し戻し後、インシデント対応を訓練し、担当者全員が失敗例による研修を受け、弱い立場の人への配慮を文書にしました。",
            ),
            "like_cases": (
                "None: this is the first use that weighs in on credit.",
                "与信に関わる利用は初めてで、類似の決定はありません。",
            ),
        },
    ),
    "recommend": DemoPage(
        language="en",
        passages={
            "asked": (
                "The plan of playlist recommendations: what is measured, and what it will not be used for.",
                "再生リスト推薦の計画（測定する事項と、使わない用途）を承認するか。",
            ),
            "affected": (
                "Listeners, and artists whom nobody plays yet: a tenth of each list is kept for them.",
                "リスナーと、まだ再生されていないアーティスト。一覧の1割を後者に確保します。",
            ),
            "unknown": (
                "Whether a tenth is enough. The share of first plays is looked at every month.",
                "1割で足りるかどうか。初回再生の割合を毎月確認します。",
            ),
            "if_no": ("Editors go on alone.", "編集者による選曲のみを続けます。"),
        },
    ),
    "autofocus": DemoPage(
        language="ja",
        passages={
            "asked": (
                "The plan of eye autofocus for the next camera: what it is for, and that nobody is identified.",
                "次期機種の瞳オートフォーカスの計画。用途と、個人を識別しないことを承認するか。",
            ),
            "affected": (
                "People who take photographs, and those in front of the camera: whose eyes are found less often, of "
                "them fewer good pictures are kept.",
                "撮影者と撮影される人。瞳を検出されにくい人は、良い写真が残りにくくなります。",
            ),
            "unknown": (
                "How much detection differs by skin, glasses and age. It is measured at the next stage.",
                "肌の色、眼鏡、年齢による検出率の差。次の段階で測定します。",
            ),
            "if_no": (
                "The present autofocus stays, and three pictures of ten of moving subjects are out of focus.",
                "現行方式を続け、動く被写体では10枚に3枚のピントが外れたままです。",
            ),
        },
    ),
    "cv": DemoPage(
        language="en",
        passages={
            "asked": (
                "The plan to sort applications for jobs before a person reads all of them.",
                "採用応募書類を、人がすべて読む前に並べ替える計画を承認するか。",
            ),
            "affected": (
                "About 900 applicants a year, and six readers.",
                "年間約900人の応募者と、書類を読む6人。",
            ),
            "unknown": (
                "Whether readers trust the order too much; each tenth application comes from the end.",
                "読み手が順番を信用しすぎないか。10件に1件は末尾から読みます。",
            ),
            "if_no": ("Applicants wait 31 days as they do now.", "応募者の待ち日数は現在の31日のままです。"),
        },
    ),
}

ACCEPTED: Final[tuple[str, str]] = (
    "Groups by race and sex together are small. The worst case that the data allow was read, and nobody is refused by "
    "the tool.",
    "Counted again every month; accepted no longer than until the first quarter is measured.",
)
"""Why the head of the office accepted a bound, and how it is watched."""

CONDITIONS: Final[tuple[tuple[str, str, str, int, str], ...]] = (
    (
        "gap-in-results", "check", "gap-in-results/selection-rate-ratio[race]", 100,
        "Show with the applications of the first quarter that the share of the fast lane differs by race by no more "
        "than the line.",
    ),
    (
        "works-for-every-group", "requirement", "", 160,
        "Collect enough decided cases of the smallest group, so that its figures can be judged at all.",
    ),
)  # fmt: skip
"""Requirement, what closes it, the check, days from now, words."""

WORDS: Final = {
    "changes": "Three things before this goes to the committee: rehearse the plan for incidents with people who were "
    "harmed in it, say how officers learn from failures, and say who speaks for people in a weak position.",
    "proposal": "What is open can be closed by measuring the first quarter. I propose to approve with two conditions.",
    "conflict": "妹がこの商品の融資を申し込んでいるため、審議と採決に加わりません。",
    "called": "The gap between groups is the whole question, and three lines in a circular do not do it justice. I "
    "want to hear the engineer.",
    "chair": "With the two conditions, and for one year only.",
    "member": "条件が満たされるまでの期限が明確であり、否認に使わない点を評価します。",
    "dissent": "Labels are what lenders decided in 1990. As long as nobody knows whether those decisions were right, "
    "equal shares of agreement with them are not enough for me.",
    "minutes": "The engineer was heard for ten minutes on the smallest group, and left before the vote.",
    "circulated": "I read the plan of the next stage; the measurement is in it.",
    "upheld": "Nobody could name the purpose for which feelings are read.",
}
"""What people said on the way."""
