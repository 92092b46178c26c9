"""The core stays small, and every version is written down."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.repository.tree import ROOT

_LIMIT = 450 * 10**6


@cache
def _project() -> dict[str, list[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return {"": project["dependencies"], **project["optional-dependencies"]}


def _closure(requirements: list[str]) -> dict[str, Distribution]:
    """Return every installed distribution that `requirements` bring, with the extras they ask for."""
    found: dict[str, Distribution] = {}
    waiting, seen = [Requirement(text) for text in requirements], set()
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if str(requirement) in seen or name == "hakari":
            continue
        seen.add(str(requirement))
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            continue
        for text in found[name].requires or []:
            child = Requirement(text)
            extras = requirement.extras or {""}
            if child.marker is None or any(child.marker.evaluate({"extra": extra}) for extra in extras):
                waiting.append(child)
    return found


def _size(installed: Distribution) -> int:
    """Return the bytes of what the package ships; bytecode comes and goes with what was imported, so it is left out."""
    paths = [path.locate() for path in installed.files or [] if path.suffix != ".pyc"]
    return sum(path.stat().st_size for path in paths if path.exists())  # type: ignore[attr-defined]  # on purpose


def _pins() -> dict[str, str]:
    lines = (ROOT / "requirements" / "constraints.txt").read_text("utf-8").splitlines()
    pairs = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in pairs}


def test_the_core_stays_under_450_megabytes_installed() -> None:
    sizes = {name: _size(installed) for name, installed in _closure(_project()[""]).items()}
    assert sum(sizes.values()) < _LIMIT, sorted(sizes.items(), key=lambda item: -item[1])[:8]


def test_the_core_brings_no_data_frame_library_and_no_model_library() -> None:
    assert set(_closure(_project()[""])) & {"pandas", "polars", "pyarrow", "scikit-learn", "torch"} == set()


def test_every_named_dependency_is_pinned_to_a_version_that_it_accepts() -> None:
    pins = _pins()
    for requirement in (Requirement(text) for group in _project().values() for text in group):
        name = canonicalize_name(requirement.name)
        if name != "hakari":
            assert name in pins, f"{name} has no line in requirements/constraints.txt: run make lock"
            assert pins[name] in requirement.specifier, f"{name} {pins[name]} is outside {requirement.specifier}"


def test_everything_installed_for_development_is_pinned() -> None:
    wanted = [text for group in _project().values() for text in group if not text.startswith("torch")]
    assert set(_closure(wanted)) - set(_pins()) == set()


def test_every_dependency_says_why_it_is_there() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8").split("\ndependencies = [")[1].split("[project.scripts]")[0]
    lines = re.findall(r'^    "[A-Za-z].*$', text, re.MULTILINE)
    assert [line for line in lines if "#" not in line and "hakari[" not in line] == []
