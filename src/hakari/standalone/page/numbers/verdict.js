// The verdict: `met` rejects "unacceptable", `not_met` rejects "acceptable", each at its own error; and the interval
// that says the same.

const SMALLEST_ERROR = 1e-15;
const _step = new DataView(new ArrayBuffer(8));

/** The double next to `value`, above or below. */
function nextDouble(value, up) {
  if (value === 0) return up ? Number.MIN_VALUE : -Number.MIN_VALUE;
  _step.setFloat64(0, value);
  _step.setBigInt64(0, _step.getBigInt64(0) + (value > 0 === up ? 1n : -1n));
  return _step.getFloat64(0);
}

/** `value` at twelve decimals, halves to the even digit. */
function atTwelve(value) {
  const tie = Number.isInteger(value * 8192) && Math.abs(value) < 2 ** 30 && value.toFixed(13).endsWith("5");
  if (!tie) return Number(value.toFixed(12));
  const cut = value.toFixed(13).slice(0, -1);
  return Number("02468".includes(cut.at(-1)) ? cut : value.toFixed(12));
}

/** {aggregation, operator, a, b, strict, method, reference, compares}: the line of one check. */
function makeRule({ aggregation, operator, threshold, margin, method }, reference = null) {
  const fixed = { difference: "<=", ratio: ">=" }[aggregation] ?? operator;
  if (operator !== fixed) refuse("statistics.rule.aggregation_operator", { aggregation, expected: fixed, operator });
  if (!(Number.isFinite(threshold) && Number.isFinite(margin) && margin >= 0)) {
    refuse("statistics.rule.finite", { threshold: ANYTHING, margin: ANYTHING });
  }
  const b = atTwelve(operator === "<=" ? threshold + margin : threshold - margin);
  if (aggregation === "ratio" && b <= 0) refuse("statistics.rule.accepts_all", { threshold, margin });
  const compares = aggregation === "difference" || aggregation === "ratio";
  return { aggregation, operator, a: threshold, b, strict: margin === 0, method, reference, compares };
}

/** The groups that have a value, with the rule for them. */
function _inScope(rule, limits) {
  const known = [...limits.values.keys()].filter((g) => Number.isFinite(limits.values[g]));
  if (rule.aggregation === "overall" && limits.values.length !== 1)
    refuse("statistics.verdict.overall", { groups: limits.values.length });
  if (Number.isInteger(rule.reference) && !known.includes(rule.reference)) {
    refuse("statistics.verdict.reference", { reference: rule.reference });
  }
  if (known.length === limits.values.length) return { known, limits, rule };
  const reference = Number.isInteger(rule.reference) ? known.indexOf(rule.reference) : rule.reference;
  return { known, limits: limits.take(known), rule: { ...rule, reference } };
}

const _contrasts = (rule, limits) => new Contrasts(limits, rule.reference, rule.method);

function _rejectsBad(rule, limits, error) {
  let [reach, line] = [0, rule.b];
  if (rule.aggregation === "difference") reach = _contrasts(rule, limits).upper(error)(1);
  else if (rule.aggregation === "ratio") [reach, line] = [_contrasts(rule, limits).upper(error)(rule.b), 0];
  else if (rule.operator === "<=") reach = largestOf(limits.upper(error));
  else [reach, line] = [-smallestOf(limits.lower(error)), -rule.b];
  return rule.strict ? reach < line : reach <= line;
}

function _rejectsGood(rule, limits, error) {
  if (rule.aggregation === "difference") return _contrasts(rule, limits).lower(error)(1) > rule.a;
  if (rule.aggregation === "ratio") return _contrasts(rule, limits).lower(error)(rule.a) > 0;
  const share = error / limits.values.length;
  return rule.operator === "<=" ? largestOf(limits.lower(share)) > rule.a : smallestOf(limits.upper(share)) < rule.a;
}

/** [the end that faces b, the end that faces a]. */
function _ends(rule, limits, errorMet, errorNotMet) {
  if (!rule.compares) {
    const share = errorNotMet / limits.values.length;
    if (rule.operator === ">=") return [smallestOf(limits.lower(errorMet)), smallestOf(limits.upper(share))];
    return [largestOf(limits.upper(errorMet)), largestOf(limits.lower(share))];
  }
  const contrasts = _contrasts(rule, limits);
  const [upper, lower] = [contrasts.upper(errorMet), contrasts.lower(errorNotMet)];
  if (rule.aggregation === "difference") return [upper(1), Math.max(0, lower(1))];
  return [zeroOf(upper, true), zeroOf(lower, false)];
}

const _whereAbove = (part, whole) => (whole > 0 ? part / whole : 1);

