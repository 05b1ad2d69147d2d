/** Which cars a list shows, as its address says it. */
import { withQuery } from "../../../api/operator";

export interface VehicleFilters {
  branch: string;
  class: string;
  status: string;
  /** How the plate begins. */
  q: string;
}

export const STATUSES = ["active", "maintenance", "retired"] as const;
const LONGEST_PLATE = 8;

export const VEHICLES = "/operator/vehicles";
export const vehiclePath = (plate: string): string => `${VEHICLES}/${encodeURIComponent(plate)}`;

export function readFilters(query: URLSearchParams): VehicleFilters {
  const status = query.get("status") ?? "";
  return {
    branch: query.get("branch") ?? "",
    class: query.get("class") ?? "",
    status: STATUSES.some((known) => known === status) ? status : "",
    q: plateLetters(query.get("q") ?? ""),
  };
}

/** `rio-2a` as plates are kept: no dash, no space, capitals. */
export const plateLetters = (typed: string): string =>
  typed.toUpperCase().replace(/[^A-Z0-9]/g, "").slice(0, LONGEST_PLATE);

export const filtersPath = (filters: VehicleFilters): string =>
  withQuery(VEHICLES, { ...filters });
