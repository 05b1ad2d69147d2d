/** What a renter changes about a rental. */
import type { OffersQuery } from "./calls";
import { call } from "./client";
import type {
  Cancellation,
  Modification,
  ModificationOffers,
  ModificationRequest,
} from "./types";

const pathTo = (what: string) => (reference: string) =>
  `/rentals/${encodeURIComponent(reference)}/${what}`;
const path = pathTo("cancellation");
const modification = pathTo("modification");
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

export type ChangeQuery = Pick<
  OffersQuery,
  "pickup_branch" | "return_branch" | "pickup_at" | "return_at"
>;

/** What the rental can become, its own car counted as free. */
export async function searchChange(
  reference: string,
  token: string,
  query: ChangeQuery,
  locale: string,
  signal?: AbortSignal,
): Promise<ModificationOffers> {
  const answer = await call<ModificationOffers>(
    `${modification(reference)}?${new URLSearchParams({ ...query })}`,
    { headers: { ...by(token), "Accept-Language": locale }, ...(signal ? { signal } : {}) },
  );
  return answer.body as ModificationOffers;
}

export async function modifyRental(
  reference: string,
  token: string,
  request: ModificationRequest,
  idempotencyKey: string,
): Promise<Modification> {
  const answer = await call<Modification>(modification(reference), {
    method: "POST",
    body: request,
    headers: { ...by(token), "Idempotency-Key": idempotencyKey },
  });
  return answer.body as Modification;
}
