"""Opening a project: everything that the manifest names is there, fits, and lies in its folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hakari.errors import HakariError, InputError, ManifestError, PackError
from hakari.evidence import digest_bytes
from hakari.workflows.project import RegistryCatalogue, open_project
from tests.unit.workflows._project import check, csv_of, requirement, rows, write_project

TEST = {"data.test": {"path": "test.csv"}}


def _refusal(folder: Path, **changes: Any) -> HakariError:
    write_project(folder, **changes)
    with pytest.raises(HakariError) as caught:
        open_project(folder)
    assert "\n" not in str(caught.value)
    return caught.value


def _arguments(error: HakariError) -> dict[str, Any]:
    return dict(getattr(error.message, "arguments"))  # noqa: B009  # errors of ours carry messages


def test_a_project_opens_with_its_data_packs_and_subjects(tmp_path: Path) -> None:
    project = open_project(write_project(tmp_path))
    assert project.folder == tmp_path.resolve()
    assert [pack.reference for pack in project.packs] == ["office@1.0.0"]
    assert set(project.pack_files["office@1.0.0"]) == {"pack.yaml", "requirements/all.yaml"}
    assert project.inputs is not None
    assert project.inputs.data.rows == 400
    (subject,) = project.subjects
    assert (subject.role, subject.name) == ("data.test", "test.csv")
    assert subject.digest == digest_bytes((tmp_path / "test.csv").read_bytes())


def test_a_manifest_file_opens_its_folder(tmp_path: Path) -> None:
    write_project(tmp_path)
    assert open_project(tmp_path / "hakari.yaml").subjects == open_project(tmp_path).subjects


def test_without_test_data_there_is_nothing_to_measure_but_much_to_answer(tmp_path: Path) -> None:
    project = open_project(write_project(tmp_path, subjects={}, columns={}))
    assert (project.inputs, project.subjects, project.notices) == (None, (), ())


def test_subjects_stand_in_the_order_of_their_roles(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"weights")
    (tmp_path / "train.csv").write_text(csv_of(rows(60)), encoding="utf-8")
    subjects = {"model": {"path": "model.onnx"}, **TEST, "data.train": {"path": "train.csv"}}
    project = open_project(write_project(tmp_path, subjects=subjects))
    assert [subject.role for subject in project.subjects] == ["data.test", "data.train", "model"]
    assert project.subjects[-1].digest == digest_bytes(b"weights")
    assert project.inputs is not None
    assert project.inputs.train is not None
    assert project.inputs.train.rows == 60


def test_a_service_is_known_by_what_was_stated_about_it(tmp_path: Path) -> None:
    service: dict[str, Any] = {"provider": "acme", "model_id": "m-1", "pinning": "alias", "parameters": {"t": 0}}
    first = open_project(write_project(tmp_path, subjects={**TEST, "model": service})).subjects[1]
    assert (first.kind, first.name) == ("endpoint", "acme: m-1")
    assert first.details == {"provider": "acme", "model_id": "m-1", "pinning": "alias", "parameters": {"t": 0}}
    other = open_project(write_project(tmp_path, subjects={**TEST, "model": {**service, "model_id": "m-2"}}))
    assert other.subjects[1].digest != first.digest


def test_a_fact_that_no_pack_declares_offers_the_nearest(tmp_path: Path) -> None:
    error = _refusal(tmp_path, facts={"peopel": True})
    assert isinstance(error, ManifestError)
    assert _arguments(error) == {"fact": "peopel", "nearest": ["people", "affects_people"]}


@pytest.mark.parametrize("facts", [{"people": "yes"}, {"people": 1}, {"size": True}, {"size": "12"}])
def test_a_fact_of_another_type_than_declared_is_named(tmp_path: Path, facts: dict[str, Any]) -> None:
    error = _refusal(tmp_path, facts=facts)
    assert isinstance(error, ManifestError)
    assert _arguments(error)["fact"] == next(iter(facts))


@pytest.mark.parametrize("facts", [{}, {"people": "unknown"}, {"people": None}])
def test_a_fact_may_be_left_open(tmp_path: Path, facts: dict[str, Any]) -> None:
    assert open_project(write_project(tmp_path, facts=facts)).manifest.facts == facts


@pytest.mark.parametrize(
    ("subjects", "role"),
    [
        ({"data.test": {"path": "../outside.csv"}}, None),
        ({"data.test": {"path": "/etc/hostname"}}, None),
        ({**TEST, "model": {"path": "../model.onnx"}}, "model"),
        ({**TEST, "model": {"path": "/etc/hostname"}}, "model"),
        ({**TEST, "model": {"call": "....secret:predict"}}, "model"),
    ],
)
def test_nothing_outside_the_folder_is_read(tmp_path: Path, subjects: dict[str, Any], role: str | None) -> None:
    folder = tmp_path / "repository"
    folder.mkdir()
    for name in ("outside.csv", "model.onnx", "secret.py"):
        (tmp_path / name).write_text("a\n1\n", encoding="utf-8")
    error = _refusal(folder, subjects=subjects)
    assert isinstance(error, (InputError, ManifestError))
    assert _arguments(error).get("role") == role


def test_a_link_inside_the_folder_leads_nowhere_outside(tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    folder.mkdir()
    (tmp_path / "secret.onnx").write_bytes(b"x")
    (folder / "model.onnx").symlink_to(tmp_path / "secret.onnx")
    assert _arguments(_refusal(folder, subjects={**TEST, "model": {"path": "model.onnx"}}))["role"] == "model"


@pytest.mark.parametrize(
    ("subjects", "words"),
    [
        ({**TEST, "model": {"path": "model.onnx"}}, "model.onnx"),
        ({"data.test": {"path": "tset.csv"}}, "tset.csv"),
        ({**TEST, "model": {"call": "scoring.main:predict"}}, "scoring/main.py"),
        ({**TEST, "model": {}}, "model"),
        ({"data.test": {}}, "data.test"),
    ],
)
def test_what_is_missing_is_named(tmp_path: Path, subjects: dict[str, Any], words: str) -> None:
    error = _refusal(tmp_path, subjects=subjects)
    assert words in repr(error.message)


def test_a_column_that_the_data_lack_offers_the_nearest(tmp_path: Path) -> None:
    columns = {"label": "repiad", "prediction": "approved", "sensitive": ["sex"]}
    assert "repaid" in str(_refusal(tmp_path, columns=columns))


def test_packs_that_cannot_be_found_or_read_are_refused(tmp_path: Path) -> None:
    assert isinstance(_refusal(tmp_path, packs=["no-such-pack"]), PackError)
    assert isinstance(_refusal(tmp_path, packs=["./nowhere"]), PackError)


def test_a_pack_with_an_unknown_measure_is_refused_with_file_and_line(tmp_path: Path) -> None:
    write_project(tmp_path, requirement("gaps", checks=[check(measure="fairness.grops@1")]))
    with pytest.raises(PackError, match=r"all\.yaml:\d+"):
        open_project(tmp_path)


def test_the_registry_says_what_a_measure_can_be_asked() -> None:
    metrics = RegistryCatalogue().metrics("fairness.groups@1")
    assert metrics is not None
    assert "selection_rate" in metrics
    assert RegistryCatalogue().metrics("fairness.nothing@1") is None


def test_the_decision_threshold_is_part_of_the_model(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"weights")
    found = []
    for threshold in (0.5, 0.6):
        entry = {"path": "model.onnx", "adapter": "onnx", "features": ["score"], "threshold": threshold}
        found.append(open_project(write_project(tmp_path, subjects={**TEST, "model": entry})).subjects[1])
    assert found[0] != found[1]


def test_a_model_with_an_adapter_can_be_asked_although_predictions_stand_in_the_table(tmp_path: Path) -> None:
    (tmp_path / "scoring.py").write_text("def score(columns):\n    return columns['score']\n", encoding="utf-8")
    model = {"call": "scoring:score", "adapter": "python", "features": ["score"], "threshold": 0.5}
    project = open_project(write_project(tmp_path, subjects={**TEST, "model": model}))
    assert project.inputs is not None
    assert project.inputs.model is not None
    assert project.inputs.model.features == ("score",)
    table = project.inputs.data.read(["score"])
    found = project.inputs.model.predict({"score": table["score"]})
    assert found.score is not None
    assert found.score.tolist() == table["score"].tolist()


def test_parameters_and_the_constraint_file_reach_the_measures_that_take_them(tmp_path: Path) -> None:
    (tmp_path / "can.yaml").write_text("columns:\n  score: {monotone: up}\n", encoding="utf-8")
    passed = {"explanation.tabular": {"rows": 50}}
    project = open_project(write_project(tmp_path, constraints="can.yaml", parameters=passed))
    assert project.parameters["explanation.tabular"] == {"rows": 50}
    assert project.parameters["explanation.counterfactual"] == {
        "constraints": {"columns": {"score": {"monotone": "up"}}}
    }


def test_parameters_of_an_unknown_measure_are_refused(tmp_path: Path) -> None:
    error = _refusal(tmp_path, parameters={"explanation.tabula": {"rows": 50}})
    assert "explanation.tabular" in str(error)


def test_a_constraint_file_outside_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "can.yaml").write_text("columns: {}\n", encoding="utf-8")
    assert "can.yaml" in str(_refusal(tmp_path / "inside", constraints="../can.yaml"))
