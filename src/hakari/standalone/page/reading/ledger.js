// The ledger of an office, as far as a bundle shows it: the event that names a decision, the checkpoint after it, and
// the renewals by which the key that decided became the key that signed the bundle.

const EVENT = "ledger/event.json";
const CHECKPOINT = "ledger/checkpoint.json";
const CHECKPOINT_TYPE = "https://hakari.dev/ledger-checkpoint/v1";
const RENEWALS = "ledger/renewals/";
const RENEWAL_TYPE = "urn:hakari:predicate:key-renewal:1";
const RENEWAL_FIELDS = "at,digest,lost_since,new,old,role,schema,sequence";
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

/** What is wrong with the renewals of a bundle goes to the reader; without a decision each is one too many. */
async function checkRenewals(reader, manifest, { decision, decidedBy, seal }) {
  const steps = [];
  const before = reader.faults.length;
  for (const member of reader.under(RENEWALS)) {
    await reader.work.pause();
    const bent = () => reader.fault(member, say("assessment.ledger.renewal_bent", { member }));
    const step = await _readRenewal(reader, member).catch((error) => {
      if (!(error instanceof Refusal || error instanceof NoTime)) throw error;
      return bent();
    });
    if (step?.lost) reader.fault(member, say("assessment.ledger.renewal_lost", { member }));
    steps.push(step);
  }
  const judged = !reader.files.has(DECISION) || (decidedBy && manifest.holds && manifest.keyIds.length);
  if (reader.faults.length > before || steps.length === 0 || !judged) return;
  const at = decision === null ? "" : decision.decided_at;
  for (const [member, key] of _brokenChain(steps, { decidedBy, signedBy: manifest.keyIds.join(""), at, seal })) {
    reader.fault(member, say(`assessment.ledger.renewal_${key}`, { member }));
  }
}

/** {member, old, new, at, sequence, ledger, lost} once form and exactly the signatures that it needs hold. */
async function _readRenewal({ files, signatures }, member) {
  const bytes = files.get(member);
  const right = (holds) => holds || refuse("assessment.ledger.renewal_bent", { member });
  const stated = openUnchecked(bytes, member, RENEWAL_TYPE);
  right(_hasFields(stated, RENEWAL_FIELDS) && (stated.schema === 1 || stated.schema === true));
  right(stated.role === "office" && stated.old !== stated.new && _isCount(stated.sequence));
  const lost = stated.lost_since !== null;
  const at = instant(stated.at);
  right(!lost || instant(stated.lost_since) <= at);
  const [[before], [after]] = [await keysById([stated.old]), await keysById([stated.new])];
  const keys = new Map(lost ? [after] : [before, after]);
  const { subjects } = await openEnvelope(bytes, member, RENEWAL_TYPE, keys, signatures, keys.size);
  right(subjects.length === 1 && subjects[0].every((text) => typeof text === "string" && HEX_DIGEST.test(text)));
  right(subjects[0][1] === stated.digest);
  right(member === `${RENEWALS}${String(stated.sequence).padStart(12, "0")}.json`);
  return { member, old: before[0], new: after[0], at, sequence: stated.sequence, ledger: subjects[0][0], lost };
}

/** [member, what is wrong] where steps in order do not lead from one key to the other; behind a break none is told. */
function _brokenChain(steps, { decidedBy, signedBy, at, seal }) {
  let [key, before] = [decidedBy, null];
  const seen = new Set([key]);
  for (const step of steps) {
    const fits = key !== signedBy && step.old === key && !seen.has(step.new);
    const sealed = seal === null || seal.ledger === step.ledger;
    const rising =
      before === null ||
      (before.sequence < step.sequence && before.at <= step.at && before.ledger === step.ledger);
    if (!fits || !sealed || !rising) return [[step.member, "strange"]];
    [key, before] = [step.new, step];
    seen.add(key);
  }
  if (key !== signedBy) return [[DECISION, "missing"]];
  const [end] = steps;
  const late = [];
  if (!_wasBefore(at, end.at)) late.push([DECISION, "late"]);
  if (seal !== null && seal.sequence >= end.sequence) late.push([EVENT, "late"]);
  return late;
}

/** Whether a stated time is not past `end`; what is no time is not before anything. */
function _wasBefore(at, end) {
  try {
    return instant(at) <= end;
  } catch (error) {
    if (!(error instanceof NoTime)) throw error;
    return false;
  }
}
