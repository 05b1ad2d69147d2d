import { describe, expect, it } from "vitest";
import type { Dispute } from "../src/api/care";
import type { Money, Rental } from "../src/api/types";
import { factsOf } from "../src/operator/care/audit/details";
import { urgencyOf } from "../src/operator/care/disputes/evidence";
import { en } from "../src/operator/care/i18n/en";
import { pt } from "../src/operator/care/i18n/pt";
import { elapsedText, waitsTooLong } from "../src/operator/care/messages/waiting";
import {
  actsOn,
  balanceOf,
  concernsDeposit,
  depositPhaseOf,
  isMoving,
  mostOfDeposit,
} from "../src/operator/care/money/balance";
import { lineFaults, newLine, toSend, totalOf } from "../src/operator/care/money/charge-lines";
import { amountText, parseAmount } from "../src/operator/parts/amount";
import { shownFaults } from "../src/operator/care/parts/use-faults";
import { faultOf, queryOf, subjectsOf } from "../src/operator/care/photos/files";
import { formatMoney } from "../src/shared/money";
import { placesOf } from "../src/shared/i18n/text";

const brl = (amount: number) => ({ amount, currency: "BRL" });
const AT = "2026-11-22T10:00:00-03:00";

function rental(over: Partial<Rental> = {}): Rental {
  const stop = { branch: "GRU", branch_name: "GRU", at: AT, timezone: "America/Sao_Paulo" };
  return {
    reference: "7K3M9QXA",
    status: "COMPLETED",
    pickup: stop,
    return: stop,
    class: "ECMR",
    driver: { given_name: "", family_name: "", email: "", phone: "" },
    price: { lines: [], total: brl(30_000) },
    payment: { status: "CAPTURED", method: "card", attempt: 1, attempts_left: 0 },
    due: brl(0),
    cancellation_policy: { free_until: AT, fee_percent: 0, fee_cap: brl(0), description: "" },
    timeline: [],
    documents: [],
    ...over,
  };
}

const story = (...events: string[]) => events.map((event) => ({ at: AT, event }));
const line = (purpose: string, amount: number) => ({
  purpose,
  description: "",
  quantity: 1,
  unit_amount: brl(amount),
  amount: brl(amount),
});

describe("an amount as it is typed", () => {
  it.each([
    ["12,34", 1_234],
    ["12.34", 1_234],
    ["12", 1_200],
    ["12,3", 1_230],
    ["R$ 1.234,56", 123_456],
    ["1,234.56", 123_456],
    ["1.234.567", 123_456_700],
    ["0", 0],
  ])("%s is understood", (text, minor) => {
    expect(parseAmount(text, "BRL")).toBe(minor);
  });

  it.each(["", "abc", "-1", "1.234", "1,234", "12,345", "1.23.4", "12,34,56", "99999999999"])(
    "%s is refused",
    (text) => {
      expect(parseAmount(text, "BRL")).toBeNull();
    },
  );

  it("has no cents where the currency has none", () => {
    expect(parseAmount("1200", "JPY")).toBe(1_200);
    expect(parseAmount("12,5", "JPY")).toBeNull();
  });

  it("is read again as it is written", () => {
    for (const locale of ["pt-BR", "en"]) {
      expect(parseAmount(amountText(brl(123_456_789), locale), "BRL")).toBe(123_456_789);
    }
  });
});

