"""`hakari audit`: a table measured without a manifest, as a person at a terminal asks for it."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from hakari.assessment.bundle import EVIDENCE_TYPE
from hakari.evidence import Evidence, create_key, decode, open_envelope
from tests.unit.cli.small import NOW, one_line, run
from tests.unit.measures.lending import loans

USUAL = ("--label", "approve", "--prediction", "prediction", "--by", "white")
QUICK = ("--measure", "fairness.groups", "--measure", "fairness.decisions")


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("audit") / "loans.parquet"
    loans()[["approve", "prediction", "score", "white", "male", "married"]].to_parquet(path)
    return path


def test_groups_and_gaps_are_printed_so_that_a_person_reads_them(table: Path) -> None:
    text = run("audit", str(table), *USUAL, *QUICK).stdout
    rates = loans().groupby("white")["prediction"].mean()
    assert "loans.parquet: 1,989 rows" in text
    assert f"{rates[1]:.1%} [" in text
    assert f"{(rates[1] - rates[0]) * 100:.1f} points, between" in text
    assert "by chance alone" in text
    assert "What these numbers cannot say" in text


def test_the_same_in_japanese(table: Path) -> None:
    text = run("audit", str(table), *USUAL, *QUICK, "--lang", "ja").stdout
    assert "ポイント" in text
    assert "偶然だけでも" in text
    assert "points" not in text


def test_json_holds_every_estimate_with_its_parameters(table: Path) -> None:
    result = run("audit", str(table), *USUAL, *QUICK, "--min-rows", "50", "--control", "married", "--json")
    document = json.loads(result.stdout)
    assert document["data"]["rows"] == 1989
    first, second = document["measures"]
    assert (first["id"], second["id"]) == ("fairness.groups", "fairness.decisions")
    assert first["parameters"]["min_rows"] == second["parameters"]["min_rows"] == 50
    assert second["parameters"]["controls"] == ["married"]
    assert any(each["slice"] == {"white": "*", "married": "1"} for each in second["estimates"])


@pytest.mark.parametrize("kind", ["csv", "folder", "query"])
def test_files_folders_and_queries_give_the_same(table: Path, tmp_path: Path, kind: str) -> None:
    frame = pd.read_parquet(table)
    if kind == "csv":
        source = str(tmp_path / "loans.csv")
        frame.to_csv(source, index=False)
    elif kind == "folder":
        for number, part in enumerate((frame.head(900), frame.tail(1089))):
            part.to_parquet(tmp_path / f"{number}.parquet")
        source = str(tmp_path)
    else:
        source = f"duckdb:SELECT * FROM '{table.name}'"
    usual = run("audit", str(table), *USUAL, "--measure", "fairness.groups", "--json")
    other = run("-C", str(table.parent), "audit", source, *USUAL, "--measure", "fairness.groups", "--json")
    assert other.exit_code == 0, other.output
    assert json.loads(other.stdout)["measures"] == json.loads(usual.stdout)["measures"]


def test_evidence_is_written_signed_and_says_what_was_measured(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HAKARI_NOW", NOW)
    key = create_key(tmp_path / "key.pem")
    folder = tmp_path / "records"
    result = run("audit", str(table), *USUAL, *QUICK, "--evidence", str(folder), "--key", str(tmp_path / "key.pem"))
    assert result.exit_code == 0, result.output
    files = sorted(folder.iterdir())
    assert [path.name.rsplit("-", 1)[0] for path in files] == ["fairness.decisions", "fairness.groups"]
    for path in files:
        known = {key.public.id: key.public}
        opened = open_envelope(
            path.read_bytes(), what=path.name, predicate_type=EVIDENCE_TYPE, keys=known, signatures=1
        )
        record = decode(Evidence, opened.predicate, what=path.name)
        assert record.measure is not None
        assert record.measure.id in path.name
        assert (record.plan, record.collected_at, record.assurance) == (None, NOW, "self")
        assert opened.key_ids == (key.public.id,)


def test_a_measure_that_the_columns_do_not_suit_is_left_out_with_its_reason(table: Path) -> None:
    text = run("audit", str(table), *USUAL, "--measure", "fairness.groups", "--measure", "performance.classification")
    assert text.exit_code == 0
    only = run("audit", str(table), "--prediction", "prediction", "--by", "white", *QUICK)
    assert only.exit_code == 0
    assert "selected" in only.stdout
    left = run(
        "audit", str(table), "--prediction", "prediction", "--by", "white",
        "--measure", "fairness.groups", "--measure", "performance.classification",
    )  # fmt: skip
    assert "Left out" in left.stdout
    assert "label" in left.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--prediction", "prediction", "--by", "colour"), "colour"),
        (("--prediction", "decision", "--by", "white"), "decision"),
        (("--label", "approve", "--by", "white"), "--prediction"),
        (("--prediction", "score", "--by", "white"), "score"),
        (("--prediction", "prediction", "--by", "white", "--control", "branch"), "branch"),
        (("--prediction", "prediction", "--by", "white", "--group", "7"), "7"),
        (("--prediction", "prediction", "--by", "white", "--measure", "fairness.group"), "fairness.groups"),
        (("--prediction", "prediction"), "--by"),
    ],
)
def test_a_mistake_gets_one_line(table: Path, arguments: tuple[str, ...], told: str) -> None:
    result = run("audit", str(table), *arguments)
    assert result.exit_code == 2
    assert told in one_line(result)


def test_a_file_that_is_not_there_and_a_spark_table_without_spark_get_one_line() -> None:
    assert "nowhere.csv" in one_line(run("audit", "nowhere.csv", *USUAL))
    assert "pyspark" in one_line(run("audit", "spark:loans", *USUAL)).lower()


def test_control_reference_and_deviation_reach_every_measure_that_knows_them(tmp_path: Path) -> None:
    frame = loans()[["loanamt", "price", "white", "married"]].dropna()
    path = tmp_path / "amounts.csv"
    frame.to_csv(path, index=False)
    options = ("--label", "price", "--prediction", "loanamt", "--by", "white", "--measure", "fairness.regression")
    page = tmp_path / "page.html"
    more = ("--control", "married", "--group", "rest", "--deviation", "--html", str(page))
    (part,) = json.loads(run("audit", str(path), *options, *more, "--json").stdout)["measures"]
    assert (part["parameters"]["reference"], part["parameters"]["deviation"]) == ("rest", True)
    found = [(each["metric"], each["slice"]) for each in part["estimates"]]
    assert ("mean_target_difference_to_rest", {"white": "1", "married": "0"}) in found
    assert ("mean_target_deviation", {"white": "*"}) in found
    assert "--group rest --deviation" in page.read_text("utf-8")
