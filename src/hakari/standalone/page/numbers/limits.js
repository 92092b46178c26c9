// One-sided limits of one number per group, at any error: exact for plain counts, at an effective number of rows for
// weights and clusters. All have values, method, lower(error), upper(error), take(places), and mostly rest().

const FEWEST_CLUSTERS = 15;
const ADVERSE_CLUSTERS = 4;
const ADVERSE_ROWS = 1;
const MOST_PER_ROW = 3;
/** More than any plan compares; only a bundle that is made to stop the page has as much. */
const MOST_CELLS = 4_000_000;

const _share = (part, whole) => (whole > 0 ? part / whole : NaN);
const _orZero = (value) => (Number.isNaN(value) ? 0 : value);
const largestOf = (numbers) => numbers.reduce((best, number) => Math.max(best, number), -Infinity);
const smallestOf = (numbers) => numbers.reduce((best, number) => Math.min(best, number), Infinity);
const _sum = (numbers) => numbers.reduce((sum, number) => sum + number, 0);

/** (z/t)² with t on the units less one: how much less they say than if their variance were known. */
function _shrink(units, error) {
  const [t, z] = [studentTail(Math.max(units - 1, 1), error), normalTail(error)];
  return Math.abs(z) < 1e-9 ? 1 : Math.min((z / t) ** 2, 1);
}

/** Limits that remember what they found: bisections ask for the same error more than once. */
class Remembered {
  constructor() {
    this.known = new Map();
  }

  find(side, error, make) {
    const key = `${side} ${error}`;
    if (!this.known.has(key)) this.known.set(key, make());
    return this.known.get(key);
  }

  lower(error) {
    return this.find("lower", error, () => this.makeLower(error));
  }

  upper(error) {
    return this.find("upper", error, () => this.makeUpper(error));
  }
}

/** Rows that count once each, independent of each other. */
class ClopperPearson extends Remembered {
  constructor(successes, trials) {
    super();
    if (successes.some((x, place) => x < 0 || x > trials[place])) refuse("statistics.limits.successes");
    this.successes = successes;
    this.trials = trials;
    this.values = successes.map((x, place) => _share(x, trials[place]));
    this.method = "clopper-pearson";
  }

  makeLower(error) {
    return this.successes.map((x, place) => clopperPearsonLower(x, this.trials[place], error));
  }

  makeUpper(error) {
    return this.successes.map((x, place) => clopperPearsonUpper(x, this.trials[place], error));
  }

  take(places) {
    return new ClopperPearson(
      places.map((place) => this.successes[place]),
      places.map((place) => this.trials[place]),
    );
  }

  /** For each group all other groups together. */
  rest() {
    const [x, n] = [_sum(this.successes), _sum(this.trials)];
    return new ClopperPearson(
      this.successes.map((each) => x - each),
      this.trials.map((each) => n - each),
    );
  }
}

/**
 * Weighted rows, at the effective number p(1−p)/v of the design variance v, capped at the rows, at (Σw)²/Σw², and at
 * the rows over how much heavier the rows on the far side are than an average one (Korn & Graubard 1998).
 */
class WeightedRates extends Remembered {
  constructor(parts, heaviness = null) {
    super();
    this.parts = parts;
    this.heaviness = heaviness ?? this.pooledHeaviness();
    this.values = parts.trialWeights.map((all, g) => Math.min(Math.max(_share(parts.successWeights[g], all), 0), 1));
    this.method = "clopper-pearson at effective n, weighted";
  }

  /** [Σw², Σw] of successes and of failures of group `g`. */
  sides(g) {
    const { successWeights, trialWeights, successSquares, trialSquares } = this.parts;
    return [
      [successSquares[g], successWeights[g]],
      [Math.max(trialSquares[g] - successSquares[g], 0), Math.max(trialWeights[g] - successWeights[g], 0)],
    ];
  }

  pooledHeaviness() {
    const { trials, trialWeights } = this.parts;
    return [0, 1].map((side) => {
      let [squares, weights] = [0, 0];
      for (const g of trials.keys()) {
        const scale = _orZero(_share(trials[g], trialWeights[g]));
        squares += this.sides(g)[side][0] * scale ** 2;
        weights += this.sides(g)[side][1] * scale;
      }
      return _orZero(_share(squares, weights));
    });
  }