describe("where a rental's money stands", () => {
  it("price and what came on top, less what is due, is covered", () => {
    const charges = [line("Fine", 19_500), line("Toll", 500)];
    expect(balanceOf(rental({ charges, due: brl(15_000) }))).toEqual({
      price: brl(30_000),
      extra: brl(20_000),
      covered: brl(35_000),
      due: brl(15_000),
    });
  });

  it("is not reckoned from the price where a fee is due instead, or nothing at all", () => {
    expect(balanceOf(rental({ status: "NO_SHOW", due: brl(1_000) }))).toBeNull();
    expect(balanceOf(rental({ status: "CANCELLED", due: null }))).toBeNull();
  });

  it("offers only what can be done", () => {
    expect(actsOn(rental({ status: "PENDING", due: null }))).toEqual([]);
    expect(actsOn(rental({ status: "CONFIRMED", due: brl(1) }))).toEqual(["take"]);
    expect(actsOn(rental({ status: "CANCELLED", due: null, counter_owes: brl(5) }))).toEqual([
      "back",
    ]);
    const held = rental({ deposit_status: "HELD", refundable: brl(1) });
    expect(actsOn(held)).toEqual(["charges", "deposit", "goodwill"]);
  });

  it("a deposit is being settled from its request until its bank's answer", () => {
    const held = { deposit_status: "HELD" } as const;
    const requested = story("DEPOSIT_REQUESTED", "DEPOSIT_AUTHORIZED");
    const settling = [...requested, ...story("DEPOSIT_CAPTURE_REQUESTED")];
    expect(depositPhaseOf(rental({ ...held, timeline: requested }))).toBe("held");
    expect(depositPhaseOf(rental({ ...held, timeline: settling }))).toBe("settling");
    expect(isMoving(rental({ ...held, timeline: settling }))).toBe(true);
    const anew = [...story("DEPOSIT_RELEASE_REQUESTED"), ...requested];
    expect(depositPhaseOf(rental({ ...held, timeline: anew }))).toBe("held");
    expect(depositPhaseOf(rental({ deposit_status: "RECEIVED", timeline: settling }))).toBe(
      "taken",
    );
  });

  it("no more is taken of a deposit than is due, and than stands there", () => {
    expect(mostOfDeposit(rental({ deposit: brl(70_000), due: brl(15_000) }))).toEqual(brl(15_000));
    expect(mostOfDeposit(rental({ deposit: brl(10_000), due: brl(15_000) }))).toEqual(brl(10_000));
  });

  it("is looked at again only while a bank is about to answer", () => {
    const asked = { sequence: 2, attempt: 1, amount: brl(1), open: true };
    const due_payment = { ...asked, status: "PROCESSING" };
    expect(isMoving(rental({ due_payment }))).toBe(true);
    expect(isMoving(rental({ due_payment: { ...due_payment, open: false } }))).toBe(false);
    expect(isMoving(rental({ due_payment: { ...due_payment, status: "REQUIRES_ACTION" } }))).toBe(
      false,
    );
  });
});

describe("lines of charges", () => {
  it("are sent with whole pieces and minor units", () => {
    const toll = { ...newLine(1), description: " BR-116 ", quantity: "3", amount: "12,40" };
    expect(lineFaults(toll, "BRL")).toEqual([]);
    expect(totalOf([toll, newLine(2)], "BRL")).toBe(3_720);
    expect(toSend([toll], "BRL")).toEqual([
      { purpose: "Fine", description: "BR-116", quantity: 3, unit_amount: brl(1_240) },
    ]);
  });

  it("say what is missing", () => {
    const bad = { ...newLine(1), quantity: "1,5", amount: "0" };
    expect(lineFaults(bad, "BRL")).toEqual(["description", "quantity", "amount"]);
  });
});

describe("a form's faults", () => {
  it("are the server's too, unless one was found here or the control was typed into", () => {
    const refused = { amount: "too much", reason: "too long" };
    const none = new Set<string>();
    expect(shownFaults(refused, { amount: undefined }, none)).toEqual(refused);
    expect(shownFaults(refused, { amount: "no amount" }, none)["amount"]).toBe("no amount");
    expect(shownFaults(refused, {}, new Set(["amount"]))).toEqual({ reason: "too long" });
  });
});

describe("waiting", () => {
  const now = Date.parse("2026-11-22T12:00:00Z");
  it("is told in words and marked after a day", () => {
    expect(elapsedText("2026-11-22T11:58:00Z", "en", now)).toBe("2 minutes ago");
    expect(elapsedText("2026-11-22T09:00:00Z", "pt-BR", now)).toBe("há 3 horas");
    expect(elapsedText("2026-11-20T12:00:00Z", "en", now)).toBe("2 days ago");
    expect(waitsTooLong("2026-11-21T12:00:00Z", now)).toBe(true);
    expect(waitsTooLong("2026-11-21T12:00:01Z", now)).toBe(false);
  });
});

