// The expressions of packs, a part of CEL: what a fact or an answer says, in three values. Whole numbers are bigint,
// all others doubles, as facts are; an operand of another type is an error, and && and || take up an error wherever
// the other side decides.

const LONGEST_EXPRESSION = 500;
const LONGEST_LIST = 1000;
const MACROS = ["all", "exists", "exists_one", "map", "filter"];
const METHODS = ["contains", "startsWith", "endsWith", "size"];
const FUNCTIONS = ["size", "int", "double", "string"];
const NOT_HERE = ["timestamp", "duration"]; // known to the house, not to this page
const TEXT_LITERAL = String.raw`[rRbB]{0,2}(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')`;
const POWER = "[eE][+-]?[0-9]+";
const NUMBER_LITERAL = `(?:[0-9]*\\.[0-9]+(?:${POWER})?|[0-9]+${POWER}|0x[0-9a-fA-F]+|[0-9]+)[uU]?`;
const TOKEN = new RegExp(
  [
    String.raw`(?<space>\s+|\/\/[^\n]*)`,
    `(?<string>${TEXT_LITERAL})`,
    "(?<name>[A-Za-z_][A-Za-z0-9_]*)",
    `(?<number>${NUMBER_LITERAL})`,
    String.raw`(?<sign>==|!=|<=|>=|&&|\|\||[-+*/%<>!?:.,()[\]{}])`,
  ].join("|"),
  "gy",
);

/** An error of evaluation: "type" where operands do not fit each other, else "other". */
class CelError extends Error {
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

const _typeError = () => {
  throw new CelError("type");
};
const _otherError = () => {
  throw new CelError("other");
};

class CelParser {
  constructor(source) {
    this.source = source;
    this.tokens = [];
    this.at = 0;
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < source.length) {
      const found = TOKEN.exec(source);
      if (found === null) this.malformed();
      const [kind] = Object.entries(found.groups).find(([, text]) => text !== undefined);
      if (kind !== "space") this.tokens.push({ kind, text: found[0] });
    }
  }

  malformed() {
    refuse("packs.cel.malformed", { source: this.source, problem: detail("expression") });
  }

  unread(what) {
    refuse("packs.cel.malformed", { source: this.source, problem: detail("expression_unread", { what }) });
  }

  is(text) {
    const token = this.tokens[this.at];
    return token !== undefined && token.kind !== "string" && token.text === text;
  }

  take(...texts) {
    const found = texts.find((text) => this.is(text));
    if (found !== undefined) this.at += 1;
    return found;
  }

  need(text) {
    if (this.take(text) === undefined) this.malformed();
  }

  whole() {
    const tree = this.conditional();
    if (this.at < this.tokens.length) this.malformed();
    return tree;
  }

  conditional() {
    const test = this.either();
    if (!this.take("?")) return test;
    const yes = this.either();
    this.need(":");
    return { op: "?:", parts: [test, yes, this.conditional()] };
  }

  chain(next, ...signs) {
    let tree = next();
    for (let sign = this.take(...signs); sign !== undefined; sign = this.take(...signs)) {
      tree = { op: sign, parts: [tree, next()] };
    }
    return tree;
  }

  either() {
    return this.chain(() => this.both(), "||");
  }

  both() {
    return this.chain(() => this.relation(), "&&");
  }

  relation() {
    return this.chain(() => this.sum(), "<", "<=", ">", ">=", "==", "!=", "in");
  }

  sum() {
    return this.chain(() => this.product(), "+", "-");
  }

  product() {
    return this.chain(() => this.unary(), "*", "/", "%");
  }

  unary() {
    const sign = this.take("!", "-");
    if (sign === undefined) return this.member();
    let count = 1;
    while (this.take(sign)) count += 1;
    const tree = this.member();
    // Two signs cancel each other, whatever stands behind them.
    return count % 2 ? { op: `${sign}_`, parts: [tree] } : tree;
  }

  member() {
    let tree = this.primary();
    for (;;) {
      if (this.is("[")) this.unread("[ ]");
      if (!this.take(".")) return tree;
      const token = this.tokens[this.at];
      if (token?.kind !== "name") this.malformed();
      this.at += 1;
      tree = this.is("(") ? this.method(tree, token.text) : this.select(tree, token.text);
    }
  }

