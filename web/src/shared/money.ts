/** Money stays an integer of minor units until the moment it is shown. */
import type { Money } from "../api/types";

export function minorDigits(currency: string): number {
  return (
    new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions()
      .maximumFractionDigits ?? 2
  );
}

export function formatMoney(money: Money, locale: string): string {
  const { amount, currency } = money;
  const digits = minorDigits(currency);
  return new Intl.NumberFormat(locale, { style: "currency", currency }).format(
    amount / 10 ** digits,
  );
}

export function times(money: Money, factor: number): Money {
  return { amount: money.amount * factor, currency: money.currency };
}

export function sum(first: Money, ...others: Money[]): Money {
  let amount = first.amount;
  for (const other of others) {
    if (other.currency !== first.currency) throw new RangeError("different currencies");
    amount += other.amount;
  }
  return { amount, currency: first.currency };
}
