import { describe, expect, it } from "vitest";
import type { Rental } from "../src/api/types";
import { calendarFile } from "../src/renter/rental/calendar-file";
import { bankUrl, isMoving, isSafeUrl, phaseOf } from "../src/renter/rental/phase";
import { awaitsPapers, canSign } from "../src/renter/rental/papers";
import { nextDelay } from "../src/renter/rental/polling";
import { readManageLink, tokenFromHash } from "../src/renter/rental/tokens";

function rental(status: Rental["status"], payment: Partial<Rental["payment"]> = {}): Rental {
  const stop = {
    branch: "GRU",
    branch_name: "Guarulhos, São Paulo",
    at: "2026-11-24T10:00:00-03:00",
    timezone: "America/Sao_Paulo",
  };
  const money = { amount: 1, currency: "BRL" };
  return {
    reference: "7K3MZQ2A",
    status,
    pickup: stop,
    return: { ...stop, at: "2026-11-27T10:00:00-03:00" },
    class: "ECMR",
    driver: { given_name: "A", family_name: "B", email: "a@example.com", phone: "+5511" },
    price: { lines: [], total: money },
    payment: {
      status: "CREATED",
      method: "card",
      attempt: 1,
      attempts_left: 4,
      decline_code: null,
      next_action: null,
      client_secret: null,
      ...payment,
    },
    deposit: null,
    cancellation_policy: {
      free_until: stop.at,
      fee_percent: 25,
      fee_cap: money,
      description: "",
    },
    expires_at: null,
    timeline: [],
    documents: [],
  };
}

describe("what a rental means to its renter", () => {
  it.each([
    [rental("PENDING"), "processing"],
    [rental("PENDING", { status: "PROCESSING" }), "processing"],
    [rental("PENDING", { status: "UNKNOWN" }), "checking"],
    [rental("PENDING", { status: "DECLINED" }), "declined"],
    [rental("PENDING", { status: "REQUIRES_ACTION" }), "bank_check"],
    [
      rental("PENDING", {
        status: "REQUIRES_ACTION",
        next_action: { type: "pix_display_qr_code" },
      }),
      "pix",
    ],
    [rental("PENDING", { status: "DUE_AT_COUNTER", method: "counter" }), "awaiting_payment"],
    [rental("CONFIRMED", { status: "CAPTURED" }), "confirmed"],
    [rental("EXPIRED", { status: "DECLINED" }), "expired"],
    [rental("NO_SHOW"), "no_show"],
  ])("%# is %s", (given, phase) => {
    expect(phaseOf(given)).toBe(phase);
  });

  it("sends the renter only to addresses that are safe to follow", () => {
    const to = (url: string) =>
      bankUrl(
        rental("PENDING", { next_action: { type: "redirect_to_url", redirect_to_url: { url } } })
          .payment,
      );
    expect(to("https://hooks.stripe.com/3ds")).toBe("https://hooks.stripe.com/3ds");
    expect(to("http://127.0.0.1:8801/3ds")).toBe("http://127.0.0.1:8801/3ds");
    expect(to("javascript:alert(1)")).toBeNull();
    expect(isSafeUrl("http://example.com/")).toBe(false);
  });
});

describe("asking again", () => {
  const still = {
    moving: true,
    retryAfterSeconds: 1,
    unchanged: 0,
    failures: 0,
    expiresInMilliseconds: null,
  };

  it("follows the server's word", () => {
    expect(nextDelay({ ...still, retryAfterSeconds: 5 })).toBe(5000);
    expect(nextDelay({ ...still, retryAfterSeconds: 0 })).toBe(800);
  });

  it("stops when nothing moves any more", () => {
    expect(nextDelay({ ...still, moving: false })).toBeNull();
  });

  it("slows down when nothing happens, but not without end", () => {
    const late = nextDelay({ ...still, unchanged: 15 }) ?? 0;
    expect(late).toBeGreaterThan(1000);
    expect(nextDelay({ ...still, unchanged: 500 })).toBe(15_000);
  });

  it("looks shortly after the hold has lapsed", () => {
    const lapsing = { ...still, unchanged: 500, expiresInMilliseconds: 2000 };
    expect(nextDelay(lapsing)).toBe(3500);
  });

  it("backs off after failures, also for a rental that it never saw", () => {
    const failing = (failures: number) => nextDelay({ ...still, moving: false, failures });
    expect([1, 2, 3, 20].map(failing)).toEqual([2000, 4000, 8000, 60_000]);
    expect(nextDelay({ ...still, failures: 1, retryAfterSeconds: 30 })).toBe(30_000);
  });
});

describe("manage links", () => {
  it("carry their token behind the hash", () => {
    expect(tokenFromHash("#token=abc.def")).toBe("abc.def");
    expect(tokenFromHash("#other")).toBeNull();
  });

  it("are read wherever they were copied from", () => {
    expect(readManageLink(" https://rent.example/rentals/7k3mzq2a#token=a-b_c ")).toEqual({
      reference: "7K3MZQ2A",
      token: "a-b_c",
    });
    expect(readManageLink("https://rent.example/rentals/7K3MZQ2A")).toBeNull();
    expect(readManageLink("7K3MZQ2A")).toBeNull();
  });
});

describe("the calendar file", () => {
  it("is an event in UTC with escaped, folded lines", () => {
    const words = { summary: "Aluguel; 1, 2", address: `https://x.example/${"a".repeat(80)}` };
    const file = calendarFile(rental("CONFIRMED"), words);
    expect(file).toContain("DTSTART:20261124T130000Z\r\n");
    expect(file).toContain("SUMMARY:Aluguel\\; 1\\, 2\r\n");
    expect(file).toContain("LOCATION:Guarulhos\\, São Paulo");
    const octets = file.split("\r\n").map((line) => new TextEncoder().encode(line).length);
    expect(Math.max(...octets)).toBeLessThanOrEqual(75);
  });
});

describe("papers", () => {
  const agreement = {
    name: "agreement.pdf",
    number: "7K3MZQ2A-1",
    status: "ready" as const,
    href: "/api/rentals/7K3MZQ2A/documents/agreement.pdf",
    issued_at: "2026-11-22T02:00:00Z",
    sha256: "0".repeat(64),
    signed_at: null,
  };
  const pending = { ...agreement, status: "pending" as const, sha256: null };
  const signed = { ...agreement, signed_at: "2026-11-22T03:00:00Z" };

  it.each([
    ["CONFIRMED", [], true, false],
    ["CONFIRMED", [pending], true, false],
    ["CONFIRMED", [agreement], false, true],
    ["CHECKED_OUT", [agreement], false, true],
    ["CONFIRMED", [signed], false, false],
    ["COMPLETED", [agreement], false, false],
    ["COMPLETED", [pending], true, false],
    ["EXPIRED", [], false, false],
  ] as const)("%s with %j: awaited %s, to be signed %s", (status, documents, awaited, signable) => {
    const seen = { ...rental(status), documents: [...documents] };
    expect(awaitsPapers(seen)).toBe(awaited);
    expect(isMoving(seen)).toBe(awaited);
    expect(canSign(seen)).toBe(signable);
  });
});
