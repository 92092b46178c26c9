// What the decision in a bundle says, whether it stands on what lies beside it, and that other things rest on it.

const outcomeWord = (outcome) => say(`workflows.verify.outcome.${outcome}`);

/** The sentence that the decision rests on something; none without a decision. */
function restingDecision({ decided }) {
  if (decided === null) return [];
  const { number, outcome } = decided;
  if (outcome === "") return [say("workflows.verify.rests_decision_unread")];
  return [say("workflows.verify.rests_decision", { number, outcome: outcomeWord(outcome) })];
}

/** {record, digest, seal, intact, runOut, told}, or null; `today` is the day to compare its last day with. */
function carriedDecision(bundle, problems, today) {
  const { decision: record, decisionDigest: digest, decided, seal } = bundle;
  if (record === null) return null;
  const resting = (rest) => rest.key.startsWith("workflows.verify.rests_decision");
  const intact = !problems.some(({ rests }) => rests.some(resting));
  const { number, use_case, stage, round, valid_until: until } = record;
  const runOut = today !== null && /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(until) ? until < today : null;
  const carried = { record, digest, seal, intact, runOut };
  if (!intact) {
    const name = decided?.outcome ? decided.number : number;
    return { ...carried, told: [say("workflows.verify.decision_broken", { number: name })] };
  }
  const values = { number, use_case, stage, round, until, outcome: outcomeWord(record.outcome) };
  const n = record.conditions.length;
  const told = [
    say("workflows.verify.decision", values),
    n ? say("workflows.verify.decision_conditions", { n }) : null,
    runOut ? say("workflows.verify.decision_past", { until, today }) : null,
    seal === null
      ? say("workflows.verify.decision_unsealed")
      : say("workflows.verify.decision_sealed", { sequence: seal.sequence, at: seal.at }),
  ];
  return { ...carried, told: told.filter((line) => line !== null) };
}
