/** The desk: amounts and dials as they are typed, the day, the filters, and what may be done. */
import { describe, expect, it } from "vitest";
import type { ManifestRow, VehicleSuggestion } from "../src/api/desk";
import type { Branch, Rental, RentalStatus } from "../src/api/types";
import {
  carOf,
  firstChoice,
  isPlate,
  lastKm,
  OTHER,
} from "../src/operator/desk/actions/car-choice";
import { actionsOf } from "../src/operator/desk/actions/legal";
import { damageOf, momentOf, parseKm } from "../src/operator/desk/actions/readings";
import { parseAmount } from "../src/operator/parts/amount";
import { ownOf } from "../src/operator/desk/branches";
import { en } from "../src/operator/desk/i18n/en";
import { pt } from "../src/operator/desk/i18n/pt";
import {
  filtersFrom,
  findFaults,
  NO_FILTERS,
  toQuery,
} from "../src/operator/desk/rentals/filters";
import { isLate, lookedAt, sortOut, tally } from "../src/operator/desk/today/day";
import { placesOf } from "../src/shared/i18n/text";

const SAO_PAULO = "America/Sao_Paulo";
const at = (iso: string) => Date.parse(iso);

describe("an amount as people type it", () => {
  it.each([
    ["12", 1200],
    ["12,3", 1230],
    ["12,34", 1234],
    ["12.34", 1234],
    [" R$ 1.234,56 ", 123456],
    ["1,234.56", 123456],
    ["1.234.567", 123456700],
    ["1234567,89", 123456789],
    ["1.234.567,89", 123456789],
    ["0", 0],
  ])("reads %s", (typed, minor) => {
    expect(parseAmount(typed, "BRL")).toBe(minor);
  });

  it.each(["", "abc", "-5", "1.23.456", "12,", ",50", "1.234.56", "1.234,567", "1,2,3", "1e3"])(
    "refuses %s",
    (typed) => {
      expect(parseAmount(typed, "BRL")).toBeNull();
    },
  );

  it("does not guess between thousands and cents", () => {
    expect(parseAmount("1.234", "BRL")).toBeNull();
    expect(parseAmount("12,345", "BRL")).toBeNull();
  });

  it("knows currencies without cents", () => {
    expect(parseAmount("1234", "JPY")).toBe(1234);
    expect(parseAmount("12,34", "JPY")).toBeNull();
  });
});

describe("what a car's dials show", () => {
  it.each([
    ["12345", 12345],
    ["12.345", 12345],
    ["12 345", 12345],
    ["1,234,567", 1234567],
    [" 0 ", 0],
  ])("reads %s km", (typed, km) => {
    expect(parseKm(typed)).toBe(km);
  });

  it.each(["", "12.34", "1.2345", "-1", "2000001", "12a"])("refuses %s", (typed) => {
    expect(parseKm(typed)).toBeNull();
  });

  it("a damage needs words and money", () => {
    const line = { id: 1, description: " Porta ", amount: "120,50" };
    const amount = { amount: 12050, currency: "BRL" };
    expect(damageOf(line, "BRL")).toEqual({ description: "Porta", amount });
    expect(damageOf({ ...line, description: " " }, "BRL")).toBeNull();
    expect(damageOf({ ...line, amount: "0" }, "BRL")).toBeNull();
  });

  it("a time of return is that of the branch's clock, and none means now", () => {
    expect(momentOf("2026-11-22T10:30", SAO_PAULO)).toBe("2026-11-22T10:30:00-03:00");
    expect(momentOf("", SAO_PAULO)).toBeNull();
    expect(momentOf("2026-11-22", SAO_PAULO)).toBeUndefined();
  });
});

describe("which car leaves", () => {
  const car = (plate: string) => ({ plate, class: "ECMR", model: "HB20", odometer_km: 1000 });
  const offered = (more: Partial<VehicleSuggestion>): VehicleSuggestion => ({
    reference: "7K3MZQ2A",
    status: "CONFIRMED",
    others: [],
    upgrades: [],
    ...more,
  });

  it("the suggested one until somebody says otherwise", () => {
    const cars = offered({ suggested: car("AAA1A11"), others: [car("BBB2B22")] });
    const choice = firstChoice(cars);
    expect(carOf(choice, cars)).toEqual({ plate: "AAA1A11", upgrade: false });
    expect(lastKm("BBB2B22", cars)).toBe(1000);
    expect(lastKm("ZZZ9Z99", cars)).toBeNull();
  });

  it("a better one is said to be an upgrade", () => {
    const cars = offered({ upgrades: [car("CCC3C33")] });
    expect(carOf(firstChoice(cars), cars)).toEqual({ plate: "CCC3C33", upgrade: true });
  });

  it("a typed plate is written as plates are, and an upgrade only on purpose", () => {
    const choice = { chosen: OTHER, typed: "abc-1d23", upgrade: false };
    expect(carOf(choice, offered({}))).toEqual({ plate: "ABC1D23", upgrade: false });
    expect(carOf({ ...choice, upgrade: true }, offered({})).upgrade).toBe(true);
    expect(firstChoice(offered({})).chosen).toBe(OTHER);
    expect([isPlate("ABC1D23"), isPlate("AB"), isPlate("ABC-1D23")]).toEqual([true, false, false]);
  });
});

