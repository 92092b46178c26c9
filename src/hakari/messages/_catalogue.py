from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final, Literal, get_args

Language = Literal["en", "ja"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Return every text of the product: key → language → template.

    Each area has a file of its own under `catalogue/`; a key that two files claim is refused, because one of the two
    sentences would silently never be read.
    """
    import yaml

    loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    texts: dict[str, dict[str, str]] = {}
    for file in sorted(files("hakari.messages").joinpath("catalogue").iterdir(), key=lambda item: item.name):
        if not file.name.endswith(".yaml"):
            continue
        for key, entry in (yaml.load(file.read_text("utf-8"), Loader=loader) or {}).items():  # noqa: S506  # safe, in C
            if key in texts:
                raise ValueError(f"message key {key!r} stands in two catalogue files, the second is {file.name}")
            texts[key] = entry
    return texts


def template(key: str, language: Language) -> str:
    """Return the template of `key`; an unknown key is a defect of the program and shows itself as such."""
    entry = catalogue().get(key)
    if entry is None:
        return f"[{key}]"
    return entry[language]
