"""The single-file verifier and `hakari verify` say the same of good and bent bundles."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hakari.assessment.archive import pack_archive, unpack_archive
from hakari.standalone import single_file
from tests.contract.bending import Sample, bundle, bundles
from tests.contract.conftest import Demo
from tests.contract.golden_case import GOLDEN
from tests.contract.second_opinion import of_hakari, of_the_file

SEED = 3
FEW, PARTS = 60, 4
MANY, MANY_PARTS = 1_000, 20


def compared(number_of: int, seed: int, part: int, parts: int) -> int:
    """Compare both verifiers on a part of the bundles; return how many were in order."""
    good = 0
    for number in range(part, number_of, parts):
        sample = bundle(number, seed)
        ours, mine = of_hakari(sample), of_the_file(sample)
        assert ours.compared == mine.compared, f"{sample.name}\n{ours.told}\n--- the file\n{mine.told}"
        if sample.expected != "any":
            assert mine.caught == (sample.expected == "caught"), f"{sample.name}: {sample.expected}\n{mine.told}"
        good += not mine.caught
    return good


@pytest.mark.usefixtures("quick_engine")
@pytest.mark.parametrize("part", range(PARTS))
def test_both_say_the_same_of_good_and_bent_bundles(part: int) -> None:
    assert 0 < compared(FEW, SEED, part, PARTS) < FEW / PARTS


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.usefixtures("quick_engine")
@pytest.mark.parametrize("part", range(MANY_PARTS))
def test_both_say_the_same_of_a_thousand_bundles(part: int) -> None:
    assert compared(MANY, SEED + 1, part, MANY_PARTS) > 0


def test_the_generator_makes_the_same_bytes_again() -> None:
    assert list(bundles(4, 5)) == list(bundles(4, 5))


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_demo_is_recomputed_to_the_last_verdict(demo: Demo) -> None:
    """All verdicts of a real case, two bootstrapped metrics among them, in plain Python."""
    found = of_the_file(Sample("demo", demo.content, None, "in order"))
    assert (found.genuine, found.recomputed) == ("yes", "yes"), found.told


# ---------------------------------------------------------------- the file as a stranger runs it


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("standalone") / "hakari_verify.py"
    path.write_text(single_file(), encoding="utf-8")
    return path


def run(program: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the file in a Python that sees neither this repository nor the user's settings."""
    command = [sys.executable, "-I", "-X", "utf8", str(program), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=program.parent, timeout=60)


def test_the_file_imports_the_standard_library_and_cryptography_only() -> None:
    tree = ast.parse(single_file())
    found = {str(node.module).split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    for node in ast.walk(tree):
        found |= {item.name.split(".")[0] for item in node.names} if isinstance(node, ast.Import) else set()
    assert found - set(sys.stdlib_module_names) == {"cryptography"}


def test_the_same_parts_give_the_same_file() -> None:
    assert single_file() == single_file()


def test_a_bundle_in_order_gives_0(program: Path) -> None:
    done = run(program, GOLDEN, "--lang", "en")
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 of 1 verdict derived again alike" in done.stdout
    assert "Never done by this file" in done.stdout
    assert "Not recomputed here: the noise floor" in done.stdout


def test_it_speaks_japanese(program: Path) -> None:
    assert "真正" in run(program, GOLDEN, "--lang", "ja").stdout


def test_a_bent_bundle_gives_1_and_names_the_file_and_what_rests_on_it(program: Path, tmp_path: Path) -> None:
    bent = tmp_path / "bent.zip"
    files = unpack_archive(GOLDEN.read_bytes())[0]
    name = next(name for name in files if name.endswith("requirements/fair.yaml"))
    bent.write_bytes(pack_archive({**files, name: files[name].replace(b"0.10", b"0.30")}))
    done = run(program, bent, "--json", "--lang", "en")
    found: dict[str, Any] = json.loads(done.stdout)
    assert (done.returncode, found["ok"]) == (1, False)
    assert [level["name"] for level in found["levels"]] == ["genuine", "recomputed", "re-run"]
    problem = next(item for item in found["levels"][0]["problems"] if item["member"] == name)
    assert problem["problem"] == f"{name} differs from the digest in the signed manifest: it was changed."
    assert problem["rests"] == ["all 2 requirements"]


@pytest.mark.parametrize("content", [b"", b"no ZIP", b"PK\x05\x06" + b"\xff" * 18])
def test_what_cannot_be_read_gives_2_and_one_line(program: Path, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    done = run(program, path)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_without_the_package_that_checks_signatures_it_says_so(program: Path) -> None:
    command = [sys.executable, "-I", "-S", str(program), str(GOLDEN), "--lang", "en"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("The package “cryptography” is missing")
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_file_that_is_not_there_gives_2_and_one_line(program: Path, tmp_path: Path) -> None:
    done = run(program, tmp_path / "nothing.zip", "--keys", tmp_path / "none.json")
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (2, 1)
