/** The logic of the pages about the whole company. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Check, Switch } from "../src/api/company";
import { changesOf, isMoment, numberText } from "../src/operator/company/audit/changes";
import { subjectOf } from "../src/operator/company/audit/subjects";
import { aboutOf, isCut, readable } from "../src/operator/company/dead-letters/body";
import { isDangerous, isPastEnd, stateOf } from "../src/operator/company/features/switches";
import { en } from "../src/operator/company/i18n/en";
import { pt } from "../src/operator/company/i18n/pt";
import { addressWith, oneOf } from "../src/operator/company/parts/address";
import { inOrder, isRental, runbookOf } from "../src/operator/company/reconciliation/checks";
import { SHAPES } from "../src/operator/company/reports/shapes";
import { placesOf } from "../src/shared/i18n/text";

const ROOT = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const found = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map((match) => match[1] ?? "");

describe("words of the company's pages", () => {
  it("are the same messages in both languages, with the same places to fill", () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(pt).sort());
    for (const key of Object.keys(pt) as (keyof typeof pt)[]) {
      expect(en[key].trim(), key).not.toBe("");
      expect(placesOf(en[key]), key).toEqual(placesOf(pt[key]));
    }
  });

  it("say of every feature what it does when on and when off", () => {
    const flags = found(read("shared/features.py"), /^ {4}[A-Z_]+ = "([a-z-]+)"$/gm);
    expect(flags.length).toBeGreaterThan(5);
    const keys = flags.flatMap((name) => [
      `switch.${name}`,
      `switch.${name}.on`,
      `switch.${name}.off`,
    ]);
    expect(keys.filter((key) => !(key in pt))).toEqual([]);
  });

  it("say of every check what it means and what to do, by a runbook that there is", () => {
    const checks = found(read("rent_process/reconciliation/queries.sql"), /^-- name: (\w+)$/gm);
    expect(checks.length).toBeGreaterThan(10);
    for (const name of [...checks, "calendar"]) {
      const keys = [`check.${name}`, `check.means.${name}`, `check.do.${name}`];
      expect(keys.filter((key) => !(key in pt))).toEqual([]);
      expect(read(runbookOf(check(name))).startsWith("# ")).toBe(true);
    }
  });

  it("name every queue, why it matters, and every message", () => {
    const messages = read("shared/contracts/messages.py");
    const queues = found(messages, /^[A-Z_]+ = "([a-z-]+)"$/gm);
    expect(queues).toHaveLength(4);
    const words = queues.flatMap((name) => [name, `why.${name}`, `lost.${name}`]);
    expect(words.filter((word) => !(`queue.${word}` in pt))).toEqual([]);
    const types = found(messages, /Literal\["(\w+\.v\d)"\]/g);
    expect(types.length).toBeGreaterThan(8);
    expect(types.filter((type) => !(`message.${type}` in pt))).toEqual([]);
  });

  it("name every action that the audit records", () => {
    const actions = pythonFiles("rent_process").flatMap((path) =>
      found(read(path), /audit\.record\((?:[^()]|\([^()]*\))*?"([a-z]+(?:_[a-z]+)+)"/g),
    );
    expect(actions.length).toBeGreaterThan(20);
    expect(actions.filter((action) => !(`did.${action}` in pt))).toEqual([]);
  });

  it("name every measure and dimension of the reports", () => {
    for (const shape of Object.values(SHAPES)) {
      const keys = [
        ...[...shape.counts, ...shape.amounts].map((name) => `measure.${name}`),
        ...shape.dimensions.map((name) => `by.${name}`),
      ];
      expect(keys.filter((key) => !(key in pt))).toEqual([]);
    }
  });
});

function pythonFiles(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".py"))
    .map((path) => join(folder, path));
}

const check = (name: string, drift = 0): Check => ({ name, drift, examples: [] });

describe("filters in the address", () => {
  it("keep what else stands there, and leave when they are empty", () => {
    const query = new URLSearchParams("queue=email-requests&show=all");
    expect(addressWith("/operator/x", query, { show: "resolved" })).toBe(
      "/operator/x?queue=email-requests&show=resolved",
    );
    expect(addressWith("/operator/x", query, { show: "", queue: "" })).toBe("/operator/x");
  });

  it("are none when nobody knows them", () => {
    expect(oneOf("b", ["a", "b"])).toBe("b");
    expect(oneOf("c", ["a", "b"])).toBeNull();
    expect(oneOf(null, ["a"])).toBeNull();
  });
});

describe("a feature", () => {
  const pix: Switch = {
    name: "pix",
    enabled: true,
    conditional: false,
    default: true,
    description: "",
    owner: "payments",
  };

  it("is on, off, or on for some", () => {
    expect(stateOf(pix)).toBe("on");
    expect(stateOf({ ...pix, conditional: true })).toBe("conditional");
    expect(stateOf({ ...pix, enabled: false, conditional: true })).toBe("off");
  });

  it("is dangerous to turn off where it stops the trade, and never to turn on", () => {
    expect(isDangerous(pix)).toBe(false);
    expect(isDangerous({ ...pix, name: "bookings" })).toBe(true);
    expect(isDangerous({ ...pix, name: "payments" })).toBe(true);
    expect(isDangerous({ ...pix, name: "payments", enabled: false })).toBe(false);
  });

  it("is late from the day after its end", () => {
    const ending = { ...pix, expires_on: "2027-12-31" };
    expect(isPastEnd(ending, "2027-12-31")).toBe(false);
    expect(isPastEnd(ending, "2028-01-01")).toBe(true);
    expect(isPastEnd(pix, "2099-01-01")).toBe(false);
  });
});

describe("a dead letter's body", () => {
  it("is indented where it is JSON, and shown as it came where it is not", () => {
    expect(readable('{"type":"x","amount":{"amount":5}}')).toBe(
      '{\n  "type": "x",\n  "amount": {\n    "amount": 5\n  }\n}',
    );
    expect(readable("not json")).toBe("not json");
  });

  it("shows no secret, whole or cut off", () => {
    const body = '{"payment_method_id":"pm_card","manage_token": "a\\"b","sequence":1}';
    expect(JSON.parse(readable(body))).toEqual({
      payment_method_id: "•••",
      manage_token: "•••",
      sequence: 1,
    });
    expect(readable('{"a":1,"client_secret":"pi_1_secr')).not.toContain("pi_1");
    expect(readable('{"payment_method_id":null}')).toContain("null");
  });

  it("names its type and its rental where it says so", () => {
    const body = '{"type":"payment_requested.v1","reference":"7K3M9QXA"}';
    expect(aboutOf(body)).toEqual({ type: "payment_requested.v1", reference: "7K3M9QXA" });
    const nothing = { type: null, reference: null };
    for (const odd of ["", "null", "[1]", '{"type":7,"reference":"../x"}']) {
      expect(aboutOf(odd)).toEqual(nothing);
    }
  });

  it("is cut when it is longer than what is shown, counted in bytes", () => {
    expect(isCut("ação", 6)).toBe(false);
    expect(isCut("ação", 7)).toBe(true);
  });
});

describe("reconciliation", () => {
  it("shows what drifts first, either way", () => {
    const checks = [check("vendor"), check("outboxes", 2), check("calendar", -3)];
    expect(inOrder(checks).map(({ name }) => name)).toEqual(["calendar", "outboxes", "vendor"]);
  });

  it("links examples that are rentals, and no others", () => {
    expect(isRental(check("vendor"), "7K3M9QXA")).toBe(true);
    expect(isRental(check("payments_without_rental"), "0f5b0e6e-uuid")).toBe(false);
    expect(isRental(check("invoice_gaps"), "GRU-2026")).toBe(false);
  });
});

describe("an audit entry's changes", () => {
  it("are what differs, by its path", () => {
    const before = { status: "CONFIRMED", to_hour: 3, rules: { percent: 10, kinds: ["a", "b"] } };
    const after = { status: "CANCELLED", to_hour: 3, rules: { percent: 20, kinds: ["a"] } };
    expect(changesOf(before, after)).toEqual([
      { field: "status", was: "CONFIRMED", is: "CANCELLED" },
      { field: "rules.percent", was: 10, is: 20 },
      { field: "rules.kinds", was: "a, b", is: "a" },
    ]);
  });

  it("tell what came from what went, and nothing from none", () => {
    expect(changesOf(null, { fee: { amount: 5, currency: "BRL" } })).toEqual([
      { field: "fee", was: undefined, is: { amount: 5, currency: "BRL" } },
    ]);
    expect(changesOf({ resolution: null }, undefined)).toEqual([
      { field: "resolution", was: null, is: undefined },
    ]);
  });

  it("leave out what did not happen, and what only machines read", () => {
    const after = { override: false, hours_short: 0, damage: null, to_hour: 9, due_minor: 0 };
    expect(changesOf({ due_minor: 500, to_hour: 8 }, after)).toEqual([
      { field: "due_minor", was: 500, is: 0 },
    ]);
  });

  it("write cents as money is written, and shares as per cent", () => {
    const write = (value: number, options?: Intl.NumberFormatOptions) =>
      new Intl.NumberFormat("en", options).format(value);
    expect(numberText("due_minor", 19_520, write)).toBe("195.20");
    expect(numberText("basis_points", 1_000, write)).toBe("10 %");
    expect(numberText("odometer_km", 13_086, write)).toBe("13,086");
  });

  it("know a moment from a text", () => {
    expect(isMoment("2026-11-22T10:00:00+00:00")).toBe(true);
    expect(isMoment("2026-11-22T10:00:00.123456Z")).toBe(true);
    expect(isMoment("2026-11-22")).toBe(false);
    expect(isMoment("GRU 2026-11-22T10:00:00Z")).toBe(false);
  });
});

describe("what an audit entry was done to", () => {
  const subject = (action: string, target: string | null) => subjectOf({ action, target });

  it("is called what it is, and leads to where it is looked at", () => {
    expect(subject("maintenance_planned", "ABC1D23")).toEqual({
      kind: "car",
      name: "ABC1D23",
      href: "/operator/vehicles/ABC1D23",
    });
    expect(subject("overbooking_changed", "GRU ECMR")?.href).toBe(
      "/operator/calendar?branch=GRU&class=ECMR",
    );
    expect(subject("rates_published", "br-airport")?.href).toBe("/operator/rates?group=br-airport");
  });

  it("is shown as it is where nobody knows its kind, and not at all where there is none", () => {
    expect(subject("brand_new", "x")).toEqual({ kind: null, name: "x", href: null });
    expect(subject("rental_cancelled", null)).toBeNull();
  });

  it("has a word in the dictionary for every kind", () => {
    const kinds = found(read("web/src/operator/company/audit/subjects.ts"), /kind: "(\w+)"/g);
    expect(kinds.length).toBeGreaterThan(5);
    expect(kinds.filter((kind) => !(`subject.${kind}` in pt))).toEqual([]);
  });
});
