/** Line icons drawn on a 24-unit grid; always beside text, so hidden from screen readers. */
const PATHS = {
  seat: "M7 4v8a3 3 0 0 0 3 3h5l2 5M7 12l-2 6h9",
  bag: "M6 8h12v11H6zM9 8V5h6v3M9 12v3m6-3v3",
  gear: "M6 5v14m6-14v14M6 12h12V5",
  snow: "M12 3v18M4.5 7.5l15 9m0-9-15 9",
  door: "M6 20V8l5-4h7v16zM15 12h1",
  check: "M5 12.5l4.5 4.5L19 7.5",
  warning: "M12 4 3 20h18zM12 10v4m0 3v.01",
  info: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16m0 7v5m0-8v.01",
  clock: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16m0 3.5V12l3 2",
  pin: "M12 21s7-6.3 7-11a7 7 0 0 0-14 0c0 4.7 7 11 7 11m0-8.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5",
  shield: "M12 3.5 5 6v5.5c0 4.5 3 7.6 7 9 4-1.4 7-4.5 7-9V6zM9 12l2.2 2.2L15.5 10",
  card: "M4 6h16v12H4zM4 10h16M7 15h4",
  arrow: "M5 12h14m-5-5 5 5-5 5",
  back: "M19 12H5m5-5-5 5 5 5",
  calendar: "M5 6h14v14H5zM5 10.5h14M9 3.5V8m6-4.5V8",
  mail: "M4 6h16v12H4zM4 7l8 6 8-6",
  copy: "M9 9h10v11H9zM15 9V4H5v11h4",
  lock: "M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8m-7 8c.6-3.6 3.4-5.5 7-5.5s6.4 1.900 7 5.500",
  star: "m12 4 2.500 5 5.500.800-4 3.900 1 5.500-5-2.600-5 2.600 1-5.500-4-3.900 5.500-.800z",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
