"""Pairs: which metric of a peer is which of ours, and where the two are defined in another way."""

from __future__ import annotations

from dataclasses import dataclass

PEERS = ("fairlearn", "sklearn", "aif360", "aequitas", "holisticai")
TITLES = {"sklearn": "scikit-learn, scipy"}


@dataclass(frozen=True, slots=True)
class Same:
    """One definition under two names: the values must be equal."""

    peer: str
    theirs: str
    ours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Different:
    """Two definitions of what people may take for one metric; ours restated under theirs must be equal."""

    peer: str
    theirs: str
    """The peer's name."""
    ours: str
    """Our metric that is meant for the same question; empty if there is none."""
    formula: str
    """Theirs, in plain signs; u is the group that is looked at, p all others."""
    why: str
    """What ours does, and why."""
    restated: bool = True
    """False where no formula gives the peer's value."""


def _same(peer: str, names: dict[str, str]) -> tuple[Same, ...]:
    return tuple(Same(peer, theirs, ours) for theirs, ours in names.items())


_RATES = (
    "selection_rate",
    "true_positive_rate",
    "true_negative_rate",
    "false_positive_rate",
    "false_negative_rate",
)
_PREDICTIVE = (
    "positive_predictive_value",
    "negative_predictive_value",
    "false_discovery_rate",
    "false_omission_rate",
)
_FAIRLEARN = {
    **{f"MetricFrame {rate}": rate for rate in _RATES},
    "MetricFrame accuracy_score": "accuracy",
    "MetricFrame precision_score": "positive_predictive_value",
    "MetricFrame zero_one_loss": "error_rate",
    **{
        f"{rate}_{aggregate}": f"{ours}_{aggregate}"
        for rate, ours in (
            *zip(_RATES, _RATES, strict=True),
            ("accuracy_score", "accuracy"),
            ("zero_one_loss", "error_rate"),
            ("demographic_parity", "demographic_parity"),
            ("equal_opportunity", "equal_opportunity"),
            ("equalized_odds", "equalized_odds"),
        )
        for aggregate in ("difference", "ratio")
    },
    'equalized_odds_difference(agg="mean")': "average_odds_difference",
    "accuracy_score_group_min": "accuracy_worst_group",
    "precision_score_group_min": "positive_predictive_value_worst_group",
    "recall_score_group_min": "true_positive_rate_worst_group",
    "zero_one_loss_group_max": "error_rate_worst_group",
    "f1_score_group_min": "f1_worst_group",
    "balanced_accuracy_score_group_min": "balanced_accuracy_worst_group",
    "roc_auc_score_group_min": "auc_worst_group",
    "mean_absolute_error_group_max": "mean_absolute_error_worst_group",
    "mean_squared_error_group_max": "mean_squared_error_worst_group",
}
_SKLEARN = {
    "accuracy_score": "accuracy",
    "recall_score": "true_positive_rate",
    "precision_score": "positive_predictive_value",
    "f1_score": "f1",
    "balanced_accuracy_score": "balanced_accuracy",
    "roc_auc_score": "auc",
    "average_precision_score": "average_precision",
    "brier_score_loss": "brier",
    "calibration_curve": "calibration_error",
    'calibration_curve(strategy="quantile")': "calibration_error_equal_counts",
    'f1_score(average="macro")': "macro_f1",
    'f1_score(average="weighted")': "weighted_f1",
    "balanced_accuracy_score (classes)": "macro_recall",
    "recall_score(average=None)": "class_recall",
    "precision_score(average=None)": "class_precision",
    "mean_absolute_error": "mean_absolute_error",
    "mean_squared_error": "mean_squared_error",
    "root_mean_squared_error": "root_mean_squared_error",
    "scipy.stats.wasserstein_distance": "wasserstein_distance",
    "scipy.stats.ks_2samp": "kolmogorov_smirnov",
    "scipy.stats.entropy": "kl_divergence",
}
_AIF360 = {
    **{rate: rate for rate in (*_RATES, "base_rate", "accuracy", "error_rate", *_PREDICTIVE)},
    "statistical_parity_difference": "selection_rate_difference_to_rest",
    "disparate_impact": "selection_rate_ratio_to_rest",
    "equal_opportunity_difference": "true_positive_rate_difference_to_rest",
    **{
        f"{rate}_{kind}": f"{rate}_{kind}_to_rest"
        for rate in ("false_positive_rate", "false_negative_rate", "error_rate", *_PREDICTIVE[2:])
        for kind in ("difference", "ratio")
    },
    "true_positive_rate_difference": "true_positive_rate_difference_to_rest",
    "average_abs_odds_difference (two groups)": "average_odds_difference",
    "equalized_odds_difference (two groups)": "equalized_odds_difference",
    "sklearn.metrics.average_odds_error": "average_odds_difference",
    "generalized_entropy_index": "generalized_entropy",
    "sklearn.metrics.generalized_entropy_error": "generalized_entropy",
    "theil_index": "theil_index",
    "coefficient_of_variation": "coefficient_of_variation",
    "between_all_groups_generalized_entropy_index": "generalized_entropy_between",
    "sklearn.metrics.between_group_generalized_entropy_error": "generalized_entropy_between",
    "between_all_groups_theil_index": "generalized_entropy_between (α = 1)",
    "consistency": "consistency (include_self)",
    "sklearn.metrics.consistency_score": "consistency (include_self)",
}
_DISPARITIES = {
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
_AEQUITAS = {
    **_DISPARITIES,
    "prev": "base_rate",
    "accuracy": "accuracy",
    **{
        f"get_disparity_predefined_groups: {theirs}_disparity": f"{ours}_ratio_to_reference"
        for theirs, ours in _DISPARITIES.items()
    },
}
_HOLISTICAI = {
    "statistical_parity": "selection_rate_difference_to_rest",
    "disparate_impact": "selection_rate_ratio_to_rest",
    "z_test_diff": "pooled_z",
    "equal_opportunity_diff": "true_positive_rate_difference_to_rest",
    "false_positive_rate_diff": "false_positive_rate_difference_to_rest",
    "false_negative_rate_diff": "false_negative_rate_difference_to_rest",
    "true_negative_rate_diff": "true_negative_rate_difference_to_rest",
    "accuracy_diff": "accuracy_difference_to_rest",
    "theil_index": "theil_index",
    "generalized_entropy_index": "generalized_entropy",
    "consistency_score": "consistency (include_self)",
    "frequency_matrix": "class_selection_rate",
}
SAME: tuple[Same, ...] = (
    *_same("fairlearn", _FAIRLEARN),
    *_same("sklearn", _SKLEARN),
    *_same("aif360", _AIF360),
    *_same("aequitas", _AEQUITAS),
    *_same("holisticai", _HOLISTICAI),
)

_OVERALL = (
    "A group is part of all rows, so the gap shrinks with the group's own share: the same two rates look closer the "
    "larger one group is. Ours is the largest gap between two groups; `fairness.decisions` also compares a group with "
    "all *others*."
)
_SIGN = (
    "Theirs has a sign, or is above 1, when the unprivileged group has more; which group that is must be declared. "
    "Ours needs no declared group: largest less smallest value, smallest over largest."
)
_SIGNED_ODDS = (
    "A gap in favour of the group in one rate hides a gap against it in the other: +0.2 and −0.2 give 0. "
    "`average_odds_difference` has no signs."
)
_ZERO_ALPHA = (
    "The minus mean of ln(b/μ) is divided by μ once more, which Speicher et al. 2018 do not. Equal to ours where "
    "μ = 1. Ours follows the paper; `generalized_entropy` uses α = 2."
)
_TIES = (
    "Among rows that are equally near, theirs takes whichever its search meets first, so the value depends on the "
    "order of the rows. Ours takes all that are as near as the k-th. Equal where no two are equally near."
)
DIFFERENT: tuple[Different, ...] = (
    *(
        Different(
            peer="fairlearn", theirs=f'{name}(method="to_overall")', ours=name, formula=formula, why=_OVERALL,
        )
        for name, formula in (
            ("demographic_parity_difference", "max over g of |P(ŷ=1|g) − P(ŷ=1)|"),
            ("demographic_parity_ratio", "min over g of P(ŷ=1|g) / P(ŷ=1) or its inverse, whichever is below 1"),
            ("equal_opportunity_difference", "max over g of |TPR_g − TPR|"),
            ("equal_opportunity_ratio", "min over g of TPR_g / TPR or its inverse"),
            ("equalized_odds_difference", "the larger of the two, for TPR and FPR"),
            ("equalized_odds_ratio", "the smaller of the two, for TPR and FPR"),
        )
    ),
    Different(
        peer="aif360", theirs="statistical_parity_difference (two groups)", ours="demographic_parity_difference",
        formula="P(ŷ=1|u) − P(ŷ=1|p)", why=_SIGN,
    ),
    Different(
        peer="aif360", theirs="disparate_impact (two groups)", ours="demographic_parity_ratio",
        formula="P(ŷ=1|u) / P(ŷ=1|p)", why=_SIGN,
    ),
    Different(
        peer="aif360", theirs="average_odds_difference", ours="average_odds_difference",
        formula="((FPR_u − FPR_p) + (TPR_u − TPR_p)) / 2", why=_SIGNED_ODDS,
    ),
    Different(
        peer="aif360", theirs="average_abs_odds_difference", ours="average_odds_difference",
        formula="(|FPR_u − FPR_p| + |TPR_u − TPR_p|) / 2",
        why="One group against all others. With two groups equal to ours; with more, ours takes the two groups that "
        "lie furthest apart in each rate.",
    ),
    Different(
        peer="aif360", theirs="equalized_odds_difference", ours="equalized_odds_difference",
        formula="max(|FPR_u − FPR_p|, |TPR_u − TPR_p|)", why="The same: one group against all others.",
    ),
    Different(
        peer="aif360", theirs="average_predictive_value_difference", ours="positive_predictive_value_difference",
        formula="((PPV_u − PPV_p) + (FOR_u − FOR_p)) / 2",
        why="A high PPV is good for precision, a high FOR is bad: summed with signs they cancel. Ours are two metrics.",
    ),
    Different(
        peer="aif360", theirs="between_group_generalized_entropy_index", ours="generalized_entropy_between",
        formula="between two groups, u and p", why="Ours is between all groups, as `between_all_groups_…` is.",
    ),
    Different(
        peer="aif360", theirs="between_group_theil_index", ours="generalized_entropy_between (α = 1)",
        formula="the same at α = 1", why="The same.",
    ),
    Different(
        peer="aif360", theirs="between_group_coefficient_of_variation", ours="generalized_entropy_between",
        formula="√(2 · between-group entropy of u and p)", why="Another scale; ours gives the entropy itself.",
    ),
    Different(
        peer="aif360", theirs="between_all_groups_coefficient_of_variation", ours="generalized_entropy_between",
        formula="√(2 · between-group entropy)", why="Another scale; ours gives the entropy itself.",
    ),
    Different(
        peer="aif360", theirs="generalized_entropy_index(alpha=0)", ours="generalized_entropy (α = 0)",
        formula="−mean of ln(b/μ) / μ", why=_ZERO_ALPHA,
    ),
    Different(
        peer="aif360", theirs="sklearn.metrics.conditional_demographic_disparity",
        ours="conditional_demographic_disparity", formula="Σ over g of (n_g / n) (P(g|ŷ=0) − P(g|ŷ=1))",
        why="Theirs averages the disparities of the *groups*, so groups that gain and lose cancel, and nothing is "
        "conditioned on. Wachter, Mittelstadt & Russell 2021 average one group's disparity over *strata*; so do we.",
    ),
    Different(
        peer="aif360", theirs="consistency (equally near rows)", ours="consistency (include_self)",
        formula="1 − mean |ŷ − mean ŷ of 5 nearest rows, the row itself among them|", why=_TIES, restated=False,
    ),
    Different(
        peer="aif360", theirs="consistency", ours="consistency", restated=False,
        formula="1 − mean |ŷ − mean ŷ of 5 nearest rows, the row itself among them|",
        why="A row agrees with itself, so one of five neighbours always agrees. Ours looks at the 5 nearest *other* "
        "rows; `include_self=True` gives theirs (see the metrics of one definition).",
    ),
    Different(
        peer="aequitas", theirs="ppr", ours="demographic_disparity", formula="P(g | ŷ=1)",
        why="A share of the selected says nothing without the group's size. `demographic_disparity` subtracts it from "
        "the group's share of the rejected.",
    ),
    *(
        Different(
            peer="aequitas", theirs=f"{way}: {theirs}_disparity", ours=f"{ours}_ratio", formula=formula,
            why="Ours compares with a named group, with all others, or smallest with largest. x / 0 is 10 in theirs, "
            "and unmeasured in ours.",
        )
        for way, formula in (
            ("get_disparity_major_group", "v_g / v of the largest group"),
            ("get_disparity_min_metric", "v_g / v of the group with the lowest v: never below 1"),
        )
        for theirs, ours in _DISPARITIES.items()
    ),
    Different(
        peer="holisticai", theirs="four_fifths", ours="demographic_parity_ratio",
        formula="the smaller of P(ŷ=1|a) / P(ŷ=1|b) and its inverse",
        why="One group against all others; with two groups equal to ours. Ours divides the lowest rate by the highest.",
    ),
    Different(
        peer="holisticai", theirs="average_odds_diff", ours="average_odds_difference",
        formula="((TPR_a − TPR_b) + (FPR_a − FPR_b)) / 2", why=_SIGNED_ODDS,
    ),
    Different(
        peer="holisticai", theirs="coefficient_of_variation", ours="coefficient_of_variation",
        formula="2 √(entropy at α = 2)",
        why="The entropy at α = 2 is half the squared coefficient of variation, so standard deviation / mean is "
        "√(2 · entropy): theirs is √2 times that.",
    ),
    Different(
        peer="holisticai", theirs="generalized_entropy_index(alpha=0)", ours="generalized_entropy (α = 0)",
        formula="−mean of ln(b/μ) / μ", why=_ZERO_ALPHA,
    ),
    Different(
        peer="holisticai", theirs="consistency (equally near rows)", ours="consistency (include_self)",
        formula="1 − mean |ŷ − mean ŷ of 5 nearest rows, the row itself among them|", why=_TIES, restated=False,
    ),
    Different(
        peer="holisticai", theirs="abroca", ours="auc_difference", formula="AUC_a − AUC_b",
        why="Called after the area between two ROC curves (Gardner, Brooks & Baker 2019), but curves that cross can "
        "enclose an area and have equal AUCs. Ours is named a difference of areas, and is the largest between groups.",
    ),
    Different(
        peer="holisticai", theirs="avg_score_diff", ours="average_score_difference", formula="mean s_a − mean s_b",
        why="One group against all others, with a sign.",
    ),
    Different(
        peer="holisticai", theirs="avg_score_ratio", ours="average_score_ratio", formula="mean s_a / mean s_b",
        why="One group against all others; above 1 where a has more.",
    ),
    Different(
        peer="holisticai", theirs="max_statistical_parity", ours="kolmogorov_smirnov",
        formula="max over 150 quantiles of |P(s ≥ q|a) − P(s ≥ q|b)|",
        why="Ours looks at every score that occurs, so it is never below theirs.",
    ),
    Different(
        peer="holisticai", theirs="recall_matrix", ours="class_recall", formula="n_cc / n_·c",
        why="Theirs counts [prediction, label] and divides by the wrong margin: this is precision.",
    ),
    Different(
        peer="holisticai", theirs="precision_matrix", ours="class_precision", formula="n_cc / n_c·",
        why="The same: this is recall.",
    ),
    *(
        Different(
            peer="holisticai", theirs=f'multiclass_statistical_parity(aggregation_fun="{kind}")',
            ours="multiclass_parity", formula=f"{kind} over pairs of groups of ½ Σ over c of |P(ŷ=c|g) − P(ŷ=c|h)|",
            why="Total variation. Ours is the largest gap of a single class, so that it can be named and shown with "
            "its interval; equal for two classes and `max`.",
        )
        for kind in ("max", "mean")
    ),
    *(
        Different(
            peer="holisticai", theirs=f'multiclass_true_rates(aggregation_fun="{kind}")',
            ours="multiclass_equal_opportunity",
            formula=f"{kind} over pairs of groups of the mean over c of |recall of c in g − in h|",
            why="A class that does not occur in a group gets the recall 1/K. Ours leaves it out, and takes the "
            "largest gap of a class.",
        )
        for kind in ("max", "mean")
    ),
)  # fmt: skip

EDGES = {
    "fairlearn": "A group without anything to divide by (no positive label for the true positive rate, nobody "
    "selected for precision) has the rate 0, and is compared with that. Ours leaves the group out of the comparison "
    "and says that it is unmeasured. Where no group has anything above 0 a ratio is nan; ours is 1: all are equal.",
    "sklearn": "The same 0 for recall, precision, F1 and average precision; balanced accuracy leaves out the class "
    "that does not occur. `calibration_curve` puts a score on the edge of two bins into the lower one, ours into the "
    "upper one: this matters for scores with few digits. Its quantiles are products such as 0.7 (n − 1), which "
    "may come out just below a whole number and move a score to the next bin; ours counts rows. A class whose rows "
    "all have weight 0 counts in macro F1; ours leaves it out.",
    "aif360": "The predictive rates (PPV, NPV, FDR, FOR) are 0 where nobody is selected, or rejected; the others are "
    "nan. Entropies do not use the weights that the data set holds; ours says that they are unmeasured with weights.",
    "aequitas": "nan where nothing can be divided, as ours says unmeasured; x / 0 is set to 10.",
    "holisticai": "A rate without a denominator is 0; where labels and decisions are all 1 (or all 0) the matrix has "
    "one cell, which gives an IndexError, or the true positive rate as true negative rate.",
}
"""What happens at the edges, where the definitions are the same."""
