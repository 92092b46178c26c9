"""Every way to break a pack is refused in one line with file, line and the value."""

from __future__ import annotations

import time
from typing import NamedTuple

import pytest

from hakari.errors import PackError
from hakari.messages import LANGUAGES, render
from hakari.packs import read_pack
from tests.unit.packs.example import FILES, PACK, changed

P = "pack.yaml"
R = "requirements/all.yaml"


class Bad(NamedTuple):
    """A passage, what replaces it, the text whose line is named, and what the message must say."""

    name: str
    file: str
    old: str
    new: str
    at: str
    says: tuple[str, ...]


BAD = [
    # YAML
    Bad("an alias", P, "title: {en: Lending, ja: 融資}\nsum", "title: &a {en: Lending}\nsum", "title: &a", ("&a",)),
    Bad("a repeated key", P, "status: draft", "status: draft\nversion: 2.0.0", "version: 2.0.0", ("version", "line 2")),
    Bad("a tag", P, "status: draft", "status: !!python/object:os.system x", "status:", ("python/object:os.system",)),
    Bad("a tab", P, "status: draft", "status:\tdraft\n\tx: y", "\tx", ("YAML",)),
    Bad("a second document", P, "groups:", "---\ngroups:", "---", ("---",)),
    Bad("a list as a key", P, "status: draft", "? [a, b]\n: draft", "? [a", ("key",)),
    Bad("no as a key", P, "status: draft", "status: draft\nno: 1", "no: 1", ("“no”",)),
    Bad("a line end that editors do not show", P, "status: draft", "status: draft # \u2028", "status:", ("U+2028",)),
    Bad("a control character", P, "Rules for lending", "Rules\x07", "summary:", ("YAML",)),
    # Keys
    Bad("a misspelt key", R, "severity: major", "severty: major", "severty", ("severty", "severity")),
    Bad("a misspelt key in a check", R, "margin: 0.05", "margn: 0.05", "margn", ("margn", "margin")),
    Bad("an unknown language key", P, "ja: 融資の規則", "ja: 融資の規則, de: Regeln", "Regeln", ("“de”", "summary")),
    Bad("a digest in the file", P, "status: draft", "status: draft\ndigest: abc", "digest:", ("digest",)),
    Bad("a missing key", R, "        metric: selection_rate\n", "", "- id: rate-gap", ("metric",)),
    Bad("an unknown top key", R, "requirements:\n", "requirments:\n", "requirments", ("requirments", "requirements")),
    Bad("a key of effects", R, "{yes: meets, no: fails}", "{yes: meets, nope: fails}", "nope", ("nope", "no")),
    # Values
    Bad("an empty text", P, "ja: 融資の規則", 'ja: " "', "summary:", ("summary", "ja")),
    Bad("a missing language", R, "{en: Whom?, ja: 誰ですか。}", "{en: Whom?}", "Whom?", ("text", "ja")),
    Bad(
        "a text without languages",
        R,
        "{en: Rates are close, ja: 率が近い}",
        "Rates",
        "title: Rates",
        ("title", "Rates"),
    ),
    Bad("a word for a number", R, "threshold: 0.10", "threshold: small", "threshold", ("threshold", "small")),
    Bad("an infinite threshold", R, "threshold: 0.10", "threshold: .inf", "threshold", (".inf", "finite")),
    Bad("a huge threshold", R, "threshold: 0.10", "threshold: 1e999", "threshold", ("1e999", "finite")),
    Bad("not a number", R, "threshold: 0.10", "threshold: nan", "threshold", ("nan",)),
    Bad("a broken integer", R, "version: 3", "version: 3.5", "version: 3.5", ("version", "3.5")),
    Bad("yes as a boolean", R, "min_rows: 30", "min_rows: 30\n        confirmed: yes", "confirmed", ("yes", "true")),
    Bad("an unknown stage", R, "[release, operate]", "[release, launch]", "launch]", ("stages", "launch", "operate")),
    Bad("a scalar for a list", R, "[release, operate]", "release", "stages: release", ("stages", "release")),
    Bad("a list for a scalar", P, "status: draft", "status: [draft]", "status", ("status", "list of 1")),
    Bad("an unknown authority", P, "authority: sample", "authority: church", "church", ("church", "company")),
    Bad("an empty id", R, "id: rate-gap", 'id: ""', 'id: ""', ("id",)),
    Bad("an id with a slash", R, "id: rate-gap", "id: rate/gap", "rate/gap", ("rate/gap",)),
    Bad("no stages", R, "[release, operate]", "[]", "stages: []", ("stages",)),
    Bad("no languages", P, "languages: [en, ja]", "languages: []", "languages", ("languages",)),
    Bad("not a version", P, "version: 1.2.0", "version: 1.2", "version: 1.2", ("1.2", "semantic")),
    Bad("not a urn", P, "urn:test:pack:lending", "lending pack", "lending pack", ("lending pack", "URN")),
    Bad("not a date", P, "2025-01-01", "2025-02-30", "2025-02-30", ("2025-02-30", "ISO")),
    Bad("dates reversed", P, "2030-12-31", "2020-12-31", "2020-12-31", ("2025-01-01", "2020-12-31")),
    # Ids and references
    Bad("a requirement twice", R, "requirement:lending:watch", "other:lending:rates", "other:lending", ("all.yaml:2",)),
    Bad("a question id twice", R, "id: whom", "id: heard  # again", "# again", ("heard",)),
    Bad("a group id twice", P, "id: care", "id: fairness", "Careful", ("fairness",)),
    Bad("a fact id twice", P, "id: people", "id: decides", "People", ("decides",)),
    Bad("a choice id twice", P, "id: hiring", "id: lending", "Hiring", ("lending",)),
    Bad(
        "a source id twice",
        P,
        "effective:",
        "  - {id: handbook, title: {en: A, ja: B}}\neffective:",
        "{en: A",
        ("handbook",),
    ),
    Bad("an undeclared group", R, "group: care", "group: cares", "group: cares", ("cares", "care")),
    Bad("an unknown source", R, "id: handbook", "id: handbok", "handbok", ("handbok", "handbook")),
    Bad("an unpinned mapping", R, "iso-42001@1.0.0:A.5.2", "iso-42001:A.5.2", "iso-42001:", ("iso-42001:A.5.2",)),
    Bad("an unpinned measure", R, "fairness.groups@1", "fairness.groups", "measure:", ("fairness.groups", "@")),
    Bad("a reserved fact", P, "id: people", "id: answers", "People", ("answers",)),
    Bad("a fact that CEL cannot name", P, "id: people", "id: people-count", "People", ("people-count",)),
    Bad("a choice called unknown", P, "id: hiring", "id: unknown", "Hiring", ("unknown",)),
    # Questions
    Bad(
        "choices on a number",
        R,
        "accept: {minimum: 5, maximum: 100}",
        "choices: [{id: a, text: {en: A, ja: A}}]",
        "choices: [{",
        ("count", "number"),
    ),
    Bad(
        "choices on a boolean fact",
        P,
        "type: boolean",
        "type: boolean, choices: [{id: a, title: {en: A, ja: A}}]",
        "id: decides",
        ("decides",),
    ),
    Bad("an evident text", P, "type: text", "type: text, evident_from: label", "id: country", ("country", "boolean")),
    Bad("a choice fact without choices", P, "type: text", "type: choice", "id: country", ("country", "choices")),
    Bad(
        "a single without choices",
        R,
        "id: who, type: text, min_length: 10",
        "id: who, type: single",
        "id: who,",
        ("who",),
    ),
    Bad(
        "yes or no without effects",
        R,
        "        effects: {yes: meets, no: fails}\n",
        "",
        "id: heard",
        ("heard", "effects"),
    ),
    Bad("yes or no with one effect", R, "{yes: meets, no: fails}", "{yes: meets}", "effects:", ("heard",)),
    Bad("accept reversed", R, "minimum: 5, maximum: 100", "minimum: 500, maximum: 100", "minimum", ("500", "100")),
    Bad(
        "accept on a text",
        R,
        "type: text, min_length: 10",
        "type: text, accept: {minimum: 1}",
        "accept: {minimum: 1}",
        ("accept", "text"),
    ),
    Bad(
        "effects on a number",
        R,
        "accept: {minimum: 5, maximum: 100}",
        "effects: {yes: meets}",
        "effects: {yes: meets}\n",
        ("effects", "number"),
    ),
    Bad("a negative length", R, "min_length: 10", "min_length: -1", "min_length", ("min_length", "-1")),
    # Checks
    Bad("a difference from below", R, '"<="', '">="', "operator", (">=", "difference")),
    Bad("a ratio from above", R, "aggregation: difference", "aggregation: ratio", "operator", ("<=", "ratio")),
    Bad(
        "a difference of the whole",
        R,
        "slice: each_sensitive",
        "slice: overall",
        "aggregation",
        ("overall", "difference"),
    ),
    Bad("a negative margin", R, "margin: 0.05", "margin: -0.05", "margin", ("-0.05",)),
    Bad("confidence as percent", R, "confidence: 0.95", "confidence: 95", "confidence", ("95.0", "0.5")),
    Bad("confidence of a coin", R, "confidence: 0.95", "confidence: 0.5", "confidence", ("0.5",)),
    Bad("coverage as percent", R, "min_rows: 30", "coverage_min: 95", "coverage_min", ("95.0",)),
    Bad("no age", R, "max_age_days: 180", "max_age_days: 0", "max_age_days", ("max_age_days", "0")),
    # Expressions
    Bad("not CEL", R, "decides && domain == 'lending'", "decides and domain", "applies_when", ("decides and domain",)),
    Bad("an undeclared fact", R, "decides && domain", "decide && domain", "applies_when", ("decide ", "decides")),
    Bad(
        "too long", R, "decides && domain == 'lending'", "decides" + " || decides" * 50, "applies_when", ("557", "500")
    ),
    Bad("nested", R, "decides && domain == 'lending'", "[1].all(x, [2].exists(y, y > x))", "applies_when", ("exists",)),
    Bad("a value never taken", R, "domain == 'lending'", "domain == 'loans'", "applies_when", ("loans", "lending")),
    Bad(
        "a value never in the list",
        R,
        "domain == 'lending'",
        "domain in ['lending', 'loans']",
        "applies_when",
        ("loans",),
    ),
    Bad("a boolean as text", R, "decides && domain == 'lending'", "decides == 'yes'", "applies_when", ("yes", "true")),
    Bad(
        "not true or false",
        R,
        "decides && domain == 'lending'",
        "people + 1.0",
        "applies_when",
        ("people + 1.0", "1.0"),
    ),
    Bad(
        "types that do not fit",
        R,
        "decides && domain == 'lending'",
        "people > 'many'",
        "applies_when",
        ("people > 'many'",),
    ),
    Bad("a function from outside", R, "decides && domain == 'lending'", "has(country.name)", "applies_when", ("has",)),
    Bad(
        "a regular expression",  # some take long to compile
        R,
        "decides && domain == 'lending'",
        "country.matches('(a+)+')",
        "applies_when",
        ("matches",),
    ),
    Bad(
        "an expression that never has a result",
        R,
        "decides && domain == 'lending'",
        "1 / 0 > 1 && decides || 1 / 0 > 1",
        "applies_when",
        ("1 / 0", "zero"),
    ),
    Bad(
        "a variable named as a fact",
        R,
        "decides && domain == 'lending'",
        "[true].all(decides, decides)",
        "applies_when",
        ("decides",),
    ),
    Bad("null", R, "\"decides && domain == 'lending'\"", '"null"', "applies_when", ("null",)),
    Bad(
        "an answer where only facts are",
        R,
        "decides && domain == 'lending'",
        "answers.heard == 'yes'",
        "applies_when",
        ("heard",),
    ),
    Bad("a later question", R, "answers.heard == 'yes'", "answers.count > 3.0", 'when: "answers', ("count",)),
    Bad("the question itself", R, "answers.heard == 'yes'", "answers.whom == 'experts'", 'when: "answers', ("whom",)),
    Bad(
        "an unknown question", R, "answers.heard == 'yes'", "answers.herd == 'yes'", 'when: "answers', ("herd", "heard")
    ),
    Bad("all answers", R, "answers.heard == 'yes'", "size(answers) > 1", 'when: "size', ("answers",)),
]


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name.replace(" ", "-"))
def test_it_refuses(bad: Bad) -> None:
    files = changed(bad.file, bad.old, bad.new)
    place = next(n for n, line in enumerate(files[bad.file].decode().split("\n"), 1) if bad.at.strip("\n") in line)
    with pytest.raises(PackError) as caught:
        read_pack(files, name="lending")
    message = str(caught.value)
    assert message.startswith(f"lending/{bad.file}:{place}: ")
    assert "\n" not in message
    for part in bad.says:
        assert part in message
    for language in LANGUAGES:
        assert "{" not in render(caught.value.message, language).replace("{yes: …, no: …}", "")  # type: ignore[arg-type]  # on purpose


