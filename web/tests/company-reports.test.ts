/** The reports' arithmetic: sums, days and charts. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { columnsOf, highestOf, topOf } from "../src/operator/company/reports/bars";
import {
  dayOf,
  daysBetween,
  faultOf,
  mostDays,
  periodOf,
} from "../src/operator/company/reports/period";
import { SHAPES } from "../src/operator/company/reports/shapes";
import { shareOf, sumAll, sumBy } from "../src/operator/company/reports/sums";

describe("a report's sums", () => {
  const row = (date: string, branch: string, amount: number, currency = "BRL") => ({
    date,
    branch,
    purpose: "PREPAY",
    method: "pix",
    payments: 1,
    captured: { amount, currency },
    refunded: { amount: 0, currency },
    net: { amount, currency },
  });
  const rows = [
    row("2026-11-23", "GRU", 100),
    row("2026-11-22", "GRU", 20),
    row("2026-11-22", "CGH", 3),
    row("2026-11-22", "LIS", 7, "EUR"),
  ];

  it("are in order, and add no two currencies", () => {
    const groups = sumBy(rows, SHAPES.payments, "date");
    expect(groups.map(({ name, currency, sums }) => [name, currency, sums["net"]])).toEqual([
      ["2026-11-22", "BRL", 23],
      ["2026-11-22", "EUR", 7],
      ["2026-11-23", "BRL", 100],
    ]);
  });

  it("of the whole are one a currency", () => {
    const whole = sumAll(rows, SHAPES.payments);
    expect(whole.map(({ currency, sums }) => [currency, sums["payments"]])).toEqual([
      ["BRL", 3],
      ["EUR", 1],
    ]);
    expect(sumAll([], SHAPES.payments)).toEqual([]);
  });

  it("share hours over all of them, not over the rows' shares", () => {
    const hours = (capacity_hours: number, rented_hours: number) => ({
      date: "2026-11-22",
      capacity_hours,
      rented_hours,
      held_hours: 0,
    });
    const [day] = sumBy([hours(10, 10), hours(90, 0)], SHAPES.utilisation, "date");
    expect(day && shareOf(day, SHAPES.utilisation)).toBe(0.1);
    const [empty] = sumAll([hours(0, 0)], SHAPES.utilisation);
    expect(empty && shareOf(empty, SHAPES.utilisation)).toBeNull();
  });
});

describe("a report's days", () => {
  it("are as many as the API reports", () => {
    const path = join(import.meta.dirname, "../../rent_process/reports/domain.py");
    const most = `QUARTER, MONTH, DAY = ${mostDays("revenue")}, ${mostDays("manifest")},`;
    expect(readFileSync(path, "utf8")).toContain(most);
  });

  it("are refused when missing, backwards or too many", () => {
    expect(faultOf({ from: "", to: "2026-11-22" }, 92)).toBe("fault.day");
    expect(faultOf({ from: "2026-11-23", to: "2026-11-22" }, 92)).toBe("fault.backwards");
    expect(faultOf({ from: "2026-11-01", to: "2026-12-01" }, 31)).toBeNull();
    expect(faultOf({ from: "2026-11-01", to: "2026-12-02" }, 31)).toBe("fault.too_long");
  });

  it("of the address are days, or nothing", () => {
    expect(dayOf("2026-11-22")).toBe("2026-11-22");
    expect(dayOf("2026-02-30")).toBe("");
    expect(dayOf(null)).toBe("");
  });

  it("of the usual periods count both ends", () => {
    expect(periodOf("last7", "2026-11-03")).toEqual({ from: "2026-10-28", to: "2026-11-03" });
    expect(daysBetween(periodOf("next7", "2026-02-26"))).toHaveLength(7);
    expect(daysBetween(periodOf("last30", "2026-03-01"))).toHaveLength(30);
    expect(periodOf("tomorrow", "2026-12-31")).toEqual({ from: "2027-01-01", to: "2027-01-01" });
  });
});

describe("a chart", () => {
  const bars = [3, 0, 14, -2].map((value, index) => ({ name: String(index), value }));

  it("ends at a round number that no bar exceeds", () => {
    expect(topOf(bars)).toBe(20);
    expect(topOf([{ name: "", value: 0.031 }])).toBeCloseTo(0.05);
    expect(topOf([{ name: "", value: 1000 }])).toBe(1000);
    expect(topOf([])).toBe(0);
  });

  it("stands on nothing, each column in a place of its own", () => {
    const columns = columnsOf(bars, 20);
    expect(columns.map(({ height }) => height)).toEqual([15, 0, 70, 0]);
    for (const [index, { x, y, width, height }] of columns.entries()) {
      expect(y + height).toBe(100);
      expect(x).toBeGreaterThan(index);
      expect(x + width).toBeLessThan(index + 1);
    }
  });

  it("says its highest, if there is any", () => {
    expect(highestOf(bars)?.name).toBe("2");
    expect(highestOf([{ name: "a", value: 0 }])).toBeNull();
  });
});
