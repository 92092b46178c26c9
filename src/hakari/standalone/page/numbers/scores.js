// Metrics of scores that are no proportions, with their variances, from counts per distinct score in rising order.
// Each but the AUC, which has limits of its own, takes the scores and the rows with label 0 and 1 at each of them, and
// returns [value, variance].

const CALIBRATION_BINS = 10;
const NOISE_ROWS = 0.5;
const _per = (part, whole) => (whole > 0 ? part / whole : NaN);

/**
 * {area, negatives, positives, negativeSquares, positiveSquares} of a ranking: Mann–Whitney with half of the ties,
 * rows, and Σ(c − area)² over the rows of each class, where c is the share of the other class over which a row is
 * ranked rightly (DeLong and others 1988).
 */
function rankingOf(negatives, positives) {
  const [n, p] = [_total(negatives), _total(positives)];
  let [below, wins] = [0, 0];
  for (let s = 0; s < negatives.length; s += 1) {
    below += negatives[s];
    wins += positives[s] * (below - negatives[s] / 2);
  }
  const area = _per(wins, n * p);
  let [lower, upper, positiveSquares, negativeSquares] = [0, 0, 0, 0];
  for (let s = 0; s < negatives.length; s += 1) {
    lower += negatives[s];
    upper += positives[s];
    positiveSquares += positives[s] * (_per(lower - negatives[s] / 2, n) - area) ** 2;
    negativeSquares += negatives[s] * (1 - _per(upper - positives[s] / 2, p) - area) ** 2;
  }
  return { area, negatives: n, positives: p, negativeSquares, positiveSquares };
}

function _total(counts) {
  let sum = 0;
  for (let place = 0; place < counts.length; place += 1) sum += counts[place];
  return sum;
}

/** Mean squared distance of score and label; the variance is the spread of the squares. */
function brierOf(scores, negatives, positives) {
  let [n, second, fourth] = [0, 0, 0];
  for (let s = 0; s < scores.length; s += 1) {
    const [zero, one] = [scores[s] ** 2, (1 - scores[s]) ** 2];
    n += negatives[s] + positives[s];
    second += negatives[s] * zero + positives[s] * one;
    fourth += negatives[s] * zero * zero + positives[s] * one * one;
  }
  const value = _per(second, n);
  return [value, _per(Math.max(_per(fourth, n) - value ** 2, 0), Math.max(n - 1, 1))];
}

/** Expected calibration error over ten bins; the variance with the sign of each bin held. */
function calibrationOf(scores, negatives, positives) {
  const excess = new Float64Array(CALIBRATION_BINS);
  const bins = scores.map((score) => Math.min(Math.trunc(score * CALIBRATION_BINS), CALIBRATION_BINS - 1));
  let [n, square] = [0, 0];
  for (let s = 0; s < scores.length; s += 1) {
    excess[bins[s]] += positives[s] * (1 - scores[s]) - negatives[s] * scores[s];
    n += negatives[s] + positives[s];
    square += negatives[s] * scores[s] ** 2 + positives[s] * (1 - scores[s]) ** 2;
  }
  let first = 0;
  for (let s = 0; s < scores.length; s += 1) {
    first += Math.sign(excess[bins[s]]) * (positives[s] * (1 - scores[s]) - negatives[s] * scores[s]);
  }
  const value = _per(
    excess.reduce((sum, each) => sum + Math.abs(each), 0),
    n,
  );
  return [value, Math.max(_per(square, n) - _per(first, n) ** 2, 0) / Math.max(n - 1, 1)];
}

/**
 * [Σσ, √Σσ²] / n over the bins that are used; σ² of Σ(label − score) in a bin is the larger of Σ(y − s)² and
 * Σs(1 − s), and half a row more.
 */
