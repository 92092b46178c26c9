"""A stranger's verifier: every verdict and finding of a case bundle, derived again from its bytes.

It shares nothing with the engine but the schema of the files: it imports no line of the project, reads the packs as
plain YAML, and follows the rule as it is written down, pair by pair and in scalar loops. It is slow on purpose.
"""

from __future__ import annotations

import ast
import base64
import hashlib
import io
import json
import math
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from itertools import permutations, product
from typing import Any

import numpy as np
import yaml
from scipy import stats

MISSING = "missing"
Cell = tuple[int, int]

_ALL = {(0, 0), (0, 1), (1, 0), (1, 1)}
# metric: (cells in the numerator, cells in the denominator), each (label, prediction)
METRICS: dict[str, tuple[set[Cell], set[Cell]]] = {
    "selection_rate": ({(0, 1), (1, 1)}, _ALL),
    "base_rate": ({(1, 0), (1, 1)}, _ALL),
    "accuracy": ({(0, 0), (1, 1)}, _ALL),
    "true_positive_rate": ({(1, 1)}, {(1, 0), (1, 1)}),
    "recall": ({(1, 1)}, {(1, 0), (1, 1)}),
    "false_negative_rate": ({(1, 0)}, {(1, 0), (1, 1)}),
    "false_positive_rate": ({(0, 1)}, {(0, 0), (0, 1)}),
    "true_negative_rate": ({(0, 0)}, {(0, 0), (0, 1)}),
    "positive_predictive_value": ({(1, 1)}, {(0, 1), (1, 1)}),
    "precision": ({(1, 1)}, {(0, 1), (1, 1)}),
}
SHARES = (
    "captured_share",
    "faithful_share",
    "inputs_match_share",
    "late_share",
    "reasons_captured_share",
    "recourse_share",
    "stable_reasons_share",
)
METRICS |= dict.fromkeys(SHARES, METRICS["selection_rate"])
WITHOUT_LABEL = {"selection_rate", *SHARES}
WITHOUT_PREDICTION = {"base_rate"}


# ---------------------------------------------------------------- the bundle


@dataclass
class Bundle:
    """What the bytes say, after their digests were checked."""

    files: dict[str, bytes]
    plan: dict[str, Any]
    plan_digest: str
    assessment: dict[str, Any]
    evidence: dict[str, dict[str, Any]]
    packs: dict[str, dict[str, Any]] = field(default_factory=dict)


def open_bundle(content: bytes) -> Bundle:
    """Read a bundle and check each digest in it; no signature is looked at here."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    listed = _predicate(files["manifest.json"])[0]["files"]
    assert {name: sha256(data) for name, data in files.items() if name != "manifest.json"} == listed
    evidence = {}
    for name, data in files.items():
        if name.startswith("evidence/"):
            predicate, digest = _predicate(data)
            assert name == f"evidence/{digest}.json"
            evidence[digest] = predicate
    plan, assessment = json.loads(files["plan.json"]), json.loads(files["assessment.json"])
    plan_digest = sha256(files["plan.json"])
    assert assessment["plan"] == plan_digest
    found = Bundle(files, plan, plan_digest, assessment, evidence)
    for pack in plan["packs"]:
        found.packs[f"{pack['name']}@{pack['version']}"] = _read_pack(files, f"packs/{pack['name']}-{pack['version']}/")
    return found


def sha256(data: bytes) -> str:
    """Return the digest in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def _predicate(envelope: bytes) -> tuple[dict[str, Any], str]:
    """Return the predicate of a statement, and the digest of its bytes, cut out of the payload as they stand."""
    payload = base64.b64decode(json.loads(envelope)["payload"])
    start = payload.index(b'"predicate":') + len(b'"predicate":')
    end = payload.index(b',"predicateType":"urn:hakari:predicate:', start)
    return json.loads(payload[start:end]), sha256(payload[start:end])


def _read_pack(files: Mapping[str, bytes], prefix: str) -> dict[str, Any]:
    pack: dict[str, Any] = yaml.load(files[f"{prefix}pack.yaml"], Loader=yaml.BaseLoader)
    requirements = []
    for name in sorted(files):
        if name.startswith(f"{prefix}requirements/"):
            requirements += yaml.load(files[name], Loader=yaml.BaseLoader)["requirements"]
    pack["requirements"] = requirements
    return pack


# ---------------------------------------------------------------- counts and limits


