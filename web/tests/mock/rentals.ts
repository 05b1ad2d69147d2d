/** Rentals of the pretend API, moved on by time alone. */
import { BRANCHES, offersFor } from "./catalogue.ts";

export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly errors: { pointer: string; message: string }[] = [],
  ) {
    super(code);
  }
}

type Json = Record<string, unknown>;
interface Kept {
  rental: Json;
  token: string;
  version: number;
}

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const letters = () =>
  Array.from({ length: 8 }, () => ALPHABET[Math.floor(Math.random() * 32)]).join("");

function papers({ rental }: Kept, signed_at: string | null): Json[] {
  const issued_at = new Date().toISOString();
  const numbers = { agreement: `${rental["reference"]}-1`, invoice: "GRU-2026-000001" };
  return Object.entries(numbers).map(([kind, number]) => ({
    name: `${kind}.pdf`,
    number,
    status: "ready",
    href: `/api/rentals/${rental["reference"]}/documents/${kind}.pdf`,
    issued_at,
    sha256: "0".repeat(64),
    signed_at: kind === "agreement" ? signed_at : null,
  }));
}

export class MockRentals {
  private readonly kept = new Map<string, Kept>();
  private readonly byKey = new Map<string, Json>();

  book(body: Json, key: string): Json {
    const replayed = this.byKey.get(key);
    if (replayed) return replayed;
    const driver = body["driver"] as Json;
    if (driver["family_name"] === "Refused") {
      throw new Refused(422, "validation_failed", [
        { pointer: "/driver/phone", message: "is not a phone number" },
      ]);
    }
    const reference = letters();
    const start = Date.now() + 86_400_000;
    const query = new URLSearchParams({
      pickup_at: new Date(start).toISOString(),
      return_at: new Date(start + 3 * 86_400_000).toISOString(),
      driver_age: "30",
    });
    const offer = offersFor(query)[1];
    const branch = BRANCHES[0];
    const stop = (at: number) => ({
      branch: branch?.code,
      branch_name: `${branch?.city} · ${branch?.name}`,
      timezone: branch?.timezone,
      at: new Date(at).toISOString(),
    });
    const rental: Json = {
      reference,
      status: "PENDING",
      pickup: stop(start),
      return: stop(start + 3 * 86_400_000),
      class: String(body["offer"]).split("-")[1],
      driver: { ...driver, birth_date: undefined, document: undefined },
      price: offer?.price,
      payment: { status: "PROCESSING", method: "card", attempt: 0, attempts_left: 5 },
      deposit: offer?.deposit,
      cancellation_policy: offer?.cancellation_policy,
      expires_at: new Date(Date.now() + 900_000).toISOString(),
      timeline: [],
      documents: [],
    };
    const kept = { rental, token: `token-${reference}`, version: 1 };
    this.kept.set(reference, kept);
    this.happen(kept, "booked");
    this.attempt(kept, body["payment"] as Json);
    const accepted = {
      reference,
      status: "PENDING",
      total: offer?.price.total,
      expires_at: rental["expires_at"],
      manage_token: kept.token,
      links: {},
    };
    this.byKey.set(key, accepted);
    return accepted;
  }

  pay(reference: string, token: string, choice: Json): Json {
    const kept = this.find(reference, token);
    this.attempt(kept, choice);
    return { reference, status: "PENDING", attempt: 2, expires_at: kept.rental["expires_at"] };
  }

  read(reference: string, token: string): { rental: Json; etag: string } {
    const { rental, version } = this.find(reference, token);
    return { rental, etag: `"${version}"` };
  }

  cancel(reference: string, token: string, really: boolean): Json {
    const kept = this.find(reference, token);
    const total = (kept.rental["price"] as Json)["total"] as Json;
    if (really) {
      this.change(kept, { status: "CANCELLED", expires_at: null });
      this.happen(kept, "cancelled");
    }
    const fee = { ...total, amount: 0 };
    return { reference, status: kept.rental["status"], fee, refund: total };
  }

