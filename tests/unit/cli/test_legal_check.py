"""A pack that names figures of `fairness.legal`: assessed and verified from end to end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hakari.measures import BUILT_IN
from tests.unit.cli.small import edit, run
from tests.unit.statistics.contingency.test_exact import scipys

pytestmark = pytest.mark.skipif("fairness.legal" not in BUILT_IN, reason="fairness.legal is not registered")


def with_check(project: Path, metric: str, operator: str, threshold: float) -> Path:
    """Put a figure of the legal tests in the place of the small pack's check."""
    file = project / "pack" / "requirements" / "fair.yaml"
    edit(file, "measure: fairness.groups@1", "measure: fairness.legal@1")
    edit(file, "metric: selection_rate", f"metric: {metric}")
    edit(file, "aggregation: difference\n        slice: each_sensitive", "aggregation: overall\n        slice: overall")
    edit(
        file,
        'operator: "<="\n        threshold: 0.1\n        margin: 0.05',
        f'operator: "{operator}"\n        threshold: {threshold}',
    )
    return project


def checked(project: Path) -> dict[str, Any]:
    result = run("-C", project, "assess", "--json")
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    text = json.dumps(document)
    assert "gap/rate-gap" in text
    (found,) = [each for each in _walk(document) if each.get("check") == "gap/rate-gap" and "status" in each]
    return found


def _walk(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        return [value, *(each for item in value.values() for each in _walk(item))]
    return [each for item in value for each in _walk(item)] if isinstance(value, list) else []


def test_four_fifths_is_a_line_on_a_figure(project: Path) -> None:
    """48 % against 60 %: the ratio is exactly .8, and the line is reached."""
    assert checked(with_check(project, "impact_ratio_min", ">=", 0.8))["status"] == "met"


def test_a_test_that_chance_does_not_explain_is_not_met(project: Path) -> None:
    """120 of 200 and 96 of 200 selected; one comparison, so the adjusted p-value is the plain one."""
    p = scipys([[120, 80], [96, 104]])
    assert p < 0.05
    found = checked(with_check(project, "fisher_p_min", ">=", 0.05))
    assert found["status"] == "not_met"
    assert found["value"] == pytest.approx(p)


def test_the_verifiers_read_the_same_figure(project: Path) -> None:
    with_check(project, "standard_deviations_max", "<=", 2.0)
    assert checked(project)["status"] == "not_met"
    (bundle,) = project.rglob("*.zip")
    result = run("verify", bundle)
    assert "0 differences" in " ".join(result.output.split())
