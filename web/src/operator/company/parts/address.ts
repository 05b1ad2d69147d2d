/** Filters stand in the address: a reload and the way back keep them. */
import { navigate, usePlace } from "../../../shared/router";

/** The same place with `given` in its query; what is empty is no filter and leaves. */
export function addressWith(
  path: string,
  query: URLSearchParams,
  given: Readonly<Record<string, string>>,
): string {
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(given)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  const written = next.toString();
  return written ? `${path}?${written}` : path;
}

/** What is not one of `known` says nothing: whoever types an address sees the whole list. */
export function oneOf<Value extends string>(
  value: string | null,
  known: readonly Value[],
): Value | null {
  return known.find((each) => each === value) ?? null;
}

export interface Filters {
  query: URLSearchParams;
  change: (given: Readonly<Record<string, string>>) => void;
}

export function useFilters(): Filters {
  const { path, query } = usePlace();
  return { query, change: (given) => navigate(addressWith(path, query, given)) };
}