function calibrationNoiseOf(scores, negatives, positives) {
  const bins = Array.from({ length: CALIBRATION_BINS }, () => ({ rows: 0, seen: 0, calibrated: 0 }));
  for (let s = 0; s < scores.length; s += 1) {
    const bin = bins[Math.min(Math.trunc(scores[s] * CALIBRATION_BINS), CALIBRATION_BINS - 1)];
    bin.rows += negatives[s] + positives[s];
    bin.seen += negatives[s] * scores[s] ** 2 + positives[s] * (1 - scores[s]) ** 2;
    bin.calibrated += (negatives[s] + positives[s]) * scores[s] * (1 - scores[s]);
  }
  const squares = bins
    .filter(({ rows }) => rows > 0)
    .map(({ seen, calibrated }) => Math.max(seen, calibrated) + NOISE_ROWS);
  const n = _total(negatives) + _total(positives);
  return [_per(_total(squares.map(Math.sqrt)), n), _per(Math.sqrt(_total(squares)), n)];
}

/** {tn, fp, fn, tp} where the scores are decisions 0 and 1. */
function _confusion(scores, negatives, positives) {
  const [no, yes] = [0, 1].map((decision) => scores.indexOf(decision));
  const at = (counts, place) => (place < 0 ? 0 : counts[place]);
  return { tn: at(negatives, no), fp: at(negatives, yes), fn: at(positives, no), tp: at(positives, yes) };
}

/** 2J/(1 + J) with J = TP/(TP + FP + FN); the variance with half a row added to each side of J. */
function f1Of(scores, negatives, positives) {
  const { fp, fn, tp } = _confusion(scores, negatives, positives);
  const rows = tp + fp + fn;
  const j = (tp + 0.5) / (rows + 1);
  return [_per(2 * tp, 2 * tp + fp + fn), _per((4 * j * (1 - j)) / (1 + j) ** 4, rows)];
}

/** (TPR + TNR) / 2, two independent proportions; the variance with half a row added to each side of both. */
function balancedAccuracyOf(scores, negatives, positives) {
  const { tn, fp, fn, tp } = _confusion(scores, negatives, positives);
  const variance = (hits, rows) => {
    const rate = (hits + 0.5) / (rows + 1);
    return _per(rate * (1 - rate), rows);
  };
  const [p, n] = [tp + fn, tn + fp];
  return [(_per(tp, p) + _per(tn, n)) / 2, (variance(tp, p) + variance(tn, n)) / 4];
}

const SCORE_METRICS = {
  auc: { axis: "score", ranking: true },
  brier: { axis: "score", of: brierOf, logit: true, unit: true },
  calibration_error: { axis: "score", of: calibrationOf, logit: false, unit: true, noise: calibrationNoiseOf },
  f1: { axis: "prediction", of: f1Of, logit: true },
  balanced_accuracy: { axis: "prediction", of: balancedAccuracyOf, logit: true, bothClasses: true },
};

/** {group, rows, scores, negatives, positives} of every group of the columns, in order. */
function groupScores(tally, metric, columns) {
  if (tally.weights !== null || tally.axes.includes("cluster"))
    refuse("statistics.smooth.dependent_rows", { metric: metric.name });
  const grouped = groupsOf(tally, columns);
  const [label, score] = [axisOf(tally, "label"), axisOf(tally, metric.axis)];
  const found = grouped.groups.map(() => new Map());
  for (const [place, cell] of tally.cells.entries()) {
    if ((cell[label] !== 0 && cell[label] !== 1) || cell[score] === MISSING) continue;
    if (typeof cell[score] === "string") refuse("statistics.smooth.text", { score: cell[score] });
    const at = found[grouped.index[place]];
    if (!at.has(cell[score])) at.set(cell[score], [0, 0]);
    at.get(cell[score])[cell[label]] += tally.counts[place];
  }
  const rows = sumByGroup(grouped, tally.counts);
  return grouped.groups.map((group, g) => {
    const scores = [...found[g].keys()].sort((a, b) => a - b);
    const side = (which) => scores.map((value) => found[g].get(value)[which]);
    _checkScores(metric, scores);
    return { group, rows: rows[g], scores, negatives: side(0), positives: side(1) };
  });
}

function _checkScores(metric, scores) {
  const outside = metric.unit ? scores.find((value) => value < 0 || value > 1) : undefined;
  if (outside !== undefined) refuse("statistics.smooth.not_probability", { score: outside, metric: metric.name });
  if (metric.axis === "prediction" && scores.some((value) => value !== 0 && value !== 1)) {
    refuse("statistics.smooth.not_decision", { prediction: scores.at(-1), metric: metric.name });
  }
}
