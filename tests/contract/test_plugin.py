"""A measure from another distribution is found by its entry point, listed without being loaded, and runs."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import EntryPoint, distributions
from pathlib import Path

import pytest

from hakari.errors import MeasureError
from hakari.measures._registry import collect, registered_measures

SOURCE = Path(__file__).parent / "plugin"
GROUP = "hakari.measures"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder of installed packages, written as an installer would: the package and its dist-info."""
    project = tomllib.loads((SOURCE / "pyproject.toml").read_text("utf-8"))["project"]
    shutil.copytree(SOURCE / "hakari_rowcount", tmp_path / "hakari_rowcount", ignore=shutil.ignore_patterns("*.pyc"))
    name, version = project["name"], project["version"]
    info = tmp_path / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", "utf-8")
    lines = [f"{key} = {value}" for key, value in project["entry-points"][GROUP].items()]
    (info / "entry_points.txt").write_text("\n".join([f"[{GROUP}]", *lines, ""]), "utf-8")
    (info / "RECORD").write_text("", "utf-8")
    return tmp_path


def points(site: Path) -> list[EntryPoint]:
    return [point for found in distributions(path=[str(site)]) for point in found.entry_points.select(group=GROUP)]


def test_a_plugin_measure_carries_its_distribution_in_its_id(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(site))
    found = collect(points(site))
    assert set(found) == {"hakari-rowcount/rowcount.rows"}
    measure, distribution = found["hakari-rowcount/rowcount.rows"]
    assert (measure.major, distribution) == (2, "hakari-rowcount 2.1.0")


def test_two_distributions_cannot_claim_one_id(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(site))
    with pytest.raises(MeasureError, match=r"hakari-rowcount/rowcount\.rows"):
        collect(points(site) * 2)


SCRIPT = """
import sys
from hakari.measures import Context, find_measure, registered_measures

listed = registered_measures()
assert {"data.profile", "hakari-rowcount/rowcount.rows"} <= set(listed), sorted(listed)
rooms = ("hakari.measures.data", "hakari.measures.fairness", "hakari.measures.performance", "hakari_rowcount.rows")
loaded = [name for name in sys.modules if name.startswith(rooms)]
assert not loaded, loaded
assert "numpy" not in sys.modules and "pydantic" not in sys.modules

import pandas as pd
from hakari.inputs import Columns, Inputs, open_data

measure, distribution = find_measure("hakari-rowcount/rowcount.rows@2")
inputs = Inputs(open_data(pd.DataFrame({"a": [1, 2, 3]}), role="data.test"), None, Columns())
measured = measure.function()(inputs, measure.parameters()(times=2), context=Context())
print(distribution, measured.estimates[0].value)
"""


def test_an_installed_plugin_is_listed_without_loading_a_room_and_runs(site: Path) -> None:
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(site)!r})\n{SCRIPT}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["hakari-rowcount", "2.1.0", "6.0"]


def test_the_measures_of_this_distribution_are_registered() -> None:
    assert {"data.profile", "performance.classification", "fairness.groups"} <= set(registered_measures())
