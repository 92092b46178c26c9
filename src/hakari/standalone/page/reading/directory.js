// The key directory: which key belongs to whom, from when until when, and whether it was revoked.

const DIRECTORY_TYPE = "urn:hakari:predicate:key-directory:1";
const ENTRY_FIELDS = ["key", "name", "from", "until", "revoked"];

/** {entries: key id → entry, signedBy}: the directory after its signature was checked against the keys it lists. */
async function readDirectory(bytes, what, signatures) {
  const outer = parseJson(bytes, what);
  const failed = (key) => refuse("evidence.directory.malformed", { what, problem: detail(key) });
  const payload = isObject(outer) ? looseBase64(outer.payload) : null;
  if (payload === null) failed("base64");
  const predicate = parseJson(payload, what)?.predicate;
  if (!isObject(predicate) || !Array.isArray(predicate.keys) || !("issued_at" in predicate)) failed("directory_fields");
  if (predicate.schema !== 1 && predicate.schema !== true) failed("directory_schema");
  const entries = new Map();
  for (const item of predicate.keys) {
    const entry = _entryOf(item, failed);
    const [id] = (await keysById([entry.key]).catch(() => failed("key"))).keys();
    // The first entry of a key is the one that counts.
    if (!entries.has(id)) entries.set(id, entry);
  }
  const keys = new Map([...entries].map(([id, entry]) => [id, entry.key]));
  const { keyIds } = await openEnvelope(bytes, what, DIRECTORY_TYPE, keys, signatures, 1);
  return { entries, signedBy: keyIds[0] };
}

function _entryOf(item, failed) {
  if (!isObject(item) || !Object.keys(item).every((name) => ENTRY_FIELDS.includes(name))) failed("directory_fields");
  if (!("key" in item) || !("name" in item) || !("from" in item)) failed("directory_fields");
  const given = ["until", "revoked"].filter((field) => item[field] !== null && item[field] !== undefined);
  try {
    for (const field of ["from", ...given]) instant(item[field]);
  } catch (error) {
    if (!(error instanceof NoTime)) throw error;
    failed("directory_time");
  }
  return {
    key: item.key,
    name: asText(item.name, 500),
    from: item.from,
    until: item.until ?? null,
    revoked: item.revoked ?? null,
  };
}

/** How a key stood at a stated time: valid, not_yet, expired, revoked, or no_time where that is no time. */
function standing(entry, at) {
  let moment;
  try {
    moment = instant(at);
  } catch (error) {
    if (!(error instanceof NoTime)) throw error;
    return "no_time";
  }
  if (entry.revoked !== null && moment >= instant(entry.revoked)) return "revoked";
  if (moment < instant(entry.from)) return "not_yet";
  if (entry.until !== null && moment > instant(entry.until)) return "expired";
  return "valid";
}
