/** The trip that a renter plans; it lives in the address, to be shared and gone back to. */
import type { OffersQuery } from "../../api/calls";
import type { Branch } from "../../api/types";
import {
  addDays,
  dateOf,
  instantOf,
  isLocalTime,
  joinLocal,
  type LocalTime,
  readClock,
  timeOf,
  toRfc3339,
} from "../../shared/time";
import { isHoliday, isOpenAt, nearestSlot, slotsOn } from "./opening";

export interface Trip {
  pickup: string;
  return: string;
  from: LocalTime;
  to: LocalTime;
  age: number;
  promo: string;
}

export type TripField = "pickup" | "return" | "from" | "to" | "age" | "promo";
export type TripFault =
  | "choose_branch"
  | "one_way_not_offered"
  | "choose_time"
  | "branch_closed"
  | "branch_holiday"
  | "too_soon"
  | "period_invalid"
  | "age_invalid"
  | "promo_invalid";
export type TripFaults = Partial<Record<TripField, TripFault>>;

const DEFAULT_AGE = 30;
const DEFAULT_DAYS = 3;
const DEFAULT_TIME = "10:00";

export function tripToQuery(trip: Trip): string {
  const query = new URLSearchParams({
    pickup: trip.pickup,
    return: trip.return,
    from: trip.from,
    to: trip.to,
    age: String(trip.age),
  });
  if (trip.promo) query.set("promo", trip.promo);
  // Colons are legal in a query; left readable, the address can be read out and edited by hand.
  return query.toString().replaceAll("%3A", ":");
}

export function tripFromQuery(query: URLSearchParams): Trip | null {
  const from = query.get("from") ?? "";
  const to = query.get("to") ?? "";
  const pickup = query.get("pickup") ?? "";
  if (!pickup || !isLocalTime(from) || !isLocalTime(to)) return null;
  return {
    pickup,
    return: query.get("return") || pickup,
    from,
    to,
    age: Number(query.get("age")) || DEFAULT_AGE,
    promo: query.get("promo") ?? "",
  };
}

/** Tomorrow at ten, for three days, moved to the next days on which the branch is open. */
export function defaultTrip(branch: Branch, age = DEFAULT_AGE, now = Date.now()): Trip {
  const today = dateOf(readClock(now, branch.timezone));
  const from = nextOpen(branch, addDays(today, 1));
  const to = nextOpen(branch, addDays(dateOf(from), DEFAULT_DAYS));
  return { pickup: branch.code, return: branch.code, from, to, age, promo: "" };
}

function nextOpen(branch: Branch, date: string): LocalTime {
  for (let days = 0; days < 14; days += 1) {
    const day = addDays(date, days);
    const slot = nearestSlot(slotsOn(branch, day), DEFAULT_TIME);
    if (slot) return joinLocal(day, slot);
  }
  return joinLocal(date, DEFAULT_TIME);
}

export function checkTrip(trip: Trip, branches: readonly Branch[], now = Date.now()): TripFaults {
  const pickup = branches.find((branch) => branch.code === trip.pickup);
  const dropOff = branches.find((branch) => branch.code === trip.return);
  const faults: TripFaults = {};
  if (!pickup) faults.pickup = "choose_branch";
  if (!dropOff) faults.return = "choose_branch";
  else if (pickup && !mayReturn(pickup, dropOff.code)) faults.return = "one_way_not_offered";
  const from = checkTime(trip.from, pickup);
  const to = checkTime(trip.to, dropOff);
  if (from) faults.from = from;
  else if (pickup && instantOf(trip.from, pickup.timezone) <= now) faults.from = "too_soon";
  if (to) faults.to = to;
  if (pickup && dropOff && !from && !to) {
    const start = instantOf(trip.from, pickup.timezone);
    if (instantOf(trip.to, dropOff.timezone) <= start) faults.to = "period_invalid";
  }
  if (!Number.isInteger(trip.age) || trip.age < 16 || trip.age > 120) faults.age = "age_invalid";
  if (trip.promo && !/^[A-Za-z0-9_-]{2,24}$/.test(trip.promo)) faults.promo = "promo_invalid";
  return faults;
}

function checkTime(local: LocalTime, branch: Branch | undefined): TripFault | null {
  if (!isLocalTime(local)) return "choose_time";
  if (!branch) return null;
  if (isHoliday(branch, dateOf(local))) return "branch_holiday";
  return isOpenAt(branch, local) ? null : "branch_closed";
}

export function mayReturn(pickup: Branch, returnCode: string): boolean {
  return returnCode === pickup.code || pickup.one_way_to.includes(returnCode);
}

export function tripToOffersQuery(trip: Trip, branches: readonly Branch[]): OffersQuery | null {
  const pickup = branches.find((branch) => branch.code === trip.pickup);
  const dropOff = branches.find((branch) => branch.code === trip.return);
  if (!pickup || !dropOff) return null;
  return {
    pickup_branch: trip.pickup,
    return_branch: trip.return,
    pickup_at: toRfc3339(trip.from, pickup.timezone),
    return_at: toRfc3339(trip.to, dropOff.timezone),
    driver_age: trip.age,
    ...(trip.promo ? { promo_code: trip.promo } : {}),
  };
}

/** A changed pick-up day takes the return with it, so that a trip never ends before it starts. */
export function moveStart(trip: Trip, from: LocalTime): Trip {
  if (!isLocalTime(from) || !isLocalTime(trip.to) || trip.to > from) return { ...trip, from };
  return { ...trip, from, to: joinLocal(addDays(dateOf(from), DEFAULT_DAYS), timeOf(trip.to)) };
}