def counts_of(table: Mapping[str, Any], metric: str, columns: Sequence[str]) -> dict[tuple[Any, ...], list[int]]:
    """Return group → [successes, trials, all rows] of a rate, counted from the rows of a tally."""
    names = list(table["columns"])
    numerator, denominator = METRICS[metric]
    found: dict[tuple[Any, ...], list[int]] = {}
    for row in table["rows"]:
        cell = dict(zip(names, row, strict=True))
        group = tuple(cell[column] for column in columns)
        entry = found.setdefault(group, [0, 0, 0])
        entry[2] += cell["n"]
        # An axis that the rate does not need may hold anything, also nothing.
        label = 1 if metric in WITHOUT_LABEL else cell["label"]
        prediction = 1 if metric in WITHOUT_PREDICTION else cell["prediction"]
        if label == MISSING or prediction == MISSING:
            continue
        key = (int(label), int(prediction))
        entry[0] += cell["n"] * (key in numerator)
        entry[1] += cell["n"] * (key in denominator)
    return found


@cache
def cp_lower(x: int, n: int, error: float) -> float:
    """One-sided lower Clopper–Pearson limit."""
    return 0.0 if x == 0 else float(stats.beta.ppf(error, x, n - x + 1))


@cache
def cp_upper(x: int, n: int, error: float) -> float:
    """One-sided upper Clopper–Pearson limit."""
    return 1.0 if x == n else float(stats.beta.isf(error, x + 1, n - x))


Group = tuple[int, int]
"""(successes, trials)"""


def contrasts(size: int, reference: int | str | None) -> list[tuple[int, int]]:
    """Return the ordered pairs (i, j) that are compared; against the rest, j = size + i stands for the rest of i."""
    if reference is None:
        return list(permutations(range(size), 2))
    if reference == "rest":
        return [pair for i in range(size) for pair in ((i, size + i), (size + i, i))]
    return [pair for i in range(size) if i != reference for pair in ((i, int(reference)), (int(reference), i))]


def sides(groups: Sequence[Group], reference: int | str | None) -> list[Group]:
    """Return what is compared: the groups, and against the rest also the pooled rest of each."""
    if reference != "rest":
        return list(groups)
    x, n = sum(g[0] for g in groups), sum(g[1] for g in groups)
    return [*groups, *((x - g[0], n - g[1]) for g in groups)]


@cache
def around(x: int, n: int, error: float) -> tuple[list[float], list[float]]:
    """Return lower and upper limits of a rate at 17 angles ψ, the upper ones backwards; none passes the rate.

    At ψ the lower limit has the error P(Z > z sin ψ) and the upper one P(Z > z cos ψ), where P(Z > z) is `error`.
    """
    z = max(float(stats.norm.isf(error)), 0.0)
    errors = [float(stats.norm.sf(z * math.sin(step * math.pi / 32))) for step in range(17)]
    low = [0.0] * 17 if x == 0 else np.asarray(stats.beta.ppf(errors, x, n - x + 1)).tolist()
    high = [1.0] * 17 if x == n else np.asarray(stats.beta.isf(errors[::-1], x + 1, n - x)).tolist()
    return [min(x / n, limit) for limit in low], [max(x / n, limit) for limit in high]


def most(i: Group, j: Group, line: float, error: float, *, box: bool = False) -> float:
    """Return the upper limit of φ p_j − p_i at `error`: along the contour of both errors, or both at half of it."""
    if box:
        return line * cp_upper(*j, error / 2) - cp_lower(*i, error / 2)
    return max(line * high - low for low, high in zip(around(*i, error)[0], around(*j, error)[1], strict=True))


def least(i: Group, j: Group, line: float, error: float, *, box: bool = False) -> float:
    """Return the lower limit of φ p_j − p_i at `error`: MOVER's."""
    if box:
        return line * cp_lower(*j, error / 2) - cp_upper(*i, error / 2)
    p, q = i[0] / i[1], j[0] / j[1]
    return line * q - p - math.sqrt((cp_upper(*i, error) - p) ** 2 + line**2 * (q - cp_lower(*j, error)) ** 2)


@dataclass(frozen=True)
class Rule:
    """The line of one check."""

    aggregation: str
    operator: str
    a: float
    b: float
    box: bool = False
    reference: int | str | None = None

    @property
    def strict(self) -> bool:
        """Whether there is no margin."""
        return self.a == self.b


def point(rule: Rule, groups: Sequence[Group]) -> float:
    """Return the plain value of the aggregate."""
    compared = sides(groups, rule.reference)
    rates = [x / n for x, n in compared]
    pairs = contrasts(len(groups), rule.reference)
    if rule.aggregation == "difference":
        return max(rates[i] - rates[j] for i, j in pairs)
    if rule.aggregation == "ratio":
        return min(1.0 if rates[j] == 0 else rates[i] / rates[j] for i, j in pairs)
    return max(rates) if rule.operator == "<=" else min(rates)


