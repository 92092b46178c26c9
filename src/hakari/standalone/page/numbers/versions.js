// Versions: the figures of two versions on the same rows, from groups × label × both decisions.

const EARLIER = "other_prediction";
const LOSS_BOUND = /_loss_bound$/;
const PAIRED_RATES = [
  "selection_rate",
  "accuracy",
  "error_rate",
  "true_positive_rate",
  "false_positive_rate",
  "true_negative_rate",
  "false_negative_rate",
];
const BAD_WHEN_HIGH = ["error_rate", "false_positive_rate", "false_negative_rate"];

/** One rate over the groups of one slicing: {metric, columns, groups, rows, gained, lost}; what is worse is lost. */
function _pairedRate(tally, metric, columns, favourable) {
  if (!PAIRED_RATES.includes(metric)) refuse("statistics.rates.unknown", { metric, known: PAIRED_RATES });
  const [successes, trials, axes] = RATES[metric];
  const grouped = groupsOf(tally, columns);
  const newer = { ...tally, axes: tally.axes };
  const earlier = {
    ...tally,
    axes: tally.axes.map((axis) => (axis === "prediction" ? "" : axis === EARLIER ? "prediction" : axis)),
  };
  for (const axis of [...axes, EARLIER]) axisOf(tally, axis);
  const sides = [earlier, newer].map((side) => ({
    hit: _members(side, successes, axes),
    used: _members(side, trials, axes),
  }));
  const high = BAD_WHEN_HIGH.includes(metric) || (metric === "selection_rate" && !favourable);
  const total = (wanted) =>
    sumByGroup(
      grouped,
      tally.counts.map((n, cell) => (sides.every(({ used }) => used[cell]) && wanted(cell) ? n : 0)),
    );
  const [before, after] = sides.map(({ hit }) => hit);
  return {
    metric,
    columns,
    groups: grouped.groups,
    rows: total(() => true),
    gained: total((cell) => before[cell] !== after[cell] && after[cell] !== high),
    lost: total((cell) => before[cell] !== after[cell] && after[cell] === high),
  };
}

function _pairedRates(tally, { columns, intersections, metrics, favourable }) {
  const counted = ["label", EARLIER, "prediction"];
  const by = columns ?? tally.axes.filter((axis) => !counted.includes(axis));
  const slicings = by.map((column) => [column]);
  if (intersections && by.length > 1) slicings.push([...by]);
  const known = metrics.filter((metric) => metric === "selection_rate" || tally.axes.includes("label"));
  return slicings.flatMap((slicing) => known.map((metric) => _pairedRate(tally, metric, slicing, favourable)));
}

/** P(X ≥ lost) of as many throws of a fair coin as there are rows that differ: McNemar's exact test. */
const _harmP = (lost, gained) => (lost > 0 ? _betaShare(lost, gained + 1, 0.5, 0.5)[0] : 1);

/** In how many groups some rate shows harm, by Holm over every group and rate. */
function _harmedGroups(parts, error) {
  const tests = parts.flatMap(({ columns, groups, rows, gained, lost }) =>
    [...groups.keys()]
      .filter((g) => rows[g] > 0)
      .map((g) => ({ group: JSON.stringify([columns, groups[g]]), p: _harmP(lost[g], gained[g]) })),
  );
  const levels = holmLevels(
    tests.map(({ p }) => p),
    tests.map(() => error),
  );
  return new Set(tests.filter(({ p }, place) => p <= levels[place]).map(({ group }) => group)).size;
}

/** The upper limit of (lost − gained) / rows: shares of rows that differ and of gains among them, along the contour. */
function _largestLoss(rows, gained, lost, error) {
  const differ = gained + lost;
  const errors = jointErrors(error);
  const reaches = errors.map((atShare, place) => {
    const slope = 1 - 2 * clopperPearsonLower(gained, differ, atShare);
    const limit = slope > 0 ? clopperPearsonUpper : clopperPearsonLower;
    return slope * limit(differ, rows, errors[errors.length - 1 - place]);
  });
  // At errors near one half a limit can pass its own value: it is held there.
  return Math.max(largestOf(reaches), -1, (lost - gained) / rows);
}

/** [the largest loss that is not excluded in any group that is compared], or [] where there is no bound. */
async function _lossBound({ rows, gained, lost }, { min_rows: least, coverage_min: covered }, error, work) {
  const compared = [...rows.keys()].filter((g) => rows[g] >= Math.max(least, 1));
  const share = _sum(compared.map((g) => rows[g])) / Math.max(_sum(rows), 1);
  if (compared.length === 0 || share < covered) return [];
  return [largestOf(await work.each(compared, (g) => _largestLoss(rows[g], gained[g], lost[g], error)))];
}

/** The largest loss that is not excluded, or the number of groups with harm; null where it can only be read. */
async function versionsFigure(metric, columns, parameters, tables, work) {
  const rate = metric.replace(LOSS_BOUND, "");
  const known = metric === "groups_harmed" || (LOSS_BOUND.test(metric) && parameters.metrics.includes(rate));
  if (columns.length || !known) return null;
  const table = tables.find(({ name }) => name === "tally");
  if (table === undefined) refuse("assessment.check.no_counts", { table: "tally" });
  const tally = await readTally(table, work);
  if (tally.weights !== null || tally.axes.includes("cluster")) return null;
  const error = atTwelve(1 - parameters.confidence) / (parameters.look * (parameters.look + 1)) / 2;
  const parts = _pairedRates(tally, parameters);
  if (metric === "groups_harmed" && parts.length) return _harmedGroups(parts, error);
  const bounds = [];
  for (const part of parts.filter((each) => each.metric === rate)) {
    bounds.push(await _lossBound(part, parameters, error, work));
  }
  if (bounds.length === 0 || bounds.some((bound) => bound.length === 0)) {
    refuse("assessment.check.no_estimate", { metric });
  }
  return largestOf(bounds.flat());
}
