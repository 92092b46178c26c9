"""Restating: what Hakari's parts come to when they are put together as a peer does. Named `peer: its name`.

A difference is explained when this gives the peer's value. Nothing here is used by Hakari itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from bench.peers.equality.asking import WHOLE, Asked
from bench.peers.equality.samples import Array, Sample

from hakari.statistics.metrics import classes, decisions, scores
from hakari.statistics.score_metrics import auc
from hakari.statistics.smooth import SMOOTH_METRICS

FAIRLEARN = {
    "selection_rate": "selection_rate",
    "true_positive_rate": "true_positive_rate",
    "true_negative_rate": "true_negative_rate",
    "false_positive_rate": "false_positive_rate",
    "false_negative_rate": "false_negative_rate",
    "accuracy_score": "accuracy",
    "zero_one_loss": "error_rate",
    "demographic_parity": "selection_rate",
    "equal_opportunity": "true_positive_rate",
}
SKLEARN = {
    "recall_score": "true_positive_rate",
    "precision_score": "positive_predictive_value",
}
AIF360_PREDICTIVE = (
    "positive_predictive_value",
    "negative_predictive_value",
    "false_discovery_rate",
    "false_omission_rate",
)
AEQUITAS = {
    "pprev": "selection_rate",
    "tpr": "true_positive_rate",
    "fpr": "false_positive_rate",
    "tnr": "true_negative_rate",
    "fnr": "false_negative_rate",
    "precision": "positive_predictive_value",
    "npv": "negative_predictive_value",
    "fdr": "false_discovery_rate",
    "for": "false_omission_rate",
}
DIVIDED_BY_ZERO = 10.0
"""What aequitas gives for a ratio to 0."""
POINTS = 150
"""Quantiles at which holisticai looks for the largest gap."""


def restated(asked: Asked, sample: Sample, counts: Array) -> None:
    """Add every restated value of a data set."""
    _zero_filled(asked, sample, counts)
    _to_overall(asked, counts)
    _against_rest(asked, sample, counts)
    _entropies(asked, sample, counts)
    _parity(asked, sample, counts)
    if sample.weight is None:
        _to_a_reference(asked, sample, counts)
        if sample.score is not None:
            _scores(asked, sample)
    if sample.true_class is not None:
        _classes(asked, sample)


def _filled(name: str, counts: Array) -> Array:
    """A rate (...), 0 where nothing can be divided."""
    return np.nan_to_num(decisions.rate(name, counts))


def _zero_filled(asked: Asked, sample: Sample, counts: Array) -> None:
    """fairlearn, scikit-learn and aif360 (for some rates) take a rate without a denominator for 0."""
    slots = {WHOLE: counts.sum(axis=0), **dict(zip(sample.names, counts, strict=True))}
    for slot, each in slots.items():
        for theirs, ours in FAIRLEARN.items():
            asked.put(f"fairlearn: MetricFrame {theirs}", slot, _filled(ours, each))
        asked.put("fairlearn: MetricFrame precision_score", slot, _filled("positive_predictive_value", each))
        for theirs, ours in SKLEARN.items():
            asked.put(f"sklearn: {theirs}", slot, _filled(ours, each))
        f1 = _smooth("f1", each)
        asked.put("sklearn: f1_score", slot, np.nan_to_num(f1))
        known = np.array([decisions.rate(name, each) for name in ("true_positive_rate", "true_negative_rate")])
        asked.put("sklearn: balanced_accuracy_score", slot, np.nanmean(known))
        for name in AIF360_PREDICTIVE:
            asked.put(f"aif360: {name}", slot, _filled(name, each))
    for theirs, ours in FAIRLEARN.items():
        rates = _filled(ours, counts)
        asked.put(f"fairlearn: {theirs}_difference", WHOLE, rates.max() - rates.min())
        asked.put(f"fairlearn: {theirs}_ratio", WHOLE, rates.min() / rates.max())
    for theirs, ours in {**SKLEARN, "accuracy_score": "accuracy"}.items():
        rates = _filled(ours, counts)
        asked.put(f"fairlearn: {theirs}_group_min", WHOLE, rates.min())
    f1 = np.nan_to_num(_smooth("f1", counts))
    asked.put("fairlearn: f1_score_group_min", WHOLE, f1.min())
    both = np.stack([decisions.rate(name, counts) for name in ("true_positive_rate", "true_negative_rate")])
    asked.put("fairlearn: balanced_accuracy_score_group_min", WHOLE, np.nanmean(both, axis=0).min())
    odds = [_filled(name, counts) for name in ("true_positive_rate", "false_positive_rate")]
    gaps = [rates.max() - rates.min() for rates in odds]
    asked.put("fairlearn: equalized_odds_difference", WHOLE, max(gaps))
    asked.put('fairlearn: equalized_odds_difference(agg="mean")', WHOLE, sum(gaps) / 2)
    asked.put("fairlearn: equalized_odds_ratio", WHOLE, min(rates.min() / rates.max() for rates in odds))


def _smooth(name: str, counts: Array) -> Array:
    return SMOOTH_METRICS[name].value(np.array([0.0, 1.0]), counts[..., 0, :], counts[..., 1, :])


def _to_overall(asked: Asked, counts: Array) -> None:
    """fairlearn's `method="to_overall"`: the largest distance of a group from all rows, the group's own among them."""

    def gap(name: str) -> float:
        return float(np.abs(_filled(name, counts) - _filled(name, counts.sum(axis=0))).max())

    def quotient(name: str) -> float:
        each = _filled(name, counts) / _filled(name, counts.sum(axis=0))
        return float(np.where(each > 1, 1 / each, each).min())

    way = '(method="to_overall")'
    for theirs in ("demographic_parity", "equal_opportunity"):
        ours = FAIRLEARN[theirs]
        asked.put(f"fairlearn: {theirs}_difference{way}", WHOLE, gap(ours))
        asked.put(f"fairlearn: {theirs}_ratio{way}", WHOLE, quotient(ours))
    odds = ("true_positive_rate", "false_positive_rate")
    asked.put(f"fairlearn: equalized_odds_difference{way}", WHOLE, max(map(gap, odds)))
    asked.put(f"fairlearn: equalized_odds_ratio{way}", WHOLE, min(map(quotient, odds)))


def _against_rest(asked: Asked, sample: Sample, counts: Array) -> None:
    """Metrics of two groups, for each group and all others, with the signs of aif360 and holisticai."""
    rest = counts.sum(axis=0) - counts
    for place, group in enumerate(sample.names):
        mine, others = counts[place], rest[place]
        gap = {name: float(decisions.rate(name, mine) - decisions.rate(name, others)) for name in _RATES}
        filled = {name: float(_filled(name, mine) - _filled(name, others)) for name in _RATES}
        odds = (gap["false_positive_rate"], gap["true_positive_rate"])  # this order: Python's max of nan is the first
        for name in AIF360_PREDICTIVE[2:]:
            asked.put(f"aif360: {name}_difference", group, filled[name])
            asked.put(
                f"aif360: {name}_ratio",
                group,
                _filled(name, mine) / _filled(name, others),
            )
        predictive = ("positive_predictive_value", "false_omission_rate")
        several: dict[str, float] = {
            "aif360: average_odds_difference": sum(odds) / 2,
            "aif360: average_abs_odds_difference": sum(map(abs, odds)) / 2,
            "aif360: equalized_odds_difference": max(map(abs, odds)),
            "aif360: average_predictive_value_difference": sum(filled[name] for name in predictive) / 2,
            "holisticai: equal_opportunity_diff": filled["true_positive_rate"],
            "holisticai: false_positive_rate_diff": filled["false_positive_rate"],
            "holisticai: false_negative_rate_diff": filled["false_negative_rate"],
            "holisticai: true_negative_rate_diff": _first_cell(mine) - _first_cell(others),
            "holisticai: average_odds_diff": (filled["true_positive_rate"] + filled["false_positive_rate"]) / 2,
        }
        ratio = float(decisions.rate("selection_rate", mine) / decisions.rate("selection_rate", others))
        several["holisticai: four_fifths"] = min(ratio, 1 / ratio) if ratio else 0.0
        for name, value in several.items():
            asked.put(name, group, value)
        if sample.groups == 2 and place == 0:
            of_two = {
                "statistical_parity_difference (two groups)": gap["selection_rate"],
                "disparate_impact (two groups)": ratio,
                "average_abs_odds_difference (two groups)": several["aif360: average_abs_odds_difference"],
                "equalized_odds_difference (two groups)": several["aif360: equalized_odds_difference"],
                "sklearn.metrics.average_odds_error": (
                    abs(filled["true_positive_rate"]) + abs(filled["true_negative_rate"])
                )
                / 2,
            }
            for name, value in of_two.items():
                asked.put(f"aif360: {name}", WHOLE, value)


def _first_cell(counts: Array) -> float:
    """holisticai's true negative rate: the first cell of a matrix that has only one, where all rows are (1, 1)."""
    return 1.0 if counts[1, 1] == counts.sum() else float(_filled("true_negative_rate", counts))


