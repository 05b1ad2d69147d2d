/** How long a renter has waited, in words, and when that is too long. */
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const TOO_LONG = DAY;

/** `há 3 horas`, `3 hours ago`: in days from two on. */
export function elapsedText(since: string, locale: string, now = Date.now()): string {
  const passed = Math.max(0, now - Date.parse(since));
  const words = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  if (passed < HOUR) return words.format(-Math.floor(passed / 60_000), "minute");
  if (passed < 2 * DAY) return words.format(-Math.floor(passed / HOUR), "hour");
  return words.format(-Math.floor(passed / DAY), "day");
}

export const waitsTooLong = (since: string, now = Date.now()): boolean =>
  now - Date.parse(since) >= TOO_LONG;
