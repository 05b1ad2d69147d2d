/** What the counter asks for and does, typed; each call carries the operator's token. */
import { ask, askFor, send, type Token } from "./operator";
import type { components } from "./schema";
import type { Cancellation, Rental } from "./types";

type Schemas = components["schemas"];

export type ManifestRow = Schemas["ManifestRow"];
export type OverdueRental = Schemas["OverdueRental"];
export type NextPlan = Schemas["NextPlan"];
export type ListedRental = Schemas["ListedRental"];
export type Car = Schemas["shared__contracts__handover__Vehicle"];
export type VehicleSuggestion = Schemas["VehicleSuggestion"];
export type CheckOutRequest = Schemas["CheckOutRequest"];
export type CheckedOut = Schemas["CheckedOut"];
export type CheckInRequest = Schemas["CheckInRequest"];
export type CheckedIn = Schemas["CheckedIn"];
export type Damage = Schemas["Damage"];
export type ExchangeRequest = Schemas["ExchangeRequest"];
export type Extension = Schemas["Extension"];
export type ExtensionRequest = Schemas["ExtensionRequest"];
export type NoShow = Schemas["NoShow"];
export type Upgrades = Schemas["Upgrades"];
export type Upgraded = Schemas["Upgraded"];
export type UpgradeRequest = Schemas["UpgradeRequest"];

// What is shown.

export async function readManifest(
  token: Token,
  branch: string,
  day: string,
  signal?: AbortSignal,
): Promise<ManifestRow[]> {
  const query = { branch, from: day, to: day };
  const path = "/operator/reports/manifest";
  return (await askFor<Schemas["ManifestReport"]>(token, path, query, signal)).rows;
}

export async function listOverdue(
  token: Token,
  branch: string,
  signal?: AbortSignal,
): Promise<OverdueRental[]> {
  const path = "/operator/overdue";
  return (await askFor<Schemas["Overdue"]>(token, path, { branch }, signal)).rentals;
}

export type RentalsQuery = Partial<
  Record<"status" | "branch" | "from" | "to" | "q" | "cursor", string | null>
>;

export async function listRentals(token: Token, query: RentalsQuery, signal?: AbortSignal) {
  const page = await askFor<Schemas["RentalPage"]>(token, "/operator/rentals", query, signal);
  return { items: page.rentals, next: page.next_cursor ?? null };
}

export const readRental = (
  token: Token,
  reference: string,
  locale: string,
  signal: AbortSignal,
): Promise<Rental> =>
  ask<Rental>(token, `/rentals/${encodeURIComponent(reference)}`, {
    headers: { "Accept-Language": locale },
    signal,
  });

// What is done.

const to = (reference: string, call: string) =>
  `/operator/rentals/${encodeURIComponent(reference)}/${call}`;

export const suggestVehicles = (token: Token, reference: string, signal?: AbortSignal) =>
  askFor<VehicleSuggestion>(token, to(reference, "check-out"), {}, signal);

export const checkOut = (token: Token, reference: string, request: CheckOutRequest) =>
  send<CheckedOut>(token, "POST", to(reference, "check-out"), request);

export const checkIn = (token: Token, reference: string, request: CheckInRequest) =>
  send<CheckedIn>(token, "POST", to(reference, "check-in"), request);

export const exchange = (token: Token, reference: string, request: ExchangeRequest) =>
  send<CheckedOut>(token, "POST", to(reference, "exchange"), request);

export const quoteExtension = (token: Token, reference: string, returnAt: string) =>
  askFor<Extension>(token, to(reference, "extension"), { return_at: returnAt });

export const extend = (token: Token, reference: string, request: ExtensionRequest) =>
  send<Extension>(token, "POST", to(reference, "extension"), request);

export const listUpgrades = (token: Token, reference: string, signal?: AbortSignal) =>
  askFor<Upgrades>(token, to(reference, "upgrade"), {}, signal);

export const upgrade = (token: Token, reference: string, request: UpgradeRequest) =>
  send<Upgraded>(token, "POST", to(reference, "upgrade"), request);

export const recordNoShow = (token: Token, reference: string, reason: string | null) =>
  send<NoShow>(token, "POST", to(reference, "no-show"), { reason });

/** The renter's own preview: fee and refund if the rental were cancelled now. */
export const previewCancellation = (token: Token, reference: string, signal?: AbortSignal) =>
  askFor<Cancellation>(
    token,
    `/rentals/${encodeURIComponent(reference)}/cancellation`,
    {},
    signal,
  );

export const cancel = (token: Token, reference: string, reason: string | null) =>
  send<Cancellation>(token, "POST", to(reference, "cancellation"), { reason });
