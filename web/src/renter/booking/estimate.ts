/** The offer's price with the chosen extras and coverages, shown before the server decides. */
import type { Offer, Price, PriceLine } from "../../api/types";
import { sum, times } from "../../shared/money";

export interface Choices {
  /** Quantity by extra's code; 0 or absent is not chosen. */
  extras: Readonly<Record<string, number>>;
  coverages: readonly string[];
}

export const NO_CHOICES: Choices = { extras: {}, coverages: [] };

export function estimate(offer: Offer, choices: Choices): Price {
  const added = [...coverageLines(offer, choices), ...extraLines(offer, choices)];
  const taxed = [...offer.price.lines.filter((line) => line.purpose !== "Tax"), ...added];
  const lines = [...taxed, ...taxLines(offer, taxed)];
  const nothing = { ...offer.price.total, amount: 0 };
  return { lines, total: sum(nothing, ...lines.map((line) => line.amount)) };
}

/** Taxes come last, on what is added too; halves round up, as on the server. */
function taxLines(offer: Offer, taxed: readonly PriceLine[]): PriceLine[] {
  const { currency } = offer.price.total;
  const base = taxed.reduce((total, line) => total + line.amount.amount, 0);
  const amount = Math.round((base * (offer.tax_basis_points ?? 0)) / 10_000);
  const known = offer.price.lines.find((line) => line.purpose === "Tax");
  return amount ? [line("Tax", known?.description ?? "", 1, { amount, currency })] : [];
}

function extraLines(offer: Offer, { extras }: Choices): PriceLine[] {
  return offer.extras.flatMap((extra) => {
    const wanted = Math.min(extras[extra.code] ?? 0, extra.maximum_quantity);
    if (wanted < 1) return [];
    const days = extra.per === "day" ? offer.charged_days : 1;
    const whole = line("Equipment", extra.name, wanted * days, extra.unit_amount);
    const cap = extra.maximum_amount;
    const isCapped = cap && cap.amount < extra.unit_amount.amount * days;
    return [isCapped ? { ...whole, amount: times(cap, wanted) } : whole];
  });
}

function coverageLines(offer: Offer, { coverages }: Choices): PriceLine[] {
  return offer.coverages
    .filter((coverage) => coverages.includes(coverage.code))
    .map((coverage) => line("Coverage", coverage.name, offer.charged_days, coverage.unit_amount));
}

function line(
  purpose: string,
  description: string,
  quantity: number,
  unit: PriceLine["unit_amount"],
): PriceLine {
  return { purpose, description, quantity, unit_amount: unit, amount: times(unit, quantity) };
}
