"""Write one page for each shipped pack in each language, and their indexes. A test holds the pages equal to the packs.

python docs/make_packs.py            writes docs/packs/*.md in English and docs/packs/ja/*.md in Japanese
python docs/make_packs.py --check    prints what is out of date and exits with 1

A page holds every text of its pack that a person reads. Both languages come from the same functions; words that the
product has as well come from its message catalogue, the rest stands in `WORDS`.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path

from hakari.messages import Language, catalogue, render, say
from hakari.packs import list_packs
from hakari.packs.model import Check, Choice, FactDeclaration, Mapping_, Pack, Question, Requirement, Source
from hakari.packs.overview import coverage

FOLDER = Path(__file__).parent / "packs"
COMMAND = "python docs/make_packs.py"
LANGUAGES: tuple[Language, ...] = ("en", "ja")
SUBFOLDERS: dict[Language, str] = {"en": "", "ja": "ja/"}
WORDS: dict[str, dict[Language, str]] = {
    "index": {"en": "The packs in the box", "ja": "付属のパック"},
    "made": {
        "en": "Made from the packs themselves by `{command}`. [Policy packs]({guide}) says what a pack is.",
        "ja": "各パックから `{command}` で作成。パックの仕組みは[ポリシーパック（英語）]({guide})を参照してください。",
    },
    "columns": {
        "en": "| pack | 名称 | authority | requirements | measured | asked | by answers elsewhere | planned or open |",
        "ja": "| パック | 英語名 | 位置付け | 要求事項 | 測定 | 質問 | 他の要求事項で回答 | 予定・なし |",
    },
    "other": {"en": "[日本語]({page})", "ja": "[English]({page})"},
    "unverified": {"en": "Not verified", "ja": "原文と照合していません"},
    "follows": {"en": "Follows, in our own words:", "ja": "参考にした文書（文言は独自のものです）："},
    "facts": {"en": "Facts about a use case that it depends on", "ja": "判断に用いる利用案件の事実"},
    "answered": {"en": "answered by {way}", "ja": "回答方法：{way}"},
    "roles": {"en": "asked of {roles}", "ja": "担当：{roles}"},
    "once": {"en": "once for the company", "ja": "会社として一度だけ"},
    "applies": {"en": "Applies when `{rule}`.", "ja": "適用条件：`{rule}`"},
    "source": {"en": "Source: {source}.", "ja": "参考：{source}"},
    "question": {"en": "**Question:** {text}", "ja": "**質問** {text}"},
    "when": {"en": "Asked when `{rule}`.", "ja": "質問する条件：`{rule}`"},
    "good": {"en": "An answer that helps: {text}", "ja": "良い回答例：{text}"},
    "poor": {"en": "One that does not: {text}", "ja": "不十分な回答例：{text}"},
    "check_over": {
        "en": "**Measurement:** {metric} ({aggregation} over {slice}, `{measure}`) {line}.",
        "ja": "**測定** {metric}（{slice}における{aggregation}、`{measure}`）：{line}。",
    },
    "check_between": {
        "en": "**Measurement:** {metric} ({aggregation} between {slice}, `{measure}`) {line}.",
        "ja": "**測定** {metric}（{slice}の間の{aggregation}、`{measure}`）：{line}。",
    },
    "why": {"en": "Why this line: {text}", "ja": "この基準値の理由：{text}"},
    "set_by": {"en": "Set by: {text}", "ja": "設定者：{text}"},
    "check_source": {"en": "Source of the line: {text}", "ja": "基準値の出典：{text}"},
    "planned": {"en": "Planned: no measure answers it yet.", "ja": "予定：答える測定方法はまだありません。"},
    "mapping": {
        "en": "**Mapping** ({relation}): {page}. {why}",
        "ja": "**対応付け**（{relation}）：{page}。{why}",
    },
    "draft": {"en": "{relation}, draft", "ja": "{relation}・案"},
    "meets": {"en": "meets it", "ja": "満たす"},
    "fails": {"en": "does not meet it", "ja": "満たさない"},
    "yes": {"en": "Yes", "ja": "はい"},
    "no": {"en": "No", "ja": "いいえ"},
    "effect": {"en": "{text} ({effect})", "ja": "{text}（{effect}）"},
    "both": {"en": "in force from {start} until {end}", "ja": "{start} から {end} まで適用"},
    "from": {"en": "in force from {start}", "ja": "{start} から適用"},
    "until": {"en": "in force until {end}", "ja": "{end} まで適用"},
    "comma": {"en": ", ", "ja": "、"},
    "stop": {"en": ".", "ja": "。"},
    "colon": {"en": ": ", "ja": "："},
}


@cache
def pages() -> dict[str, str]:
    """Return every page by its place below docs/packs: `altai.md`, `ja/altai.md`."""
    packs = list_packs()
    usual = {pack.reference for pack in list_packs(versions=False)}
    names = {pack.reference: _file(pack, usual) for pack in packs}
    made = {}
    for language in LANGUAGES:
        book = Book(packs, names, language)
        made[f"{SUBFOLDERS[language]}README.md"] = _text(book.index())
        for pack in packs:
            made[f"{SUBFOLDERS[language]}{names[pack.reference]}"] = _text(book.page(pack))
    return made


def _file(pack: Pack, usual: set[str]) -> str:
    return f"{pack.name if pack.reference in usual else pack.reference}.md"


def _text(lines: Iterator[str]) -> str:
    return "\n".join(lines).rstrip() + "\n"


def _figure(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


class Book:
    """The pages of all packs in one language."""

    def __init__(self, packs: Sequence[Pack], names: dict[str, str], language: Language) -> None:
        self._packs = packs
        self._names = names
        self._language: Language = language
        self._other: Language = "ja" if language == "en" else "en"
        self._titles = {f"{pack.reference}:{item.slug}": item.title for pack in packs for item in pack.requirements}

    def index(self) -> Iterator[str]:
        """Yield the page that leads to all others."""
        yield f"# {self._own('index')}"
        yield ""
        yield self._switch("README.md")
        yield ""
        yield self._own("made", command=COMMAND, guide="../packs.md" if self._language == "en" else "../../packs.md")
        yield ""
        yield self._own("columns")
        yield "|---|---|---|---:|---:|---:|---:|---:|"
        for pack in self._packs:
            ways = Counter(way for _, way in coverage(self._packs, pack))
            link = f"[{_cell(pack.title[self._language])}]({self._names[pack.reference]})"
            rest = ways["mapped"] + ways["mapped_measured"], ways["planned"] + ways["nothing"]
            counts = (len(pack.requirements), ways["measured"], ways["asked"], *rest)
            told = " | ".join(str(count) for count in counts)
            authority = self._word(f"cli.pack.authority.{pack.authority}")
            yield f"| {link} `{pack.reference}` | {_cell(pack.title[self._other])} | {authority} | {told} |"

    def page(self, pack: Pack) -> Iterator[str]:
        """Yield the page of one pack."""
        yield f"# {pack.title[self._language]}"
        yield ""
        yield f"{pack.title[self._other]} · `{pack.reference}` · {self._switch(self._names[pack.reference])}"
        yield ""
        gap = " " if self._language == "en" else ""
        yield f"{self._word(f'cli.pack.authority_meaning.{pack.authority}')}{gap}{self._force(pack)}".rstrip()
        yield ""
        yield pack.summary[self._language]
        yield ""
        if pack.unverified is not None:
            yield f"**{self._own('unverified')}**{self._own('colon')}{pack.unverified[self._language]}"
            yield ""
        yield self._own("follows")
        yield ""
        yield from (f"- {self._source(source)}" for source in pack.sources)
        if pack.facts:
            yield ""
            yield f"## {self._own('facts')}"
            yield ""
            for fact in pack.facts:
                yield from self._fact(fact)
        ways = {item.slug: way for item, way in coverage(self._packs, pack)}
        for group in pack.groups:
            yield ""
            yield f"## {group.title[self._language]}"
            yield ""
            front = f"{group.title['ja']}. " if self._language == "en" else ""
            yield f"{front}{group.summary[self._language]}"
            for item in pack.requirements:
                if item.group == group.id:
                    yield ""
                    yield from self._requirement(pack, item, ways[item.slug])

    def _fact(self, fact: FactDeclaration) -> Iterator[str]:
        help_text = f"  \n  {fact.help[self._language]}" if fact.help else ""
        yield f"- `{fact.id}` {fact.title[self._language]}{help_text}"
        for choice in fact.choices:
            yield f"  - `{choice.id}` {self._choice(choice)}"

    def _requirement(self, pack: Pack, item: Requirement, way: str) -> Iterator[str]:
        front = f"**{item.title[self._language]}**"
        yield f"{front} · {item.title['ja']}  " if self._language == "en" else f"{front}  "
        about = [f"`{item.slug}`", self._listed(f"reasons.stage.{stage}" for stage in item.stages)]
        about.append(self._word(f"reasons.severity.{item.severity}"))
        about.append(self._own("answered", way=self._word(f"authoring.way.{way}")))
        if item.questions:
            about.append(self._own("roles", roles=self._listed(f"reasons.role.{role}" for role in item.roles)))
        if item.scope == "organisation":
            about.append(self._own("once"))
        if item.effective:
            about.append(self._period(item.effective.get("from"), item.effective.get("until")))
        yield f"{' · '.join(about)}  "
        yield item.text[self._language]
        if item.applies_when is not None:
            yield ""
            yield self._own("applies", rule=item.applies_when)
        if item.unverified is not None:
            yield ""
            yield f"{self._own('unverified')}{self._own('colon')}{item.unverified[self._language]}"
        named = {source.id: source for source in pack.sources}
        for reference in item.sources:
            yield ""
            section = [reference.section[self._language]] if reference.section else []
            yield self._own("source", source=self._own("comma").join([self._title(named[reference.id]), *section]))
        parts = [*map(self._question, item.questions), *map(self._check, item.checks)]
        parts += [self._mapping(mapping) for mapping in item.mappings]
        for number, part in enumerate(parts):
            if number == 0:
                yield ""
            yield from part

    def _question(self, question: Question) -> Iterator[str]:
        yield f"- {self._own('question', text=question.text[self._language])}"
        if question.when is not None:
            yield f"  - {self._own('when', rule=question.when)}"
        if question.help is not None:
            yield f"  - {question.help[self._language]}"
        for answer in ("yes", "no"):
            if answer in question.effects:
                yield f"  - {self._effect(self._own(answer), question.effects[answer])}"
        for choice in question.choices:
            yield f"  - {self._effect(self._choice(choice), choice.effect)}"
        if question.good is not None:
            yield f"  - {self._own('good', text=question.good[self._language])}"
        if question.poor is not None:
            yield f"  - {self._own('poor', text=question.poor[self._language])}"

    def _check(self, check: Check) -> Iterator[str]:
        between = check.aggregation in ("difference", "ratio")
        told = {
            "aggregation": self._word(f"authoring.blank.aggregation.{check.aggregation}"),
            "metric": self._metric(check.metric),
            "slice": self._word(f"authoring.blank.slice.{check.slice}"),
            "measure": check.measure,
            "line": self._line(check),
        }
        yield f"- {self._own('check_between' if between else 'check_over', **told)}"
        if check.planned:
            yield f"  - {self._own('planned')}"
        yield f"  - {self._own('why', text=check.why[self._language])}"
        yield f"  - {self._own('set_by', text=check.set_by[self._language])}"
        yield f"  - {self._own('check_source', text=check.source[self._language])}"
        yield from (f"  - {text[self._language]}" for text in check.alternatives)

    def _line(self, check: Check) -> str:
        side = "at_most" if check.operator == "<=" else "at_least"
        threshold, margin = Decimal(repr(check.threshold)), Decimal(repr(check.margin))
        limit = threshold + margin if check.operator == "<=" else threshold - margin
        key = f"authoring.line.{side}" if margin else f"authoring.line.{side}_alone"
        return render(say(key, threshold=_figure(threshold), limit=_figure(limit)), self._language)

    def _metric(self, name: str) -> str:
        key = f"reasons.metric.{name}"
        return self._word(key) if key in catalogue() else f"`{name}`"

    def _mapping(self, mapping: Mapping_) -> Iterator[str]:
        relation = self._word(f"packs.relation.{mapping.relation}")
        if mapping.status == "draft":
            relation = self._own("draft", relation=relation)
        name = f"`{mapping.to}`"
        if mapping.to in self._titles:
            file = self._names[mapping.to.partition(":")[0]]
            name = f"[{self._titles[mapping.to][self._language]}]({file}) {name}"
        yield f"- {self._own('mapping', relation=relation, page=name, why=mapping.rationale[self._language])}"

    def _effect(self, text: str, effect: str) -> str:
        return text if effect == "neutral" else self._own("effect", text=text, effect=self._own(effect))

    def _choice(self, choice: Choice) -> str:
        told = choice.text or choice.title
        return told[self._language] if told else choice.id

    def _title(self, source: Source) -> str:
        return source.title[self._language]

    def _source(self, source: Source) -> str:
        parts = [self._title(source), source.publisher, source.date]
        return self._own("comma").join(part for part in parts if part)

    def _force(self, pack: Pack) -> str:
        found = self._period(pack.effective.get("from"), pack.effective.get("until"))
        return f"{found[:1].upper()}{found[1:]}{self._own('stop')}" if found else ""

    def _period(self, start: str | None, end: str | None) -> str:
        key = "both" if start and end else "from" if start else "until"
        return self._own(key, start=start, end=end) if start or end else ""

    def _switch(self, name: str) -> str:
        place = f"{SUBFOLDERS[self._other]}{name}" if self._language == "en" else f"../{name}"
        return self._own("other", page=place)

    def _listed(self, keys: Iterator[str]) -> str:
        return self._own("comma").join(self._word(key) for key in keys)

    def _word(self, key: str) -> str:
        return render(say(key), self._language)

    def _own(self, key: str, **told: object) -> str:
        return WORDS[key][self._language].format(**told)


def stale() -> list[str]:
    """Return the pages that differ from the packs, are missing, or belong to no pack."""
    wanted = pages()
    found = {path.relative_to(FOLDER).as_posix(): path.read_text("utf-8") for path in FOLDER.rglob("*.md")}
    return sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))


def main() -> int:
    """Write every page, or with `--check` say which are out of date."""
    old = stale()
    if "--check" in sys.argv[1:]:
        for name in old:
            print(f"docs/packs/{name} is out of date: run {COMMAND}")
        return int(bool(old))
    wanted = pages()
    for name in old:
        path = FOLDER / name
        if name in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[name], encoding="utf-8")
        else:
            path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
