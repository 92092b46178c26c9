from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hakari.evidence import create_key
from tests.unit.cli.small import run, write_project


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that nobody has assessed."""
    folder = tmp_path / "project"
    folder.mkdir()
    return write_project(folder)


@pytest.fixture(scope="session")
def assessed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that was assessed and signed; tests that change something take `assessed`."""
    folder = write_project(tmp_path_factory.mktemp("assessed"))
    create_key(folder / "engineer.pem")
    create_key(folder / "office.pem")
    result = run("-C", folder, "assess", "--key", "engineer.pem")
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def assessed(assessed_once: Path, tmp_path: Path) -> Path:
    """A copy of the assessed project, to change."""
    return Path(shutil.copytree(assessed_once, tmp_path / "assessed"))
