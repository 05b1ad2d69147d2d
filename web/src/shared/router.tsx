/** A router of our own: the History API, links, and focus that follows the page. */
import type { ComponentChildren, TargetedMouseEvent } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useI18n } from "./i18n";

export interface Place {
  path: string;
  query: URLSearchParams;
}

const MOVED = "rentacar:moved";

function readPlace(): Place {
  return {
    path: window.location.pathname.replace(/\/+$/, "") || "/",
    query: new URLSearchParams(window.location.search),
  };
}

export function navigate(to: string, { replace = false } = {}): void {
  if (replace) {
    window.history.replaceState(null, "", to);
  } else {
    window.history.replaceState({ scrollY: window.scrollY }, "");
    window.history.pushState(null, "", to);
  }
  window.dispatchEvent(new Event(MOVED));
}

export function usePlace(): Place {
  const [place, setPlace] = useState(readPlace);
  useEffect(() => {
    const update = () => setPlace(readPlace());
    window.addEventListener("popstate", update);
    window.addEventListener(MOVED, update);
    return () => {
      window.removeEventListener("popstate", update);
      window.removeEventListener(MOVED, update);
    };
  }, []);
  return place;
}

/** `/rentals/:reference` against a path: the named parts, or null. */
export function matchPath(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return null;
  const found: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? "";
    if (part.startsWith(":")) found[part.slice(1)] = decode(value);
    else if (part !== value) return null;
  }
  return found;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

interface LinkProps {
  href: string;
  /** It leads to the part of the site that the page belongs to. */
  here?: boolean;
  class?: string;
  "aria-label"?: string;
  children?: ComponentChildren;
}

export function Link({ href, here = false, children, ...rest }: LinkProps) {
  const { path } = usePlace();
  const follow = (event: TargetedMouseEvent<HTMLAnchorElement>) => {
    const plain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey);
    if (!plain || event.altKey || event.defaultPrevented) return;
    event.preventDefault();
    navigate(href);
  };
  const current = href === path ? "page" : here || undefined;
  return (
    <a {...rest} href={href} aria-current={current} onClick={follow}>
      {children}
    </a>
  );
}

/** How long a page may take to grow back to where it was left. */
const GROWING_MILLISECONDS = 5_000;
/** From these on the visitor decides what is in sight. */
const OWN_MOVES = ["wheel", "touchstart", "pointerdown", "keydown"] as const;
let stopGrowing = () => {};

/** Back at a page that asks for its content anew: down again once there is that much of it. */
function scrollBackTo(top: number): void {
  const look = () => {
    if (document.documentElement.scrollHeight - window.innerHeight < top) return;
    window.scrollTo({ top });
    stopGrowing();
  };
  const growth = new ResizeObserver(look);
  const timer = window.setTimeout(() => stopGrowing(), GROWING_MILLISECONDS);
  const stop = () => {
    growth.disconnect();
    window.clearTimeout(timer);
    for (const move of OWN_MOVES) window.removeEventListener(move, stop);
  };
  for (const move of OWN_MOVES) window.addEventListener(move, stop, { passive: true });
  stopGrowing = stop;
  growth.observe(document.body);
}

let visited = false;

/**
 * Names the page and, except on the first page of a visit, moves the focus to its heading; one that
 * is come back to is shown where it was left.
 */
export function usePage(title: string): void {
  const { t } = useI18n();
  useEffect(() => {
    document.title = `${title} · ${t("brand")}`;
  }, [title, t]);
  useEffect(() => {
    stopGrowing();
    if (visited) {
      const { scrollY = 0 } = (window.history.state ?? {}) as { scrollY?: number };
      window.scrollTo({ top: 0 });
      if (scrollY > 0) scrollBackTo(scrollY);
      document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true });
    }
    visited = true;
  }, []);
}
