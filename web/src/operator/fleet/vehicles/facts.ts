/** What is known of a car whoever it belongs to, as a form has it: text until it is sent. */
import type { Vehicle } from "../../../api/fleet";
import type { FaultKeys } from "../parts/use-faults";

export interface Facts {
  model: string;
  year: string;
  odometer: string;
}

const OLDEST = 1990;
const NEWEST = 2100;
const MOST_KM = 2_000_000;

export const readFacts = (vehicle: Vehicle): Facts => ({
  model: vehicle.model,
  year: String(vehicle.model_year),
  odometer: String(vehicle.odometer_km),
});

export const factsOf = ({ model, year, odometer }: Facts) => ({
  model: model.trim(),
  model_year: Number(year),
  odometer_km: Number(odometer),
});

/** By the API's names, which the controls bear. */
export function checkFacts({ model, year, odometer }: Facts): FaultKeys {
  const found: FaultKeys = {};
  if (!model.trim()) found["model"] = "fault.required";
  const made = Number(year);
  if (!/^\d{4}$/.test(year) || made < OLDEST || made > NEWEST) found["model_year"] = "fault.year";
  if (!/^\d+$/.test(odometer) || Number(odometer) > MOST_KM) found["odometer_km"] = "fault.km";
  return found;
}

export const digits = (typed: string): string => typed.replace(/\D/g, "");
