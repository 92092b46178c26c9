"""Reading level: whether a notice can be read by the person it is for, by rules that a person can check by hand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from hakari.assessment.notice.wording import NoticeLanguage

__all__ = ["LINES", "ReadingLevel", "ReadingWarning", "reading_level", "syllables"]

Rule = Literal["grade", "sentence_grade", "words", "letters", "kanji_share", "kanji_run"]

LINES: Final[dict[NoticeLanguage, dict[Rule, float]]] = {
    "en": {"grade": 8.0, "sentence_grade": 14.0, "words": 28},
    "ja": {"letters": 60, "kanji_share": 0.40, "kanji_run": 8},
}
"""Most that a notice may have. English: Flesch–Kincaid grade of the whole text and of one sentence, words in one
sentence. Japanese: letters in one sentence, kanji among all letters, kanji in a row (long compounds). All lines are
our own rule."""

_SENTENCE = {"en": re.compile(r"(?<=[.!?])[\"”’)]*\s+"), "ja": re.compile(r"(?<=[。！？])")}
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?|\d[\d.,]*")
_KANJI = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff々]")
_KANJI_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff々]+")
_VOWELS = re.compile(r"[aeiouy]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingWarning:
    """One sentence that is harder than a line allows, or the text as a whole."""

    rule: Rule
    found: float
    most: float
    sentence: str
    """The sentence; of a text that is too hard as a whole, its hardest one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingLevel:
    """What was measured."""

    language: NoticeLanguage
    sentences: int
    figures: dict[Rule, float]
    """Rule → the text's figure: a grade or a share of the whole text, else the largest of a sentence."""
    warnings: tuple[ReadingWarning, ...]

    @property
    def passes(self) -> bool:
        """True if every line is kept."""
        return not self.warnings


def reading_level(texts: Sequence[str], language: NoticeLanguage) -> ReadingLevel:
    """Return how hard the sentences in `texts` are. Headings, addresses and lists of names do not belong into them.

    English: 0.39 · words / sentences + 11.8 · syllables / words − 15.59 (Kincaid, Fishburne, Rogers & Chissom 1975,
    Naval Technical Training Command research branch report 8-75); syllables by groups of vowels.
    Japanese: lengths and shares of kanji, letters counted after NFKC without spaces.
    """
    sentences = [part.strip() for text in texts for part in _SENTENCE[language].split(text) if part.strip()]
    figures = _english(sentences) if language == "en" else _japanese(sentences)
    found: list[ReadingWarning] = []
    for rule, (whole, each) in figures.items():
        most = LINES[language][rule]
        if whole is not None:
            if whole > most:
                hardest = max(zip(each, sentences, strict=True))[1]
                found.append(ReadingWarning(rule=rule, found=whole, most=most, sentence=hardest))
        else:
            pairs = zip(each, sentences, strict=True)
            found += [
                ReadingWarning(rule=rule, found=size, most=most, sentence=text) for size, text in pairs if size > most
            ]
    return ReadingLevel(
        language=language,
        sentences=len(sentences),
        figures={rule: max(each, default=0.0) if whole is None else whole for rule, (whole, each) in figures.items()},
        warnings=tuple(found),
    )


Figures = dict[Rule, tuple[float | None, list[float]]]
"""Rule → figure of the whole text, or None where each sentence is judged; and the figure of each sentence."""


def _english(sentences: Sequence[str]) -> Figures:
    words = [_WORD.findall(sentence) for sentence in sentences]
    grades = [_grade([each]) for each in words]
    return {
        "grade": (_grade(words), grades),
        "sentence_grade": (None, grades),
        "words": (None, [float(len(each)) for each in words]),
    }


def _grade(sentences: Sequence[Sequence[str]]) -> float:
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return 0.0
    sounds = sum(syllables(word) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * sounds / len(words) - 15.59


def syllables(word: str) -> int:
    """Return the syllables of an English word by its groups of vowels; a number counts as one, read at a glance.

    A final e is silent except after l and a consonant (`table`), and so is that of -ed except after t and d.
    """
    plain = word.lower().replace("’", "'").removesuffix("'s")
    if not plain.isalpha():
        return 1
    count = len(_VOWELS.findall(plain))
    if re.search(r"[^aeiouytd]ed$", plain) or re.search(r"[^aeiouyl]e$|[aeiouy]le$|[^aeiouyscxzgh]es$", plain):
        count -= 1
    return max(count, 1)


def _japanese(sentences: Sequence[str]) -> Figures:
    plain = ["".join(unicodedata.normalize("NFKC", sentence).split()) for sentence in sentences]
    letters = [sum(unicodedata.category(letter)[0] in "LN" for letter in sentence) for sentence in plain]
    kanji = [len(_KANJI.findall(sentence)) for sentence in plain]
    runs = [max((len(run) for run in _KANJI_RUN.findall(sentence)), default=0) for sentence in plain]
    return {
        "letters": (None, [float(len(sentence)) for sentence in plain]),
        "kanji_share": (
            sum(kanji) / max(sum(letters), 1),
            [part / max(whole, 1) for part, whole in zip(kanji, letters, strict=True)],
        ),
        "kanji_run": (None, [float(run) for run in runs]),
    }
