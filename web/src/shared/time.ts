/**
 * Wall-clock times of a branch. A trip is planned in the branch's own zone ("2026-11-22T10:00"),
 * never in the browser's; only at the API's edge does it get an offset.
 */

/** `YYYY-MM-DDTHH:MM`, without a zone. */
export type LocalTime = string;
/** `YYYY-MM-DD`. */
export type LocalDate = string;

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const LOCAL_TIME = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})$/;

export function isLocalDate(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const at = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(value);
}

export function isLocalTime(value: string): boolean {
  const match = LOCAL_TIME.exec(value);
  return (
    match !== null && isLocalDate(match[1] ?? "") && Number(match[2]) < 24 && Number(match[3]) < 60
  );
}

export const dateOf = (local: LocalTime): LocalDate => local.slice(0, 10);
export const timeOf = (local: LocalTime): string => local.slice(11, 16);
export const joinLocal = (date: LocalDate, time: string): LocalTime => `${date}T${time}`;

/** The zone's distance from UTC at an instant, in minutes east. */
export function offsetMinutes(instant: number, timeZone: string): number {
  const shown = readClock(instant, timeZone);
  const whole = Math.floor(instant / MINUTE) * MINUTE;
  return Math.round((Date.parse(`${shown}:00Z`) - whole) / MINUTE);
}

/** What the clock on a branch's wall shows at an instant. */
export function readClock(instant: number, timeZone: string): LocalTime {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  }).formatToParts(instant);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? "";
  const year = part("year").padStart(4, "0");
  return `${year}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}`;
}

/**
 * The instant at which a branch's clock shows `local`. A time that occurs twice (clocks go back)
 * is the first; one that never occurs (clocks go forward) is moved forward by the gap.
 */
export function instantOf(local: LocalTime, timeZone: string): number {
  const naive = Date.parse(`${local}:00Z`);
  const before = offsetMinutes(naive - DAY, timeZone);
  const after = offsetMinutes(naive + DAY, timeZone);
  for (const offset of [before, after]) {
    const instant = naive - offset * MINUTE;
    if (readClock(instant, timeZone) === local) return instant;
  }
  return naive - before * MINUTE;
}

/** Whether the reader's own clock shows at that instant what the zone's does. */
export function isReadersClock(instant: number, timeZone: string): boolean {
  return offsetMinutes(instant, timeZone) === -new Date(instant).getTimezoneOffset();
}

/** RFC 3339 with the branch's offset, as the API wants it. */
export function toRfc3339(local: LocalTime, timeZone: string): string {
  const instant = instantOf(local, timeZone);
  const offset = offsetMinutes(instant, timeZone);
  const sign = offset < 0 ? "-" : "+";
  const two = (value: number) => String(value).padStart(2, "0");
  const distance = Math.abs(offset);
  const shown = readClock(instant, timeZone);
  return `${shown}:00${sign}${two(Math.floor(distance / 60))}:${two(distance % 60)}`;
}

export function addDays(date: LocalDate, days: number): LocalDate {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/** 1 is Monday, 7 is Sunday (ISO 8601). */
export function isoWeekday(date: LocalDate): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
}

export function minutesOfDay(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}

/** Full years lived on a day. */
export function ageOn(birthDate: LocalDate, day: LocalDate): number {
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return day.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

/** `14:59`, or `2:05:09` from an hour on. */
export function formatCountdown(milliseconds: number): string {
  const total = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const rest = `${two(minutes)}:${two(total % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}
