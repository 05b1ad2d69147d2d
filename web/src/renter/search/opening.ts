/** When a branch is open: what the pickers offer, and the reason when a time is refused. */
import type { Branch } from "../../api/types";
import {
  dateOf,
  isoWeekday,
  type LocalDate,
  type LocalTime,
  minutesOfDay,
  timeOf,
} from "../../shared/time";

const SLOT_MINUTES = 30;

export interface Span {
  opens: string;
  closes: string;
}

/** The day's opening spans; none on holidays and closed weekdays. */
export function openingOn(branch: Branch, date: LocalDate): Span[] {
  if (isHoliday(branch, date)) return [];
  const weekday = isoWeekday(date);
  return branch.opening_hours
    .filter((hours) => hours.weekday === weekday)
    .map(({ opens, closes }) => ({ opens, closes }))
    .sort((a, b) => minutesOfDay(a.opens) - minutesOfDay(b.opens));
}

export function isHoliday(branch: Branch, date: LocalDate): boolean {
  return branch.holidays.includes(date);
}

/** Half-hour times at which a car may be handed over on that day. */
export function slotsOn(branch: Branch, date: LocalDate): string[] {
  const slots: string[] = [];
  for (const { opens, closes } of openingOn(branch, date)) {
    const last = Math.min(lastMinute(closes), 24 * 60 - 1);
    const first = Math.ceil(minutesOfDay(opens) / SLOT_MINUTES) * SLOT_MINUTES;
    for (let minute = first; minute <= last; minute += SLOT_MINUTES) slots.push(clock(minute));
  }
  return slots;
}

export function isOpenAt(branch: Branch, local: LocalTime): boolean {
  const minute = minutesOfDay(timeOf(local));
  return openingOn(branch, dateOf(local)).some(
    ({ opens, closes }) => minutesOfDay(opens) <= minute && minute <= lastMinute(closes),
  );
}

/** The slot of an open day closest to a wished time. */
export function nearestSlot(slots: readonly string[], wished: string): string | null {
  const distance = (slot: string) => Math.abs(minutesOfDay(slot) - minutesOfDay(wished));
  return slots.reduce<string | null>(
    (best, slot) => (best === null || distance(slot) < distance(best) ? slot : best),
    null,
  );
}

function lastMinute(closes: string): number {
  return closes === "00:00" ? 24 * 60 : minutesOfDay(closes);
}

function clock(minute: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
