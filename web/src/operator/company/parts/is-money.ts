/** An amount among values of any kind. */
import type { Money } from "../../../api/types";

export function isMoney(value: unknown): value is Money {
  if (typeof value !== "object" || value === null) return false;
  const { amount, currency, ...rest } = value as Record<string, unknown>;
  const bare = Object.keys(rest).length === 0;
  return bare && typeof amount === "number" && typeof currency === "string";
}
