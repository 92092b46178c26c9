// What an answer does to its requirement: by question type and by fields of the pack, never by the words chosen.

const LONGEST_ANSWER = 20_000;
const EFFECT_STATUS = { meets: "met", fails: "not_met", neutral: "neutral" };

/** The result of an answer; one that the pack no longer accepts counts as missing. */
function judgeAnswer(question, value, evidence) {
  const result = (status, reasons = []) => ({ question: question.id, status, value, evidence, reasons });
  if (value === "unknown") return result("missing", [say("assessment.answer.unknown")]);
  const problem = _answerProblem(question, value);
  return problem === null ? result(EFFECT_STATUS[_effectOf(question, value)]) : result("missing", [problem]);
}

function _effectOf(question, value) {
  const effects = (chosen) =>
    question.choices.filter((choice) => chosen.includes(choice.id)).map((choice) => choice.effect);
  if (question.type === "yes_no") return question.effects[value] ?? "neutral";
  if (question.type === "single") return effects([value])[0];
  if (question.type === "multi") return ["fails", "meets", "neutral"].find((effect) => effects(value).includes(effect));
  if (question.type === "number" && question.accept !== null) {
    const { minimum, maximum } = question.accept;
    return (minimum === null || value >= minimum) && (maximum === null || value <= maximum) ? "meets" : "fails";
  }
  return "meets";
}

function _answerProblem(question, value) {
  const known = question.choices.map((choice) => choice.id);
  const wrong = (expected) =>
    say("assessment.answer.wrong", { question: question.id, value: _asWritten(value), expected });
  switch (question.type) {
    case "yes_no":
      return value === "yes" || value === "no" ? null : wrong("yes, no, unknown");
    case "single":
      return known.includes(value) ? null : wrong([...known, "unknown"].join(", "));
    case "multi": {
      const good = Array.isArray(value) && value.length > 0 && value.every((item) => known.includes(item));
      return good && new Set(value).size === value.length ? null : wrong(`[${known.join(", ")}]`);
    }
    case "number":
      return typeof value === "number" ? null : wrong("12.5");
    case "date":
      return _readsAsDay(value) ? null : wrong("2026-11-22");
    case "file":
      return typeof value === "string" && value.trim() ? null : wrong("docs/file.pdf");
    default:
      return _textProblem(question, value, wrong);
  }
}

function _textProblem(question, value, wrong) {
  if (typeof value !== "string" || !value.trim()) return wrong("text");
  const length = [...value.trim()].length;
  if (length < question.min_length)
    return say("assessment.answer.short", { question: question.id, length, least: question.min_length });
  return length > LONGEST_ANSWER
    ? say("assessment.answer.long", { question: question.id, length, most: LONGEST_ANSWER })
    : null;
}

function _readsAsDay(value) {
  try {
    parseDay(value);
    return true;
  } catch (error) {
    if (!(error instanceof NoTime)) throw error;
    return false;
  }
}

/** How the house writes an answer into a message; what is neither text nor a mapping is not written again here. */
const _asWritten = (value) =>
  typeof value === "string"
    ? [...value.split(/\s+/).filter(Boolean).join(" ")].slice(0, 80).join("")
    : isObject(value)
      ? value
      : ANYTHING;
