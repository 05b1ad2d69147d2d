/** The offers for a trip that a rental may be changed to. */
import { useRef } from "preact/hooks";
import { searchChange } from "../../../api/changes";
import { ApiProblem } from "../../../api/client";
import type { Branch, ModificationOffers } from "../../../api/types";
import { useI18n } from "../../../shared/i18n";
import { type Loaded, useLoad } from "../../../shared/load";
import { type Trip, tripToOffersQuery, tripToQuery } from "../../search/trip";

export function useChange(
  reference: string,
  token: string,
  trip: Trip | null,
  branches: readonly Branch[] | null,
): Loaded<ModificationOffers> {
  const { locale } = useI18n();
  const asked = trip && branches ? tripToOffersQuery(trip, branches) : null;
  const key = trip && asked ? tripToQuery(trip) : null;
  const found = useLoad(key && `change ${reference} ${key} ${locale}`, async (signal) => {
    if (!asked) throw new ApiProblem("validation_failed", 422, "");
    const { pickup_branch, return_branch, pickup_at, return_at } = asked;
    const query = { pickup_branch, return_branch, pickup_at, return_at };
    return searchChange(reference, token, query, locale, signal);
  });
  // While another language or a fresh offer is on its way, what was chosen stays in sight.
  const last = useRef<{ key: string | null; data: ModificationOffers } | null>(null);
  if (found.data) last.current = { key, data: found.data };
  return { ...found, data: last.current?.key === key ? last.current.data : null };
}
