/** The offer's price with the chosen extras and coverages, shown before the server decides. */
import type { Offer, Price, PriceLine } from "../../api/types";
import { sum, times } from "../../shared/money";
import { type LocalTime, rentalDays } from "../../shared/time";

export interface Choices {
  /** Quantity by extra's code; 0 or absent is not chosen. */
  extras: Readonly<Record<string, number>>;
  coverages: readonly string[];
}

export const NO_CHOICES: Choices = { extras: {}, coverages: [] };

/**
 * Days on which a per-day item is due: an opened day counts, after the tariff's grace. The licence
 * fee is due on exactly those days; an offer without one leaves our own count.
 */
export function chargedDays(offer: Offer, from: LocalTime, to: LocalTime): number {
  const licence = offer.price.lines.find((line) => line.purpose === "VehicleLicenseFee");
  return licence?.quantity ?? rentalDays(from, to);
}

export function estimate(offer: Offer, choices: Choices, days: number): Price {
  const added = [...coverageLines(offer, choices, days), ...extraLines(offer, choices, days)];
  return {
    lines: [...offer.price.lines, ...added],
    total: sum(offer.price.total, ...added.map((line) => line.amount)),
  };
}

function extraLines(offer: Offer, { extras }: Choices, days: number): PriceLine[] {
  return offer.extras.flatMap((extra) => {
    const wanted = Math.min(extras[extra.code] ?? 0, extra.maximum_quantity);
    if (wanted < 1) return [];
    const quantity = extra.per === "day" ? wanted * days : wanted;
    return [line("Equipment", extra.name, quantity, extra.unit_amount)];
  });
}

function coverageLines(offer: Offer, { coverages }: Choices, days: number): PriceLine[] {
  return offer.coverages
    .filter((coverage) => coverages.includes(coverage.code))
    .map((coverage) => line("Coverage", coverage.name, days, coverage.unit_amount));
}

function line(
  purpose: string,
  description: string,
  quantity: number,
  unit: PriceLine["unit_amount"],
): PriceLine {
  return { purpose, description, quantity, unit_amount: unit, amount: times(unit, quantity) };
}
