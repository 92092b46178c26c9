"""The made-up policy pack of the lending case: requirements, questions of each type, facts."""

from __future__ import annotations

from typing import Any

from hakari.packs.model import (
    Choice,
    FactDeclaration,
    Pack,
    Principle,
    Question,
    Requirement,
    Source,
    SourceReference,
)

__all__ = ["URN", "example_pack"]

URN = "urn:hakari:requirement:lending-example:"


def _text(en: str, ja: str) -> dict[str, str]:
    return {"en": en, "ja": ja}


def _questions() -> tuple[Question, ...]:
    return (
        Question(
            id="hand_over",
            type="yes_no",
            effects={"yes": "meets", "no": "fails"},
            text=_text(
                "Can a loan officer overrule the result on the day it is given?",
                "結果が出たその日に、担当者が覆せますか。",
            ),
        ),
        Question(
            id="how",
            type="single",
            text=_text(
                "How is an applicant told that a model took part?",
                "モデルが関わったことを、申込者にどのように伝えますか。",
            ),
            choices=(
                Choice(id="letter", text=_text("In the decision letter", "通知書に記載する"), effect="meets"),
                Choice(id="none", text=_text("Not at all", "伝えない"), effect="fails"),
            ),
        ),
        Question(
            id="heard",
            type="multi",
            text=_text("Who was heard before the limit was set?", "基準を決める前に、誰の意見を聞きましたか。"),
            choices=(
                Choice(id="staff", text=_text("Loan officers", "融資担当者")),
                Choice(id="people", text=_text("People who were refused", "断られた人")),
            ),
        ),
        Question(
            id="words",
            type="text",
            text=_text(
                "What happens to an applicant when the system is wrong?",
                "システムが誤ったとき、申込者に何が起きますか。",
            ),
        ),
        Question(
            id="cost",
            type="number",
            text=_text(
                "What does one wrong refusal cost the applicant, in yen?",
                "誤った拒否一件で申込者が被る損失は何円ですか。",
            ),
        ),
        Question(
            id="since",
            type="date",
            text=_text("Since when is the appeal desk open?", "異議申立窓口はいつから開いていますか。"),
        ),
    )


def _requirement(slug: str, group: str, en: str, ja: str, **changes: Any) -> Requirement:
    fields: dict[str, Any] = {
        "urn": URN + slug,
        "version": 1,
        "group": group,
        "title": _text(en, ja),
        "text": _text(
            "People who apply must not be turned away by a system whose errors nobody has looked at. What is measured "
            "here is looked at before each release.",
            "申込者が、誰も誤りを確かめていないシステムによって断られることがあってはなりません。公開のたびに、ここで測る値を確認します。",
        ),
        "stages": ("release",),
        "sources": (SourceReference(id="guide", section=_text("Point 5", "第5項")),),
        **changes,
    }
    return Requirement(**fields)


def example_pack() -> Pack:
    """Return a small pack of four principles and thirteen requirements."""
    decides = "decides_about_people == true && domain in ['lending', 'hiring']"
    return Pack(
        urn="urn:hakari:pack:lending-example",
        version="1.0.0",
        status="draft",
        authority="sample",
        languages=("en", "ja"),
        title=_text("Lending example", "融資の例"),
        summary=_text("For tests.", "テスト用。"),
        sources=(Source(id="guide", title=_text("Public guideline", "公開ガイドライン")),),
        facts=(
            FactDeclaration(
                id="decides_about_people",
                type="boolean",
                title=_text("A result grants or refuses a person something", "結果が人への可否の判断につながる"),
            ),
            FactDeclaration(
                id="domain",
                type="choice",
                title=_text("Field of use", "利用分野"),
                choices=(Choice(id="lending", title=_text("Lending and credit", "融資・与信")),),
            ),
            FactDeclaration(
                id="generates_content", type="boolean", title=_text("Content is generated", "コンテンツを生成する")
            ),
            FactDeclaration(
                id="autonomy", type="choice", title=_text("How a result takes effect", "結果の効力の生じ方")
            ),
        ),
        groups=(
            Principle(
                id="fairness",
                title=_text("Fairness", "公平性"),
                summary=_text(
                    "Who is treated how, and who decided what is fair.", "誰がどう扱われ、公平さを誰が決めたか。"
                ),
            ),
            Principle(
                id="trust",
                title=_text("Trusted products and services", "信頼できる製品・サービス"),
                summary=_text(
                    "It works, and when it does not, someone notices.", "正しく動き、動かないときには誰かが気付く。"
                ),
            ),
            Principle(
                id="transparency",
                title=_text("Transparency", "透明性"),
                summary=_text("People are told, and can ask back.", "伝えられ、問い返せる。"),
            ),
            Principle(
                id="creative",
                title=_text("Supporting creative life", "創造的な暮らしの支援"),
                summary=_text("What the work of people is worth.", "人の創作の価値。"),
            ),
        ),
        requirements=(
            _requirement(
                "offers",
                "fairness",
                "Offers are compared between groups",
                "提示内容をグループ間で比較している",
                applies_when=decides,
                severity="critical",
                roles=("engineer", "owner"),
            ),
            _requirement(
                "offers-region",
                "fairness",
                "Offers are compared between regions",
                "提示内容を地域間で比較している",
                roles=("engineer",),
            ),
            _requirement(
                "worst",
                "fairness",
                "The system works for every group",
                "どのグループでも機能している",
                roles=("engineer",),
            ),
            _requirement(
                "definition",
                "fairness",
                "The definition of fairness was chosen by someone named",
                "公平性の定義を選んだ人が明らかである",
                questions=_questions(),
                roles=("owner", "designer"),
            ),
            _requirement(
                "quality",
                "trust",
                "Accuracy is known with its uncertainty",
                "精度が不確かさとともに分かっている",
                roles=("engineer",),
            ),
            _requirement(
                "ranking",
                "trust",
                "The order of applicants is meaningful",
                "申込者の順位付けに意味がある",
                roles=("engineer",),
            ),
            _requirement("data", "trust", "The test data are clean", "評価データが整っている", roles=("engineer",)),
            _requirement(
                "calibration", "trust", "Scores mean what they say", "スコアが意味どおりである", roles=("engineer",)
            ),
            _requirement(
                "appeal",
                "transparency",
                "A refused applicant can appeal",
                "断られた申込者が異議を申し立てられる",
                questions=_questions(),
                roles=("owner", "legal"),
            ),
            _requirement(
                "notice",
                "transparency",
                "People are told that a model takes part",
                "モデルの関与を人に伝えている",
                questions=_questions()[1:2],
            ),
            _requirement(
                "record",
                "transparency",
                "The reasoning behind a decision is captured when it is made",
                "判断の理由を、その時点で記録している",
                questions=_questions()[3:4],
            ),
            _requirement(
                "rights",
                "creative",
                "Creators' rights are cleared",
                "創作者の権利を確認している",
                applies_when="generates_content == true",
            ),
            _requirement(
                "takeover", "trust", "A person can take over", "人が引き継げる", applies_when="autonomy == 'automatic'"
            ),
        ),
        digest="c3" * 32,
    )