  select(tree, field) {
    if (tree.op !== "name" || tree.name !== "answers") this.unread(`.${field}`);
    return { op: "name", name: `answers.${field}` };
  }

  method(on, name) {
    this.need("(");
    if (MACROS.includes(name)) return this.macro(on, name);
    if (NOT_HERE.includes(name)) this.unread(name);
    if (!METHODS.includes(name)) this.unknownFunction(name);
    return { op: name, parts: [on, ...this.list(")")] };
  }

  macro(on, name) {
    const variable = this.tokens[this.at];
    if (variable?.kind !== "name") this.malformed();
    this.at += 1;
    this.need(",");
    const parts = this.list(")");
    if (parts.length < 1 || parts.length > (name === "map" ? 2 : 1)) this.malformed();
    return { op: name, parts: [on, ...parts], variable: variable.text };
  }

  unknownFunction(name) {
    refuse("packs.cel.function", {
      source: this.source,
      function: name,
      known: [...FUNCTIONS, ...METHODS, ...NOT_HERE],
    });
  }

  list(closing) {
    const found = [];
    if (this.take(closing)) return found;
    for (;;) {
      found.push(this.conditional());
      if (this.take(closing)) return found;
      this.need(",");
      if (closing === "]" && this.take(closing)) return found;
    }
  }

  primary() {
    const token = this.tokens[this.at];
    if (token === undefined) this.malformed();
    this.at += 1;
    if (token.kind === "string") return { op: "literal", value: this.text(token.text) };
    if (token.kind === "number") return { op: "literal", value: this.number(token.text) };
    if (token.kind === "name") return this.named(token.text);
    if (token.text === "(") {
      const tree = this.conditional();
      this.need(")");
      return tree;
    }
    if (token.text === "[") return { op: "list", parts: this.list("]") };
    if (token.text === "{") this.unread("{ }");
    return this.malformed();
  }

  named(name) {
    if (name === "true" || name === "false") return { op: "literal", value: name === "true" };
    if (name === "null") return { op: "literal", value: null };
    if (name === "in") this.malformed();
    if (!this.is("(")) return { op: "name", name };
    this.at += 1;
    if (NOT_HERE.includes(name)) this.unread(name);
    if (!FUNCTIONS.includes(name)) this.unknownFunction(name);
    return { op: name, parts: this.list(")") };
  }

  number(text) {
    if (/[uU]$/.test(text)) this.unread("u");
    if (/^0x|^[0-9]+$/.test(text)) {
      const value = BigInt(text);
      return value < 2n ** 63n ? value : this.malformed();
    }
    return Number(text);
  }

