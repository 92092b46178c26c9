// The decision of an office about the assessment in the bundle: a signed record that cites digests and nothing else.

const DECISION = "decision.json";
const DECISION_TYPE = "urn:hakari:predicate:decision:1";
const OUTCOMES = ["approve", "approve_with_conditions", "defer", "reject"];

/**
 * {decision, digest, decided, decidedBy, seal} of a bundle. `decided` is {number, outcome} as far as anything readable
 * says it, also where the decision itself is gone; null where there is none.
 */
async function readDecision(reader, manifest, { plan, assessment, evidence }) {
  const opened = reader.files.has(DECISION) ? await reader.open(DECISION, DECISION_TYPE) : undefined;
  const { decision, digest } = opened === undefined ? UNDECIDED : await _decisionIn(reader, opened.predicate);
  if (decision !== null) {
    _checkSigned(reader, opened, decision, manifest);
    if (plan !== null && assessment !== null) await _checkCited(reader, decision, { plan, assessment, evidence });
  }
  const seal = await readSeal(reader, digest);
  const decidedBy = decision === null ? "" : (opened.keyIds[0] ?? "");
  await checkRenewals(reader, manifest, { decision, decidedBy, seal });
  const stated = decision === null ? null : { number: decision.number, outcome: decision.outcome };
  const same = () => canonical(manifest.decision) === canonical(stated);
  if (manifest.holds && !_isFaulty(reader) && !same()) {
    reader.fault(MANIFEST, say("assessment.bundle.decision_named", { member: MANIFEST }));
  }
  // Whose signature holds is believed first.
  const claims = decidedBy || !manifest.holds ? [stated, manifest.decision] : [manifest.decision, stated];
  const named = claims.map(_nameOf).find((name) => name !== null) ?? null;
  const unread = reader.files.has(DECISION) || DECISION in manifest.listed ? { number: "", outcome: "" } : null;
  return { decision, decisionDigest: digest, decided: named ?? unread, decidedBy, seal };
}

const UNDECIDED = Object.freeze({ decision: null, digest: "" });
const _isFaulty = (reader) => reader.faults.some(({ member }) => member === DECISION);
const _misformed = (reader) => reader.fault(DECISION, say("assessment.bundle.not_canonical", { member: DECISION }));

async function _decisionIn(reader, predicate) {
  const decision = await reader.attempt(DECISION, () => reader.decoded("Decision", predicate, DECISION));
  if (decision === undefined) return UNDECIDED;
  const record = encodeRecord("Decision", decision);
  const whole = [decision.schema, decision.round, decision.recused, ...Object.values(decision.votes)];
  if (![...whole, ...decision.conditions.map(({ number }) => number)].every(Number.isSafeInteger)) {
    _misformed(reader);
    return UNDECIDED;
  }
  // The ledger names its digest: left-out fields would give the same decision another one.
  if (canonical(record) !== canonical(predicate) && !_isFaulty(reader)) _misformed(reader);
  return { decision, digest: await digestJson(record) };
}

/**
 * One key signs decision and manifest: else whoever signs a manifest could put other files to a decision. Where the
 * bundle holds renewals, `checkRenewals` finds out whether the two are keys of one office.
 */
function _checkSigned(reader, { keyIds, subjects }, decision, manifest) {
  if (_isFaulty(reader)) return;
  const renewed = manifest.keyIds.length > 0 && reader.under(RENEWALS).length > 0;
  if (keyIds.length !== 1 || (manifest.holds && manifest.keyIds[0] !== keyIds[0] && !renewed)) {
    reader.fault(DECISION, say("assessment.bundle.decision_key", { member: DECISION }));
  }
  const [name, digest] = subjects[0] ?? [];
  if (subjects.length !== 1 || name !== "assessment.json" || digest !== decision.assessment) {
    reader.fault(DECISION, say("assessment.bundle.decision_subject", { member: DECISION }));
  }
}

/** What the decision says otherwise than the bundle holds it. */
async function _checkCited(reader, decision, { plan, assessment, evidence }) {
  const { number, evidence: cited } = decision;
  const wrong = (key, values = {}) => reader.fault(DECISION, say(`assessment.decision.${key}`, { number, ...values }));
  const packs = (listed) => sortedTexts(listed.map(({ name, version, digest }) => [name, version, digest].join("\0")));
  const found = sortedTexts(new Set(assessment.findings.flatMap((finding) => finding.evidence)));
  const equal = (first, second) => first.length === second.length && first.every((item, at) => item === second[at]);
  const without = (first, second) => [...new Set(first)].filter((item) => !second.has(item)).length;
  if (decision.assessment !== (await reader.digest("assessment.json"))) wrong("assessment");
  if (decision.plan !== (await digestJson(encodeRecord("Plan", plan)))) wrong("plan");
  if (decision.scope !== plan.scope) wrong("scope");
  if (!equal(packs(decision.packs), packs(plan.packs))) wrong("packs");
  if (!equal(cited, found)) {
    wrong("evidence", { absent: without(found, new Set(cited)), other: without(cited, new Set(found)) });
  }
  const absent = without(cited, evidence);
  if (absent) wrong("records", { n: absent });
}

function _nameOf(claim) {
  if (!isObject(claim) || typeof claim.number !== "string") return null;
  return { number: claim.number, outcome: OUTCOMES.includes(claim.outcome) ? claim.outcome : "" };
}