  /** The token of a pretend offer says its class and its total; the period is not kept. */
  modify(reference: string, token: string, body: Json): Json {
    const kept = this.find(reference, token);
    const before = (kept.rental["price"] as { total: { amount: number; currency: string } }).total;
    const [, acriss, total] = String(body["offer"]).split("-");
    const missing = Number(total) - before.amount;
    const price = { lines: [], total: { ...before, amount: Number(total) } };
    this.change(kept, { class: acriss, price });
    this.happen(kept, "MODIFIED");
    setTimeout(() => this.happen(kept, "DIFFERENCE_PAID"), 2500);
    const money = (amount: number) => ({ ...before, amount: Math.max(0, amount) });
    return {
      reference,
      status: "CONFIRMED",
      revision: 1,
      price,
      to_pay: money(missing),
      refund: money(-missing),
    };
  }

  confirm(reference: string, ok: boolean): void {
    const kept = this.kept.get(reference);
    if (kept) this.settle(kept, ok ? "ok" : "authentication_failed");
  }

  sign(reference: string, token: string): Json {
    const kept = this.find(reference, token);
    this.change(kept, { documents: papers(kept, new Date().toISOString()) });
    this.happen(kept, "agreement_signed");
    return { reference, number: `${reference}-1` };
  }

  private attempt(kept: Kept, { method, payment_method_id }: Json): void {
    const payment = kept.rental["payment"] as Json;
    const attempt = Number(payment["attempt"]) + 1;
    this.change(kept, {
      payment: { method, status: "PROCESSING", attempt, attempts_left: 5 - attempt },
    });
    const id = String(payment_method_id ?? method);
    if (id.includes("Declined")) setTimeout(() => this.settle(kept, "insufficient_funds"), 1500);
    else if (id.includes("threeDSecure")) setTimeout(() => this.ask(kept), 1200);
    else if (id === "pix" || id === "boleto") setTimeout(() => this.ask(kept, id), 800);
    else if (id.includes("expire")) setTimeout(() => this.expire(kept), 1200);
    else setTimeout(() => this.settle(kept, "ok"), 2000);
  }

  private ask(kept: Kept, kind = "card"): void {
    const reference = kept.rental["reference"];
    const actions: Record<string, Json> = {
      card: {
        type: "redirect_to_url",
        redirect_to_url: { url: `http://127.0.0.1:5199/mock/bank?rental=${reference}` },
      },
      pix: {
        type: "pix_display_qr_code",
        pix_display_qr_code: { data: "00020126580014br.gov.bcb.pix0136mock-code" },
      },
      boleto: {
        type: "boleto_display_details",
        boleto_display_details: { number: "01010101010101010101010101010101010101010101010" },
      },
    };
    const payment = { ...(kept.rental["payment"] as Json), status: "REQUIRES_ACTION" };
    this.change(kept, { payment: { ...payment, next_action: actions[kind] } });
    this.happen(kept, "payment_action_required");
  }

  private settle(kept: Kept, outcome: string): void {
    const payment = { ...(kept.rental["payment"] as Json), next_action: null };
    if (outcome === "ok") {
      this.change(kept, { status: "CONFIRMED", payment: { ...payment, status: "CAPTURED" } });
      this.happen(kept, "confirmed");
      setTimeout(() => this.change(kept, { documents: papers(kept, null) }), 1500);
      return;
    }
    this.change(kept, { payment: { ...payment, status: "DECLINED", decline_code: outcome } });
    this.happen(kept, "payment_declined");
  }

  private expire(kept: Kept): void {
    this.change(kept, { status: "EXPIRED", expires_at: null });
    this.happen(kept, "expired");
  }

  private happen(kept: Kept, event: string): void {
    const timeline = kept.rental["timeline"] as Json[];
    this.change(kept, { timeline: [...timeline, { at: new Date().toISOString(), event }] });
  }

  private change(kept: Kept, change: Json): void {
    kept.rental = { ...kept.rental, ...change };
    kept.version += 1;
  }

  private find(reference: string, token: string): Kept {
    const kept = this.kept.get(reference);
    if (!kept || kept.token !== token) throw new Refused(404, "not_found");
    return kept;
  }
}