  text(written) {
    const [, prefix, quote] = /^([rRbB]{0,2})("""|'''|"|')/.exec(written);
    if (/[bB]/.test(prefix)) this.unread("b");
    const inner = written.slice(prefix.length + quote.length, -quote.length);
    if (/[rR]/.test(prefix)) return inner;
    const short = { a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };
    const escapes =
      /\\(?:([abfnrtv\\?"'`])|[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|[\s\S]?)/g;
    return inner.replace(escapes, (whole, one, two, four, eight, octal) => {
      if (one !== undefined) return short[one] ?? one;
      const code = octal === undefined ? parseInt(two ?? four ?? eight, 16) : parseInt(octal, 8);
      return code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000) ? String.fromCodePoint(code) : this.malformed();
    });
  }
}

const _numeric = (value) => typeof value === "number" || typeof value === "bigint";

function _equal(first, second) {
  if (Array.isArray(first) && Array.isArray(second)) {
    return first.length === second.length && first.every((item, place) => _equal(item, second[place]));
  }
  // Two signs: a whole number equals the double of the same size.
  return _numeric(first) && _numeric(second) ? first == second : first === second;
}

function _order(first, second) {
  if (_numeric(first) && _numeric(second)) return first < second ? -1 : first > second ? 1 : 0;
  if (typeof first === "string" && typeof second === "string") return Math.sign(byCodePoint(first, second));
  if (typeof first === "boolean" && typeof second === "boolean") return Number(first) - Number(second);
  return _typeError();
}

function _arithmetic(op, first, second) {
  const kind = typeof first;
  if (op === "+" && Array.isArray(first) && Array.isArray(second)) return [...first, ...second];
  if (kind !== typeof second || !_numeric(first))
    return op === "+" && kind === "string" && typeof second === kind ? first + second : _typeError();
  if (op === "%" && kind === "number") return _typeError();
  if ("/%".includes(op) && second === 0n) return _otherError();
  const found = {
    "+": (a, b) => a + b,
    "-": (a, b) => a - b,
    "*": (a, b) => a * b,
    "/": (a, b) => a / b,
    "%": (a, b) => a % b,
  }[op](first, second);
  return kind === "bigint" && BigInt.asIntN(64, found) !== found ? _otherError() : found;
}

const CALCULATIONS = {
  "!_": (value) => (typeof value === "boolean" ? !value : _typeError()),
  "-_": (value) => (_numeric(value) ? -value : typeof value === "boolean" ? !value : _typeError()),
  "==": _equal,
  "!=": (first, second) => !_equal(first, second),
  "<": (first, second) => _order(first, second) < 0,
  "<=": (first, second) => _order(first, second) <= 0,
  ">": (first, second) => _order(first, second) > 0,
  ">=": (first, second) => _order(first, second) >= 0,
  in: (item, list) => (Array.isArray(list) ? list.some((each) => _equal(each, item)) : _typeError()),
  list: (...items) => items,
  size: (value) =>
    typeof value === "string" ? BigInt([...value].length) : Array.isArray(value) ? BigInt(value.length) : _otherError(),
  contains: (text, part) => _onTexts(text, part, "includes"),
  startsWith: (text, part) => _onTexts(text, part, "startsWith"),
  endsWith: (text, part) => _onTexts(text, part, "endsWith"),
  int: _toInt,
  double: (value) => {
    if (_numeric(value)) return Number(value);
    if (typeof value !== "string") return _otherError();
    return /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(value) ? Number(value) : _otherError();
  },
  string: (value) => (typeof value === "string" || _numeric(value) ? String(value) : _otherError()),
};

const _onTexts = (text, part, test) =>
  typeof text === "string" && typeof part === "string" ? text[test](part) : _otherError();

function _toInt(value) {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : _otherError();
  if (typeof value !== "string") return _otherError();
  return /^[+-]?[0-9]+$/.test(value) ? BigInt(value.replace("+", "")) : _otherError();
}

/** What a tree is for these values (name → value); names are `fact` and `answers.question`. */
function runCel(tree, values) {
  const { op, parts } = tree;
  if (op === "literal") return tree.value;
  if (op === "name") return tree.name in values ? values[tree.name] : _otherError();
  if (op === "&&" || op === "||")
    return _logic(
      op === "||",
      parts.map((part) => () => runCel(part, values)),
    );
  if (op === "?:") {
    const test = runCel(parts[0], values);
    return typeof test === "boolean" ? runCel(parts[test ? 1 : 2], values) : _typeError();
  }
  if (tree.variable !== undefined) return _loop(tree, values);
  const items = parts.map((part) => runCel(part, values));
  if ("+-*/%".includes(op)) return _arithmetic(op, ...items);
  return CALCULATIONS[op](...items);
}

/** && and || over values that are still to be found: the deciding one wins over any error of the others. */
function _logic(deciding, parts) {
  let failed = null;
  let odd = false; // a value that is neither true nor false
  for (const part of parts) {
    try {
      const value = part();
      if (value === deciding) return deciding;
      odd ||= typeof value !== "boolean";
    } catch (error) {
      if (!(error instanceof CelError)) throw error;
      failed = error;
    }
  }
  if (failed !== null) throw failed;
  return odd ? _typeError() : !deciding;
}

function _loop({ op, parts: [over, body, then], variable }, values) {
  const items = runCel(over, values);
  if (!Array.isArray(items)) return _typeError();
  const each = (tree, item) => runCel(tree, fromPairs([...Object.entries(values), [variable, item]]));
  const test = (item) => {
    const found = each(body, item);
    return typeof found === "boolean" ? found : _typeError();
  };
  if (op === "all" || op === "exists")
    return _logic(
      op === "exists",
      items.map((item) => () => each(body, item)),
    );
  if (op === "exists_one") return items.filter(test).length === 1;
  if (op === "filter") return items.filter(test);
  return then === undefined
    ? items.map((item) => each(body, item))
    : items.filter(test).map((item) => each(then, item));
}
