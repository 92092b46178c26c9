// What a pack must keep to beyond the types of its fields; the first contradiction is refused.

const URN = /^urn:[a-z0-9][a-z0-9-]{0,31}(:[A-Za-z0-9][A-Za-z0-9._-]*)+$/;
const SEMVER = /^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;
const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;
const IDENTIFIER = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const FACT_NAME = /^[a-z][a-z0-9_]*$/;
const MEASURE = /^([A-Za-z0-9._-]+\/)?[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*@[0-9]+$/;
const PINNED = /^[A-Za-z0-9][A-Za-z0-9._-]*@[0-9]+\.[0-9]+\.[0-9]+[0-9A-Za-z.+-]*:\S+$/;
const RESERVED = new Set([
  ..."answers unknown in true false null as break const continue else for function if import let loop".split(" "),
  ..."package namespace return var void while".split(" "),
]);
/** Some values of each type that has too many to be tried. */
const SAMPLES = { number: [0], text: ["", "1", "2000-01-01T00:00:00Z"], date: ["2000-01-01"], file: [""] };
const ONLY_FOR = { effects: ["yes_no"], accept: ["number"], min_length: ["text"] };

function _refuseAt(record, key, problem, values = {}) {
  refuse("packs.at", { place: placeOf(record, key), problem: say(`packs.${problem}`, values) });
}

function _pattern(record, key, value, pattern, expected) {
  if (!pattern.test(value)) _refuseAt(record, key, `format.${expected}`, { key, value: value.slice(0, 60) });
}

function _day(record, key, value, partial = false) {
  const dashes = value.split("-").length - 1;
  const padded = partial ? value + "-01".repeat(Math.max(2 - dashes, 0)) : value;
  if (!isDay(padded)) _refuseAt(record, key, "format.date", { key, value: value.slice(0, 60) });
}

function _low(record, key, value, least) {
  if (value < least) _refuseAt(record, key, "value.too_low", { key, value, least });
}

function _unique(records) {
  const seen = new Map();
  for (const record of records) {
    if (seen.has(record.id))
      _refuseAt(record, "id", "id.duplicate", { id: record.id, first: placeOf(seen.get(record.id), "id") });
    seen.set(record.id, record);
  }
}

/** `pack`, if it contradicts itself nowhere. */
function checkPack(pack) {
  _header(pack);
  for (const records of [pack.sources, pack.facts, pack.groups]) _unique(records);
  for (const source of pack.sources) {
    _pattern(source, "id", source.id, IDENTIFIER, "id");
    if (source.date) _day(source, "date", source.date, true);
  }
  for (const fact of pack.facts) {
    _pattern(fact, "id", fact.id, FACT_NAME, "name");
    if (RESERVED.has(fact.id)) _refuseAt(fact, "id", "id.reserved", { id: fact.id });
    _choices(fact, fact.type === "choice");
    if (fact.evident_from !== null && fact.type !== "boolean")
      _refuseAt(fact, "evident_from", "fact.evident", { fact: fact.id, type: fact.type });
  }
  for (const group of pack.groups) _pattern(group, "id", group.id, IDENTIFIER, "id");
  const domains = domainsOf(pack.facts);
  const samples = fromPairs([]);
  for (const fact of pack.facts)
    samples[fact.id] = domains[fact.id]?.length ? domains[fact.id] : (SAMPLES[fact.type] ?? [""]);
  const seen = new Map();
  for (const requirement of pack.requirements) {
    const slug = requirement.urn.split(":").at(-1);
    if (seen.has(slug)) {
      _refuseAt(requirement, "urn", "requirement.duplicate", {
        urn: requirement.urn,
        first: placeOf(seen.get(slug), "urn"),
      });
    }
    seen.set(slug, requirement);
    _requirement(requirement, pack, samples);
  }
  return pack;
}

function _header(pack) {
  _pattern(pack, "urn", pack.urn, URN, "urn");
  _pattern(pack, "version", pack.version, SEMVER, "semver");
  if (pack.languages.length === 0) _refuseAt(pack, "languages", "value.empty", { key: "languages" });
  for (const language of pack.languages) _pattern(pack, "languages", language, LANGUAGE, "language");
  _period(pack);
}

function _period(record) {
  for (const day of Object.values(record.effective)) _day(record, "effective", day);
  const { from, until } = record.effective;
  if (from && until && until < from) _refuseAt(record, "effective", "effective.reversed", { start: from, end: until });
}

function _requirement(requirement, pack, samples) {
  const [groups, sources] = [pack.groups, pack.sources].map((records) => records.map((record) => record.id));
  _pattern(requirement, "urn", requirement.urn, URN, "urn");
  _low(requirement, "version", requirement.version, 1);
  if (!groups.includes(requirement.group)) {
    _refuseAt(requirement, "group", "group.unknown", { group: requirement.group, nearest: groups });
  }
  for (const key of ["stages", "roles"]) {
    if (requirement[key].length === 0) _refuseAt(requirement, key, "value.empty", { key });
  }
  for (const reference of requirement.sources) {
    if (!sources.includes(reference.id))
      _refuseAt(reference, "id", "source.unknown", { source: reference.id, nearest: sources });
  }
  _period(requirement);
  _low(requirement.evidence, "max_age_days", requirement.evidence.max_age_days, 1);
  for (const mapping of requirement.mappings) {
    if (!PINNED.test(mapping.to)) _refuseAt(mapping, "to", "mapping.unpinned", { to: mapping.to });
  }
  if (requirement.applies_when !== null) _expression(requirement, "applies_when", samples);
  _unique(requirement.questions);
  _unique(requirement.checks);
  const answers = fromPairs([]);
  for (const question of requirement.questions) {
    _question(question, fromPairs([...Object.entries(samples), ...Object.entries(answers)]));
    answers[`answers.${question.id}`] = _answerSamples(question);
  }
  for (const check of requirement.checks) _check(check);
}

function _question(question, samples) {
  _pattern(question, "id", question.id, FACT_NAME, "name");
  const kind = question.type;
  if (kind === "yes_no" && Object.keys(question.effects).sort().join() !== "no,yes") {
    _refuseAt(question, "effects", "question.effects_missing", { question: question.id });
  }
  for (const [key, types] of Object.entries(ONLY_FOR)) {
    const value = question[key];
    const given = key === "effects" ? Object.keys(value).length > 0 : key === "accept" ? value !== null : value !== 0;
    if (given && !types.includes(kind))
      _refuseAt(question, key, "question.not_for_type", { key, type: kind, expected: types });
  }
  _choices(question, kind === "single" || kind === "multi");
  _low(question, "minutes", question.minutes, 0);
  _low(question, "min_length", question.min_length, 0);
  const { minimum = null, maximum = null } = question.accept ?? {};
  if (minimum !== null && maximum !== null && minimum > maximum) {
    _refuseAt(question.accept, "minimum", "question.range_reversed", { minimum, maximum });
  }
  if (question.when !== null) _expression(question, "when", samples);
}

function _check(check) {
  _pattern(check, "id", check.id, IDENTIFIER, "id");
  if (!MEASURE.test(check.measure)) _refuseAt(check, "measure", "check.measure_unpinned", { measure: check.measure });
  const { aggregation, operator } = check;
  if ({ difference: ">=", ratio: "<=" }[aggregation] === operator) {
    _refuseAt(check, "operator", "check.operator", { aggregation, operator });
  }
  if ((aggregation === "overall") !== (check.slice === "overall")) {
    _refuseAt(check, check.slice === "overall" ? "aggregation" : "slice", "check.slice", {
      aggregation,
      slice: check.slice,
    });
  }
  if (!(check.confidence > 0.5 && check.confidence < 1))
    _refuseAt(check, "confidence", "check.confidence", { value: check.confidence });
  _low(check, "margin", check.margin, 0);
  _low(check, "min_rows", check.min_rows, 1);
  if (!(check.coverage_min >= 0 && check.coverage_min <= 1))
    _refuseAt(check, "coverage_min", "check.coverage", { value: check.coverage_min });
}

function _choices(owner, needed) {
  if (owner.choices.length && !needed)
    _refuseAt(owner, "choices", "choices.unexpected", { owner: owner.id, type: owner.type });
  if (needed && !owner.choices.length)
    _refuseAt(owner, "choices", "choices.missing", { owner: owner.id, type: owner.type });
  _unique(owner.choices);
  for (const choice of owner.choices) {
    _pattern(choice, "id", choice.id, IDENTIFIER, "id");
    if (choice.id === "unknown") _refuseAt(choice, "id", "id.reserved", { id: choice.id });
    if (choice.text === null && choice.title === null) _refuseAt(choice, "", "key.missing", { keys: ["text"] });
  }
}

/** Values of the answer to a question, as a later `when` sees them. */
function _answerSamples(question) {
  const choices = question.choices.map((choice) => choice.id);
  if (question.type === "multi") return [[], choices];
  if (question.type === "yes_no") return ["yes", "no"];
  return choices.length ? choices : (SAMPLES[question.type] ?? [""]);
}

/** Refuse an expression that names what is not there or compares what can never be equal. */
function _expression(owner, key, samples) {
  try {
    const expression = compileExpression(owner[key]);
    const { source } = expression;
    const shadowed = [...expression.bound].find((name) => name in samples);
    if (shadowed !== undefined) refuse("packs.cel.shadowed", { source, name: shadowed });
    const known = Object.keys(samples);
    for (const name of expression.names) {
      if (!known.includes(name)) refuse("packs.cel.fact_unknown", { source, fact: name, nearest: known.slice(0, 20) });
    }
    for (const comparison of expression.comparisons) _comparable(source, comparison, samples);
    tryExpression(expression, samples);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    refuse("packs.at", { place: placeOf(owner, key), problem: error.said });
  }
}

function _comparable(source, { name, literal, quoted }, samples) {
  const values = samples[name];
  if (values === undefined || Object.values(SAMPLES).some((infinite) => _equal(infinite, values))) return;
  const finite = values.flat();
  const yesNo = finite.every((value) => typeof value === "boolean");
  const possible = yesNo ? !quoted && ["true", "false"].includes(literal) : quoted && finite.includes(literal);
  if (possible) return;
  const allowed = yesNo ? ["true", "false"] : finite.map((value) => `'${value}'`);
  refuse("packs.cel.never_equal", { source, name, literal, allowed });
}
