// Texts of YAML: plain, quoted and block scalars, with their folding, at a place in a source.

const ESCAPES = {
  0: "\0",
  a: "\x07",
  b: "\b",
  t: "\t",
  "\t": "\t",
  n: "\n",
  v: "\v",
  f: "\f",
  r: "\r",
  e: "\x1b",
  " ": " ",
  '"': '"',
  "/": "/",
  "\\": "\\",
  N: "\x85",
  _: "\xa0",
  L: "\u2028",
  P: "\u2029",
};
const LONG_ESCAPES = { x: 2, u: 4, U: 8 };
const FLOW_SIGNS = ",[]{}";

/** Where a reader stands in a source, and what it can see from there. */
class YamlSource {
  constructor(text, file) {
    this.text = text;
    this.file = file;
    this.at = 0;
    this.ends = Array.from(text.matchAll(/\n/g), (found) => found.index);
  }

  get letter() {
    return this.text[this.at] ?? "";
  }

  get line() {
    let [low, high] = [0, this.ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.ends[middle] < this.at) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  }

  get column() {
    return this.at === 0 ? 0 : this.at - (this.text.lastIndexOf("\n", this.at - 1) + 1);
  }

  get ended() {
    return this.at >= this.text.length;
  }

  /** Whether a blank, a line end or the end stands `ahead` letters on. */
  blank(ahead = 0) {
    return [" ", "\t", "\n", undefined].includes(this.text[this.at + ahead]);
  }

  /** Whether a mark between documents stands here. */
  get atMark() {
    if (this.at > 0 && this.text[this.at - 1] !== "\n") return false;
    return ["---", "..."].includes(this.text.slice(this.at, this.at + 3)) && this.blank(3);
  }

  fail(key, values = {}, line = this.line) {
    refuse("packs.at", { place: `${this.file}:${line}`, problem: say(`packs.yaml.${key}`, values) });
  }

  syntax(key, values) {
    this.fail("syntax", { problem: detail(`yaml.${key}`, values) });
  }

  blanks() {
    while (this.letter === " " || this.letter === "\t") this.at += 1;
  }

  lineEnd() {
    const end = this.text.indexOf("\n", this.at);
    return end < 0 ? this.text.length : end;
  }
}

/** Line breaks between two lines of a folded text: one is a blank, of more all but the first stay. */
const _folded = (breaks) => (breaks === 1 ? " " : "\n".repeat(breaks - 1));

/** Skip blanks and line ends inside a scalar; return how many line ends there were. */
function _skipBreaks(source) {
  let breaks = 0;
  for (source.blanks(); source.letter === "\n"; source.blanks()) {
    breaks += 1;
    source.at += 1;
    if (source.atMark) source.syntax("document");
  }
  return breaks;
}

function plainLine(source, flow) {
  const start = source.at;
  let end = start;
  while (!source.ended && source.letter !== "\n") {
    const letter = source.letter;
    if (letter === ":" && (source.blank(1) || (flow && `?${FLOW_SIGNS}`.includes(source.text[source.at + 1])))) {
      if (flow && !source.blank(1)) source.syntax("colon");
      break;
    }
    if (flow && FLOW_SIGNS.includes(letter)) break;
    if (letter === "#" && source.at > start && source.blank(-1)) break;
    source.at += 1;
    if (letter !== " " && letter !== "\t") end = source.at;
  }
  source.at = end;
  return source.text.slice(start, end);
}

/** A plain scalar over all its lines; those that go on are indented deeper than `parent`. */
function plainText(source, parent, flow) {
  let found = plainLine(source, flow);
  for (;;) {
    const place = source.at;
    let breaks = 0;
    for (source.blanks(); source.letter === "\n";) {
      breaks += 1;
      source.at += 1;
      while (source.letter === " ") source.at += 1;
      if (source.letter === "\t" && !flow && source.column <= parent) source.syntax("tab");
      source.blanks();
    }
    const over = source.ended || source.letter === "#" || source.atMark || (!flow && source.column <= parent);
    const stops = flow ? FLOW_SIGNS.includes(source.letter) || source.letter === ":" : false;
    if (breaks === 0 || over || stops || (source.letter === ":" && source.blank(1))) {
      source.at = place;
      return found;
    }
    found += _folded(breaks) + plainLine(source, flow);
  }
}

