/** An amount as people type it, and what it is in minor units. */
import { minorDigits } from "../../shared/money";

/**
 * `12`, `12,34`, `12.34`, `1.234,56`, `1,234.56`. What follows the last separator are cents when
 * there are as few digits as the currency has; three digits are thousands. Null: none of these.
 */
export function parseAmount(text: string, currency: string): number | null {
  const typed = text.trim().replace(/^(R\$|[A-Z]{3})\s*/, "");
  const digits = minorDigits(currency);
  const match = /^(\d{1,9}|\d{1,3}(?:([.,])\d{3}){1,2})(?:([.,])(\d{1,2}))?$/.exec(typed);
  if (!match) return null;
  const [, whole = "", group, mark, cents = ""] = match;
  if (cents.length > digits || (group !== undefined && group === mark)) return null;
  if (group !== undefined && whole.replaceAll(group, "").match(/\D/)) return null;
  const units = Number(whole.replace(/[.,]/g, ""));
  return units * 10 ** digits + Number(cents.padEnd(digits, "0") || "0");
}
