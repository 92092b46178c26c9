from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from hakari.assessment.manifest import read_manifest
from hakari.errors import InputError, PackError
from hakari.inputs import ColumnDescription, open_data
from hakari.packs import load_pack
from hakari.workflows.start import (
    Draft,
    check_draft,
    evident_facts,
    guess_columns,
    guess_positive,
    identifier_of,
    manifest_text,
    start_project,
)

DRAFT = {
    "data": "data.csv",
    "encoding": None,
    "id": "loans",
    "title": "Loans",
    "stage": "develop",
    "pack": "ai-ethics-core",
    "label": "label",
    "prediction": "prediction",
    "score": "score",
    "sensitive": ("sex",),
    "positive": "1",
    "label_source": "outcome",
}


def _draft(**changes: object) -> Draft:
    return Draft(**{**DRAFT, **changes})  # type: ignore[arg-type]  # on purpose


def _column(name: str, kind: str, distinct: int = 2) -> ColumnDescription:
    return ColumnDescription(name=name, kind=kind, distinct=distinct, missing=0, values=())  # type: ignore[arg-type]  # on purpose


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ({"y_true": "binary", "y_pred": "binary", "y_proba": "number"}, ("y_true", "y_pred", "y_proba")),
        ({"Approved": "binary", "Prediction": "binary", "Score": "number"}, ("Approved", "Prediction", "Score")),
        ({"承認": "binary", "予測": "binary", "確率": "number"}, ("承認", "予測", "確率")),
        ({"predicted_label": "binary", "label": "binary", "age": "number"}, ("label", "predicted_label", None)),
        ({"label": "number", "prediction": "category"}, (None, None, None)),
    ],
)
def test_columns_are_guessed_by_name_and_kind(names: dict[str, str], expected: tuple[str | None, ...]) -> None:
    guess = guess_columns([_column(name, kind) for name, kind in names.items()])
    assert (guess.label, guess.prediction, guess.score) == expected


@pytest.mark.parametrize(
    ("name", "kind", "distinct", "group"),
    [
        ("sex", "binary", 2, True),
        ("applicant_race", "category", 4, True),
        ("性別", "binary", 2, True),
        ("年代（申込時）", "category", 6, True),
        ("sussex_branch", "category", 3, False),
        ("nationality", "category", 150, False),
        ("gender", "constant", 1, False),
        ("income", "number", 300, False),
    ],
)
def test_groups_of_people_are_guessed_by_whole_words(name: str, kind: str, distinct: int, group: bool) -> None:
    assert bool(guess_columns([_column(name, kind, distinct)]).sensitive) is group


@pytest.mark.parametrize(
    ("values", "expected"),
    [(("0", "1"), "1"), (("No", "Yes"), "Yes"), (("否認", "承認"), "承認"), (("false", "true"), "true"), ((), "1")],
)
def test_the_value_that_counts_is_guessed(values: tuple[str, ...], expected: str) -> None:
    assert guess_positive(values) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [("Mortgage pre-screening!", "mortgage-pre-screening"), ("ローン 審査", "ローン-審査"), ("?", "use-case")],
)
def test_an_id_is_made_from_the_title(title: str, expected: str) -> None:
    assert identifier_of(title) == expected


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_manifest_reads_back_as_it_was_drafted(language: str) -> None:
    pack = load_pack("ai-ethics-core")
    text = manifest_text(_draft(encoding="cp932"), pack, "ja" if language == "ja" else "en")
    manifest = read_manifest(text.encode())
    assert manifest.subjects["data.test"].encoding == "cp932"
    assert manifest.columns.sensitive == ("sex",)
    assert manifest.packs == (pack.reference,)
    assert set(manifest.facts) == {fact.id for fact in pack.facts}
    evident = evident_facts(pack, _draft())
    assert manifest.facts == {fact.id: evident.get(fact.id, "unknown") for fact in pack.facts}
    assert ("要求事項" in text) is (language == "ja")


NAMES = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20).filter(
    lambda name: bool(name.strip())
)


@given(NAMES, NAMES)
def test_any_column_name_and_title_survive_the_manifest(column: str, title: str) -> None:
    pack = load_pack("ai-ethics-core")
    text = manifest_text(_draft(label=column, sensitive=(column + "2",), title=title, positive=column), pack, "en")
    manifest = read_manifest(text.encode())
    assert (manifest.columns.label, manifest.columns.positive) == (column, column)
    assert manifest.columns.sensitive == (column + "2",)
    assert manifest.title() == title


def test_every_comment_is_a_comment() -> None:
    text = manifest_text(_draft(), load_pack("ai-ethics-core"), "en")
    document = yaml.safe_load(text)
    assert set(document) == {
        "hakari", "use_case", "system", "stage", "packs", "facts", "subjects", "columns", "label_source", "people",
        "overrides", "gate", "seed",
    }  # fmt: skip


def test_an_existing_manifest_is_kept(tmp_path: Path) -> None:
    (tmp_path / "hakari.yaml").write_text("mine")
    with pytest.raises(InputError, match="--force"):
        start_project(tmp_path, _draft(), language="en")
    assert (tmp_path / "hakari.yaml").read_text() == "mine"


def test_an_unknown_pack_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="ai-ethics-core"):
        start_project(tmp_path, _draft(pack="ai-ethics-cor"), language="en")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"label": "lable"}, "lable"),
        ({"sensitive": ("sexx",)}, "sexx"),
        ({"stage": "later"}, "later"),
        ({"label_source": "guess"}, "guess"),
        ({"positive": "perhaps"}, "perhaps"),
        ({"prediction": "label"}, "label"),
    ],
)
def test_what_would_fail_later_is_refused_now(tmp_path: Path, changes: dict[str, object], named: str) -> None:
    (tmp_path / "data.csv").write_text("label,prediction,score,sex\n1,1,0.7,f\n0,1,0.6,m\n")
    data = open_data("data.csv", role="data.test", base=tmp_path)
    check_draft(_draft(), data)
    with pytest.raises(InputError, match=named):
        check_draft(_draft(**changes), data)
