/** The manage tokens of this device's rentals: they let a guest see a rental without an account. */
import { readStoredJson, writeStored } from "../../shared/storage";

const STORED_AS = "rentals";
const KEPT = 20;

export interface KnownRental {
  reference: string;
  token: string;
  /** Kept only to name the rental in a list; never the driver's data. */
  label: string;
}

export function knownRentals(): KnownRental[] {
  const stored = readStoredJson<KnownRental[]>(STORED_AS);
  return Array.isArray(stored) ? stored : [];
}

export function rememberRental(rental: KnownRental): void {
  const others = knownRentals().filter((each) => each.reference !== rental.reference);
  writeStored(STORED_AS, JSON.stringify([rental, ...others].slice(0, KEPT)));
}

export function labelRental(reference: string, label: string): void {
  const rentals = knownRentals();
  const known = rentals.find((each) => each.reference === reference);
  if (!known || known.label === label) return;
  known.label = label;
  writeStored(STORED_AS, JSON.stringify(rentals));
}

/** Keeps a token that works, and gives the one to use: a broken link costs nobody their access. */
export function judgeToken(reference: string, token: string, works: boolean): string {
  const kept = knownRentals().find((each) => each.reference === reference);
  if (!works) return kept?.token ?? token;
  if (kept?.token !== token) rememberRental({ reference, token, label: kept?.label ?? "" });
  return token;
}

export function forgetRental(reference: string): void {
  const others = knownRentals().filter((each) => each.reference !== reference);
  writeStored(STORED_AS, JSON.stringify(others));
}

export function tokenOf(reference: string): string | null {
  return knownRentals().find((each) => each.reference === reference)?.token ?? null;
}

/** The token of a manage link (`#token=…`), or null. */
export function tokenFromHash(hash: string): string | null {
  const token = new URLSearchParams(hash.replace(/^#/, "")).get("token");
  return token && token.length <= 4096 ? token : null;
}

/** A pasted manage link, wherever it was copied from: its reference and token. */
export function readManageLink(text: string): { reference: string; token: string } | null {
  const found = /\/rentals\/([0-9A-HJKMNP-TV-Z]{8})[^#\s]*#(\S+)/i.exec(text.trim());
  const token = tokenFromHash(found?.[2] ?? "");
  return found?.[1] && token ? { reference: found[1].toUpperCase(), token } : null;
}
