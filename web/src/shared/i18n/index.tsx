/** The page's language: Portuguese unless the visitor chose, or only reads, English. */
import { type ComponentChildren, createContext } from "preact";
import { useContext, useEffect, useMemo, useState } from "preact/hooks";
import type { Money } from "../../api/types";
import { formatMoney } from "../money";
import { readStored, writeStored } from "../storage";
import { en } from "./en";
import { type MessageKey, type Messages, pt } from "./pt";
import { fill, type Values } from "./text";

export type Locale = "pt-BR" | "en";
export type { MessageKey };

const MESSAGES: Record<Locale, Messages> = { "pt-BR": pt, en };
const STORED_AS = "locale";

/** A key's stem when it has a `.one` and an `.other` form. */
export type PluralKey = {
  [Key in MessageKey]: Key extends `${infer Stem}.one` ? Stem : never;
}[MessageKey];

export interface I18n {
  locale: Locale;
  t: (key: MessageKey, values?: Values) => string;
  /** The message in the form that `count` asks for; `{count}` is filled in. */
  count: (key: PluralKey, count: number, values?: Values) => string;
  /** A message whose key is built from data, or null when there is none. */
  lookUp: (key: string, values?: Values) => string | null;
  money: (money: Money) => string;
  number: (value: number) => string;
  dateTime: (
    iso: string | number,
    timeZone: string,
    options?: Intl.DateTimeFormatOptions,
  ) => string;
  setLocale: (locale: Locale) => void;
}

const LONG: Intl.DateTimeFormatOptions = {
  weekday: "short",
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
};

export function makeI18n(locale: Locale, setLocale: (locale: Locale) => void = () => {}): I18n {
  const messages = MESSAGES[locale];
  // British order and 24-hour clock: branches everywhere print their hours so.
  const region = locale === "en" ? "en-GB" : locale;
  const t: I18n["t"] = (key, values) => fill(messages[key], values);
  return {
    locale,
    setLocale,
    t,
    count: (key, count, values) => {
      const form = new Intl.PluralRules(locale).select(count) === "one" ? "one" : "other";
      return t(`${key}.${form}` as MessageKey, { count, ...values });
    },
    lookUp: (key, values) => (Object.hasOwn(messages, key) ? t(key as MessageKey, values) : null),
    money: (money) => formatMoney(money, region),
    number: (value) => new Intl.NumberFormat(region).format(value),
    dateTime: (iso, timeZone, options = LONG) =>
      new Intl.DateTimeFormat(region, { ...options, timeZone }).format(new Date(iso)),
  };
}

export function preferredLocale(stored: string | null, languages: readonly string[] = []): Locale {
  if (stored === "pt-BR" || stored === "en") return stored;
  const first = languages.find((tag) => /^(pt|en)\b/i.test(tag));
  return first && /^en/i.test(first) ? "en" : "pt-BR";
}

const Context = createContext<I18n>(makeI18n("pt-BR"));

export function I18nProvider({ children }: { children: ComponentChildren }) {
  const [locale, setLocale] = useState<Locale>(() =>
    preferredLocale(readStored(STORED_AS), navigator.languages),
  );
  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);
  const value = useMemo(
    () =>
      makeI18n(locale, (chosen) => {
        writeStored(STORED_AS, chosen);
        setLocale(chosen);
      }),
    [locale],
  );
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export const useI18n = (): I18n => useContext(Context);
