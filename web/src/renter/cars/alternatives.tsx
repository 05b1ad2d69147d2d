/** What else there is for a class that is sold out, each one click away. */
import type { Alternative, Branch, CarClass } from "../../api/types";
import { useI18n } from "../../shared/i18n";
import { Link } from "../../shared/router";
import { type Trip, tripToQuery } from "../search/trip";

export interface AlternativesProps {
  alternatives: readonly Alternative[];
  trip: Trip;
  branches: readonly Branch[];
  classes: readonly CarClass[];
  /** Takes another time or branch where it is looked at, instead of leading to the results. */
  onTrip?: (trip: Trip) => void;
}

export function Alternatives(props: AlternativesProps) {
  const { alternatives, trip, branches, classes, onTrip } = props;
  const { t, money } = useI18n();
  const words = useWords(branches, classes);
  if (alternatives.length === 0) return null;
  return (
    <div class="alternatives">
      <p>{t("alternative.title")}</p>
      <ul>
        {alternatives.map((each) => (
          <li key={`${each.kind} ${each.class} ${each.pickup_branch} ${each.pickup_at}`}>
            {onTrip ? (
              <button type="button" class="link" onClick={() => onTrip(moved(each, trip))}>
                {words(each)} <strong>{money(each.total)}</strong>
              </button>
            ) : (
              <Link href={addressOf(each, trip)}>
                {words(each)} <strong>{money(each.total)}</strong>
              </Link>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

function useWords(branches: readonly Branch[], classes: readonly CarClass[]) {
  const { t, dateTime, number } = useI18n();
  return (each: Alternative): string => {
    const branch = branches.find((known) => known.code === each.pickup_branch);
    if (each.kind === "class") {
      const name = classes.find((known) => known.acriss === each.class)?.name ?? each.class;
      return t("alternative.class", { name });
    }
    if (each.kind === "time") {
      const zone = branch?.timezone ?? "UTC";
      return t("alternative.time", {
        from: dateTime(each.pickup_at, zone),
        to: dateTime(each.return_at, zone),
      });
    }
    const place = branch?.name ?? each.pickup_branch;
    return t("alternative.branch", { place, km: number(each.distance_km ?? 0) });
  };
}

/** A class up is booked as it is; another time or branch is searched for. */
export function addressOf(each: Alternative, trip: Trip): string {
  if (each.kind === "class") return `/book?${tripToQuery(trip)}&class=${each.class}`;
  return `/cars?${tripToQuery(moved(each, trip))}`;
}

function moved(each: Alternative, trip: Trip): Trip {
  return {
    ...trip,
    pickup: each.pickup_branch,
    return: each.return_branch,
    // The API shows a time in its branch's own zone: its digits are the branch's clock.
    from: each.pickup_at.slice(0, 16),
    to: each.return_at.slice(0, 16),
  };
}
