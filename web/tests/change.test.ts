import { describe, expect, it } from "vitest";
import type { ModificationOffers, Rental } from "../src/api/types";
import {
  differenceOf,
  mayChange,
  paymentOfChange,
  presentChoices,
  requestOf,
} from "../src/renter/rental/changes/difference";
import { en } from "../src/shared/i18n/en";
import { pt } from "../src/shared/i18n/pt";
import { offersFor } from "./mock/catalogue";

const brl = (amount: number) => ({ amount, currency: "BRL" });
const PIX = { method: "pix", payment_method_id: null, billing_address: null } as const;
const NOW = Date.parse("2026-11-20T12:00:00Z");

function rental(status: Rental["status"], at: string, events: string[] = [], due = 0): Rental {
  const stop = { branch: "GRU", branch_name: "Guarulhos", timezone: "America/Sao_Paulo", at };
  return {
    reference: "7K3MZQ2A",
    status,
    pickup: stop,
    return: stop,
    class: "ECMR",
    driver: { given_name: "A", family_name: "B", email: "a@example.com", phone: "+5511" },
    price: { lines: [], total: brl(1) },
    payment: { status: "CAPTURED", method: "card", attempt: 1, attempts_left: 0 },
    due: brl(due),
    cancellation_policy: { free_until: at, fee_percent: 25, fee_cap: brl(1), description: "" },
    timeline: events.map((event) => ({ at, event })),
    documents: [],
  };
}

describe("what a change means for the money", () => {
  it.each([
    [50_400, 33_600, false, "pay", 16_800],
    [33_600, 50_400, false, "refund", 16_800],
    [33_600, 33_600, false, "none", 0],
    [33_600, 0, true, "counter", 33_600],
    [0, 33_600, true, "refund", 33_600],
  ] as const)("%i against %i paid", (total, kept, atCounter, kind, amount) => {
    expect(differenceOf(brl(total), brl(kept), atCounter)).toEqual({ kind, amount: brl(amount) });
  });

  it("has words for each in both languages", () => {
    for (const kind of ["pay", "refund", "none", "counter"]) {
      for (const stem of ["total", "difference", "submit"]) {
        for (const texts of [en, pt]) expect(texts).toHaveProperty([`change.${stem}.${kind}`]);
      }
    }
  });
});

describe("whether a rental may be changed", () => {
  const later = "2026-11-20T12:00:01Z";
  it.each([
    ["CONFIRMED", later, true],
    ["CONFIRMED", "2026-11-20T12:00:00Z", false],
    ["PENDING", later, false],
    ["CHECKED_OUT", later, false],
    ["CANCELLED", later, false],
  ] as const)("%s with pick-up at %s: %s", (status, at, may) => {
    expect(mayChange(rental(status, at), NOW)).toBe(may);
  });
});

describe("what is sent", () => {
  const query = new URLSearchParams({
    pickup_at: "2026-12-01T10:00:00-03:00",
    return_at: "2026-12-04T10:00:00-03:00",
    driver_age: "30",
  });
  const offer = offersFor(query)[0]!;
  const found: ModificationOffers = {
    offers: [offer],
    alternatives: [],
    kept: brl(1),
    extras: [
      { code: "CHILD_SEAT", quantity: 5 },
      { code: "RADIO", quantity: 1 },
    ],
    coverages: ["SCDW", "GONE"],
  };

  it("starts with what the rental has and names only what the offer still holds", () => {
    const request = requestOf(offer, presentChoices(found), null);
    expect(request).toEqual({
      offer: offer.offer,
      extras: [{ code: "CHILD_SEAT", quantity: 3 }],
      coverages: ["SCDW"],
      payment: null,
    });
  });

  it("says so when an extra was taken off, instead of leaving it out", () => {
    const none = { extras: { CHILD_SEAT: 0 }, coverages: [] };
    const request = requestOf(offer, none, PIX);
    expect(request).toMatchObject({ extras: [], coverages: [], payment: { method: "pix" } });
  });
});

describe("what became of a change's payment", () => {
  const at = "2026-12-01T10:00:00-03:00";
  const BOOKED = ["BOOKED", "PAYMENT_REQUESTED", "PAYMENT_DECLINED", "CONFIRMED"];
  const CHANGED = [...BOOKED, "MODIFIED", "PAYMENT_REQUESTED"];
  it.each([
    ["not read yet", BOOKED, 0, "paying"],
    ["on its way", CHANGED, 0, "paying"],
    ["paid", [...CHANGED, "DIFFERENCE_PAID"], 0, "paid"],
    ["declined", [...CHANGED, "PAYMENT_DECLINED"], 100, "declined"],
    ["given up without a word", CHANGED, 100, "declined"],
  ] as const)("%s", (_name, events, due, outcome) => {
    expect(paymentOfChange(rental("CONFIRMED", at, [...events], due), 1)).toBe(outcome);
  });

  it("is not taken from an earlier change", () => {
    const events = [...CHANGED, "DIFFERENCE_PAID", "MODIFIED", "PAYMENT_REQUESTED"];
    expect(paymentOfChange(rental("CONFIRMED", at, events), 2)).toBe("paying");
    expect(paymentOfChange(rental("CONFIRMED", at, events), 1)).toBe("paid");
  });
});
