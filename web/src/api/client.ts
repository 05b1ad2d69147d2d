/** One way to call the API: JSON in and out, every failure an `ApiProblem` with a stable code. */
import type { ProblemDetails, ProblemError, SupplyConflict } from "./types";

/** Longer than the gateway's own limit (45 s), so that its answer arrives before we give up. */
const TIMEOUT_MILLISECONDS = 50_000;

export class ApiProblem extends Error {
  override readonly name = "ApiProblem";

  constructor(
    readonly code: string,
    readonly status: number,
    readonly detail: string,
    readonly errors: readonly ProblemError[] = [],
    readonly retryAfterSeconds: number | null = null,
    readonly conflicts: readonly SupplyConflict[] = [],
  ) {
    super(`${status} ${code}`);
  }

  /** The request may have been carried out although no answer arrived. */
  get outcomeUnknown(): boolean {
    if (this.code === "bookings_closed") return false;
    return this.status === 0 || this.status >= 500 || this.code === "request_in_progress";
  }
}

export interface Call {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  body?: unknown;
  headers?: Record<string, string | undefined>;
  signal?: AbortSignal;
}

export interface Answer<T> {
  status: number;
  body: T | null;
  etag: string | null;
  retryAfterSeconds: number | null;
}

export function parseRetryAfter(value: string | null, now = Date.now()): number | null {
  if (!value) return null;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - now) / 1000));
}

export async function call<T>(path: string, options: Call = {}): Promise<Answer<T>> {
  const response = await send(path, options);
  const retryAfterSeconds = parseRetryAfter(response.headers.get("Retry-After"));
  if (response.status === 304) {
    return { status: 304, body: null, etag: response.headers.get("ETag"), retryAfterSeconds };
  }
  const body = await readJson(response);
  if (!response.ok) throw toProblem(response.status, body, retryAfterSeconds);
  if (body === null) throw new ApiProblem("internal_error", 502, "");
  return {
    status: response.status,
    body: body as T,
    etag: response.headers.get("ETag"),
    retryAfterSeconds,
  };
}

/** A file instead of JSON: a PDF unless `headers` accept something else. */
export async function download(path: string, headers: Record<string, string>): Promise<Blob> {
  const response = await send(path, { headers: { Accept: "application/pdf", ...headers } });
  if (response.ok) return response.blob();
  const retryAfterSeconds = parseRetryAfter(response.headers.get("Retry-After"));
  throw toProblem(response.status, await readJson(response), retryAfterSeconds);
}

async function send(path: string, { method = "GET", body, headers = {}, signal }: Call) {
  const limit = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
  const sent = new Headers({ Accept: "application/json" });
  for (const [name, value] of Object.entries(headers)) if (value) sent.set(name, value);
  const isFile = body instanceof Blob;
  if (body !== undefined) sent.set("Content-Type", isFile ? body.type : "application/json");
  try {
    return await fetch(`/api${path}`, {
      method,
      headers: sent,
      cache: "no-store",
      credentials: "same-origin",
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      ...(body === undefined ? {} : { body: isFile ? body : JSON.stringify(body) }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiProblem("network", 0, "");
  }
}

async function readJson(response: Response): Promise<unknown> {
  const type = response.headers.get("Content-Type") ?? "";
  if (!type.includes("json")) return null;
  try {
    return await response.json();
  } catch {
    return null;
  }
}

function toProblem(status: number, body: unknown, retryAfterSeconds: number | null): ApiProblem {
  const problem = (body ?? {}) as Partial<ProblemDetails>;
  const code = problem.code ?? (status >= 500 ? "internal_error" : "unknown");
  return new ApiProblem(
    code,
    status,
    problem.detail ?? "",
    problem.errors ?? [],
    retryAfterSeconds,
    problem.conflicts ?? [],
  );
}
