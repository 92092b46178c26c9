// A check with its counts read and its p-values known, before the levels of the family are.

/** Of the error for `not_met`, this share is set aside for comparisons with groups below min_rows, if there are any. */
const SHARE_OF_SMALL_GROUPS = 0.1;

const groupNames = (rates) => rates.groups.map((group) => group.map(levelText).join(" × "));

/** Groups that have a value at all. */
const withTrials = (rates) =>
  [...rates.trials.keys()].filter((g) => rates.trials[g] > 0 && Number.isFinite(rates.limits.values[g]));

/** The rule of a check over the groups `kept`. */
function ruleOf(check, names, kept) {
  const compares = check.aggregation === "difference" || check.aggregation === "ratio";
  if (check.reference === null || !compares) return makeRule(check);
  if (check.reference === "rest") return makeRule(check, "rest");
  const groups = kept.map((g) => names[g]);
  const place = groups.indexOf(check.reference);
  if (place < 0) refuse("assessment.reference.out_of_scope", { check: check.id, reference: check.reference, groups });
  return makeRule(check, place);
}

/** {check, evidence, rates, limits, rule, inScope, rows, firing, blocked, figure}. */
async function prepareCheck(check, identifier, record, work) {
  const blank = {
    check,
    evidence: identifier,
    rates: null,
    limits: null,
    rule: null,
    inScope: [],
    rows: 0,
    firing: { met: 1, notMet: 1 },
    blocked: null,
    figure: null,
  };
  if (check.basis === "count") return _preparedCount(blank, record);
  const table = record.tables.find((item) => item.name === check.table);
  if (table === undefined || table.rows.length === 0) return { ...blank, blocked: _estimateReason(check, record) };
  try {
    const tally = await readTally(table, work);
    if (check.basis === "smooth") return await _preparedScores(blank, record, tally, work);
    return await _preparedGroups(blank, groupRates(tally, check.metric, check.columns), work);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ...blank, blocked: say("assessment.check.cannot", { problem: error.said }) };
  }
}

function _estimateReason(check, record) {
  const found = record.estimates.find(({ metric, value }) => metric === check.metric && isObject(value));
  return found === undefined ? say("assessment.check.no_counts", { table: check.table }) : found.value.unmeasured;
}

function _preparedCount(blank, record) {
  const { metric, columns } = blank.check;
  // Over all groups of a sensitive column a record states a figure for the slice `*`; over everything, for none.
  const where = fromPairs(columns.map((column) => [column, "*"]));
  const found = record.estimates.find((item) => item.metric === metric && sameValue(item.slice, where));
  if (found === undefined) {
    const [key, values] = columns.length ? ["no_slice_estimate", { metric, columns }] : ["no_estimate", { metric }];
    return { ...blank, blocked: say(`assessment.check.${key}`, values) };
  }
  if (isObject(found.value)) return { ...blank, blocked: found.value.unmeasured, rows: found.n };
  return { ...blank, figure: found.value, rows: found.n };
}

async function _preparedScores(blank, record, tally, work) {
  const { check } = blank;
  const metric = SCORE_METRICS[check.metric];
  if (!Object.hasOwn(SCORE_METRICS, check.metric)) {
    refuse("statistics.smooth.unknown", { metric: check.metric, known: Object.keys(SCORE_METRICS).sort() });
  }
  const random = await namedStream(record.seed, "check", check.id);
  const groups = groupScores(tally, { ...metric, name: check.metric }, check.columns);
  work.tell(say("standalone.page.progress.drawing", { check: check.id }));
  const limits = await scoreLimits(groups, metric, random, work);
  if (check.columns.length) {
    const trials = groups.map(({ negatives, positives }) => _total(negatives) + _total(positives));
    const rates = {
      groups: groups.map(({ group }) => group),
      rows: groups.map(({ rows }) => rows),
      successes: trials.map(() => NaN),
      trials,
      limits,
      exact: false,
    };
    return _preparedGroups(blank, rates, work);
  }
  const found = { ...blank, limits, rows: tally.total, inScope: [0], rule: ruleOf(check, [""], [0]) };
  if (tally.total < check.min_rows) {
    return { ...found, blocked: say("assessment.check.few_rows", { rows: tally.total, least: check.min_rows }) };
  }
  if (!Number.isFinite(limits.values[0])) return { ...found, blocked: _estimateReason(check, record) };
  return { ...found, firing: await firingLevels(found.rule, limits, work) };
}

