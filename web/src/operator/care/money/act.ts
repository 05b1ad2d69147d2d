/** What every question about money is given, and how it ends. */
import type { Rental } from "../../../api/types";
import type { Told } from "../parts/told";

export interface ActProps {
  rental: Rental;
  onClose: () => void;
  onDone: (told: Told) => void;
}

export const LONGEST_REASON = 500;