_RATES = (
    "selection_rate",
    "true_positive_rate",
    "false_positive_rate",
    "true_negative_rate",
    "false_negative_rate",
    *AIF360_PREDICTIVE,
)


def _entropies(asked: Asked, sample: Sample, counts: Array) -> None:
    rows = counts
    if sample.weight is not None:
        place = (sample.group * 2 + sample.label) * 2 + sample.prediction
        rows = np.bincount(place, minlength=sample.groups * 4).astype(float).reshape(-1, 2, 2)
        # aif360 does not use its weights here.
        asked.put("aif360: generalized_entropy_index", WHOLE, decisions.generalized_entropy(rows))
        asked.put("aif360: theil_index", WHOLE, decisions.theil_index(rows))
        asked.put("aif360: coefficient_of_variation", WHOLE, decisions.coefficient_of_variation(rows))
        asked.put(
            "aif360: between_all_groups_generalized_entropy_index",
            WHOLE,
            decisions.generalized_entropy_between(rows),
        )
        asked.put("aif360: between_all_groups_theil_index", WHOLE, decisions.generalized_entropy_between(rows, 1.0))
    whole = rows.sum(axis=0)
    mean = float(decisions.rate("selection_rate", whole) - decisions.rate("base_rate", whole) + 1)
    for peer in ("aif360", "holisticai"):
        asked.put(
            f"{peer}: generalized_entropy_index(alpha=0)",
            WHOLE,
            decisions.generalized_entropy(rows, 0.0) / mean,
        )
    asked.put("holisticai: coefficient_of_variation", WHOLE, 2 * np.sqrt(decisions.generalized_entropy(rows)))
    asked.put(
        "aif360: between_all_groups_coefficient_of_variation",
        WHOLE,
        np.sqrt(2 * decisions.generalized_entropy_between(rows)),
    )
    rest = rows.sum(axis=0) - rows
    for place, group in enumerate(sample.names):
        two = np.stack([rows[place], rest[place]])
        found = {
            "index": decisions.generalized_entropy_between(two),
            "theil": decisions.generalized_entropy_between(two, 1.0),
        }
        found["variation"] = np.sqrt(2 * found["index"])
        for name, key in (
            ("between_group_generalized_entropy_index", "index"),
            ("between_group_theil_index", "theil"),
            ("between_group_coefficient_of_variation", "variation"),
        ):
            asked.put(f"aif360: {name}", group, found[key])


