"""`hakari assess`: measure once, answer once, judge, and seal; interrupted, it goes on where it stopped."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from hakari.assessment.binding import measure_planned
from hakari.assessment.bundle import read_bundle, seal_exception
from hakari.assessment.model import Exception_, Finding
from hakari.errors import HakariError, InputError, InterruptedRun
from hakari.evidence import SigningKey, create_key, digest_bytes
from hakari.workflows.assess import AssessRun
from hakari.workflows.plan import plan_project
from hakari.workflows.project import open_project
from hakari.workflows.store import Store
from hakari.workflows.verify import verify_bundle
from tests.unit.workflows._project import (
    ACCURACY,
    NOW,
    QUESTIONS,
    check,
    requirement,
    rows,
    run,
    write_answers,
    write_manifest,
    write_project,
)

ASKED = requirement("asked", questions=QUESTIONS)
BOTH = (requirement("gaps", checks=[check(margin=0.25), check("whole", **ACCURACY)]), ASKED)
UNSURE = (requirement("gaps", checks=[check()]), ASKED)


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    return create_key(tmp_path / "keys" / "engineer.pem")


@pytest.fixture(scope="module")
def measured_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository that was assessed without a key: what does not look at the measuring itself starts from here."""
    folder = tmp_path_factory.mktemp("measured")
    (folder / "minutes.pdf").write_bytes(b"minutes")
    write_project(folder, *BOTH)
    write_answers(folder, heard="yes", whom="the applicants", minutes="minutes.pdf")
    run(folder)
    return folder


@pytest.fixture
def assessed(measured_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(measured_once, tmp_path / "repository"))


@pytest.fixture
def folder(assessed: Path) -> Path:
    shutil.rmtree(assessed / ".hakari")
    shutil.rmtree(assessed / "case")
    return assessed


def _finding(made: AssessRun, slug: str) -> Finding:
    return next(item for item in made.assessment.findings if f":{slug}@" in item.requirement)


def _later(days: int) -> str:
    return f"{(date(2026, 11, 22) + timedelta(days=days)).isoformat()}T09:00:00+00:00"


def _recomputed(made: AssessRun) -> str:
    return {level.name: level.status for level in verify_bundle(made.bundle).levels}["recomputed"]


def test_counts_answers_and_files_become_one_bundle(folder: Path, key: SigningKey) -> None:
    made = run(folder, key=key)
    assert (made.plan_written_now, made.reused) == (True, 0)
    assert made.bundle == folder / "case" / "loans-release.zip"
    bundle = read_bundle(made.bundle.read_bytes())
    assert (bundle.faults, bundle.signed_by) == ((), (key.public.id,))
    assert (bundle.assessment, bundle.plan) == (made.assessment, made.case.plan)
    assert sorted(item.kind for item in bundle.evidence.values()) == ["answer"] * 3 + ["measurement"] * 2
    assert bundle.files[f"attachments/{digest_bytes(b'minutes')}"] == b"minutes"
    assert {name: path.read_text(encoding="utf-8") for name, path in made.reports.items()} == {
        "en": "en loans", "ja": "ja loans",
    }  # fmt: skip


def test_the_figures_are_those_of_the_rows(assessed: Path) -> None:
    gap, whole = _finding(run(assessed), "gaps").checks
    table = rows()
    rate = {s: sum(r["approved"] for r in table if r["sex"] == s) / 200 for s in "fm"}
    correct = sum(row["approved"] == row["repaid"] for row in table) / 400
    assert isinstance(gap.value, float)
    assert isinstance(whole.value, float)
    assert abs(gap.value - (rate["m"] - rate["f"])) < 1e-12
    assert abs(whole.value - correct) < 1e-12
    assert [(line.name, line.successes, line.trials) for line in gap.groups] == [("f", 90, 200), ("m", 100, 200)]


def test_equal_input_at_an_equal_time_gives_equal_bytes(folder: Path, tmp_path: Path, key: SigningKey) -> None:
    first = run(folder, key=key, out=tmp_path / "one")
    second = run(folder, key=key, out=tmp_path / "two")
    assert first.bundle.read_bytes() == second.bundle.read_bytes()
    assert (first.reused, second.reused) == (0, 2)


def test_an_unchanged_answer_stays_one_record(assessed: Path) -> None:
    before = set(Store(assessed).evidence({}).records)
    run(assessed, now=_later(1))
    assert set(Store(assessed).evidence({}).records) == before


def test_an_edited_answer_counts_at_once(assessed: Path) -> None:
    assert _finding(run(assessed), "asked").status == "met"
    write_answers(assessed, heard="no", minutes="minutes.pdf")
    assert _finding(run(assessed, now=_later(1)), "asked").status == "not_met"


