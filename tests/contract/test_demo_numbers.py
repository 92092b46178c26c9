"""Every number of the demo recomputed from its two data files by scikit-learn, scipy, pandas or plain arithmetic."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from html.parser import HTMLParser
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn import metrics

from tests.contract import _stranger as stranger
from tests.contract.conftest import Demo

EXACT = 1e-12
ALPHA = 0.05
LEAST = 30
ALONE = (("race",), ("sex",))
SLICINGS = (*ALONE, ("race", "sex"))
RATES: dict[str, Callable[[pd.DataFrame], tuple[int, int]]] = {
    "selection_rate": lambda d: (int((d.prediction == 1).sum()), len(d)),
    "base_rate": lambda d: (int((d.approved == 1).sum()), len(d)),
    "accuracy": lambda d: (int((d.approved == d.prediction).sum()), len(d)),
    "true_positive_rate": lambda d: _share(d[d.approved == 1], "prediction", 1),
    "false_positive_rate": lambda d: _share(d[d.approved == 0], "prediction", 1),
    "false_negative_rate": lambda d: _share(d[d.approved == 1], "prediction", 0),
    "true_negative_rate": lambda d: _share(d[d.approved == 0], "prediction", 0),
    "positive_predictive_value": lambda d: _share(d[d.prediction == 1], "approved", 1),
}
LOW_IS_WORSE = set(RATES) - {"false_positive_rate", "false_negative_rate"}
PERFORMANCE = {
    "accuracy": "accuracy",
    "precision": "positive_predictive_value",
    "recall": "true_positive_rate",
    "true_negative_rate": "true_negative_rate",
}
Key = tuple[str, tuple[tuple[str, str], ...]]


def _share(part: pd.DataFrame, column: str, value: int) -> tuple[int, int]:
    return int((part[column] == value).sum()), len(part)


@pytest.fixture(scope="session")
def test(demo: Demo) -> pd.DataFrame:
    return read(demo, "test")


@pytest.fixture(scope="session")
def train(demo: Demo) -> pd.DataFrame:
    return read(demo, "train")


@pytest.fixture(scope="session")
def bundle(demo: Demo) -> stranger.Bundle:
    return stranger.open_bundle(demo.content)


def read(demo: Demo, name: str) -> pd.DataFrame:
    table = pd.read_csv(demo.folder / "data" / f"{name}.csv")
    return table.assign(sex=table.sex.fillna("missing"))


def record(bundle: stranger.Bundle, measure: str) -> dict[str, Any]:
    return next(item for item in bundle.evidence.values() if item.get("measure", {}).get("id") == measure)


def estimates(bundle: stranger.Bundle, measure: str) -> dict[Key, dict[str, Any]]:
    found = {
        (item["metric"], tuple(sorted(item["slice"].items()))): item for item in record(bundle, measure)["estimates"]
    }
    assert len(found) == len(record(bundle, measure)["estimates"]), "no estimate stands twice"
    return found


def table(bundle: stranger.Bundle, measure: str, name: str) -> pd.DataFrame:
    found = next(item for item in record(bundle, measure)["tables"] if item["name"] == name)
    return pd.DataFrame(found["rows"], columns=found["columns"])


def parts(data: pd.DataFrame, columns: tuple[str, ...]) -> dict[tuple[str, ...], pd.DataFrame]:
    """Return group → its rows, in the order of the names with `missing` last."""
    if not columns:
        return {(): data}
    found = {tuple(map(str, key)): part for key, part in data.groupby(list(columns))}
    return dict(sorted(found.items(), key=lambda item: tuple((level == "missing", level) for level in item[0])))


def key(metric: str, columns: tuple[str, ...], group: tuple[str, ...] | None = None) -> Key:
    levels = ("*",) * len(columns) if group is None else group
    return metric, tuple(sorted(zip(columns, levels, strict=True)))


def require(estimate: Mapping[str, Any], value: float, low: float, high: float, n: int) -> None:
    assert estimate["n"] == n
    assert estimate["value"] == pytest.approx(value, rel=EXACT, abs=EXACT)
    assert estimate["interval"]["low"] == pytest.approx(low, rel=0, abs=EXACT)
    assert estimate["interval"]["high"] == pytest.approx(high, rel=0, abs=EXACT)


def rate_estimates(
    data: pd.DataFrame, columns: tuple[str, ...], names: Mapping[str, str]
) -> Iterator[tuple[Key, float | None, float, float, int]]:
    """Yield the rate of each group with Šidák-adjusted Clopper–Pearson limits."""
    for name, rate in names.items():
        counted = {group: RATES[rate](part) for group, part in parts(data, columns).items()}
        named = {" ".join(group): (x, n, n) for group, (x, n) in counted.items()}
        limits = stranger.simultaneous(named, ALPHA)
        for group, (x, n) in counted.items():
            low, high = limits.get(" ".join(group), (math.nan, math.nan))
            yield key(name, columns, group), x / n if n else None, low, high, n


# ---------------------------------------------------------------- fairness.groups


@pytest.mark.parametrize("columns", SLICINGS, ids="-".join)
def test_rates_of_groups(test: pd.DataFrame, bundle: stranger.Bundle, columns: tuple[str, ...]) -> None:
    found = estimates(bundle, "fairness.groups")
    for name, value, low, high, n in rate_estimates(test, columns, {rate: rate for rate in RATES}):
        if value is None:
            assert "unmeasured" in found[name]["value"]
        else:
            require(found[name], value, low, high, n)


AGGREGATES = {
    "difference": stranger.Rule("difference", "<=", 0.0, 0.0),
    "ratio": stranger.Rule("ratio", ">=", 1.0, 1.0),
    "worst_group": stranger.Rule("worst_group", ">=", 0.0, 0.0),
}
HIGH_IS_WORSE = stranger.Rule("worst_group", "<=", 1.0, 1.0)


@pytest.mark.parametrize("aggregate", AGGREGATES)
@pytest.mark.parametrize("columns", SLICINGS, ids="-".join)
def test_aggregates_over_groups(
    test: pd.DataFrame, bundle: stranger.Bundle, columns: tuple[str, ...], aggregate: str
) -> None:
    found = estimates(bundle, "fairness.groups")
    for metric, rate in RATES.items():
        rule = AGGREGATES[aggregate]
        if aggregate == "worst_group" and metric not in LOW_IS_WORSE:
            rule = HIGH_IS_WORSE
        counted = [pair for part in parts(test, columns).values() if (pair := rate(part))[1] >= LEAST]
        estimate = found[key(f"{metric}_{aggregate}", columns)]
        floor = found[key(f"{metric}_{aggregate}_noise_floor", columns)]
        if len(counted) < (1 if aggregate == "worst_group" else 2):
            assert "unmeasured" in estimate["value"]
            assert "unmeasured" in floor["value"]
            continue
        low, high = stranger.ends(rule, counted, ALPHA / 2, ALPHA / 2)
        # The ends of a ratio come from a bisection; 52 halvings leave less than 1e-15.
        require(estimate, stranger.point(rule, counted), low, high, sum(n for _, n in counted))
        mean, spread = chance(rule, tuple(counted))
        assert floor["value"] == pytest.approx(mean, abs=5 * spread / math.sqrt(1000) if aggregate == "ratio" else 1e-9)
        assert floor["n"] == estimate["n"]


@cache
def chance(rule: stranger.Rule, counted: tuple[tuple[int, int], ...]) -> tuple[float, float]:
    """Return mean and standard deviation of an aggregate if all groups had the pooled rate, by full enumeration.

    P(lowest ≥ s and highest ≤ t) is a product over groups; differences of it in s and t are the joint probabilities.
    """
    pooled = sum(x for x, _ in counted) / sum(n for _, n in counted)
    points = np.unique(np.concatenate([np.arange(n + 1) / n for _, n in counted]))
    between = np.ones((len(points), len(points)))
    for _, n in counted:
        at_most = stats.binom.cdf(np.floor(points * n + 1e-9), n, pooled)
        below = stats.binom.cdf(np.ceil(points * n - 1e-9) - 1, n, pooled)
        between *= np.maximum(at_most[None, :] - below[:, None], 0.0)
    joint = between.copy()
    joint[:, 1:] -= between[:, :-1]
    joint[:-1, :] -= between[1:, :]
    joint[:-1, 1:] += between[1:, :-1]
    low, high = points[:, None], points[None, :]
    if rule.aggregation == "difference":
        values = high - low
    elif rule.aggregation == "ratio":
        values = np.where(high > 0, low / np.where(high > 0, high, 1.0), 1.0)
    else:
        values = (high if rule.operator == "<=" else low) + 0 * joint
    mean = float((joint * values).sum())
    return mean, math.sqrt(max(float((joint * values**2).sum()) - mean**2, 0.0))


def test_no_estimate_of_fairness_is_left_out(test: pd.DataFrame, bundle: stranger.Bundle) -> None:
    wanted = {key(rate, columns, group) for columns in SLICINGS for rate in RATES for group in parts(test, columns)}
    wanted |= {
        key(f"{rate}_{aggregate}{floor}", columns)
        for columns in SLICINGS
        for rate in RATES
        for aggregate in AGGREGATES
        for floor in ("", "_noise_floor")
    }
    assert set(estimates(bundle, "fairness.groups")) == wanted


@pytest.mark.parametrize("measure", ["fairness.groups", "performance.classification"])
def test_the_tally_is_a_group_by(test: pd.DataFrame, bundle: stranger.Bundle, measure: str) -> None:
    counted = test.groupby(["race", "sex", "approved", "prediction"]).size()
    found = table(bundle, measure, "tally").set_index(["race", "sex", "label", "prediction"]).n
    assert found.to_dict() == counted.to_dict()


@pytest.mark.parametrize("measure", ["fairness.groups", "data.profile"])
def test_the_table_of_groups(test: pd.DataFrame, bundle: stranger.Bundle, measure: str) -> None:
    found = table(bundle, measure, "groups")
    rows = [
        (" × ".join(columns), " × ".join(group), len(part), len(part) / len(test), len(part), int(part.approved.sum()))
        for columns in SLICINGS
        for group, part in parts(test, columns).items()
    ]
    expected = pd.DataFrame(rows, columns=["columns", "group", "rows", "share", "labelled", "positive"])
    pd.testing.assert_frame_equal(found, expected[found.columns], rtol=EXACT)


# ---------------------------------------------------------------- performance.classification


@pytest.mark.parametrize("columns", [(), *ALONE], ids=lambda columns: "-".join(columns) or "all")
def test_rates_of_performance(test: pd.DataFrame, bundle: stranger.Bundle, columns: tuple[str, ...]) -> None:
    found = estimates(bundle, "performance.classification")
    for name, value, low, high, n in rate_estimates(test, columns, PERFORMANCE):
        if value is None:
            assert "unmeasured" in found[name]["value"]
        else:
            require(found[name], value, low, high, n)


SMOOTH: dict[str, Callable[[pd.DataFrame], float]] = {
    "balanced_accuracy": lambda d: metrics.balanced_accuracy_score(d.approved, d.prediction),
    "f1": lambda d: metrics.f1_score(d.approved, d.prediction),
    "auc": lambda d: metrics.roc_auc_score(d.approved, d.score),
    "brier": lambda d: metrics.brier_score_loss(d.approved, d.score),
    "calibration_error": lambda d: stranger.smooth_value("calibration_error", *d[["approved", "score"]].to_numpy().T),
}


@pytest.mark.parametrize("metric", SMOOTH)
@pytest.mark.parametrize("columns", [(), *ALONE], ids=lambda columns: "-".join(columns) or "all")
def test_smooth_metrics_of_performance(
    test: pd.DataFrame, bundle: stranger.Bundle, columns: tuple[str, ...], metric: str
) -> None:
    """Values to the last digits, and the limits of the AUC.

    The others' intervals beside normal limits, which they never undercut by more than a tenth.
    """
    found = estimates(bundle, "performance.classification")
    groups = parts(test, columns)
    two_classes = {group: part.approved.nunique() == 2 for group, part in groups.items()}
    known = [group for group in groups if two_classes[group] or metric not in ("auc", "balanced_accuracy")]
    each = (1 - (1 - ALPHA) ** (1 / len(known))) / 2
    for group, part in groups.items():
        estimate = found[key(metric, columns, group)]
        assert estimate["n"] == len(part)
        if group not in known:
            assert "unmeasured" in estimate["value"]
            continue
        value = SMOOTH[metric](part)
        assert estimate["value"] == pytest.approx(value, rel=EXACT, abs=EXACT)
        low, high = estimate["interval"]["low"], estimate["interval"]["high"]
        assert 0 <= low <= value <= high <= 1
        axis = part.prediction if metric in ("f1", "balanced_accuracy") else part.score
        label, score = part.approved.to_numpy(float), axis.to_numpy(float)
        if metric == "auc":
            mine = stranger.ranking_ends(stranger.won(label, score), each, each)
            assert [low, high] == pytest.approx(mine, abs=EXACT)
            continue
        if len(part) < 50 or not two_classes[group]:
            continue  # too few rows for a normal limit to compare with
        spread = stranger.smooth_spread(metric, label, score)
        plain = stranger.smooth_ends(metric, value, spread, each, each)
        for end, other in ((low, plain[0]), (high, plain[1])):
            assert abs(end - value) >= 0.9 * abs(other - value) - 1e-3
            assert abs(end - value) <= 1.6 * abs(other - value) + 1e-3


def test_confusion_scores_and_calibration_tables(test: pd.DataFrame, bundle: stranger.Bundle) -> None:
    measure = "performance.classification"
    counts = metrics.confusion_matrix(test.approved, test.prediction)
    found = table(bundle, measure, "confusion").set_index(["label", "prediction"]).n
    assert found.to_dict() == {(i, j): int(counts[i, j]) for i in (0, 1) for j in (0, 1)}
    scores = table(bundle, measure, "scores").set_index(["race", "sex", "label", "score"]).n
    assert scores.to_dict() == test.groupby(["race", "sex", "approved", "score"]).size().to_dict()
    bins = table(bundle, measure, "calibration")
    place = np.minimum(np.floor(test.score * 10).astype(int), 9)
    each = (1 - (1 - ALPHA) ** (1 / place.nunique())) / 2
    assert list(bins.bin) == list(range(1, 11))
    for line in bins.to_dict("records"):
        part = test[place == line["bin"] - 1]
        x, n = int(part.approved.sum()), len(part)
        assert (line["n"], line["positives"]) == (n, x)
        assert [line["low"], line["high"]] == pytest.approx([(line["bin"] - 1) / 10, line["bin"] / 10], abs=EXACT)
        expected = [part.score.mean(), x / n, stranger.cp_lower(x, n, each), stranger.cp_upper(x, n, each)]
        stated = [line[name] for name in ("mean_score", "rate", "rate_low", "rate_high")]
        assert stated == pytest.approx(expected, abs=EXACT)


def test_no_estimate_of_performance_is_left_out(test: pd.DataFrame, bundle: stranger.Bundle) -> None:
    wanted = {
        key(metric, columns, group)
        for columns in ((), *ALONE)
        for metric in [*PERFORMANCE, *SMOOTH]
        for group in parts(test, columns)
    }
    assert set(estimates(bundle, "performance.classification")) == wanted


# ---------------------------------------------------------------- data.profile


def test_counts_of_the_profile(demo: Demo, train: pd.DataFrame, bundle: stranger.Bundle) -> None:
    raw = pd.read_csv(demo.folder / "data" / "test.csv")
    before = pd.read_csv(demo.folder / "data" / "train.csv")
    features = [name for name in raw if name not in ("approved", "prediction", "score")]
    known, mine = (part[features].astype(object).where(part[features].notna(), "—") for part in (before, raw))
    trained = set(known.itertuples(index=False, name=None))
    shared = sum(row in trained for row in mine.itertuples(index=False, name=None))
    own = raw.drop(columns=["approved", "prediction", "score"])
    expected = {
        "rows": len(raw),
        "columns": raw.shape[1],
        "duplicate_share": raw.duplicated().mean(),
        "missing_share_max": raw.isna().mean().max(),
        "constant_columns": sum(raw[name].nunique(dropna=False) == 1 for name in raw),
        "identifier_columns": sum(
            own[name].nunique() >= 0.98 * own[name].notna().sum() and not pd.api.types.is_float_dtype(own[name])
            for name in own
        ),
        "leaking_columns": sum(tells(raw, str(name)) >= 0.995 for name in own),
        "unlabelled_share": raw.approved.isna().mean(),
        "overlap_share": shared / len(raw),
        "shifted_columns": int(shift(raw, before).shifted.sum()),
        "smallest_group_rows": min(
            len(part) for columns in ALONE for part in parts(read(demo, "test"), columns).values()
        ),
    }
    found = {name: item for (name, slice_), item in estimates(bundle, "data.profile").items() if not slice_}
    assert set(found) == set(expected)
    for name, value in expected.items():
        require(found[name], value, value, value, len(raw))


def test_group_figures_of_the_profile(test: pd.DataFrame, bundle: stranger.Bundle) -> None:
    found = {name: item for name, item in estimates(bundle, "data.profile").items() if name[1]}
    for columns in SLICINGS:
        for name, value, low, high, n in rate_estimates(test, columns, {"base_rate": "base_rate"}):
            assert value is not None
            require(found.pop(name), value, low, high, n)
            require(found.pop(("rows", name[1])), n, n, n, len(test))
    assert not found


def tells(data: pd.DataFrame, name: str) -> float:
    """Return how well one column alone tells the classes apart: majority with the row itself left out, or the AUC."""
    column, label = data[name].astype(object).where(data[name].notna(), "—"), data.approved
    share, right = label.mean(), []
    common = int(share > 0.5)
    for value, one in zip(column, label, strict=True):
        others = label[column == value]
        positive, negative = int(others.sum()) - one, len(others) - int(others.sum()) - (1 - one)
        right.append((common if positive == negative else int(positive > negative)) == one)
    hits = pd.Series(right, index=label.index)
    best = float((hits[label == 1].mean() + hits[label == 0].mean()) / 2)
    if pd.api.types.is_numeric_dtype(data[name]):
        for filled in (data[name].fillna(data[name].max() + 1), data[name].fillna(data[name].min() - 1)):
            area = float(metrics.roc_auc_score(label, filled))
            best = max(best, area, 1 - area)
    return best


def test_the_table_of_columns(demo: Demo, bundle: stranger.Bundle) -> None:
    raw = pd.read_csv(demo.folder / "data" / "test.csv")
    found = table(bundle, "data.profile", "columns").set_index("column")
    assert list(found.index) == list(raw.columns)
    for name, line in found.iterrows():
        assert line.kind == ("number" if pd.api.types.is_numeric_dtype(raw[name]) else "category")
        assert (line.missing, line.distinct) == (raw[name].isna().sum(), raw[name].nunique())
        assert line.missing_share == pytest.approx(raw[name].isna().mean(), abs=EXACT)
        if name not in ("approved", "prediction", "score"):
            assert line.predicts == pytest.approx(tells(raw, str(name)), abs=EXACT), name


def shift(here: pd.DataFrame, there: pd.DataFrame) -> pd.DataFrame:
    """Return one line per compared column: Kolmogorov–Smirnov for numbers, else Pearson's test, then Holm."""
    lines = []
    for name in here:
        if name in ("prediction", "score"):
            continue
        x, y = here[name], there[name]
        both = pd.concat([x, y])
        if pd.api.types.is_numeric_dtype(both) and both.nunique() > 20:
            lines.append((name, "kolmogorov-smirnov", *numbers(x, y)))
        else:
            lines.append((name, "chi-square", *categories(x, y)))
    found = pd.DataFrame(lines, columns=["column", "test", "statistic", "p", "effect"])
    order = found.p.to_numpy().argsort(kind="stable")
    adjusted = np.minimum(np.maximum.accumulate(found.p.to_numpy()[order] * np.arange(len(found), 0, -1)), 1.0)
    found.loc[order, "p_adjusted"] = adjusted
    return found.assign(shifted=found.p_adjusted <= 0.01)


