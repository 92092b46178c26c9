from __future__ import annotations

from pathlib import Path

import docx
import openpyxl
import pytest

from hakari.errors import InputError
from hakari.packs import Pack
from hakari.packs.authoring import Guidelines, draft_pack, find_gaps, read_guidelines
from hakari.packs.authoring.draft import Languages
from hakari.packs.authoring.outline import MOST_POINTS

MARKDOWN = """\
---
owner: nobody
---
# Our AI principles / 当社のAI原則

We build **AI** for people.

## 1. Fairness / 公平性
People are treated [alike](https://example.org). We will:
- compare results between groups
  before release;
- let people complain.

```
## not a heading
```

2. Privacy
----------
Data is used for what people were told.

It is deleted in time.

### Children
Nothing about children is kept.

## 安全
人にけがをさせません。
改行しても
一つの文です。
"""


def from_markdown(text: str, tmp_path: Path, languages: Languages = "both") -> Pack:
    (tmp_path / "guide.md").write_text(text, "utf-8")
    outline = read_guidelines(tmp_path / "guide.md", shown="guide.md")
    return draft_pack(outline, name="our-rules", languages=languages)[0]


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    return from_markdown(MARKDOWN, tmp_path)


def test_headings_become_principles_and_points_become_requirements(pack: Pack) -> None:
    assert [group.id for group in pack.groups] == ["fairness", "privacy", "principle-3"]
    assert [item.slug for item in pack.requirements] == [
        "our-rules-1-1", "our-rules-1-2", "our-rules-2-1", "our-rules-2-2", "our-rules-2-3", "our-rules-3-1",
    ]  # fmt: skip
    assert pack.requirements[0].text["en"] == "compare results between groups before release;"
    assert pack.requirements[0].title["en"] == "Compare results between groups before release"
    assert pack.requirements[-1].text["ja"] == "人にけがをさせません。改行しても一つの文です。"
    assert (pack.status, pack.authority, pack.languages) == ("draft", "company", ("en", "ja"))
    assert pack.title == {"en": "Our AI principles", "ja": "当社のAI原則"}
    assert pack.summary["en"] == "We build AI for people."
    assert pack.groups[0].summary["en"] == "People are treated alike. We will:"


def test_each_requirement_names_its_place_in_the_guidelines(pack: Pack) -> None:
    (reference,) = pack.requirements[4].sources
    assert reference.section == {"en": "Principle 2, point 3 (Children)", "ja": "原則2・第3項（Children）"}


def test_what_a_language_lacks_is_marked_and_listed(pack: Pack) -> None:
    assert pack.requirements[0].text["ja"].startswith("（要翻訳）compare results")
    assert pack.requirements[-1].text["en"].startswith("(to be translated) 人に")
    assert pack.groups[0].title == {"en": "Fairness", "ja": "公平性"}
    gaps = {(gap.kind, gap.where, gap.language) for gap in find_gaps(pack)}
    assert ("translate", "our-rules-1-1/text", "ja") in gaps
    assert ("translate", "our-rules-3-1/text", "en") in gaps
    assert ("unanswered", "our-rules-1-1", "") in gaps
    assert not any(where == "our-rules/title" for _, where, _ in gaps)


def test_a_pack_in_one_language_has_no_gaps_but_refuses_other_texts(tmp_path: Path) -> None:
    english = MARKDOWN.partition("## 安全")[0]
    found = from_markdown(english, tmp_path, "en")
    assert found.languages == ("en",)
    assert {gap.kind for gap in find_gaps(found)} == {"unanswered"}
    with pytest.raises(InputError, match="--languages both"):
        from_markdown(MARKDOWN, tmp_path, "en")


def test_word_headings_bullets_and_bold_lines_are_read(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("AI policy", 0)
    document.add_paragraph("Why we write this.")
    for heading in ("Fairness", "Privacy"):
        document.add_heading(heading, 1)
        document.add_paragraph("An opening.")
        document.add_paragraph("A first point.", style="List Bullet")
        document.add_paragraph("A second point.", style="List Number")
        table = document.add_table(1, 2)
        table.cell(0, 0).text, table.cell(0, 1).text = "Who", "Everyone"
    document.save(str(tmp_path / "policy.docx"))
    found = read_guidelines(tmp_path / "policy.docx", shown="policy.docx")
    assert (found.title, found.preface) == ("AI policy", ("Why we write this.",))
    pack, _ = draft_pack(found, name="policy")
    assert [item.title["en"] for item in pack.requirements] == ["A first point", "A second point", "Who – Everyone"] * 2
    bold = docx.Document()
    for heading in ("Fairness", "Privacy"):
        bold.add_paragraph().add_run(heading).bold = True
        bold.add_paragraph("Said in one sentence.")
    bold.save(str(tmp_path / "bold.docx"))
    found = read_guidelines(tmp_path / "bold.docx", shown="bold.docx")
    assert [heading for heading, _ in found.principles] == ["Fairness", "Privacy"]


def test_excel_has_principles_in_a_and_points_in_b(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in [("Principle", "Text"), ("Fairness", "Alike."), (None, "Heard."), ("Privacy", "Told.", "伝える。")]:
        page.append(row)
    book.save(tmp_path / "rules.xlsx")
    pack, _ = draft_pack(read_guidelines(tmp_path / "rules.xlsx", shown="rules.xlsx"), name="rules")
    assert [group.title["en"] for group in pack.groups] == ["Fairness", "Privacy"]
    assert [item.text["en"] for item in pack.requirements] == ["Alike.", "Heard.", "Told."]
    assert pack.requirements[2].text["ja"] == "伝える。"


def test_mistakes_are_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Only a paragraph.\n")
    (tmp_path / "b.pdf").write_text("x")
    (tmp_path / "c.docx").write_text("x")
    (tmp_path / "d.md").write_bytes(b"# \xff")
    (tmp_path / "e.md").write_text("# A\n\n# B\n" + "- x\n" * (MOST_POINTS + 1))
    expected = {"a.md": "no headings", "b.pdf": ".docx", "c.docx": "c.docx", "d.md": "UTF-8", "e.md": "1,000"}
    for name, says in {**expected, "none.md": "none.md"}.items():
        with pytest.raises(InputError) as told:
            read_guidelines(tmp_path / name, shown=name)
        assert says in str(told.value)
        assert "\n" not in str(told.value)
    outline = read_guidelines_of("# A\nx\n\n# B\ny\n", tmp_path)
    with pytest.raises(InputError, match="--name"):
        draft_pack(outline, name="Our Rules")


def read_guidelines_of(text: str, tmp_path: Path) -> Guidelines:
    (tmp_path / "x.md").write_text(text, "utf-8")
    return read_guidelines(tmp_path / "x.md", shown="x.md")


def test_signs_that_steer_a_terminal_are_taken_out(tmp_path: Path) -> None:
    outline = read_guidelines_of("# A\nred \x1b[31m here\n\n# B\ny\n", tmp_path)
    assert draft_pack(outline, name="x")[0].requirements[0].text["en"] == "red [31m here"
