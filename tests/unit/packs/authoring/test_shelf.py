from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hakari.errors import HakariError
from hakari.packs import Pack, list_packs
from hakari.packs.authoring import (
    Imported,
    draft_pack,
    export_workbook,
    import_workbook,
    read_guidelines,
    read_refusals,
    rehearse,
    shelf_items,
    shelf_sheet,
    write_folder,
)
from hakari.packs.authoring.layout import SHELF
from hakari.packs.authoring.rehearsal import past_cases
from tests.unit.packs.authoring.books import change, column

CORE = next(pack for pack in list_packs(versions=False) if pack.name == "ai-ethics-core")
SHIPPED = list_packs(versions=False)
GAP = f"{CORE.reference}:gap-in-results"
PURPOSE = f"{CORE.reference}:purpose"


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("draft")
    (folder / "g.md").write_text("# Fairness / 公平性\nAlike.\n\n# Care / 配慮\nWell.\n", "utf-8")
    pack, _ = draft_pack(read_guidelines(folder / "g.md", shown="g.md"), name="ours")
    # The core's part of the shelf is enough for choosing, and opens faster than all of it.
    items = [item for item in shelf_items() if item.pack == CORE]
    export_workbook(pack, folder / "ours.xlsx", shelf=[shelf_sheet(pack, language="en", items=items)])
    return folder / "ours.xlsx"


def choose(draft: Path, target: Path, **rows: dict[str, object]) -> Path:
    """Fill rows of the shelf: short name of a core requirement (with _ for -) → heading → value."""
    target.write_bytes(draft.read_bytes())

    def fill(book: Any) -> None:
        page = book[SHELF]
        for name, values in rows.items():
            reference = f"{CORE.reference}:{name.replace('_', '-')}"
            row = next(cell.row for cell in page["A"] if cell.value == reference)
            for heading, value in values.items():
                page.cell(row, column(page, heading)).value = value

    change(target, fill)
    return target


def read(draft: Path, tmp_path: Path, **rows: dict[str, object]) -> Imported:
    return import_workbook(choose(draft, tmp_path / "chosen.xlsx", **rows))


def core(name: str) -> Any:
    return next(item for item in CORE.requirements if item.slug == name)


def test_the_shelf_holds_every_requirement_of_the_usual_packs_once() -> None:
    references = [item.reference for item in shelf_items()]
    assert len(references) == len(set(references)) == sum(len(pack.requirements) for pack in SHIPPED)
    assert references[0].startswith(CORE.reference)


def test_what_is_adopted_is_told_here_and_answered_there(draft: Path, tmp_path: Path) -> None:
    found = read(draft, tmp_path, purpose={"decision": "adopt", "principle": "care"})
    taken = next(item for item in found.pack.requirements if item.slug == "ours-purpose")
    base = core("purpose")
    assert found.adopted == 1
    assert (taken.group, taken.title, taken.text, taken.stages) == ("care", base.title, base.text, base.stages)
    assert (taken.questions, taken.checks) == ((), ())
    assert [(mapping.to, mapping.relation, mapping.status) for mapping in taken.mappings] == [
        (PURPOSE, "equal", "draft")
    ]
    assert taken.urn == "urn:hakari:requirement:ours:ours-purpose"
    assert {"guidelines", CORE.name} == {source.id for source in found.pack.sources}


def test_the_facts_that_it_reads_are_declared_word_for_word(draft: Path, tmp_path: Path) -> None:
    found = read(draft, tmp_path, gap_in_results={"decision": "採用", "principle": "fairness"})
    declared = {fact.id: fact for fact in CORE.facts}
    assert found.pack.facts
    assert all(fact == declared[fact.id] for fact in found.pack.facts)