describe("what may be done with a rental", () => {
  const rental = (status: RentalStatus) =>
    ({
      status,
      pickup: { at: "2026-11-22T13:00:00Z" },
      return: { at: "2026-11-25T13:00:00Z" },
    }) as Rental; // the rest has no say here
  const early = at("2026-11-22T09:00:00Z");
  const late = at("2026-11-22T16:00:00Z");
  const over = at("2026-11-26T00:00:00Z");

  it("a car leaves before anything else is thought of", () => {
    expect(actionsOf(rental("CONFIRMED"), early)).toEqual(["check_out", "upgrade", "cancellation"]);
  });

  it("nobody has failed to come before the time of the pick-up", () => {
    expect(actionsOf(rental("CONFIRMED"), early)).not.toContain("no_show");
    expect(actionsOf(rental("CONFIRMED"), late)).toContain("no_show");
  });

  it("no car leaves after the rental's end", () => {
    expect(actionsOf(rental("CONFIRMED"), over)).toEqual(["no_show", "cancellation"]);
  });

  it("a car that is out comes back, stays longer or is exchanged", () => {
    expect(actionsOf(rental("CHECKED_OUT"), late)).toEqual(["check_in", "extension", "exchange"]);
  });

  it("a hold can only be given up, and an end is an end", () => {
    expect(actionsOf(rental("PENDING"), early)).toEqual(["cancellation"]);
    for (const status of ["COMPLETED", "EXPIRED", "FAILED", "CANCELLED", "NO_SHOW"] as const) {
      expect(actionsOf(rental(status), early)).toEqual([]);
    }
  });
});

describe("a branch's day", () => {
  const branch = (code: string, timezone: string) => ({ code, timezone }) as Branch;
  const all = [branch("GIG", SAO_PAULO), branch("GRU", SAO_PAULO), branch("MAO", "America/Manaus")];
  const night = at("2026-11-23T03:30:00Z"); // half past midnight in São Paulo, not yet in Manaus
  const row = (kind: ManifestRow["kind"], status: RentalStatus, done: boolean) =>
    ({ kind, status, done }) as ManifestRow;

  it("opens at the operator's first branch, on that branch's today", () => {
    const looked = lookedAt(new URLSearchParams(), ownOf(all, ["MAO", "GRU"]), night);
    expect([looked?.branch.code, looked?.day]).toEqual(["MAO", "2026-11-22"]);
    expect(looked?.isToday).toBe(true);
    expect(lookedAt(new URLSearchParams(), ownOf(all, []), night)?.day).toBe("2026-11-23");
  });

  it("shows what the address says, and nobody else's branch", () => {
    const query = new URLSearchParams("branch=GRU&day=2026-12-01");
    const looked = lookedAt(query, all, night);
    expect([looked?.branch.code, looked?.day]).toEqual(["GRU", "2026-12-01"]);
    expect(looked?.isToday).toBe(false);
    expect(lookedAt(query, ownOf(all, ["MAO"]), night)?.branch.code).toBe("MAO");
    expect(lookedAt(query, [], night)).toBeNull();
  });

  it("tells who should have come by now", () => {
    const at = "2026-11-23T03:00:00Z";
    const late = (status: RentalStatus, done: boolean) =>
      isLate({ ...row("pickup", status, done), at }, night);
    expect(late("CONFIRMED", false)).toBe(true);
    expect(late("CHECKED_OUT", true)).toBe(false);
    expect(late("NO_SHOW", false)).toBe(false);
    expect(isLate({ ...row("pickup", "CONFIRMED", false), at }, night - 3_600_000)).toBe(false);
  });

  it("counts who is still expected", () => {
    const { pickups, returns } = sortOut([
      row("pickup", "CHECKED_OUT", true),
      row("pickup", "NO_SHOW", false),
      row("return", "CHECKED_OUT", false),
      row("pickup", "CONFIRMED", false),
    ]);
    expect(tally(pickups)).toEqual({ all: 2, done: 1 });
    expect(tally(returns)).toEqual({ all: 1, done: 0 });
  });
});

describe("filters of the rentals", () => {
  it("are taken from the address as far as they make sense", () => {
    const query = new URLSearchParams("status=ODD&branch=GRU&from=2026-11-22&to=soon&q=ana");
    expect(filtersFrom(query)).toEqual({ ...NO_FILTERS, branch: "GRU", from: "2026-11-22" });
  });

  it("take in the whole last day, by the branch's clock", () => {
    const filters = { ...NO_FILTERS, from: "2026-11-22", to: "2026-11-22" };
    const query = toQuery(filters, " ana ", SAO_PAULO);
    expect(query.from).toBe("2026-11-22T00:00:00-03:00");
    expect(query.to).toBe("2026-11-23T00:00:00-03:00");
    expect(query.q).toBe("ana");
  });

  it("that cannot be meant are not sent", () => {
    expect(findFaults(NO_FILTERS, "a")).toEqual({ search: "search_short" });
    const crossed = { ...NO_FILTERS, from: "2026-11-23", to: "2026-11-22" };
    expect(findFaults(crossed, "")).toEqual({ to: "days_crossed" });
    expect(findFaults(NO_FILTERS, "")).toEqual({});
  });
});

it("both languages fill in the same places", () => {
  for (const [key, text] of Object.entries(pt)) {
    expect(placesOf(en[key as keyof typeof pt]), key).toEqual(placesOf(text));
  }
});