  /** Effective rows of group `g`: side 0 for the upper limit, 1 for the lower. */
  effective(g, side) {
    const { trials, trialWeights, successSquares, trialSquares } = this.parts;
    const [n, all, p] = [trials[g], trialWeights[g], _orZero(this.values[g])];
    const spread = (1 - p) ** 2 * successSquares[g] + p ** 2 * (trialSquares[g] - successSquares[g]);
    const variance = (n / Math.max(n - 1, 1)) * _orZero(_share(spread, all ** 2));
    const byVariance = variance > 0 ? (p * (1 - p)) / variance : Infinity;
    const most = Math.min(byVariance, _orZero(_share(all ** 2, trialSquares[g])), n);
    const [squares, weights] = this.sides(g)[side];
    const heavy = Math.max(_orZero(_share(squares, weights * _orZero(_share(all, n)))), this.heaviness[side]);
    return heavy > 0 ? Math.min(most, n / heavy) : most;
  }

  makeLower(error) {
    return this.values.map((value, g) => {
      const n = this.effective(g, 1);
      return clopperPearsonLower(_orZero(value) * n, n, error);
    });
  }

  makeUpper(error) {
    return this.values.map((value, g) => {
      const n = this.effective(g, 0);
      return clopperPearsonUpper(_orZero(value) * n, n, error);
    });
  }

  changed(change) {
    const parts = Object.fromEntries(Object.entries(this.parts).map(([name, numbers]) => [name, change(numbers)]));
    return new WeightedRates(parts, this.heaviness);
  }

  take(places) {
    return this.changed((numbers) => places.map((place) => numbers[place]));
  }

  rest() {
    return this.changed((numbers) => {
      const all = _sum(numbers);
      return numbers.map((number) => Math.max(all - number, 0));
    });
  }
}

/**
 * Rows in clusters, at the effective number p(1−p)/v, with v estimated as if four more clusters of the usual size had
 * been drawn that are all against the limit, shrunk by (z/t)² with t on the effective number of clusters less one.
 */
class ClusteredRates extends Remembered {
  /** `sums`: {group, cluster, x, n}, one for each cluster in each group. */
  constructor(groups, sums, weighted) {
    super();
    this.groups = groups;
    this.sums = sums;
    this.weighted = weighted;
    this.totals = Array.from({ length: groups }, () => ({ clusters: 0, x: 0, n: 0, xx: 0, xn: 0, nn: 0 }));
    for (const { group, x, n } of sums) {
      const total = this.totals[group];
      total.clusters += n > 0 ? 1 : 0;
      total.x += x;
      total.n += n;
      total.xx += x * x;
      total.xn += x * n;
      total.nn += n * n;
    }
    this.values = this.totals.map(({ x, n }) => _share(x, n));
    this.method = `clopper-pearson at effective n, clustered${weighted ? ", weighted" : ""}`;
    this.tooFewClusters = this.totals.some(({ clusters }) => clusters < FEWEST_CLUSTERS);
    const used = sums.filter(({ n }) => n > 0);
    // A cluster in several groups: then the groups are not independent.
    this.spanning = new Set(used.map(({ cluster }) => cluster)).size < used.length;
  }

  /** [successes, trials] at the effective number of rows; `adverse` is the rate of the imagined clusters. */
  atEffective({ clusters, x, n, xx, xn, nn }, error, adverse) {
    const [rows, size] = n > 0 ? [n, nn / n] : [1, 1];
    const effective = rows / size;
    const total = rows + ADVERSE_CLUSTERS * size;
    const q = (x + adverse * ADVERSE_CLUSTERS * size) / total;
    const squares = Math.max(xx - 2 * q * xn + q * q * nn, 0) + ADVERSE_CLUSTERS * (size * (adverse - q)) ** 2;
    const drawn = effective + ADVERSE_CLUSTERS;
    const variance = ((drawn / (drawn - 1)) * squares) / total ** 2;
    const byVariance = variance > 0 ? (q * (1 - q)) / variance : effective;
    const found = Math.max(Math.min(byVariance, this.weighted ? clusters : n) * _shrink(effective, error), 0);
    return [_orZero(_share(x, n)) * found, found];
  }

