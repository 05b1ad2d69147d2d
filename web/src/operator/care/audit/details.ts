/** What an audit entry tells of a state: each fact with its name, amounts as money. */
import type { AuditEntry } from "../../../api/care";
import type { Money } from "../../../api/types";

export interface Fact {
  name: string;
  before: string | null;
  after: string | null;
}

type State = AuditEntry["after"];

/** In the order in which they were recorded; `currency` is the rental's. */
export function factsOf(
  { before, after }: Pick<AuditEntry, "before" | "after">,
  currency: string,
  money: (money: Money) => string,
): Fact[] {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  const shown = (state: State, name: string) => {
    const value = state?.[name];
    if (value === undefined || value === null) return null;
    if (name.endsWith("_minor") && typeof value === "number") {
      return money({ amount: value, currency });
    }
    if (Array.isArray(value)) return value.map(textOf).join(", ");
    return textOf(value);
  };
  return [...names]
    .map((name) => ({ name, before: shown(before, name), after: shown(after, name) }))
    .filter((fact) => fact.before !== null || fact.after !== null);
}

const textOf = (value: unknown): string =>
  typeof value === "object" ? JSON.stringify(value) : String(value);
