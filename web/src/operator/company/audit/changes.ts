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
    .map((field) => ({ field, was: was.get(field), is: is.get(field) }))
    .filter((change) => JSON.stringify(change.was) !== JSON.stringify(change.is));
}

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

const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

export const isMoment = (value: Leaf): value is string =>
  typeof value === "string" && MOMENT.test(value);

const UUID = /^([0-9a-f]{8})-[0-9a-f-]{27}$/;

/** Nobody reads a whole one: its beginning tells it from the others on the page. */
export const shortened = (target: string): string => target.replace(UUID, "$1…");

/** `to_hour` is read as `to hour` where the dictionaries have no word for it. */
export const spelled = (field: string): string => field.replaceAll("_", " ");
