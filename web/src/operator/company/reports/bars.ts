/** Geometry of a chart of columns, in a box of one unit a column and 100 high. */

export interface Bar {
  name: string;
  value: number;
}

export interface Column extends Bar {
  x: number;
  y: number;
  width: number;
  height: number;
}

export const HEIGHT = 100;
const GAP = 0.2;

/** The axis begins at nothing: what is less than nothing has no column. */
export function columnsOf(bars: readonly Bar[], top: number): Column[] {
  return bars.map((bar, index) => {
    const height = top > 0 ? (Math.max(0, bar.value) / top) * HEIGHT : 0;
    return { ...bar, x: index + GAP / 2, y: HEIGHT - height, width: 1 - GAP, height };
  });
}

/** The first round number that no bar exceeds: 1, 2 or 5 and zeros behind it. */
export function topOf(bars: readonly Bar[]): number {
  const highest = Math.max(0, ...bars.map(({ value }) => value));
  if (highest === 0) return 0;
  const zeros = 10 ** Math.floor(Math.log10(highest));
  return [1, 2, 5, 10].map((each) => each * zeros).find((each) => each >= highest) ?? highest;
}

export function highestOf(bars: readonly Bar[]): Bar | null {
  return bars.reduce<Bar | null>(
    (best, bar) => (bar.value > (best?.value ?? 0) ? bar : best),
    null,
  );
}
