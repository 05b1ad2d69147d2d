/** A card's lines and values in words: `day_minor` of 11990 is a day at R$ 119,90. */
import type { RateCard } from "../../../api/fleet";
import { isLocalDate } from "../../../shared/time";
import type { useFleetWords } from "../i18n";
import { DAY } from "../parts/when";

export type CardLine = RateCard["lines"][number];
export type LineOf<Item extends CardLine["item"]> = Extract<CardLine, { item: Item }>;
type Words = ReturnType<typeof useFleetWords>;

export const linesOf = <Item extends CardLine["item"]>(
  lines: readonly CardLine[],
  item: Item,
): LineOf<Item>[] => lines.filter((line): line is LineOf<Item> => line.item === item);

const BASIS_POINTS = 10_000;
/** A Monday, from which the days of a week are counted. */
const MONDAY = Date.parse("2024-01-01T00:00:00Z");
const DAY_MILLISECONDS = 86_400_000;

export function weekdayName(weekday: number, { dateTime }: Words): string {
  const at = MONDAY + (weekday - 1) * DAY_MILLISECONDS;
  return dateTime(at, "UTC", { weekday: "short" });
}

export const dayText = (day: string, { dateTime }: Words): string =>
  dateTime(`${day}T00:00:00Z`, "UTC", DAY);

export const percentText = (basisPoints: number, { number }: Words): string =>
  `${number((basisPoints * 100) / BASIS_POINTS)}%`;

/** A field's value as its name says that it is meant. */
export function valueText(name: string, value: unknown, currency: string, words: Words): string {
  if (value === null || value === undefined) return words.t("rates.nothing");
  if (typeof value === "boolean") return words.t(value ? "yes" : "no");
  if (Array.isArray(value)) {
    return value.map((day) => weekdayName(Number(day), words)).join(", ");
  }
  if (typeof value === "number") {
    if (name.endsWith("_minor")) return words.money({ amount: value, currency });
    if (name.endsWith("_basis_points")) return percentText(value, words);
    if (name.endsWith("_percent")) return `${words.number(value)}%`;
    return words.number(value);
  }
  const text = String(value);
  return isLocalDate(text) ? dayText(text, words) : text;
}

export const fieldName = (name: string, { lookUp }: Words): string =>
  lookUp(`field.${name}`) ?? name;

/** `rate ECMR 2026-12-15 2027-02-28`, as the API names a line, in words. */
export function lineName(line: string, words: Words): string {
  const [item = "", ...about] = line.split(" ");
  const codes = about.filter((part) => !isLocalDate(part)).join(item === "one_way" ? " → " : " ");
  const days = about.filter(isLocalDate).map((day) => dayText(day, words));
  const what = [words.lookUp(`item.${item}`) ?? item, codes].filter(Boolean).join(" ");
  return days.length > 0 ? `${what}, ${days.join(" – ")}` : what;
}
