// The ledger of an office, as far as a bundle shows it: the event that names a decision and the checkpoint after it.

const EVENT = "ledger/event.json";
const CHECKPOINT = "ledger/checkpoint.json";
const CHECKPOINT_TYPE = "https://hakari.dev/ledger-checkpoint/v1";
const HEX_DIGEST = /^[0-9a-f]{64}$/;

const _isCount = (value) => Number.isSafeInteger(value) && value >= 1;
const _hasFields = (value, names) => isObject(value) && Object.keys(value).sort().join() === names;

/** {sequence, at, digest, ledger, key} of the decision with this digest, or null; what is wrong goes to the reader. */
async function readSeal(reader, decision) {
  const { files } = reader;
  const before = reader.faults.length;
  const found = new Map();
  for (const [name, other, read] of [
    [EVENT, CHECKPOINT, _readEvent],
    [CHECKPOINT, EVENT, _readCheckpoint],
  ]) {
    if (!files.has(name)) continue;
    if (!files.has(other)) reader.fault(name, say("assessment.ledger.alone", { member: name, other }));
    found.set(name, await reader.attempt(name, () => read(reader)));
  }
  const [event, seal] = [found.get(EVENT), found.get(CHECKPOINT)];
  if (event !== undefined && (decision === "" || event.decision !== decision)) {
    reader.fault(EVENT, say("assessment.ledger.other_decision", { member: EVENT }));
  }
  if (event && seal && (event.sequence !== seal.sequence || event.digest !== seal.digest)) {
    reader.fault(CHECKPOINT, say("assessment.ledger.other_event", { member: CHECKPOINT }));
  }
  return seal !== undefined && reader.faults.length === before ? seal : null;
}

async function _readEvent({ files }) {
  const malformed = () => refuse("assessment.ledger.malformed", { member: EVENT });
  let [document, stated, body] = [null, null, null];
  try {
    document = parseJson(files.get(EVENT), EVENT);
    if (!_hasFields(document, "body,previous,schema") || typeof document.body !== "string") malformed();
    body = encodeText(document.body);
    stated = parseJson(body, EVENT);
    if (!isCanonical(document, files.get(EVENT)) || !isCanonical(stated, body)) malformed();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    malformed();
  }
  const { previous, schema } = document;
  if (schema !== 1 || typeof previous !== "string" || !HEX_DIGEST.test(previous)) malformed();
  if (!isObject(stated) || !_isCount(stated.sequence) || !isObject(stated.data)) malformed();
  const chained = new Uint8Array(32 + body.length);
  chained.set(Uint8Array.from(previous.match(/../g), (pair) => parseInt(pair, 16)));
  chained.set(body, 32);
  return { sequence: stated.sequence, digest: await digestBytes(chained), decision: stated.data.decision };
}

async function _readCheckpoint({ files, keys, signatures }) {
  const bytes = files.get(CHECKPOINT);
  const opened = await openEnvelope(bytes, CHECKPOINT, CHECKPOINT_TYPE, keys, signatures, 1);
  const { predicate, subjects, keyIds } = opened;
  const right =
    _hasFields(predicate, "at,digest,sequence") &&
    typeof predicate.at === "string" &&
    typeof predicate.digest === "string" &&
    HEX_DIGEST.test(predicate.digest) &&
    _isCount(predicate.sequence) &&
    subjects.length === 1 &&
    subjects[0][1] === predicate.digest;
  if (!right) refuse("assessment.ledger.malformed", { member: CHECKPOINT });
  const { at, digest, sequence } = predicate;
  return { sequence, at, digest, ledger: asText(subjects[0][0], 500), key: keyIds[0] };
}