def ends(rule: Rule, groups: Sequence[Group], error_met: float, error_not: float) -> tuple[float, float]:
    """Return [L, U] with the end that faces b at `error_met` and the one that faces a at `error_not`."""
    compared, pairs = sides(groups, rule.reference), contrasts(len(groups), rule.reference)
    if rule.aggregation == "difference":
        share = error_not / len(pairs)
        low = max(least(compared[i], compared[j], 1.0, share, box=rule.box) for i, j in pairs)
        return max(0.0, low), max(most(compared[i], compared[j], 1.0, error_met, box=rule.box) for i, j in pairs)
    if rule.aggregation == "ratio":
        share = error_not / len(pairs)

        def shown_at_least(line: float) -> bool:
            return max(most(compared[i], compared[j], line, error_met, box=rule.box) for i, j in pairs) <= 0

        def shown_below(line: float) -> bool:
            return max(least(compared[i], compared[j], line, share, box=rule.box) for i, j in pairs) > 0

        return _last_true(shown_at_least), _last_true(lambda line: not shown_below(line))
    share = error_not / len(groups)
    if rule.operator == ">=":
        return min(cp_lower(*g, error_met) for g in groups), min(cp_upper(*g, share) for g in groups)
    return max(cp_lower(*g, share) for g in groups), max(cp_upper(*g, error_met) for g in groups)


def _last_true(holds: Callable[[float], bool]) -> float:
    """Return where in [0, 1] a property that holds for small numbers ends."""
    if not holds(0.0):
        return 0.0
    if holds(1.0):
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def rejects(rule: Rule, groups: Sequence[Group], error_met: float, error_not: float) -> tuple[bool, bool]:
    """Return whether "unacceptable" and whether "acceptable" is rejected, straight from the rule."""
    if rule.aggregation == "ratio":
        compared, pairs = sides(groups, rule.reference), contrasts(len(groups), rule.reference)
        share = error_not / len(pairs)
        gap = max(most(compared[i], compared[j], rule.b, error_met, box=rule.box) for i, j in pairs)
        shown = max(least(compared[i], compared[j], rule.a, share, box=rule.box) for i, j in pairs)
        return gap < 0 if rule.strict else gap <= 0, shown > 0
    return facing(rule, *ends(rule, groups, error_met, error_not))


def facing(rule: Rule, low: float, high: float) -> tuple[bool, bool]:
    """Return which of the two hypotheses an interval rejects."""
    if rule.operator == "<=":
        return (high < rule.b if rule.strict else high <= rule.b), low > rule.a
    return (low > rule.b if rule.strict else low >= rule.b), high < rule.a


def status_of(bad_rejected: bool, good_rejected: bool) -> str:
    """Return the verdict."""
    return "met" if bad_rejected else "not_met" if good_rejected else "inconclusive"


def smallest_error(fires: Callable[[float], bool]) -> float:
    """Return the smallest one-sided error at which a verdict fires, by bisection on the logarithm; 1 above a half."""
    low, high = math.log(1e-15), math.log(0.5)
    if not fires(0.5):
        return 1.0
    if fires(1e-15):
        return 1e-15
    for _ in range(48):
        middle = (low + high) / 2
        low, high = (low, middle) if fires(math.exp(middle)) else (middle, high)
    return math.exp(high)


# ---------------------------------------------------------------- smooth metrics


def score_rows(table: Mapping[str, Any], axis: str) -> tuple[np.ndarray, np.ndarray]:
    """Return label and score (or prediction) of every counted row that has both."""
    names = list(table["columns"])
    label, score, n = names.index("label"), names.index(axis), names.index("n")
    rows = [row for row in table["rows"] if row[label] != MISSING and row[score] != MISSING]
    repeat = [int(row[n]) for row in rows]
    return (
        np.repeat([float(row[label]) for row in rows], repeat),
        np.repeat([float(row[score]) for row in rows], repeat),
    )


def smooth_value(metric: str, label: np.ndarray, score: np.ndarray) -> float:
    """Return the plain value of a smooth metric from rows."""
    good, bad = score[label == 1], score[label == 0]
    if metric == "auc":
        return float(np.mean((good[:, None] > bad) + 0.5 * (good[:, None] == bad)))
    if metric == "brier":
        return math.fsum((score - label) ** 2) / len(label)
    if metric == "balanced_accuracy":
        return float(np.mean(good == 1) + np.mean(bad == 0)) / 2
    if metric == "f1":
        hits = float(np.sum((label == 1) & (score == 1)))
        return 2 * hits / (2 * hits + float(np.sum(label != score)))
    assert metric == "calibration_error"
    total = 0.0
    for number in range(10):
        inside = (score >= number / 10) & ((score < (number + 1) / 10) | (number == 9))
        total += abs(math.fsum(label[inside] - score[inside]))
    return total / len(label)