def numbers(x: pd.Series, y: pd.Series) -> tuple[float, float, float]:
    test = stats.ks_2samp(x.dropna(), y.dropna(), method="asymp")
    p = float(test.pvalue)
    if x.isna().any() or y.isna().any():
        gaps = pooled(np.array([[part.isna().sum(), part.notna().sum()] for part in (x, y)], dtype=float))
        p = min(2 * min(p, gaps[1]), 1.0)
    spread = math.sqrt((x.var(ddof=0) + y.var(ddof=0)) / 2)
    return float(test.statistic), p, (x.mean() - y.mean()) / spread


def categories(x: pd.Series, y: pd.Series) -> tuple[float, float, float]:
    counted = pd.DataFrame({"x": x.value_counts(dropna=False), "y": y.value_counts(dropna=False)}).fillna(0)
    shares = counted / counted.sum()
    statistic, p = pooled(counted.to_numpy().T.astype(float))
    return statistic, p, float((shares.x - shares.y).abs().sum() / 2)


def pooled(counts: np.ndarray) -> tuple[float, float]:
    """Return Pearson's statistic and p; columns are joined, rarest first, until five rows are expected in each cell."""
    least = 5 * counts.sum() / counts.sum(axis=1).min()
    columns: list[np.ndarray] = []
    for column in sorted(counts.T, key=lambda column: column.sum()):
        if columns and columns[-1].sum() < least:
            columns[-1] = columns[-1] + column
        else:
            columns.append(column)
    if len(columns) > 1 and columns[-1].sum() < least:
        last = columns.pop()
        columns[-1] = columns[-1] + last
    if len(columns) < 2:
        return 0.0, 1.0
    test = stats.chi2_contingency(np.array(columns).T, correction=False)
    return float(test.statistic), float(test.pvalue)


