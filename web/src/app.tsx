/** The frame around every page, and which page an address shows. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ApiProblem } from "./api/client";
import { BookPage } from "./renter/booking/book-page";
import { CarsPage } from "./renter/cars/cars-page";
import { LegalPage } from "./renter/legal/legal-page";
import { FindPage } from "./renter/rental/find-page";
import { RentalPage } from "./renter/rental/rental-page";
import { SearchPage } from "./renter/search/search-page";
import { type Locale, useI18n } from "./shared/i18n";
import { Link, matchPath, usePage, usePlace } from "./shared/router";
import { ProblemNotice } from "./shared/ui/notice";
import { Skeleton } from "./shared/ui/skeleton";

type Draw = (parts: Record<string, string>) => ComponentChildren;
const PAGES: readonly (readonly [string, Draw])[] = [
  ["/", () => <SearchPage />],
  ["/cars", () => <CarsPage />],
  ["/book", () => <BookPage />],
  ["/rentals", () => <FindPage />],
  [
    "/rentals/:reference",
    ({ reference = "" }) => <RentalPage key={reference} reference={reference.toUpperCase()} />,
  ],
  ["/terms", () => <LegalPage key="terms" about="terms" />],
  ["/privacy", () => <LegalPage key="privacy" about="privacy" />],
];

const isOperators = (path: string) => /^\/operator(\/|$)/.test(path);

function drawPage(path: string): ComponentChildren {
  if (isOperators(path)) return <Operators />;
  for (const [pattern, draw] of PAGES) {
    const parts = matchPath(pattern, path);
    if (parts) return draw(parts);
  }
  return <NotFound />;
}

export function App() {
  const { path } = usePlace();
  const { t } = useI18n();
  return (
    <>
      <a class="skip" href="#main">
        {t("nav.skip")}
      </a>
      <Header operators={isOperators(path)} />
      <Offline />
      <main id="main" tabIndex={-1}>
        {drawPage(path)}
      </main>
      <Footer operators={isOperators(path)} />
    </>
  );
}

type Component = () => ComponentChildren;

/** Renters do not download what only operators use. */
function Operators() {
  const [loaded, setLoaded] = useState<{ Console: Component } | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    import("./operator/console").then(setLoaded, () => setFailed(true));
  }, []);
  if (loaded) return <loaded.Console />;
  return (
    <div class="wrap page page-narrow">
      {failed ? (
        <ProblemNotice
          problem={new ApiProblem("network", 0, "")}
          retry={() => window.location.reload()}
        />
      ) : (
        <Skeleton shapes={3} />
      )}
    </div>
  );
}

interface FrameProps {
  /** The console is as wide as the screen, and keeps what concerns renters out of the way. */
  operators: boolean;
}

function Header({ operators }: FrameProps) {
  const { t } = useI18n();
  return (
    <header class="site-header">
      <div class={operators ? "wrap wrap-wide" : "wrap"}>
        <Link href={operators ? "/operator" : "/"} class="brand">
          <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <rect width="32" height="32" rx="9" />
            <path d="M7 20v-3.200l2.600-5.200h12.800l2.600 5.200V20M7 17h18" />
            <circle cx="11" cy="20.500" r="2.200" />
            <circle cx="21" cy="20.500" r="2.200" />
          </svg>
          {t("brand")}
        </Link>
        <nav aria-label={t("nav.main")}>
          {!operators && <Link href="/rentals">{t("nav.rentals")}</Link>}
          <LanguageSwitch />
        </nav>
      </div>
    </header>
  );
}

const LANGUAGES: readonly { locale: Locale; short: string; name: string }[] = [
  { locale: "pt-BR", short: "PT", name: "Português" },
  { locale: "en", short: "EN", name: "English" },
];

function LanguageSwitch() {
  const { t, locale, setLocale } = useI18n();
  return (
    <div class="languages" role="group" aria-label={t("nav.language")}>
      {LANGUAGES.map((each) => (
        <button
          key={each.locale}
          type="button"
          lang={each.locale}
          aria-label={`${each.short}: ${each.name}`}
          aria-pressed={locale === each.locale}
          onClick={() => setLocale(each.locale)}
        >
          {each.short}
        </button>
      ))}
    </div>
  );
}

function Offline() {
  const { t } = useI18n();
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const update = () => setOnline(navigator.onLine);
    window.addEventListener("online", update);
    window.addEventListener("offline", update);
    return () => {
      window.removeEventListener("online", update);
      window.removeEventListener("offline", update);
    };
  }, []);
  return <div role="status">{!online && <p class="offline">{t("offline")}</p>}</div>;
}

function Footer({ operators }: FrameProps) {
  const { t } = useI18n();
  return (
    <footer class="site-footer">
      <div class={operators ? "wrap wrap-wide" : "wrap"}>
        {!operators && <p>{t("footer.line")}</p>}
        <nav aria-label={t("nav.legal")}>
          <Link href="/terms">{t("terms.title")}</Link>
          <Link href="/privacy">{t("privacy.title")}</Link>
        </nav>
      </div>
    </footer>
  );
}

function NotFound() {
  const { t } = useI18n();
  usePage(t("not_found.title"));
  return (
    <div class="wrap page page-narrow">
      <h1 tabIndex={-1}>{t("not_found.title")}</h1>
      <p class="lead">{t("not_found.text")}</p>
      <p>
        <Link class="button button-primary" href="/">
          {t("rental.new_search")}
        </Link>
      </p>
    </div>
  );
}
