/** What a rental means to its renter now: one word per picture of the status page. */
import type { DuePayment, Rental, RentalPayment } from "../../api/types";
import { awaitsPapers } from "./papers";

/** The booking's payment, or one that was asked for later. */
export type AskedPayment = RentalPayment | DuePayment;

export type Phase =
  | "processing"
  | "bank_check"
  | "pix"
  | "boleto"
  | "declined"
  | "checking"
  | "awaiting_payment"
  | "confirmed"
  | "checked_out"
  | "completed"
  | "expired"
  | "failed"
  | "cancelled"
  | "no_show";

const BY_STATUS: Record<Exclude<Rental["status"], "PENDING">, Phase> = {
  CONFIRMED: "confirmed",
  CHECKED_OUT: "checked_out",
  COMPLETED: "completed",
  EXPIRED: "expired",
  FAILED: "failed",
  CANCELLED: "cancelled",
  NO_SHOW: "no_show",
};

export function phaseOf(rental: Rental): Phase {
  if (rental.status !== "PENDING") return BY_STATUS[rental.status];
  const { payment } = rental;
  switch (payment.status) {
    case "REQUIRES_ACTION":
      return actionPhase(payment);
    case "DECLINED":
    case "VOIDED":
    case "AUTH_EXPIRED":
      return "declined";
    case "UNKNOWN":
      return "checking";
    default:
      return payment.method === "counter" ? "awaiting_payment" : "processing";
  }
}

export function actionPhase({ next_action }: AskedPayment): "bank_check" | "pix" | "boleto" {
  const type = next_action?.["type"];
  if (type === "pix_display_qr_code") return "pix";
  if (type === "boleto_display_details") return "boleto";
  return "bank_check";
}

/** Where the bank wants to see the renter, if it said so with an address that is safe to follow. */
export function bankUrl(payment: AskedPayment): string | null {
  const redirect = payment.next_action?.["redirect_to_url"] as { url?: unknown } | undefined;
  const url = typeof redirect?.url === "string" ? redirect.url : "";
  return isSafeUrl(url) ? url : null;
}

/** https, or plain http on the visitor's own machine (the local stack). */
export function isSafeUrl(url: string): boolean {
  try {
    const { protocol, hostname } = new URL(url);
    return protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
  } catch {
    return false;
  }
}

const isLoopback = (host: string) => host === "localhost" || host === "127.0.0.1";

/** Whether the rental may still change without the renter doing anything on this page. */
export function isMoving(rental: Rental): boolean {
  return rental.status === "PENDING" || !!rental.due_payment?.open || awaitsPapers(rental);
}