def test_the_table_of_shifts(demo: Demo, bundle: stranger.Bundle) -> None:
    raw, before = (pd.read_csv(demo.folder / "data" / f"{name}.csv") for name in ("test", "train"))
    found = table(bundle, "data.profile", "shift").set_index("column")
    expected = shift(raw, before).set_index("column")
    assert list(found.index) == list(expected.index)
    assert list(found.test) == list(expected.test)
    assert list(found.shifted) == list(expected.shifted)
    for name in ("statistic", "p", "p_adjusted", "effect"):
        np.testing.assert_allclose(found[name].astype(float), expected[name], rtol=1e-10, atol=EXACT, err_msg=name)


# ---------------------------------------------------------------- checks


def check_results(bundle: stranger.Bundle) -> list[dict[str, Any]]:
    return [check for finding in bundle.assessment["findings"] for check in finding["checks"]]


def test_every_check_figure_follows_from_the_data(test: pd.DataFrame, bundle: stranger.Bundle) -> None:
    """Counts from the CSV, limits pair by pair at the errors that the check states (derived in the stranger's test)."""
    planned = {check["id"]: check for check in bundle.plan["checks"]}
    seen = 0
    for result in check_results(bundle):
        check = planned[result["check"]]
        if check["basis"] != "rate" or isinstance(result["value"], dict) or check["metric"] not in RATES:
            # Shares that rest on asking the model are counted in its own tests, not in the two data files.
            continue
        counted = {" × ".join(g): RATES[check["metric"]](p) for g, p in parts(test, tuple(check["columns"])).items()}
        kept = [pair for pair in counted.values() if pair[1] >= check["min_rows"]]
        b = round(check["threshold"] + (1 if check["operator"] == "<=" else -1) * check["margin"], 12)
        rule = stranger.Rule(check["aggregation"], check["operator"], check["threshold"], b)
        low, high = stranger.ends(rule, kept, result["error_met"], result["error_not_met"])
        assert result["value"] == pytest.approx(stranger.point(rule, kept), abs=EXACT)
        assert [result["low"], result["high"]] == pytest.approx([low, high], abs=EXACT), result["check"]
        assert (result["threshold"], result["unacceptable"]) == (check["threshold"], b)
        assert result["trials"] == sum(n for _, n in kept)
        assert result["rows"] == len(test)
        if "worst_case" in result:
            assert result["worst_case"] == (result["high"] if check["operator"] == "<=" else result["low"])
        if check["columns"]:
            mean, spread = chance(rule, tuple(kept))
            allowed = 5 * spread / math.sqrt(4000) if check["aggregation"] == "ratio" else 1e-9
            assert result["noise_floor"] == pytest.approx(mean, abs=allowed)
        seen += 1
    assert seen == 13


