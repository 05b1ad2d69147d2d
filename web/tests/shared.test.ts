import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { widenPolicy } from "../build/security-headers";
import { ApiProblem, call, parseRetryAfter } from "../src/api/client";
import { methodsOf } from "../src/renter/payment/payment-fields";
import { makeI18n, preferredLocale, withOtherYear } from "../src/shared/i18n";
import { en } from "../src/shared/i18n/en";
import { pt } from "../src/shared/i18n/pt";
import { placesOf } from "../src/shared/i18n/text";
import { faultsByControl, faultsByField, fieldOf } from "../src/shared/problem";
import { matchPath } from "../src/shared/router";

const ROOT = join(import.meta.dirname, "..");

describe("languages", () => {
  it("both have every message, none empty, with the same places to fill", () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(pt).sort());
    for (const key of Object.keys(pt) as (keyof typeof pt)[]) {
      expect(pt[key].trim(), key).not.toBe("");
      expect(en[key].trim(), key).not.toBe("");
      expect(placesOf(en[key]), key).toEqual(placesOf(pt[key]));
    }
  });

  it("have words for every problem code that the API names", () => {
    const table = readFileSync(join(ROOT, "../shared/contracts/problems.py"), "utf8");
    const codes = [...table.matchAll(/^ {4}"(\w+)": \d{3},$/gm)].map((match) => match[1] ?? "");
    expect(codes.length).toBeGreaterThan(20);
    // What this page never does: it sends JSON with its own methods, signs nothing, is no operator.
    const never = [
      "malformed_json",
      "idempotency_key_required",
      "invalid_signature",
      "forbidden",
      "method_not_allowed",
      "conflict",
      "payload_too_large",
      "unsupported_media_type",
    ];
    const missing = codes.filter((code) => !never.includes(code) && !(`problem.${code}` in pt));
    expect(missing).toEqual([]);
  });

  it("count as the language does", () => {
    expect(makeI18n("pt-BR").count("price.days", 1)).toBe("1 diária");
    expect(makeI18n("pt-BR").count("price.days", 3)).toBe("3 diárias");
    expect(makeI18n("en").count("offer.left", 2)).toBe("Only 2 cars left");
  });

  it("show times on the branch's clock", () => {
    const shown = makeI18n("en").dateTime("2026-11-24T13:00:00Z", "America/Manaus");
    expect(shown).toContain("09:00");
  });

  it("show the year of a time when it is another than this one", () => {
    const now = Date.parse("2027-01-01T01:00:00Z"); // still the old year in Manaus
    const told = (iso: string, zone: string) =>
      withOtherYear({ month: "short" }, iso, zone, now).year;
    expect(told("2026-12-30T13:00:00Z", "America/Manaus")).toBeUndefined();
    expect(told("2027-01-04T13:00:00Z", "America/Manaus")).toBe("numeric");
    expect(told("2027-01-04T13:00:00Z", "UTC")).toBeUndefined();
    expect(makeI18n("pt-BR").dateTime("2020-01-01T13:00:00Z", "UTC")).toContain("2020");
  });

  it("are Portuguese unless English was chosen or is all that is read", () => {
    expect(preferredLocale(null, ["de-DE"])).toBe("pt-BR");
    expect(preferredLocale(null, ["en-US", "pt-BR"])).toBe("en");
    expect(preferredLocale("pt-BR", ["en-US"])).toBe("pt-BR");
  });
});

describe("problems", () => {
  it("find the field that a pointer names", () => {
    expect(fieldOf("/body/driver/document/number")).toBe("driver.document.number");
    const known = ["driver.document.number", "driver.phone"];
    const faults = faultsByField(
      [
        { pointer: "/driver/phone", message: "is not a phone number" },
        { pointer: "/driver/document", message: "is not a valid CPF" },
        { pointer: "/extras/0/code", message: "is unknown" },
      ],
      known,
    );
    expect(faults).toEqual({
      "driver.phone": "is not a phone number",
      "driver.document.number": "is not a valid CPF",
      "": "is unknown",
    });
  });

  it("stand at their control, in the reader's words where there are some", () => {
    const errors = [
      { pointer: "/driver/phone", message: "is not a phone number" },
      { pointer: "/driver/document/number", message: "is not a valid CPF" },
      { pointer: "/accept_terms", message: "must be true" },
    ];
    const controls = { "driver.phone": "phone", "driver.document.number": "number" };
    const words = (key: string) => (key === "fault.server.phone" ? "Confira o número." : null);
    expect(faultsByControl(errors, controls, words)).toEqual({
      phone: "Confira o número.",
      number: "is not a valid CPF",
    });
  });

  it("read both forms of Retry-After", () => {
    expect(parseRetryAfter("7")).toBe(7);
    expect(parseRetryAfter("Sat, 21 Nov 2026 12:00:10 GMT", Date.UTC(2026, 10, 21, 12))).toBe(10);
    expect(parseRetryAfter("soon")).toBeNull();
  });
});

