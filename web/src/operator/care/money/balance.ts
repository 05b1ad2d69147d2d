/** Where a rental's money stands, and what may be done about it. The server has the last word. */
import type { Money, Rental } from "../../../api/types";

export interface Balance {
  price: Money;
  /** What came on top of it. */
  extra: Money;
  /** Paid, or on its way. */
  covered: Money;
  due: Money;
}

export type MoneyAct = "take" | "back" | "goodwill" | "charges" | "deposit";
export type DepositPhase = "none" | "asked" | "held" | "settling" | "declined" | "over" | "taken";

/** Null: nothing is reckoned in this state, or by another rule than the price's. */
export function balanceOf(rental: Rental): Balance | null {
  const { price, due, status } = rental;
  if (!due || status === "NO_SHOW") return null;
  const { currency } = price.total;
  const extra = extraOf(rental);
  const covered = { currency, amount: price.total.amount + extra.amount - due.amount };
  return { price: price.total, extra, covered, due };
}

export function extraOf({ price, charges }: Rental): Money {
  const amount = (charges ?? []).reduce((sum, line) => sum + line.amount.amount, 0);
  return { amount, currency: price.total.currency };
}

const CAR_MAY_LEAVE = new Set(["PENDING", "CONFIRMED"]);

/** One that was asked for, or will be when the car leaves; otherwise there is none to tell of. */
export const concernsDeposit = ({ status, deposit_status }: Rental): boolean =>
  !!deposit_status || CAR_MAY_LEAVE.has(status);

const CHARGEABLE = new Set(["CHECKED_OUT", "COMPLETED"]);

export function actsOn(rental: Rental): MoneyAct[] {
  const { status, due, counter_owes: owed, refundable } = rental;
  const acts: MoneyAct[] = [];
  if (isSome(due)) acts.push("take");
  if (isSome(owed)) acts.push("back");
  if (CHARGEABLE.has(status)) acts.push("charges");
  const deposit = depositPhaseOf(rental);
  if (deposit === "held" || deposit === "asked") acts.push("deposit");
  if (isSome(refundable)) acts.push("goodwill");
  return acts;
}

const isSome = (money: Money | null | undefined) => (money?.amount ?? 0) > 0;

/** `HELD` says that money stands there; only the story tells that it is being settled. */
export function depositPhaseOf({ deposit_status: status, timeline }: Rental): DepositPhase {
  switch (status) {
    case "OPEN":
    case "HELD":
      if (isSettling(timeline)) return "settling";
      return status === "HELD" ? "held" : "asked";
    case "DECLINED":
      return "declined";
    case "CLOSED":
      return "over";
    case "RECEIVED":
      return "taken";
    default:
      return "none";
  }
}

const ASKED = "DEPOSIT_REQUESTED";
const SETTLING = new Set(["DEPOSIT_CAPTURE_REQUESTED", "DEPOSIT_RELEASE_REQUESTED"]);

function isSettling(timeline: Rental["timeline"]): boolean {
  const newest = timeline.map(({ event }) => event).lastIndexOf(ASKED);
  return timeline.slice(newest + 1).some(({ event }) => SETTLING.has(event));
}

/** The most that may be taken of the deposit: what is due, and no more than stands there. */
export function mostOfDeposit({ deposit, due }: Rental): Money | null {
  if (!deposit || !due) return null;
  return { ...deposit, amount: Math.min(deposit.amount, due.amount) };
}

const WAITING = new Set(["CREATED", "PROCESSING", "UNKNOWN"]);

/** Whether a bank is about to answer: then it is worth looking again soon. */
export function isMoving(rental: Rental): boolean {
  const { due_payment: payment } = rental;
  const phase = depositPhaseOf(rental);
  const asksCard = Boolean(payment?.open && WAITING.has(payment.status));
  return asksCard || phase === "settling" || phase === "asked";
}
