// From prepared counts to a verdict at the levels of the family: the printed figure is never trusted.

const _message = (key, values) => ({ key, arguments: values ?? {} });

/** The result of a check that has no figure. */
function unmeasuredResult(check, status, reasons) {
  const nothing = { unmeasured: reasons[0] };
  return _result0(check, { status, reasons, value: nothing, low: nothing, high: nothing });
}

/** A result with the fields that every one has. */
function _result0(check, fields) {
  const unacceptable = atTwelve(
    check.operator === "<=" ? check.threshold + check.margin : check.threshold - check.margin,
  );
  return {
    check: check.id,
    reasons: [],
    evidence: null,
    threshold: check.threshold,
    unacceptable,
    error_met: null,
    error_not_met: null,
    monte_carlo_error: null,
    method: "",
    rows: 0,
    trials: 0,
    coverage: 1,
    groups: [],
    noise_floor: null,
    rows_needed: null,
    worst_case: null,
    ...fields,
  };
}

/** The verdict of one check at the levels of its family. */
function judgeCheck(prepared, levels) {
  const { check, blocked, rates, limits, rule } = prepared;
  if (prepared.figure !== null) return _judgedCount(prepared);
  if (blocked !== null && limits !== null && rates !== null && levels !== undefined) {
    const found = _decideSmall(prepared, levels);
    if (found !== null) return found;
  }
  if (blocked !== null || limits === null || rule === null || levels === undefined) {
    const reason = blocked ?? say("assessment.check.no_counts", { table: check.table });
    return {
      ...unmeasuredResult(check, rates !== null ? "inconclusive" : "missing", [reason]),
      evidence: prepared.evidence,
      rows: prepared.rows,
      trials: _trialsOf(prepared),
      coverage: _coverageOf(prepared),
      groups: _lines(prepared, null),
    };
  }
  return _judged(prepared, _decided(prepared, levels));
}

/** `not_met` if groups below min_rows show it by themselves, else null: such groups never give `met`. */
function _decideSmall(prepared, { met, notMet }) {
  const decision = decide(prepared.rule, prepared.limits, met, notMet * SHARE_OF_SMALL_GROUPS);
  if (decision.verdict !== "not_met") return null;
  const known = withTrials(prepared.rates);
  return _judged(prepared, { ...decision, reason: "small_group", extreme: decision.extreme.map((g) => known[g]) });
}

function _decided({ check, rates, rule, limits, inScope }, { met, notMet }) {
  const known = rates === null ? inScope : withTrials(rates);
  if (inScope.length === known.length) return decide(rule, limits, met, notMet);
  const main = decide(rule, limits, met, notMet * (1 - SHARE_OF_SMALL_GROUPS));
  const wide = decide(
    ruleOf(check, groupNames(rates), known),
    rates.limits.take(known),
    met,
    notMet * SHARE_OF_SMALL_GROUPS,
  );
  if (wide.verdict === "not_met" && main.verdict !== "not_met") {
    return { ...wide, reason: "small_group", extreme: wide.extreme.map((g) => known[g]) };
  }
  return { ...main, extreme: main.extreme.map((g) => inScope[g]) };
}

function _judged(prepared, decision) {
  const { check } = prepared;
  const { status, reasons } = _statusOf(prepared, decision);
  const open = status === "inconclusive";
  return _result0(check, {
    status,
    reasons,
    evidence: prepared.evidence,
    value: decision.value,
    low: decision.lower,
    high: decision.upper,
    error_met: decision.errorMet,
    error_not_met: decision.errorNotMet,
    monte_carlo_error: _chance(prepared, decision),
    method: _methodOf(prepared),
    rows: prepared.rows,
    trials: _trialsOf(prepared),
    coverage: _coverageOf(prepared),
    groups: _lines(prepared, decision),
    noise_floor: _hasNoiseFloor(prepared) ? ANYTHING : null,
    worst_case: open ? (check.operator === "<=" ? decision.upper : decision.lower) : null,
    rows_needed: open && _isCounted(prepared) && !check.reused ? ANYTHING : null,
  });
}

