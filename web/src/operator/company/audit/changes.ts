/** What an audit entry says has changed, field by field. */
import type { Money } from "../../../api/types";
import { isMoney } from "../parts/is-money";

export type Leaf = string | number | boolean | null | Money;
type Facts = Readonly<Record<string, unknown>> | null | undefined;

export interface Change {
  /** `card.rates.0.daily` */
  field: string;
  was: Leaf | undefined;
  is: Leaf | undefined;
}

/** What was the same before and after is no change. */
export function changesOf(before: Facts, after: Facts): Change[] {
  const was = flatten(before);
  const is = flatten(after);
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((field) => !INTERNAL.has(field))
    .map((field) => ({ field, was: was.get(field), is: is.get(field) }))
    .filter((change) => JSON.stringify(change.was) !== JSON.stringify(change.is))
    .filter((change) => change.was !== undefined || !isNothing(change.is));
}

/** Of the machinery: the hour of the calendar says nothing that the times beside it do not. */
const INTERNAL = new Set(["to_hour"]);

/** What did not happen is no news. */
const isNothing = (value: Leaf | undefined) => value === null || value === false || value === 0;

function flatten(facts: Facts): Map<string, Leaf> {
  const leaves = new Map<string, Leaf>();
  for (const [name, value] of Object.entries(facts ?? {})) gather(leaves, name, value);
  return leaves;
}

function gather(leaves: Map<string, Leaf>, field: string, value: unknown): void {
  if (Array.isArray(value) && value.every((each) => typeof each !== "object")) {
    leaves.set(field, value.join(", "));
  } else if (isMoney(value) || value === null || typeof value !== "object") {
    leaves.set(field, value as Leaf);
  } else {
    for (const [name, inner] of Object.entries(value)) gather(leaves, `${field}.${name}`, inner);
  }
}

/** The entry leaves out its currency; every one that the company takes has cents. */
export function numberText(
  field: string,
  value: number,
  write: (value: number, options?: Intl.NumberFormatOptions) => string,
): string {
  if (field.endsWith("_minor")) return write(value / 100, CENTS);
  if (field === "basis_points") return `${write(value / 100)} %`;
  return write(value);
}

const CENTS = { minimumFractionDigits: 2, maximumFractionDigits: 2 };

const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

export const isMoment = (value: Leaf): value is string =>
  typeof value === "string" && MOMENT.test(value);

/** `max_days` is read as `max days` where the dictionaries have no word for it. */
export const spelled = (field: string): string => field.replaceAll("_", " ");
