"""The shipped example is what a careful engineer would keep: it runs, repeats, and answers real questions."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.repository.tree import SOURCE, python_files

EXAMPLE = SOURCE / "examples" / "mortgage"


def _yaml(path: Path) -> Any:
    return yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)


def _train(folder: Path) -> list[str]:
    shutil.copy(EXAMPLE / "train.py", folder)
    command = [sys.executable, "-W", "error", "train.py"]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.splitlines()


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trained")
    assert len(_train(folder)) == 3
    return folder


def test_every_applicant_is_in_train_or_test(trained: Path) -> None:
    rows = [*_rows(trained / "data" / "train.csv"), *_rows(trained / "data" / "test.csv")]
    assert len(rows) == 1989
    assert sum(row["race"] != "white" for row in rows) == 308
    assert sum(row["sex"] == "" for row in rows) == 15


def test_predictions_follow_from_the_scores(trained: Path) -> None:
    rows = _rows(trained / "data" / "test.csv")
    assert all(row["prediction"] == str(int(float(row["score"]) >= 0.8)) for row in rows)


def test_the_model_sees_neither_race_nor_sex_nor_family_nor_neighbourhood() -> None:
    import ast

    tree = ast.parse((EXAMPLE / "train.py").read_text("utf-8"))
    tables = [node.value for node in tree.body if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)]
    used = {value.value for table in tables for value in table.values if isinstance(value, ast.Constant)}
    assert len(used) == 18
    assert (
        used & {"black", "hispan", "white", "male", "married", "dep", "old", "min30", "bd", "mi", "vr", "gdlin"}
        == set()
    )


def test_training_again_gives_the_same_files(trained: Path, tmp_path: Path) -> None:
    _train(tmp_path)
    for name in ("data/train.csv", "data/test.csv", "model.skops"):
        assert (tmp_path / name).read_bytes() == (trained / name).read_bytes(), name


def test_the_model_file_holds_the_model_that_made_the_scores(trained: Path) -> None:
    import numpy as np
    import pandas as pd
    import skops.io

    file = trained / "model.skops"
    model = skops.io.load(file, trusted=skops.io.get_untrusted_types(file=file))
    table = pd.read_csv(trained / "data" / "test.csv")
    score = model.predict_proba(table.iloc[:, :18])[:, 1]
    # Half a unit of the sixth digit, to which the file is rounded.
    assert np.abs(score - table["score"]).max() <= 5.1e-7


def test_answers_belong_to_questions_of_the_pack_and_choose_what_is_offered() -> None:
    library = SOURCE / "packs" / "library"
    packs = [library / reference.partition("@")[0] for reference in _yaml(EXAMPLE / "hakari.yaml")["packs"]]
    files = [file for pack in packs for file in sorted((pack / "requirements").glob("*.yaml"))]
    requirements = [item for file in files for item in _yaml(file)["requirements"]]
    questions = {
        (requirement["urn"].rsplit(":", 1)[-1], question["id"]): question
        for requirement in requirements
        for question in requirement.get("questions") or []
    }
    answers = {
        (slug, name): entry["value"]
        for slug, entries in _yaml(EXAMPLE / "answers.yaml")["answers"].items()
        for name, entry in entries.items()
    }
    assert set(answers) - set(questions) == set()
    given = {key: value for key, value in answers.items() if value != "unknown"}
    assert len(answers) - len(given) >= 5
    for key, value in given.items():
        offered = {choice["id"] for choice in questions[key].get("choices") or []}
        chosen = set(value) if isinstance(value, list) else {value}
        assert not offered or chosen <= offered, key
        if questions[key]["type"] == "text":
            assert len(value) >= int(questions[key].get("min_length", 0)), key
        if questions[key]["type"] == "file":
            assert (EXAMPLE / value).is_file(), key


def test_the_engineers_own_code_knows_nothing_of_hakari() -> None:
    assert "import hakari" not in (EXAMPLE / "train.py").read_text("utf-8")
    assert [path.name for path in python_files(EXAMPLE)] == ["__init__.py", "train.py"]
