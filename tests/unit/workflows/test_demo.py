"""The demo's folder belongs to the person who looks around in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hakari.errors import InputError
from hakari.workflows.demo import _copy


def test_what_a_person_changed_in_the_example_is_kept(tmp_path: Path) -> None:
    _copy(tmp_path)
    manifest = tmp_path / "hakari.yaml"
    manifest.write_text(manifest.read_text("utf-8") + "# tried something\n", encoding="utf-8")
    _copy(tmp_path)
    assert manifest.read_text("utf-8").endswith("# tried something\n")
    assert (tmp_path / "train.py").is_file()
    assert not (tmp_path / "__init__.py").exists()


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(InputError, match=tmp_path.name):
        _copy(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
