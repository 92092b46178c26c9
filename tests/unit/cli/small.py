"""A small project for the tests of the command line: one measured requirement, one that asks, 400 rows."""

from __future__ import annotations

import random
from pathlib import Path

from click.testing import CliRunner, Result

from hakari.cli import main

NOW = "2026-11-22T09:00:00+00:00"

_PACK = """
urn: urn:example:pack:small
version: 1.0.0
status: published
authority: sample
languages: [en, ja]
title: {en: Small, ja: 小さなパック}
summary: {en: For tests., ja: テスト用。}
facts:
  - {id: about_people, type: boolean, title: {en: It is about people, ja: 人に関わる}}
groups:
  - {id: fair, title: {en: Fairness, ja: 公平性}, summary: {en: Groups., ja: グループ。}}
"""

_REQUIREMENTS = """
requirements:
  - urn: urn:example:requirement:small:gap
    version: 1
    group: fair
    title: {en: The gap is measured, ja: 差を測定している}
    text: {en: The gap is measured., ja: 差を測定している。}
    stages: [develop]
    roles: [engineer]
    severity: critical
    checks:
      - id: rate-gap
        measure: fairness.groups@1
        metric: selection_rate
        aggregation: difference
        slice: each_sensitive
        operator: "<="
        threshold: 0.1
        margin: 0.05
        set_by: {en: tests, ja: テスト}
        why: {en: An example., ja: 例。}
        source: {en: none, ja: なし}
  - urn: urn:example:requirement:small:right
    version: 1
    group: fair
    title: {en: Scores rank well, ja: スコアの順位が確かである}
    text: {en: Scores rank well., ja: スコアの順位が確かである。}
    stages: [develop]
    roles: [engineer]
    checks:
      - id: auc
        measure: performance.classification@1
        metric: auc
        operator: ">="
        threshold: 0.6
        margin: 0.1
        set_by: {en: tests, ja: テスト}
        why: {en: An example., ja: 例。}
        source: {en: none, ja: なし}
  - urn: urn:example:requirement:small:words
    version: 1
    group: fair
    title: {en: Somebody answers, ja: 誰かが答える}
    text: {en: Somebody answers., ja: 誰かが答える。}
    stages: [develop]
    roles: [owner]
    questions:
      - id: told
        type: yes_no
        text: {en: Are people told?, ja: 本人に伝えていますか。}
        effects: {yes: meets, no: fails}
      - id: how
        type: single
        when: "answers.told == 'yes'"
        text: {en: How are they told?, ja: どのように伝えていますか。}
        choices:
          - {id: letter, text: {en: By letter, ja: 手紙}, effect: meets}
          - {id: nothing, text: {en: Not at all, ja: 何もしない}, effect: fails}
"""

_MANIFEST = """
hakari: 1
use_case: {id: small, title: Small case}
system: {version: "1"}
stage: develop
packs: [./pack]
subjects: {data.test: {path: data.csv}}
columns: {label: label, prediction: prediction, score: score, sensitive: [group], positive: "yes"}
label_source: outcome
"""


def rows(number: int = 400) -> list[list[str]]:
    """Rows in which 60 % of group `a` and 48 % of group `b` are selected: 12 points, on too few rows to decide."""
    draw = random.Random(7)
    found = []
    for place in range(number):
        group, line = ("a", 0.4) if place % 2 else ("b", 0.52)
        score = (place // 2 + 0.5) / (number // 2)
        true = draw.random() < score
        found.append([group, f"{score:.4f}", "yes" if score > line else "no", "yes" if true else "no"])
    return found


def write_data(path: Path, lines: list[list[str]], header: str = "group,score,prediction,label") -> None:
    """Write a CSV in UTF-8."""
    path.write_text("\n".join([header, *(",".join(line) for line in lines)]) + "\n", "utf-8")


def write_project(folder: Path, lines: list[list[str]] | None = None) -> Path:
    """Write pack, data and manifest."""
    requirements = folder / "pack" / "requirements"
    requirements.mkdir(parents=True)
    (folder / "pack" / "pack.yaml").write_text(_PACK, "utf-8")
    (requirements / "fair.yaml").write_text(_REQUIREMENTS, "utf-8")
    (folder / "hakari.yaml").write_text(_MANIFEST, "utf-8")
    write_data(folder / "data.csv", rows() if lines is None else lines)
    return folder


def edit(path: Path, before: str, after: str) -> None:
    """Replace text that must be there."""
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")


def run(*args: str | Path, typed: str | None = None, **environment: str) -> Result:
    """Run `hakari` as a person would, in 80 columns and English unless said otherwise."""
    env = {"COLUMNS": "80", "HAKARI_LANG": "en", "HAKARI_NOW": NOW, **environment}
    return CliRunner().invoke(main, [str(arg) for arg in args], input=typed, env=env)


def one_line(result: Result) -> str:
    """Return the one line on stderr of a run that met a mistake in its input."""
    lines = result.stderr.strip().splitlines()
    assert result.exit_code == 2, (result.exit_code, result.stdout, result.stderr)
    assert len(lines) == 1, result.stderr
    assert "Traceback" not in result.output
    return lines[0]
