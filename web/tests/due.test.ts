/** What is due after the booking: which picture the renter sees, and what the form sends. */
import { describe, expect, it } from "vitest";
import type { DuePayment, PaymentChoice, Rental } from "../src/api/types";
import { ApiProblem } from "../src/api/client";
import { submitOnce } from "../src/renter/booking/submission";
import { duePhaseOf } from "../src/renter/rental/due";
import { onlineMethods, POINTERS, submissionsOf } from "../src/renter/rental/paying";
import { bankUrl, isMoving } from "../src/renter/rental/phase";
import { faultsByField } from "../src/shared/problem";

const brl = (amount: number) => ({ amount, currency: "BRL" });
const FINE = brl(19_500);

const ASKED = { sequence: 2, attempt: 1, amount: FINE, status: "CREATED", open: true };

function owing(more: Partial<Rental>, payment?: Partial<DuePayment>): Rental {
  return {
    status: "COMPLETED",
    payment: { status: "CAPTURED", method: "card", attempt: 1, attempts_left: 0 },
    due: brl(0),
    documents: [],
    ...more,
    ...(payment && { due_payment: { ...ASKED, ...payment } }),
  } as unknown as Rental; // the rest has no say here
}

const LINE = {
  purpose: "Fine",
  description: "BR-116",
  quantity: 1,
  unit_amount: FINE,
  amount: FINE,
};
const open = (status: string, type?: string) =>
  owing({}, { status, ...(type && { next_action: { type } }) });
const refused = (more: Partial<DuePayment>) =>
  owing({ due: FINE, payable: FINE }, { status: "VOIDED", open: false, ...more });
const counter = { status: "DUE_AT_COUNTER", method: "counter" } as Rental["payment"];

describe("what is due", () => {
  it.each([
    ["nothing came after the booking", owing({}), null],
    ["a hold owes nothing yet", owing({ status: "PENDING", due: null }), null],
    ["to be paid at pick-up", owing({ status: "CONFIRMED", payment: counter, due: FINE }), null],
    ["nobody was asked yet", owing({ due: FINE, payable: FINE }), "payable"],
    ["less than is taken online", owing({ due: brl(49) }), "at_branch"],
    ["on its way to the bank", open("CREATED"), "working"],
    ["at the bank", open("PROCESSING"), "working"],
    ["money came, the books follow", open("CAPTURED"), "working"],
    ["the bank is silent", open("UNKNOWN"), "checking"],
    ["3-D Secure", open("REQUIRES_ACTION", "use_stripe_sdk"), "bank_check"],
    ["Pix", open("REQUIRES_ACTION", "pix_display_qr_code"), "pix"],
    ["boleto", open("REQUIRES_ACTION", "boleto_display_details"), "boleto"],
    ["declined, not yet given up", open("DECLINED"), "ending"],
    ["declined", refused({ decline_code: "insufficient_funds" }), "declined"],
    ["left lying", refused({}), "lapsed"],
    ["another charge after one that came", refused({ status: "CAPTURED" }), "payable"],
    ["paid online", owing({ charges: [LINE] }, { status: "CAPTURED", open: false }), "paid"],
    ["paid at the branch", owing({ charges: [LINE] }), "paid"],
    ["a difference, paid", owing({}, { status: "CAPTURED", open: false }), "paid"],
  ])("%s", (_what, rental, phase) => {
    expect(duePhaseOf(rental)).toBe(phase);
  });

  it("is followed until it is decided, whatever the rental's state", () => {
    expect(isMoving(open("REQUIRES_ACTION"))).toBe(true);
    expect(isMoving(open("DECLINED"))).toBe(true);
    expect(isMoving(refused({}))).toBe(false);
  });

  it("leads to the bank of its own payment", () => {
    const url = "https://bank.example/3ds";
    const next_action = { type: "redirect_to_url", redirect_to_url: { url } };
    const { due_payment } = owing({}, { status: "REQUIRES_ACTION", next_action });
    expect(due_payment && bankUrl(due_payment)).toBe(url);
  });
});

const choiceOf = (payment_method_id: string): PaymentChoice => ({
  method: "card",
  payment_method_id,
  billing_address: null,
});

/** As a browser's storage, which a reload leaves as it is. */
function storage(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  } as Storage;
}

describe("the payment form", () => {
  it("offers what is switched on, and never the counter", () => {
    expect(onlineMethods({})).toEqual(["card"]);
    expect(onlineMethods({ pix: true, boleto: true })).toEqual(["card", "pix", "boleto"]);
    expect(onlineMethods({ payments: false, pix: true })).toEqual([]);
  });

  it("finds the field of a fault that the server names", () => {
    const errors = [{ pointer: "/billing_address/state", message: "is no state" }];
    const found = faultsByField(errors, Object.keys(POINTERS));
    const [name = ""] = Object.keys(found);
    expect(POINTERS[name]).toBe("address_state");
  });

  it("asks again for a lost answer with the same key and body, also after a reload", async () => {
    const area = storage();
    const sent: [string, string | null][] = [];
    const pay = (card: string, answer: () => string) =>
      submitOnce(
        () => Promise.resolve(choiceOf(card)),
        {
          store: submissionsOf("7K3MZQ2A", "2.1", () => area),
          send: (choice, key) => {
            sent.push([key, choice.payment_method_id ?? null]);
            return Promise.resolve(answer());
          },
          pause: () => Promise.resolve(),
        },
      );
    const lost = () => {
      throw new ApiProblem("network", 0, "");
    };
    await expect(pay("pm_first", lost)).rejects.toThrow("network");
    expect(submissionsOf("ZZZZZZZZ", "2.1", () => area).read()).toBeNull();
    expect(submissionsOf("7K3MZQ2A", "3.1", () => area).read()).toBeNull();
    expect(await pay("pm_second", () => "accepted")).toBe("accepted");
    expect(new Set(sent.map(([key]) => key)).size).toBe(1);
    expect(new Set(sent.map(([, card]) => card))).toEqual(new Set(["pm_first"]));
    expect(submissionsOf("7K3MZQ2A", "2.1", () => area).read()).toBeNull();
  });
});