describe("calls", () => {
  afterEach(() => vi.unstubAllGlobals());
  const answering = (response: Response | Error) =>
    vi.stubGlobal("fetch", () =>
      response instanceof Error ? Promise.reject(response) : Promise.resolve(response),
    );

  it("turn a problem document into its code", async () => {
    const body = JSON.stringify({ code: "car_unavailable", detail: "sold", errors: [] });
    const headers = { "Content-Type": "application/problem+json", "Retry-After": "3" };
    answering(new Response(body, { status: 409, headers }));
    await expect(call("/rentals")).rejects.toMatchObject({
      code: "car_unavailable",
      retryAfterSeconds: 3,
      outcomeUnknown: false,
    });
  });

  it("know a lost answer from a refusal, also when a proxy answers with a page", async () => {
    answering(new TypeError("failed"));
    await expect(call("/rentals")).rejects.toMatchObject({ code: "network", outcomeUnknown: true });
    answering(new Response("<html>", { status: 502, headers: { "Content-Type": "text/html" } }));
    await expect(call("/rentals")).rejects.toMatchObject({ status: 502, outcomeUnknown: true });
    expect(new ApiProblem("validation_failed", 422, "").outcomeUnknown).toBe(false);
  });

  it("take a page where JSON belongs for a failure", async () => {
    answering(new Response("<html>", { status: 200, headers: { "Content-Type": "text/html" } }));
    await expect(call("/branches")).rejects.toMatchObject({ code: "internal_error" });
  });
});

describe("pages", () => {
  it("are found by their path", () => {
    expect(matchPath("/rentals/:reference", "/rentals/7K3MZQ2A")).toEqual({
      reference: "7K3MZQ2A",
    });
    expect(matchPath("/rentals/:reference", "/rentals")).toBeNull();
  });

  it("offer the ways to pay that are switched on", () => {
    expect(methodsOf({})).toEqual(["card"]);
    expect(methodsOf({ pix: true, boleto: true })).toEqual(["card", "pix", "boleto"]);
    expect(methodsOf({ payments: false, pix: true })).toEqual(["counter"]);
  });
});

describe("security headers", () => {
  const config = JSON.parse(
    readFileSync(join(ROOT, "public/staticwebapp.config.json"), "utf8"),
  ) as { globalHeaders: Record<string, string> };
  const policy = config.globalHeaders["Content-Security-Policy"] ?? "";

  it("allow no inline code and name no machine of ours in production", () => {
    expect(policy).not.toMatch(/unsafe|127\.0\.0\.1|localhost|http:/);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
  });

  it("are widened for stand-ins only where Stripe's hosts are", () => {
    const wide = widenPolicy(policy, ["http://127.0.0.1:*"]);
    expect(wide).toMatch(/script-src [^;]*http:\/\/127\.0\.0\.1:\*/);
    expect(wide).toMatch(/frame-src [^;]*http:\/\/127\.0\.0\.1:\*/);
    expect(wide).toMatch(/style-src 'self';/);
    expect(wide).toMatch(/default-src 'none';/);
  });

  it("let the pages call the sign-in's provider, and run nothing of it", () => {
    const wide = widenPolicy(policy, ["https://login.example"], ["connect-src"]);
    expect(wide.match(/https:\/\/login\.example/g)).toHaveLength(1);
    expect(wide).toMatch(/connect-src [^;]*https:\/\/login\.example/);
  });

  it("meet pages that have no inline script, style or handler", () => {
    const html = readFileSync(join(ROOT, "index.html"), "utf8");
    expect(html).not.toMatch(/<style|style=| on\w+=|<script(?![^>]*src=)/);
  });
});

describe("pictures", () => {
  it("exist for every class of the demo company, and one for the rest", () => {
    const demo = readFileSync(join(ROOT, "../infra/local/demo_data.py"), "utf8");
    const codes = [...demo.matchAll(/CarClass\("([A-Z]{4})"/g)].map((match) => `${match[1]}.svg`);
    const drawn = readdirSync(join(ROOT, "public/cars"));
    expect(codes.length).toBeGreaterThanOrEqual(10);
    expect(drawn).toEqual(expect.arrayContaining([...codes, "car.svg"]));
  });
});