def test_an_answer_that_is_edited_back_counts_at_once(assessed: Path) -> None:
    for day, value in enumerate(("yes", "no", "yes")):
        write_answers(assessed, heard=value, whom="the applicants", minutes="minutes.pdf")
        made = run(assessed, now=_later(day))
    assert _finding(made, "asked").status == "met"


def test_an_interrupted_run_keeps_what_it_measured_and_goes_on_there(folder: Path) -> None:
    stops = iter([False, True])
    with pytest.raises(InterruptedRun):
        run(folder, cancelled=lambda: next(stops, True))
    assert not (folder / "case").exists()
    made = run(folder)
    assert _finding(made, "gaps").status != "missing"


def test_a_run_that_is_stopped_between_two_measurements_resumes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Any] = []

    def once(*arguments: Any) -> Any:
        calls.append(arguments)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return measure_planned(*arguments)

    monkeypatch.setattr("hakari.workflows.assess.measure_planned", once)
    with pytest.raises(KeyboardInterrupt):
        run(folder)
    assert len(Store(folder).evidence({}).records) == 1
    assert run(folder).reused == 1
    assert len(calls) == 3


def test_what_was_measured_was_seen_also_if_the_run_then_failed(folder: Path) -> None:
    write_answers(folder, heard="maybe")
    with pytest.raises(HakariError):
        run(folder)
    write_manifest(folder, overrides={"gaps/gap": {"threshold": 0.5}})
    warnings = plan_project(open_project(folder)).plan.warnings
    assert [item.key for item in warnings] == ["assessment.plan.after_seen"]


def test_evidence_that_is_too_old_is_measured_again(assessed: Path) -> None:
    assert _finding(run(assessed, now=_later(400)), "gaps").status != "stale"


def test_a_bundle_verifies_after_one_run(folder: Path, key: SigningKey) -> None:
    assert _recomputed(run(folder, key=key)) == "yes"


def test_a_bundle_verifies_where_unsigned_records_were_made_before(assessed: Path, key: SigningKey) -> None:
    assert _recomputed(run(assessed, now=_later(1), key=key)) == "yes"


def test_a_bundle_verifies_when_evidence_has_gone_stale(assessed: Path) -> None:
    assert _recomputed(run(assessed, now=_later(400))) == "yes"


def _acceptance(folder: Path, signer: SigningKey, **changes: Any) -> None:
    store = Store(folder)
    plan = plan_project(open_project(write_project(folder, *UNSURE))).plan
    plain: dict[str, Any] = {
        "requirement": BOTH[0]["urn"] + "@1", "reason": "r", "by": "Head", "until": "2027-01-01", "condition": "c",
        "scope": plan.scope, "created_at": NOW, "key": signer.public.id, "bounds": {"gaps/gap[sex]": 1.0},
    }  # fmt: skip
    store.add_key(signer.public)
    store.save_exception(seal_exception(Exception_(**plain | changes), signer))


def test_an_acceptance_of_the_office_counts_and_travels(folder: Path, tmp_path: Path, key: SigningKey) -> None:
    _acceptance(folder, create_key(tmp_path / "office.pem"))
    made = run(folder, key=key)
    assert _finding(made, "gaps").status == "excepted"
    assert len(read_bundle(made.bundle.read_bytes()).exceptions) == 1


def test_an_acceptance_by_the_hand_that_measured_is_void(folder: Path, key: SigningKey) -> None:
    _acceptance(folder, key)
    assert _finding(run(folder, key=key), "gaps").status == "inconclusive"


def test_an_acceptance_that_names_another_key_than_signed_it_does_not_count(
    folder: Path, tmp_path: Path, key: SigningKey
) -> None:
    office = create_key(tmp_path / "office.pem")
    Store(folder).add_key(office.public)
    _acceptance(folder, key, key=office.public.id)
    try:
        assert _finding(run(folder, key=key), "gaps").status != "excepted"
    except HakariError:
        return


def test_an_attachment_that_has_gone_is_named(folder: Path) -> None:
    (folder / "minutes.pdf").unlink()
    with pytest.raises(InputError) as caught:
        run(folder)
    assert "minutes.pdf" in repr(caught.value.message)


def test_no_file_is_written_outside_the_folder_of_the_case(folder: Path) -> None:
    write_manifest(folder, use_case={"id": "../../escaped", "title": "t"})
    try:
        assert run(folder).bundle.resolve().is_relative_to(folder)
    except HakariError:
        assert not list(folder.parent.glob("escaped*"))


def test_the_gate_of_the_manifest_is_used_unless_another_is_asked_for(assessed: Path) -> None:
    assert run(assessed).assessment.gate.mode == "advisory"
    made = run(assessed, mode="full").assessment.gate
    assert (made.mode, made.holds) == ("full", made.closes)


def test_in_ci_the_producer_is_the_pipeline(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    measured = [item for item in run(folder).case.evidence.values() if item.measure]
    assert {(item.producer.name, item.producer.kind) for item in measured} == {("E. Ng", "pipeline")}
