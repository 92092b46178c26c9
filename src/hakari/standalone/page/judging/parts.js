// Parts: the answers and checks of a requirement, and of those in other packs whose answers count for it.

const ANSWERING = ["equal", "subset", "superset"];
const ALL_ORDER = ["not_met", "missing", "stale", "inconclusive", "met"];
const ANY_ORDER = ["met", "inconclusive", "stale", "missing", "not_met"];

/** One status for several: all must hold, or any one is enough. */
const combined = (rule, statuses) =>
  (rule === "any" ? ANY_ORDER : ALL_ORDER).find((status) => statuses.includes(status));

/** Whether a day lies in the effective period. */
function inForce(requirement, day) {
  const { from = day, until = day } = requirement.effective;
  return from <= day && day <= until;
}

/** The parts of a requirement, their evidence judged by `rule`. */
function partsOf(given, pack, requirement, results, rule) {
  const planned = given.plan.checks.filter((check) => check.requirement === requirement.reference);
  const checks = planned.map((check) => _judgedBy(check, results.get(check.id), requirement, given, rule));
  const { answers, staleFrom } = _answers(given, pack, requirement, rule);
  const days = checks
    .filter((check) => check.evidence !== null)
    .map((check) => lastDay(given.evidence.get(check.evidence), rule.max_age_days));
  const said = answers.map((answer) => answer.status);
  const statuses = [
    ...checks.map((check) => check.status),
    ...said.filter((status) => status !== "neutral" && status !== "not_asked"),
  ];
  // Neutral answers inform and neither meet nor fail; a requirement without any part at all shows nothing.
  const neutral = statuses.length === 0 && said.includes("neutral");
  const none = neutral ? "met" : "missing";
  return {
    requirement: requirement.reference,
    checks,
    answers,
    statuses,
    neutral,
    status: statuses.length ? combined(requirement.evidence.rule, statuses) : none,
    staleFrom: sortedTexts([staleFrom, ...days].filter((day) => day !== null))[0] ?? null,
  };
}

function _judgedBy(check, result, requirement, given, rule) {
  if (sameValue(rule, requirement.evidence) || ["missing", "stale"].includes(result.status)) return result;
  const choice = chooseMeasurement(check, given, rule);
  return choice.status === "current" ? result : { ...result, status: choice.status, reasons: choice.reasons };
}

/** The parts of what answers a requirement, without what does not apply or is not in force. */
function mappedParts(given, requirement, results) {
  return [..._answeringOnes(given, requirement)]
    .filter(([pack, other]) => appliesTo(other, given.plan.facts, pack).applies !== false)
    .filter(([, other]) => inForce(other, given.today))
    .map(([pack, other]) => partsOf(given, pack, other, results, requirement.evidence));
}

function* _answeringOnes(given, requirement) {
  for (const { to, relation } of requirement.mappings) {
    const [reference, slug] = [to.slice(0, to.indexOf(":")), to.slice(to.indexOf(":") + 1)];
    for (const pack of ANSWERING.includes(relation) ? given.packs : []) {
      if (pack.reference !== reference) continue;
      for (const other of pack.requirements) if (other.urn.endsWith(`:${slug}`)) yield [pack, other];
    }
  }
}

/** Results of the questions of a requirement, and the first day on which one of the answers is too old. */
function _answers(given, pack, requirement, rule) {
  const interview = new Interview(requirement, given.plan.facts, pack);
  const values = fromPairs([]);
  const days = [];
  const answers = requirement.questions.map((question) => {
    const wanted = interview.asks(question, values);
    const choice = chooseAnswer(requirement, question, given, rule);
    if (wanted === false)
      return { question: question.id, status: "not_asked", value: null, evidence: null, reasons: [] };
    if (choice.status !== "current") {
      return {
        question: question.id,
        status: choice.status,
        value: null,
        evidence: choice.identifier,
        reasons: choice.reasons,
      };
    }
    const { value } = given.evidence.get(choice.identifier).answer;
    values[question.id] = value;
    days.push(choice.staleFrom);
    return judgeAnswer(question, value, choice.identifier);
  });
  return { answers, staleFrom: sortedTexts(days)[0] ?? null };
}
