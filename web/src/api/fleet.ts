/** The fleet's calls: cars, the calendar they fill, what they cost, and what codes take off. */
import { askFor, fetchFile, type Query, send, type Token } from "./operator";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Vehicle = Schemas["shared__contracts__fleet__Vehicle"];
export type VehiclePage = Schemas["VehiclePage"];
export type VehicleRequest = Schemas["VehicleRequest"];
/** What is left out stays. */
export type VehicleChange = Partial<Schemas["VehicleChange"]>;
export type Maintenance = Schemas["Maintenance"];
export type MaintenanceRequest = Schemas["MaintenanceRequest"];
export type MaintenancePlanned = Schemas["MaintenancePlanned"];
export type Calendar = Schemas["Calendar"];
export type ClassHours = Schemas["ClassHours"];
export type AllocatedVehicle = Schemas["AllocatedVehicle"];
export type Allocation = Schemas["Allocation"];
export type OverbookingRequest = Schemas["OverbookingRequest"];
export type Overbooking = Schemas["Overbooking"];
export type RateCard = Schemas["RateCard"];
export type RateCards = Schemas["RateCards"];
export type RateVersion = Schemas["RateVersion"];
export type RateChanges = Schemas["RateChanges"];
export type RateChange = Schemas["RateChange"];
export type NewRateCard = Omit<Schemas["NewRateCard"], "lines">;
export type PromoCode = Schemas["PromoCode"];
export type PromoCodeRules = Schemas["PromoCodeRules"];

const ofPlate = (plate: string) => `/operator/vehicles/${encodeURIComponent(plate)}`;

export const listVehicles = (
  token: Token,
  query: Query,
  signal?: AbortSignal,
): Promise<VehiclePage> => askFor(token, "/operator/vehicles", query, signal);

/** The list is in order of plates: of those that begin so, the whole plate stands first. */
export async function findVehicle(
  token: Token,
  plate: string,
  signal?: AbortSignal,
): Promise<Vehicle | null> {
  const { vehicles } = await listVehicles(token, { q: plate, limit: 1 }, signal);
  return vehicles.find((each) => each.plate === plate) ?? null;
}

export const addVehicle = (token: Token, request: VehicleRequest): Promise<Vehicle> =>
  send(token, "POST", "/operator/vehicles", request);

export const changeVehicle = (
  token: Token,
  plate: string,
  change: VehicleChange,
): Promise<Vehicle> => send(token, "PUT", ofPlate(plate), change);

export const planMaintenance = (
  token: Token,
  plate: string,
  request: MaintenanceRequest,
): Promise<MaintenancePlanned> => send(token, "POST", `${ofPlate(plate)}/maintenance`, request);

export const endMaintenance = (token: Token, plate: string, id: string): Promise<Vehicle> =>
  send(token, "DELETE", `${ofPlate(plate)}/maintenance/${encodeURIComponent(id)}`);

export const readCalendar = (
  token: Token,
  query: { branch: string; from: string; to: string },
  signal?: AbortSignal,
): Promise<Calendar> => askFor(token, "/operator/calendar", query, signal);

export const putOverbooking = (token: Token, request: OverbookingRequest): Promise<Overbooking> =>
  send(token, "PUT", "/operator/overbooking", request);

export const readRates = (token: Token, query: Query, signal?: AbortSignal): Promise<RateCards> =>
  askFor(token, "/operator/rates", query, signal);

export const downloadRates = (token: Token, group: string, at: string | null): Promise<Blob> =>
  fetchFile(token, "/operator/rates", { branch_group: group, at }, "text/csv");

export const previewRates = (token: Token, card: NewRateCard): Promise<RateChanges> =>
  send(token, "POST", "/operator/rates/preview", card);

export const publishRates = (token: Token, card: NewRateCard): Promise<RateChanges> =>
  send(token, "PUT", "/operator/rates", card);

export async function listPromoCodes(token: Token, signal?: AbortSignal): Promise<PromoCode[]> {
  const { promo_codes } = await askFor<{ promo_codes: PromoCode[] }>(
    token,
    "/operator/promo-codes",
    {},
    signal,
  );
  return promo_codes;
}

export const putPromoCode = (
  token: Token,
  code: string,
  rules: PromoCodeRules,
): Promise<PromoCode> =>
  send(token, "PUT", `/operator/promo-codes/${encodeURIComponent(code)}`, rules);
