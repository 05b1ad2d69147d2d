/** How the fleet's pages write moments: with the year, for what is planned lies far ahead. */
import { isLocalTime, type LocalTime, toRfc3339 } from "../../../shared/time";

export const WHEN: Intl.DateTimeFormatOptions = {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
};

export const DAY: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", year: "numeric" };

/** As the API wants it; an empty field is nothing, for which the API has its own meaning. */
export const momentOrNothing = (local: LocalTime, timeZone: string): string | null =>
  local === "" ? null : toRfc3339(local, timeZone);

export const isMomentOrEmpty = (local: LocalTime): boolean => local === "" || isLocalTime(local);
