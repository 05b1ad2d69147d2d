/** The operators' console: its frame, its menu, and which page an address shows. */
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { Link, matchPath, navigate, usePage, usePlace } from "../shared/router";
import type { Area } from "./area";
import { CARE } from "./care/area";
import { COMPANY } from "./company/area";
import { DESK } from "./desk/area";
import { FLEET } from "./fleet/area";
import { type FrameKey, useFrameWords } from "./i18n";
import { Gate, useSession } from "./session/gate";
import { HOME } from "./session/session";
import "./styles/index.css";

const AREAS: readonly (readonly [FrameKey, Area])[] = [
  ["nav.desk", DESK],
  ["nav.care", CARE],
  ["nav.fleet", FLEET],
  ["nav.company", COMPANY],
];

export function Console() {
  return (
    <Gate>
      <Inside />
    </Gate>
  );
}

function Inside() {
  const { path } = usePlace();
  return (
    <div class="console">
      <Sidebar key={path} />
      <div class="console-page" key={path}>
        {drawPage(path)}
      </div>
    </div>
  );
}

function drawPage(path: string): ComponentChildren {
  if (path === HOME) return <Home />;
  for (const [, area] of AREAS) {
    for (const { path: pattern, draw } of area.pages) {
      const parts = matchPath(pattern, path);
      if (parts) return draw(parts);
    }
  }
  return <NotFound />;
}

/** The console opens where most of the day is spent. */
function Home() {
  const href = DESK.useMenu()[0]?.href;
  useEffect(() => {
    if (href) navigate(href, { replace: true });
  }, [href]);
  return null;
}

/** Folded on a narrow screen: the page comes first there. */
function Sidebar() {
  const { t } = useFrameWords();
  return (
    <aside class="console-side">
      <details class="console-fold" open={window.matchMedia("(min-width: 60rem)").matches}>
        <summary>{t("frame.menu")}</summary>
        <nav aria-label={t("frame.nav")}>
          {AREAS.map(([key, area]) => (
            <Menu key={key} title={t(key)} area={area} />
          ))}
        </nav>
        <Who />
      </details>
    </aside>
  );
}

function Menu({ title, area }: { title: string; area: Area }) {
  const { path } = usePlace();
  const entries = area.useMenu();
  if (entries.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <ul>
        {entries.map(({ href, label }) => (
          <li key={href}>
            <Link href={href} here={path.startsWith(`${href}/`)}>
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Who() {
  const { t } = useFrameWords();
  const { person, signOut } = useSession();
  const branches = person.branches.join(", ");
  return (
    <div class="console-who">
      <p>
        <strong>{person.name}</strong>
        <span class="muted">
          {branches ? t("frame.branches", { branches }) : t("frame.all_branches")}
        </span>
      </p>
      <button type="button" class="button button-quiet button-small" onClick={() => void signOut()}>
        {t("frame.sign_out")}
      </button>
    </div>
  );
}

function NotFound() {
  const { t } = useFrameWords();
  usePage(t("not_found.title"));
  return (
    <>
      <h1 tabIndex={-1}>{t("not_found.title")}</h1>
      <p class="lead">{t("not_found.text")}</p>
    </>
  );
}
