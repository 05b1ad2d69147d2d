/** An amount as people type it, and what it is in minor units. */
import { minorDigits } from "../../shared/money";

/**
 * `12`, `12,34`, `12.34`, `1.234,56`, `1,234.56`. Null for none of these, and for `1.234`, which
 * may be twelve hundred or one and a bit.
 */
export function parseAmount(text: string, currency: string): number | null {
  const typed = text.trim().replace(/^(R\$|[A-Z]{3})\s*/, "");
  const digits = minorDigits(currency);
  const match = /^(\d{1,9}|\d{1,3}(?:([.,])\d{3}){1,2})(?:([.,])(\d{1,2}))?$/.exec(typed);
  if (!match) return null;
  const [, whole = "", group, mark, cents = ""] = match;
  if (cents.length > digits) return null;
  if (group !== undefined) {
    const groups = whole.split(group);
    if (group === mark || !groups.every((each) => /^\d+$/.test(each))) return null;
    if (groups.length === 2 && mark === undefined) return null;
  }
  const units = Number(whole.replace(/[.,]/g, ""));
  return units * 10 ** digits + Number(cents.padEnd(digits, "0") || "0");
}
