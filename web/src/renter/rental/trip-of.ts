/** The trip that a rental was booked for, to search it again. */
import type { Rental } from "../../api/types";
import { readStoredJson } from "../../shared/storage";
import { readClock } from "../../shared/time";
import type { Trip } from "../search/trip";

export function tripOf({ pickup, return: dropOff }: Rental): Trip {
  return {
    pickup: pickup.branch,
    return: dropOff.branch,
    from: readClock(Date.parse(pickup.at), pickup.timezone),
    to: readClock(Date.parse(dropOff.at), dropOff.timezone),
    age: readStoredJson<{ age: number }>("search")?.age ?? 30,
    promo: "",
  };
}
