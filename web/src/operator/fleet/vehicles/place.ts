/** A car's way from one place to another, into the fleet or out of it: what is asked for. */
import type { Vehicle, VehicleChange } from "../../../api/fleet";
import type { LocalTime } from "../../../shared/time";
import type { FaultKeys } from "../parts/use-faults";
import { isMomentOrEmpty, momentOrNothing } from "../parts/when";

export type PlaceKind = "move" | "retire" | "restore" | "call_off";

export interface Place {
  branch: string;
  class: string;
  from: LocalTime;
  arrives: LocalTime;
  reason: string;
}

export const readPlace = (vehicle: Vehicle): Place => ({
  branch: vehicle.branch,
  class: vehicle.class,
  from: "",
  arrives: "",
  reason: "",
});

interface Zones {
  here: string;
  there: string;
}

export function changeOf(
  kind: PlaceKind,
  place: Place,
  vehicle: Vehicle,
  zones: Zones,
  override: boolean,
): VehicleChange {
  const why = override ? { override, reason: place.reason.trim() } : {};
  const from = momentOrNothing(place.from, zones.here);
  switch (kind) {
    case "move":
      return {
        branch: place.branch,
        class: place.class,
        from,
        arrives_at: momentOrNothing(place.arrives, zones.there),
        ...why,
      };
    case "retire":
      return { status: "retired", from, ...why };
    case "restore":
      return { status: "active", from, ...why };
    case "call_off":
      // To be what it is now is to do nothing that was planned.
      return { status: vehicle.status === "retired" ? "retired" : "active", ...why };
  }
}

/** By the ids of the controls. */
export function checkPlace(
  kind: PlaceKind,
  place: Place,
  vehicle: Vehicle,
  override: boolean,
): FaultKeys {
  const found: FaultKeys = {};
  const stays = place.branch === vehicle.branch && place.class === vehicle.class;
  if (kind === "move" && stays) found["branch"] = "fault.same_place";
  if (!isMomentOrEmpty(place.from)) found["from"] = "fault.moment";
  if (!isMomentOrEmpty(place.arrives)) found["arrives_at"] = "fault.moment";
  if (override && !place.reason.trim()) found["reason"] = "fault.required";
  return found;
}
