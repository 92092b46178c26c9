// YAML as packs use it: block and flow collections, every kind of text, comments. What would make a small file large
// or one text mean another thing (anchors, aliases, tags, repeated keys, depth) is refused, as the house does; rare
// forms that it reads (directives, keys with a question mark) are refused by this page alone, and it says so.

const LARGEST_YAML = 10 * 2 ** 20;
const DEEPEST_YAML = 24;
const MOST_NODES = 200_000;
const LONGEST_SCALAR = 20_000;
const LONGEST_KEY = 1024;
const UNREADABLE = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const COMMAND_SIGN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;
/** Line ends and marks that the house reads and this page does not. */
const ODD_BREAK = /[\x85\u2028\u2029]|(?:^|\n)\ufeff/;

/** The one document in `bytes` as nodes: {kind: "scalar" | "list" | "map", line, …}. */
function readYaml(bytes, file) {
  const at = (line, key, values) =>
    refuse("packs.at", { place: `${file}:${line}`, problem: say(`packs.yaml.${key}`, values) });
  if (bytes.length > LARGEST_YAML) at(1, "too_large", { size: bytes.length, limit: LARGEST_YAML });
  let text;
  try {
    text = decodeText(bytes);
  } catch {
    at(1, "not_utf8", { byte: "?" });
  }
  text = (text.startsWith("\ufeff") ? text.slice(1) : text).replace(/\r\n?/g, "\n");
  const source = new YamlSource(text, file);
  const odd = UNREADABLE.exec(text) ?? ODD_BREAK.exec(text);
  if (odd !== null) {
    source.at = odd.index;
    source.syntax(UNREADABLE.test(odd[0]) ? "control" : "unread", { what: "U+0085, U+2028, U+2029, U+FEFF" });
  }
  return new YamlReader(source).document();
}

class YamlReader {
  constructor(source) {
    this.source = source;
    this.depth = 0;
    this.count = 0;
  }

  document() {
    const source = this.source;
    this.toContent();
    if (source.letter === "%" && source.column === 0) source.syntax("unread", { what: "%" });
    const marked = source.atMark && source.letter === "-";
    if (marked) source.at += 3;
    const fresh = this.toContent() || !marked;
    if (source.ended && !marked) source.fail("empty", {}, 1);
    const root = this.block(-1, { fresh, key: fresh });
    this.toContent();
    if (source.atMark) {
      const end = source.letter === ".";
      source.at += 3;
      this.toContent();
      if (!end || source.atMark) source.fail("two_documents");
    }
    if (!source.ended) source.syntax("rest");
    return root;
  }

  /** Go over blanks, comments and line ends; a tab where a line may begin a key is an error. Whether a line ended. */
  toContent(flow = false, keyAllowed = false) {
    const source = this.source;
    let fresh = source.at === 0;
    let allowed = keyAllowed || source.column === 0;
    for (;;) {
      while (source.letter === " " || (source.letter === "\t" && (flow || !allowed))) source.at += 1;
      if (source.letter === "#") source.at = source.lineEnd();
      if (source.letter === "\t") source.syntax("tab");
      if (source.letter !== "\n") return fresh;
      source.at += 1;
      fresh = true;
      allowed = !flow;
    }
  }

  node(made) {
    this.count += 1;
    if (this.count > MOST_NODES) this.source.fail("too_many", { limit: MOST_NODES });
    return made;
  }