function singleQuoted(source) {
  let found = "";
  source.at += 1;
  for (;;) {
    if (source.ended) source.syntax("quote");
    const letter = source.letter;
    if (letter === "'") {
      source.at += 1;
      if (source.letter !== "'") return found;
      found += "'";
      source.at += 1;
    } else if (source.blank()) {
      found += _space(source);
    } else {
      found += letter;
      source.at += 1;
    }
  }
}

function _space(source) {
  const start = source.at;
  const breaks = _skipBreaks(source);
  return breaks === 0 ? source.text.slice(start, source.at) : _folded(breaks);
}

function doubleQuoted(source) {
  let found = "";
  source.at += 1;
  for (;;) {
    if (source.ended) source.syntax("quote");
    const letter = source.letter;
    if (letter === '"') {
      source.at += 1;
      return found;
    }
    if (letter === "\\" && source.text[source.at + 1] === "\n") {
      source.at += 1;
      found += "\n".repeat(_skipBreaks(source) - 1);
    } else if (letter === "\\") {
      found += _escape(source);
    } else if (source.blank()) {
      found += _space(source);
    } else {
      found += letter;
      source.at += 1;
    }
  }
}

function _escape(source) {
  const letter = source.text[source.at + 1] ?? "";
  if (Object.hasOwn(ESCAPES, letter)) {
    source.at += 2;
    return ESCAPES[letter];
  }
  const length = LONG_ESCAPES[letter] ?? 0;
  const digits = source.text.slice(source.at + 2, source.at + 2 + length);
  const code = /^[0-9a-fA-F]+$/.test(digits) && digits.length === length ? parseInt(digits, 16) : Infinity;
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) source.syntax("escape");
  source.at += 2 + length;
  return String.fromCodePoint(code);
}

/** A block scalar below `parent`: its lines as they stand (|) or folded (>). */
function blockText(source, parent) {
  const literal = source.letter === "|";
  const line = source.text.slice(source.at, source.lineEnd() + 1);
  const head = /^[|>](?:([+-])([1-9])?|([1-9])([+-])?)?[ \t]*(?:[ \t]#[^\n]*)?(?:\n|$)/.exec(line);
  if (head === null) source.syntax("header");
  source.at += head[0].length;
  const keep = head[1] ?? head[4] ?? "";
  const given = Number(head[2] ?? head[3] ?? 0);
  const indent = given ? Math.max(parent, 0) + given : _blockIndent(source, parent);
  let found = "";
  let pending = _emptyLines(source, indent);
  let ending = "";
  let quiet = true; // no line before, or one that began with a blank: nothing is folded after it
  while (!source.ended && source.column === indent && !source.atMark) {
    const blank = source.letter === " " || source.letter === "\t";
    const joined = !literal && ending !== "" && !quiet && !blank;
    found += joined ? (pending === "" ? " " : "") : ending;
    found += pending;
    quiet = blank;
    found += source.text.slice(source.at, source.lineEnd());
    source.at = source.lineEnd();
    ending = source.ended ? "" : "\n";
    source.at += ending.length;
    pending = _emptyLines(source, indent);
  }
  if (keep !== "-") found += ending;
  return keep === "+" ? found + pending : found;
}

/** The indentation of the first line that is not empty, at least one deeper than the parent's. */
function _blockIndent(source, parent) {
  let deepest = 0;
  for (let at = source.at; ;) {
    const end = source.text.indexOf("\n", at);
    const line = source.text.slice(at, end < 0 ? undefined : end);
    const spaces = /^ */.exec(line)[0].length;
    deepest = Math.max(deepest, spaces);
    if (line[spaces] === "\t") source.syntax("tab");
    if (spaces < line.length || end < 0) return Math.max(deepest, parent + 1, 1);
    at = end + 1;
  }
}

/** Skip up to `indent` blanks and the line ends of empty lines; return the line ends. */
function _emptyLines(source, indent) {
  let found = "";
  for (;;) {
    while (source.letter === " " && source.column < indent) source.at += 1;
    if (source.letter === "\t" && source.column < indent) source.syntax("tab");
    if (source.letter !== "\n") return found;
    found += "\n";
    source.at += 1;
  }
}