Shares = tuple[np.ndarray, np.ndarray]
"""Of each row of label 1 the share of rows of label 0 below it; of each row of label 0 the share of others above it."""


def won(label: np.ndarray, score: np.ndarray) -> Shares:
    """Return DeLong's structural components of the AUC, ties counted half."""
    good, bad = score[label == 1], score[label == 0]
    wins = (good[:, None] > bad) + 0.5 * (good[:, None] == bad)
    return wins.mean(axis=1), wins.mean(axis=0)


def ranking_ends(shares: Shares, low: float, high: float) -> tuple[float, float]:
    """Return one-sided limits of the AUC at the errors `low` and `high`.

    One row of each class is imagined beyond those at hand, ranked all wrong for the lower limit and all right for the
    upper one. Then the AUC is taken as a rate of so many rows as have its variance, three per row of the rarer class at
    most, less what t asks of more room than the normal.
    """
    value, rarer = float(shares[0].mean()), min(len(part) for part in shares)

    def rows(error: float, imagined: float) -> float:
        more = [np.append(part, imagined) for part in shares]
        variance = sum(float(part.var(ddof=1)) / len(part) for part in more)
        mean = (rarer * value + imagined) / (rarer + 1)
        found = min(mean * (1 - mean) / variance if variance > 0 else rarer, 3.0 * rarer)
        z, t = float(stats.norm.isf(error)), float(stats.t.isf(error, max(rarer - 1, 1)))
        return found * (min((z / t) ** 2, 1.0) if error < 0.5 else 1.0)

    down, up = rows(low, 0.0), rows(high, 1.0)
    lower = 0.0 if value == 0 else float(stats.beta.ppf(low, value * down, down - value * down + 1))
    upper = 1.0 if value == 1 else float(stats.beta.isf(high, value * up + 1, up - value * up))
    return min(lower, value), max(upper, value)


def smooth_spread(metric: str, label: np.ndarray, score: np.ndarray) -> float:
    """Return the standard error, from influence values of the rows."""
    n = len(label)
    if metric == "brier":
        return float(np.std((score - label) ** 2, ddof=1)) / math.sqrt(n)
    # Leave one row out at a time: the jackknife, which knows nothing of the metric.
    cells, counts = np.unique(np.stack([label, score]), axis=1, return_counts=True)
    values = []
    for place in range(cells.shape[1]):
        left = counts.copy()
        left[place] -= 1
        values.append(smooth_value(metric, np.repeat(cells[0], left), np.repeat(cells[1], left)))
    mean = float(np.average(values, weights=counts))
    return math.sqrt((n - 1) / n * float(np.sum(counts * (np.array(values) - mean) ** 2)))


def smooth_ends(metric: str, value: float, spread: float, low: float, high: float) -> tuple[float, float]:
    """Return one-sided normal limits at the errors `low` and `high`, on the logit scale except for calibration."""
    down, up = float(stats.norm.isf(low)), float(stats.norm.isf(high))
    if metric == "calibration_error":
        return max(0.0, value - down * spread), min(1.0, value + up * spread)
    centre, width = math.log(value / (1 - value)), spread / (value * (1 - value))
    return 1 / (1 + math.exp(down * width - centre)), 1 / (1 + math.exp(-up * width - centre))


def bin_noise(label: np.ndarray, score: np.ndarray, error: float) -> float:
    """Return what chance alone adds to a calibration error with probability `error`, at most.

    Each bin's Σ(y - s) is taken as normal around its mean; its variance is the larger of Σ(y - s)² and that of
    calibrated scores, with half a row more. The sum of their absolute values has the cube of a normal as its law
    (Wilson and Hilferty), by its mean and variance, and at least that of a single bin with all of the variance.
    """
    variances = []
    for number in range(10):
        inside = (score >= number / 10) & ((score < (number + 1) / 10) | (number == 9))
        if inside.any():
            at, wrong = score[inside], label[inside] - score[inside]
            variances.append(max(math.fsum(wrong**2), math.fsum(at * (1 - at))) + 0.5)
    mean = sum(float(stats.halfnorm.mean(scale=math.sqrt(each))) for each in variances)
    variance = sum(float(stats.halfnorm.var(scale=math.sqrt(each))) for each in variances)
    part = variance / mean**2 / 9
    root = float(stats.norm.isf(error, loc=1 - part, scale=math.sqrt(part)))
    whole = float(stats.halfnorm.isf(error, scale=math.sqrt(sum(variances))))
    return max(mean * max(root, 0.0) ** 3, whole) / len(label)


