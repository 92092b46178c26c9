"""`hakari init`: a first `hakari.yaml` from a data file, with guesses to confirm and comments that explain."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args

from hakari.assessment.manifest import MANIFEST_NAME, read_manifest
from hakari.errors import InputError
from hakari.messages import Language, render, say
from hakari.packs import Pack, load_pack
from hakari.packs.model import FactDeclaration, Stage
from hakari.workflows.store import write_file

if TYPE_CHECKING:
    from hakari.inputs import ColumnDescription, Data

__all__ = [
    "DEFAULT_PACK",
    "Draft",
    "Guess",
    "check_draft",
    "evident_facts",
    "fact_values",
    "guess_columns",
    "identifier_of",
    "manifest_text",
    "pack_of",
    "read_fact",
    "start_project",
]

DEFAULT_PACK: Final = "ai-ethics-core"
LABEL_SOURCES: Final = ("outcome", "human_decision", "proxy")
_LARGEST_GROUPS = 50
_WORD: Final = re.compile(r"[^\W_][\w./@ -]*\w|[^\W\d_]")
_FACT_VALUES: Final = {"boolean": ["true", "false"], "number": ["number"], "text": ['"…"'], "date": ["2026-01-31"]}

_YES: Final = frozenset({"true", "yes", "y", "はい"})
_NO: Final = frozenset({"false", "no", "n", "いいえ"})

# Parts of names by which people call such columns; the first pattern that fits decides.
_NAMES: Final = {
    "score": "score|prob|p_hat|likelihood|スコア|確率|得点",
    "prediction": "prediction|predicted|pred|y_hat|yhat|予測|推定|判定",
    "label": (
        "label|target|y_true|ground_truth|outcome|actual|approve|repaid|default|hired|truth"
        "|ラベル|正解|実績|結果|承認|採用"
    ),
    "sensitive": (
        "sex|gender|race|ethnic|age_group|ageband|age_band|nationality|religion|disab|marital|married"
        "|性別|男女|年代|年齢層|年齢区分|国籍|人種|民族|障害|障がい|婚姻|配偶|宗教|信条"
    ),
}
_POSITIVE: Final = (
    "1|true|yes|y|approved|approve|accepted|hired|granted|pass|positive|good|はい|有|可|承認|合格|採用|許可|○"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """What the columns look like; a person decides."""

    label: str | None
    prediction: str | None
    score: str | None
    sensitive: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Everything that a first manifest says."""

    data: str
    """Path of the tested data, relative to the manifest."""
    encoding: str | None
    id: str
    title: str
    stage: str
    pack: str
    label: str | None
    prediction: str | None
    score: str | None
    sensitive: tuple[str, ...]
    positive: str
    label_source: str | None
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Stated facts by id; what is evident from the columns need not be here."""


def guess_columns(columns: Sequence[ColumnDescription]) -> Guess:
    """Return which column is probably what, by name and by values."""
    taken: set[str] = set()

    def first(role: str, kinds: tuple[str, ...]) -> str | None:
        for part in _NAMES[role].split("|"):
            for column in columns:
                if column.name not in taken and column.kind in kinds and part in _folded(column.name):
                    taken.add(column.name)
                    return column.name
        return None

    score = first("score", ("number",))
    prediction = first("prediction", ("binary",))
    label = first("label", ("binary",))
    sensitive = tuple(
        column.name
        for column in columns
        if column.name not in taken
        and column.kind in ("binary", "category")
        and 2 <= column.distinct <= _LARGEST_GROUPS
        and any(_named(part, column.name) for part in _NAMES["sensitive"].split("|"))
    )
    return Guess(label=label, prediction=prediction, score=score, sensitive=sensitive)


def guess_positive(values: Iterable[str]) -> str:
    """Return which of a label's values probably counts as the yes."""
    found = list(values)
    folded = {_folded(value): value for value in found}
    return next((folded[value] for value in _POSITIVE.split("|") if value in folded), found[-1] if found else "1")


