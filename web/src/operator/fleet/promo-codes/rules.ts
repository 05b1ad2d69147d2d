/** A promo code's rules as a form has them, and as the API wants them. */
import type { PromoCode, PromoCodeRules } from "../../../api/fleet";
import { minorDigits } from "../../../shared/money";
import { isLocalTime, type LocalTime, readClock, toRfc3339 } from "../../../shared/time";
import { decimalText, parseDecimal } from "../parts/decimal";
import type { FaultKeys } from "../parts/use-faults";

export interface TypedRules {
  code: string;
  kind: "percent" | "amount";
  value: string;
  currency: string;
  from: LocalTime;
  until: LocalTime;
  pickupFrom: string;
  pickupUntil: string;
  days: string;
  limit: string;
  /** Empty: all of them. */
  classes: readonly string[];
  branches: readonly string[];
  reason: string;
}

/** A percentage's hundredths are basis points. */
const PERCENT_DIGITS = 2;
const WHOLE = 10_000;
const MOST_DAYS = 60;

export const emptyRules = (currency: string): TypedRules => ({
  code: "",
  kind: "percent",
  value: "",
  currency,
  from: "",
  until: "",
  pickupFrom: "",
  pickupUntil: "",
  days: "1",
  limit: "",
  classes: [],
  branches: [],
  reason: "",
});

export function readRules(promo: PromoCode, zone: string, locale: string, usual: string) {
  const { amount, basis_points: points } = promo;
  return {
    ...emptyRules(amount?.currency ?? usual),
    code: promo.code,
    kind: amount ? "amount" : "percent",
    value: amount
      ? decimalText(amount.amount, minorDigits(amount.currency), locale)
      : decimalText(points ?? 0, PERCENT_DIGITS, locale),
    from: readClock(Date.parse(promo.valid_from), zone),
    until: readClock(Date.parse(promo.valid_until), zone),
    pickupFrom: promo.pickup_from ?? "",
    pickupUntil: promo.pickup_until ?? "",
    days: String(promo.minimum_days),
    limit: promo.usage_limit ? String(promo.usage_limit) : "",
    classes: promo.classes ?? [],
    branches: promo.branches ?? [],
  } satisfies TypedRules;
}

const valueOf = ({ kind, value, currency }: TypedRules): number | null =>
  parseDecimal(value, kind === "percent" ? PERCENT_DIGITS : minorDigits(currency));

export function rulesOf(typed: TypedRules, zone: string): PromoCodeRules {
  const value = valueOf(typed) ?? 0;
  const isPercent = typed.kind === "percent";
  return {
    basis_points: isPercent ? value : null,
    amount: isPercent ? null : { amount: value, currency: typed.currency },
    valid_from: toRfc3339(typed.from, zone),
    valid_until: toRfc3339(typed.until, zone),
    pickup_from: typed.pickupFrom || null,
    pickup_until: typed.pickupUntil || null,
    minimum_days: Number(typed.days),
    usage_limit: typed.limit ? Number(typed.limit) : null,
    classes: typed.classes.length > 0 ? [...typed.classes] : null,
    branches: typed.branches.length > 0 ? [...typed.branches] : null,
    reason: typed.reason.trim() || null,
  };
}

/** By the ids of the controls; `taken`: a new code must not quietly change an old one. */
export function checkRules(typed: TypedRules, taken: readonly string[]): FaultKeys {
  const found: FaultKeys = {};
  const value = valueOf(typed);
  const tooMuch = typed.kind === "percent" && (value ?? 0) > WHOLE;
  if (!/^[A-Z0-9_-]{2,24}$/.test(typed.code)) found["code"] = "fault.code";
  else if (taken.includes(typed.code)) found["code"] = "fault.code_taken";
  if (!value || tooMuch) found["value"] = `fault.value_${typed.kind}`;
  if (!isLocalTime(typed.from)) found["valid_from"] = "fault.moment";
  if (!isLocalTime(typed.until)) found["valid_until"] = "fault.moment";
  else if (typed.until <= typed.from) found["valid_until"] = "fault.ends_before";
  if (typed.pickupUntil && typed.pickupUntil < typed.pickupFrom) {
    found["pickup_until"] = "fault.ends_before";
  }
  const days = Number(typed.days);
  if (!/^\d+$/.test(typed.days) || days < 1 || days > MOST_DAYS) {
    found["minimum_days"] = "fault.days";
  }
  if (typed.limit && Number(typed.limit) < 1) found["usage_limit"] = "fault.limit";
  return found;
}
