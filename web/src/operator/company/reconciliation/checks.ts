/** The runbook of each check, and what its examples name. */
import type { Check } from "../../../api/company";
import { isReference } from "../parts/reference";

const CALENDAR = "calendar-drift.md";
const MONEY_AND_THE_REST = "reconciliation-drift.md";

export const runbookOf = ({ name }: Check): string =>
  `docs/operations/alerts/${name === "calendar" ? CALENDAR : MONEY_AND_THE_REST}`;

/** These name a queue, a vendor's payment, a paper or a branch's year. */
const NO_RENTAL: readonly string[] = [
  "outboxes",
  "vendor_unmatched",
  "documents_unmade",
  "invoice_gaps",
];

export const isRental = ({ name }: Check, example: string): boolean =>
  !NO_RENTAL.includes(name) && isReference(example);

/** What drifts first, the worst before all. */
export function inOrder(checks: readonly Check[]): Check[] {
  return [...checks].sort((first, second) => Math.abs(second.drift) - Math.abs(first.drift));
}

/** Older than this, in seconds; the API's usual one is five minutes. */
export const GRACES = ["0", "300", "3600", "86400"] as const;
export const USUAL_GRACE = "300";