def _parity(asked: Asked, sample: Sample, counts: Array) -> None:
    """aif360's conditional disparity averages over the groups, by their sizes; Wachter et al. average over strata."""
    size = counts.sum(axis=(1, 2))
    asked.put(
        "aif360: sklearn.metrics.conditional_demographic_disparity",
        WHOLE,
        size @ decisions.demographic_disparity(counts) / size.sum(),
    )
    selected = counts[..., 1].sum(axis=-1)
    for group, share in zip(sample.names, selected / selected.sum(), strict=True):
        asked.put("aequitas: ppr", group, share)


def _to_a_reference(asked: Asked, sample: Sample, counts: Array) -> None:
    """aequitas' ratios: to `a`, to the largest group, to the group with the lowest value."""
    largest = int(counts.sum(axis=(1, 2)).argmax())
    for theirs, ours in AEQUITAS.items():
        rates = decisions.rate(ours, counts)
        references = {
            "get_disparity_predefined_groups": rates[0],
            "get_disparity_major_group": rates[largest],
            "get_disparity_min_metric": np.nanmin(rates) if np.isfinite(rates).any() else np.nan,
        }
        for way, reference in references.items():
            ratio = rates / reference
            ratio[np.isinf(ratio)] = DIVIDED_BY_ZERO
            for group, value in zip(sample.names, ratio.tolist(), strict=True):
                asked.put(f"aequitas: {way}: {theirs}_disparity", group, value)


