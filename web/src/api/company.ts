/** Calls about the whole company: features, dead letters, reconciliation, the audit, reports. */
import { askFor, fetchFile, send, type Token } from "./operator";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Switch = Schemas["Switch"];
export type Switches = Schemas["Switches"];
export type DeadLetter = Schemas["DeadLetter"];
export type Reconciliation = Schemas["Reconciliation"];
export type Check = Schemas["Check"];
export type AuditEntry = Schemas["AuditEntry"];

export const readSwitches = (token: Token, signal?: AbortSignal) =>
  askFor<Switches>(token, "/operator/features", {}, signal);

export const turnSwitch = (token: Token, name: string, enabled: boolean) =>
  send<Switch>(token, "PUT", `/operator/features/${encodeURIComponent(name)}`, { enabled });

export interface DeadLettersQuery {
  queue: string | null;
  resolved: string | null;
}

export async function listDeadLetters(
  token: Token,
  query: DeadLettersQuery,
  cursor: string | null,
  signal?: AbortSignal,
) {
  const path = "/operator/poison-messages";
  const asked = { ...query, cursor, limit: 20 };
  const page = await askFor<Schemas["DeadLetterPage"]>(token, path, asked, signal);
  return { items: page.messages, next: page.next_cursor ?? null };
}

const letterPath = (id: string, what: string) =>
  `/operator/poison-messages/${encodeURIComponent(id)}/${what}`;

export const replayDeadLetter = (token: Token, id: string) =>
  send<Schemas["DeadLetterResolved"]>(token, "POST", letterPath(id, "replay"));

export const discardDeadLetter = (token: Token, id: string, reason: string) =>
  send<Schemas["DeadLetterResolved"]>(token, "POST", letterPath(id, "discard"), { reason });

export const readReconciliation = (token: Token, graceSeconds: number, signal?: AbortSignal) =>
  askFor<Reconciliation>(
    token,
    "/operator/reconciliation",
    { grace_seconds: graceSeconds },
    signal,
  );

export async function listAudit(
  token: Token,
  rental: string | null,
  cursor: string | null,
  signal?: AbortSignal,
) {
  const asked = { rental, cursor, limit: 50 };
  const page = await askFor<Schemas["AuditPage"]>(token, "/operator/audit", asked, signal);
  return { items: page.entries, next: page.next_cursor ?? null };
}

export interface Reports {
  utilisation: Schemas["UtilisationReport"];
  revenue: Schemas["RevenueReport"];
  payments: Schemas["PaymentsReport"];
  cancellations: Schemas["CancellationsReport"];
  manifest: Schemas["ManifestReport"];
}

export type ReportName = keyof Reports;

/** `from` and `to`: both in, `2026-11-24`; without them, the report's usual days. */
export type ReportQuery = Partial<Record<"from" | "to" | "branch", string>>;

export const readReport = <Name extends ReportName>(
  token: Token,
  name: Name,
  query: ReportQuery,
  signal?: AbortSignal,
) => askFor<Reports[Name]>(token, `/operator/reports/${name}`, query, signal);

export const downloadReport = (token: Token, name: ReportName, query: ReportQuery) =>
  fetchFile(token, `/operator/reports/${name}`, query, "text/csv");
