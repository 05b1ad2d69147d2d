/** What a change means for the renter's money, shown before the server decides. */
import type {
  Modification,
  ModificationOffers,
  ModificationRequest,
  Money,
  Offer,
  PaymentChoice,
  Rental,
} from "../../../api/types";
import type { Choices } from "../../booking/estimate";

/** A change that was made; `online`: its difference was asked for there and then. */
export interface Done {
  change: Modification;
  online: boolean;
}

export interface Difference {
  kind: "pay" | "counter" | "refund" | "none";
  /** Never negative. */
  amount: Money;
}

/** What was paid stands against the new price; `atCounter`: what is missing is paid there. */
export function differenceOf(total: Money, kept: Money, atCounter: boolean): Difference {
  const missing = total.amount - kept.amount;
  const amount = { ...total, amount: Math.abs(missing) };
  if (missing < 0) return { kind: "refund", amount };
  if (missing === 0) return { kind: "none", amount };
  return { kind: atCounter ? "counter" : "pay", amount };
}

export const paysAtCounter = ({ payment }: Rental) => payment.method === "counter";

/** Only what is confirmed and has not begun; the server has the last word. */
export function mayChange(rental: Rental, now = Date.now()): boolean {
  return rental.status === "CONFIRMED" && Date.parse(rental.pickup.at) > now;
}

/** Refusals that say that the rental itself is another by now. */
export const MOVED_ON = new Set(["illegal_transition", "payment_in_progress", "not_found"]);

/** What the rental has now, to start the choice with. */
export function presentChoices({ extras, coverages }: ModificationOffers): Choices {
  return {
    extras: Object.fromEntries(extras.map(({ code, quantity }) => [code, quantity])),
    coverages,
  };
}

/** Named in full, so that what is seen is what is had: only what the offer still holds. */
export function requestOf(
  offer: Offer,
  choices: Choices,
  payment: PaymentChoice | null,
): ModificationRequest {
  return {
    offer: offer.offer ?? "",
    extras: offer.extras.flatMap(({ code, maximum_quantity }) => {
      const quantity = Math.min(choices.extras[code] ?? 0, maximum_quantity);
      return quantity > 0 ? [{ code, quantity }] : [];
    }),
    coverages: offer.coverages
      .map(({ code }) => code)
      .filter((code) => choices.coverages.includes(code)),
    payment,
  };
}

export type PaymentOfChange = "paying" | "paid" | "declined";

/** What became of a change's payment, by what the timeline tells after it. */
export function paymentOfChange({ timeline, due }: Rental, revision: number): PaymentOfChange {
  let changes = 0;
  for (const { event } of timeline) {
    if (event === "MODIFIED") changes += 1;
    if (changes < revision) continue;
    if (event === "DIFFERENCE_PAID") return "paid";
    if (event === "PAYMENT_DECLINED") return "declined";
  }
  // Given up without a word: what was on its way is due again.
  return changes >= revision && (due?.amount ?? 0) > 0 ? "declined" : "paying";
}
