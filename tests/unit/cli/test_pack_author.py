from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from hakari.packs import list_packs
from tests.unit.cli.small import run

GUIDE = "# Ours / 当社\n\n## Fairness / 公平性\n- People are treated alike.\n\n## Care / 配慮\n- 人を大切にします。\n"
SENTENCE = (
    "The [difference] of [selection rate] between [groups of each sensitive column] is at most [0.10], and is "
    "unacceptable from [0.15]; set by [us] because [noticed]."
)


@pytest.fixture(scope="module")
def office_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office")
    (folder / "guide.md").write_text(GUIDE, "utf-8")
    result = run("-C", folder, "pack", "new", "our-rules", "--from", "guide.md")
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def office(office_once: Path, tmp_path: Path) -> Path:
    """A copy of a folder with a new pack, to change."""
    return Path(shutil.copytree(office_once, tmp_path / "office"))


def test_a_new_pack_stands_beside_its_workbook_and_says_what_it_lacks(office: Path) -> None:
    assert (office / "our-rules.xlsx").is_file()
    assert run("-C", office, "pack", "check", "./our-rules").exit_code == 0
    gaps = run("-C", office, "--json", "pack", "gaps", "./our-rules")
    assert gaps.exit_code == 1
    told = json.loads(gaps.stdout)
    assert (told["translate"], told["unanswered"]) == (4, 2)
    assert {"kind": "translate", "language": "ja", "where": "our-rules-1-1/text"} in told["gaps"]
    japanese = run("-C", office, "--lang", "ja", "pack", "gaps", "./our-rules")
    assert "要翻訳" in japanese.stdout


def test_a_workbook_goes_back_into_its_folder_only_when_asked(office: Path) -> None:
    refused = run("-C", office, "pack", "import", "our-rules.xlsx", "our-rules")
    assert refused.exit_code == 2
    assert "--replace" in refused.output
    before = {path.name: path.read_bytes() for path in (office / "our-rules").rglob("*.yaml")}
    done = run("-C", office, "--lang", "ja", "pack", "import", "our-rules.xlsx", "our-rules", "--replace")
    assert done.exit_code == 0, done.output
    assert "要求事項 2 件" in "".join(done.stdout.split("\n"))
    assert {path.name: path.read_bytes() for path in (office / "our-rules").rglob("*.yaml")} == before


def test_the_shelf_lists_what_can_be_taken_over(tmp_path: Path) -> None:
    everything = json.loads(run("-C", tmp_path, "--json", "pack", "shelf").stdout)
    assert len(everything) == sum(len(pack.requirements) for pack in list_packs(versions=False))
    assert set(everything[0]) == {"requirement", "title", "stages", "answered_by"}
    arguments = ("--lang", "ja", "pack", "shelf", "--pack", "ai-ethics-core", "--stage", "plan")
    told = run("-C", tmp_path, *arguments).stdout
    assert "purpose" in told
    assert "企画" in told
    assert "nist-ai-rmf" not in told


def test_checks_are_printed_as_sentences_and_read_back(tmp_path: Path) -> None:
    told = json.loads(run("-C", tmp_path, "--json", "pack", "checks", "ai-ethics-core").stdout)
    gap = next(item for item in told if item["check"]["id"] == "selection-rate-gap")
    read = run("-C", tmp_path, "--json", "pack", "checks", "--read", gap["sentence"]["en"])
    fields = json.loads(read.stdout)
    assert {name: gap["check"][name] for name in ("measure", "metric", "threshold", "operator", "slice")} == {
        name: fields[name] for name in ("measure", "metric", "threshold", "operator", "slice")
    }
    japanese = run("-C", tmp_path, "--json", "--lang", "ja", "pack", "checks", "--read", gap["sentence"]["ja"])
    assert json.loads(japanese.stdout)["margin"] == fields["margin"]
    assert "selection_rate" in run("-C", tmp_path, "pack", "checks", "--read", SENTENCE).stdout
    assert (
        "[各センシティブ列のグループ]" in run("-C", tmp_path, "--lang", "ja", "pack", "checks", "ai-ethics-core").stdout
    )


def test_a_shipped_pack_is_exported_with_its_triage_and_comes_back_equal(tmp_path: Path) -> None:
    done = run("-C", tmp_path, "pack", "export", "ai-ethics-core", "--out", "core.xlsx", "--shelf")
    assert done.exit_code == 0, done.output
    assert run("-C", tmp_path, "pack", "import", "core.xlsx", "core").exit_code == 0
    same = run("-C", tmp_path, "pack", "diff", "ai-ethics-core", "./core")
    assert "say the same" in same.stdout
    assert run("-C", tmp_path, "pack", "check", "./core").exit_code == 0
    assert (tmp_path / "core" / "triage.yaml").is_file()


def test_a_rehearsal_is_a_table_and_a_document(tmp_path: Path) -> None:
    told = run("-C", tmp_path, "--lang", "ja", "pack", "rehearse", "ai-ethics-core")
    assert told.exit_code == 0, told.output
    assert "hiring-screener" in told.stdout
    assert "中止" in told.stdout
    (tmp_path / "cases.yaml").write_text("cases:\n  - {id: ours, facts: {affects_people: true, domain: lending}}\n")
    document = run("-C", tmp_path, "--json", "pack", "rehearse", "ai-ethics-core", "--cases", "cases.yaml")
    (case,) = json.loads(document.stdout)
    assert case["case"] == "ours"
    assert case["questions"] == sum(case["by_role"].values()) == sum(case["by_stage"].values())
    assert {"tier", "minutes", "stopped", "held", "open", "applying"} <= set(case)


MISTAKES = [
    (["new", "x", "--from", "none.md"], ["none.md"]),
    (["new", "x", "--from", "guide.pdf"], [".docx"]),
    (["new", "X Y", "--from", "guide.md"], ["x y", "--name"]),
    (["new", "our-rules", "--from", "guide.md"], ["our-rules", "--replace"]),
    (["new", "x", "--from", "guide.md", "--languages", "en"], ["ja", "--languages both"]),
    (["import", "none.xlsx", "y"], ["none.xlsx"]),
    (["import", "guide.md", "y"], ["guide.md"]),
    (["import", "our-rules.xlsx", "guide.md"], ["guide.md", "folder"]),
    (["import", "our-rules.xlsx", "."], ["else than a pack"]),
    (["export", "./our-rules", "--out", "our-rules.xlsx"], ["our-rules.xlsx"]),
    (["export", "./our-rules", "--out", "no/where.xlsx"], ["no"]),
    (["export", "ai-ethics-cor", "--out", "x.xlsx"], ["ai-ethics-core"]),
    (["checks"], ["PACK"]),
    (["checks", "--read", "The gap is small"], ["The gap is small", "[difference]"]),
    (["rehearse", "./our-rules", "--cases", "none.yaml"], ["none.yaml"]),
    (["rehearse", "./our-rules", "--cases", "guide.md"], ["guide.md:"]),
    (["shelf", "--pack", "nonsense"], ["nonsense"]),
]


@pytest.mark.parametrize(("arguments", "says"), MISTAKES)
def test_mistakes_are_told_in_one_line(arguments: list[str], says: list[str], office: Path) -> None:
    result = run("-C", office, "pack", *arguments)
    assert result.exit_code == 2, result.output
    assert len(result.output.strip().split("\n")) == 1
    assert [part for part in says if part not in result.output] == []
