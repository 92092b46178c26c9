// Tallies: integer counts over cells, and the proportions that are made of them.

const MISSING = "missing";
const LARGEST_COUNT = 2 ** 53;
const COUNT_TEXT = /^\s*[+-]?[0-9]+(?:_[0-9]+)*\s*$/;

const TRUE_POSITIVE = ["1,1"];
const [FALSE_POSITIVE, FALSE_NEGATIVE, TRUE_NEGATIVE] = [["0,1"], ["1,0"], ["0,0"]];
const EVERYTHING = ["0,0", "0,1", "1,0", "1,1"];
const BOTH_AXES = ["label", "prediction"];
/** rate: [cells "label,prediction" in the numerator, in the denominator, axes that it needs]. */
const RATES = {
  selection_rate: [["0,1", "1,1"], EVERYTHING, ["prediction"]],
  base_rate: [["1,0", "1,1"], EVERYTHING, ["label"]],
  accuracy: [["0,0", "1,1"], EVERYTHING, BOTH_AXES],
  error_rate: [["0,1", "1,0"], EVERYTHING, BOTH_AXES],
  true_positive_rate: [TRUE_POSITIVE, ["1,0", "1,1"], BOTH_AXES],
  false_positive_rate: [FALSE_POSITIVE, ["0,0", "0,1"], BOTH_AXES],
  true_negative_rate: [TRUE_NEGATIVE, ["0,0", "0,1"], BOTH_AXES],
  false_negative_rate: [FALSE_NEGATIVE, ["1,0", "1,1"], BOTH_AXES],
  positive_predictive_value: [TRUE_POSITIVE, ["0,1", "1,1"], BOTH_AXES],
  negative_predictive_value: [TRUE_NEGATIVE, ["0,0", "1,0"], BOTH_AXES],
  false_discovery_rate: [FALSE_POSITIVE, ["0,1", "1,1"], BOTH_AXES],
  false_omission_rate: [FALSE_NEGATIVE, ["0,0", "1,0"], BOTH_AXES],
};
/** The shares are of rows that hold something, counted in tables of their own: `prediction` is 1 where it does. */
const OTHER_NAMES = {
  precision: "positive_predictive_value",
  recall: "true_positive_rate",
  captured_share: "selection_rate",
  faithful_share: "selection_rate",
  inputs_match_share: "selection_rate",
  late_share: "selection_rate",
  reasons_captured_share: "selection_rate",
  recourse_share: "selection_rate",
  stable_reasons_share: "selection_rate",
};

/** A level as it is printed: numbers as the house prints them, which differs for very small and very large ones. */
function levelText(value) {
  if (typeof value !== "number" || (Number.isInteger(value) && Math.abs(value) < LARGEST_COUNT)) return String(value);
  const [digits, power] = value.toExponential().split("e");
  if (Number(power) >= -4 && Number(power) < 16) return Number.isInteger(value) ? `${value}.0` : String(value);
  return `${digits}e${power[0]}${power.slice(1).padStart(2, "0")}`;
}

function _level(value) {
  if (value === null) return MISSING;
  return typeof value === "boolean" ? Number(value) : value;
}

/** Numbers by size, then texts, then `missing`. */
function _levelOrder(first, second) {
  const rank = (value) => (typeof value !== "string" ? 0 : value === MISSING ? 2 : 1);
  if (rank(first) !== rank(second)) return rank(first) - rank(second);
  return rank(first) === 0 ? first - second : byCodePoint(first, second);
}

function cellOrder(first, second) {
  for (const [place, value] of first.entries()) {
    const order = _levelOrder(value, second[place]);
    if (order !== 0) return order;
  }
  return 0;
}

function _whole(value) {
  const wrong = () => refuse("statistics.tally.count", { value: ANYTHING });
  if (typeof value === "string" && COUNT_TEXT.test(value)) {
    const found = BigInt(value.trim().replace(/^\+|_/g, ""));
    return found >= 0n ? found : wrong();
  }
  return typeof value === "number" && value >= 0 && Number.isInteger(value) ? BigInt(value) : wrong();
}

function _rowCount(value) {
  const found = _whole(value);
  return found < BigInt(LARGEST_COUNT) ? found : refuse("statistics.tally.too_large", { rows: ANYTHING });
}

/** {axes, cells, counts, weights: {scale, sums, squares} | null}: a table of a record, merged and in its order. */
async function readTally(table, work) {
  const end = table.columns.indexOf("n");
  if (end < 0) throw new Error("a table of counts without a column n");
  const axes = table.columns.slice(0, end);
  if (new Set(axes).size !== axes.length) refuse("statistics.tally.repeated_axes", { axes });
  const scale = table.details.scale ?? null;
  const width = axes.length + (scale === null ? 1 : 3);
  const merged = new Map();
  for (const row of table.rows) {
    await work.pause();
    if (row.length !== width) {
      refuse("statistics.tally.width", { axes, width, found: row.length, row: ANYTHING });
    }
    const cell = row.slice(0, end).map(_level);
    const numbers = [_rowCount(row[end]), ...row.slice(end + 1).map(_whole)];
    const key = JSON.stringify(cell);
    const before = merged.get(key);
    if (before === undefined) merged.set(key, { cell, numbers });
    else before.numbers = before.numbers.map((number, place) => number + numbers[place]);
  }
  const parts = [...merged.values()].sort((a, b) => cellOrder(a.cell, b.cell));
  const column = (place) => parts.map(({ numbers }) => Number(numbers[place]));
  if (parts.some(({ numbers }) => numbers[0] >= BigInt(LARGEST_COUNT)))
    refuse("statistics.tally.too_large", { rows: ANYTHING });
  const counts = column(0);
  // A scale that is no positive number cannot be divided by; the house stops there as well.
  if (scale !== null && !(typeof scale === "number" && scale > 0)) throw new Error("a scale of weights that is none");
  const weights = scale === null ? null : { scale, sums: column(1), squares: column(2) };
  return { axes, cells: parts.map(({ cell }) => cell), counts, weights, total: counts.reduce((a, b) => a + b, 0) };
}

