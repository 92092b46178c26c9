"""Several packs at once: what is asked once, what it costs, and which way the mappings lead."""

from __future__ import annotations

import pytest

from hakari.messages import render
from hakari.packs import Pack, Requirement, read_pack
from hakari.packs.overview import (
    asking_at,
    conflicts,
    count_budget,
    coverage,
    links_of,
    questions_asked,
    served_by,
    unknown_targets,
)
from tests.unit.packs.example import FILES, PACK

FACTS = {"decides": True, "domain": "lending"}
LENDING = read_pack(FILES, name="lending")

CHECK = """
    checks:
      - id: gap
        measure: fairness.groups@1
        metric: selection_rate
        aggregation: difference
        slice: each_sensitive
        operator: "<="
        threshold: {line}
        margin: 0.05
        parameters: {{columns: [sex, age], bins: 4, share: 0.5, quoted: "4", exact: true}}
        set_by: {{en: The law, ja: 法}}
        why: {{en: Noticeable, ja: 気付く}}
        source: {{en: None, ja: なし}}
"""


def norm(*requirements: str) -> Pack:
    """A pack whose requirements are given by name and the rest of their YAML."""
    head = PACK.replace("urn:test:pack:lending", "urn:test:pack:norm").replace("1.2.0", "1.0.0")
    text = "requirements:\n"
    for each in requirements or ("rates-too\n",):
        name, _, rest = each.partition("\n")
        text += (
            f"  - urn: urn:test:requirement:norm:{name}\n    version: 1\n    group: care\n"
            f"    title: {{en: N, ja: 規}}\n    text: {{en: N, ja: 規}}\n{rest}"
        )
    return read_pack({"pack.yaml": head.encode(), "requirements/all.yaml": text.encode()}, name="norm")


def rests_on(slug: str, relation: str = "equal", stages: str = "[release]", more: str = "") -> str:
    return (
        f"duty-{slug}\n    stages: {stages}\n{more}    mappings:\n"
        f'      - {{to: "lending@1.2.0:{slug}", relation: {relation}, rationale: {{en: same, ja: 同}}}}\n'
    )


def by_slug(pack: Pack, slug: str) -> Requirement:
    return next(item for item in pack.requirements if item.slug == slug)


def test_a_question_is_asked_once_however_many_packs_rest_on_it() -> None:
    packs = [LENDING, norm(rests_on("rates"), rests_on("watch", stages="[operate]"))]
    found = questions_asked(packs, FACTS)
    names = [(item.requirement.slug, item.question.id) for item in found]
    assert names == [("rates", "heard"), ("rates", "whom"), ("rates", "count"), ("watch", "who")]
    assert [item.certain for item in found] == [True, False, True, True]
    assert {item.stage for item in found} == {"release", "operate"}


def test_a_requirement_brings_the_questions_on_which_it_rests_to_its_own_stage() -> None:
    packs = [LENDING, norm(rests_on("watch", stages="[plan]"))]
    assert [item.slug for _, item in asking_at(packs, "plan", FACTS)] == ["duty-watch", "watch"]
    assert [item.slug for _, item in asking_at([LENDING], "plan", FACTS)] == []
    first = {item.question.id: item.stage for item in questions_asked(packs, FACTS)}
    assert first["who"] == "plan"
    related = [LENDING, norm(rests_on("watch", "intersects", "[plan]"))]
    assert [item.slug for _, item in asking_at(related, "plan", FACTS)] == ["duty-watch"]


def test_what_does_not_apply_or_is_not_in_force_is_not_asked() -> None:
    assert "heard" not in {item.question.id for item in questions_asked([LENDING], {"decides": False})}
    packs = [LENDING, norm(rests_on("watch", stages="[plan]", more='    effective: {from: "2027-01-01"}\n'))]
    assert [item.slug for _, item in asking_at(packs, "plan", FACTS, "2026-12-31")] == []
    assert [item.slug for _, item in asking_at(packs, "plan", FACTS, "2027-01-01")] == ["duty-watch", "watch"]


def test_what_the_company_answers_once_costs_a_use_case_nothing() -> None:
    body = (
        "policy\n    stages: [plan]\n    scope: organisation\n    questions:\n"
        "      - {id: written, type: yes_no, text: {en: W, ja: 書}, effects: {yes: meets, no: fails}}\n"
    )
    assert questions_asked([norm(body)], {}) == ()


