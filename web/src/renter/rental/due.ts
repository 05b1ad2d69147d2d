/** Where the payment of what is due stands, as the renter needs to know it. */
import type { Rental } from "../../api/types";
import { actionPhase } from "./phase";

export type DuePhase =
  | "working"
  | "checking"
  | "bank_check"
  | "pix"
  | "boleto"
  | "ending"
  | "declined"
  | "lapsed"
  | "payable"
  | "at_branch"
  | "paid";

const ENDED = new Set(["DECLINED", "VOIDED"]);

/** Null: nothing came after the booking's own payment, and nothing is due. */
export function duePhaseOf(rental: Rental): DuePhase | null {
  const { due_payment: payment, payable, due, charges } = rental;
  if (payment?.open) return openPhase(rental);
  if (payable) {
    if (!payment || !ENDED.has(payment.status)) return "payable";
    return payment.decline_code ? "declined" : "lapsed";
  }
  const atPickUp = rental.status === "CONFIRMED" && rental.payment.method === "counter";
  if (atPickUp) return null;
  if (due && due.amount > 0) return "at_branch";
  const paid = payment && !ENDED.has(payment.status);
  return due && (paid || charges?.length) ? "paid" : null;
}

function openPhase({ due_payment: payment }: Rental): DuePhase {
  if (!payment) return "working";
  if (payment.status === "REQUIRES_ACTION") return actionPhase(payment);
  if (payment.status === "UNKNOWN") return "checking";
  return ENDED.has(payment.status) ? "ending" : "working";
}