/** The plain value of the aggregate. */
function _point(rule, limits) {
  const rates = limits.values;
  const [least, most] = [smallestOf(rates), largestOf(rates)];
  if (rule.reference === "rest") {
    const gap = _contrasts({ ...rule, method: "mover" }, limits).plain();
    return rule.aggregation === "difference" ? gap(1) : zeroOf(gap, true);
  }
  if (rule.reference !== null) {
    const fixed = rates[rule.reference];
    if (rule.aggregation === "difference") return largestOf(rates.map((rate) => Math.abs(rate - fixed)));
    return Math.min(_whereAbove(least, fixed), _whereAbove(fixed, most));
  }
  if (rule.aggregation === "difference") return most - least;
  if (rule.aggregation === "ratio") return _whereAbove(least, most);
  return rule.operator === "<=" ? most : least;
}

/** Groups that simultaneous intervals do not exclude as highest or lowest, or as worst. */
function _extremeGroups(rule, limits, alpha) {
  const [lower, upper] = simultaneous(limits, Math.min(alpha, 0.5));
  const [top, bottom] = [largestOf(lower), smallestOf(upper)];
  return [...lower.keys()].filter((g) => {
    const [highest, lowest] = [upper[g] >= top, lower[g] <= bottom];
    return rule.compares ? highest || lowest : rule.operator === "<=" ? highest : lowest;
  });
}

/** {verdict, reason, value, lower, upper, errorMet, errorNotMet, extreme} of a rule on the groups that have a value. */
function decide(wholeRule, wholeLimits, errorMet, errorNotMet) {
  for (const error of [errorMet, errorNotMet]) {
    if (!(error > 0 && error <= 0.5)) refuse("statistics.verdict.error", { error: ANYTHING });
  }
  const { known, limits, rule } = _inScope(wholeRule, wholeLimits);
  if (known.length < (rule.compares ? 2 : 1)) {
    const reason = known.length ? "one_group" : "no_groups";
    return { verdict: "inconclusive", reason, value: NaN, lower: 0, upper: 1, errorMet, errorNotMet, extreme: [] };
  }
  const [bad, good] = [_rejectsBad(rule, limits, errorMet), _rejectsGood(rule, limits, errorNotMet)];
  const [facingBad, facingGood] = _ends(rule, limits, errorMet, errorNotMet);
  const { a, b } = rule;
  const found = { value: _point(rule, limits), errorMet, errorNotMet };
  // The ends of a ratio come from a search; its last digits are made to agree with the rule itself.
  if (rule.operator === "<=") {
    found.upper = bad ? Math.min(facingBad, b) : Math.max(facingBad, b);
    found.lower = good ? Math.max(facingGood, nextDouble(a, true)) : Math.min(facingGood, a);
  } else {
    found.lower = bad ? Math.max(facingBad, b) : Math.min(facingBad, b);
    found.upper = good ? Math.min(facingGood, nextDouble(a, false)) : Math.max(facingGood, a);
  }
  found.verdict = bad ? "met" : good ? "not_met" : "inconclusive";
  found.reason = bad && good ? "within_margin" : "";
  if (limits.tooFewClusters) [found.verdict, found.reason] = ["inconclusive", "too_few_clusters"];
  found.extreme = _extremeGroups(rule, limits, errorMet + errorNotMet).map((g) => known[g]);
  return found;
}

/** {met, notMet}: the smallest errors at which each hypothesis is rejected; 1 above one half. */
async function firingLevels(wholeRule, wholeLimits, work) {
  const { known, limits, rule } = _inScope(wholeRule, wholeLimits);
  if (known.length < (rule.compares ? 2 : 1) || limits.tooFewClusters) return { met: 1, notMet: 1 };
  return {
    met: await _smallestError((error) => _rejectsBad(rule, limits, error), work),
    notMet: await _smallestError((error) => _rejectsGood(rule, limits, error), work),
  };
}

async function _smallestError(fires, work) {
  if (!fires(0.5)) return 1;
  if (fires(SMALLEST_ERROR)) return SMALLEST_ERROR;
  let [under, over] = [Math.log(SMALLEST_ERROR), Math.log(0.5)];
  for (let round = 0; round < 48; round += 1) {
    await work.pause();
    const middle = (under + over) / 2;
    if (fires(Math.exp(middle))) over = middle;
    else under = middle;
  }
  return Math.exp(over);
}

/** The error at which each check is computed, after Holm: budget/K for the smallest p, looser after each rejection. */
function holmLevels(pValues, budgets) {
  const count = pValues.length;
  for (const [place, p] of pValues.entries()) {
    if (!(p >= 0 && p <= 1 && budgets[place] > 0 && budgets[place] < 1))
      refuse("statistics.multiplicity.range", { p: ANYTHING, budget: ANYTHING });
  }
  const scaled = pValues.map((p, place) => p / budgets[place]);
  const levels = new Array(count).fill(0);
  let [step, stopped, previous] = [0, false, -1];
  for (const [place, check] of [...scaled.keys()].sort((i, j) => scaled[i] - scaled[j]).entries()) {
    if (!stopped && scaled[check] !== previous) step = place;
    levels[check] = budgets[check] / (count - step);
    stopped = stopped || pValues[check] > levels[check];
    previous = scaled[check];
  }
  return levels;
}
