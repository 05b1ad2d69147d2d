/** Which version of a card is in force, to come or gone by. */
import type { RateVersion } from "../../../api/fleet";

export type Force = "upcoming" | "in_force" | "past";

/** Versions stand with those to come first; of the others the newest of each group counts. */
export function forceOf(
  version: RateVersion,
  versions: readonly RateVersion[],
  now: number,
): Force {
  const begins = Date.parse(version.effective_at);
  if (begins > now) return "upcoming";
  const isReplaced = versions.some((other) => {
    const otherBegins = Date.parse(other.effective_at);
    return (
      other.branch_group === version.branch_group && otherBegins > begins && otherBegins <= now
    );
  });
  return isReplaced ? "past" : "in_force";
}
