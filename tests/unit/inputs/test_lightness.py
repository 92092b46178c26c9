"""The floor costs nothing to import, and files are counted with the core packages alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from hakari.errors import InputError
from hakari.inputs.optional import need

HEAVY = "('numpy', 'scipy', 'pandas', 'polars', 'pyarrow', 'duckdb', 'narwhals', 'onnxruntime', 'sklearn', 'skops')"


def run(program: str, *arguments: str) -> str:
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


def test_importing_the_floor_imports_no_heavy_package() -> None:
    assert run(f"import sys, hakari.inputs; print([name for name in {HEAVY} if name in sys.modules])") == "[]"


def test_a_file_is_counted_without_any_frame_library(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes("性別,y,p,s\n男,1,1,0.5\n女,0,1,0.25\n".encode("cp932"))
    program = """
import sys
for name in ("pandas", "polars", "pyarrow", "narwhals"):
    sys.modules[name] = None
import numpy as np
from hakari.inputs import Columns, Inputs, describe_columns, open_data
data = open_data("t.csv", role="x", base=__import__("pathlib").Path(sys.argv[1]))
wider = data.extended({"more": np.array([1, 2]), "word": np.array(["a", None], dtype=object)})
assert len(describe_columns(wider)) == 6 and wider.overlap(data, ["y"]) == 2 and data.duplicate_rows() == 0
print(Inputs(wider, None, Columns(label="y", prediction="p", score="s")).tally(["word"], score=True).to_rows())
"""
    assert run(program, str(tmp_path)) == "[['a', 1, 1, 0.5, 1], ['missing', 0, 1, 0.25, 1]]"


def test_a_package_that_is_not_installed_is_one_line_with_the_command() -> None:
    with pytest.raises(InputError, match=r'pip install "hakari\[data\]"'):
        need("no_such_package", package="no-such-package", extra="data", what="“t.xlsx”")