  scalar(text, plain, line) {
    if (text.length > LONGEST_SCALAR && [...text].length > LONGEST_SCALAR)
      this.source.fail("too_long", { length: text.length, limit: LONGEST_SCALAR }, line);
    const odd = COMMAND_SIGN.test(text) ? COMMAND_SIGN.exec(text.replace(/[\n\r\t]/g, "")) : null;
    if (odd !== null) {
      const code = `U+${odd[0].codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
      this.source.fail("control", { text: text.slice(0, 60), code }, line);
    }
    return this.node({ kind: "scalar", text, plain, line });
  }

  collection(kind, line, fill) {
    const made = this.node(kind === "map" ? { kind, line, entries: new Map() } : { kind, line, items: [] });
    this.depth += 1;
    if (this.depth > DEEPEST_YAML) this.source.fail("too_deep", { limit: DEEPEST_YAML });
    fill(made);
    this.depth -= 1;
    return made;
  }

  entry(map, key, value) {
    if (key.kind !== "scalar") this.source.fail("key_not_text", {}, key.line);
    const before = map.entries.get(key.text);
    if (before !== undefined) this.source.fail("duplicate_key", { key: key.text, first: before.line }, key.line);
    // The key is kept before its value is read, so that an error is told where it is.
    map.entries.set(key.text, { line: key.line, node: null });
    map.entries.get(key.text).node = value();
  }

  /** A node inside a block whose collection stands at the column `parent`. */
  block(parent, { fresh = false, key = false, list = key } = {}) {
    const source = this.source;
    const line = source.line;
    const newLine = this.toContent(false, key) || fresh;
    const column = source.column;
    const dash = source.letter === "-" && source.blank(1);
    const same = newLine && list === "same" && column === parent && dash;
    if (source.ended || source.atMark || (newLine && column <= parent && !same)) return this.scalar("", true, line);
    if (dash) {
      if (!newLine && !key) source.syntax("dash");
      return this.blockList(column, same);
    }
    return this.blockValue(parent, newLine || key);
  }

  blockValue(parent, keyAllowed) {
    const source = this.source;
    const [line, column, letter] = [source.line, source.column, source.letter];
    if (letter === "|" || letter === ">") {
      const text = blockText(source, parent);
      return this.scalar(text, false, line);
    }
    const start = source.at;
    const value = this.inline(parent, false);
    const oneLine = !source.text.slice(start, source.at).includes("\n");
    if (this.colon()) {
      if (!keyAllowed || !oneLine || source.at - start > LONGEST_KEY) source.syntax("colon");
      return this.blockMap(column, line, value);
    }
    this.restOfLine();
    return value;
  }

  /** Whether a colon that makes a key of what stands before it comes next. */
  colon() {
    const source = this.source;
    const place = source.at;
    source.blanks();
    if (source.letter === ":" && source.blank(1)) return true;
    source.at = place;
    return false;
  }

  restOfLine() {
    const source = this.source;
    source.blanks();
    if (!source.ended && source.letter !== "\n" && source.letter !== "#") source.syntax("rest");
  }

  /** A scalar or a flow collection. */
  inline(parent, flow) {
    const source = this.source;
    const [line, letter] = [source.line, source.letter];
    if (letter === "[") return this.flowList(line);
    if (letter === "{") return this.flowMap(line);
    if (letter === '"') return this.scalar(doubleQuoted(source), false, line);
    if (letter === "'") return this.scalar(singleQuoted(source), false, line);
    if (letter === "&" || letter === "*")
      source.fail("alias", { text: /^.[^\s,\[\]{}]*/.exec(source.text.slice(source.at))[0] });
    if (letter === "!") source.fail("tag", { tag: /^\S*/.exec(source.text.slice(source.at))[0] });
    if ("?:".includes(letter) && (source.blank(1) || flow)) source.syntax("unread", { what: letter });
    if ((letter === "-" && source.blank(1)) || ",]}#|>%@`".includes(letter)) source.syntax("start", { letter });
    return this.scalar(plainText(source, parent, flow), true, line);
  }

  blockList(column, same) {
    const source = this.source;
    return this.collection("list", source.line, (made) => {
      for (;;) {
        source.at += 1;
        made.items.push(this.block(column, { key: true }));
        this.toContent();
        if (source.ended || source.atMark || source.column < column) return;
        const dash = source.letter === "-" && source.blank(1);
        if (source.column > column || (!dash && !same)) source.syntax("indent");
        if (!dash) return;
      }
    });
  }

  blockMap(column, line, first) {
    const source = this.source;
    return this.collection("map", line, (made) => {
      for (let key = first; ; key = this.nextKey()) {
        source.at += 1; // the colon
        this.entry(made, key, () => this.block(column, { list: "same" }));
        this.toContent();
        if (source.ended || source.atMark || source.column < column) return;
        if (source.column > column) source.syntax("indent");
      }
    });
  }

  nextKey() {
    const source = this.source;
    const start = source.at;
    const key = this.inline(source.column, false);
    if (!this.colon() || source.text.slice(start, source.at).includes("\n") || source.at - start > LONGEST_KEY) {
      source.syntax("key");
    }
    return key;
  }

  flowList(line) {
    const source = this.source;
    return this.collection("list", line, (made) => {
      source.at += 1;
      for (;;) {
        this.toContent(true);
        if (source.letter === "]") break;
        made.items.push(this.flowItem());
        if (!this.flowComma("]")) break;
      }
      source.at += 1;
    });
  }

  /** An item of a list in brackets; "key: value" makes a mapping of one. */
  flowItem() {
    const source = this.source;
    const line = source.line;
    const start = source.at;
    const value = this.inline(-1, true);
    this.toContent(true);
    if (source.letter !== ":") return value;
    if (source.text.slice(start, source.at).includes("\n")) source.syntax("colon");
    return this.collection("map", line, (made) => this.entry(made, value, () => this.flowValue()));
  }

  flowMap(line) {
    const source = this.source;
    return this.collection("map", line, (made) => {
      source.at += 1;
      for (;;) {
        this.toContent(true);
        if (source.letter === "}") break;
        const start = source.at;
        const key = this.inline(-1, true);
        this.toContent(true);
        if (source.letter === ":" && source.text.slice(start, source.at).includes("\n")) source.syntax("colon");
        this.entry(made, key, () => (source.letter === ":" ? this.flowValue() : this.scalar("", true, source.line)));
        if (!this.flowComma("}")) break;
      }
      source.at += 1;
    });
  }

  flowValue() {
    const source = this.source;
    source.at += 1;
    this.toContent(true);
    return ",]}".includes(source.letter) ? this.scalar("", true, source.line) : this.inline(-1, true);
  }

  /** Go over a comma; false where the collection ends instead. */
  flowComma(closing) {
    const source = this.source;
    this.toContent(true);
    if (source.letter === closing) return false;
    if (source.letter !== ",") source.syntax("flow");
    source.at += 1;
    return true;
  }
}
