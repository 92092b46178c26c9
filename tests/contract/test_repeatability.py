"""The same input gives the same bytes: again, elsewhere, in another order, and after an interruption."""

from __future__ import annotations

import base64
import json
import os
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pytest
from pyarrow import csv

from hakari.assessment.binding import Run, measure_planned
from hakari.assessment.bundle import Bundle, read_bundle, write_bundle
from hakari.assessment.engine import EngineInput, assess
from hakari.assessment.model import Assessment
from hakari.assessment.plan import digest_of_plan
from hakari.errors import InterruptedRun
from hakari.evidence import Evidence, canonical_bytes, digest_json, encode, open_envelope, parse_json
from hakari.evidence.record import Answer, MeasureReference, PlanReference, Producer
from hakari.inputs import Inputs, open_data
from hakari.measures import Context
from hakari.packs import read_pack
from hakari.workflows.assess import AssessRun, assess_project
from hakari.workflows.plan import plan_project
from hakari.workflows.project import open_project
from hakari.workflows.settings import Clock
from hakari.workflows.store import Store, write_file
from hakari.workflows.verify import verify_bytes
from tests.contract.conftest import NOW, Demo

RUN = """
import sys
from pathlib import Path
from hakari.evidence import load_key
from hakari.inputs.readers.engine import connection
from hakari.workflows.assess import assess_project
from hakari.workflows.plan import plan_project
from hakari.workflows.project import open_project
from hakari.workflows.settings import Clock
folder = Path(sys.argv[1])
connection().execute(f"SET threads = {sys.argv[2]}")
plan_project(open_project(folder))
assess_project(open_project(folder), clock=Clock.read(), key=load_key(folder / ".hakari" / "demo-key.pem"))
"""


def again(demo: Demo, folder: Path, **options: Any) -> AssessRun:
    return assess_project(open_project(folder), clock=Clock(NOW), key=demo.key, **options)


# ---------------------------------------------------------------- bytes


