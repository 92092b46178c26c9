"""One small good pack as text, which the tests break in one place at a time."""

from __future__ import annotations

PACK = """\
urn: urn:test:pack:lending
version: 1.2.0
status: draft
authority: sample
languages: [en, ja]
title: {en: Lending, ja: 融資}
summary: {en: Rules for lending, ja: 融資の規則}
sources:
  - id: handbook
    title: {en: Handbook, ja: 手引き}
    date: "2024-05"
effective: {from: "2025-01-01", until: "2030-12-31"}
facts:
  - {id: decides, type: boolean, title: {en: Decides, ja: 判断する}}
  - {id: people, type: number, title: {en: People, ja: 人数}}
  - id: domain
    type: choice
    title: {en: Field, ja: 分野}
    choices:
      - {id: lending, title: {en: Lending, ja: 融資}}
      - {id: hiring, title: {en: Hiring, ja: 採用}}
  - {id: launch, type: date, title: {en: Launch, ja: 開始日}}
  - {id: country, type: text, title: {en: Country, ja: 国}}
groups:
  - {id: fairness, title: {en: Fairness, ja: 公平}, summary: {en: Alike, ja: 等しく}}
  - {id: care, title: {en: Care, ja: 配慮}, summary: {en: Careful, ja: 慎重に}}
"""

REQUIREMENTS = """\
requirements:
  - urn: urn:test:requirement:lending:rates
    version: 3
    group: fairness
    title: {en: Rates are close, ja: 率が近い}
    text: {en: Rates differ little, ja: 率の差が小さい}
    stages: [release, operate]
    applies_when: "decides && domain == 'lending'"
    severity: major
    sources:
      - {id: handbook, section: {en: Part 2, ja: 第2部}}
    evidence: {max_age_days: 180, least_assurance: pipeline, rule: all}
    questions:
      - id: heard
        type: yes_no
        text: {en: Were people heard?, ja: 意見を聴きましたか。}
        effects: {yes: meets, no: fails}
      - id: whom
        type: single
        when: "answers.heard == 'yes'"
        text: {en: Whom?, ja: 誰ですか。}
        choices:
          - {id: experts, text: {en: Experts, ja: 専門家}, effect: neutral, score: 1}
          - {id: affected, text: {en: Those affected, ja: 当事者}, effect: meets, score: 2.5}
      - id: count
        type: number
        text: {en: How many?, ja: 何人ですか。}
        accept: {minimum: 5, maximum: 100}
    checks:
      - id: rate-gap
        measure: fairness.groups@1
        metric: selection_rate
        aggregation: difference
        slice: each_sensitive
        operator: "<="
        threshold: 0.10
        margin: 0.05
        confidence: 0.95
        min_rows: 30
        parameters: {columns: [sex, age], bins: 4, share: 0.5, quoted: "4", exact: true}
        set_by: {en: The office, ja: 倫理室}
        why: {en: Noticeable, ja: 気付く大きさ}
        source: {en: None known, ja: なし}
        alternatives:
          - {en: The ratio, ja: 比}
    mappings:
      - {to: "iso-42001@1.0.0:A.5.2", relation: supports, rationale: {en: Alike, ja: 同趣旨}}
  - urn: urn:test:requirement:lending:watch
    version: 1
    group: care
    title: {en: Watched, ja: 見守り}
    text: {en: Someone watches, ja: 誰かがモニタリングする}
    stages: [operate]
    questions:
      - {id: who, type: text, min_length: 10, text: {en: Who?, ja: 誰が。}}
"""

FILES = {"pack.yaml": PACK.encode(), "requirements/all.yaml": REQUIREMENTS.encode()}


def changed(file: str, old: str, new: str) -> dict[str, bytes]:
    """Return the good pack with one passage of one file replaced."""
    text = FILES[file].decode()
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    return {**FILES, file: text.replace(old, new).encode()}
