/** What stands on a rental's page beside its handover: money, messages, photos, who did what. */
import type { Rental } from "../../api/types";

export interface PanelsProps {
  rental: Rental;
  /** Something has changed: the page reads the rental anew. */
  refresh: () => void;
}

export function Panels(_props: PanelsProps) {
  return null;
}