def identifier_of(text: str) -> str:
    """Return an id made from a title or a file name: small letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[^\w]+", "-", plain).strip("-_") or "use-case"


def check_draft(draft: Draft, data: Data) -> None:
    """Refuse what would only fail at the first assessment.

    Raises:
        InputError: an unknown column, stage, label source, pack or positive value.
    """
    named = [name for name in (draft.label, draft.prediction, draft.score) if name is not None]
    data.require([*named, *draft.sensitive])
    for name, known in (("stage", get_args(Stage)), ("label_source", LABEL_SOURCES)):
        value = getattr(draft, name)
        if value is not None and value not in known:
            raise InputError(say("workflows.start.choice", field=name, value=value, known=list(known)))
    repeated = [name for name in [*named, *draft.sensitive] if [*named, *draft.sensitive].count(name) > 1]
    if repeated:
        raise InputError(say("workflows.start.twice", column=repeated[0]))
    if draft.label is not None:
        _check_positive(draft, data)


def _check_positive(draft: Draft, data: Data) -> None:
    from hakari.inputs.classes import encode_classes

    assert draft.label is not None
    found = [value for value, _ in data.count_cells([draft.label])]
    if len(found) > 1:
        encode_classes({draft.label: [value for value in found if value != "missing"]}, draft.positive)


def start_project(folder: Path, draft: Draft, *, language: Language, force: bool = False) -> Path:
    """Write the manifest into `folder` and return its path.

    Raises:
        InputError: a manifest is there already and `force` is not given, or the folder cannot be written to.
    """
    path = folder / MANIFEST_NAME
    if path.exists() and not force:
        raise InputError(say("workflows.start.exists", path=str(path)))
    content = manifest_text(draft, pack_of(folder, draft), language).encode("utf-8")
    # Whatever a person typed, what is written can be read.
    read_manifest(content)
    write_file(path, content)
    return path


def pack_of(folder: Path, draft: Draft) -> Pack:
    """Return the pack that a draft names: a shipped one, or a folder beside the manifest."""
    named = draft.pack
    return load_pack(folder / named if "/" in named or named.startswith(".") else named)


def manifest_text(draft: Draft, pack: Pack, language: Language) -> str:
    """Return the commented manifest."""

    def note(key: str, indent: str = "", **arguments: Any) -> list[str]:
        text = render(say(f"workflows.start.note.{key}", **arguments), language)
        return [f"{indent}# {line}".rstrip() for line in text.split("\n")]

    reference = draft.pack if draft.pack != pack.name else pack.reference
    encoding = f", encoding: {_scalar(draft.encoding)}" if draft.encoding else ""
    lines = [*note("head"), "hakari: 1", "", *note("use_case"), "use_case:"]
    lines += [f"  id: {_scalar(draft.id)}", f"  title: {_scalar(draft.title)}", *note("purpose", "  ")]
    lines += ["", *note("system"), 'system: {version: "1"}', "", *note("stage"), f"stage: {draft.stage}"]
    lines += ["", *note("packs"), f"packs: [{_scalar(reference)}]", "", *note("facts")]
    lines += ["facts:" if pack.facts else "facts: {}", *_facts(pack, draft, language)]
    lines += ["", *note("subjects"), "subjects:", f"  data.test: {{path: {_scalar(draft.data)}{encoding}}}"]
    lines += note("subjects_more", "  ")
    lines += ["", *note("columns"), *_columns(draft, note)]
    lines += ["", *note("label_source"), *_label_source(draft)]
    lines += note("selective_labels")
    lines += ["", *note("people"), "people: {}", "", *note("answers"), "", *note("overrides"), "overrides: {}"]
    lines += ["", *note("gate"), "gate: advisory", "", *note("seed"), "seed: 0"]
    return "\n".join(lines) + "\n"


def _columns(draft: Draft, note: Any) -> list[str]:
    lines = ["columns:"]
    for role in ("label", "prediction", "score"):
        value = getattr(draft, role)
        lines += note(role, "  ")
        lines.append(f"  {role}: {_scalar(value)}" if value is not None else f"  # {role}:")
    lines += note("sensitive", "  ")
    lines.append(f"  sensitive: [{', '.join(_scalar(name) for name in draft.sensitive)}]")
    return [*lines, *note("positive", "  "), f"  positive: {_scalar(draft.positive)}"]


def _label_source(draft: Draft) -> list[str]:
    return [f"label_source: {draft.label_source}" if draft.label_source else "# label_source:"]


def evident_facts(pack: Pack, draft: Draft) -> dict[str, Any]:
    """Return the facts that the manifest itself shows: who names a score column uses scores."""
    shown = {
        "data": True,
        "label": draft.label is not None and draft.prediction is not None,
        "score": draft.score is not None,
        "sensitive": bool(draft.sensitive),
    }
    return {fact.id: True for fact in pack.facts if fact.evident_from is not None and shown[fact.evident_from]}


def fact_values(fact: FactDeclaration) -> list[str]:
    """Return the values that a fact may have, as they are written; for open types an example."""
    return [choice.id for choice in fact.choices] or _FACT_VALUES[fact.type]


def read_fact(fact: FactDeclaration, text: str) -> Any:
    """Return what a person typed for a fact; `unknown` is always accepted.

    Raises:
        InputError: the fact does not have such a value.
    """
    text = text.strip()
    if text.casefold() in ("", "unknown", "?"):
        return "unknown"
    if fact.type == "boolean" and text.casefold() in _YES | _NO:
        return text.casefold() in _YES
    if fact.type == "number" and _is_number(text):
        number = float(text)
        return int(number) if number.is_integer() else number
    if fact.type in ("text", "date") or (fact.type == "choice" and text in fact_values(fact)):
        return text
    raise InputError(say("workflows.start.fact", fact=fact.id, value=text, known=[*fact_values(fact), "unknown"]))


def _facts(pack: Pack, draft: Draft, language: Language) -> list[str]:
    """Each fact with its meaning and its values; what nobody stated and nothing shows is unknown."""
    evident = evident_facts(pack, draft)
    lines = []
    for fact in pack.facts:
        value = draft.facts.get(fact.id, evident.get(fact.id, "unknown"))
        written = str(value).lower() if isinstance(value, bool) else _scalar(str(value))
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            written = str(value)
        title = fact.title.get(language) or next(iter(fact.title.values()))
        lines += [f"  # {title} ({', '.join(fact_values(fact))})", f"  {fact.id}: {written}"]
    return lines


def _scalar(value: str) -> str:
    """Return text as one YAML scalar, quoted unless it is plainly a word, because `no`, `1e5` or `a: b` mean others."""
    import yaml

    plain = bool(_WORD.fullmatch(value)) and not _is_number(value)
    text = yaml.safe_dump(value, allow_unicode=True, width=10**6, default_style=None if plain else '"')
    return text.removesuffix("\n").removesuffix("\n...")


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().replace(" ", "_")


def _named(part: str, name: str) -> bool:
    """Latin words count as whole parts of a name, so that `sussex` is no sex; Japanese words anywhere."""
    folded = _folded(name)
    return bool(re.search(rf"(^|[^a-z]){re.escape(part)}", folded)) if part.isascii() else part in folded
