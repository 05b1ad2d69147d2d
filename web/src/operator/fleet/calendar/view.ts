/** What the calendar shows, as its address says it: a branch, some days, and how. */
import { withQuery } from "../../../api/operator";
import { addDays, dateOf, isLocalDate, type LocalDate, readClock } from "../../../shared/time";

export const SPANS = [1, 3, 7, 14, 28] as const;
export const MEASURES = ["free", "sold"] as const;
export const FORMS = ["table", "text"] as const;

export interface CalendarView {
  branch: string;
  class: string;
  day: LocalDate;
  days: number;
  measure: (typeof MEASURES)[number];
  form: (typeof FORMS)[number];
}

const CALENDAR = "/operator/calendar";
/** As far as the API answers for. */
const DAYS_BACK = 730;
const DAYS_AHEAD = 529;

const oneOf = <T extends string>(known: readonly T[], given: string | null, usual: T): T =>
  known.find((each) => each === given) ?? usual;

/** `today` where the branch is: what an address without a day means. */
export function readView(query: URLSearchParams, branch: string, today: LocalDate): CalendarView {
  const day = query.get("day") ?? "";
  const days = Number(query.get("days"));
  return {
    branch,
    class: query.get("class") ?? "",
    day: isLocalDate(day) ? day : today,
    days: SPANS.find((span) => span === days) ?? 7,
    measure: oneOf(MEASURES, query.get("measure"), "free"),
    form: oneOf(FORMS, query.get("form"), "table"),
  };
}

export const viewPath = (view: CalendarView): string => withQuery(CALENDAR, { ...view });

export const todayAt = (timeZone: string): LocalDate => dateOf(readClock(Date.now(), timeZone));

export const reachOf = (today: LocalDate, days: number): { first: LocalDate; last: LocalDate } => ({
  first: addDays(today, -DAYS_BACK),
  last: addDays(today, DAYS_AHEAD - days),
});
