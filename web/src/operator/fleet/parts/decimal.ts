/** Numbers as people type them, `12,5` or `12.50`, as integers of their last digit. */

/** Up to `digits` behind one mark; nothing apart thousands, so that `1.234` is not read as two. */
export function parseDecimal(text: string, digits: number): number | null {
  const match = /^(\d{1,9})(?:[.,](\d+))?$/.exec(text.trim());
  const [, whole = "", rest = ""] = match ?? [];
  if (!match || rest.length > digits) return null;
  return Number(whole + rest.padEnd(digits, "0"));
}

/** As it is typed into a field, with the language's mark. */
export function decimalText(scaled: number, digits: number, locale: string): string {
  const whole = scaled % 10 ** digits === 0;
  return new Intl.NumberFormat(locale, {
    minimumFractionDigits: whole ? 0 : Math.min(digits, 2),
    maximumFractionDigits: digits,
    useGrouping: false,
  }).format(scaled / 10 ** digits);
}
