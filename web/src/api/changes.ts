/** What a renter changes about a rental. */
import { call } from "./client";
import type { Cancellation } from "./types";

const path = (reference: string) => `/rentals/${encodeURIComponent(reference)}/cancellation`;
const by = (token: string) => ({ Authorization: `Bearer ${token}` });

/** What cancelling now would cost and give back. */
export async function previewCancellation(reference: string, token: string): Promise<Cancellation> {
  const answer = await call<Cancellation>(path(reference), { headers: by(token) });
  return answer.body as Cancellation;
}

/** Repeating it changes nothing: the first answer comes again. */
export async function cancelRental(reference: string, token: string): Promise<Cancellation> {
  const answer = await call<Cancellation>(path(reference), {
    method: "POST",
    body: {},
    headers: by(token),
  });
  return answer.body as Cancellation;
}
