// Selections: the figures of the legal tests, from people counted by group, stratum and whether they were selected.

const PEOPLE_TABLE = "tally ";
const EQUALLY_LIKELY = 1e-10;
const LEAST_ROOM = 5;
/** Fisher's test adds up all tables with the same margins: beyond so many its figure is only read. */
const MOST_OUTCOMES = 20_000_000;

/** One way of dividing people into groups: {columns, rates, compared, reference, independent, controlled, counts}. */
async function _dividedPeople(name, table, parameters, work) {
  const tally = await readTally(table, work);
  const { outcome } = parameters;
  const end = axisOf(tally, outcome);
  const before = tally.axes.slice(0, end);
  const width = before.findIndex((_, place) => before.slice(0, place + 1).join(" × ") === name) + 1;
  if (width === 0) throw new Error(`no columns of ${name}`);
  const columns = before.slice(0, width);
  const rates = groupRates(tally, outcome === "prediction" ? "selection_rate" : "base_rate", columns);
  const reference = groupNames(rates).indexOf(parameters.reference ?? null);
  return {
    columns,
    rates,
    compared: [...rates.trials.keys()].filter((g) => rates.trials[g] >= parameters.min_rows),
    reference: reference < 0 ? null : reference,
    // Weighted and clustered rows presume other tests: there only rates are compared.
    independent: tally.weights === null && !tally.axes.includes("cluster"),
    controlled: width < end,
    counts: await _selectedByStratum(tally, groupsOf(tally, columns), width, end, work),
  };
}

/** [selected, not selected] by group and stratum. */
async function _selectedByStratum(tally, { groups, index }, width, end, work) {
  const keys = tally.cells.map((cell) => JSON.stringify(cell.slice(width, end)));
  const strata = new Map([...new Set(keys)].map((key, place) => [key, place]));
  if (groups.length * strata.size > MOST_CELLS) refuse("standalone.page.problem.too_much");
  const counts = groups.map(() => Array.from(strata, () => [0, 0]));
  for (const [place, cell] of tally.cells.entries()) {
    await work.pause();
    if (cell[end] !== 0 && cell[end] !== 1) refuse("statistics.tally.count", { value: ANYTHING });
    counts[index[place]][strata.get(keys[place])][1 - cell[end]] += tally.counts[place];
  }
  return counts;
}

/** The strata [selected, not selected, of the others selected, not selected] of each group with enough rows. */
function* _groupStrata({ counts, compared, reference, independent }) {
  if (!independent || counts.length < 2) return;
  const total = counts[0].map((_, s) => [0, 1].map((k) => _sum(counts.map((group) => group[s][k]))));
  for (const place of compared) {
    if (place === reference) continue;
    const own = counts[place];
    yield own.map(([a, b], s) => {
      const [c, d] = reference === null ? [total[s][0] - a, total[s][1] - b] : counts[reference][s];
      return [a, b, c, d];
    });
  }
}

/** The comparisons over all strata together. */
const _pairsOf = (part) =>
  [..._groupStrata(part)].map((strata) => [0, 1, 2, 3].map((k) => _sum(strata.map((stratum) => stratum[k]))));

const _informative = ([a, b, c, d]) => Math.min(a + b, c + d) > 0 && Math.min(a + c, b + d) > 0;

function _ratioOf({ rates, compared }) {
  const known = compared.map((g) => rates.limits.values[g]).filter(Number.isFinite);
  return known.length > 1 && largestOf(known) > 0 ? [smallestOf(known) / largestOf(known)] : [];
}

/** (selected − expected) / standard deviation given all margins. */
function _deviations([a, b, c, d]) {
  const [n, m] = [a + b + c + d, a + c];
  const variance = (((a + b) / n) * ((c + d) / n) * m * (n - m)) / (n - 1);
  return Math.abs((a - ((a + b) * m) / n) / Math.sqrt(variance));
}

/** The share of those turned down less the share of those selected, strata weighted by their people. */
function _disparityOf(strata) {
  const known = strata.filter(([a, b, c, d]) => a + c > 0 && b + d > 0);
  if (known.length === 0) return [];
  const people = _sum(known.map(_sum));
  return [_sum(known.map(([a, b, c, d]) => ((a + b + c + d) / people) * (b / (b + d) - a / (a + c))))];
}