def smooth_limits(
    metric: str, value: float, label: np.ndarray, score: np.ndarray
) -> Callable[[float, float], tuple[float, float]]:
    """Return the limits of a metric as a function of both errors."""
    if metric == "auc":
        shares = won(label, score)
        return lambda low, high: ranking_ends(shares, low, high)
    spread = smooth_spread(metric, label, score)

    def within(low: float, high: float) -> tuple[float, float]:
        lower, upper = smooth_ends(metric, value, spread, low, high)
        if metric == "calibration_error":
            lower = min(lower, max(value - bin_noise(label, score, low), 0.0))
        return lower, upper

    return within


SMOOTH_AXIS = {"auc": "score", "brier": "score", "calibration_error": "score", "f1": "prediction"}


# ---------------------------------------------------------------- checks


@dataclass
class Verdict:
    """What the stranger finds for one check."""

    status: str
    evidence: str | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    error_met: float | None = None
    error_not_met: float | None = None
    coverage: float = 1.0
    groups: dict[str, list[int]] = field(default_factory=dict)
    in_scope: set[str] = field(default_factory=set)
    exact: bool = True
    """False for smooth metrics but the AUC: their limits here come from another method."""


@dataclass
class _Measured:
    check: dict[str, Any]
    evidence: str
    rule: Rule
    main: list[Group]
    everyone: list[Group]
    """All groups with a denominator, if some of them are too small to be in scope; else empty."""
    wide_rule: Rule
    verdict: Verdict
    within: Callable[[float, float], tuple[float, float]] | None = None
    """The limits of a smooth metric at two errors."""
    p_met: float = 1.0
    p_not: float = 1.0


def verdicts(bundle: Bundle) -> dict[str, Verdict]:
    """Return the verdict of every planned check."""
    found: dict[str, Verdict] = {}
    measured: dict[str, _Measured] = {}
    for check in bundle.plan["checks"]:
        result = _measure(bundle, check)
        if isinstance(result, _Measured):
            measured[check["id"]] = result
        else:
            found[check["id"]] = result
    family = [check for check in bundle.plan["checks"] if check["basis"] != "count"]
    assert len(family) == bundle.plan["family"]
    levels = _levels(family, measured)
    for name, item in measured.items():
        found[name] = _judge(item, *levels[name])
    return found


def current_evidence(bundle: Bundle, check: Mapping[str, Any]) -> tuple[str, str]:
    """Return ("current" | "stale" | "missing", id) of the record that answers a check."""
    if "impossible" in check:
        return "missing", ""
    planned = next(item for item in bundle.plan["measurements"] if item["id"] == check["measurement"])
    mine = [
        (record["collected_at"], identifier)
        for identifier, record in bundle.evidence.items()
        if record.get("plan", {}).get("digest") == bundle.plan_digest
        and record["plan"]["measurement"] == planned["id"]
        and record["subjects"] == planned["subjects"]
    ]
    if not mine:
        return "missing", ""
    identifier = max(mine)[1]
    return _age(bundle, check["requirement"], identifier), identifier


def _age(bundle: Bundle, reference: str, identifier: str) -> str:
    """Return whether a record is young and independent enough for a requirement, and its facts still those stated."""
    rule, record = requirement_of(bundle, reference).get("evidence", {}), bundle.evidence[identifier]
    ranks = ["self", "pipeline", "second_person", "independent"]
    if ranks.index(record["assurance"]) < ranks.index(rule.get("least_assurance", "self")):
        return "missing"
    if any(bundle.plan["facts"].get(name) != value for name, value in record["facts"].items()):
        return "stale"
    last = date.fromisoformat(record["effective_at"][:10]) + timedelta(days=int(rule.get("max_age_days", 365)))
    return "stale" if date.fromisoformat(bundle.assessment["as_of"]) > last else "current"


def requirement_of(bundle: Bundle, reference: str) -> dict[str, Any]:
    """Return the pack's text of a requirement by `urn@version`."""
    for pack in bundle.packs.values():
        for requirement in pack["requirements"]:
            if f"{requirement['urn']}@{requirement['version']}" == reference:
                return dict(requirement)
    raise LookupError(reference)


def _measure(bundle: Bundle, check: dict[str, Any]) -> _Measured | Verdict:
    standing, identifier = current_evidence(bundle, check)
    if standing != "current":
        return Verdict(standing)
    record = bundle.evidence[identifier]
    a = check["threshold"]
    b = round(a + check["margin"] if check["operator"] == "<=" else a - check["margin"], 12)
    if check["basis"] == "count":
        return _count(check, record, identifier)
    table = next(item for item in record["tables"] if item["name"] == check["table"])
    rule = Rule(check["aggregation"], check["operator"], a, b, check["method"] == "box")
    if check["basis"] == "smooth":
        axis = SMOOTH_AXIS.get(check["metric"], "prediction")
        rows = score_rows(table, axis)
        verdict = Verdict("missing", identifier, exact=check["metric"] == "auc")
        if sum(row[list(table["columns"]).index("n")] for row in table["rows"]) < check["min_rows"]:
            return verdict
        verdict.value = smooth_value(check["metric"], *rows)
        within = smooth_limits(check["metric"], verdict.value, *rows)
        item = _Measured(check, identifier, rule, [], [], rule, verdict, within)
        item.p_met = smallest_error(lambda e: facing(rule, *_smooth(item, e, e))[0])
        item.p_not = smallest_error(lambda e: facing(rule, *_smooth(item, e, e))[1])
        return item
    return _rates(check, identifier, table, rule)


