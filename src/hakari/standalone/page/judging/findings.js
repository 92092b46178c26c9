// Findings: requirement and evidence give a status with its reasons; then acceptances, the gate and the notices.

const PASSING = ["met", "not_applicable", "excepted"];
const RANK = { met: 0, not_applicable: 0, excepted: 1, inconclusive: 2, stale: 3, missing: 3, not_met: 4 };
const ALL_STATUSES = ["met", "not_met", "inconclusive", "missing", "stale", "excepted", "not_applicable"];

/** The assessment of one use case at the stage of its plan, from records, packs, facts and a day. */
async function assessAgain(given, work) {
  const { plan } = given;
  const results = await _checkResults(given, work);
  const findings = [];
  for (const pack of given.packs) {
    for (const requirement of pack.requirements) {
      await work.pause();
      if (requirement.stages.includes(plan.stage)) findings.push(_finding(given, pack, requirement, results));
    }
  }
  // Only what a finding cites has a say, because only that travels in the bundle.
  const cited = new Set(findings.flatMap((finding) => finding.evidence));
  const plans = [...cited]
    .map((identifier) => given.evidence.get(identifier).plan)
    .filter((reference) => reference !== null);
  const registered = plans.length > 0 && plans.every((reference) => reference.registered);
  return {
    schema: 1,
    use_case: plan.use_case,
    title: given.title,
    system_version: plan.system_version,
    stage: plan.stage,
    as_of: given.today,
    packs: plan.packs,
    facts: plan.facts,
    plan: given.planDigest,
    plan_registered: registered,
    scope: plan.scope,
    label_source: plan.label_source,
    selective_labels: plan.selective_labels,
    findings,
    gate: _gate(findings, given.mode, given.previous),
    notices: _notices(given, cited, registered),
  };
}

async function _checkResults(given, work) {
  const choices = new Map(await work.each(given.plan.checks, (check) => [check.id, chooseMeasurement(check, given)]));
  const prepared = new Map();
  for (const [done, check] of given.plan.checks.entries()) {
    const { status, identifier } = choices.get(check.id);
    if (status !== "current") continue;
    work.tell(
      say("standalone.page.progress.checks", { done: done + 1, of: given.plan.checks.length }),
      done / given.plan.checks.length,
    );
    prepared.set(check.id, await prepareCheck(check, identifier, given.evidence.get(identifier), work));
  }
  const levels = familyLevels(given.plan, prepared);
  const results = new Map();
  for (const check of given.plan.checks) {
    await work.pause();
    const choice = choices.get(check.id);
    if (prepared.has(check.id)) {
      results.set(check.id, judgeCheck(prepared.get(check.id), levels.get(check.id)));
    } else {
      // The record that went stale is cited: without it nobody could tell stale from missing.
      const result = unmeasuredResult(check, choice.status === "stale" ? "stale" : "missing", choice.reasons);
      results.set(check.id, { ...result, evidence: choice.identifier });
    }
  }
  return results;
}

function _finding(given, pack, requirement, results) {
  const blank = {
    requirement: requirement.reference,
    pack: pack.reference,
    group: requirement.group,
    severity: requirement.severity,
    roles: requirement.roles,
    stages: requirement.stages,
    checks: [],
    answers: [],
    evidence: [],
    stale_from: null,
    via: null,
    exception: null,
  };
  if (!inForce(requirement, given.today)) {
    const { from: start = "", until: end = "" } = requirement.effective;
    const reason =
      given.today < start
        ? say("assessment.not_in_force.yet", { day: given.today, start })
        : say("assessment.not_in_force.any_more", { day: given.today, end });
    return { ...blank, status: "not_applicable", reasons: [reason] };
  }
  const { applies, unstated } = appliesTo(requirement, given.plan.facts, pack);
  if (applies === null) {
    return {
      ...blank,
      status: "missing",
      reasons: unstated.map((fact) => say("assessment.fact.unstated", { fact })),
    };
  }
  if (!applies) {
    return {
      ...blank,
      status: "not_applicable",
      reasons: [say("assessment.not_applicable", { rule: requirement.applies_when })],
    };
  }
  const planned = given.plan.checks.filter((check) => check.requirement === requirement.reference);
  const own = partsOf(given, pack, requirement, results, requirement.evidence);
  const others = mappedParts(given, requirement, results);
  const [status, rests] = _rested(pack, requirement, own, others);
  const everything = [own, ...others];
  const cited = everything.flatMap(({ checks, answers }) => [...checks, ...answers].map((part) => part.evidence));
  const finding = {
    ...blank,
    status,
    reasons: [..._reasons(given, requirement, planned), ...rests],
    checks: own.checks,
    answers: own.answers,
    evidence: sortedTexts(new Set(cited.filter((evidence) => evidence !== null))),
    stale_from: sortedTexts(everything.map((parts) => parts.staleFrom).filter((day) => day !== null))[0] ?? null,
    via: others.length ? others.map((parts) => parts.requirement) : null,
  };
  return _accepted(finding, given);
}

