/** What the API says of a card's line, in the reader's words: `{1}` is what it names. */
import type { Texts } from "../../../shared/i18n/text";
import type { FleetKey } from "../i18n";

const SAID: readonly (readonly [RegExp, FleetKey])[] = [
  [/valid integer/, "line.integer"],
  [/greater than or equal to (\d+)/, "line.at_least"],
  [/greater than (\d+)/, "line.above"],
  [/less than or equal to (\d+)/, "line.at_most"],
  [/^Field required/, "line.missing"],
  [/valid boolean/, "line.yes_or_no"],
  [/valid date|invalid (?:date|character in)/, "line.day"],
  [/^Input tag '(.*)' found/, "line.item"],
  [/^Unable to extract tag/, "line.no_item"],
  [/^Extra inputs are not permitted/, "line.not_of_item"],
  [/^there is no (?:class|extra|coverage) (.+)/, "line.unknown"],
  [/^no branch of this group lets cars go from (\S+) to (\S+)/, "line.no_one_way"],
  [/^a column stands twice/, "line.column_twice"],
  [/^(.+) stands twice$/, "line.twice"],
  [/^there is no line of fees/, "line.no_fees"],
  [/^(\S+) has a class line but no rate/, "line.no_rate"],
  [/^(\S+) has a rate but no class line/, "line.no_class"],
  [/^last_day is before first_day/, "line.days"],
  [/^cap_minor is below unit_minor/, "line.cap"],
  [/^is not a column of a rate card/, "line.no_column"],
  [/^this column is missing/, "line.column_missing"],
  [/^has more cells/, "line.cells"],
  [/^a card has at most (\d+) lines/, "line.too_many"],
  [/^is not CSV/, "line.not_csv"],
];

/** Null for what is new here: then the API's own words are shown. */
export function faultInWords(message: string, t: Texts<FleetKey>["t"]): string | null {
  for (const [pattern, key] of SAID) {
    const found = pattern.exec(message);
    if (found) return t(key, { 1: found[1] ?? "", 2: found[2] ?? "" });
  }
  return null;
}
