/** Rows of a report put together. No sum adds two currencies. */
import { isMoney } from "../parts/is-money";
import type { Dimension, Shape } from "./shapes";

export interface Group {
  /** A day, a branch, a class…; "" for the whole. */
  name: string;
  currency: string | null;
  sums: Readonly<Record<string, number>>;
}

type Row = Readonly<Record<string, unknown>>;

/** In order of names, which for days is their order. */
export function sumBy(rows: readonly object[], shape: Shape, dimension: Dimension): Group[] {
  return sum(rows as readonly Row[], shape, (row) => String(row[dimension]));
}

/** One for each currency; none where there is no row. */
export const sumAll = (rows: readonly object[], shape: Shape): Group[] =>
  sum(rows as readonly Row[], shape, () => "");

function sum(rows: readonly Row[], shape: Shape, nameOf: (row: Row) => string): Group[] {
  const groups = new Map<string, { name: string; currency: string | null; sums: Sums }>();
  for (const row of rows) {
    const name = nameOf(row);
    const currency = currencyOf(row, shape);
    const key = `${name} ${currency ?? ""}`;
    const group = groups.get(key) ?? { name, currency, sums: {} };
    groups.set(key, group);
    for (const measure of [...shape.counts, ...shape.amounts]) {
      group.sums[measure] = (group.sums[measure] ?? 0) + valueOf(row[measure]);
    }
  }
  const order = [...groups].sort(([first], [second]) => (first < second ? -1 : 1));
  return order.map(([, group]) => group);
}

type Sums = Record<string, number>;

const valueOf = (value: unknown): number => {
  if (isMoney(value)) return value.amount;
  return typeof value === "number" ? value : 0;
};

function currencyOf(row: Row, { amounts }: Shape): string | null {
  const money = amounts.map((name) => row[name]).find(isMoney);
  return money?.currency ?? null;
}

/** Null where the whole is nothing. */
export function shareOf({ sums }: Group, { share }: Shape): number | null {
  const [part = "", whole = ""] = share ?? [];
  const all = sums[whole] ?? 0;
  return all > 0 ? (sums[part] ?? 0) / all : null;
}
