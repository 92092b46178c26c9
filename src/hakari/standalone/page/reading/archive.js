// The ZIP of a case bundle, read so that nothing in it is trusted: stored members only, plain names, each once, and
// the whole equal to the one archive that these members make.

const LARGEST_BUNDLE = 512 * 2 ** 20;
const LARGEST_MEMBER = 64 * 2 ** 20;
const MOST_MEMBERS = 20_000;
const MEMBER_NAME = /^[a-z0-9][a-z0-9._-]*(?:\/[a-z0-9][a-z0-9._-]*){0,4}$/;
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;

const _notZip = (key, values) => refuse("assessment.archive.not_zip", { problem: detail(key, values) });

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let found = byte;
  for (let bit = 0; bit < 8; bit += 1) found = found & 1 ? (found >>> 1) ^ 0xedb88320 : found >>> 1;
  return found;
});

function crc32(bytes) {
  let sum = 0xffffffff;
  for (let place = 0; place < bytes.length; place += 1) sum = (sum >>> 8) ^ CRC_TABLE[(sum ^ bytes[place]) & 255];
  return (sum ^ 0xffffffff) >>> 0;
}

/** {count, size, start, at}: the end record, at the very end or before a comment. */
function _endRecord(view) {
  const size = view.byteLength;
  if (size < 22) _notZip("zip_end");
  let at = size - 22;
  if (view.getUint32(at, true) !== END || view.getUint16(at + 20, true) !== 0) {
    const least = Math.max(size - 65_536 - 22, 0);
    for (at = size - 4; at >= least && view.getUint32(at, true) !== END;) at -= 1;
    if (at < least || at + 22 > size) _notZip("zip_end");
  }
  const plain = { at, size: view.getUint32(at + 12, true), start: view.getUint32(at + 16, true), more: 0 };
  if (at < 20 || view.getUint32(at - 20, true) !== LOCATOR64) return plain;
  if (view.getUint32(at - 16, true) !== 0 || view.getUint32(at - 4, true) > 1) _notZip("zip_end");
  if (at < 76 || view.getUint32(at - 76, true) !== END64) return plain;
  const big = (place) => Number(view.getBigUint64(at - 76 + place, true));
  return { at, size: big(40), start: big(48), more: 76 };
}

/** Entries of the central directory. */
function _entries(view, bytes) {
  const end = _endRecord(view);
  const before = end.at - end.size - end.start - end.more; // bytes in front of the archive
  let at = end.start + before;
  if (at < 0) _notZip("zip_directory");
  const limit = Math.min(at + end.size, bytes.length);
  const found = [];
  for (let read = 0; read < end.size;) {
    if (at + 46 > limit || view.getUint32(at, true) !== CENTRAL) _notZip("zip_directory");
    const entry = _entry(view, bytes, at, before, limit);
    found.push(entry);
    read += entry.length;
    at += entry.length;
  }
  return found;
}

function _entry(view, bytes, at, before, limit) {
  const short = (place) => view.getUint16(at + place, true);
  const long = (place) => view.getUint32(at + place, true);
  const [nameLength, extraLength, commentLength] = [short(28), short(30), short(32)];
  const nameEnd = Math.min(at + 46 + nameLength, limit);
  const whole = _name(bytes.subarray(at + 46, nameEnd), short(8));
  if (short(6) > 63) _notZip("zip_version");
  const entry = {
    whole,
    // The reader of the house cuts a name at its first zero byte.
    name: whole.split("\0", 1)[0],
    flags: short(8),
    method: short(10),
    crc: long(16),
    packed: long(20),
    size: long(24),
    mode: long(38) >>> 16,
    offset: long(42),
    length: 46 + nameLength + extraLength + commentLength,
  };
  _extra(entry, view, nameEnd, Math.min(nameEnd + extraLength, limit));
  entry.offset += before;
  return entry;
}

/** Names are ASCII or are refused by their letters; another encoding need not be told apart further. */
function _name(bytes, flags) {
  if (!(flags & 0x800))
    return Array.from(bytes, (byte) => String.fromCharCode(byte < 128 ? byte : 0x2500 + byte)).join("");
  try {
    return decodeText(bytes);
  } catch {
    return _notZip("utf8");
  }
}

/** Sizes beyond 4 GB stand in an extra field. */
function _extra(entry, view, start, end) {
  for (let at = start; at + 4 <= end;) {
    const [kind, length] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
    if (at + 4 + length > end) _notZip("zip_directory");
    if (kind === 1) {
      let place = at + 4;
      for (const field of ["size", "packed", "offset"]) {
        if (entry[field] !== 0xffffffff) continue;
        if (place + 8 > at + 4 + length) _notZip("zip_directory");
        entry[field] = Number(view.getBigUint64(place, true));
        place += 8;
      }
    }
    at += 4 + length;
  }
}

