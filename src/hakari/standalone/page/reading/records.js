// From JSON to records: exactly the fields of the published schemas, with their types and defaults. RECORDS is made
// from those schemas when the page is put together: record → field → [type, required, default].

const PLAIN_NUMBER = /^[+-]?(?:[0-9]+(?:_[0-9]+)*\.?(?:[0-9]+(?:_[0-9]+)*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const TRUE_WORDS = ["1", "true", "t", "yes", "y", "on"];
const FALSE_WORDS = ["0", "false", "f", "no", "n", "off"];

/** What does not fit; it carries the place for the message. */
class Misfit extends Error {
  constructor(place, problem) {
    super(problem);
    this.place = place;
    this.problem = problem;
  }
}

const _misfit = (place, problem) => {
  throw new Misfit(place, problem);
};

// What the house's reader takes for a number, a whole number or a yes and no beside the thing itself.
const LENIENT = {
  number: (value) => {
    if (typeof value === "boolean") return Number(value);
    if (typeof value !== "string" || !PLAIN_NUMBER.test(value.trim())) return undefined;
    return Number(value.trim().replaceAll("_", ""));
  },
  integer: (value) => {
    if (typeof value === "boolean") return Number(value);
    if (typeof value !== "string" || !/^[+-]?[0-9]+(?:_[0-9]+)*(?:\.0+)?$/.test(value.trim())) return undefined;
    return Number(value.trim().replaceAll("_", ""));
  },
  boolean: (value) => {
    if (value === 0 || value === 1) return value === 1;
    const word = typeof value === "string" ? value.toLowerCase() : "";
    return TRUE_WORDS.includes(word) ? true : FALSE_WORDS.includes(word) ? false : undefined;
  },
  string: () => undefined,
  null: () => undefined,
};

const EXACT = {
  number: (value) => typeof value === "number",
  integer: (value) => Number.isInteger(value) && Math.abs(value) < 2 ** 63,
  boolean: (value) => typeof value === "boolean",
  string: (value) => typeof value === "string",
  null: (value) => value === null,
};

/** `value` as `type`; `exact` takes only the thing itself, which decides between the members of a union first. */
function decode(type, value, place = "", exact = false) {
  if (type === "any") return value;
  if (typeof type === "string") return _scalar(type, value, place, exact);
  const [kind, inner] = type;
  if (kind === "record") return _record(inner, value, place, exact);
  if (kind === "one") return inner.includes(value) ? value : _misfit(place, "choice");
  if (kind === "or") return _union(inner, value, place);
  if (kind === "map") {
    if (!isObject(value)) _misfit(place, "map");
    const found = Object.create(null);
    for (const key of Object.keys(value)) found[key] = decode(inner, value[key], `${place}.${key}`, exact);
    return found;
  }
  if (!Array.isArray(value)) _misfit(place, "list");
  if (kind === "list") return value.map((item, number) => decode(inner, item, `${place}.${number}`, exact));
  if (value.length !== inner.length) _misfit(place, "list");
  return value.map((item, number) => decode(inner[number], item, `${place}.${number}`, exact));
}

function _scalar(type, value, place, exact) {
  if (EXACT[type](value)) return value;
  const found = exact ? undefined : LENIENT[type](value);
  return found === undefined ? _misfit(place, type) : found;
}

function _union(types, value, place) {
  for (const exact of [true, false]) {
    for (const type of types) {
      try {
        return decode(type, value, place, exact);
      } catch (error) {
        if (!(error instanceof Misfit)) throw error;
      }
    }
  }
  return _misfit(place, "union");
}

function _record(name, value, place, exact) {
  if (!isObject(value)) _misfit(place, "record");
  const fields = RECORDS[name];
  const found = {};
  for (const [field, [type, required, standard]] of Object.entries(fields)) {
    const where = place ? `${place}.${field}` : field;
    if (field in value) found[field] = decode(type, value[field], where, exact);
    else if (required) _misfit(where, "missing");
    else found[field] = Array.isArray(standard) ? [] : isObject(standard) ? fromPairs([]) : standard;
  }
  const unknown = Object.keys(value).find((key) => !Object.hasOwn(fields, key));
  if (unknown !== undefined) _misfit(place ? `${place}.${unknown}` : unknown, "unknown");
  return found;
}

/** `value` as the record `name`, or a Refusal that names the document and the place. */
function decodeRecord(name, value, what) {
  try {
    return decode(["record", name], value);
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    const place = error.place.slice(0, 120) || "–";
    return refuse("evidence.record.malformed", { what, place, problem: detail(`record.${error.problem}`) });
  }
}

/** A record as JSON values: fields without a value are left out, so that a later optional field keeps old digests. */
function encodeRecord(name, record) {
  const found = Object.create(null);
  for (const [field, [type]] of Object.entries(RECORDS[name])) {
    if (record[field] !== null && record[field] !== undefined) found[field] = encode(type, record[field]);
  }
  return found;
}

function encode(type, value) {
  if (value === ANYTHING || typeof type === "string" || value === null) return value;
  const [kind, inner] = type;
  if (kind === "record") return encodeRecord(inner, value);
  if (kind === "list") return value.map((item) => encode(inner, item));
  if (kind === "map") {
    return fromPairs(Object.entries(value).map(([key, item]) => [key, encode(inner, item)]));
  }
  if (kind === "or") {
    const known = (name) => Object.keys(value).every((field) => Object.hasOwn(RECORDS[name], field));
    const record = isObject(value) && inner.find(([each, name]) => each === "record" && known(name));
    return record ? encode(record, value) : value;
  }
  return value;
}

/** Stands where this page does not make a value again; it agrees with every value. */
const ANYTHING = Object.freeze({ anything: true });