def _scores(asked: Asked, sample: Sample) -> None:
    assert sample.score is not None
    distinct, place = np.unique(sample.score, return_inverse=True)

    def held(rows: Array) -> Array:
        return np.bincount(place[rows], minlength=len(distinct)).astype(float)

    slots: dict[str, Any] = {WHOLE: np.ones(sample.rows, dtype=bool)}
    slots |= {name: sample.group == number for number, name in enumerate(sample.names)}
    upper = np.searchsorted(np.linspace(0, 1, scores.BINS + 1)[1:-1], distinct)
    wanted = np.quantile(sample.score, np.linspace(1, 0, POINTS))
    for slot, inside in slots.items():
        negative, positive = held(inside & (sample.label == 0)), held(inside & (sample.label == 1))
        asked.put(
            "sklearn: calibration_curve",
            slot,
            scores.calibration_error(distinct, negative, positive, upper),
        )
        kept = sample.score[inside]
        edges = np.percentile(kept, np.linspace(0, 1, scores.BINS + 1) * 100)[1:-1]
        quantile = np.searchsorted(edges, distinct)
        asked.put(
            'sklearn: calibration_curve(strategy="quantile")',
            slot,
            scores.calibration_error(distinct, negative, positive, quantile),
        )
        asked.put(
            "sklearn: average_precision_score",
            slot,
            np.nan_to_num(scores.average_precision(negative, positive)),
        )
        if not slot:
            continue
        outside = ~inside
        others = held(outside & (sample.label == 0)), held(outside & (sample.label == 1))
        asked.put("holisticai: abroca", slot, auc(negative, positive) - auc(*others))
        means = [scores.average_score(distinct, held(rows)) for rows in (inside, outside)]
        asked.put("holisticai: avg_score_diff", slot, means[0] - means[1])
        asked.put("holisticai: avg_score_ratio", slot, means[0] / means[1])
        passing = [(sample.score[rows][:, None] >= wanted).mean(axis=0) for rows in (inside, outside)]
        asked.put("holisticai: max_statistical_parity", slot, np.abs(passing[0] - passing[1]).max())


def class_counts(sample: Sample) -> tuple[Array, Array, Array]:
    """The classes (K,), the sums of weights (G, K, K), indexed [group, label, prediction], and the rows."""
    assert sample.true_class is not None
    assert sample.predicted_class is not None
    levels = np.unique(np.concatenate([sample.true_class, sample.predicted_class]))
    size = len(levels)
    true, predicted = (np.searchsorted(levels, np.asarray(p)) for p in (sample.true_class, sample.predicted_class))
    place = (sample.group * size + true) * size + predicted
    rows = np.bincount(place, minlength=sample.groups * size * size).reshape(-1, size, size)
    if sample.weight is None:
        return levels, rows.astype(float), rows
    weights = np.bincount(place, weights=sample.weight, minlength=sample.groups * size * size)
    return levels, weights.reshape(-1, size, size), rows


def _classes(asked: Asked, sample: Sample) -> None:
    levels, counts, occurring = class_counts(sample)
    size = len(levels)
    recall, precision = classes.class_recall(counts), classes.class_precision(counts)
    whole = counts.sum(axis=0)
    both = {"recall": (recall, classes.class_recall(whole)), "precision": (precision, classes.class_precision(whole))}
    for name, (by_group, overall) in both.items():
        for slot, found in {WHOLE: overall, **dict(zip(sample.names, by_group, strict=True))}.items():
            for level, value in zip(levels.tolist(), found.tolist(), strict=True):
                asked.put(f"sklearn: {name}_score(average=None)", f"{slot}|{level}", np.nan_to_num(value))
                # holisticai's two names are exchanged.
                other = "precision" if name == "recall" else "recall"
                if slot:
                    asked.put(f"holisticai: {other}_matrix", f"{slot}|{level}", value)
    for group, each, rows in zip(sample.names, counts, occurring, strict=True):
        present = (rows.sum(axis=0) + rows.sum(axis=1)) > 0
        both_sides = each.sum(axis=0) + each.sum(axis=1)
        f1 = np.divide(2 * np.diag(each), both_sides, out=np.zeros(size), where=both_sides > 0)
        asked.put('sklearn: f1_score(average="macro")', group, f1[present].mean())
    rates = classes.class_selection_rate(counts)
    pairs = [(a, b) for a in range(sample.groups) for b in range(a + 1, sample.groups)]
    apart = [float(np.abs(rates[a] - rates[b]).sum() / 2) for a, b in pairs]
    even = np.where(np.isfinite(recall), recall, 1 / size)
    recalls = [float(np.abs(even[a] - even[b]).mean()) for a, b in pairs]
    for name, found in (("multiclass_statistical_parity", apart), ("multiclass_true_rates", recalls)):
        asked.put(f'holisticai: {name}(aggregation_fun="max")', WHOLE, max(found))
        asked.put(f'holisticai: {name}(aggregation_fun="mean")', WHOLE, sum(found) / len(found))
