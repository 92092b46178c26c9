// Words: messages of the catalogue in the reader's language. TEXTS is put in when the page is made: language → key →
// template.

const LONGEST_SHOWN = 500;
const LONGEST_IN_LIST = 60;
const MOST_IN_LIST = 20;
const JOINED = { en: ", ", ja: "、" };

/** A text from outside on one line, without signs that could steer what shows it. */
function oneLine(text, most = LONGEST_SHOWN) {
  const signs = [...text.slice(0, most * 2)].map((sign) => {
    if ("\n\r\t".includes(sign)) return " ";
    return COMMAND_SIGN.test(sign) ? `\\u${sign.codePointAt(0).toString(16).padStart(4, "0")}` : sign;
  });
  return signs.length > most ? `${signs.slice(0, most - 1).join("")}…` : signs.join("");
}

const _grouped = (digits) => digits.replace(/\B(?=(?:[0-9]{3})+(?![0-9]))/g, ",");

/** Digits at `precision` significant places, without trailing zeros, as the house writes them. */
function _general(value, precision) {
  if (!Number.isFinite(value)) return String(value).toLowerCase();
  const [digits, power] = value.toExponential(precision - 1).split("e");
  const exponent = Number(power);
  const short = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
  if (exponent >= -4 && exponent < precision) return short(value.toFixed(Math.max(precision - 1 - exponent, 0)));
  return `${short(digits)}e${power[0]}${power.slice(1).padStart(2, "0")}`;
}

/** A number by one of the formats that the catalogue uses: "," ".1%" ".3f" ",.0f" ".6g" "g". */
function _formatted(value, format) {
  const [, comma, precision, kind] = /^(,?)(?:\.([0-9]+))?([%fg]?)$/.exec(format) ?? [null, "", undefined, ""];
  if (kind === "%") return `${(value * 100).toFixed(precision ?? 6)}%`;
  if (kind === "g") return _general(value, Number(precision ?? 6));
  const digits = kind === "f" ? value.toFixed(precision ?? 6) : levelText(value);
  const [whole, rest] = digits.split(".");
  return (comma ? _grouped(whole) : whole) + (rest === undefined ? "" : `.${rest}`);
}

function _asText(value, language) {
  if (value === ANYTHING || value === undefined) return "…";
  if (typeof value === "string") return oneLine(value);
  if (typeof value === "number") return levelText(value);
  if (Array.isArray(value)) {
    const shown = value.slice(0, MOST_IN_LIST).map((item) => oneLine(_asText(item, language), LONGEST_IN_LIST));
    return [...shown, ...(value.length > MOST_IN_LIST ? ["…"] : [])].join(JOINED[language]);
  }
  if (!isObject(value)) return value === null ? "–" : String(value);
  if (typeof value.key === "string" && isObject(value.arguments)) return inWords(value, language);
  if (typeof value.en === "string") return oneLine(asText(value[language] ?? value.en, LONGEST_SHOWN));
  const pairs = Object.entries(value).slice(0, MOST_IN_LIST);
  return pairs
    .map(([key, item]) => oneLine(`${key}=${_asText(item, language)}`, LONGEST_IN_LIST))
    .join(JOINED[language]);
}

/** A message in a language: "en" or "ja". */
function inWords(message, language) {
  const template = Object.hasOwn(TEXTS[language], message.key)
    ? TEXTS[language][message.key]
    : `[${oneLine(message.key, 80)}]`;
  return template.replace(/\{\{|\}\}|\{([a-z_0-9]+)(?::([^{}]*))?\}/g, (whole, name, format = "") => {
    if (name === undefined) return whole[0];
    if (!Object.hasOwn(message.arguments, name)) return whole;
    const value = message.arguments[name];
    if (format.startsWith("count|")) {
      const [, one, many] = format.split("|");
      return `${_grouped(_asText(value, language))} ${value === 1 ? one : many}`;
    }
    return format && typeof value === "number" ? _formatted(value, format) : _asText(value, language);
  });
}
