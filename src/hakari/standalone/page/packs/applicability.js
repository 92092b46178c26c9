// Does a requirement apply, is a question asked? Yes, no, or open: a fact that nobody stated never reads as "no". An
// expression over unstated names is evaluated for every value that they can take, as far as these are few.

const MOST_TRIES = 1024;
const MOST_TRIES_OF_LOOPS = 16;
const LONGEST_FACT = 10_000;

const _compiled = new Map();

/** {source, tree, names, bound, comparisons}, or a Refusal. */
function compileExpression(source) {
  if (!_compiled.has(source)) {
    if (_compiled.size > 4096) _compiled.clear();
    _compiled.set(source, _compile(source));
  }
  return _compiled.get(source);
}

function _compile(source) {
  if ([...source].length > LONGEST_EXPRESSION) {
    refuse("packs.cel.too_long", {
      length: source.length,
      limit: LONGEST_EXPRESSION,
      source: `${source.slice(0, 40)}…`,
    });
  }
  const parser = new CelParser(source);
  const tree = parser.whole();
  const tokens = parser.tokens.map((token) => (token.kind === "string" ? { kind: "string", text: token.text } : token));
  const bound = _boundNames(source, tokens);
  const names = new Set();
  _namesIn(tree, names);
  if (names.has("answers")) refuse("packs.cel.answers", { source });
  const free = [...names].filter((name) => !bound.has(name));
  return { source, tree, names: free, bound, comparisons: [..._comparisons(tokens)] };
}

function _namesIn(tree, names) {
  if (tree.op === "name") names.add(tree.name);
  for (const part of tree.parts ?? []) _namesIn(part, names);
}

/** Variables of comprehensions; one inside another is refused. */
function _boundNames(source, tokens) {
  const bound = new Set();
  const inside = [];
  for (const [place, { kind, text }] of tokens.entries()) {
    if (kind === "string") continue;
    if ("([{".includes(text)) {
      const macro = text === "(" && MACROS.includes(tokens[place - 1]?.text) && tokens[place - 2]?.text === ".";
      if (macro && inside.includes(true)) refuse("packs.cel.nested", { source, macro: tokens[place - 1].text });
      if (macro) bound.add(tokens[place + 1].text);
      inside.push(macro);
    } else if (")]}".includes(text)) {
      inside.pop();
    }
  }
  return bound;
}

/** Names with the literal values that they face: domain == 'x', domain in ['x', 'y'], 'x' in answers.q. */
function* _comparisons(tokens) {
  const parts = [..._joined(tokens)];
  for (const [place, { sign }] of parts.entries()) {
    const before = parts[Math.max(place - 1, 0)];
    const after = parts[Math.min(place + 1, parts.length - 1)];
    if (sign === "==" || sign === "!=") {
      yield* _facing(before, after);
      yield* _facing(after, before);
    } else if (sign === "in" && after.sign === "[") {
      for (const other of parts.slice(place + 2)) {
        if (other.sign === "]") break;
        yield* _facing(before, other);
      }
    } else if (sign === "in") {
      yield* _facing(after, before);
    }
  }
}

function* _facing({ name }, { literal }) {
  if (name !== undefined && literal !== undefined) {
    const quoted = "\"'".includes(literal[0]);
    yield { name, literal: quoted ? literal.slice(1, -1) : literal, quoted };
  }
}

function* _joined(tokens) {
  for (let place = 0; place < tokens.length; place += 1) {
    const { kind, text } = tokens[place];
    if (text === "answers" && place + 2 < tokens.length) {
      yield { name: `answers.${tokens[place + 2].text}` };
      place += 2;
    } else if (kind === "string" || kind === "number" || text === "true" || text === "false") {
      yield { literal: /^[rRbB]/.test(text) ? undefined : text };
    } else if (kind === "name" && text !== "in") {
      yield { name: text };
    } else {
      yield { sign: text };
    }
  }
}

/** A fact or an answer as expressions see it: every number a double. */
function _asCel(value) {
  if (!Array.isArray(value)) return value;
  if (value.length > LONGEST_LIST) refuse("packs.cel.list_too_long", { length: value.length, limit: LONGEST_LIST });
  return value.map(_asCel);
}

const _context = (values) => fromPairs(Object.entries(values).map(([name, value]) => [name, _asCel(value)]));

function _attempt(expression, values) {
  try {
    const found = runCel(expression.tree, _context(values));
    return typeof found === "boolean" ? found : null;
  } catch (error) {
    if (!(error instanceof CelError)) throw error;
    return null;
  }
}

function _run(expression, values) {
  const found = _attempt(expression, values);
  return found ?? refuse("packs.cel.failed", { source: expression.source, problem: detail("expression_value") });
}

function* _product(lists) {
  if (lists.length === 0) yield [];
  else for (const first of lists[0]) for (const rest of _product(lists.slice(1))) yield [first, ...rest];
}