function _checkEntries(entries, size) {
  if (entries.length > MOST_MEMBERS) {
    refuse("assessment.archive.too_many", { members: entries.length, limit: MOST_MEMBERS });
  }
  const seen = new Set();
  let total = 0;
  for (const { name, mode, method, size: length, packed, flags } of entries) {
    if (name.length > 240 || !MEMBER_NAME.test(name)) refuse("assessment.archive.name", { name: _shown(name) });
    if (seen.has(name)) refuse("assessment.archive.twice", { name });
    if (![0, 0o100000].includes(mode & 0o170000)) refuse("assessment.archive.link", { name });
    if (method !== 0 || length !== packed || flags & 1) refuse("assessment.archive.packed", { name, size: length });
    total += length;
    if (length > LARGEST_MEMBER || total > size) refuse("assessment.archive.member_too_large", { name, size: length });
    seen.add(name);
  }
}

/** A name that cannot hide what it is by letters that are not drawn. */
const _shown = (name) =>
  name
    .slice(0, 120)
    .replace(/[\p{C}\p{Z}]/gu, (letter) =>
      letter === " " ? letter : `\\x${letter.codePointAt(0).toString(16).padStart(2, "0")}`,
    );

function _member(view, bytes, entry) {
  const at = entry.offset;
  if (at < 0 || at + 30 > bytes.length || view.getUint32(at, true) !== LOCAL)
    _notZip("zip_member", { name: entry.name });
  const nameLength = view.getUint16(at + 26, true);
  const name = _name(bytes.subarray(at + 30, at + 30 + nameLength), view.getUint16(at + 6, true));
  if (entry.flags & 0x60 || name !== entry.whole) _notZip("zip_member", { name: entry.name });
  const start = at + 30 + nameLength + view.getUint16(at + 28, true);
  const content = bytes.subarray(start, start + entry.size);
  if (content.length !== entry.size || crc32(content) !== entry.crc) _notZip("zip_sum", { name: entry.name });
  return content;
}

/** Whether the archive is the one that its members make: sorted, stored one after the other, every field fixed. */
function _isPlain(view, files, entries) {
  const names = [...files.keys()];
  if (names.some((name, place) => place > 0 && byCodePoint(names[place - 1], name) >= 0)) return false;
  const fields = (at, widths) =>
    widths.every(([width, value]) => {
      if (at + width > view.byteLength) return false;
      const found = width === 2 ? view.getUint16(at, true) : view.getUint32(at, true);
      at += width;
      return found === value;
    });
  const same = (at, name) => [...name].every((letter, place) => view.getUint8(at + place) === letter.charCodeAt(0));
  let at = 0;
  const offsets = [];
  for (const { name, crc, size } of entries) {
    offsets.push(at);
    const head = [
      [4, LOCAL],
      [2, 20],
      [2, 0],
      [2, 0],
      [2, 0],
      [2, 33],
      [4, crc],
      [4, size],
      [4, size],
      [2, name.length],
      [2, 0],
    ];
    if (!fields(at, head) || !same(at + 30, name)) return false;
    at += 30 + name.length + size;
  }
  const start = at;
  for (const [place, { name, crc, size }] of entries.entries()) {
    const head = [
      [4, CENTRAL],
      [2, 0x0314],
      [2, 20],
      [2, 0],
      [2, 0],
      [2, 0],
      [2, 33],
      [4, crc],
      [4, size],
      [4, size],
      [2, name.length],
      [2, 0],
      [2, 0],
      [2, 0],
      [2, 0],
      [4, (0o100644 << 16) >>> 0],
      [4, offsets[place]],
    ];
    if (!fields(at, head) || !same(at + 46, name)) return false;
    at += 46 + name.length;
  }
  const count = entries.length;
  const tail = [
    [4, END],
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, at - start],
    [4, start],
    [2, 0],
  ];
  return fields(at, tail) && at + 22 === view.byteLength;
}

/** {files: name → bytes, problems}: the members, and what is wrong with the archive's form. */
async function unpackArchive(bytes, work) {
  if (bytes.length > LARGEST_BUNDLE)
    refuse("assessment.archive.too_large", { size: bytes.length, limit: LARGEST_BUNDLE });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = _entries(view, bytes);
  _checkEntries(entries, bytes.length);
  const files = new Map();
  for (const entry of entries) {
    files.set(entry.name, _member(view, bytes, entry));
    await work.pause();
  }
  return { files, problems: _isPlain(view, files, entries) ? [] : [say("assessment.archive.not_canonical")] };
}
