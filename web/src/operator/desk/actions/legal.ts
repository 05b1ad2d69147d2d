/** What the counter may do with a rental now, the next sensible thing first. */
import type { Rental } from "../../../api/types";

export type ActionName =
  | "check_out"
  | "check_in"
  | "extension"
  | "exchange"
  | "upgrade"
  | "no_show"
  | "cancellation";

type Situation = Pick<Rental, "status" | "pickup" | "return">;

/** The server has the last word: it also knows how long a car is kept for somebody late. */
export function actionsOf(rental: Situation, now: number): ActionName[] {
  switch (rental.status) {
    case "PENDING":
      return ["cancellation"];
    case "CONFIRMED":
      return beforeLeaving(rental, now);
    case "CHECKED_OUT":
      return ["check_in", "extension", "exchange"];
    default:
      return [];
  }
}

function beforeLeaving(rental: Situation, now: number): ActionName[] {
  if (Date.parse(rental.return.at) <= now) return ["no_show", "cancellation"];
  const late: ActionName[] = Date.parse(rental.pickup.at) <= now ? ["no_show"] : [];
  return ["check_out", "upgrade", ...late, "cancellation"];
}

/** What is not undone by another click. */
export const DANGEROUS: ReadonlySet<ActionName> = new Set(["no_show", "cancellation"]);