def _count(check: dict[str, Any], record: dict[str, Any], identifier: str) -> Verdict:
    found = next(item for item in record["estimates"] if item["metric"] == check["metric"] and not item["slice"])
    if isinstance(found["value"], dict):
        return Verdict("missing", identifier)
    value = found["value"]
    good = value <= check["threshold"] if check["operator"] == "<=" else value >= check["threshold"]
    return Verdict("met" if good else "not_met", identifier, value, value, value)


def _rates(check: dict[str, Any], identifier: str, table: dict[str, Any], rule: Rule) -> _Measured | Verdict:
    counted = counts_of(table, check["metric"], check["columns"])
    named = {" × ".join(str(level) for level in group): numbers for group, numbers in counted.items()}
    kept = {name: numbers for name, numbers in named.items() if numbers[1] >= check["min_rows"]}
    known = {name: numbers for name, numbers in named.items() if numbers[1] > 0}
    verdict = Verdict("inconclusive", identifier, groups=named, in_scope=set(kept))
    verdict.coverage = sum(n[2] for n in kept.values()) / sum(n[2] for n in named.values())
    least = 2 if check["aggregation"] in ("difference", "ratio") else 1
    if len(kept) < least:
        if len(known) < least or check.get("reference") is not None:
            return verdict
        # Too few groups for `met`; the small ones may still show `not_met`, at a tenth of the error.
        small_ones = [(x, n) for x, n, _ in known.values()]
        item = _Measured(check, identifier, rule, [], small_ones, rule, verdict)
        item.p_not = min(smallest_error(lambda e: rejects(rule, small_ones, e, e)[1]) / 0.1, 1.0)
        return item
    main, everyone = ([(x, n) for x, n, _ in part.values()] for part in (kept, known))
    few = len(kept) < len(known)
    rule, wide = (_with_reference(rule, check, list(part)) for part in (kept, known))
    item = _Measured(check, identifier, rule, main, everyone if few else [], wide, verdict)
    verdict.value = point(rule, main)
    item.p_met = smallest_error(lambda e: rejects(rule, main, e, e)[0])
    item.p_not = smallest_error(lambda e: rejects(rule, main, e, e)[1])
    if few:
        # A tenth of the error is set aside for comparisons with groups below min_rows, nine tenths are left.
        small = smallest_error(lambda e: rejects(wide, everyone, e, e)[1])
        item.p_not = min(item.p_not / 0.9, small / 0.1, 1.0)
    return item


def _with_reference(rule: Rule, check: Mapping[str, Any], names: list[str]) -> Rule:
    reference = check.get("reference")
    if reference is None or check["aggregation"] not in ("difference", "ratio"):
        return rule
    place = reference if reference == "rest" else names.index(reference)
    return Rule(rule.aggregation, rule.operator, rule.a, rule.b, rule.box, place)


def _smooth(item: _Measured, error_met: float, error_not: float) -> tuple[float, float]:
    assert item.within is not None
    low, high = (error_not, error_met) if item.rule.operator == "<=" else (error_met, error_not)
    return item.within(low, high)


def _levels(family: list[dict[str, Any]], measured: Mapping[str, _Measured]) -> dict[str, tuple[float, float]]:
    """Return (error for met, error for not_met) of each check: looks, candidates, and Holm over the K checks."""
    budgets = {
        check["id"]: (1 - check["confidence"]) / 2 / (check["look"] * (check["look"] + 1)) / check["candidates"]
        for check in family
    }
    nothing = 1.0
    not_met = holm({name: measured[name].p_not if name in measured else nothing for name in budgets}, budgets)
    met = holm({name: measured[name].p_met if name in measured else nothing for name in budgets}, budgets)
    held = {check["id"] for check in family if check["family_met"] == "holm"}
    return {name: (met[name] if name in held else budgets[name], not_met[name]) for name in budgets}


def holm(p: Mapping[str, float], budgets: Mapping[str, float]) -> dict[str, float]:
    """Return the level of each check: budget/K for the smallest p, one step looser after each rejection."""
    left = dict(p)
    levels: dict[str, float] = {}
    while left:
        least = min(left[name] / budgets[name] for name in left)
        tied = [name for name in left if left[name] / budgets[name] == least]
        for name in tied:
            levels[name] = budgets[name] / len(left)
        if any(left[name] > levels[name] for name in tied):
            return {**{name: budgets[name] / len(left) for name in left}, **levels}
        for name in tied:
            del left[name]
    return levels


