/** Where on a line a car's allocations lie. */
import type { Allocation } from "../../../api/fleet";

/** The line's length in the units of its drawing. */
export const LENGTH = 1000;
/** Narrower than this nobody would see it. */
const NARROWEST = 3;

export interface Bar {
  x: number;
  width: number;
}

/** The part of an allocation within a period; one without an end lasts for good. */
export function barOf({ from, to }: Allocation, begins: string, ends: string): Bar {
  const start = Date.parse(begins);
  const scale = LENGTH / (Date.parse(ends) - start);
  const place = (at: string) => Math.min(Math.max((Date.parse(at) - start) * scale, 0), LENGTH);
  const x = place(from);
  const end = to ? place(to) : LENGTH;
  return { x: Math.min(x, LENGTH - NARROWEST), width: Math.max(end - x, NARROWEST) };
}
