/** What an audit entry tells of a state: each fact with its name, amounts as money. */
import type { AuditEntry } from "../../../api/care";
import type { Money } from "../../../api/types";

export interface Fact {
  name: string;
  before: string | null;
  after: string | null;
}

type State = AuditEntry["after"];

/** Of the machinery, and no help to people. */
const INTERNAL = new Set(["sha256", "source_sha256", "to_hour"]);

interface Words {
  money: (money: Money) => string;
  number: (value: number) => string;
  moment: (at: string) => string;
  /** A value that is a word of ours, as `status.CONFIRMED`; null: it is shown as it is. */
  word: (name: string, value: string) => string | null;
}

/** In the order in which they were recorded, without what stayed; `currency` is the rental's. */
export function factsOf(
  { before, after }: Pick<AuditEntry, "before" | "after">,
  currency: string,
  { money, number, moment, word }: Words,
): Fact[] {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  const textOf = (name: string, value: unknown) =>
    typeof value === "object"
      ? JSON.stringify(value)
      : (word(name, String(value)) ?? String(value));
  const shown = (state: State, name: string): string | null => {
    const value = state?.[name];
    const isAmount = name.endsWith("_minor") && typeof value === "number";
    if (isAmount) return money({ amount: value, currency });
    // What did not happen is no news.
    if (value === undefined || value === null || value === false || value === 0) return null;
    if (name.endsWith("_at") && typeof value === "string") return moment(value);
    if (typeof value === "number") return number(value);
    if (Array.isArray(value)) return value.map((each) => textOf(name, each)).join(", ");
    return textOf(name, value);
  };
  return [...names]
    .filter((name) => !INTERNAL.has(name))
    .map((name) => ({ name, before: shown(before, name), after: shown(after, name) }))
    .filter((fact) => fact.before !== fact.after);
}
