"""No path of acts reaches a forbidden state: docket, ballots and conditions, driven at random by random people."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.pages.committee.deliberating import Deliberating

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
QUICK = settings(max_examples=4, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck))


def test_no_path_reaches_a_forbidden_state() -> None:
    run_state_machine_as_test(Deliberating, settings=QUICK)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_no_long_path_reaches_a_forbidden_state() -> None:
    run_state_machine_as_test(Deliberating, settings=settings(QUICK, max_examples=60, stateful_step_count=50))