/** {value: true | false | null, open: names on which it hangs}. */
function evaluateExpression(expression, stated, domains) {
  const values = fromPairs(expression.names.filter((name) => name in stated).map((name) => [name, stated[name]]));
  const unstated = expression.names.filter((name) => !(name in stated));
  if (unstated.length === 0) return { value: _run(expression, values), open: [] };
  const finite = unstated.filter((name) => (domains[name] ?? []).length > 0);
  const tried = [];
  let tries = 1;
  for (const name of finite.sort((a, b) => domains[a].length - domains[b].length)) {
    tries *= domains[name].length;
    if (tries > (expression.bound.size ? MOST_TRIES_OF_LOOPS : MOST_TRIES)) break;
    tried.push(name);
  }
  const results = [..._product(tried.map((name) => domains[name]))].map((choice) => {
    const more = fromPairs(tried.map((name, place) => [name, choice[place]]));
    return {
      choice,
      result: _attempt(expression, fromPairs([...Object.entries(values), ...Object.entries(more)])),
    };
  });
  const found = new Set(results.map(({ result }) => result));
  if (found.size === 1 && !found.has(null)) return { value: results[0].result, open: [] };
  const hangs = new Set(tried.filter((_, place) => _matters(results, place)));
  if (found.has(null)) for (const name of unstated) if (!tried.includes(name)) hangs.add(name);
  return { value: null, open: unstated.filter((name) => hangs.has(name)) };
}

/** Whether two choices that differ only at `place` come out differently. */
function _matters(results, place) {
  const seen = new Map();
  return results.some(({ choice, result }) => {
    const rest = JSON.stringify(choice.toSpliced(place, 1));
    if (!seen.has(rest)) seen.set(rest, result);
    return seen.get(rest) !== result;
  });
}

/** Evaluate over sample values, to find operands that do not fit each other; a Refusal where there are any. */
function tryExpression(expression, samples) {
  let [failed, worked, tries] = [false, false, 0];
  for (const choice of _product(expression.names.map((name) => samples[name]))) {
    tries += 1;
    if (tries > MOST_TRIES) return;
    try {
      const values = fromPairs(expression.names.map((name, place) => [name, choice[place]]));
      const found = runCel(expression.tree, _context(values));
      if (typeof found !== "boolean")
        refuse("packs.cel.not_boolean", { source: expression.source, value: typeof found });
      worked = true;
    } catch (error) {
      if (!(error instanceof CelError)) throw error;
      if (error.kind === "type")
        refuse("packs.cel.types", { source: expression.source, problem: detail("expression_types") });
      failed = true;
    }
  }
  if (failed && !worked) refuse("packs.cel.failed", { source: expression.source, problem: detail("expression_value") });
}

const _isStated = (value) => value !== null && value !== undefined && value !== "unknown";
const statedOf = (values) => fromPairs(Object.entries(values).filter(([, value]) => _isStated(value)));

/** All values of each fact that has finitely many. */
function domainsOf(facts) {
  const found = fromPairs([]);
  for (const fact of facts) {
    if (fact.type === "boolean") found[fact.id] = [false, true];
    else if (fact.type === "choice") found[fact.id] = fact.choices.map((choice) => choice.id);
  }
  return found;
}

function _fits(fact, value) {
  if (fact.type === "choice") return fact.choices.some((choice) => choice.id === value);
  if (fact.type === "boolean") return typeof value === "boolean";
  if (fact.type === "number") return typeof value === "number";
  if (fact.type === "text") return typeof value === "string" && [...value].length <= LONGEST_FACT;
  return isDay(value);
}

/** Whether `value` is a day written as 2026-11-22. */
function isDay(value) {
  try {
    return dayText(parseDay(value)) === value;
  } catch (error) {
    if (!(error instanceof NoTime)) throw error;
    return false;
  }
}

/** {applies: true | false | null, unstated}: whether a requirement applies, and the facts on which it hangs. */
function appliesTo(requirement, facts, pack) {
  if (requirement.applies_when === null) return { applies: true, unstated: [] };
  const expression = compileExpression(requirement.applies_when);
  const stated = statedOf(facts);
  for (const fact of pack.facts) {
    if (expression.names.includes(fact.id) && fact.id in stated && !_fits(fact, stated[fact.id])) {
      const key = fact.type === "choice" ? "packs.fact.choice_unknown" : `packs.fact.type.${fact.type}`;
      const nearest = fact.choices.map((choice) => choice.id);
      refuse(key, { fact: fact.id, value: asText(stated[fact.id], 60), nearest });
    }
  }
  const { value, open } = evaluateExpression(expression, stated, domainsOf(pack.facts));
  return { applies: value, unstated: pack.facts.map((fact) => fact.id).filter((name) => open.includes(name)) };
}

/** Whether each question of a requirement is asked, in order; left-over answers to what is not asked do not count. */
class Interview {
  constructor(requirement, facts, pack) {
    this.requirement = requirement;
    this.facts = statedOf(facts);
    this.domains = domainsOf(pack.facts);
  }

  asks(question, given) {
    const answers = statedOf(given);
    const notAsked = new Set();
    const domains = fromPairs(Object.entries(this.domains));
    for (const each of this.requirement.questions) {
      let result = true;
      if (each.when !== null) {
        const { value, open } = this.outcome(each, answers, domains);
        result = value === null && open.every((name) => notAsked.has(name)) ? false : value;
      }
      if (each.id === question.id) return result;
      const name = `answers.${each.id}`;
      if (result === false) {
        delete answers[each.id];
        notAsked.add(name);
      } else if (each.type === "yes_no") {
        domains[name] = ["yes", "no"];
      } else if (each.type === "single") {
        domains[name] = each.choices.map((choice) => choice.id);
      }
    }
    return true;
  }

  outcome(question, answers, domains) {
    const values = fromPairs(Object.entries(this.facts));
    for (const [name, value] of Object.entries(answers)) {
      values[`answers.${name}`] = typeof value === "boolean" ? (value ? "yes" : "no") : value;
    }
    return evaluateExpression(compileExpression(question.when), values, domains);
  }
}
