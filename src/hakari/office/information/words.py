"""Words as people wrote them: kept so that they can be erased, in one language or in both."""

from __future__ import annotations

from dataclasses import dataclass

from hakari.errors import InputError
from hakari.messages import say
from hakari.office.core.models import FreeText

__all__ = ["Words", "check_length", "keep", "line"]


@dataclass(frozen=True, slots=True)
class Words:
    """One text in English, in Japanese, or in both, as written; nothing is translated by machine."""

    en: str = ""
    ja: str = ""

    def __bool__(self) -> bool:
        return bool(self.en.strip() or self.ja.strip())

    @property
    def languages(self) -> frozenset[str]:
        """The languages in which something was written."""
        return frozenset(name for name, text in (("en", self.en), ("ja", self.ja)) if text.strip())

    def kept(self, name: str, *, one_line: bool = False) -> dict[str, FreeText | None]:
        """Store both texts and return the columns `<name>_en` and `<name>_ja`."""
        return {f"{name}_en": keep(self.en, one_line=one_line), f"{name}_ja": keep(self.ja, one_line=one_line)}


def keep(text: str, *, one_line: bool = False) -> FreeText | None:
    """Store a text; None if there is none."""
    clean = line(text) if one_line else text.replace("\r\n", "\n").strip()
    return FreeText.keep(clean) if clean else None


def line(text: str) -> str:
    """Return a text on one line: a title with a line break could bend the header of a mail."""
    return " ".join(text.split())


def check_length(words: Words, most: int) -> None:
    """Refuse a text that is too long.

    Raises:
        InputError: it is.
    """
    longest = max(len(words.en), len(words.ja))
    if longest > most:
        raise InputError(say("office.information.too_long", length=longest, most=most))
