// DSSE envelopes around in-toto statements, taken in their one canonical form only, and Ed25519 by the browser's own
// cryptography.

const PAYLOAD_TYPE = "application/vnd.in-toto+json";
const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
const PUBLIC_KEY = /^[0-9a-f]{64}$/;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const _malformed = (what, key, values) => refuse("evidence.envelope.malformed", { what, problem: detail(key, values) });

function _fromBase64(text) {
  const letters = atob(text);
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}

/** Bytes of base64 that has one way to be written, or null. */
function strictBase64(text) {
  if (typeof text !== "string" || !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text))
    return null;
  const last = ALPHABET.indexOf(text.replaceAll("=", "").at(-1) ?? "A");
  const unused = text.endsWith("==") ? 15 : text.endsWith("=") ? 3 : 0;
  return last & unused ? null : _fromBase64(text);
}

/** Bytes of base64 with stray letters in it, or null: what changed shall be shown even where the form is broken. */
function looseBase64(text) {
  if (typeof text !== "string" || !/^[\x00-\x7f]*$/.test(text)) return null;
  let found = "";
  let padding = 0;
  for (const letter of text) {
    const open = found.length % 4;
    if (letter === "=") {
      padding += 1;
      if (open >= 2 && open + padding >= 4) return _fromBase64(found + "=".repeat(4 - open));
    } else if (ALPHABET.includes(letter)) {
      padding = 0;
      found += letter;
    }
  }
  return found.length % 4 === 0 ? _fromBase64(found) : null;
}

/** Ed25519 as this browser has it; `able` is known after the first use. */
class Signatures {
  constructor() {
    this.able = true;
    this.checked = 0;
    this.keys = new Map();
  }

  /** Find out whether this browser checks Ed25519 at all. */
  async prepare() {
    try {
      await crypto.subtle.importKey("raw", new Uint8Array(32), { name: "Ed25519" }, false, ["verify"]);
    } catch (error) {
      // A browser may refuse this key of zeros and still know the method.
      this.able = error?.name !== "NotSupportedError" && error?.name !== "TypeError";
    }
  }

  async verifies(publicHex, signature, content) {
    this.checked += 1;
    try {
      if (!this.keys.has(publicHex)) {
        const raw = Uint8Array.from(publicHex.match(/../g), (pair) => parseInt(pair, 16));
        this.keys.set(publicHex, await crypto.subtle.importKey("raw", raw, { name: "Ed25519" }, false, ["verify"]));
      }
      return await crypto.subtle.verify({ name: "Ed25519" }, this.keys.get(publicHex), signature, content);
    } catch {
      return false;
    }
  }
}

/** Key id → public key, for a list of keys; a Refusal for what is none. */
async function keysById(listed) {
  const found = new Map();
  for (const item of listed) {
    if (typeof item !== "string" || !PUBLIC_KEY.test(item)) {
      refuse("evidence.key.unreadable", { path: asText(item), problem: detail("key") });
    }
    found.set(await digestBytes(Uint8Array.from(item.match(/../g), (pair) => parseInt(pair, 16))), item);
  }
  return found;
}

function _parts(outer, what) {
  const names = isObject(outer) ? Object.keys(outer).sort().join() : "";
  if (names !== "payload,payloadType,signatures" || outer.payloadType !== PAYLOAD_TYPE)
    _malformed(what, "envelope_fields");
  const payload = strictBase64(outer.payload);
  if (payload === null || !Array.isArray(outer.signatures)) _malformed(what, "base64");
  const pairs = outer.signatures.map((item) => {
    const fields = isObject(item) ? Object.keys(item).sort().join() : "";
    const signature = fields === "keyid,sig" && typeof item.keyid === "string" ? strictBase64(item.sig) : null;
    return signature === null ? _malformed(what, "signature_fields") : [item.keyid, signature];
  });
  return { payload, pairs };
}

function _signedBytes(payload) {
  const head = encodeText(`DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.length} `);
  const whole = new Uint8Array(head.length + payload.length);
  whole.set(head);
  whole.set(payload, head.length);
  return whole;
}

/**
 * {predicate, keyIds, subjects} of an envelope whose form and signatures are in order, or a Refusal. `expected` is the
 * exact number of signatures; without it one or none.
 */
async function openEnvelope(bytes, what, predicateType, keys, signatures, expected = null) {
  const outer = parseJson(bytes, what);
  const { payload, pairs } = _parts(outer, what);
  const ids = pairs.map(([id]) => id);
  const many = expected === null ? pairs.length > 1 : pairs.length !== expected;
  if (!isCanonical(outer, bytes) || new Set(ids).size !== ids.length || many) {
    refuse("evidence.envelope.not_canonical", { what });
  }
  const signed = _signedBytes(payload);
  for (const [id, signature] of pairs) {
    const known = keys.has(id) && (!signatures.able || (await signatures.verifies(keys.get(id), signature, signed)));
    if (!known) refuse("evidence.envelope.bad_signature", { what });
  }
  const statement = parseJson(payload, what);
  if (!isCanonical(statement, payload)) refuse("evidence.envelope.not_canonical", { what });
  return { ..._carried(statement, predicateType, what), keyIds: ids };
}

function _carried(statement, predicateType, what) {
  const names = isObject(statement) ? Object.keys(statement).sort().join() : "";
  if (names !== "_type,predicate,predicateType,subject" || statement._type !== STATEMENT_TYPE) {
    _malformed(what, "statement_fields");
  }
  const named = (item) => isObject(item) && "name" in item && isObject(item.digest) && "sha256" in item.digest;
  if (!Array.isArray(statement.subject) || !statement.subject.every(named)) _malformed(what, "statement_fields");
  if (statement.predicateType !== predicateType) {
    const found = asText(statement.predicateType);
    refuse("evidence.envelope.wrong_type", { what, found, expected: predicateType });
  }
  const subjects = statement.subject.map(({ name, digest }) => [name, digest.sha256]);
  return { predicate: statement.predicate, subjects };
}

/** The predicate of an envelope of which nothing was checked, or undefined. */
function openUnchecked(bytes, what, predicateType) {
  try {
    const payload = looseBase64(parseJson(bytes, what).payload);
    const statement = parseJson(payload, what);
    return statement.predicateType === predicateType ? statement.predicate : undefined;
  } catch {
    return undefined;
  }
}
