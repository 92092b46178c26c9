// Limits of score metrics: the studentised bootstrap on a transformed scale, drawn again from the same seed. On each
// side the wider of the bootstrap limit and the normal limit with the same standard error is taken. The lower limit of
// a calibration error is at most the value less the noise of its bins, for which nothing is drawn.

const REPLICATES = 2000;
const LARGEST_EXACT = 20_000;
const FINE_BINS = 1000;

class StudentisedBootstrap {
  /**
   * `groups`: {point, centre, spread, pivots (sorted)} each, and [Σσ, √Σσ²] as noise where bins are summed; `shift`
   * moves every quantile by standard errors.
   */
  constructor(groups, logit, detailText, shift = 0) {
    this.groups = groups;
    this.logit = logit;
    this.detailText = detailText;
    this.shift = shift;
    this.values = groups.map(({ point }) => point);
    const scale = logit ? "logit scale" : "plain scale";
    this.method = [`studentised bootstrap, ${scale}, asymptotic`, detailText].filter(Boolean).join("; ");
  }

  lower(error) {
    return this.groups.map((group) => {
      if (!Number.isFinite(group.point)) return 0;
      const reach = _largerOf(this.quantile(group.pivots, error, true), normalTail(error));
      const end = _smallerNumber(this.back(group, -reach), group.point);
      return group.noise ? Math.min(end, Math.max(group.point - _noiseReach(group.noise, error), 0)) : end;
    });
  }

  upper(error) {
    return this.groups.map((group) => {
      if (!Number.isFinite(group.point)) return 1;
      const reach = _largerOf(-this.quantile(group.pivots, error, false), normalTail(error));
      return -_smallerNumber(-this.back(group, reach), -group.point);
    });
  }

  take(places) {
    return new StudentisedBootstrap(
      places.map((place) => this.groups[place]),
      this.logit,
      this.detailText,
      this.shift,
    );
  }

  shifted(shift) {
    return new StudentisedBootstrap(this.groups, this.logit, this.detailText, shift);
  }

  /** The pivot with `error` of the replicates outside it; beyond the 20th it is extended like a normal one. */
  quantile(pivots, error, fromTop) {
    const count = pivots.length;
    const used = Math.max(error, Math.min(20 / count, 0.5));
    const rank = used * (count + 1) - 1 + this.shift * Math.sqrt(used * (1 - used) * count);
    const place = Math.min(Math.max(Math.floor(rank), 0), count - 1);
    const stretch = used === error ? 1 : normalTail(error) / normalTail(used);
    return pivots[fromTop ? count - 1 - place : place] * stretch;
  }

  back({ centre, spread }, moves) {
    const moved = centre + Math.min(Math.max(moves, -1e6), 1e6) * spread;
    return this.logit ? 1 / (1 + Math.exp(-moved)) : Math.min(Math.max(moved, 0), 1);
  }
}

/**
 * What a sum of |Z|σ over the bins passes with probability `error`: as gamma with its moments by the formula of Wilson
 * and Hilferty 1931, or as one |Z|·√Σσ², whichever is more.
 */
function _noiseReach([sum, root], error) {
  const mean = Math.sqrt(2 / Math.PI) * sum;
  const ninth = mean > 0 ? ((1 - 2 / Math.PI) * root ** 2) / (9 * mean ** 2) : 0;
  const gamma = mean * Math.max(1 - ninth + normalTail(error) * Math.sqrt(ninth), 0) ** 3;
  return Math.max(gamma, normalTail(error / 2) * root);
}

// A quantile that is no number stays none; an end that is none gives way to the point.
const _largerOf = (a, b) => (Number.isNaN(a) ? a : Math.max(a, b));
const _smallerNumber = (a, b) => (Number.isNaN(a) ? b : Math.min(a, b));

/** [value, centre, standard error] on the scale of the limits; at 0, at 1 or without spread with half a row added. */
function _studentise(metric, scores, negatives, positives) {
  const [value, variance] = metric.of(scores, negatives, positives);
  const [n, p] = [_total(negatives), _total(positives)];
  const rows = Math.max(metric.bothClasses ? Math.min(n, p) : n + p, 1);
  const flat = value <= 0 || value >= 1 || !(variance > 0);
  const moved = (value * rows + 0.5) / (rows + 1);
  const centre = flat ? moved : value;
  const least = (moved * (1 - moved)) / rows;
  const square = flat
    ? Number.isNaN(variance)
      ? least
      : Number.isNaN(least)
        ? variance
        : Math.max(variance, least)
    : variance;
  const spread = Math.sqrt(square);
  return metric.logit
    ? [value, Math.log(centre / (1 - centre)), spread / (centre * (1 - centre))]
    : [value, centre, spread];
}

