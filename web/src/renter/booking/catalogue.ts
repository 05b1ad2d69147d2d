/** What choosing a car needs beside its offer. */
import { useRef } from "preact/hooks";
import { loadBranches, loadClasses, loadFeatures } from "../../api/calls";
import type { Branch, CarClass, Features } from "../../api/types";
import { useI18n } from "../../shared/i18n";
import { type Loaded, useLoad } from "../../shared/load";

export interface Catalogue {
  branches: readonly Branch[];
  classes: readonly CarClass[];
  features: Features;
}

async function loadCatalogue(locale: string): Promise<Catalogue> {
  const [branches, classes, features] = await Promise.all([
    loadBranches(),
    loadClasses(locale),
    loadFeatures(),
  ]);
  return { branches, classes, features };
}

/** While another language is on its way, the last one stays: nothing typed beside it is lost. */
export function useCatalogue(): Loaded<Catalogue> {
  const { locale } = useI18n();
  const loaded = useLoad(`catalogue ${locale}`, () => loadCatalogue(locale));
  const last = useRef<Catalogue | null>(null);
  last.current = loaded.data ?? last.current;
  return { ...loaded, data: last.current };
}