def test_a_stricter_line_is_a_check_of_its_own_and_asks_more(draft: Path, tmp_path: Path) -> None:
    rows = {
        "decision": "adopt stricter", "principle": "fairness", "check": "selection-rate-gap", "threshold": 0.05,
        "margin": 0.02, "max_age_days": 90, "set_by [en]": "The committee", "set_by [ja]": "委員会",
        "because [en]": "Loans are small", "because [ja]": "少額のため",
    }  # fmt: skip
    found = read(draft, tmp_path, gap_in_results=rows)
    taken = next(item for item in found.pack.requirements if item.slug == "ours-gap-in-results")
    (check,) = taken.checks
    assert (check.threshold, check.margin, taken.evidence.max_age_days) == (0.05, 0.02, 90)
    assert (check.set_by["en"], check.why["ja"], check.confirmed) == ("The committee", "少額のため", False)
    assert [mapping.relation for mapping in taken.mappings] == ["superset"]


def test_own_words_stand_in_place_of_the_shelfs(draft: Path, tmp_path: Path) -> None:
    rows: dict[str, object] = {"decision": "own words", "principle": "care", "own_title [en]": "We know why"}
    found = read(draft, tmp_path, purpose=rows)
    taken = next(item for item in found.pack.requirements if item.slug == "ours-purpose")
    assert taken.title == {"en": "We know why", "ja": "（要翻訳）We know why"}
    assert taken.text == core("purpose").text
    assert taken.mappings[0].relation == "equal"


def test_a_refusal_keeps_its_reason_beside_the_pack(draft: Path, tmp_path: Path) -> None:
    rows: dict[str, object] = {"decision": "not for us", "because [ja]": "人に使わないため"}
    found = read(draft, tmp_path, purpose=rows)
    assert found.adopted == 0
    write_folder(tmp_path / "ours", found.files, found.refused)
    (refusal,) = read_refusals(tmp_path / "ours")
    assert (refusal.reference, refusal.because["ja"]) == (PURPOSE, "人に使わないため")
    # The next workbook shows it again, and reading that one changes nothing.
    sheet = shelf_sheet(found.pack, language="en", refused=[refusal])
    export_workbook(found.pack, tmp_path / "again.xlsx", shelf=[sheet])
    again = import_workbook(tmp_path / "again.xlsx")
    assert (again.pack, again.refused) == (found.pack, found.refused)


def test_nothing_is_asked_twice(draft: Path, tmp_path: Path) -> None:
    """With the core switched on as well, an adopted requirement adds no question to any past case."""
    found = read(
        draft, tmp_path, purpose={"decision": "adopt", "principle": "care"},
        effects_on_people={"decision": "adopt", "principle": "care"},
    )  # fmt: skip
    cases = past_cases()[:6]
    alone = [len(item.questions) for item in rehearse(CORE, cases, others=SHIPPED)]
    both = [len(item.questions) for item in rehearse(CORE, cases, others=SHIPPED, together=[found.pack])]
    assert both == alone
    own = [len(item.questions) for item in rehearse(found.pack, cases, others=SHIPPED)]
    assert all(0 < mine < all_of_them for mine, all_of_them in zip(own, alone, strict=True))


