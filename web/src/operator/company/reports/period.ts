/** The days of a report: in the address, chosen at once, or typed. */
import type { ReportName } from "../../../api/company";
import { addDays, isLocalDate, type LocalDate } from "../../../shared/time";

export interface Period {
  from: LocalDate;
  to: LocalDate;
}

const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

/** The API answers no longer ones. */
export const mostDays = (name: ReportName): number => (name === "manifest" ? 31 : 92);

/** A day of the address, if it is one. */
export const dayOf = (value: string | null): LocalDate =>
  value && isLocalDate(value) ? value : "";

export type Fault = "fault.day" | "fault.backwards" | "fault.too_long";

export function faultOf({ from, to }: Period, most: number): Fault | null {
  if (!isLocalDate(from) || !isLocalDate(to)) return "fault.day";
  if (to < from) return "fault.backwards";
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MILLISECONDS + 1;
  return days > most ? "fault.too_long" : null;
}

export const daysBetween = ({ from, to }: Period): LocalDate[] => {
  const days: LocalDate[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day);
  return days;
};

export type Preset = "today" | "tomorrow" | "next7" | "last7" | "last30" | "next30";

export const presetsOf = (name: ReportName): readonly Preset[] =>
  name === "manifest" ? ["today", "tomorrow", "next7"] : ["last7", "last30", "next30"];

/** `today` is in, except of tomorrow. */
export function periodOf(preset: Preset, today: LocalDate): Period {
  const periods: Record<Preset, Period> = {
    today: { from: today, to: today },
    tomorrow: { from: addDays(today, 1), to: addDays(today, 1) },
    next7: { from: today, to: addDays(today, 6) },
    last7: { from: addDays(today, -6), to: today },
    last30: { from: addDays(today, -29), to: today },
    next30: { from: today, to: addDays(today, 29) },
  };
  return periods[preset];
}
