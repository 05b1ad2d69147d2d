/** The renter's calls, typed. What rarely changes is asked for once per visit. */
import { type Answer, call, download } from "./client";
import type {
  Branch,
  CarClass,
  Features,
  Offers,
  PaymentChoice,
  PaymentRetried,
  Rental,
  RentalAccepted,
  RentalRequest,
  SignatureRequest,
} from "./types";

/** Asks for each argument's answer once; a failure is forgotten, so that it may be tried again. */
function once<T>(load: (locale: string) => Promise<T>): (locale?: string) => Promise<T> {
  const pending = new Map<string, Promise<T>>();
  return (locale = "") => {
    const known = pending.get(locale);
    if (known) return known;
    const asked = load(locale).catch((error: unknown) => {
      pending.delete(locale);
      throw error;
    });
    pending.set(locale, asked);
    return asked;
  };
}

async function get<T>(path: string, headers = {}, signal?: AbortSignal): Promise<T> {
  const answer = await call<T>(path, { headers, ...(signal ? { signal } : {}) });
  return answer.body as T;
}

export const loadBranches = once(
  async () => (await get<{ branches: Branch[] }>("/branches")).branches,
);

export const loadClasses = once(
  async (locale) =>
    (await get<{ classes: CarClass[] }>("/classes", { "Accept-Language": locale })).classes,
);

export const loadFeatures = once(() => get<Features>("/features"));

export interface OffersQuery {
  pickup_branch: string;
  return_branch: string;
  pickup_at: string;
  return_at: string;
  driver_age: number;
  promo_code?: string;
}

/** Of a search that cannot be asked: nothing. */
export const NO_OFFERS: Offers = { offers: [], alternatives: [] };

export function searchOffers(
  query: OffersQuery,
  locale: string,
  signal?: AbortSignal,
): Promise<Offers> {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return get<Offers>(`/offers?${parameters}`, { "Accept-Language": locale }, signal);
}

export async function bookRental(
  request: RentalRequest,
  idempotencyKey: string,
): Promise<RentalAccepted> {
  const answer = await call<RentalAccepted>("/rentals", {
    method: "POST",
    body: request,
    headers: { "Idempotency-Key": idempotencyKey, "Accept-Language": request.locale },
  });
  return answer.body as RentalAccepted;
}

export function readRental(
  reference: string,
  token: string,
  locale: string,
  etag: string | null,
  signal?: AbortSignal,
): Promise<Answer<Rental>> {
  return call<Rental>(`/rentals/${encodeURIComponent(reference)}`, {
    headers: {
      Authorization: `Bearer ${token}`,
      "Accept-Language": locale,
      "If-None-Match": etag ?? undefined,
    },
    ...(signal ? { signal } : {}),
  });
}

export async function retryPayment(
  reference: string,
  token: string,
  choice: PaymentChoice,
  idempotencyKey: string,
): Promise<PaymentRetried> {
  const answer = await call<PaymentRetried>(`/rentals/${encodeURIComponent(reference)}/payment`, {
    method: "POST",
    body: choice,
    headers: { Authorization: `Bearer ${token}`, "Idempotency-Key": idempotencyKey },
  });
  return answer.body as PaymentRetried;
}

export function downloadDocument(reference: string, token: string, name: string): Promise<Blob> {
  const path = `/rentals/${encodeURIComponent(reference)}/documents/${encodeURIComponent(name)}`;
  return download(path, { Authorization: `Bearer ${token}` });
}

/** Signing again by the same name is the same signature. */
export async function signAgreement(
  reference: string,
  token: string,
  request: SignatureRequest,
): Promise<void> {
  await call(`/rentals/${encodeURIComponent(reference)}/signature`, {
    method: "POST",
    body: request,
    headers: { Authorization: `Bearer ${token}` },
  });
}
