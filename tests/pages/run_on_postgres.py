"""Run the tests that must hold on both databases on PostgreSQL: `python tests/pages/run_on_postgres.py [options]`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.pages.postgres import cluster

SHARED = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
"""The matrix of permissions takes minutes, once for each worker that is given a test of it: so a file to a worker."""


def main(options: list[str]) -> int:
    """Start a cluster, run the marked tests on it, and stop it."""
    with cluster() as address:
        command = [sys.executable, "-m", "pytest", "-m", "postgres", *(options or SHARED), "tests/pages"]
        done = subprocess.run(command, env={**os.environ, "OFFICE_TEST_DATABASE": address}, check=False)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
