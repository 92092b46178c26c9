from __future__ import annotations

import json
from pathlib import Path

import pytest

from hakari.assessment.manifest import load_manifest
from tests.unit.cli.small import one_line, rows, run, write_data

JAPANESE = "申込番号,性別,年代,承認,予測,確率"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with a data file whose columns have telling names."""
    lines = [["woman" if line[0] == "a" else "man", *line[1:]] for line in rows(60)]
    write_data(tmp_path / "data.csv", lines, header="gender,score,prediction,label")
    return tmp_path


def test_flags_alone_write_a_manifest(data: Path) -> None:
    flags = ("--label", "label", "--prediction", "prediction", "--score", "score", "--sensitive", "gender")
    more = ("--positive", "yes", "--label-source", "outcome", "--stage", "release", "--id", "loans", "--title", "Loans")
    result = run("-C", data, "init", "data.csv", *flags, *more, "--yes")
    assert result.exit_code == 0, result.output
    manifest = load_manifest(data)
    assert manifest.columns.sensitive == ("gender",)
    assert (manifest.columns.label, manifest.columns.positive, manifest.label_source) == ("label", "yes", "outcome")
    assert (manifest.stage, manifest.use_case.id, manifest.packs) == ("release", "loans", ("ai-ethics-core@1.1.0",))
    assert manifest.gate == "advisory"


def test_what_init_writes_can_be_planned(data: Path) -> None:
    run("-C", data, "init", "data.csv", "--label-source", "outcome", "--yes")
    assert run("-C", data, "plan").exit_code == 0


def test_asking_offers_guesses_and_takes_other_words(data: Path) -> None:
    typed = "\n\n-\ngendr\ngender\nno\n2\nMy case\n"
    result = run("-C", data, "init", "data.csv", typed=typed)
    assert result.exit_code == 0, result.output
    assert "[label]" in result.stdout
    assert "There is no column “gendr”. Near: gender." in result.stdout
    manifest = load_manifest(data)
    assert manifest.columns.score is None
    assert (manifest.columns.positive, manifest.label_source, manifest.title()) == ("no", "human_decision", "My case")


def test_the_source_of_the_labels_is_never_guessed(data: Path) -> None:
    run("-C", data, "init", "data.csv", "--yes")
    assert load_manifest(data).label_source is None
    assert "# label_source:" in (data / "hakari.yaml").read_text("utf-8")


def test_an_existing_manifest_is_kept_unless_forced(data: Path) -> None:
    (data / "hakari.yaml").write_text("mine")
    assert "--force" in one_line(run("-C", data, "init", "data.csv", "--yes"))
    assert (data / "hakari.yaml").read_text() == "mine"
    assert run("-C", data, "init", "data.csv", "--yes", "--force").exit_code == 0


def test_input_that_ends_writes_nothing(data: Path) -> None:
    assert "--yes" in one_line(run("-C", data, "init", "data.csv", typed="\n"))
    assert not (data / "hakari.yaml").exists()


def test_a_japanese_file_in_cp932_is_described_and_assessed_in_japanese(tmp_path: Path) -> None:
    lines = [
        [f"A{n:04d}", "女性" if g == "a" else "男性", ("", "20代", "30代")[n % 3], "承認" if y == "yes" else "否認",
         "承認" if p == "yes" else "否認", s]
        for n, (g, s, p, y) in enumerate(rows(120))
    ]  # fmt: skip
    (tmp_path / "審査.csv").write_text("\n".join([JAPANESE, *(",".join(line) for line in lines)]) + "\n", "cp932")
    result = run("-C", tmp_path, "init", "審査.csv", "--lang", "ja", "--label-source", "human_decision", "--yes")
    assert result.exit_code == 0, result.output
    manifest = load_manifest(tmp_path)
    assert manifest.columns.sensitive == ("性別", "年代")
    assert (manifest.columns.label, manifest.columns.prediction, manifest.columns.score) == ("承認", "予測", "確率")
    assert manifest.columns.positive == "承認"
    assert manifest.subjects["data.test"].encoding == "cp932"
    assert "要求事項" in (tmp_path / "hakari.yaml").read_text("utf-8")
    planned = run("-C", tmp_path, "plan", "--lang", "ja")
    assert "女性 60" in planned.stdout
    assert "missing 40" in planned.stdout


@pytest.mark.parametrize(
    ("flags", "named"),
    [
        (("--label", "lable"), ("lable", "label")),
        (("--sensitive", "gendr"), ("gendr", "gender")),
        (("--stage", "later"), ("later", "release")),
        (("--label-source", "guess"), ("guess", "human_decision")),
        (("--pack", "ai-ethics-cor"), ("ai-ethics-cor", "ai-ethics-core")),
        (("--positive", "perhaps"), ("perhaps",)),
        (("--sensitive", "label"), ("label",)),
        (("--encoding", "klingon"), ("klingon",)),
    ],
)
def test_a_wrong_flag_is_told_before_anything_is_written(
    data: Path, flags: tuple[str, ...], named: tuple[str, ...]
) -> None:
    told = one_line(run("-C", data, "init", "data.csv", "--yes", *flags))
    assert [part for part in named if part not in told] == []
    assert not (data / "hakari.yaml").exists()


@pytest.mark.parametrize("name", ["nothing.csv", "../outside.csv"])
def test_a_file_that_is_not_there_is_told(data: Path, name: str) -> None:
    assert name in one_line(run("-C", data, "init", name, "--yes"))


def test_json_says_what_was_written(data: Path) -> None:
    document = json.loads(run("-C", data, "init", "data.csv", "--json").stdout)
    assert document["draft"]["sensitive"] == ["gender"]
    assert Path(document["path"]).name == "hakari.yaml"


def test_facts_that_the_columns_show_are_stated(data: Path) -> None:
    assert run("-C", data, "init", "data.csv", "--yes").exit_code == 0
    facts = load_manifest(data).facts
    shown = {name for name, value in facts.items() if value is True}
    assert shown == {"has_protected_attributes", "tabular_data", "binary_results", "uses_scores"}
    assert facts["affects_people"] == "unknown"


def test_facts_are_stated_by_flags(data: Path) -> None:
    stated = ("--fact", "affects_people=yes", "--fact", "domain=lending", "--fact", "people_affected_per_year=2000")
    assert run("-C", data, "init", "data.csv", "--yes", *stated).exit_code == 0
    facts = load_manifest(data).facts
    assert (facts["affects_people"], facts["domain"], facts["people_affected_per_year"]) == (True, "lending", 2000)


@pytest.mark.parametrize("pair", ["domain=farming", "affects_people=perhaps", "afects_people=true", "nothing"])
def test_a_fact_that_does_not_fit_is_one_line(data: Path, pair: str) -> None:
    assert pair.partition("=")[0] in one_line(run("-C", data, "init", "data.csv", "--yes", "--fact", pair))
    assert not (data / "hakari.yaml").exists()
