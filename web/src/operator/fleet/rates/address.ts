/** Where the pages of rates are, and whose cards they show. */
import type { RateCards } from "../../../api/fleet";

export const RATES = "/operator/rates";

/** Every group that has a card, or had one, or will. */
export const groupsOf = ({ cards, versions }: RateCards): string[] =>
  [...new Set([...cards, ...versions].map((each) => each.branch_group))].sort();