describe("a dispute's evidence", () => {
  const now = Date.parse("2026-11-22T12:00:00Z");
  const dispute = (status: Dispute["status"], evidence_due_at: string | null): Dispute => ({
    id: "du_1",
    reference: "7K3M9QXA",
    purpose: "PREPAY",
    payment_intent: "pi_1",
    status,
    reason: "fraudulent",
    amount: brl(1),
    opened_at: AT,
    updated_at: AT,
    evidence_due_at,
  });

  it("is urgent in its last three days, while it counts", () => {
    expect(urgencyOf(dispute("needs_response", "2026-11-25T12:00:00Z"), now)).toBe("soon");
    expect(urgencyOf(dispute("needs_response", "2026-11-25T12:00:01Z"), now)).toBe("open");
    expect(urgencyOf(dispute("warning_needs_response", "2026-11-22T12:00:00Z"), now)).toBe("late");
    expect(urgencyOf(dispute("under_review", "2026-11-22T13:00:00Z"), now)).toBe("none");
    expect(urgencyOf(dispute("needs_response", null), now)).toBe("none");
  });
});

describe("photos", () => {
  it("are files that the API takes", () => {
    expect(faultOf({ type: "image/jpeg", size: 8 * 1024 * 1024 })).toBeNull();
    expect(faultOf({ type: "image/jpeg", size: 8 * 1024 * 1024 + 1 })).toBe("size");
    expect(faultOf({ type: "image/heic", size: 1 })).toBe("type");
    expect(faultOf({ type: "image/png", size: 0 })).toBe("empty");
  });

  it("are of what has happened", () => {
    const damages = [{ number: 1, plate: "ABC1D23", description: "door", amount: brl(1) }];
    expect(subjectsOf(rental({ status: "CONFIRMED" }), { damages })).toEqual([]);
    const out = rental({ status: "CHECKED_OUT" });
    expect(subjectsOf(out, { damages: [] })).toEqual(["check_out"]);
    const exchanged = { ...out, timeline: story("EXCHANGED") };
    expect(subjectsOf(exchanged, { damages: [] })).toEqual(["check_out", "check_in"]);
    expect(subjectsOf(rental(), { damages })).toEqual(["check_out", "check_in", "damage-1"]);
  });

  it("name a damage only where they are of one", () => {
    expect(queryOf("check_in", "")).toEqual({ kind: "check_in", damage: null, plate: "" });
    expect(queryOf("damage-12", "A")).toEqual({ kind: "damage", damage: 12, plate: "A" });
  });
});

describe("the audit's facts", () => {
  const words = {
    number: (value: number) => value.toLocaleString("en"),
    money: (money: Money) => formatMoney(money, "en"),
    moment: (at: string) => `at ${at}`,
    word: (name: string, value: string) => (name === "status" ? value.toLowerCase() : null),
  };

  it("show amounts as money, words as ours, and what changed on both sides", () => {
    const entry = {
      before: { due_minor: 500, status: "CONFIRMED" },
      after: {
        due_minor: 0,
        status: "CHECKED_OUT",
        purposes: ["Fine", "Toll"],
        returned_at: "noon",
      },
    };
    expect(factsOf(entry, "BRL", words)).toEqual([
      { name: "due_minor", before: "R$5.00", after: "R$0.00" },
      { name: "status", before: "confirmed", after: "checked_out" },
      { name: "purposes", before: null, after: "Fine, Toll" },
      { name: "returned_at", before: null, after: "at noon" },
    ]);
  });

  it("write numbers as the reader does", () => {
    const entry = { before: null, after: { odometer_km: 13_086 } };
    expect(factsOf(entry, "BRL", words)).toEqual([
      { name: "odometer_km", before: null, after: "13,086" },
    ]);
  });

  it("leave out what stayed, what did not happen and what only machines read", () => {
    const entry = {
      before: { class: "ECMR", to_hour: 1 },
      after: { class: "ECMR", to_hour: 2, override: false, hours_short: 0, sha256: "00" },
    };
    expect(factsOf(entry, "BRL", words)).toEqual([]);
  });
});

describe("a rental's money", () => {
  it("tells of a deposit that was asked for, or will be when the car leaves", () => {
    expect(concernsDeposit(rental({ status: "CONFIRMED" }))).toBe(true);
    expect(concernsDeposit(rental({ status: "COMPLETED", deposit_status: "CLOSED" }))).toBe(true);
    expect(concernsDeposit(rental({ status: "CANCELLED" }))).toBe(false);
  });
});

describe("words of customer care", () => {
  it("have the same places in both languages", () => {
    for (const [key, text] of Object.entries(pt)) {
      expect([key, placesOf(text)]).toEqual([key, placesOf(en[key as keyof typeof pt])]);
    }
  });
});
