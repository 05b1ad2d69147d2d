/** The day that is looked at, and what stands on it, counted. */
import type { ManifestRow } from "../../../api/desk";
import type { Branch } from "../../../api/types";
import { dateOf, isLocalDate, type LocalDate, readClock } from "../../../shared/time";

export const todayAt = (timezone: string, now: number): LocalDate =>
  dateOf(readClock(now, timezone));

export interface Looked {
  branch: Branch;
  day: LocalDate;
  isToday: boolean;
}

/** As the address says, as far as it makes sense: else the first branch, and today. */
export function lookedAt(query: URLSearchParams, own: readonly Branch[], now: number) {
  const branch = own.find(({ code }) => code === query.get("branch")) ?? own[0];
  if (!branch) return null;
  const today = todayAt(branch.timezone, now);
  const asked = query.get("day") ?? "";
  const day = isLocalDate(asked) ? asked : today;
  return { branch, day, isToday: day === today };
}

export interface Tally {
  all: number;
  done: number;
}

export interface Sorted {
  pickups: ManifestRow[];
  returns: ManifestRow[];
}

/** In the order of the report, which is that of the clock. */
export function sortOut(rows: readonly ManifestRow[]): Sorted {
  return {
    pickups: rows.filter(({ kind }) => kind === "pickup"),
    returns: rows.filter(({ kind }) => kind === "return"),
  };
}

/** Should have come by now; somebody who is known not to come is late no more. */
export function isLate({ at, done, status }: ManifestRow, now: number): boolean {
  return !done && status !== "NO_SHOW" && Date.parse(at) < now;
}

/** Nobody is waited for any more when somebody has not come. */
export function tally(rows: readonly ManifestRow[]): Tally {
  const expected = rows.filter(({ status }) => status !== "NO_SHOW");
  return { all: expected.length, done: expected.filter(({ done }) => done).length };
}
