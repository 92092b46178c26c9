from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hakari.errors import PackError
from hakari.packs import Pack, load_pack, overlay, pack_files, read_pack
from tests.unit.packs.example import FILES, changed

HEAD = """\
overlay: urn:unit:pack:lending-japan
of: lending@1.2.0
version: 1.0.0
authority: company
"""
SAID = "set_by: {en: Unit, ja: 部門}, why: {en: Stricter, ja: 厳しく}"
SAMPLE = read_pack(FILES, name="lending")
LAW = read_pack(changed("pack.yaml", "authority: sample", "authority: law"), name="law")
COMPANY = read_pack(changed("pack.yaml", "authority: sample", "authority: company"), name="company")


def lay(base: Pack, body: str, head: str = HEAD) -> Pack:
    return overlay(base, {"overlay.yaml": (head + body).encode()}, name="unit")


def on_check(values: str) -> str:
    return f"changes:\n  - {{requirement: rates, check: rate-gap, {values}}}\n"


def test_an_overlay_tightens_a_law() -> None:
    pack = lay(LAW, on_check(f"threshold: 0.05, margin: 0.02, confidence: 0.99, severity: critical, {SAID}"))
    check = pack.requirements[0].checks[0]
    assert (check.threshold, check.margin, check.confidence, check.severity) == (0.05, 0.02, 0.99, "critical")
    assert check.set_by == {"en": "Unit", "ja": "部門"}
    assert (pack.reference, pack.authority) == ("lending-japan@1.0.0", "law")
    assert pack.requirements[1] == LAW.requirements[1]


@pytest.mark.parametrize("base", [LAW, COMPANY], ids=["law", "company"])
@pytest.mark.parametrize(
    ("values", "before", "after"),
    [
        ("threshold: 0.2", "0.1", "0.2"),
        ("margin: 0.06", "0.05", "0.06"),
        ("confidence: 0.9", "0.95", "0.9"),
        ("severity: minor", "major", "minor"),
        ("max_age_days: 365", "180", "365"),
        ("least_assurance: self", "pipeline", "self"),
        ("rule: any", "all", "any"),
        ("min_rows: 100", "30", "100"),
        ("coverage_min: 0.5", "0.95", "0.5"),
        ("reference: sex=male", "(none)", "sex=male"),
    ],
)
def test_loosening_is_refused_with_line_requirement_and_both_values(
    base: Pack, values: str, before: str, after: str
) -> None:
    with pytest.raises(PackError) as caught:
        lay(base, on_check(f"{values}, {SAID}"))
    message = str(caught.value)
    assert message.startswith("unit/overlay.yaml:6: rates/rate-gap: ")
    assert f"from {before} to {after}" in message


def test_a_lower_line_is_looser_where_the_operator_looks_from_below() -> None:
    check = replace(LAW.requirements[0].checks[0], operator=">=", aggregation="ratio", threshold=0.8)
    base = replace(LAW, requirements=(replace(LAW.requirements[0], checks=(check,)),), digest="0" * 64)
    assert lay(base, on_check(f"threshold: 0.9, {SAID}")).requirements[0].checks[0].threshold == 0.9
    with pytest.raises(PackError, match=r"from 0\.8 to 0\.7"):
        lay(base, on_check(f"threshold: 0.7, {SAID}"))


def test_a_law_keeps_its_requirements() -> None:
    with pytest.raises(PackError, match=r"overlay\.yaml:5: .*watch"):
        lay(LAW, "remove: [watch]\n")


def test_a_sample_may_be_replaced_freely_and_takes_the_authority_of_the_overlay() -> None:
    pack = lay(SAMPLE, f"remove: [watch]\n{on_check(f'threshold: 0.3, {SAID}')}")
    assert [requirement.slug for requirement in pack.requirements] == ["rates"]
    assert pack.requirements[0].checks[0].threshold == 0.3
    assert pack.authority == "company"


