// JSON as strictly as the house reads it (no key twice, nothing deep, no number beyond every float), and its one
// canonical form, RFC 8785, which is how this language prints numbers and text anyway.

/** A mistake in what was given, as a message of the catalogue; everything else that is thrown is a defect. */
class Refusal extends Error {
  constructor(message) {
    super(message.key);
    this.said = message;
  }
}

const say = (key, values = {}) => ({ key, arguments: values });
const refuse = (key, values) => {
  throw new Refusal(say(key, values));
};
/** A detail that only this page says, to stand inside another message. */
const detail = (key, values) => say(`standalone.page.problem.${key}`, values);

const LARGEST_DOCUMENT = 64 * 2 ** 20;
const DEEPEST = 64;
const MOST_DIGITS = 400;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const SHORT_ESCAPES = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/** UTF-8 text, or a RangeError-like failure that the caller names. */
const decodeText = (bytes) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
const encodeText = (text) => new TextEncoder().encode(text);

class JsonReader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  fail(key, values) {
    throw new Refusal(detail(key, { place: this.at, ...values }));
  }

  document() {
    const value = this.value(1);
    this.space();
    if (this.at < this.text.length) this.fail("json_extra");
    return value;
  }

  space() {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
      this.at += 1;
    }
  }

  value(level) {
    if (level > DEEPEST) this.fail("json_deep", { limit: DEEPEST });
    this.space();
    const letter = this.text[this.at];
    if (letter === '"') return this.string();
    if (letter === "{") return this.object(level);
    if (letter === "[") return this.array(level);
    if (letter === "t") return this.word("true", true);
    if (letter === "f") return this.word("false", false);
    if (letter === "n") return this.word("null", null);
    return this.number();
  }

  word(text, value) {
    if (!this.text.startsWith(text, this.at)) this.fail("json_value");
    this.at += text.length;
    return value;
  }

  number() {
    NUMBER.lastIndex = this.at;
    const found = NUMBER.exec(this.text);
    if (found === null) this.fail("json_value");
    const whole = found[1] === undefined && found[2] === undefined;
    const value = whole && found[0].length > MOST_DIGITS ? Infinity : Number(found[0]);
    if (!Number.isFinite(value)) this.fail("json_number");
    this.at += found[0].length;
    return value === 0 ? 0 : value;
  }

  string() {
    let start = (this.at += 1);
    let found = "";
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code === 34) {
        found += this.text.slice(start, this.at);
        this.at += 1;
        return found;
      }
      if (code < 32 || Number.isNaN(code)) this.fail("json_string");
      if (code === 92) {
        found += this.text.slice(start, this.at) + this.escape();
        start = this.at;
      } else {
        this.at += 1;
      }
    }
  }

  escape() {
    const letter = this.text[this.at + 1];
    if (letter === "u") {
      const digits = this.text.slice(this.at + 2, this.at + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.fail("json_string");
      this.at += 6;
      return String.fromCharCode(parseInt(digits, 16));
    }
    if (letter === undefined || !Object.hasOwn(SHORT_ESCAPES, letter)) this.fail("json_string");
    this.at += 2;
    return SHORT_ESCAPES[letter];
  }

  array(level) {
    const found = [];
    this.at += 1;
    this.space();
    if (this.take("]")) return found;
    for (;;) {
      found.push(this.value(level + 1));
      this.space();
      if (this.take("]")) return found;
      if (!this.take(",")) this.fail("json_value");
    }
  }

  object(level) {
    // Without a prototype: a key such as "constructor" is a key like any other.
    const found = Object.create(null);
    this.at += 1;
    this.space();
    if (this.take("}")) return found;
    for (;;) {
      this.space();
      if (this.text[this.at] !== '"') this.fail("json_value");
      const key = this.string();
      if (key in found) this.fail("json_twice", { name: key.slice(0, 60) });
      this.space();
      if (!this.take(":")) this.fail("json_value");
      found[key] = this.value(level + 1);
      this.space();
      if (this.take("}")) return found;
      if (!this.take(",")) this.fail("json_value");
    }
  }

  take(letter) {
    if (this.text[this.at] !== letter) return false;
    this.at += 1;
    return true;
  }
}

/** The JSON value in `bytes`, or a Refusal that names the document `what`. */
function parseJson(bytes, what) {
  if (bytes.length > LARGEST_DOCUMENT) {
    refuse("evidence.json.too_large", { what, size: bytes.length, limit: LARGEST_DOCUMENT });
  }
  let text;
  try {
    text = decodeText(bytes);
  } catch {
    refuse("evidence.json.malformed", { what, problem: detail("utf8") });
  }
  try {
    return new JsonReader(text).document();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return refuse("evidence.json.malformed", { what, problem: error.said });
  }
}

/** A plain record of [name, value] pairs, without a prototype: "constructor" is a name like any other. */
const fromPairs = (pairs) => {
  const found = Object.create(null);
  for (const [name, value] of pairs) found[name] = value;
  return found;
};

/** Any JSON value as a short text for a message. */
const asText = (value, most = 80) => (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).slice(0, most);

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const LONE_SURROGATE = /\p{Surrogate}/u;

/** The RFC 8785 text of a JSON value. */
function canonical(value) {
  if (typeof value === "string") {
    if (LONE_SURROGATE.test(value)) refuse("evidence.canonical.impossible", { problem: detail("surrogate") });
    return JSON.stringify(value);
  }
  if (typeof value === "number") {
    if (!Number.isFinite(value))
      refuse("evidence.canonical.impossible", { problem: detail("json_number", { place: 0 }) });
    return String(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (isObject(value)) {
    // The default order of this language is the one that the standard asks for: by UTF-16 code units.
    return `{${Object.keys(value)
      .sort()
      .map((key) => `${canonical(key)}:${canonical(value[key])}`)
      .join(",")}}`;
  }
  return String(value);
}

/** Whether `bytes` are exactly the canonical form of `value`. */
function isCanonical(value, bytes) {
  const wanted = canonical(value);
  return wanted.length <= bytes.length && sameBytes(encodeText(wanted), bytes);
}

const sameBytes = (first, second) =>
  first.length === second.length && first.every((byte, place) => byte === second[place]);

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
const digestBytes = async (bytes) => hex(await sha256(bytes));
const digestJson = (value) => digestBytes(encodeText(canonical(value)));

/** Order of texts by code point, which differs from the order of this language beyond the first plane. */
function byCodePoint(first, second) {
  const shared = Math.min(first.length, second.length);
  for (let place = 0; place < shared; place += 1) {
    const [a, b] = [first.charCodeAt(place), second.charCodeAt(place)];
    if (a !== b) {
      const pairs = a >= 0xd800 && b >= 0xd800;
      const moved = (unit) => (pairs && unit < 0xe000 ? unit + 0x2000 : unit);
      return moved(a) - moved(b);
    }
  }
  return first.length - second.length;
}

const sortedTexts = (texts) => [...texts].sort(byCodePoint);
