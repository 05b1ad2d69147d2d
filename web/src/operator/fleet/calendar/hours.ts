/** Hours of the calendar as people read them: by day of the branch, and how scarce cars are. */
import type { ClassHours } from "../../../api/fleet";
import { type LocalDate, readClock } from "../../../shared/time";

const HOUR = 3_600_000;

/** Hours of one day: those of the lists from `first` on. A day may have 23 or 25. */
export interface DayOfHours {
  date: LocalDate;
  first: number;
  /** `10`, or `10:30` where clocks are half an hour off. */
  labels: readonly string[];
}

export function splitDays(from: string, to: string, timeZone: string): DayOfHours[] {
  const begins = Date.parse(from);
  const days: { date: LocalDate; first: number; labels: string[] }[] = [];
  const count = Math.round((Date.parse(to) - begins) / HOUR);
  for (let hour = 0; hour < count; hour += 1) {
    const clock = readClock(begins + hour * HOUR, timeZone);
    const date = clock.slice(0, 10);
    const time = clock.slice(11).replace(/:00$/, "");
    const last = days.at(-1);
    if (last?.date === date) last.labels.push(time);
    else days.push({ date, first: hour, labels: [time] });
  }
  return days;
}

/** One hour of a class. */
export interface Cell {
  cars: number;
  sold: number;
  free: number;
  short: number;
}

export const cellOf = ({ cars, sold, free, short }: ClassHours, hour: number): Cell => ({
  cars: cars[hour] ?? 0,
  sold: sold[hour] ?? 0,
  free: free[hour] ?? 0,
  short: short[hour] ?? 0,
});

export const cellsOf = (hours: ClassHours, day: DayOfHours): Cell[] =>
  day.labels.map((_, index) => cellOf(hours, day.first + index));

/** From plenty to more sold than there is: what colours a cell. */
export type Level = "many" | "some" | "few" | "none" | "short" | "absent";

const FEW = 0.15;
const SOME = 0.4;

export function levelOf({ cars, sold, free, short }: Cell): Level {
  if (short > 0) return "short";
  if (cars <= 0 && sold === 0) return "absent";
  if (free <= 0) return "none";
  const left = free / Math.max(cars, 1);
  if (left <= FEW) return "few";
  return left <= SOME ? "some" : "many";
}

/** What is left to sell; below nothing where more is sold than there is. */
export const balanceOf = ({ free, short }: Cell): number => (short > 0 ? -short : free);

/** The hour that decides whether one more rental fits; of several the one with the most sold. */
export function scarcest(cells: readonly Cell[]): Cell {
  const [first = { cars: 0, sold: 0, free: 0, short: 0 }, ...rest] = cells;
  const isScarcer = (one: Cell, other: Cell) => {
    const difference = balanceOf(one) - balanceOf(other);
    return difference < 0 || (difference === 0 && one.sold > other.sold);
  };
  return rest.reduce((worst, cell) => (isScarcer(cell, worst) ? cell : worst), first);
}

/** Hours in a row that are alike: `to` is the label of the first that is not, or the day's end. */
export interface Run extends Cell {
  from: string;
  to: string;
}

export function runsOf(cells: readonly Cell[], labels: readonly string[]): Run[] {
  const runs: Run[] = [];
  for (const [index, cell] of cells.entries()) {
    const to = labels[index + 1] ?? "24";
    const last = runs.at(-1);
    if (last && isAlike(last, cell)) last.to = to;
    else runs.push({ ...cell, from: labels[index] ?? "", to });
  }
  return runs;
}

const isAlike = (one: Cell, other: Cell): boolean =>
  one.free === other.free && one.sold === other.sold && one.short === other.short;