def _judge(item: _Measured, error_met: float, error_not: float) -> Verdict:
    check, verdict = item.check, item.verdict
    verdict.error_met = error_met
    share = 0.9 if item.everyone else 1.0
    verdict.error_not_met = error_not * share
    if item.within is not None:
        verdict.low, verdict.high = _smooth(item, error_met, error_not)
        verdict.status = status_of(*facing(item.rule, verdict.low, verdict.high))
    elif not item.main:
        verdict.error_met = verdict.error_not_met = None
    else:
        verdict.low, verdict.high = ends(item.rule, item.main, error_met, error_not * share)
        verdict.status = status_of(*rejects(item.rule, item.main, error_met, error_not * share))
    if item.everyone and verdict.status != "not_met":
        small = error_not * 0.1
        if status_of(*rejects(item.wide_rule, item.everyone, error_met, small)) == "not_met":
            verdict.status, verdict.error_met, verdict.error_not_met = "not_met", error_met, small
            verdict.value = point(item.wide_rule, item.everyone)
            verdict.low, verdict.high = ends(item.wide_rule, item.everyone, error_met, small)
    too_narrow = verdict.status == "met" and verdict.coverage < check["coverage_min"]
    if too_narrow or (check["reused"] and check["candidates"] == 1):
        verdict.status = "inconclusive"
    return verdict


def simultaneous(groups: Mapping[str, Sequence[int]], alpha: float) -> dict[str, tuple[float, float]]:
    """Return two-sided Clopper–Pearson limits of each group with trials at 1 − (1−α)^(1/G)."""
    known = {name: numbers for name, numbers in groups.items() if numbers[1] > 0}
    each = (1 - (1 - alpha) ** (1 / max(len(known), 1))) / 2
    return {name: (cp_lower(x, n, each), cp_upper(x, n, each)) for name, (x, n, *_) in known.items()}


# ---------------------------------------------------------------- findings


def findings(bundle: Bundle, found: Mapping[str, Verdict] | None = None) -> dict[str, str]:
    """Return the status of each requirement of the plan's stage."""
    found = verdicts(bundle) if found is None else found
    statuses: dict[str, str] = {}
    for pack in bundle.packs.values():
        for requirement in pack["requirements"]:
            if bundle.plan["stage"] in requirement["stages"]:
                reference = f"{requirement['urn']}@{requirement['version']}"
                statuses[reference] = _finding(bundle, pack, requirement, reference, found)
    return statuses


def _finding(
    bundle: Bundle, pack: dict[str, Any], requirement: dict[str, Any], reference: str, found: Mapping[str, Verdict]
) -> str:
    facts = {name: value for name, value in bundle.plan["facts"].items() if value not in (None, "unknown")}
    domains = {fact["id"]: _domain(fact) for fact in pack["facts"]}
    if "applies_when" in requirement:
        applies, _ = decided(requirement["applies_when"], facts, domains)
        if applies is None:
            return "missing"
        if not applies:
            return "not_applicable"
    parts = [found[check["id"]].status for check in bundle.plan["checks"] if check["requirement"] == reference]
    answers = [status for _, status in answer_statuses(bundle, requirement, reference, facts, domains)]
    status = combined(requirement, parts, answers)
    return "excepted" if status not in ("met", "not_applicable") and _excepted(bundle, reference) else status


def combined(requirement: Mapping[str, Any], parts: Sequence[str], answers: Sequence[str]) -> str:
    """Return the status that the parts of a requirement add up to."""
    asked = [*parts, *(status for status in answers if status not in ("neutral", "not_asked"))]
    if not asked:
        return "met" if "neutral" in answers else "missing"
    if requirement.get("evidence", {}).get("rule", "all") == "any":
        order = ["met", "inconclusive", "stale", "missing", "not_met"]
    else:
        order = ["not_met", "missing", "stale", "inconclusive", "met"]
    return next(status for status in order if status in asked)


def _excepted(bundle: Bundle, reference: str) -> bool:
    """Acceptances are recognised by what they say; whether one is void is not looked into here."""
    made = [_predicate(data)[0] for name, data in bundle.files.items() if name.startswith("exceptions/")]
    return any(item["requirement"] == reference and item["until"] >= bundle.assessment["as_of"] for item in made)


