/** What an area of the console brings: its pages, and which of them stand in the menu. */
import type { ComponentChildren } from "preact";

export interface ConsolePage {
  /** `/operator/rentals/:reference` */
  path: string;
  draw: (parts: Record<string, string>) => ComponentChildren;
}

export interface MenuEntry {
  href: string;
  label: string;
}

export interface Area {
  pages: readonly ConsolePage[];
  /** A hook: in the reader's language, in the order of the menu. */
  useMenu: () => readonly MenuEntry[];
}