def test_every_group_line_follows_from_the_data(test: pd.DataFrame, bundle: stranger.Bundle) -> None:
    planned = {check["id"]: check for check in bundle.plan["checks"]}
    for result in check_results(bundle):
        check = planned[result["check"]]
        if not check["columns"]:
            assert not result["groups"]
            continue
        if check["metric"] not in RATES:
            continue
        groups = {" × ".join(group): part for group, part in parts(test, tuple(check["columns"])).items()}
        counted = {name: (*RATES[check["metric"]](part), len(part)) for name, part in groups.items()}
        limits = stranger.simultaneous(counted, ALPHA)
        assert [line["name"] for line in result["groups"]] == list(groups)
        for line in result["groups"]:
            x, n, rows = counted[line["name"]]
            assert (line["successes"], line["trials"], line["rows"]) == (x, n, rows)
            assert line["in_scope"] == (n >= check["min_rows"])
            if n:
                expected = [x / n, *limits[line["name"]]]
                assert [line["value"], line["low"], line["high"]] == pytest.approx(expected, abs=EXACT)
            else:
                assert "unmeasured" in line["value"]


# ---------------------------------------------------------------- the report


class Tables(HTMLParser):
    """Tables by the id of their caption, or by their number where it has none, as rows of cell texts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[list[str]]] = {}
        self.rows: list[list[str]] | None = None
        self.text: list[str] | None = None
        self.caption = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.rows, self.caption = [], f"table {len(self.found)}"
        elif tag == "caption":
            self.caption = dict(attrs).get("id") or self.caption
        elif tag == "tr" and self.rows is not None:
            self.rows.append([])
        elif tag in ("th", "td"):
            self.text = []

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("th", "td") and self.text is not None and self.rows:
            self.rows[-1].append(" ".join("".join(self.text).split()))
            self.text = None
        elif tag == "table" and self.rows is not None:
            self.found[self.caption] = self.rows
            self.rows = None


NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")


def printed(text: str) -> tuple[float, float] | None:
    """Return a printed number as a plain value, and half of its last digit: percentages and points as shares."""
    found = NUMBER.match(text.replace("−", "-"))
    if found is None:
        return None
    digits = found.group().replace(",", "")
    half = 0.5 * 10.0 ** -len(digits.partition(".")[2])
    scale = 100.0 if "%" in text or "point" in text or "ポイント" in text else 1.0
    return float(digits) / scale, half / scale


def same(text: str, value: object) -> bool:
    number = printed(text)
    if number is None or not isinstance(value, (int, float)):
        return number is None and not isinstance(value, (int, float))
    return abs(number[0] - value) <= number[1] * (1 + 1e-9) + 1e-12


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_number_in_the_tables_of_the_report_is_one_of_those(bundle: stranger.Bundle, language: str) -> None:
    """Group tables line by line; the check's own table figure by figure."""
    parser = Tables()
    parser.feed(bundle.files[f"report/report.{language}.html"].decode())
    planned = {check["id"]: check for check in bundle.plan["checks"]}
    cells = 0
    for finding in bundle.assessment["findings"]:
        slug = finding["requirement"].rsplit(":", 1)[-1].partition("@")[0]
        for number, result in enumerate(finding["checks"], 1):
            pack = finding["pack"].partition("@")[0]
            prefix = f"r-{pack}-{slug}-c{number}-t"
            tables = [rows for caption, rows in parser.found.items() if caption.startswith(prefix)]
            check = planned[result["check"]]
            assert tables, prefix
            if check["columns"]:
                cells += group_cells(tables.pop(0), result)
            if tables:
                cells += own_cells(tables[0], result, check)
    assert cells > 400


