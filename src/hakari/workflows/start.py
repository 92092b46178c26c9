"""`hakari init`: a first `hakari.yaml` from a data file, with guesses to confirm and comments that explain."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args

from hakari.assessment.manifest import MANIFEST_NAME, read_manifest
from hakari.errors import InputError
from hakari.messages import Language, render, say
from hakari.packs import Pack, load_pack
from hakari.packs.model import Stage
from hakari.workflows.store import write_file

if TYPE_CHECKING:
    from hakari.inputs import ColumnDescription, Data

__all__ = [
    "DEFAULT_PACK",
    "Draft",
    "Guess",
    "check_draft",
    "guess_columns",
    "identifier_of",
    "manifest_text",
    "start_project",
]

DEFAULT_PACK: Final = "ai-ethics-core"
LABEL_SOURCES: Final = ("outcome", "human_decision", "proxy")
_LARGEST_GROUPS = 50
_WORD: Final = re.compile(r"[^\W_][\w./@ -]*\w|[^\W\d_]")
_FACT_VALUES: Final = {"boolean": ["true", "false"], "number": ["number"], "text": ['"…"'], "date": ["2026-01-31"]}

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
    for field, known in (("stage", get_args(Stage)), ("label_source", LABEL_SOURCES)):
        value = getattr(draft, field)
        if value is not None and value not in known:
            raise InputError(say("workflows.start.choice", field=field, value=value, known=list(known)))
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
    base = folder / draft.pack if "/" in draft.pack or draft.pack.startswith(".") else draft.pack
    content = manifest_text(draft, load_pack(base), language).encode("utf-8")
    # Whatever a person typed, what is written can be read.
    read_manifest(content)
    write_file(path, content)
    return path


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
    lines += ["facts:" if pack.facts else "facts: {}", *_facts(pack, language)]
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


def _facts(pack: Pack, language: Language) -> list[str]:
    """Each fact with its meaning and its values, and stated as unknown: nothing is claimed for the person."""
    lines = []
    for fact in pack.facts:
        values = [choice.id for choice in fact.choices] or _FACT_VALUES[fact.type]
        title = fact.title.get(language) or next(iter(fact.title.values()))
        lines += [f"  # {title} ({', '.join(values)})", f"  {fact.id}: unknown"]
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