def many(count: int, roles: str = "[owner]") -> str:
    lines = "".join(f"      - {{id: q{n}, type: text, minutes: 3, text: {{en: Q, ja: 問}}}}\n" for n in range(count))
    return f"much\n    stages: [plan]\n    roles: {roles}\n    questions:\n{lines}"


@pytest.mark.parametrize(
    ("count", "tier", "broken"),
    [
        (12, "low", []), (13, "low", ["total"]), (20, "middle", []), (21, "middle", ["role"]),
        (26, "middle", ["total", "role"]), (60, "high", ["role"]), (61, "high", ["total", "role"]),
    ],
)  # fmt: skip
def test_the_budget_is_kept_or_its_break_is_told(count: int, tier: str, broken: list[str]) -> None:
    found = count_budget([norm(many(count))], {}, tier=tier)
    assert (len(found.questions), found.minutes, dict(found.by_role)) == (count, 3 * count, {("plan", "owner"): count})
    assert [problem.key.rsplit(".", 1)[-1] for problem in found.problems] == broken
    assert all(str(count) in render(problem, "ja") for problem in found.problems)


def test_the_tier_is_a_fact_for_the_conditions() -> None:
    head = PACK.replace(
        "facts:\n",
        "facts:\n  - id: tier\n    type: choice\n    title: {en: T, ja: 区}\n"
        "    choices: [{id: low, title: {en: L, ja: 低}}, {id: high, title: {en: H, ja: 高}}]\n",
    )
    rules = FILES["requirements/all.yaml"].decode().replace("decides && domain == 'lending'", "tier == 'high'")
    pack = read_pack({"pack.yaml": head.encode(), "requirements/all.yaml": rules.encode()}, name="lending")
    assert [len(count_budget([pack], {}, tier=tier).questions) for tier in ("low", "high")] == [1, 4]


def test_links_lead_both_ways() -> None:
    pack = norm(rests_on("rates", "subset"))
    there = links_of([LENDING, pack], by_slug(pack, "duty-rates"))
    back = links_of([LENDING, pack], by_slug(LENDING, "rates"))
    assert [(link.direction, link.requirement.slug, link.mapping.relation) for link in there] == [
        ("to", "rates", "subset")
    ]
    assert [(link.direction, link.requirement.slug) for link in back] == [("from", "duty-rates")]
    assert links_of([pack], by_slug(pack, "duty-rates")) == ()


def test_from_a_measure_to_every_requirement_that_it_serves() -> None:
    pack = norm(rests_on("rates"), rests_on("watch"))
    served = served_by([LENDING, pack], "fairness.groups")
    assert [(item.requirement.slug, item.via and item.via.slug) for item in served] == [
        ("rates", None),
        ("duty-rates", "rates"),
    ]
    assert served == served_by([LENDING, pack], "fairness.groups@1")
    assert served_by([LENDING, norm(rests_on("rates", "supports"))], "fairness.groups")[1:] == ()
    assert served_by([LENDING, pack], "fairness.groups@2") == ()


def test_two_lines_through_the_same_figure_are_a_conflict() -> None:
    def own(line: float) -> Pack:
        return norm("line\n    stages: [release]" + CHECK.format(line=line))

    assert conflicts([LENDING, own(0.1)]) == ()
    (found,) = conflicts([LENDING, own(0.2)])
    assert (found.first.requirement.slug, found.second.requirement.slug) == ("rates", "line")
    assert (found.first.check.threshold, found.second.check.threshold) == (0.1, 0.2)


def test_coverage_says_what_answers_each_requirement() -> None:
    planned = "later\n    stages: [release]" + CHECK.format(line=0.1).replace("margin: 0.05", "planned: true")
    pack = norm(
        rests_on("rates"), rests_on("watch"), planned, "nothing\n    stages: [plan]\n", many(1),
        "measured\n    stages: [release]" + CHECK.format(line=0.1), rests_on("absent"),
    )  # fmt: skip
    assert {item.slug: way for item, way in coverage([LENDING, pack], pack)} == {
        "duty-rates": "mapped_measured", "duty-watch": "mapped", "later": "planned", "nothing": "nothing",
        "much": "asked", "measured": "measured", "duty-absent": "nothing",
    }  # fmt: skip


def test_a_mapping_to_a_requirement_that_is_not_there_is_found() -> None:
    pack = norm(rests_on("absent"), rests_on("rates"))
    assert [mapping.to for _, mapping in unknown_targets([LENDING, pack])] == ["lending@1.2.0:absent"]
    # Of a pack that is not at hand nothing is known.
    assert unknown_targets([pack]) == ()
