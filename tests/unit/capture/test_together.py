"""Several threads and processes write one store at once."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from hakari.capture import Recorder, read_lines, verify_store
from tests.unit.capture.stores import SALT


def ids(store: Path) -> list[str]:
    return sorted(str(line.fields["id"]) for line in read_lines(store) if line.fields and "id" in line.fields)


def test_threads_share_one_chain(tmp_path: Path) -> None:
    with Recorder(tmp_path / "store", model="1", salt=SALT) as recorder:

        def work(name: int) -> None:
            for number in range(50):
                recorder.record(f"{name}-{number}", inputs={"n": number})

        threads = [threading.Thread(target=work, args=(name,)) for name in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    check = verify_store(tmp_path / "store")
    assert (check.faults, len(check.chains), check.decisions) == ((), 1, 200)
    assert ids(tmp_path / "store") == sorted(f"{name}-{number}" for name in range(4) for number in range(50))


def test_processes_write_chains_of_their_own(tmp_path: Path) -> None:
    program = textwrap.dedent("""
        import sys
        from hakari.capture import Recorder
        with Recorder(sys.argv[1], model="1") as recorder:
            for number in range(100):
                recorder.record(f"{sys.argv[2]}-{number}", inputs={"n": number})
    """)
    running = [subprocess.Popen([sys.executable, "-c", program, tmp_path / "store", str(name)]) for name in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]
    check = verify_store(tmp_path / "store")
    assert (check.faults, len(check.chains), check.decisions) == ((), 3, 300)
    assert len(list(tmp_path.glob("*.salt"))) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_process_starts_a_chain_of_its_own(tmp_path: Path) -> None:
    program = textwrap.dedent("""
        import os, sys
        from hakari.capture import Recorder
        recorder = Recorder(sys.argv[1], model="1")
        recorder.record("before", inputs={})
        child = os.fork()
        for number in range(20):
            recorder.record(f"{'child' if child == 0 else 'parent'}-{number}", inputs={})
        recorder.close()
        if child:
            assert os.waitpid(child, 0)[1] == 0
    """)
    subprocess.run([sys.executable, "-c", program, tmp_path / "store"], check=True)
    check = verify_store(tmp_path / "store")
    assert (check.faults, len(check.chains), check.decisions) == ((), 2, 41)


def test_a_killed_process_leaves_what_it_recorded(tmp_path: Path) -> None:
    program = textwrap.dedent("""
        import os, sys
        from hakari.capture import Recorder
        recorder = Recorder(sys.argv[1], model="1")
        recorder.record("A", inputs={})
        os._exit(9)
    """)
    subprocess.run([sys.executable, "-c", program, tmp_path / "store"], check=False)
    check = verify_store(tmp_path / "store")
    assert (check.faults, check.decisions, check.chains[0].closed) == ((), 1, False)


def test_recording_loads_the_standard_library_and_nothing_else(tmp_path: Path) -> None:
    """A serving program pays for what it uses, and nothing here needs more."""
    program = textwrap.dedent("""
        import sys
        before = set(sys.modules)
        from hakari.capture import Recorder, wrap
        with Recorder(sys.argv[1], model="1") as recorder:
            wrap(recorder, ids="id")(lambda rows: [0.5])([{"id": "A", "x": 1.5}])
            assert recorder.recorded == 1
        loaded = {name.split(".")[0] for name in set(sys.modules) - before}
        print(*sorted(loaded - set(sys.stdlib_module_names) - {"hakari"}))
    """)
    run = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "store"], capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == []
