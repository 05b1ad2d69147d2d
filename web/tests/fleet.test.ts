import { describe, expect, it } from "vitest";
import type { ClassHours, PromoCode, Vehicle } from "../src/api/fleet";
import type { Branch } from "../src/api/types";
import {
  balanceOf,
  cellsOf,
  levelOf,
  runsOf,
  scarcest,
  splitDays,
} from "../src/operator/fleet/calendar/hours";
import { barOf, LENGTH } from "../src/operator/fleet/calendar/timeline";
import { readView, viewPath } from "../src/operator/fleet/calendar/view";
import { en } from "../src/operator/fleet/i18n/en";
import { pt } from "../src/operator/fleet/i18n/pt";
import { companyZone, servedBy } from "../src/operator/fleet/parts/catalogue";
import { decimalText, parseDecimal } from "../src/operator/fleet/parts/decimal";
import {
  checkRules,
  emptyRules,
  readRules,
  rulesOf,
} from "../src/operator/fleet/promo-codes/rules";
import { filtersPath, readFilters } from "../src/operator/fleet/vehicles/filters";
import { changeOf, checkPlace, readPlace } from "../src/operator/fleet/vehicles/place";
import { placesOf } from "../src/shared/i18n/text";
import { BRANCHES } from "./mock/catalogue";

const ZONE = "America/Sao_Paulo";

describe("the fleet's words", () => {
  it("say the same in both languages, with the same places to fill", () => {
    for (const key of Object.keys(pt) as (keyof typeof pt)[]) {
      expect(en[key].trim(), key).not.toBe("");
      expect(placesOf(en[key]), key).toEqual(placesOf(pt[key]));
    }
  });
});

describe("the calendar's hours", () => {
  const hours: ClassHours = {
    class: "ECMR",
    cars: [4, 4, 4, 4],
    sold: [1, 4, 4, 5],
    free: [3, 0, 0, 0],
    short: [0, 0, 0, 1],
    overbooking_percent: 0,
  };
  const day = { date: "2026-11-22", first: 0, labels: ["20", "21", "22", "23"] };

  it("are put under the branch's own days", () => {
    const days = splitDays("2026-11-22T23:00:00-03:00", "2026-11-24T01:00:00-03:00", ZONE);
    expect(days.map(({ date, first }) => [date, first])).toEqual([
      ["2026-11-22", 0],
      ["2026-11-23", 1],
      ["2026-11-24", 25],
    ]);
    expect(days[1]?.labels[0]).toBe("00");
  });

  it("are 25 on the day on which clocks go back", () => {
    const [from, to] = ["2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00"] as const;
    const days = splitDays(from, to, "America/New_York");
    expect(days).toHaveLength(1);
    expect(days[0]?.labels).toHaveLength(25);
  });

  it("are scarcest where more is sold than there is", () => {
    const cells = cellsOf(hours, day);
    expect(cells.map(levelOf)).toEqual(["many", "none", "none", "short"]);
    expect(balanceOf(scarcest(cells))).toBe(-1);
  });

  it("that are alike are said at once", () => {
    const runs = runsOf(cellsOf(hours, day), day.labels);
    expect(runs.map(({ from, to, sold }) => [from, to, sold])).toEqual([
      ["20", "21", 1],
      ["21", "23", 4],
      ["23", "24", 5],
    ]);
  });

  it("are shown as the address says, and as usual where it says nonsense", () => {
    const nonsense = new URLSearchParams("day=2026-02-30&days=400&form=x");
    const odd = readView(nonsense, "GRU", "2026-11-22");
    expect(odd).toMatchObject({ day: "2026-11-22", days: 7, form: "table", measure: "free" });
    const address = viewPath({ ...odd, class: "ECMR", days: 3 });
    const again = readView(new URL(address, "http://x").searchParams, "GRU", "2026-01-01");
    expect(again).toMatchObject({ class: "ECMR", days: 3, day: "2026-11-22" });
  });
});

describe("a car's line", () => {
  const [from, to] = ["2026-11-22T00:00:00Z", "2026-11-24T00:00:00Z"];

  it("holds the part of an allocation that lies in the period", () => {
    const middle = "2026-11-23T00:00:00Z";
    const early = { kind: "rental", from: "2026-11-21T00:00:00Z", to: middle } as const;
    expect(barOf(early, from, to)).toEqual({ x: 0, width: LENGTH / 2 });
    const endless = { kind: "retired", from: middle } as const;
    expect(barOf(endless, from, to)).toEqual({ x: LENGTH / 2, width: LENGTH / 2 });
  });

  it("shows even a moment", () => {
    const moment = { kind: "transfer", from: to, to } as const;
    const { x, width } = barOf(moment, from, to);
    expect(width).toBeGreaterThan(0);
    expect(x + width).toBeLessThanOrEqual(LENGTH);
  });
});

describe("a list of cars", () => {
  it("keeps its filters in the address, plates as they are kept", () => {
    const filters = readFilters(new URLSearchParams("branch=GRU&status=sold&q=rio-2a"));
    expect(filters).toEqual({ branch: "GRU", class: "", status: "", q: "RIO2A" });
    expect(filtersPath(filters)).toBe("/operator/vehicles?branch=GRU&q=RIO2A");
  });
});

describe("a car's move", () => {
  const vehicle: Vehicle = {
    plate: "RIO2A18",
    branch: "GRU",
    class: "ECMR",
    model: "HB20",
    model_year: 2026,
    odometer_km: 0,
    status: "active",
    maintenance: [],
  };
  const zones = { here: ZONE, there: "America/Manaus" };

  it("leaves on its branch's clock and arrives on the other's", () => {
    const place = {
      ...readPlace(vehicle),
      branch: "MAO",
      from: "2026-12-01T10:00",
      arrives: "2026-12-03T10:00",
    };
    expect(changeOf("move", place, vehicle, zones, false)).toEqual({
      branch: "MAO",
      class: "ECMR",
      from: "2026-12-01T10:00:00-03:00",
      arrives_at: "2026-12-03T10:00:00-04:00",
    });
  });

  it("goes beyond what is sold only for a reason", () => {
    const place = readPlace(vehicle);
    expect(checkPlace("retire", place, vehicle, true)).toHaveProperty("reason");
    const told = { ...place, reason: " total loss " };
    expect(checkPlace("retire", told, vehicle, true)).toEqual({});
    expect(changeOf("retire", told, vehicle, zones, true)).toEqual({
      status: "retired",
      from: null,
      override: true,
      reason: "total loss",
    });
  });

  it("is called off by staying what it is", () => {
    const place = readPlace(vehicle);
    expect(changeOf("call_off", place, vehicle, zones, false)).toEqual({ status: "active" });
    const retired: Vehicle = { ...vehicle, status: "retired" };
    expect(changeOf("call_off", place, retired, zones, false)).toEqual({ status: "retired" });
  });

  it("that goes nowhere is none", () => {
    expect(checkPlace("move", readPlace(vehicle), vehicle, false)).toHaveProperty("branch");
  });
});

describe("a promo code's rules", () => {
  const typed = {
    ...emptyRules("BRL"),
    code: "NATAL",
    value: "12,5",
    from: "2026-12-01T00:00",
    until: "2026-12-26T00:00",
  };

  it("take percents and amounts as people type them", () => {
    expect(rulesOf(typed, ZONE)).toMatchObject({
      basis_points: 1250,
      amount: null,
      valid_from: "2026-12-01T00:00:00-03:00",
      classes: null,
    });
    const amount = { ...typed, kind: "amount", value: "50,00", limit: "10" } as const;
    expect(rulesOf(amount, ZONE)).toMatchObject({
      basis_points: null,
      amount: { amount: 5000, currency: "BRL" },
      usage_limit: 10,
    });
  });

  it("are told what is wrong with them", () => {
    expect(checkRules(typed, [])).toEqual({});
    expect(checkRules(typed, ["NATAL"])).toHaveProperty("code");
    const wrong = { ...typed, value: "101", until: typed.from, days: "61" };
    expect(Object.keys(checkRules(wrong, [])).sort()).toEqual([
      "minimum_days",
      "valid_until",
      "value",
    ]);
  });

  it("are shown for a change as they were typed", () => {
    const promo: PromoCode = {
      code: "NATAL",
      basis_points: 1250,
      valid_from: "2026-12-01T03:00:00Z",
      valid_until: "2026-12-26T03:00:00Z",
      minimum_days: 1,
      uses: 4,
    };
    expect(readRules(promo, ZONE, "pt-BR", "BRL")).toEqual({ ...typed, value: "12,50" });
  });
});

describe("numbers as they are typed", () => {
  it("have one mark before what is less than one", () => {
    expect(parseDecimal("12,5", 2)).toBe(1250);
    expect(parseDecimal(" 12.34 ", 2)).toBe(1234);
    expect(parseDecimal("7", 2)).toBe(700);
    for (const wrong of ["", "1.234", "1,2,3", "-1", "12,345", "abc"]) {
      expect(parseDecimal(wrong, 2), wrong).toBeNull();
    }
    expect(decimalText(1250, 2, "en")).toBe("12.50");
    expect(decimalText(1000, 2, "pt-BR")).toBe("10");
  });
});

describe("branches", () => {
  const [gru] = BRANCHES as [Branch];
  const manaus = { ...gru, code: "MAO", timezone: "America/Manaus" };
  const branches = [manaus, gru, { ...gru, code: "CGH" }];

  it("are all of them for whoever serves none in particular", () => {
    expect(servedBy([], branches)).toHaveLength(3);
    expect(servedBy(["MAO"], branches)).toEqual([manaus]);
  });

  it("have most of them the clock that counts for all", () => {
    expect(companyZone(branches)).toBe(gru.timezone);
  });
});
