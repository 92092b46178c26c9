"""From a Word file with seven principles to a sound pack of twenty requirements, by filling in the workbook alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from hakari.packs import Pack, load_pack
from hakari.packs.authoring import find_gaps, past_cases, rehearse
from hakari.packs.loader import list_packs
from hakari.workflows.project import RegistryCatalogue
from tests.unit.cli.small import run
from tests.unit.packs.authoring.books import add_row, column

PRINCIPLES = {
    "People come first": ("人を第一に", "Nobody is worse off without a way out.", "誰も逃げ道なく不利になりません。"),
    "Fair treatment": ("公平な扱い", "People in like situations are treated alike.", "同じ状況の人を同じく扱います。"),
    "Privacy": ("プライバシー", "Data serve only what people were told.", "データは本人に伝えた目的だけに使います。"),
    "Openness": ("透明性", "People know when they meet a machine.", "相手がAIであることが分かるようにします。"),
    "Safety": ("安全", "Failures are found before they hurt.", "害が出る前に故障を見つけます。"),
    "Responsibility": ("責任", "A named person answers for each system.", "システムごとに責任者を定めます。"),
    "Learning": ("学び続ける", "What went wrong is written down.", "うまくいかなかったことを記録します。"),
}  # fmt: skip
GROUPS = [
    "people-come-first", "fair-treatment", "privacy", "openness", "safety", "responsibility", "learning",
]  # fmt: skip
ADOPTED = {
    "purpose": 0, "hurt-outside": 0, "effects-on-people": 0, "gap-in-errors": 1, "groups-compared": 1,
    "accuracy-measured": 4, "honest-test": 4, "power-to-stop": 5,
}  # fmt: skip
OWN = [
    ("ours-notice", 3, "People are told that a machine answers", "AIが答えていることを伝えている"),
    ("ours-deletion", 2, "Data are deleted on the day that was promised", "約束した日にデータを削除している"),
    ("ours-log", 6, "Every complaint leads to a written lesson", "苦情から得た教訓を記録している"),
]  # fmt: skip


def _word(path: Path) -> None:
    document = docx.Document()
    document.add_heading("Our AI principles", 0)
    document.add_paragraph("What we promise to everyone our systems touch.")
    for heading, (_, text, _) in PRINCIPLES.items():
        document.add_heading(heading, 1)
        document.add_paragraph(text)
    document.save(str(path))


def _fill(path: Path) -> None:
    """Fill in the workbook as a person would: translate, question, choose from the shelf, write two checks."""
    book = openpyxl.load_workbook(path)
    _translate(book)
    for row, slug in enumerate([f"ours-{number}-1" for number in range(1, 8)], start=2):
        page = book["Requirements"]
        assert page.cell(row, column(page, "urn")).value.endswith(f":{slug}")
        page.cell(row, column(page, "stages")).value = "plan, release"
        _ask(book, slug)
    for slug, group, english, japanese in OWN:
        add_row(
            book["Requirements"], urn=slug, group=GROUPS[group], stages="release、operate", title__en=english,
            title__ja=japanese, text__en=f"{english}, each time.", text__ja=f"{japanese}状態を保ちます。",
            severity="critical", roles="owner, legal",
        )  # fmt: skip
        _ask(book, slug)
    _measure(book)
    _choose(book)
    book.save(path)


def _translate(book: Any) -> None:
    japanese = {"Our AI principles": "当社のAI原則"}
    japanese["What we promise to everyone our systems touch."] = "システムに関わるすべての人への約束です。"
    for heading, (title, english, text) in PRINCIPLES.items():
        japanese |= {heading: title, english: text, english.rstrip("."): text.rstrip("。")}
    for page in book:
        for row in page.iter_rows() if page.title not in ("Read me", "Shelf") else ():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("（要翻訳）"):
                    cell.value = japanese[cell.value.removeprefix("（要翻訳）")]


def _ask(book: Any, slug: str) -> None:
    add_row(book["Questions"], **_question(slug))


def _question(slug: str) -> dict[str, object]:
    return {
        "requirement": slug, "id": "done", "type": "yes_no", "minutes": 2, "effects.yes": "meets",
        "effects.no": "fails", "text__en": "Is it done, and by whom?", "text__ja": "誰が実施していますか。",
        "good__en": "Yes, by Sato on 4 April.", "good__ja": "はい、佐藤が4月4日に実施。",
        "poor__en": "We always do.", "poor__ja": "いつも行っている。",
    }  # fmt: skip


def _measure(book: Any) -> None:
    """Add a requirement with a check, written as a sentence without knowing any id of a measure."""
    add_row(
        book["Requirements"], urn="ours-alike", group="fair-treatment", stages="develop", severity="critical",
        title__en="Approvals differ little between groups", title__ja="承認率の差が小さい",
        text__en="Measured before each release.", text__ja="リリースのたびに測定します。", roles="engineer",
    )  # fmt: skip
    add_row(
        book["Checks"], requirement="ours-alike", id="approval-gap", source__en="Our committee", source__ja="委員会",
        sentence__en="The [difference] of [selection rate] between [groups of each sensitive column] is at most [5 %], "
        "and is unacceptable from [8 %]; set by [the committee on 4 April] because [our customers would notice].",
        sentence__ja="[各センシティブ列のグループ]の間における[選択率]の[差]は[0.05]以下とし、[0.08]以上は認めない。"
        "設定者は[4月4日の委員会]、理由は[顧客が気付く差であるため]。",
    )  # fmt: skip


def _choose(book: Any) -> None:
    page = book["Shelf"]
    rows = {str(cell.value).rpartition(":")[2]: cell.row for cell in page["A"]}
    for slug, group in ADOPTED.items():
        page.cell(rows[slug], column(page, "decision")).value = "採用" if group else "adopt"
        page.cell(rows[slug], column(page, "principle")).value = GROUPS[group]
    stricter: dict[str, object] = {
        "decision": "adopt stricter", "principle": "fair-treatment", "check": "selection-rate-ratio", "threshold": 0.9,
        "because [en]": "Two offices only", "because [ja]": "拠点が二つのため", "set_by [en]": "Committee",
        "set_by [ja]": "委員会",
    }  # fmt: skip
    for heading, value in stricter.items():
        page.cell(rows["gap-in-results"], column(page, heading)).value = value
    refused = {"decision": "not for us", "because [en]": "We make no music.", "because [ja]": "音楽は扱わないため。"}
    for heading, text in refused.items():
        page.cell(rows["uses-ruled-out"], column(page, heading)).value = text


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office")
    _word(folder / "principles.docx")
    begun = run("-C", folder, "--json", "pack", "new", "ours", "--from", "principles.docx")
    assert begun.exit_code == 0, begun.output
    _fill(folder / "ours.xlsx")
    done = run("-C", folder, "--json", "pack", "import", "ours.xlsx", "ours", "--replace")
    assert done.exit_code == 0, done.output
    return folder


@pytest.fixture(scope="module")
def pack(made: Path) -> Pack:
    return load_pack(made / "ours", RegistryCatalogue())


def test_twenty_requirements_stand_under_seven_principles(pack: Pack) -> None:
    assert [group.id for group in pack.groups] == GROUPS
    assert [group.title["ja"] for group in pack.groups] == [japanese for japanese, _, _ in PRINCIPLES.values()]
    assert len(pack.requirements) == 20
    assert {item.group for item in pack.requirements} == set(GROUPS)


def test_nothing_is_lacking_in_either_language(pack: Pack) -> None:
    assert pack.languages == ("en", "ja")
    assert find_gaps(pack, list_packs(versions=False)) == ()


def test_the_pack_passes_its_check(made: Path) -> None:
    done = run("-C", made, "pack", "check", "./ours")
    assert done.exit_code == 0, done.output
    assert "20 requirements" in done.output
    assert run("-C", made, "pack", "gaps", "./ours").exit_code == 0


def test_the_sentences_became_checks(pack: Pack) -> None:
    checks = {check.id: check for item in pack.requirements for check in item.checks}
    assert set(checks) == {"approval-gap", "selection-rate-ratio"}
    gap = checks["approval-gap"]
    assert (gap.measure, gap.threshold, gap.margin, gap.operator) == ("fairness.groups@1", 0.05, 0.03, "<=")
    assert (gap.set_by["ja"], gap.why["en"]) == ("4月4日の委員会", "our customers would notice")
    assert checks["selection-rate-ratio"].threshold == 0.9


def test_past_cases_can_be_rehearsed(pack: Pack) -> None:
    found = list(rehearse(pack, past_cases(), others=list_packs(versions=False)))
    assert all(item.questions for item in found)
    assert any(item.stopped for item in found)
    assert not any(item.held for item in found)


def test_the_pack_goes_back_into_a_workbook(made: Path, pack: Pack) -> None:
    done = run("-C", made, "pack", "export", "./ours", "--out", "again.xlsx")
    assert done.exit_code == 0, done.output
    assert run("-C", made, "pack", "import", "again.xlsx", "again").exit_code == 0
    again = load_pack(made / "again")
    assert (again.digest, again) == (pack.digest, pack)
    assert (made / "again" / "not-for-us.json").read_text() == (made / "ours" / "not-for-us.json").read_text()