FAULTS: list[tuple[str, dict[str, object], str, list[str]]] = [
    ("purpose", {"decision": "adopted"}, "decision", ["adopted", "adopt"]),
    ("purpose", {"decision": "adopt"}, "principle", ["principle"]),
    ("purpose", {"decision": "adopt", "principle": "carr"}, "principle", ["carr", "care"]),
    ("purpose", {"principle": "care"}, "decision", ["principle", "adopt stricter"]),
    ("purpose", {"decision": "not for us"}, "because [en]", ["reason"]),
    ("purpose", {"decision": "own words", "principle": "care"}, "own_title [en]", ["title", "text"]),
    ("purpose", {"decision": "adopt", "principle": "care", "requirement": "x@1.0.0:y"}, "requirement", ["x@1.0.0:y"]),
    ("gap_in_results", {"decision": "adopt stricter", "principle": "care"}, "because [en]", ["reason"]),
]
STRICT: dict[str, object] = {
    "decision": "adopt stricter", "principle": "care", "because [en]": "b", "check": "selection-rate-gap",
    "set_by [en]": "us",
}  # fmt: skip
FAULTS += [
    ("gap_in_results", STRICT, "threshold", ["nothing is stricter"]),
    ("gap_in_results", {**STRICT, "threshold": 0.2}, "threshold", ["0.1", "0.2"]),
    ("gap_in_results", {**STRICT, "threshold": 0.1}, "threshold", ["nothing is stricter"]),
    ("gap_in_results", {**STRICT, "threshold": "less"}, "threshold", ["less", "number"]),
    ("gap_in_results", {**STRICT, "threshold": 0.05, "check": "gap"}, "check", ["gap", "selection-rate-gap"]),
    ("gap_in_results", {**STRICT, "threshold": 0.05, "set_by [en]": None}, "set_by [en]", ["Nobody is named"]),
    ("gap_in_results", {**STRICT, "max_age_days": 10_000}, "max_age_days", ["10000"]),
    ("purpose", {**STRICT, "threshold": 0.05}, "check", ["check"]),
]


@pytest.mark.parametrize(("name", "row", "heading", "says"), FAULTS)
def test_a_decision_that_cannot_be_followed_is_told_with_its_cell(
    name: str, row: dict[str, object], heading: str, says: list[str], draft: Path, tmp_path: Path
) -> None:
    import openpyxl

    path = choose(draft, tmp_path / "chosen.xlsx", **{name: row})
    with pytest.raises(HakariError) as told:
        import_workbook(path)
    page = openpyxl.load_workbook(path)[SHELF]
    place = f"{SHELF}!{page.cell(1, column(page, heading)).column_letter}"
    assert str(told.value).startswith(place), str(told.value)
    assert [part for part in says if part not in str(told.value)] == []


def test_a_misspelt_heading_on_the_shelf_is_told_and_not_passed_over(draft: Path, tmp_path: Path) -> None:
    def misspell(book: Any) -> None:
        page = book[SHELF]
        page.cell(1, column(page, "threshold")).value = "treshold"

    path = choose(draft, tmp_path / "chosen.xlsx")
    change(path, misspell)
    with pytest.raises(HakariError, match=r"Shelf!.*treshold.*threshold"):
        import_workbook(path)


def test_what_is_in_the_pack_already_is_not_adopted_again(draft: Path, tmp_path: Path) -> None:
    first = read(draft, tmp_path, purpose={"decision": "adopt", "principle": "care"}).pack
    export_workbook(first, tmp_path / "second.xlsx", shelf=[shelf_sheet(first, language="en")])
    path = choose(
        tmp_path / "second.xlsx", tmp_path / "third.xlsx", purpose={"decision": "adopt", "principle": "fairness"}
    )
    with pytest.raises(HakariError, match="stands in the pack already as ours-purpose"):
        import_workbook(path)


def test_a_pack_in_one_language_takes_the_shelf_in_that_language(tmp_path: Path) -> None:
    (tmp_path / "g.md").write_text("# Fairness\nAlike.\n\n# Care\nWell.\n", "utf-8")
    pack, _ = draft_pack(read_guidelines(tmp_path / "g.md", shown="g.md"), name="ours", languages="en")
    export_workbook(pack, tmp_path / "ours.xlsx", shelf=[shelf_sheet(pack, language="en")])
    rows: dict[str, object] = {"decision": "adopt", "principle": "care"}
    found: Pack = read(tmp_path / "ours.xlsx", tmp_path, gap_in_results=rows).pack
    taken = next(item for item in found.requirements if item.slug == "ours-gap-in-results")
    assert taken.title == {"en": core("gap-in-results").title["en"]}
    assert {tuple(fact.title) for fact in found.facts} == {("en",)}