function _chance({ check, rates, rule, limits }, { reason, errorMet, errorNotMet }) {
  let read = [rule, limits];
  if (reason === "small_group" && rates !== null) {
    const known = withTrials(rates);
    read = [ruleOf(check, groupNames(rates), known), rates.limits.take(known)];
  }
  return monteCarloError((moved) => {
    const found = decide(read[0], moved, errorMet, errorNotMet);
    return [found.lower, found.upper];
  }, read[1]);
}

function _judgedCount({ check, figure, evidence, rows }) {
  const good = check.operator === "<=" ? figure <= check.threshold : figure >= check.threshold;
  return _result0(check, {
    status: good ? "met" : "not_met",
    evidence,
    value: figure,
    low: figure,
    high: figure,
    method: "count",
    rows,
    trials: rows,
  });
}

function _statusOf(prepared, { verdict, reason }) {
  const { check } = prepared;
  if (check.reused && check.candidates === 1)
    return { status: "inconclusive", reasons: [say("assessment.check.reused")] };
  const reasons = [];
  const line = atTwelve(check.operator === "<=" ? check.threshold + check.margin : check.threshold - check.margin);
  if (reason === "within_margin")
    reasons.push(say("assessment.check.within_margin", { threshold: check.threshold, line }));
  else if (reason === "small_group") reasons.push(say("assessment.check.small_group", { least: check.min_rows }));
  else if (reason) reasons.push(say(`assessment.check.${reason}_reason`));
  const share = _coverageOf(prepared);
  if (verdict !== "met" || share >= check.coverage_min) return { status: verdict, reasons };
  return {
    status: "inconclusive",
    reasons: [...reasons, say("assessment.check.coverage", { share, least: check.coverage_min })],
  };
}

function _coverageOf({ rates, rows, inScope }) {
  return rates === null || rows === 0 ? 1 : _sum(inScope.map((g) => rates.rows[g])) / rows;
}

const _trialsOf = ({ rates, rows, inScope }) => (rates === null ? rows : _sum(inScope.map((g) => rates.trials[g])));

function _methodOf({ check, rates, limits, inScope }) {
  const compares = check.aggregation === "difference" || check.aggregation === "ratio";
  const method = compares ? `${methodFor(limits, check.method)}, ${limits.method}` : limits.method;
  if (rates === null || inScope.length === withTrials(rates).length) return method;
  return `${method}; groups below ${check.min_rows} rows at ${SHARE_OF_SMALL_GROUPS} of the level`;
}

/** One line for each group, with its simultaneous interval. */
function _lines({ check, rates, inScope }, decision) {
  if (rates === null || check.columns.length === 0) return [];
  const alpha = 1 - check.confidence;
  const [low, high] = simultaneous(rates.limits, alpha);
  const chance =
    rates.limits instanceof StudentisedBootstrap
      ? [1, -1].map((shift) => simultaneous(rates.limits.shifted(shift), alpha))
      : null;
  const empty = { unmeasured: say("assessment.group.no_trials") };
  const [measured, assessed, extreme] = [withTrials(rates), inScope, decision?.extreme ?? []].map(
    (places) => new Set(places),
  );
  return groupNames(rates).map((name, g) => {
    const known = measured.has(g);
    const moved =
      chance === null || !known ? null : [0, 1].map((side) => Math.abs(chance[0][side][g] - chance[1][side][g]) / 2);
    return {
      name,
      rows: rates.rows[g],
      successes: Number.isFinite(rates.successes[g]) ? rates.successes[g] : null,
      trials: rates.trials[g],
      value: known ? rates.limits.values[g] : empty,
      low: known ? low[g] : empty,
      high: known ? high[g] : empty,
      monte_carlo_error: moved,
      in_scope: assessed.has(g),
      extreme: extreme.has(g),
    };
  });
}

const _isCounted = ({ rates, rule }) => rates !== null && rates.exact && rule !== null;

/** Whether a record states what chance alone would give: this page does not make that figure again. */
const _hasNoiseFloor = (prepared) =>
  prepared.check.columns.length > 0 && _isCounted(prepared) && prepared.rule.reference !== "rest";