/** The probability of all tables with these margins that are no more likely than the one seen. */
function _fisher([a, b, c, d]) {
  const [rows, other, drawn] = [a + b, c + d, a + c];
  const low = Math.max(0, drawn - other);
  const size = Math.min(rows, drawn) - low;
  // How much more likely one selection more is; from the most likely table outwards nothing is lost.
  const ratio = (place) => {
    const k = low + place;
    return ((rows - k) * (drawn - k)) / ((k + 1) * (other - drawn + k + 1));
  };
  let mode = 0;
  while (mode < size && ratio(mode) > 1) mode += 1;
  const likely = new Float64Array(size + 1).fill(1);
  for (let place = mode; place < size; place += 1) likely[place + 1] = likely[place] * ratio(place);
  for (let place = mode; place > 0; place -= 1) likely[place - 1] = likely[place] / ratio(place - 1);
  const seen = likely[a - low] * (1 + EQUALLY_LIKELY);
  const [all, as] = [likely.reduce((x, y) => x + y, 0), likely.reduce((x, y) => (y <= seen ? x + y : x), 0)];
  return Math.min(as / all, 1);
}

/** The p-value of Cochran, Mantel and Haenszel, where more than five may move to either side. */
function _stratifiedP(strata) {
  let [excess, variance, down, up] = [0, 0, 0, 0];
  for (const [a, b, c, d] of strata.filter(_informative)) {
    const [n, group, selected] = [a + b + c + d, a + b, a + c];
    const expected = (group * selected) / n;
    excess += a - expected;
    variance += (((group * (c + d)) / n) * ((selected * (b + d)) / n)) / (n - 1);
    down += expected - Math.max(group + selected - n, 0);
    up += Math.min(group, selected) - expected;
  }
  if (variance === 0 || Math.min(down, up) <= LEAST_ROOM) return [];
  return [2 * normalAbove(Math.abs(excess) / Math.sqrt(variance))];
}

/** The p-values of the wanted parts after Holm over all parts: the family is the whole measurement. */
async function _adjustedValues(metric, parts, wanted, work) {
  const tests = [];
  for (const part of parts) {
    const found =
      metric === "fisher_p_min"
        ? await work.each(_pairsOf(part).filter(_informative), _fisher)
        : part.controlled
          ? (await work.each(_groupStrata(part), _stratifiedP)).flat()
          : [];
    // Two groups that are each the rest of the other are one comparison.
    const same = part.reference === null && part.counts.length === 2;
    tests.push(...(same ? found.slice(0, 1) : found).map((p) => ({ p, part })));
  }
  let highest = 0;
  const found = [];
  for (const [place, { p, part }] of tests.sort((one, other) => one.p - other.p).entries()) {
    highest = Math.max(highest, p * (tests.length - place));
    if (wanted.includes(part)) found.push(Math.min(highest, 1));
  }
  return found;
}

async function _divisions(parameters, tables, work) {
  const named = new Map(
    tables
      .filter(({ name }) => name.startsWith(PEOPLE_TABLE))
      .map((table) => [table.name.slice(PEOPLE_TABLE.length), table]),
  );
  const { columns, intersections } = parameters;
  const wanted = columns === null ? [...named.keys()] : [...columns];
  if (columns !== null && intersections && wanted.length > 1) wanted.push(columns.join(" × "));
  if (wanted.length === 0 || wanted.some((name) => !named.has(name)))
    refuse("assessment.check.no_counts", { table: PEOPLE_TABLE + wanted.join(" × ") });
  const found = [];
  for (const name of wanted) found.push(await _dividedPeople(name, named.get(name), parameters, work));
  return found;
}

/** A figure over all groups, or over those of `columns`; null where it can only be read. */
async function legalFigure(metric, columns, parameters, tables, work) {
  const parts = await _divisions(parameters, tables, work);
  const wanted = parts.filter((part) => columns.length === 0 || sameValue(part.columns, columns));
  let found;
  if (metric === "impact_ratio_min") found = wanted.flatMap(_ratioOf);
  else if (metric === "standard_deviations_max") found = wanted.flatMap(_pairsOf).filter(_informative).map(_deviations);
  else if (metric === "conditional_demographic_disparity_max") {
    const strata = wanted.filter(({ controlled }) => controlled).flatMap((part) => [..._groupStrata(part)]);
    found = strata.flatMap(_disparityOf);
  } else if (metric === "fisher_p_min" || metric === "mantel_haenszel_p_min") {
    const outcomes = parts.flatMap(_pairsOf).map(([a, b, c]) => Math.min(a + b, a + c));
    if (metric === "fisher_p_min" && _sum(outcomes) > MOST_OUTCOMES) return null;
    found = await _adjustedValues(metric, parts, wanted, work);
  } else return null;
  if (found.length === 0) refuse("assessment.check.no_estimate", { metric });
  return metric.endsWith("_min") ? smallestOf(found) : largestOf(found);
}
