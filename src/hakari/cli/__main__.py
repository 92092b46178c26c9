"""`python -m hakari.cli`, for where the script is not on the path."""

from __future__ import annotations

from hakari.cli._root import main

main(prog_name="hakari")
