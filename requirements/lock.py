"""Write `constraints.txt`: the exact version of every package that Hakari and its extras bring, as pip resolves them.

pip is asked what it *would* install into an empty environment; nothing is installed. The closure of torch is left out
on purpose: it differs between the CPU build and the others, so only torch itself is pinned.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "requirements" / "constraints.txt"
TORCH = "torch==2.13.0"
HEAD = f"""\
# The versions that are tested together; made by `make lock`, used by every installation of the Makefile.
# torch: use the CPU build. Where pip would bring a build for graphics cards, name the CPU index yourself.
{TORCH}
"""


def name_of(requirement: str) -> str:
    """Return the normalised project name of a requirement line."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    return re.sub(r"[-_.]+", "-", found.group() if found else requirement).lower()


def wanted() -> list[str]:
    """Return every requirement of the project and its extras, torch and the project itself left out."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    return sorted({line for line in lines if name_of(line) not in {"hakari", "torch"}})


def resolved(requirements: list[str], *, keep: Path | None) -> list[str]:
    """Return `name==version` of everything that pip would install."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed", "--report", "-"]
    if keep is not None:
        command += ["--constraint", str(keep)]
    report = json.loads(subprocess.run([*command, *requirements], check=True, capture_output=True, text=True).stdout)
    found = {name_of(item["metadata"]["name"]): item["metadata"]["version"] for item in report["install"]}
    return [f"{name}=={version}" for name, version in sorted(found.items())]


def main() -> None:
    """Resolve again; with `--keep` only what is new gets a version."""
    keep = TARGET if "--keep" in sys.argv[1:] and TARGET.exists() else None
    lines = resolved(wanted(), keep=keep)
    TARGET.write_text(HEAD + "\n".join(lines) + "\n", "utf-8")
    print(f"{TARGET.relative_to(ROOT)}: {len(lines) + 1} packages")


if __name__ == "__main__":
    main()
