// The decision, as the reader is shown it: what was decided, until when, on what conditions, and where it is on record.

/** Sentences that stand in no line of the list. */
const ALONE = ["workflows.verify.decision_broken", "workflows.verify.decision_past"];

/** The section about the decision in a bundle, or null; `view` is the ResultView. */
function decisionSection(view) {
  const { decision, able } = view.result;
  if (decision === null) return null;
  const { record, seal, intact, runOut, told } = decision;
  const look = !intact ? "no" : runOut || !able ? "partly" : "yes";
  const word = !intact ? "broken" : runOut ? "past" : able ? "stands" : "unchecked";
  const lines = [
    [view.say("decision_about"), view.say("decision_case", record)],
    [view.say("decision_outcome"), view.told(outcomeWord(record.outcome))],
    [view.say("decision_until"), oneLine(record.valid_until)],
    [view.say("decision_at"), `${_moment(record.decided_at)}${view.say("decision_form", { form: _form(record) })}`],
    [view.say("decision_votes"), _votes(view, record)],
    [view.say("decision_ledger"), _place(view, seal)],
  ];
  return section(
    "decision",
    view.say("decision", { number: record.number }),
    element("p", { class: "decision-standing", "data-decision": word }, chip(look, view.say(`decision_is.${word}`))),
    ...told.filter(({ key }) => ALONE.includes(key)).map((line) => element("p", {}, view.told(line))),
    intact ? pairs(lines) : null,
    intact && record.conditions.length ? _conditions(view, record.conditions) : null,
    intact ? element("p", { class: "quiet" }, view.say("decision_limit")) : null,
  );
}

/** A stated time to the minute. */
const _moment = (text) => _time(text.replace(/:[0-9]{2}(?:\.[0-9]+)?(?=Z$|\+00:00$)/, ":00"));
const _form = ({ form }) => say(`standalone.page.decision_form.${form}`);

/** So many votes for each choice that got any. */
function _votes(view, { votes, recused }) {
  const choices = [...OUTCOMES, "abstain"];
  const cast = choices.filter((name) => votes[name] > 0);
  const parts = cast.map((name) => {
    const choice = name === "abstain" ? say("standalone.page.decision_abstain") : outcomeWord(name);
    return view.say("decision_vote", { choice, n: votes[name] });
  });
  if (recused) parts.push(view.say("decision_recused", { n: recused }));
  return parts.length ? parts.join(JOINED[view.language]) : view.say("decision_no_votes");
}

function _place(view, seal) {
  if (seal === null) return view.say("decision_no_ledger");
  const event = view.say("decision_event", { sequence: seal.sequence, at: _moment(seal.at) });
  return [element("p", {}, event), element("p", {}, element("code", {}, oneLine(seal.ledger)))];
}

/** Conditions in the words of those who decided, marked with the language in which they were written. */
function _conditions(view, conditions) {
  const lines = view.cut(conditions, ({ number, text, language, due, requirement }) => {
    const values = { requirement: _slug(requirement) };
    const on = requirement === "" ? "" : view.told(view.named(say("standalone.page.decision_requirement", values)));
    return element(
      "li",
      {},
      element("span", { lang: LANGUAGES.includes(language) ? language : null }, oneLine(text)),
      " ",
      element("span", { class: "quiet" }, view.say("decision_due", { number, due, requirement: on })),
    );
  });
  return [element("h3", {}, view.say("decision_conditions")), element("ul", { class: "log conditions" }, lines)];
}