function axisOf(tally, axis) {
  const found = tally.axes.indexOf(axis);
  return found < 0 ? refuse("statistics.tally.no_axis", { axis, axes: tally.axes }) : found;
}

/** {groups, index}: the groups of some columns in order, and the group of each cell. */
function groupsOf(tally, columns) {
  const positions = columns.map((axis) => axisOf(tally, axis));
  const keys = tally.cells.map((cell) => positions.map((position) => cell[position]));
  const distinct = new Map(keys.map((key) => [JSON.stringify(key), key]));
  const groups = columns.length ? [...distinct.values()].sort(cellOrder) : [[]];
  const place = new Map(groups.map((group, number) => [JSON.stringify(group), number]));
  return { groups, index: keys.map((key) => place.get(JSON.stringify(key))) };
}

/** Numbers per cell summed per group. */
function sumByGroup({ groups, index }, numbers) {
  const found = new Array(groups.length).fill(0);
  for (const [cell, number] of numbers.entries()) found[index[cell]] += number;
  return found;
}

/** {groups, rows, successes, trials, limits, method, exact}: one rate in every group of the columns. */
function groupRates(tally, metric, columns) {
  const name = Object.hasOwn(OTHER_NAMES, metric) ? OTHER_NAMES[metric] : metric;
  if (!Object.hasOwn(RATES, name)) {
    refuse("statistics.rates.unknown", {
      metric,
      known: [...Object.keys(RATES), ...Object.keys(OTHER_NAMES)].sort(byCodePoint),
    });
  }
  const [successes, trials, axes] = RATES[name];
  for (const axis of axes) {
    if (!tally.axes.includes(axis)) {
      refuse("statistics.rates.axis", { metric: name, axis, axes: tally.axes });
    }
  }
  const grouped = groupsOf(tally, columns);
  const hit = _members(tally, successes, axes);
  const used = _members(tally, trials, axes);
  const only = (numbers, members) => numbers.map((number, cell) => (members[cell] ? number : 0));
  const rates = {
    groups: grouped.groups,
    rows: sumByGroup(grouped, tally.counts),
    successes: sumByGroup(grouped, only(tally.counts, hit)),
    trials: sumByGroup(grouped, only(tally.counts, used)),
  };
  rates.limits = _rateLimits(tally, grouped, rates, { hit, used, only });
  rates.exact = rates.limits instanceof ClopperPearson;
  return rates;
}

/** Which cells belong to a numerator or denominator; an axis that is not needed may hold anything. */
function _members(tally, cells, axes) {
  const places = axes.map((axis) => BOTH_AXES.indexOf(axis));
  const wanted = new Set(cells.map((cell) => places.map((place) => cell.split(",")[place]).join()));
  const positions = axes.map((axis) => tally.axes.indexOf(axis));
  return tally.cells.map((cell) => {
    const values = positions.map((position) => cell[position]);
    return values.every((value) => typeof value === "number") && wanted.has(values.join());
  });
}

function _rateLimits(tally, grouped, rates, { hit, used, only }) {
  const { weights } = tally;
  const amounts = weights === null ? tally.counts : weights.sums.map((sum) => sum / weights.scale);
  if (tally.axes.includes("cluster")) {
    return _clusteredLimits(tally, grouped, only(amounts, hit), only(amounts, used));
  }
  if (weights === null) return new ClopperPearson(rates.successes, rates.trials);
  const squares = weights.squares.map((square) => square / weights.scale ** 2);
  const total = (numbers, members) => sumByGroup(grouped, only(numbers, members));
  return new WeightedRates({
    trials: rates.trials,
    successWeights: total(amounts, hit),
    trialWeights: total(amounts, used),
    successSquares: total(squares, hit),
    trialSquares: total(squares, used),
  });
}

function _clusteredLimits(tally, grouped, successes, trials) {
  const position = axisOf(tally, "cluster");
  const sums = new Map();
  for (const [cell, levels] of tally.cells.entries()) {
    const [group, cluster] = [grouped.index[cell], JSON.stringify(levels[position])];
    const key = `${group} ${cluster}`;
    if (!sums.has(key)) sums.set(key, { group, cluster, x: 0, n: 0 });
    sums.get(key).x += successes[cell];
    sums.get(key).n += trials[cell];
  }
  return new ClusteredRates(grouped.groups.length, [...sums.values()], tally.weights !== null);
}
