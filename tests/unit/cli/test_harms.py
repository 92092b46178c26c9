"""`hakari harms`: list, show, and the four questions for the use case at hand."""

from __future__ import annotations

import json
from pathlib import Path

from hakari.packs.harms import load_harms
from tests.unit.cli.small import edit, one_line, run

OWN = """
incidents:
  - id: our-own
    harm: scoring-wrong-no
    exposure: subject_of
    title: {en: Forty letters too early, ja: 早すぎた通知}
    text: {en: Forty people were refused before anybody looked., ja: 誰も確認しないうちに40人が断られた。}
    who: {en: Applicants, ja: 申込者}
    severity: serious
    date: "2026-03"
    facts: {decides_about_people: true}
    source: {title: Our own record}
"""


def with_facts(project: Path, facts: str) -> Path:
    edit(project / "hakari.yaml", "label_source:", f"facts: {facts}\nlabel_source:")
    return project


def test_harms_are_listed_by_kind_of_system() -> None:
    text = run("harms", "list").stdout
    assert all(harm.id in text for harm in load_harms().harms)
    document = json.loads(run("harms", "list", "--modality", "robotics", "--json").stdout)
    assert {harm["modality"] for harm in document["harms"]} == {"robotics"}


def test_a_harm_is_shown_with_who_bears_it_and_where_it_comes_from() -> None:
    sourced = run("harms", "show", "speech-false-alarm").stdout
    assert "Not My Voice!" in " ".join(sourced.split())
    assert "Borne by" in sourced
    assert "our own" in run("harms", "show", "agent-turned").stdout
    assert "独自" in run("harms", "show", "agent-turned", "--lang", "ja").stdout


def test_an_unknown_harm_is_told_with_the_nearest() -> None:
    assert "speech-voice-taken" in one_line(run("harms", "show", "speech-voice-took"))


def test_the_four_questions_are_put_to_a_project(project: Path) -> None:
    with_facts(project, "{about_people: true}")
    document = json.loads(run("-C", project, "harms", "project", "--json").stdout)
    assert list(document["questions"]) == sorted(document["questions"])
    assert len(document["questions"]) == 4
    assert not any(harm["certain"] for harm in document["harms"])
    text = run("-C", project, "harms", "project").stdout
    assert "Perhaps: " in text
    assert "Who is hurt without ever using it?" in text


def test_a_project_that_states_its_facts_gets_its_harms_and_own_incidents(project: Path, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN, "utf-8")
    with_facts(project, "{decides_about_people: true}")
    arguments = ("-C", project, "harms", "project", "--incidents", tmp_path / "own.yaml")
    document = json.loads(run(*arguments, "--json").stdout)
    certain = {harm["harm"] for harm in document["harms"] if harm["certain"]}
    assert "scoring-wrong-no" in certain
    told = {incident["incident"]: incident["certain"] for incident in document["incidents"]}
    assert told == {"swatting-with-made-voices": False, "our-own": True}
    assert "Forty people were refused" in " ".join(run(*arguments).stdout.split())


def test_a_fault_in_an_incident_file_is_told_with_file_and_line(project: Path, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN.replace("subject_of", "excluded_from"), "utf-8")
    told = one_line(run("-C", project, "harms", "project", "--incidents", tmp_path / "own.yaml"))
    assert "own.yaml:5" in told
    assert "scoring-wrong-no" in told
