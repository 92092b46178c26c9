"""What equal counts come to is worked out once for all tests of a worker."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hakari.assessment.rules import checks, prepared
from hakari.statistics import firing_levels, rows_needed

Known = dict[tuple[str, bytes], Any]


@pytest.fixture(scope="session", autouse=True)
def known_results() -> Iterator[Known]:
    """Keep the two results of counts that take an assessment most of its time; a test that wants them anew clears it.

    Both are functions of their arguments alone, the state of the generator among them, and have tests of their own in
    `statistics`; hundreds of tests assess the same few hundred rows.
    """
    known: Known = {}

    def remembered(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def answer(*given: Any, **more: Any) -> Any:
            asked = name, pickle.dumps((given, more))
            if asked not in known:
                known[asked] = work(*given, **more)
            return known[asked]

        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checks, "rows_needed", remembered("rows needed", rows_needed))
        patch.setattr(prepared, "firing_levels", remembered("firing levels", firing_levels))
        yield known