def answer_statuses(
    bundle: Bundle, requirement: Mapping[str, Any], reference: str, facts: dict[str, Any], domains: dict[str, list[Any]]
) -> Iterator[tuple[str, str]]:
    """Yield (question, status) in the order of the pack."""
    values: dict[str, Any] = {}
    not_asked: set[str] = set()
    known = dict(domains)
    for question in requirement.get("questions", []):
        name = f"answers.{question['id']}"
        if "when" in question:
            wanted, open_names = decided(question["when"], {**facts, **values}, known)
            if wanted is False or (wanted is None and open_names <= not_asked):
                not_asked.add(name)
                yield question["id"], "not_asked"
                continue
        if question["type"] == "yes_no":
            known[name] = ["yes", "no"]
        elif question["type"] == "single":
            known[name] = [choice["id"] for choice in question["choices"]]
        status, value = _answer(bundle, reference, question)
        if value not in (None, "unknown"):
            values[name] = value
        yield question["id"], status


def _answer(bundle: Bundle, reference: str, question: Mapping[str, Any]) -> tuple[str, Any]:
    mine = [
        (record["collected_at"], identifier)
        for identifier, record in bundle.evidence.items()
        if record["kind"] == "answer"
        and record["answer"]["question"] == question["id"]
        and record["answer"]["requirement"] == reference
    ]
    if not mine:
        return "missing", None
    identifier = max(mine)[1]
    standing = _age(bundle, reference, identifier)
    if standing != "current":
        return standing, None
    value = bundle.evidence[identifier]["answer"]["value"]
    return _effect(question, value), value


def _effect(question: Mapping[str, Any], value: Any) -> str:
    if value == "unknown":
        return "missing"
    if question["type"] == "text" and len(value.strip()) < int(question.get("min_length", 0)):
        return "missing"
    words = {"meets": "met", "fails": "not_met", "neutral": "neutral"}
    if question["type"] == "yes_no":
        return words[question.get("effects", {}).get(value, "neutral")]
    if question["type"] == "number" and "accept" in question:
        low = float(question["accept"].get("minimum", "-inf"))
        high = float(question["accept"].get("maximum", "inf"))
        return "met" if low <= value <= high else "not_met"
    if question["type"] in ("single", "multi"):
        chosen = [value] if question["type"] == "single" else value
        effects = {choice.get("effect", "neutral") for choice in question["choices"] if choice["id"] in chosen}
        return words[next(effect for effect in ("fails", "meets", "neutral") if effect in effects)]
    return "met"


# ---------------------------------------------------------------- expressions of packs


def _domain(fact: Mapping[str, Any]) -> list[Any]:
    if fact["type"] == "boolean":
        return [True, False]
    return [choice["id"] for choice in fact.get("choices", [])] if fact["type"] == "choice" else []


def decided(source: str, values: Mapping[str, Any], domains: Mapping[str, list[Any]]) -> tuple[bool | None, set[str]]:
    """Return what an expression is for every value of what is not stated, or None with the names that are open."""
    text = re.sub(r"!(?!=)", " not ", source.replace("&&", " and ").replace("||", " or "))
    tree = ast.parse(text.strip(), mode="eval").body
    names = {name for name in _names(tree) if name not in values}
    tried = [name for name in sorted(names) if domains.get(name)]
    results = {
        _value(tree, {**values, **dict(zip(tried, choice, strict=True))})
        for choice in product(*(domains[name] for name in tried))
    }
    return (bool(results.pop()), set()) if len(results) == 1 and None not in results else (None, names)


def _names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Attribute):
        yield ast.unparse(node)
    elif isinstance(node, ast.Name):
        yield node.id
    else:
        for child in ast.iter_child_nodes(node):
            yield from _names(child)


def _value(node: ast.AST, values: Mapping[str, Any]) -> Any:
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, (ast.Name, ast.Attribute)):
        return values.get(ast.unparse(node))
    if isinstance(node, ast.List):
        return [_value(item, values) for item in node.elts]
    if isinstance(node, ast.UnaryOp):
        inner = _value(node.operand, values)
        return None if inner is None else not inner
    if isinstance(node, ast.BoolOp):
        parts = [_value(item, values) for item in node.values]
        deciding = isinstance(node.op, ast.Or)
        return deciding if deciding in parts else None if None in parts else not deciding
    assert isinstance(node, ast.Compare)
    left, right = _value(node.left, values), _value(node.comparators[0], values)
    if left is None or right is None:
        return None
    return COMPARE[type(node.ops[0])](left, right)


COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: lambda left, right: bool(left == right),
    ast.NotEq: lambda left, right: bool(left != right),
    ast.GtE: lambda left, right: bool(left >= right),
    ast.LtE: lambda left, right: bool(left <= right),
    ast.Gt: lambda left, right: bool(left > right),
    ast.Lt: lambda left, right: bool(left < right),
    ast.In: lambda left, right: left in right,
}