  makeLower(error) {
    return this.totals.map((sums) =>
      sums.clusters > 1 ? clopperPearsonLower(...this.atEffective(sums, error, 0), error) : 0,
    );
  }

  makeUpper(error) {
    return this.totals.map((sums) =>
      sums.clusters > 1 ? clopperPearsonUpper(...this.atEffective(sums, error, 1), error) : 1,
    );
  }

  take(places) {
    const sums = places.flatMap((place, group) =>
      this.sums.filter((each) => each.group === place).map((each) => ({ ...each, group })),
    );
    return new ClusteredRates(places.length, sums, this.weighted);
  }

  rest() {
    const clusters = new Map();
    for (const { cluster, x, n } of this.sums) {
      const all = clusters.get(cluster) ?? { x: 0, n: 0 };
      clusters.set(cluster, { x: all.x + x, n: all.n + n });
    }
    if (this.groups * clusters.size > MOST_CELLS) refuse("standalone.page.problem.too_much");
    const own = new Map(this.sums.map((each) => [`${each.group} ${each.cluster}`, each]));
    const sums = [];
    for (let group = 0; group < this.groups; group += 1) {
      for (const [cluster, all] of clusters) {
        const { x = 0, n = 0 } = own.get(`${group} ${cluster}`) ?? {};
        sums.push({ group, cluster, x: all.x - x, n: all.n - n });
      }
    }
    return new ClusteredRates(this.groups, sums, this.weighted);
  }
}

/**
 * The AUC: at the effective number q(1−q)/v, with v from DeLong's components and with one more positive and one more
 * negative imagined, ranked all wrong for the lower limit and all right for the upper one; q is the mean component of
 * the rarer class with its imagined row. At most three times the rows of that class, and shrunk by (z/t)².
 */
class RankingLimits extends Remembered {
  /** `groups`: what `rankingOf` found for each. */
  constructor(groups) {
    super();
    this.groups = groups;
    this.values = groups.map(({ area }) => area);
    this.method = "DeLong components, clopper-pearson at effective n, asymptotic";
  }

  effective({ area, negatives, positives, negativeSquares, positiveSquares }, error, adverse) {
    const variance = (rows, squares) => {
      const total = rows + ADVERSE_ROWS;
      return (squares + ((rows * ADVERSE_ROWS) / total) * (area - adverse) ** 2) / (total * (total - 1));
    };
    const v = variance(negatives, negativeSquares) + variance(positives, positiveSquares);
    const rarer = Math.min(negatives, positives);
    const q = (area * rarer + adverse * ADVERSE_ROWS) / (rarer + ADVERSE_ROWS);
    const found = Math.min(v > 0 ? (q * (1 - q)) / v : rarer, MOST_PER_ROW * rarer);
    return Math.max(found * _shrink(rarer, error), 0);
  }

  makeLower(error) {
    return this.groups.map((group) => {
      if (!Number.isFinite(group.area)) return 0;
      const n = this.effective(group, error, 0);
      return Math.min(clopperPearsonLower(group.area * n, n, error), group.area);
    });
  }

  makeUpper(error) {
    return this.groups.map((group) => {
      if (!Number.isFinite(group.area)) return 1;
      const n = this.effective(group, error, 1);
      return Math.max(clopperPearsonUpper(group.area * n, n, error), group.area);
    });
  }

  take(places) {
    return new RankingLimits(places.map((place) => this.groups[place]));
  }
}

/** Two-sided limits [lower, upper] of all groups at once: each misses with 1 − (1 − α)^(1/G). */
function simultaneous(limits, alpha) {
  const known = Math.max(limits.values.filter(Number.isFinite).length, 1);
  const error = -Math.expm1(Math.log1p(-alpha) / known) / 2;
  return [limits.lower(error), limits.upper(error)];
}
