"""`hakari plan --power`: rows per group, with data and before there are any."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.small import edit, one_line, run


def test_it_prints_rows_for_each_look_and_writes_nothing(project: Path) -> None:
    result = run("plan", "--power", "-C", project)
    assert result.exit_code == 0, result.output
    assert "Expected rate 54.0% (all rows at hand together) in 2 groups." in result.stdout
    lines = [line.split() for line in result.stdout.splitlines()]
    assert [line[0] for line in lines if len(line) == 3 and line[0] in "123"] == ["1", "2", "3"]
    assert not (project / ".hakari").exists()


def test_before_collection_the_rate_is_stated(project: Path) -> None:
    (project / "data.csv").unlink()
    result = run("plan", "--power", "-C", project, "--json", "--expect", "selection_rate=0.2", "--groups", "6")
    document = json.loads(result.stdout)
    line = next(item for item in document["lines"] if item["check"] == "gap/rate-gap[group]")
    assert line["expected"] == {"groups": 6, "rate": 0.2, "share": 1.0, "source": "stated"}
    assert [look["look"] for look in line["looks"]] == [1, 2, 3]
    assert document["chance"] == 0.8
    assert document["notices"] == []


def test_without_data_and_without_a_rate_it_says_what_to_state(project: Path) -> None:
    (project / "data.csv").unlink()
    result = run("plan", "--power", "-C", project)
    assert result.exit_code == 0
    assert "--expect selection_rate=0.3" in " ".join(result.stdout.split())
    assert "two groups are assumed" in " ".join(result.stdout.split())


def test_in_japanese_too(project: Path) -> None:
    text = run("plan", "--power", "-C", project, "--lang", "ja").stdout
    assert "想定する割合は 54.0%（手元の全行での値）" in text
    assert "「満たす」に必要な行数" in text
    assert "reasons." not in text


def test_weights_are_not_forgotten(project: Path) -> None:
    lines = (project / "data.csv").read_text("utf-8").splitlines()
    weighted = [lines[0] + ",w", *(line + ",2" for line in lines[1:])]
    (project / "data.csv").write_text("\n".join(weighted) + "\n", "utf-8")
    edit(project / "hakari.yaml", "positive:", "weight: w, positive:")
    assert "design effect" in run("plan", "--power", "-C", project).stdout


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--expect", "0.3"), "only go with --power"),
        (("--groups", "3"), "only go with --power"),
        (("--power", "--groups", "1"), "--groups is 1"),
        (("--power", "--expect", "selection_rate=30%"), "is not an expected rate"),
    ],
)
def test_a_mistake_is_one_line(project: Path, options: tuple[str, ...], told: str) -> None:
    assert told in one_line(run("plan", "-C", project, *options))
