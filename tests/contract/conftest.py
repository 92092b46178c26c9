"""The demo, run once for all contract tests of a session, whoever of the parallel workers comes first."""

from __future__ import annotations

import fcntl
import json
import shutil
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hakari.assessment.rules import checks, prepared
from hakari.evidence import SigningKey, load_key

NOW = "2026-11-22T09:00:00+00:00"


@dataclass(frozen=True)
class Demo:
    """A demo that was run; tests read it and copy what they change."""

    folder: Path
    bundle: Path
    verified: bool
    """What the demo's own verification said, all three levels taken together."""

    @cached_property
    def content(self) -> bytes:
        """The bytes of the bundle."""
        return self.bundle.read_bytes()

    @cached_property
    def key(self) -> SigningKey:
        """The key that signed everything."""
        return load_key(self.folder / ".hakari" / "demo-key.pem")

    def copy(self, folder: Path, *, measured: bool = False) -> Path:
        """Copy the trained repository to `folder`, without what was measured and written unless `measured`."""
        left_out = shutil.ignore_patterns("case", *([] if measured else ["evidence", "looks.json", "keys.json"]))
        shutil.copytree(self.folder, folder, ignore=left_out)
        return folder


def fixed_key(seed: int) -> SigningKey:
    """Return the key made from `seed`, the same in each session."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return SigningKey(Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32))


def write_key(key: SigningKey, path: Path) -> None:
    """Write `key` as the owner-only file that a person would have."""
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(key._private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    path.chmod(0o600)


def _run(folder: Path) -> dict[str, Any]:
    from hakari.workflows.demo import run_demo
    from hakari.workflows.settings import Clock

    with as_file(files("hakari.examples").joinpath("mortgage")) as source:
        shutil.copytree(source, folder, ignore=shutil.ignore_patterns("__pycache__", "__init__.py"))
    write_key(fixed_key(7), folder / ".hakari" / "demo-key.pem")
    run = run_demo(folder, clock=Clock(NOW))
    return {"bundle": str(run.run.bundle), "verified": run.verification.ok}


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Demo:
    """Run training, plan, assessment and verification once, with a fixed clock and a fixed key."""
    base = tmp_path_factory.getbasetemp()
    shared = (base if worker_id == "master" else base.parent) / "shared-demo"
    shared.mkdir(exist_ok=True)
    folder, done = shared / "project", shared / "done.json"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.is_file():
            shutil.rmtree(folder, ignore_errors=True)
            with pytest.MonkeyPatch.context() as patch:
                patch.delenv("CI", raising=False)  # the producer of the records would otherwise be the pipeline
                done.write_text(json.dumps(_run(folder)), encoding="utf-8")
        found = json.loads(done.read_text(encoding="utf-8"))
    return Demo(folder=folder, bundle=Path(found["bundle"]), verified=found["verified"])


@pytest.fixture(scope="session")
def _remembered() -> dict[Any, Any]:
    return {}


@pytest.fixture
def quick_engine(monkeypatch: pytest.MonkeyPatch, _remembered: dict[Any, Any]) -> None:
    """Let the engine compute each bootstrap, noise floor and number of rows once per worker.

    They are pure functions of their arguments and of a stream whose state is part of the key, so no answer changes;
    without this, hundreds of verifications would each take the time of one.
    """
    for module, name in ((prepared, "smooth_limits"), (checks, "noise_floor"), (checks, "rows_needed")):
        function = getattr(module, name)
        monkeypatch.setattr(module, name, _Remembering(name, function, _remembered))


@dataclass(frozen=True)
class _Remembering:
    name: str
    function: Any
    known: dict[Any, Any]

    def __call__(self, *values: Any, rng: np.random.Generator, **options: Any) -> Any:
        plain = [value.tobytes() if isinstance(value, np.ndarray) else repr(value) for value in values]
        key = (self.name, *plain, repr(sorted(options.items())), repr(rng.bit_generator.state))
        if key not in self.known:
            self.known[key] = self.function(*values, rng=rng, **options)
        return self.known[key]
