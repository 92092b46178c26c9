"""A check as a sentence with blanks, and back without loss.

“The [difference] of [selection rate] between [groups of each sensitive column], measured by [fairness.groups@1], is at
most [0.1], and is unacceptable from [0.15]; set by [the office] because [people would notice].” What stands in the
blanks may be changed; what stands around them says which blank is which.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from itertools import product
from typing import Any, get_args

from hakari.errors import PackError
from hakari.messages import Language, catalogue, render, say
from hakari.packs.authoring._plain import plain_record
from hakari.packs.model import Aggregation, Check, Slice

__all__ = ["SHARED_FIELDS", "check_sentence", "merge_sentences", "read_sentence"]

SHARED_FIELDS = ("aggregation", "metric", "slice", "measure", "operator", "threshold", "margin")
"""What a sentence says in every language alike."""
_FRAMES = ("main", "between", "short", "short_between")
_LINES: dict[str, tuple[str, ...]] = {
    "at_most": ("<=", "limit"), "at_least": (">=", "limit"),
    "at_most_margin": ("<=", "margin"), "at_least_margin": (">=", "margin"),
    "at_most_alone": ("<=",), "at_least_alone": (">=",),
}  # fmt: skip
_TAIL = (
    "source", "severity", "confidence", "min_rows", "coverage_min", "reference", "method", "family_met", "parameters",
    "alternatives", "confirmed", "planned",
)  # fmt: skip
_NUMBERS = ("confidence", "min_rows", "coverage_min")
_OPENING, _CLOSING = "[［", "]］"
_WORDS: dict[str, tuple[str, ...]] = {"aggregation": get_args(Aggregation), "slice": get_args(Slice)}
_METRIC = "reasons.metric."
_SHOWN = 80
_MARK = "[]"
_STOPS = ".。"


def check_sentence(check: Check, language: str, *, full: bool = False) -> str:
    """Return `check` as a sentence in `language`; `full` adds what the sentence itself leaves out.

    In a language other than Japanese the fixed words are English.
    """
    words = _words_in(language)
    told = {
        "aggregation": _word("aggregation", check.aggregation, words),
        "metric": _metric_word(check.metric, words),
        "slice": _word("slice", check.slice, words),
        "measure": check.measure,
        "set_by": check.set_by[language],
        "why": check.why[language],
    }
    numbers = _line_of(check)
    line = _fill(f"authoring.line.{numbers.pop('line')}", words, numbers)
    frame = "between" if check.aggregation in ("difference", "ratio") else "main"
    sentence = render(say(f"authoring.sentence.{frame}", line=line, **_bracketed(told)), words)
    return sentence + "".join(_tail(check, language)) if full else sentence


def _line_of(check: Check) -> dict[str, str]:
    """Return which phrase draws the line, and its numbers; the margin itself is told where a sum would round it."""
    side = "at_most" if check.operator == "<=" else "at_least"
    threshold = _decimal(check.threshold)
    if check.margin == 0:
        return {"line": f"{side}_alone", "threshold": _number(threshold)}
    limit = threshold + _decimal(check.margin) if check.operator == "<=" else threshold - _decimal(check.margin)
    told = {"threshold": _number(threshold), "limit": _number(limit)}
    if float(abs(Decimal(told["limit"]) - Decimal(told["threshold"]))) != check.margin:
        margin = _number(_decimal(check.margin))
        return {"line": f"{side}_margin", "threshold": told["threshold"], "margin": margin}
    return {"line": side, **told}


def _tail(check: Check, language: str) -> Iterator[str]:
    """Yield a phrase for each field that the sentence leaves out and that is not as usual."""
    words = _words_in(language)
    values = plain_record(check)
    if check.severity == "major":
        del values["severity"]
    for key, usual in (("method", "mover"), ("family_met", "none")):
        if values.get(key) == usual:
            del values[key]
    for name in _TAIL:
        for value in _spoken(name, values.get(name), language):
            yield _fill(f"authoring.tail.{name}", words, {name: value})


def _spoken(name: str, value: Any, language: str) -> Iterator[str]:
    if value is None:
        return
    if name == "alternatives":
        yield from (text[language] for text in value)
    elif name == "parameters":
        yield json.dumps(value, ensure_ascii=False)
    elif isinstance(value, Mapping):
        yield str(value[language])
    elif isinstance(value, bool):
        yield "true" if value else "false"
    else:
        yield _number(_decimal(value)) if isinstance(value, (int, float)) else str(value)


def read_sentence(text: str, language: str) -> dict[str, Any]:
    """Return the fields that a sentence states, as plain values: texts of this language, numbers as written.

    Raises:
        PackError: it is no such sentence; the message shows the form, or what a blank may hold.
    """
    words = _words_in(language)
    fixed, blanks = _taken_apart(text)
    frame = next((item for item in _frames(words) if fixed.startswith(item[0])), None)
    if frame is None:
        raise PackError(say("authoring.sentence.unknown", text=text.strip()[:_SHOWN], pattern=_pattern(words)))
    skeleton, names, operator = frame
    found: dict[str, Any] = dict(zip(names, blanks, strict=False))
    rest, blanks = fixed[len(skeleton) :].lstrip(_STOPS), blanks[len(names) :]
    while rest:
        phrase = next((item for item in _tails(words) if rest.startswith(item[0])), None)
        if phrase is None:
            raise PackError(say("authoring.sentence.unknown", text=rest[:_SHOWN], pattern=_pattern(words)))
        skeleton, name = phrase
        if name in found and name != "alternatives":
            raise PackError(say("authoring.sentence.twice", key=name))
        found[name] = (*found.get(name, ()), blanks[0]) if name == "alternatives" else _typed(name, blanks[0])
        rest, blanks = rest[len(skeleton) :].lstrip(_STOPS), blanks[1:]
    return _resolved(found, operator, words)


def _typed(name: str, value: str) -> Any:
    if name in _NUMBERS:
        number = _read_number(value)
        return int(number) if number == number.to_integral_value() else float(number)
    if name in ("confirmed", "planned"):
        return {"true": True, "false": False}.get(value, value)
    if name != "parameters":
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        raise PackError(say("authoring.cell.json", text=value[:_SHOWN])) from None


def _resolved(found: dict[str, Any], operator: str, words: Language) -> dict[str, Any]:
    """Return the fields of a check for the words and the limit of a sentence."""
    for name, values in _WORDS.items():
        by_word = {_word(name, value, words): value for value in values}
        found[name] = _one_of(found[name], {**dict.fromkeys(values, ""), **by_word})
    found["metric"] = _metric_ids(words).get(found["metric"], found["metric"])
    found["operator"] = operator
    threshold = _read_number(found["threshold"])
    margin = _read_number(found.pop("margin", "0"))
    if "limit" in found:
        limit = _read_number(found.pop("limit"))
        margin = limit - threshold if operator == "<=" else threshold - limit
        if margin < 0:
            raise PackError(say("authoring.sentence.limit", limit=str(limit), threshold=str(threshold)))
    found |= {"threshold": float(threshold), "margin": float(margin)}
    if "measure" not in found:
        found["measure"] = _usual_measure(found["metric"])
    return found


def merge_sentences(parts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the fields of a check from what its sentences say in each language.

    Raises:
        PackError: two languages say different things.
    """
    spoken = ("set_by", "why", "source")
    merged: dict[str, Any] = {}
    for language, part in parts.items():
        for key, value in part.items():
            if key in spoken:
                merged.setdefault(key, {})[language] = value
            elif key == "alternatives":
                texts = merged.setdefault(key, [{} for _ in value])
                if len(texts) != len(value):
                    raise PackError(say("authoring.sentence.differs", key=key, first=len(texts), second=len(value)))
                for texts_of_one, text in zip(texts, value, strict=True):
                    texts_of_one[language] = text
            elif merged.setdefault(key, value) != value:
                first, second = str(merged[key]), str(value)
                raise PackError(say("authoring.sentence.differs", key=key, first=first, second=second))
    return merged


