/** What turning a feature means, apart from how it is drawn. */
import type { Switch } from "../../../api/company";

/** Off, these stop the trade itself. */
const STOPS_TRADE: readonly string[] = ["bookings", "payments"];

export type State = "on" | "off" | "conditional";

export function stateOf({ enabled, conditional }: Switch): State {
  if (!enabled) return "off";
  return conditional ? "conditional" : "on";
}

export function isDangerous({ name, enabled }: Switch): boolean {
  return enabled && STOPS_TRADE.includes(name);
}

/** Past its end a feature is no longer a feature: its owner takes the flag out of the code. */
export function isPastEnd({ expires_on }: Switch, today: string): boolean {
  return !!expires_on && expires_on < today;
}

/** Both directions, so that a page can say them before and after the deed. */
export const wordsOf = ({ name }: Switch, enabled: boolean) =>
  `switch.${name}.${enabled ? "on" : "off"}`;
