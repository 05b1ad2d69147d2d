/** What is read off a car's dials, and what a check-in says, as the API takes it. */
import type { Damage } from "../../../api/desk";
import { isLocalTime, toRfc3339 } from "../../../shared/time";
import { parseAmount } from "../../parts/amount";

const MOST_KM = 2_000_000;

/** Whole kilometres; separators of thousands are allowed. */
export function parseKm(text: string): number | null {
  const typed = text.trim();
  if (!/^(\d+|\d{1,3}([.,\s]\d{3})+)$/.test(typed)) return null;
  const km = Number(typed.replace(/\D/g, ""));
  return km <= MOST_KM ? km : null;
}

/** A damage as it is typed. */
export interface DamageLine {
  id: number;
  description: string;
  amount: string;
}

/** Lines that nobody has touched say nothing. */
export const isEmpty = (line: DamageLine): boolean =>
  !line.description.trim() && !line.amount.trim();

export function damageOf(line: DamageLine, currency: string): Damage | null {
  const amount = parseAmount(line.amount, currency);
  const description = line.description.trim();
  if (!description || amount === null || amount < 1) return null;
  return { description, amount: { amount, currency } };
}

/** A time on the branch's wall. Empty: now. Undefined: no time at all. */
export function momentOf(local: string, timezone: string): string | null | undefined {
  if (!local) return null;
  return isLocalTime(local) ? toRfc3339(local, timezone) : undefined;
}
