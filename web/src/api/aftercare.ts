/** What a renter does about a rental beside booking it: write to its branch, review it. */
import { call } from "./client";
import type { OwnReview, RentalMessage, ReviewRequest, Reviewing } from "./types";

function pathOf(reference: string, what: string): string {
  return `/rentals/${encodeURIComponent(reference)}/${what}`;
}

async function ask<T>(path: string, token: string, body?: unknown, signal?: AbortSignal) {
  const answer = await call<T>(path, {
    headers: { Authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { method: "POST", body }),
    ...(signal ? { signal } : {}),
  });
  return answer.body as T;
}

export async function readMessages(
  reference: string,
  token: string,
  signal?: AbortSignal,
): Promise<RentalMessage[]> {
  const path = pathOf(reference, "messages");
  return (await ask<{ messages: RentalMessage[] }>(path, token, undefined, signal)).messages;
}

export function writeMessage(reference: string, token: string, text: string) {
  return ask<RentalMessage>(pathOf(reference, "messages"), token, { text });
}

export function readReview(reference: string, token: string, signal?: AbortSignal) {
  return ask<Reviewing>(pathOf(reference, "review"), token, undefined, signal);
}

export function writeReview(reference: string, token: string, review: ReviewRequest) {
  return ask<OwnReview>(pathOf(reference, "review"), token, review);
}
