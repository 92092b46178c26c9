// Which record answers a check or a question on the day of the assessment: current, stale with its reason, or none.

const ASSURANCE = ["self", "pipeline", "second_person", "independent"];

/** Equality of JSON values as the house compares them: true is 1. */
function sameValue(first, second) {
  if (isObject(first) && isObject(second)) {
    const names = Object.keys(first);
    return (
      names.length === Object.keys(second).length &&
      names.every((name) => name in second && sameValue(first[name], second[name]))
    );
  }
  if (Array.isArray(first) && Array.isArray(second)) {
    return first.length === second.length && first.every((item, place) => sameValue(item, second[place]));
  }
  const plain = (value) => (typeof value === "boolean" ? Number(value) : (value ?? null));
  return plain(first) === plain(second);
}

/** The first day on which a record is too old. */
function lastDay(record, days) {
  try {
    return dayText(parseTime(record.effective_at).day + days + 1);
  } catch (error) {
    if (!(error instanceof NoTime)) throw error;
    return refuse("assessment.evidence.time", { value: record.effective_at.slice(0, 80) });
  }
}

/** The newest of [identifier, record] pairs. */
const _newest = (found) =>
  found.reduce((best, each) => {
    const order = byCodePoint(best[1].collected_at, each[1].collected_at) || byCodePoint(best[0], each[0]);
    return order < 0 ? each : best;
  });

const _choice = (status, identifier = null, reasons = [], staleFrom = null) => ({
  status,
  identifier,
  reasons,
  staleFrom,
});

/** The newest record for a planned check by a rule for evidence, or what changed since there was one. */
function chooseMeasurement(check, given, rule = null) {
  if (check.impossible !== null) return _choice("missing", null, [check.impossible]);
  const planned = given.plan.measurements.find((item) => item.id === check.measurement);
  if (planned === undefined) {
    refuse("assessment.plan.broken", { check: check.id, missing: check.measurement.slice(0, 80) });
  }
  const demanded = rule ?? _requirementOf(given, check.requirement).evidence;
  const ofMeasure = [...given.evidence].filter(
    ([, record]) => record.measure !== null && record.measure.id === planned.measure,
  );
  const exact = ofMeasure.filter(
    ([, { plan, subjects }]) =>
      plan !== null &&
      plan.digest === given.planDigest &&
      plan.measurement === planned.id &&
      sameValue(subjects, planned.subjects),
  );
  if (exact.length) return _byAge(exact, demanded, given);
  if (ofMeasure.length === 0)
    return _choice("missing", null, [say("assessment.check.not_measured", { measure: planned.measure })]);
  const [identifier, record] = _newest(ofMeasure);
  return _choice("stale", identifier, _changes(planned, record));
}

/** The newest answer to a question, judged by a rule for evidence. */
function chooseAnswer(requirement, question, given, rule) {
  const urn = (reference) => reference.replace(/@[^@]*$/, "");
  const mine = [...given.evidence].filter(
    ([, { answer }]) =>
      answer !== null && answer.question === question.id && urn(answer.requirement) === requirement.urn,
  );
  const current = mine.filter(([, { answer }]) => answer.requirement === requirement.reference);
  if (current.length) return _byAge(current, rule, given);
  if (mine.length) return _choice("stale", _newest(mine)[0], [say("assessment.answer.other_version")]);
  return _choice("missing", null, [say("assessment.answer.missing")]);
}

function _byAge(found, rule, given) {
  const [identifier, record] = _newest(found);
  if (ASSURANCE.indexOf(record.assurance) < ASSURANCE.indexOf(rule.least_assurance)) {
    return _choice("missing", identifier, [
      say("assessment.assurance", { found: record.assurance, least: rule.least_assurance }),
    ]);
  }
  const changed = Object.keys(record.facts).filter((name) => !sameValue(given.plan.facts[name], record.facts[name]));
  if (changed.length)
    return _choice("stale", identifier, [say("assessment.stale.fact", { facts: sortedTexts(changed) })]);
  const first = lastDay(record, rule.max_age_days);
  if (given.today >= first) {
    return _choice("stale", identifier, [say("assessment.stale.age", { since: first, days: rule.max_age_days })]);
  }
  return _choice("current", identifier, [], first);
}

function _changes(planned, record) {
  const digests = (subjects) => new Map(subjects.map(({ role, digest }) => [role, digest]));
  const [before, after] = [digests(record.subjects), digests(planned.subjects)];
  const roles = new Set([...before.keys(), ...after.keys()]);
  const changed = sortedTexts([...roles].filter((role) => before.get(role) !== after.get(role)));
  const reasons = changed.length ? [say("assessment.stale.subject", { subjects: changed })] : [];
  const [was, is] = [record.measure.version, planned.version];
  if (was.split(".")[0] !== is.split(".")[0]) reasons.push(say("assessment.stale.measure", { before: was, after: is }));
  return reasons.length ? reasons : [say("assessment.stale.plan")];
}

function _requirementOf(given, reference) {
  for (const pack of given.packs) {
    const found = pack.requirements.find((requirement) => requirement.reference === reference);
    if (found !== undefined) return found;
  }
  return refuse("assessment.plan.broken", { check: "", missing: reference.slice(0, 80) });
}
