/** What the list is narrowed to: as the address has it, and as the API wants it. */
import type { RentalsQuery } from "../../../api/desk";
import type { RentalStatus } from "../../../api/types";
import { addDays, isLocalDate, joinLocal, toRfc3339 } from "../../../shared/time";

export const STATUSES = [
  "PENDING",
  "CONFIRMED",
  "CHECKED_OUT",
  "COMPLETED",
  "CANCELLED",
  "NO_SHOW",
  "EXPIRED",
  "FAILED",
] as const satisfies readonly RentalStatus[];

/** All of them in the address, which the history keeps: nobody's name may be among them. */
export interface Filters {
  status: string;
  branch: string;
  /** The first and the last day of the pick-up, both in. */
  from: string;
  to: string;
}

export const NO_FILTERS: Filters = { status: "", branch: "", from: "", to: "" };
const SHORTEST = 2;

export function filtersFrom(query: URLSearchParams): Filters {
  const get = (name: keyof Filters) => query.get(name) ?? "";
  const day = (name: "from" | "to") => (isLocalDate(get(name)) ? get(name) : "");
  const status = STATUSES.find((each) => each === get("status")) ?? "";
  return { status, branch: get("branch"), from: day("from"), to: day("to") };
}

export type FilterFault = "search_short" | "days_crossed";

export function findFaults(filters: Filters, search: string) {
  const faults: Partial<Record<"search" | "to", FilterFault>> = {};
  const wanted = search.trim();
  if (wanted && wanted.length < SHORTEST) faults.search = "search_short";
  if (filters.from && filters.to && filters.to < filters.from) faults.to = "days_crossed";
  return faults;
}

/** Days are those of the branch's clock. The API's `to` is out, the last day is in. */
export function toQuery(filters: Filters, search: string, timezone: string): RentalsQuery {
  const midnight = (day: string) => (day ? toRfc3339(joinLocal(day, "00:00"), timezone) : null);
  return {
    status: filters.status,
    branch: filters.branch,
    from: midnight(filters.from),
    to: midnight(filters.to && addDays(filters.to, 1)),
    q: search.trim(),
  };
}
