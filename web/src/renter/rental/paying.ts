/** What outlives the payment form: a submission without an answer, and where its faults belong. */
import type { PaymentChoice, PaymentMethod, Rental } from "../../api/types";
import { readStoredJson, writeStored } from "../../shared/storage";
import type { Submission, SubmissionStore } from "../booking/submission";
import { ADDRESS_POINTERS } from "../payment/address";
import { methodsOf } from "../payment/payment-fields";

/** Without flags, because they did not load, a card; the counter is no way to pay on a page. */
export function onlineMethods(flags: Readonly<Record<string, boolean>>): PaymentMethod[] {
  return methodsOf(flags).filter((each) => each !== "counter");
}

/** Told of a boleto whose driver has no CPF; the rental's page has no field for it. */
export const NO_CPF = "/driver/document/type";

/** The API's names for the form's fields: here the choice of payment is the whole request. */
export const POINTERS: Record<string, string> = Object.fromEntries(
  Object.entries(ADDRESS_POINTERS).map(([name, field]) => [name.replace("payment.", ""), field]),
);

interface Kept extends Submission<PaymentChoice> {
  turn: string;
}

/**
 * One rental's submission. It survives a reload, so that a lost answer is asked for again; once
 * the rental's turn has moved on the server has had its say, and nothing is left to ask.
 */
export function submissionsOf(
  reference: string,
  turn: string,
  area: () => Storage = () => sessionStorage,
): SubmissionStore<PaymentChoice> {
  const name = `payment.${reference}`;
  return {
    read: () => {
      const kept = readStoredJson<Kept>(name, area);
      return kept?.turn === turn ? kept : null;
    },
    write: (submission) =>
      writeStored(name, submission && JSON.stringify({ ...submission, turn }), area),
  };
}

/** Which payment of what is due is the newest: another one has another turn. */
export const turnOf = ({ due_payment: payment }: Rental): string =>
  payment ? `${payment.sequence}.${payment.attempt}` : "";
