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
  return {
    lines: [...offer.price.lines, ...added],
    total: sum(offer.price.total, ...added.map((line) => line.amount)),
  };
}

function extraLines(offer: Offer, { extras }: Choices): PriceLine[] {
  return offer.extras.flatMap((extra) => {
    const wanted = Math.min(extras[extra.code] ?? 0, extra.maximum_quantity);
    if (wanted < 1) return [];
    const quantity = extra.per === "day" ? wanted * offer.charged_days : wanted;
    return [line("Equipment", extra.name, quantity, extra.unit_amount)];
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
