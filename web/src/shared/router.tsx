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
  if (replace) window.history.replaceState(null, "", to);
  else window.history.pushState(null, "", to);
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

let visited = false;

/** Names the page and, except on the first page of a visit, moves the focus to its heading. */
export function usePage(title: string): void {
  const { t } = useI18n();
  useEffect(() => {
    document.title = `${title} · ${t("brand")}`;
  }, [title, t]);
  useEffect(() => {
    if (visited) {
      window.scrollTo({ top: 0 });
      document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true });
    }
    visited = true;
  }, []);
}
