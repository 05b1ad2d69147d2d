/** Looks again while a bank is about to answer, and then no more. */
import { useEffect, useRef } from "preact/hooks";
import type { Rental } from "../../../api/types";
import { isMoving } from "./balance";

const PAUSE_MILLISECONDS = 3_000;
const MOST_LOOKS = 20;

/** `since`: what was asked last; from then on it is looked anew. */
export function useFollow(rental: Rental, refresh: () => void, since: unknown): void {
  const looks = useRef(0);
  useEffect(() => {
    looks.current = 0;
  }, [since]);
  useEffect(() => {
    if (!isMoving(rental) || looks.current >= MOST_LOOKS) return;
    const timer = window.setTimeout(() => {
      looks.current += 1;
      refresh();
    }, PAUSE_MILLISECONDS);
    return () => window.clearTimeout(timer);
  }, [rental, refresh, since]);
}
