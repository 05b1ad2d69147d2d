/** How urgent a dispute's answer is. */
import type { Dispute } from "../../../api/care";

export type Urgency = "none" | "open" | "soon" | "late";

const SOON = 3 * 24 * 3_600_000;
/** Only in these does evidence still count. */
const ANSWERABLE = new Set<Dispute["status"]>(["needs_response", "warning_needs_response"]);

export function urgencyOf(dispute: Dispute, now = Date.now()): Urgency {
  if (!ANSWERABLE.has(dispute.status) || !dispute.evidence_due_at) return "none";
  const left = Date.parse(dispute.evidence_due_at) - now;
  if (left <= 0) return "late";
  return left <= SOON ? "soon" : "open";
}