def _taken_apart(text: str) -> tuple[str, list[str]]:
    """Return the fixed words with a mark for each blank, and what stands in the blanks."""
    fixed, blanks, piece, inside = "", [], "", False
    signs = iter(text)
    for sign in signs:
        if inside and sign == "\\":
            piece += next(signs, "")
        elif not inside and sign in _OPENING:
            fixed, piece, inside = fixed + piece + _MARK, "", True
        elif inside and sign in _CLOSING:
            blanks.append(piece)
            piece, inside = "", False
        else:
            piece += sign
    if inside:
        raise PackError(say("authoring.sentence.brackets", text=piece[:_SHOWN]))
    return _normal(fixed + piece), blanks


def _normal(text: str) -> str:
    """Return fixed words so that spaces, capitals and wide or narrow signs make no difference."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


@cache
def _frames(words: Language) -> tuple[tuple[str, tuple[str, ...], str], ...]:
    """Return every form of the sentence: fixed words, names of the blanks in order, operator. The longest first."""
    found = []
    for frame, (line, (operator, *more)) in product(_FRAMES, _LINES.items()):
        inner = {name: f"[{name}]" for name in ("threshold", *more)}
        outer = {name: f"[{name}]" for name in ("aggregation", "metric", "slice", "measure", "set_by", "why")}
        drawn = render(say(f"authoring.line.{line}", **inner), words)
        sentence = render(say(f"authoring.sentence.{frame}", line=drawn, **outer), words)
        fixed, names = _taken_apart(sentence)
        found.append((fixed.rstrip(_STOPS), tuple(names), operator))
    return tuple(sorted(found, key=lambda item: -len(item[0])))


@cache
def _tails(words: Language) -> tuple[tuple[str, str], ...]:
    found = []
    for name in _TAIL:
        fixed, _ = _taken_apart(render(say(f"authoring.tail.{name}", **{name: f"[{name}]"}), words))
        found.append((fixed.rstrip(_STOPS), name))
    return tuple(sorted(found, key=lambda item: -len(item[0])))


def _pattern(words: Language) -> str:
    """Return the usual form, with blanks filled as an example."""
    line = render(say("authoring.line.at_most", threshold="[0.10]", limit="[0.15]"), words)
    told = {"measure": "[fairness.groups@1]", "set_by": "[…]", "why": "[…]", "line": line}
    told["aggregation"] = f"[{_word('aggregation', 'difference', words)}]"
    told["metric"] = f"[{_metric_word('selection_rate', words)}]"
    told["slice"] = f"[{_word('slice', 'each_sensitive', words)}]"
    return render(say("authoring.sentence.between", **told), words)


def _words_in(language: str) -> Language:
    return "ja" if language == "ja" else "en"


def _bracketed(told: Mapping[str, str]) -> dict[str, str]:
    return {name: f"[{_escaped(value)}]" for name, value in told.items()}


def _fill(key: str, words: Language, told: Mapping[str, str]) -> str:
    return render(say(key, **_bracketed(told)), words)


def _escaped(text: str) -> str:
    return re.sub(r"([\\\[\]［］])", r"\\\1", text)


def _word(kind: str, value: str, words: Language) -> str:
    return render(say(f"authoring.blank.{kind}.{value}"), words)


@cache
def _metric_ids(words: Language) -> Mapping[str, str]:
    """Return word → metric; a word that two metrics share names neither."""
    found: dict[str, list[str]] = {}
    for key in catalogue():
        if key.startswith(_METRIC) and key != f"{_METRIC}unnamed":
            found.setdefault(render(say(key), words), []).append(key.removeprefix(_METRIC))
    return {word: names[0] for word, names in found.items() if len(names) == 1}


def _metric_word(metric: str, words: Language) -> str:
    return next((word for word, name in _metric_ids(words).items() if name == metric), metric)


def _one_of(text: str, by_word: Mapping[str, str]) -> str:
    """Return the value of a word, or the value itself."""
    wanted = _normal(text)
    for word, value in by_word.items():
        if _normal(word) == wanted:
            return value or word
    allowed = [word for word, value in by_word.items() if value]
    raise PackError(say("authoring.sentence.word", text=text[:_SHOWN], allowed=allowed))


@cache
def _usual_measures() -> Mapping[str, frozenset[str]]:
    from hakari.packs.loader import list_packs

    found: dict[str, frozenset[str]] = {}
    for pack in list_packs(versions=False):
        for requirement in pack.requirements:
            for check in requirement.checks:
                found[check.metric] = found.get(check.metric, frozenset()) | {check.measure}
    return found


def _usual_measure(metric: str) -> str:
    """Return the measure by which the shipped packs measure `metric`, if there is just one."""
    measures = sorted(_usual_measures().get(metric, ()))
    if len(measures) != 1:
        example = measures[0] if measures else "fairness.groups@1"
        known = measures or "–"
        raise PackError(say("authoring.sentence.measure", metric=metric[:_SHOWN], measures=known, example=example))
    return measures[0]


def _decimal(value: float) -> Decimal:
    return Decimal(repr(value))


def _number(value: Decimal) -> str:
    text = repr(float(value))
    return text.removesuffix(".0")


def _read_number(text: str) -> Decimal:
    """Return a number as it was written, also with a percent sign."""
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    try:
        found = Decimal(plain.removesuffix("%"))
        number = found / 100 if plain.endswith("%") else found
        if not math.isfinite(float(number)):
            raise InvalidOperation
    except (InvalidOperation, ValueError, OverflowError):
        raise PackError(say("authoring.sentence.number", text=text[:_SHOWN])) from None
    return number