def test_a_second_assessment_gives_the_same_bytes(demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another folder, a fresh plan, fresh measurements. Records at hand are used again in the test of interruptions."""
    monkeypatch.delenv("CI", raising=False)
    folder = demo.copy(tmp_path / "elsewhere")
    plan_project(open_project(folder))
    first = again(demo, folder)
    assert first.reused == 0
    assert first.bundle.read_bytes() == demo.content


@pytest.mark.parametrize(("seed", "threads"), [("1", "2"), pytest.param("4294967295", "1", marks=pytest.mark.slow)])
def test_another_process_gives_the_same_bytes(demo: Demo, tmp_path: Path, seed: str, threads: str) -> None:
    """Another order of sets and dictionaries, other threads of every engine, another time zone and language."""
    folder = demo.copy(tmp_path / "elsewhere")
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS")
    left = {name: value for name, value in os.environ.items() if name != "CI"}
    environment = {
        **left, **dict.fromkeys(names, threads), "PYTHONHASHSEED": seed, "HAKARI_NOW": NOW, "TZ": "Asia/Tokyo",
        "LC_ALL": "C",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(folder), threads], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    bundle = folder / "case" / demo.bundle.name
    assert estimates_of(bundle) == estimates_of(demo.bundle)
    assert bundle.read_bytes() == demo.content


def estimates_of(bundle: Path) -> dict[str, bytes]:
    """Return measure → the bytes of its `estimates`."""
    found = {}
    with zipfile.ZipFile(bundle) as archive:
        for name in archive.namelist():
            if name.startswith("evidence/"):
                record = json.loads(base64.b64decode(json.loads(archive.read(name))["payload"]))["predicate"]
                if record["kind"] == "measurement":
                    found[record["measure"]["id"]] = canonical_bytes(record["estimates"])
    assert len(found) == 5
    return found


HOLDERS: dict[str, Callable[[Path], Any]] = {
    "duckdb": lambda path: duckdb.connect(":memory:").read_csv(str(path)),
    "pandas": pd.read_csv,
    "pandas on arrow": lambda path: pd.read_csv(path, dtype_backend="pyarrow"),
    "polars": pl.read_csv,
    "polars lazy": pl.scan_csv,
    "pyarrow": lambda path: csv.read_csv(path, convert_options=csv.ConvertOptions(strings_can_be_null=True)),
}
QUICK_HOLDERS = {"pandas", "polars lazy", "pyarrow"}


@pytest.mark.parametrize(
    "holder", [name if name in QUICK_HOLDERS else pytest.param(name, marks=pytest.mark.slow) for name in HOLDERS]
)
def test_rows_held_by_another_library_give_the_same_records(demo: Demo, original: Bundle, holder: str) -> None:
    """Each reads the CSV in its own way and orders groups as it likes; estimates and counts are the same bytes."""
    project = open_project(demo.folder)
    assert project.inputs is not None
    assert project.inputs.train is not None
    assert original.plan is not None
    test, train = (
        open_data(HOLDERS[holder](project.folder / data.name), role=data.role)
        for data in (project.inputs.data, project.inputs.train)
    )
    inputs = Inputs(test, train, project.inputs.columns, project.inputs.model)
    for planned in original.plan.measurements:
        again = encode(measure_planned(planned, inputs, RUN_ONCE))
        (stored,) = (
            encode(record)
            for record in original.evidence.values()
            if record.plan is not None and record.plan.measurement == planned.id
        )
        for part in ("estimates", "tables", "parameters"):
            assert canonical_bytes(again[part]) == canonical_bytes(stored[part]), (planned.measure, part)


RUN_ONCE = Run(
    plan_digest="", registered=False, now=NOW, effective_at=NOW, producer=Producer(name=""), assurance="self",
    context=lambda planned: Context(seed=planned.seed, measure=planned.measure),
)  # fmt: skip


# ---------------------------------------------------------------- the engine


@pytest.fixture(scope="session")
def original(demo: Demo) -> Bundle:
    return read_bundle(demo.content)


def engine_input(original: Bundle, evidence: Mapping[str, Evidence] | None = None, **changes: Any) -> EngineInput:
    assert original.plan is not None
    assert original.assessment is not None
    given = EngineInput(
        title=original.assessment.title,
        plan=original.plan,
        plan_digest=digest_of_plan(original.plan),
        packs=tuple(read_pack(files, name=name) for name, files in original.pack_files.items()),
        evidence=original.evidence if evidence is None else evidence,
        signers=original.signers,
        today=date.fromisoformat(NOW[:10]),
    )
    return replace(given, **changes)


def shuffled(mapping: Mapping[str, Any], rng: random.Random) -> dict[str, Any]:
    items = list(mapping.items())
    rng.shuffle(items)
    return dict(items)


@pytest.mark.usefixtures("quick_engine")
@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_records_changes_nothing(original: Bundle, seed: int) -> None:
    rng = random.Random(seed)
    evidence = shuffled(original.evidence, rng)
    again = assess(engine_input(original, evidence, signers=shuffled(original.signers, rng)))
    assert again == original.assessment


@pytest.mark.usefixtures("quick_engine")
@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_in_a_tally_changes_no_verdict(original: Bundle, seed: int) -> None:
    rng = random.Random(seed)

    def mixed(record: Evidence) -> Evidence:
        tables = tuple(replace(item, rows=tuple(rng.sample(item.rows, len(item.rows)))) for item in record.tables)
        return replace(record, tables=tables, estimates=tuple(rng.sample(record.estimates, len(record.estimates))))

    evidence = {identifier: mixed(record) for identifier, record in original.evidence.items()}
    assert assess(engine_input(original, evidence)) == original.assessment


def strangers(original: Bundle) -> dict[str, Evidence]:
    """Return records that answer nothing of this plan: other plans, measures, requirements, questions, kinds."""
    measured = next(record for record in original.evidence.values() if record.measure is not None)
    answered = next(record for record in original.evidence.values() if record.answer is not None)
    assert measured.plan is not None
    later = "2026-11-22T08:59:59+00:00"
    found = [
        replace(measured, plan=PlanReference(digest="0" * 64, measurement=measured.plan.measurement)),
        replace(measured, plan=replace(measured.plan, measurement="f" * 64)),
        replace(measured, plan=replace(measured.plan, digest="1" * 64, registered=True), collected_at=later),
        replace(measured, measure=MeasureReference(id="other.measure", version="1.0.0", distribution="x 1")),
        replace(measured, plan=None),
        replace(answered, answer=Answer(requirement="urn:other@1", question="q", value="no")),
        replace(answered, answer=replace(answered.answer, question="nobody_asked", value="no")),  # type: ignore[type-var]  # on purpose
        Evidence(kind="statement", collected_at=NOW, effective_at=NOW, producer=Producer(name="x")),
        Evidence(kind="document", collected_at=NOW, effective_at=NOW, producer=Producer(name="x")),
    ]
    return {digest_json(encode(record)): record for record in found}


@pytest.mark.usefixtures("quick_engine")
def test_irrelevant_evidence_changes_no_verdict(original: Bundle) -> None:
    extra = strangers(original)
    assert not set(extra) & set(original.evidence)
    for some in ({identifier: record} for identifier, record in extra.items()):
        assert findings_of(assess(engine_input(original, {**some, **original.evidence}))) == findings_of(
            original.assessment
        )
    assert findings_of(assess(engine_input(original, {**original.evidence, **extra}))) == findings_of(
        original.assessment
    )


def findings_of(assessment: Assessment | None) -> object:
    assert assessment is not None
    return assessment.findings, assessment.gate


def sealed(original: Bundle, assessment: Assessment, demo: Demo) -> bytes:
    """Return the bundle that `assess` writes: with the evidence that the findings cite and nothing else."""
    assert original.plan is not None
    cited = {identifier for finding in assessment.findings for identifier in finding.evidence}
    attached = {name[12:]: content for name, content in original.files.items() if name.startswith("attachments/")}
    return write_bundle(
        assessment=assessment, plan=original.plan, pack_files=original.pack_files,
        evidence={identifier: original.files[f"evidence/{identifier}.json"] for identifier in cited},
        attachments=attached,
        keys=[demo.key.public], key=demo.key, created_at=NOW,
    )  # fmt: skip


@pytest.mark.usefixtures("quick_engine")
def test_a_bundle_recomputes_though_there_was_irrelevant_evidence(original: Bundle, demo: Demo) -> None:
    assessment = assess(engine_input(original, {**original.evidence, **strangers(original)}))
    assert verify_bytes(sealed(original, assessment, demo)).ok


@pytest.mark.usefixtures("quick_engine")
def test_a_bundle_recomputes_though_measurements_are_too_old(original: Bundle, demo: Demo) -> None:
    assessment = assess(engine_input(original, today=date(2027, 6, 22)))
    assert verify_bytes(sealed(original, assessment, demo)).ok


# ---------------------------------------------------------------- interruptions


def whole_files(folder: Path) -> int:
    """Require that every file of the state is whole and checks out; return the number of records."""
    store = Store(folder)
    for path in (folder / ".hakari").rglob("*"):
        assert not path.name.startswith("."), "no half-written neighbour is left"
        if path.suffix == ".json" and path.parent.name == ".hakari":
            assert canonical_bytes(parse_json(path.read_bytes(), what=path.name)) == path.read_bytes()
        elif path.suffix == ".json":
            open_envelope(
                path.read_bytes(), what=path.name, predicate_type="urn:hakari:predicate:evidence:1", keys=store.keys()
            )
    return len(store.evidence(store.keys()).records)


def test_an_interrupted_run_goes_on_where_it_stopped(
    demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped after the first measurement, then in the middle of the second, then run to the end."""
    monkeypatch.delenv("CI", raising=False)
    folder = demo.copy(tmp_path / "elsewhere")
    records = folder / ".hakari" / "evidence"
    with pytest.raises(InterruptedRun):
        again(demo, folder, cancelled=lambda: records.is_dir() and any(records.iterdir()))
    assert whole_files(folder) == 1
    assert not (folder / "case").exists()
    asked = iter([False] * 2)
    with pytest.raises(InterruptedRun):
        again(demo, folder, cancelled=lambda: next(asked, True))
    assert whole_files(folder) == 1
    last = again(demo, folder)
    assert last.reused == 1
    assert whole_files(folder) == len(last.case.evidence)
    assert last.bundle.read_bytes() == demo.content


@pytest.mark.parametrize("function", ["fsync", "replace", "chmod"])
@pytest.mark.parametrize("problem", [KeyboardInterrupt(), OSError(28, "No space left on device")], ids=["stop", "full"])
def test_a_file_appears_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str, problem: BaseException
) -> None:
    path = tmp_path / "state.json"
    write_file(path, b"before")

    def fail(*arguments: object, **options: object) -> None:
        raise problem

    with monkeypatch.context() as patch:
        patch.setattr(os, function, fail)
        with pytest.raises((KeyboardInterrupt, ValueError)):
            write_file(path, b"after")
    assert path.read_bytes() == b"before"
    assert [item.name for item in tmp_path.iterdir()] == ["state.json"]


def test_the_clock_is_read_once_and_can_be_fixed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAKARI_NOW", "2026-11-22T18:00:00+09:00")
    assert Clock.read().now == NOW
    assert Clock.read().today == date(2026, 11, 22)
