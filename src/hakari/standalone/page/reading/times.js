// Days and instants in ISO 8601, in the forms that the producer's own language reads; nothing depends on a locale.

/** What is no time; the caller says what that means. */
class NoTime extends Error {}

const DAY = 86_400_000_000n; // microseconds
const _digits = (text, start, count) => {
  const part = text.slice(start, start + count);
  if (part.length !== count || !/^[0-9]+$/.test(part)) throw new NoTime(text);
  return Number(part);
};

const _leap = (year) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const _monthDays = (year, month) => [31, _leap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
const _beforeYear = (year) => {
  const past = year - 1;
  return past * 365 + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
};
const LAST_DAY = 3_652_059; // 9999-12-31

/** Number of a day, 1 for 0001-01-01. */
function dayNumber(year, month, day) {
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > _monthDays(year, month)) throw new NoTime();
  let number = _beforeYear(year) + day;
  for (let each = 1; each < month; each += 1) number += _monthDays(year, each);
  return number;
}

/** The ISO text of a numbered day. */
function dayText(number) {
  if (!Number.isInteger(number) || number < 1 || number > LAST_DAY) throw new NoTime();
  let year = Math.floor(number / 365.2425) + 1;
  while (_beforeYear(year) >= number) year -= 1;
  while (_beforeYear(year + 1) < number) year += 1;
  let rest = number - _beforeYear(year);
  let month = 1;
  while (rest > _monthDays(year, month)) {
    rest -= _monthDays(year, month);
    month += 1;
  }
  const two = (part) => String(part).padStart(2, "0");
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(rest)}`;
}

function _weekDay(year, week, day) {
  const first = _beforeYear(year) + 1;
  const weekday = (first + 6) % 7; // Monday is 0
  const long = weekday === 3 || (weekday === 2 && _leap(year));
  if (year < 1 || week < 1 || week > (long ? 53 : 52) || day < 1 || day > 7) throw new NoTime();
  const monday = first - weekday + (weekday > 3 ? 7 : 0);
  return monday + (week - 1) * 7 + day - 1;
}

/** The number of the day in `text`: 2026-11-22, 20261122, 2026-W47-7 or 2026W477. */
function parseDay(text) {
  if (typeof text !== "string" || ![7, 8, 10].includes(text.length)) throw new NoTime(text);
  const dashed = text[4] === "-" ? 1 : 0;
  let place = 4 + dashed;
  const year = _digits(text, 0, 4);
  if (text[place] === "W") {
    const week = _digits(text, place + 1, 2);
    place += 3;
    if (place === text.length) return _weekDay(year, week, 1);
    if ((text[place] === "-" ? 1 : 0) !== dashed || place + dashed + 1 !== text.length) throw new NoTime(text);
    return _weekDay(year, week, _digits(text, place + dashed, 1));
  }
  const month = _digits(text, place, 2);
  place += 2;
  if ((text[place] === "-" ? 1 : 0) !== dashed || place + dashed + 2 !== text.length) throw new NoTime(text);
  return dayNumber(year, month, _digits(text, place + dashed, 2));
}

function _dateLength(text) {
  if (text.length === 7) return 7;
  if (text[4] === "-") {
    if (text[5] !== "W") return 10;
    if (text[8] !== "-") return 8;
    if (text.length === 9) throw new NoTime(text);
    return text.length > 10 && /[0-9]/.test(text[10]) ? 8 : 10;
  }
  if (text[4] !== "W") return 8;
  let place = 7;
  while (place < text.length && /[0-9]/.test(text[place])) place += 1;
  return place < 9 ? place : place % 2 === 0 ? 7 : 8;
}

/** Microseconds in "hh[:mm[:ss[.ffffff]]]" or the same without colons. */
function _clock(text) {
  const parts = [0, 0, 0];
  let place = 0;
  let colon = false;
  for (let which = 0; which < 3; which += 1) {
    parts[which] = _digits(text, place, 2);
    place += 2;
    if (which === 0) colon = text[place] === ":";
    if (place >= text.length || which === 2) break;
    if (colon && text[place] !== ":") throw new NoTime(text);
    place += colon ? 1 : 0;
  }
  let micro = 0;
  if (place < text.length) {
    const rest = text.slice(place + 1);
    if (!".,".includes(text[place]) || !/^[0-9]+$/.test(rest)) throw new NoTime(text);
    micro = Number(rest.slice(0, 6).padEnd(6, "0"));
  }
  return { parts, micro };
}

const _micros = ({ parts, micro }) => BigInt((parts[0] * 60 + parts[1]) * 60 + parts[2]) * 1_000_000n + BigInt(micro);

function _zone(text) {
  if (text === "Z") return 0n;
  if ([1, 2, 4].includes(text.length)) throw new NoTime(text);
  const found = _micros(_clock(text.slice(1)));
  if (found >= DAY) throw new NoTime(text);
  return text[0] === "-" ? -found : found;
}

/** {day, at}: the stated day, and the instant in microseconds or null where the text has no zone. */
function parseTime(text) {
  if (typeof text !== "string" || text.length < 7) throw new NoTime(text);
  const length = _dateLength(text);
  const day = parseDay(text.slice(0, length));
  const rest = text.slice(length + 1);
  if (text.length === length) return { day, at: null };
  const zone = ["-", "+", "Z"].map((sign) => rest.indexOf(sign)).find((place) => place >= 0);
  const clock = _clock(zone === undefined ? rest : rest.slice(0, zone));
  if (clock.parts[0] > 23 || clock.parts[1] > 59 || clock.parts[2] > 59) throw new NoTime(text);
  if (zone === undefined) return { day, at: null };
  return { day, at: BigInt(day) * DAY + _micros(clock) - _zone(rest.slice(zone)) };
}

/** The instant in `text` in microseconds; a time without a zone is none. */
function instant(text) {
  const { at } = parseTime(text);
  if (at === null) throw new NoTime(text);
  return at;
}