/** The status, and what must be said because it rests on other requirements. */
function _rested(pack, requirement, own, others) {
  const statuses = [...own.statuses, ...others.map((parts) => parts.status)];
  const rests = requirement.mappings.filter((mapping) => ANSWERING.includes(mapping.relation));
  const nothing = rests.length ? [say("assessment.mapped.none")] : [];
  if (statuses.length === 0) {
    if (own.neutral) return ["met", []];
    // A law's own condition says whether it applies; everywhere else a requirement ends where its answers end.
    const ends = rests.length > 0 && others.length === 0 && pack.authority !== "law";
    return [ends ? "not_applicable" : "missing", nothing];
  }
  const drafts = others.length ? rests.filter((mapping) => mapping.status === "draft").map(({ to }) => to) : [];
  const said = drafts.length ? [say("assessment.mapped.draft", { requirements: drafts })] : [];
  if (others.length < rests.length) said.push(say("assessment.mapped.part", { n: others.length, of: rests.length }));
  return [combined(requirement.evidence.rule, statuses), said];
}

function _reasons(given, requirement, planned) {
  const unconfirmed = planned.filter((check) => !check.confirmed).map((check) => check.id);
  const reasons = [];
  if (unconfirmed.length && given.plan.stage === "release")
    reasons.push(say("assessment.threshold_unconfirmed", { checks: unconfirmed }));
  if (planned.length === 0 && requirement.checks.length) reasons.push(say("assessment.check.not_bound"));
  return reasons;
}

/** The finding as `excepted` if an acceptance in force covers it, else with the reason why it does not. */
function _accepted(finding, given) {
  const mine = given.exceptions.filter((item) => item.requirement === finding.requirement);
  if (PASSING.includes(finding.status) || mine.length === 0) return finding;
  const newest = mine.reduce((best, each) => {
    const order = byCodePoint(best.created_at, each.created_at) || byCodePoint(best.key, each.key);
    return order < 0 ? each : best;
  });
  const problem = _voidReason(newest, finding, given);
  if (problem !== null) return { ...finding, reasons: [...finding.reasons, problem] };
  const reason = say("assessment.excepted", { by: newest.by, until: newest.until, condition: newest.condition });
  return { ...finding, status: "excepted", exception: newest, reasons: [...finding.reasons, reason] };
}

function _voidReason(exception, finding, given) {
  if (byCodePoint(given.today, exception.until) > 0)
    return say("assessment.exception.expired", { until: exception.until });
  if (exception.scope !== given.plan.scope) return say("assessment.exception.other_scope");
  if (finding.evidence.some((identifier) => given.signers.get(identifier) === exception.key)) {
    return say("assessment.exception.own_evidence");
  }
  const beyond = finding.checks.find((check) => check.status === "inconclusive" && !_within(check, exception, given));
  return beyond === undefined
    ? null
    : say("assessment.exception.worse", { check: beyond.check, worst: beyond.worst_case });
}

/** Whether the present worst case is no worse than the accepted one, but for the rounding of another machine. */
function _within(check, exception, given) {
  const bound = exception.bounds[check.check];
  if (bound === undefined || check.worst_case === null) return false;
  const planned = given.plan.checks.find((item) => item.id === check.check);
  const beyond = planned.operator === "<=" ? check.worst_case - bound : bound - check.worst_case;
  return beyond <= ROUNDING * Math.max(Math.abs(bound), 1e-3);
}

function _gate(findings, mode, previous) {
  const counts = Object.fromEntries(
    ALL_STATUSES.map((status) => [status, findings.filter((each) => each.status === status).length]),
  );
  const blocking = findings
    .filter((finding) => !PASSING.includes(finding.status))
    .map((finding) => finding.requirement);
  const before = new Map((previous?.findings ?? []).map((finding) => [finding.requirement, finding.status]));
  const worse = findings
    .filter(({ requirement, status }) => before.has(requirement) && RANK[status] > RANK[before.get(requirement)])
    .map((finding) => finding.requirement);
  const closes = blocking.length === 0;
  const holds = { advisory: true, regression: worse.length === 0, full: closes }[mode];
  return { mode, holds, closes, counts, blocking, only_open: counts.not_met === 0 && !closes, worse };
}

function _notices({ plan, signers, packs }, cited, registered) {
  const unverified = packs.filter((pack) => pack.unverified !== null).map((pack) => pack.reference);
  const unconfirmed = plan.checks.filter((check) => !check.confirmed).length;
  const unsigned = [...cited].filter((identifier) => !signers.has(identifier)).length;
  return [
    ...(registered ? [] : [say("assessment.notice.not_registered")]),
    ...(plan.label_source === "outcome" ? [] : [say(`assessment.notice.${plan.label_source}`)]),
    ...(plan.selective_labels ? [say("assessment.notice.selective_labels")] : []),
    ...(unconfirmed ? [say("assessment.notice.unconfirmed", { checks: unconfirmed, of: plan.checks.length })] : []),
    ...(unverified.length ? [say("assessment.notice.unverified", { packs: unverified })] : []),
    ...(unsigned ? [say("assessment.notice.unsigned", { records: unsigned })] : []),
    say("assessment.notice.genuine"),
    ...plan.warnings,
  ];
}
