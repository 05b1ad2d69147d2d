/** Amounts as people type them, `12,34` or `12.34` or `1.234,56`, and minor units. */
import type { Money } from "../../api/types";
import { minorDigits } from "../../shared/money";

/** The API's own bound. */
const MOST_MINOR = 10 ** 12;
/** One mark before the cents; or thousands apart, with cents or twice, so that none is meant. */
const PLAIN = /^(\d+)(?:[.,](\d{1,2}))?$/;
const GROUPED = /^(\d{1,3}(?:\.\d{3})+),(\d{1,2})$|^(\d{1,3}(?:,\d{3})+)\.(\d{1,2})$/;
const GROUPED_TWICE = /^\d{1,3}(?:\.\d{3}){2,}$|^\d{1,3}(?:,\d{3}){2,}$/;

/** Null for what is no amount, and for `1.234`, which may mean two of them. */
export function parseAmount(text: string, currency: string): number | null {
  const typed = text.replace(/[\s\u00a0]/g, "").replace(/^R\$/i, "");
  const [whole, cents] = partsOf(typed) ?? [null, ""];
  if (whole === null) return null;
  const digits = minorDigits(currency);
  if (cents.length > digits) return null;
  const minor = Number(whole) * 10 ** digits + Number(cents.padEnd(digits, "0"));
  return minor <= MOST_MINOR ? minor : null;
}

function partsOf(typed: string): [string, string] | null {
  const plain = PLAIN.exec(typed);
  if (plain) return [plain[1] ?? "", plain[2] ?? ""];
  const grouped = GROUPED.exec(typed);
  if (grouped) {
    return [bare(grouped[1] ?? grouped[3] ?? ""), grouped[2] ?? grouped[4] ?? ""];
  }
  return GROUPED_TWICE.test(typed) ? [bare(typed), ""] : null;
}

const bare = (grouped: string) => grouped.replace(/[.,]/g, "");

/** As it is typed into a field, with the language's mark before the cents. */
export function amountText({ amount, currency }: Money, locale: string): string {
  const digits = minorDigits(currency);
  return new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    useGrouping: false,
  }).format(amount / 10 ** digits);
}

/** `R$`: what stands beside a field for an amount. */
export function symbolOf(currency: string, locale: string): string {
  const style = { style: "currency", currency } as const;
  const parts = new Intl.NumberFormat(locale, style).formatToParts(0);
  return parts.find(({ type }) => type === "currency")?.value ?? currency;
}