def test_an_overlay_over_an_overlay_may_only_tighten_again() -> None:
    first = lay(SAMPLE, on_check(f"threshold: 0.3, {SAID}"))
    head = HEAD.replace("lending@1.2.0", "lending-japan@1.0.0").replace("lending-japan\n", "lending-tokyo\n")
    assert lay(first, on_check(f"threshold: 0.2, {SAID}"), head).requirements[0].checks[0].threshold == 0.2
    with pytest.raises(PackError, match=r"from 0\.3 to 0\.4"):
        lay(first, on_check(f"threshold: 0.4, {SAID}"), head)


def test_a_requirement_can_be_added_to_a_law() -> None:
    body = """\
add:
  - urn: urn:unit:requirement:log
    version: 1
    group: care
    title: {en: Logged, ja: 記録}
    text: {en: Results are logged, ja: 結果を記録する}
    stages: [operate]
"""
    assert [requirement.slug for requirement in lay(LAW, body).requirements] == ["rates", "watch", "log"]


def test_severity_of_a_requirement_changes_without_naming_a_check() -> None:
    pack = lay(LAW, "changes:\n  - {requirement: rates, severity: critical, max_age_days: 90}\n")
    assert (pack.requirements[0].severity, pack.requirements[0].evidence.max_age_days) == ("critical", 90)
    assert pack.requirements[0].checks == LAW.requirements[0].checks


@pytest.mark.parametrize(
    ("body", "line", "says"),
    [
        (on_check("threshold: 0.05"), 6, "set_by, why"),
        ("changes:\n  - {requirement: rate, severity: critical}\n", 6, "rates"),
        ("changes:\n  - {requirement: rates, check: gap, severity: critical}\n", 6, "rate-gap"),
        ("changes:\n  - {requirement: rates}\n", 6, "rates"),
        (f"changes:\n  - {{requirement: rates, threshold: 0.05, {SAID}}}\n", 6, "check"),
        (
            on_check("severity: critical") + "  - {requirement: rates, check: rate-gap, severity: critical}\n",
            7,
            "twice",
        ),
        (on_check("tresholds: 0.05"), 6, "threshold"),
        (on_check(f"confidence: 1.5, {SAID}"), 6, "1.5"),
        (on_check("why: {en: Because}"), 6, "ja"),
        ("remove: [wach]\n", 5, "watch"),
        ("changes: &a []\n", 5, "&a"),
    ],
)
def test_a_malformed_overlay_is_refused_with_file_and_line(body: str, line: int, says: str) -> None:
    with pytest.raises(PackError) as caught:
        lay(LAW, body)
    assert str(caught.value).startswith(f"unit/overlay.yaml:{line}: ")
    assert says in str(caught.value)


def test_an_overlay_for_another_version_is_refused() -> None:
    with pytest.raises(PackError, match=r"overlay\.yaml:2: .*lending@9\.0\.0.*lending@1\.2\.0"):
        lay(LAW, "", HEAD.replace("1.2.0", "9.0.0"))


def test_the_digest_covers_the_base_and_the_overlay() -> None:
    body = on_check(f"threshold: 0.05, {SAID}")
    assert lay(LAW, body).digest == lay(LAW, body).digest
    assert len({LAW.digest, lay(LAW, body).digest, lay(COMPANY, body).digest, lay(LAW, body + "\n").digest}) == 4


def test_a_folder_with_an_overlay_loads_over_the_shipped_pack_and_travels_in_a_bundle(tmp_path: Path) -> None:
    shipped = load_pack("ai-ethics-core")
    slug = shipped.requirements[0].slug
    text = f"""\
overlay: urn:unit:pack:ours
of: {shipped.reference}
version: 1.0.0
authority: company
changes:
  - {{requirement: {slug}, severity: critical}}
"""
    (tmp_path / "overlay.yaml").write_text(text, encoding="utf-8")
    pack = load_pack(tmp_path)
    assert (pack.reference, pack.requirements[0].severity) == ("ours@1.0.0", "critical")
    assert read_pack(pack_files(tmp_path), name="from a bundle") == pack
    assert overlay(shipped, tmp_path) == overlay(shipped, tmp_path / "overlay.yaml") == pack


def test_a_missing_overlay_is_named(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"overlay\.yaml"):
        overlay(SAMPLE, tmp_path)