def group_cells(rows: list[list[str]], result: Mapping[str, Any]) -> int:
    lines = {line["name"]: line for line in result["groups"]}
    shown = {row[0].replace("（欠損）", "missing"): row for row in rows[1:]}
    assert len(shown) == len(lines)
    for (name, row), line in zip(shown.items(), (lines.get(name) for name in shown), strict=True):
        assert line is not None, name
        for text, field in zip(row[1:7], ("rows", "successes", "trials", "value", "low", "high"), strict=True):
            assert same(text, line[field]), (result["check"], name, field, text, line[field])
    return 6 * len(lines)


def own_cells(rows: list[list[str]], result: Mapping[str, Any], check: Mapping[str, Any]) -> int:
    """Each figure of the check's own table is the next of its figures, in their order."""
    values = [result[name] for name in ("value", "low", "high")]
    if check["basis"] == "count":
        values = values[:1]
    values.append(result["threshold"])
    values += [result["unacceptable"]] if result["unacceptable"] != result["threshold"] else []
    values += [result[name] for name in ("noise_floor", "worst_case") if name in result]
    values.append(result["trials"] or result["rows"])
    texts = [row[1] for row in rows[1:]]
    assert len(texts) == len(values), (result["check"], texts)
    for text, value in zip(texts, values, strict=True):
        assert same(text, value) or isinstance(value, dict), (result["check"], text, value)
    return len(texts)


def test_the_counts_at_the_top_of_the_report_add_up(bundle: stranger.Bundle) -> None:
    parser = Tables()
    parser.feed(bundle.files["report/report.en.html"].decode())
    statuses = sorted(stranger.findings(bundle).values())
    counted = {name: len(list(group)) for name, group in groupby(statuses)}
    rows = next(rows for rows in parser.found.values() if rows and rows[0][:2] == ["Status", "Count"])
    shown = {row[0].replace(" ", "_"): int(row[1]) for row in rows[1:]}
    assert {name: n for name, n in shown.items() if n} == counted
    assert json.loads(bundle.files["assessment.json"])["gate"]["counts"] == shown
