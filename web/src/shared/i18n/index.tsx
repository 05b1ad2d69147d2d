/** The page's language: Portuguese unless the visitor chose, or only reads, English. */
import { type ComponentChildren, createContext } from "preact";
import { useContext, useEffect, useMemo, useState } from "preact/hooks";
import type { Money } from "../../api/types";
import { formatMoney } from "../money";
import { readStored, writeStored } from "../storage";
import { en } from "./en";
import { type MessageKey, type Messages, pt } from "./pt";
import { makeTexts, type Texts } from "./text";

export type Locale = "pt-BR" | "en";
export type { MessageKey };

const MESSAGES: Record<Locale, Messages> = { "pt-BR": pt, en };
const STORED_AS = "locale";

/** How the reader's language and region write things. */
export interface Formats {
  locale: Locale;
  money: (money: Money) => string;
  number: (value: number, options?: Intl.NumberFormatOptions) => string;
  dateTime: (
    iso: string | number,
    timeZone: string,
    options?: Intl.DateTimeFormatOptions,
  ) => string;
  setLocale: (locale: Locale) => void;
}

export type I18n = Formats & Texts<MessageKey>;

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
  return {
    ...makeTexts(messages, locale),
    locale,
    setLocale,
    money: (money) => formatMoney(money, region),
    number: (value, options) => new Intl.NumberFormat(region, options).format(value),
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

/** What `t` and its like say from another dictionary than that of the renters' pages. */
export type Words<Key extends string> = Record<Locale, Readonly<Record<Key, string>>>;

/** The page's formats with the words of an area that renters never load. */
export function useWords<Key extends string>(words: Words<Key>): Formats & Texts<Key> {
  const i18n = useI18n();
  return useMemo(
    () => ({ ...i18n, ...makeTexts(words[i18n.locale], i18n.locale) }),
    [i18n, words],
  );
}
