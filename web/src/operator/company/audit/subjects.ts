/** What an action was done to, beside a rental: what it is called, and where it is looked at. */
import type { AuditEntry } from "../../../api/company";
import { withQuery } from "../../../api/operator";

export interface Subject {
  /** Of the dictionary: `subject.photo`; null where the name speaks for itself. */
  kind: string | null;
  name: string;
  href: string | null;
}

const LETTERS = "/operator/poison-messages?show=all";
const PLACE_AND_CLASS = /^(\S+) (\S+)$/;

/** By how the names of actions begin; the first that fits. */
const KINDS: readonly (readonly [string, (name: string) => Subject])[] = [
  ["photo_", (name) => ({ kind: "photo", name, href: null })],
  ["message_", (name) => ({ kind: "message", name, href: null })],
  ["review_", (name) => ({ kind: "review", name, href: "/operator/reviews" })],
  ["agreement_", (name) => ({ kind: "paper", name, href: null })],
  ["dead_letter_", (name) => ({ kind: "letter", name, href: LETTERS })],
  ["feature_", (name) => ({ kind: "feature", name, href: "/operator/features" })],
  ["promo_code_", (name) => ({ kind: "promo", name, href: "/operator/promo-codes" })],
  ["rates_", (group) => ({ kind: "rates", name: group, href: ratesOf(group) })],
  ["overbooking_", (name) => ({ kind: "class", name, href: calendarOf(name) })],
  ["vehicle_", carOf],
  ["maintenance_", carOf],
  ["plan_", carOf],
  ["rental_checked_in", carOf],
];

export function subjectOf({ action, target }: Pick<AuditEntry, "action" | "target">) {
  if (!target) return null;
  const found = KINDS.find(([beginning]) => action.startsWith(beginning));
  return found ? found[1](target) : { kind: null, name: target, href: null };
}

function carOf(plate: string): Subject {
  return { kind: "car", name: plate, href: `/operator/vehicles/${encodeURIComponent(plate)}` };
}

const ratesOf = (group: string) => withQuery("/operator/rates", { group });

function calendarOf(name: string): string | null {
  const [, branch, carClass] = PLACE_AND_CLASS.exec(name) ?? [];
  return branch && carClass
    ? withQuery("/operator/calendar", { branch, class: carClass })
    : null;
}
