"""Packs that are made to exhaust whoever reads them: refused in one line, in a process that may use little."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.packs.example import PACK, REQUIREMENTS

LIMITED = """
import resource, sys
from pathlib import Path
from hakari.errors import PackError
from hakari.packs import load_pack, read_pack
import yaml, hakari.packs.loader, hakari.packs.expression
load_pack("jp-social-principles")
used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
# Two seconds of the processor and 500 MB from here on; beyond, the system ends the process.
resource.setrlimit(resource.RLIMIT_CPU, (int(used) + 3, int(used) + 4))
resource.setrlimit(resource.RLIMIT_AS, (500 * 2**20 + 2**28, 500 * 2**20 + 2**28))
try:
    load_pack(Path(sys.argv[1]))
except PackError as error:
    print(error)
"""


def write(folder: Path, pack: bytes = PACK.encode(), rules: bytes = REQUIREMENTS.encode()) -> Path:
    (folder / "requirements").mkdir(parents=True)
    (folder / "pack.yaml").write_bytes(pack)
    (folder / "requirements" / "all.yaml").write_bytes(rules)
    return folder


def exploding() -> bytes:
    return b"a: &a [x]\n" + b"".join(b"%c: &%c [%s]\n" % (k, k, b"*%c," % (k - 1) * 9) for k in b"bcdefghi")


def condition(source: str) -> bytes:
    return REQUIREMENTS.replace("decides && domain == 'lending'", source).encode()


NESTED = "[1,2].all(x, [1,2].all(y, [1,2].all(z, x + y + z > 0)))"
LONG = "[" + "1," * 120 + "1].all(x, [x].size() > 0) && decides > 1"
HEAVY: dict[str, tuple[Callable[[Path], Path], str]] = {
    "a scalar of 100 MB": (lambda f: write(f, PACK.encode() + b"x: " + b"a" * 100 * 2**20), "pack.yaml:1"),
    "a scalar of 9 MB": (lambda f: write(f, PACK.replace("Rules for", "y" * 9 * 2**20).encode()), "pack.yaml:7"),
    "anchors that explode": (lambda f: write(f, exploding()), "pack.yaml:1"),
    "an anchor that holds itself": (lambda f: write(f, b"a: &a [*a]\n"), "pack.yaml:1"),
    "a merge of itself": (lambda f: write(f, b"a: &a\n  <<: *a\n"), "pack.yaml:1"),
    "brackets without end": (lambda f: write(f, b"[" * 5_000_000), "pack.yaml:1"),
    "a million values": (lambda f: write(f, b"urn: [" + b"1," * 1_000_000 + b"]"), "pack.yaml:1"),
    "a comprehension inside another": (lambda f: write(f, rules=condition(NESTED)), "all.yaml:8"),
    "a comprehension over a long list": (lambda f: write(f, rules=condition(LONG)), "all.yaml:8"),
    "a pattern that backtracks": (lambda f: write(f, rules=condition("country.matches('(a+)+$') && 1")), "all.yaml:8"),
    "no as a boolean": (lambda f: write(f, PACK.replace("status: draft", "no: no").encode()), "pack.yaml:"),
    "a repeated key": (lambda f: write(f, PACK.encode() + b"title: {en: T, ja: T}\n"), "pack.yaml:"),
}


@pytest.mark.parametrize("name", HEAVY)
def test_it_is_refused_in_one_line_within_two_seconds_and_500_megabytes(name: str, tmp_path: Path) -> None:
    make, place = HEAVY[name]
    folder = make(tmp_path / "pack")
    done = subprocess.run([sys.executable, "-c", LIMITED, folder], capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.returncode, done.stderr[-500:])
    assert done.stdout.count("\n") == 1, done.stdout[:500]
    assert place in done.stdout
    assert len(done.stdout) < 1000


def test_triage_of_many_rules_is_bounded_as_well(tmp_path: Path) -> None:
    folder = write(tmp_path / "pack")
    (folder / "triage.yaml").write_bytes(b"tiers: [" + b"{id: a}," * 300_000 + b"]")
    source = LIMITED.replace("load_pack(Path(sys.argv[1]))", "load_triage(Path(sys.argv[1]))").replace(
        "import yaml,", "from hakari.packs.triage import load_triage\nimport yaml,"
    )
    done = subprocess.run([sys.executable, "-c", source, folder], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.count("\n")) == (0, 1), done.stderr[-500:]
    assert "200,000" in done.stdout
