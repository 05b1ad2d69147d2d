/** One rental at the counter: what to do next, and everything there is to know about it. */
import { readRental } from "../../../api/desk";
import type { Rental } from "../../../api/types";
import { isMoving } from "../../../renter/rental/phase";
import { Link, usePage } from "../../../shared/router";
import { Notice, ProblemNotice } from "../../../shared/ui/notice";
import { Skeleton } from "../../../shared/ui/skeleton";
import { Timeline } from "../../../shared/ui/timeline";
import { MoneyPanel } from "../../care/money/money-panel";
import { Panels, useRound } from "../../care/panels";
import { Forbidden } from "../../parts/forbidden";
import { useSession } from "../../session/gate";
import { Handover } from "../actions/handover";
import { RENTALS } from "../addresses";
import { useDeskWords } from "../i18n";
import { StatusBadge } from "../status-badge";
import { useFresh } from "../use-fresh";
import { CarsCard } from "./cars-card";
import { PapersCard } from "./papers-card";
import { TripCard } from "./trip-card";

/** Said in words of their own. */
const KNOWN_REFUSALS = new Set([403, 404]);
const STILL_MILLISECONDS = 30_000;
const MOVING_MILLISECONDS = 3_000;
const pauseOf = (rental: Rental | null) =>
  rental && isMoving(rental) ? MOVING_MILLISECONDS : STILL_MILLISECONDS;

export function RentalPage({ reference }: { reference: string }) {
  const { t, locale } = useDeskWords();
  const { token } = useSession();
  const title = t("rental.title", { reference });
  usePage(title);
  const { data, problem, pending, reload } = useFresh(
    `rental ${reference} ${locale}`,
    (signal) => readRental(token, reference, locale, signal),
    pauseOf,
  );
  const { round, changed } = useRound();
  const changedMoney = () => {
    changed();
    reload();
  };
  return (
    <>
      <p class="desk-back">
        <Link href={RENTALS}>{t("rental.all")}</Link>
      </p>
      <div class="desk-title">
        <h1 tabIndex={-1}>{title}</h1>
        {data && <StatusBadge status={data.status} />}
      </div>
      {problem?.status === 403 && <Forbidden />}
      {problem?.status === 404 && <Notice tone="danger">{t("rental.unknown")}</Notice>}
      {problem && !KNOWN_REFUSALS.has(problem.status) && (
        <ProblemNotice problem={problem} retry={reload} />
      )}
      {pending && <Skeleton shapes={6} />}
      {data && (
        <>
          <Handover rental={data} refresh={reload} />
          <div class="desk-columns">
            <div class="rental-columns">
              <TripCard rental={data} />
              <CarsCard rental={data} />
              <PapersCard rental={data} />
            </div>
            <div class="rental-columns">
              <MoneyPanel rental={data} look={reload} changed={changedMoney} />
              <Timeline rental={data} />
            </div>
          </div>
          <Panels rental={data} round={round} changed={changed} />
        </>
      )}
    </>
  );
}
