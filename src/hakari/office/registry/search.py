"""Search over use cases: pairs of neighbouring characters, alike on both databases and for words of any script.

A word is found where its characters stand next to each other. The rarest pair of the word names the candidates, and
the words of each candidate are then compared in full, so that nothing is found that does not hold the word. Words of
one character, and words all of whose pairs stand nearly everywhere, are compared with every row.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

from django.db import connection
from django.db.models import Count, Q, QuerySet

from hakari.office.people.access import Access
from hakari.office.registry.models import ComponentUse, Gram, SearchText, UseCase
from hakari.office.registry.states import State
from hakari.office.registry.visibility import is_veiled, veiled, visible

__all__ = ["MOST_WORDS", "SIMILAR", "grams", "index", "index_all", "normal", "search", "share", "similar", "words"]

MOST_WORDS: Final = 8
"""Words of a query that are looked at; more would only cost time."""
SIMILAR: Final = 0.4
"""Share of common pairs from which two titles count as similar."""
_COMMON: Final = 2_000
"""A pair that this many use cases hold names no candidates."""
_FEWEST: Final = 4
"""Pairs that a text must have before anything is called similar to it."""
_ASKED: Final = 12
"""Rarest pairs of a text by which candidates are looked for."""
_CANDIDATES: Final = 60
_READ: Final = 300
"""Characters of a text for which similar ones are looked for; SQLite joins at most 500 queries."""
_LONGEST: Final = 4_000


def normal(text: str) -> str:
    """Return a text as search compares it: full and half width alike, without case, single spaces."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text[:_LONGEST]).casefold())
    return " ".join("".join(char if char.isprintable() else " " for char in folded).split())


def words(text: str) -> list[str]:
    """Return the distinct words of a query, at most `MOST_WORDS`."""
    return list(dict.fromkeys(normal(text[:200]).split()))[:MOST_WORDS]


def grams(text: str) -> set[str]:
    """Return the pairs of neighbouring characters within the words of a text."""
    return {word[place : place + 2] for word in normal(text).split() for place in range(len(word) - 1)}


def share(first: set[str], second: set[str]) -> float:
    """Return twice the common pairs over all pairs of both (Dice): 1 if the same, 0 if nothing is shared."""
    total = len(first) + len(second)
    return 2 * len(first & second) / total if total else 0.0


def index(use_case: UseCase) -> None:
    """Write the words and pairs of a use case; every action that changes what can be searched calls this."""
    index_all([use_case])


def index_all(use_cases: Iterable[UseCase]) -> None:
    """Write the words and pairs of several use cases with a constant number of queries."""
    cases = list(use_cases)
    names: dict[int, list[str]] = {case.pk: [] for case in cases}
    used = ComponentUse.objects.filter(use_case__in=cases).values_list(
        "use_case_id",
        "component_version__component__name",
        "component_version__component__supplier__name",
        "component_version__label",
    )
    for key, component, supplier, label in used:
        names[key] += [f"{component}@{label}", supplier]
    texts: list[SearchText] = []
    pairs: list[tuple[str, int]] = []
    for case in cases:
        shown = normal(" ".join([case.number, case.former_number, case.code_name]))
        full = " ".join([shown, *(normal(text) for text in (case.title, case.purpose, *names[case.pk]))])
        texts.append(SearchText(use_case=case, shown=shown, words=full))
        pairs += [(gram, case.pk) for gram in sorted(grams(full))]
    SearchText.objects.bulk_create(
        texts, update_conflicts=True, unique_fields=["use_case"], update_fields=["shown", "words"]
    )
    Gram.objects.filter(use_case__in=cases).delete()
    # A case has some hundred pairs: as objects they would cost ten times as much.
    table = connection.ops.quote_name(Gram._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} (gram, use_case_id) VALUES (%s, %s)", sorted(pairs))  # noqa: S608


def search(access: Access, text: str) -> QuerySet[UseCase]:
    """Return the use cases that a person sees and that hold every word of `text` in what this person may know."""
    found = visible(access)
    hidden = veiled(access)
    asked = words(text)
    counts = _counts({gram for word in asked for gram in grams(word)})
    for word in asked:
        pairs = sorted(grams(word), key=lambda gram: (counts[gram], gram))
        if pairs and counts[pairs[0]] < _COMMON:
            found = found.filter(pk__in=Gram.objects.filter(gram=pairs[0]).values("use_case"))
        # Under an embargo only what is shown to everybody is compared: else the title could be guessed word by word.
        found = found.filter(
            (~hidden & Q(search_text__words__contains=word)) | (hidden & Q(search_text__shown__contains=word))
        )
    return found


def similar(access: Access, text: str, limit: int = 5) -> tuple[list[UseCase], bool]:
    """Return the use cases most like a title or a description, and whether others like it are hidden.

    Ranked by the share of common pairs with the title, or with title and purpose. What is not shown to this person,
    or shown under a code name only, is never among the first; it makes the second true, so that they can ask the
    office. Drafts of others count for neither.
    """
    own = grams(text[:_READ])
    if len(own) < _FEWEST:
        return [], False
    counts = _counts(own)
    asked = sorted((gram for gram in own if 0 < counts[gram] < _COMMON), key=lambda gram: (counts[gram], gram))
    asked = asked[:_ASKED] or sorted(gram for gram in own if counts[gram])[:_ASKED]
    candidates = (
        Gram.objects.filter(gram__in=asked)
        .values("use_case")
        .annotate(common=Count("gram"))
        .order_by("-common", "-use_case")
        .values_list("use_case", flat=True)[:_CANDIDATES]
    )
    cases = UseCase.objects.filter(pk__in=list(candidates)).select_related("unit", "owner", "reporter")
    ranked = sorted(((_likeness(own, case), case) for case in cases), key=lambda pair: (-pair[0], pair[1].pk))
    close = [case for likeness, case in ranked if likeness >= SIMILAR]
    seen = set(visible(access).filter(pk__in=[case.pk for case in close]).values_list("pk", flat=True))
    shown = [case for case in close if case.pk in seen and not is_veiled(access, case)]
    hidden = any(
        case.state not in (State.DRAFT, State.RETIRED) and (case.pk not in seen or is_veiled(access, case))
        for case in close
    )
    return shown[:limit], hidden


def _likeness(own: set[str], case: UseCase) -> float:
    title = grams(case.title)
    return max(share(own, title), share(own, title | grams(case.purpose)))


def _counts(asked: Iterable[str]) -> dict[str, int]:
    """Return how many use cases hold each pair, not counting further than `_COMMON`; one query for all."""
    pairs = sorted(asked)
    if not pairs:
        return {}
    table = connection.ops.quote_name(Gram._meta.db_table)
    one = f"SELECT %s, COUNT(*) FROM (SELECT 1 FROM {table} WHERE gram = %s LIMIT {_COMMON}) AS held"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([one] * len(pairs)), [pair for pair in pairs for _ in (0, 1)])
        return {str(pair): int(count) for pair, count in cursor.fetchall()}
