/** One rental at the counter: what to do next, and everything there is to know about it. */
import { readRental } from "../../../api/desk";
import type { Rental } from "../../../api/types";
import { isMoving } from "../../../renter/rental/phase";
import { Link, usePage } from "../../../shared/router";
import { ProblemNotice } from "../../../shared/ui/notice";
import { Skeleton } from "../../../shared/ui/skeleton";
import { Timeline } from "../../../shared/ui/timeline";
import { Panels } from "../../care/panels";
import { Forbidden } from "../../parts/forbidden";
import { useSession } from "../../session/gate";
import { Handover } from "../actions/handover";
import { RENTALS } from "../addresses";
import { useDeskWords } from "../i18n";
import { StatusBadge } from "../status-badge";
import { useFresh } from "../use-fresh";
import { CarsCard } from "./cars-card";
import { MoneyCard } from "./money-card";
import { PapersCard } from "./papers-card";
import { TripCard } from "./trip-card";

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
      {problem && problem.status !== 403 && <ProblemNotice problem={problem} retry={reload} />}
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
              <MoneyCard rental={data} />
              <Timeline rental={data} />
            </div>
          </div>
          <Panels rental={data} refresh={reload} />
        </>
      )}
    </>
  );
}