async function _preparedGroups(blank, rates, work) {
  const { check } = blank;
  const [names, known] = [groupNames(rates), withTrials(rates)];
  const kept = known.filter((g) => rates.trials[g] >= check.min_rows);
  const found = { ...blank, rates, rows: _sum(rates.rows), inScope: kept };
  const least = check.aggregation === "difference" || check.aggregation === "ratio" ? 2 : 1;
  let rule;
  try {
    rule = ruleOf(check, names, kept);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // Only a reference that is out of scope is told here; what else a rule lacks stops the whole check.
    if (error.said.key !== "assessment.reference.out_of_scope") throw error;
    return { ...found, blocked: say("assessment.check.cannot", { problem: error.said }) };
  }
  if (kept.length < least) return _preparedSmall(found, known, least, work);
  const limits = rates.limits.take(kept);
  let firing = await firingLevels(rule, limits, work);
  if (kept.length < known.length) {
    const small = await firingLevels(ruleOf(check, names, known), rates.limits.take(known), work);
    const [most, few] = [firing.notMet / (1 - SHARE_OF_SMALL_GROUPS), small.notMet / SHARE_OF_SMALL_GROUPS];
    firing = { met: firing.met, notMet: Math.min(most, few, 1) };
  }
  return { ...found, rule, limits, firing };
}

/** Too few groups are large enough for `met`; the small ones may still show `not_met`, at their share. */
async function _preparedSmall(found, known, least, work) {
  const { check, rates } = found;
  const blocked = { ...found, blocked: _tooFewGroups(check, rates, found.inScope) };
  if (known.length < least || check.reference !== null) return blocked;
  const limits = rates.limits.take(known);
  const rule = ruleOf(check, groupNames(rates), known);
  const { notMet } = await firingLevels(rule, limits, work);
  return { ...blocked, rule, limits, firing: { met: 1, notMet: Math.min(notMet / SHARE_OF_SMALL_GROUPS, 1) } };
}

function _tooFewGroups(check, rates, kept) {
  if (check.columns.length === 0)
    return say("assessment.check.few_rows", { rows: _sum(rates.trials), least: check.min_rows });
  if (rates.groups.length === 1)
    return say("assessment.check.one_group", { column: check.columns, group: groupNames(rates)[0] });
  return say("assessment.check.few_groups", { groups: kept.length, least: check.min_rows });
}

/** {id → {met, notMet}}: the errors of every check of the family, by confidence, looks, candidates and Holm. */
function familyLevels(plan, prepared) {
  const members = plan.checks.filter((check) => check.basis !== "count");
  const budgets = members.map(({ confidence, look, candidates }) => {
    if (look < 1) refuse("statistics.multiplicity.look", { look });
    if (candidates === 0) throw new Error("a level divided by no candidates");
    return (1 - confidence) / 2 / (look * (look + 1)) / candidates;
  });
  const p = (check, side) => {
    const found = prepared.get(check.id);
    return found === undefined || found.limits === null ? 1 : found.firing[side];
  };
  const notMet = holmLevels(
    members.map((check) => p(check, "notMet")),
    budgets,
  );
  const held = members.some((check) => check.family_met === "holm");
  const met = held
    ? holmLevels(
        members.map((check) => p(check, "met")),
        budgets,
      )
    : budgets;
  return new Map(
    members.map((check, place) => [
      check.id,
      { met: check.family_met === "holm" ? met[place] : budgets[place], notMet: notMet[place] },
    ]),
  );
}