HUGE = {
    "eleven megabytes": (b"urn: " + b"a" * 11 * 2**20, ("11,534,341", "10,485,760")),
    "a long scalar": (PACK.replace("Rules for lending", "x" * 30_000).encode(), ("pack.yaml:7", "30,000")),
    "exploding anchors": (
        b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(b"%c: &%c [%s]\n" % (k, k, b"*%c," % (k - 1) * 9) for k in b"bcdef"),
        ("pack.yaml:1", "&a"),
    ),
    "deep brackets": (b"urn: " + b"[" * 200_000, ("pack.yaml:1", "24")),
    "deep mappings": (b"".join(b" " * n + b"a:\n" for n in range(1000)), ("pack.yaml:25", "24")),
    "deep dashes": (b"- " * 100_000 + b"x", ("pack.yaml:1", "24")),
    "many values": (b"urn: [" + b"1," * 400_000 + b"]", ("pack.yaml:1", "200,000")),
    "not UTF-8": (PACK.encode("cp932"), ("pack.yaml:6", "0x97")),
    "nothing": (b"", ("pack.yaml:1", "empty")),
    "only a comment": (b"# nothing\n", ("pack.yaml:1", "empty")),
    "a list": (b"- a\n", ("pack.yaml:1", "list of 1")),
    "an alias without an anchor": (b"urn: *x\n", ("pack.yaml:1", "*x")),
}  # fmt: skip


