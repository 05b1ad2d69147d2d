/** Fills `{name}` places of a message; a place without a value stays, so that it is seen. */
export type Values = Record<string, string | number>;

export function fill(message: string, values: Values = {}): string {
  return message.replace(/\{(\w+)\}/g, (place, name: string) =>
    name in values ? String(values[name]) : place,
  );
}

export function placesOf(message: string): string[] {
  return [...message.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "").sort();
}

/** A key's stem when it has a `.one` and an `.other` form. */
export type PluralOf<Key extends string> = Key extends `${infer Stem}.one` ? Stem : never;

export interface Texts<Key extends string> {
  t: (key: Key, values?: Values) => string;
  /** The message in the form that `count` asks for; `{count}` is filled in. */
  count: (key: PluralOf<Key>, count: number, values?: Values) => string;
  /** A message whose key is built from data, or null when there is none. */
  lookUp: (key: string, values?: Values) => string | null;
}

export function makeTexts<Key extends string>(
  messages: Readonly<Record<Key, string>>,
  locale: string,
): Texts<Key> {
  const t: Texts<Key>["t"] = (key, values) => fill(messages[key], values);
  return {
    t,
    count: (key, count, values) => {
      const form = new Intl.PluralRules(locale).select(count) === "one" ? "one" : "other";
      return t(`${key}.${form}` as Key, { count, ...values });
    },
    lookUp: (key, values) => (Object.hasOwn(messages, key) ? t(key as Key, values) : null),
  };
}