/**
 * Limits of a score metric in every group: a formula for the AUC; the others are drawn, which is heavy, so that it
 * pauses now and then and tells how far it is.
 */
async function scoreLimits(groups, metric, random, work) {
  if (metric.ranking) {
    return new RankingLimits(groups.map(({ negatives, positives }) => rankingOf(negatives, positives)));
  }
  const cells = groups.reduce((sum, { scores }) => sum + 2 * scores.length, 0);
  const edges = cells > LARGEST_EXACT ? _edges(groups) : null;
  const found = [];
  for (const group of groups) {
    const [point, centre, spread] = _studentise(metric, group.scores, group.negatives, group.positives);
    const pivots = Number.isFinite(point)
      ? await _pivots(metric, edges === null ? group : _binned(group, edges), random, work)
      : new Float64Array(REPLICATES);
    const noise = metric.noise?.(group.scores, group.negatives, group.positives);
    found.push({ point, centre, spread, pivots: pivots.sort(), noise });
  }
  const detailText = [
    metric.noise ? "lower limit at most the value less the noise of the bins" : "",
    edges === null ? "" : `replicates on ${FINE_BINS} bins of scores with equal counts`,
  ]
    .filter(Boolean)
    .join("; ");
  return new StudentisedBootstrap(found, metric.logit, detailText);
}

async function _pivots(metric, { scores, negatives, positives }, random, work) {
  const counts = [...negatives, ...positives];
  const rows = _total(counts);
  const shares = Float64Array.from(counts, (count) => count / rows);
  const drawn = new Float64Array(counts.length);
  const [below, above] = [drawn.subarray(0, scores.length), drawn.subarray(scores.length)];
  const [, centre] = _studentise(metric, scores, negatives, positives);
  const pivots = new Float64Array(REPLICATES);
  let lost = 0;
  for (let replicate = 0; replicate < REPLICATES; replicate += 1) {
    drawMultinomial(random, rows, shares, drawn);
    const [value, moved, spread] = _studentise(metric, scores, below, above);
    // A replicate without one class tells nothing: it goes to the outside, on both sides in turn.
    if (Number.isFinite(value)) pivots[replicate] = (moved - centre) / spread;
    else pivots[replicate] = (lost += 1) % 2 ? Infinity : -Infinity;
    if (replicate % 8 === 0) await work.pause({ part: replicate / REPLICATES });
  }
  work.drawn += REPLICATES;
  return pivots;
}

/** Upper ends of bins of scores that hold about the same number of rows over all groups. */
function _edges(groups) {
  const pairs = groups.flatMap(({ scores, negatives, positives }) =>
    scores.map((score, s) => [score, negatives[s] + positives[s]]),
  );
  pairs.sort((a, b) => a[0] - b[0]);
  let running = 0;
  const sums = pairs.map(([, count]) => (running += count));
  const edges = new Set();
  let place = 0;
  for (let bin = 1; bin < FINE_BINS; bin += 1) {
    const wanted = (running * bin) / FINE_BINS;
    while (place < sums.length - 1 && sums[place] < wanted) place += 1;
    edges.add(pairs[place][0]);
  }
  return [...edges].sort((a, b) => a - b);
}

function _binned({ scores, negatives, positives }, edges) {
  const bins = new Map();
  let place = 0;
  for (const [s, score] of scores.entries()) {
    while (place < edges.length && edges[place] < score) place += 1;
    const bin = bins.get(place) ?? { n: 0, p: 0, sum: 0 };
    bin.n += negatives[s];
    bin.p += positives[s];
    bin.sum += score * (negatives[s] + positives[s]);
    bins.set(place, bin);
  }
  const all = [...bins.values()];
  const [least, most] = [scores[0], scores.at(-1)];
  return {
    // A mean of ones may round to more than one.
    scores: all.map(({ n, p, sum }) => Math.min(Math.max(sum / (n + p), least), most)),
    negatives: all.map(({ n }) => n),
    positives: all.map(({ p }) => p),
  };
}

/** [low, high]: how far the ends that `read` takes from limits may move by chance; null where nothing is drawn. */
function monteCarloError(read, limits) {
  if (!(limits instanceof StudentisedBootstrap)) return null;
  const [narrow, wide] = [read(limits.shifted(1)), read(limits.shifted(-1))];
  return [0, 1].map((side) => Math.abs(narrow[side] - wide[side]) / 2);
}
