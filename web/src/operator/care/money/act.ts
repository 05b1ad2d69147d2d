/** What every question about money is given, and how it ends. */
import { useEffect } from "preact/hooks";
import type { ApiProblem } from "../../../api/client";
import type { Rental } from "../../../api/types";
import type { Told } from "../parts/told";

export interface ActProps {
  rental: Rental;
  /** Reads the rental anew. */
  look: () => void;
  onClose: () => void;
  onDone: (told: Told) => void;
}

export const LONGEST_REASON = 500;

/** Whoever is refused has seen an older rental: its limits are read anew. */
export function useReread(problem: ApiProblem | null, look: () => void): void {
  useEffect(() => {
    if (problem) look();
    // Once for each refusal, whatever becomes of the page meanwhile.
  }, [problem]);
}
