/** Calls of the console: each carries the token of whoever is signed in. */
import { type Call, call, download } from "./client";

export type Token = () => Promise<string>;
export type Query = Record<string, string | number | boolean | null | undefined>;

/** Without what is not asked for: an empty filter is no filter. */
export function withQuery(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(
    ([, value]) => value !== undefined && value !== null && value !== "",
  );
  if (given.length === 0) return path;
  return `${path}?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

/** `path` from `/operator/…` or `/rentals/…` on; the body as the generated types describe it. */
export async function ask<T>(token: Token, path: string, options: Call = {}): Promise<T> {
  const headers = { ...options.headers, Authorization: `Bearer ${await token()}` };
  const answer = await call<T>(path, { ...options, headers });
  return answer.body as T;
}

export const askFor = <T>(
  token: Token,
  path: string,
  query: Query = {},
  signal?: AbortSignal,
): Promise<T> => ask<T>(token, withQuery(path, query), signal ? { signal } : {});

/** `key` where the call asks for an `Idempotency-Key`: it stays the same until it is answered. */
export const send = <T>(
  token: Token,
  method: "POST" | "PUT" | "DELETE",
  path: string,
  body?: unknown,
  key?: string,
): Promise<T> => ask<T>(token, path, { method, body, headers: { "Idempotency-Key": key } });

/** A file as the body, as it is; its type says what it is. */
export const sendFile = <T>(token: Token, path: string, query: Query, file: Blob): Promise<T> =>
  ask<T>(token, withQuery(path, query), { method: "POST", body: file });

export async function fetchFile(
  token: Token,
  path: string,
  query: Query,
  accept: string,
): Promise<Blob> {
  const headers = { Authorization: `Bearer ${await token()}`, Accept: accept };
  return download(withQuery(path, query), headers);
}
