"""One version, wherever it is written."""

from __future__ import annotations

import re
import tomllib

import hakari
from tests.repository.tree import ROOT


def test_the_version_is_the_same_in_project_package_and_changelog() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert newest is not None
    assert (hakari.__version__, newest.group(1)) == (project, project)