@pytest.mark.parametrize("name", HUGE)
def test_a_hostile_file_is_refused_at_once(name: str) -> None:
    """Two seconds are far more than any of these takes; without its bound each would take minutes or all memory.

    Processor time, because a busy machine lets any test wait.
    """
    content, says = HUGE[name]
    started = time.process_time()
    with pytest.raises(PackError) as caught:
        read_pack({**FILES, "pack.yaml": content}, name="lending")
    assert time.process_time() - started < 2
    assert all(part in str(caught.value) for part in says), str(caught.value)


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"requirements/all.yaml": b""}, "pack.yaml"),
        ({**FILES, "requirement/more.yaml": b""}, "requirement/more.yaml"),
        ({**FILES, "requirements/more.yml": b""}, "requirements/more.yml"),
        ({**FILES, "../pack.yaml": b""}, "../pack.yaml"),
        ({**FILES, **{f"requirements/{n}.yaml": b"" for n in range(600)}}, "602"),
        ({**FILES, **{f"requirements/{n}.yaml": b"x" * 9 * 2**20 for n in range(6)}}, "52,428,800"),
    ],
)
def test_files_that_make_no_pack_are_refused_by_name(files: dict[str, bytes], says: str) -> None:
    with pytest.raises(PackError, match=says.replace(".", r"\.")):
        read_pack(files, name="lending")
