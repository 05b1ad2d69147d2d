/** All that was agreed: the trip, the car, the price, the policy, and what has happened so far. */
import { useLayoutEffect } from "preact/hooks";
import { loadBranches, loadClasses } from "../../api/calls";
import type { Rental, Stop } from "../../api/types";
import { useI18n } from "../../shared/i18n";
import { useLoad } from "../../shared/load";
import { isReadersClock } from "../../shared/time";
import { PriceTable } from "../../shared/ui/price-table";
import { Timeline } from "../../shared/ui/timeline";
import { CarPicture } from "../cars/car-picture";
import { ClassFacts } from "../cars/class-facts";
import { PolicyText } from "./policy-text";
import { labelRental } from "./tokens";

const DAY: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", year: "numeric" };
/** What cancelling costs and what pick-up asks for matter until the car has left. */
const AHEAD = new Set<Rental["status"]>(["PENDING", "CONFIRMED"]);

export function RentalDetails({ rental }: { rental: Rental }) {
  const { t, money, dateTime, locale } = useI18n();
  const classes = useLoad(`classes ${locale}`, () => loadClasses(locale));
  const carClass = classes.data?.find((each) => each.acriss === rental.class);
  const name = carClass?.name ?? rental.class;
  const branches = useLoad("branches", () => loadBranches());
  const cityOf = ({ branch }: Stop) => branches.data?.find(({ code }) => code === branch)?.city;
  const { at, timezone, branch_name: place } = rental.pickup;
  const day = dateTime(at, timezone, DAY);
  // Before it is drawn, and by the code until the class has its name: the reader may leave at once.
  useLayoutEffect(() => {
    labelRental(rental.reference, `${name} · ${place} · ${day}`);
  }, [name, rental.reference, place, day]);
  return (
    <div class="rental-columns">
      <section class="card" aria-labelledby="rental-trip">
        <h2 id="rental-trip">{t("rental.trip")}</h2>
        <div class="summary-car">
          <CarPicture carClass={carClass} />
          <div>
            <strong>{name}</strong>
            {carClass && (
              <p class="muted">{t("class.similar", { model: carClass.example_model })}</p>
            )}
          </div>
        </div>
        {carClass && <ClassFacts carClass={carClass} />}
        <dl class="stops">
          <StopLine
            label={t("trip.pickup")}
            stop={rental.pickup}
            city={cityOf(rental.pickup)}
          />
          <StopLine
            label={t("trip.return")}
            stop={rental.return}
            city={cityOf(rental.return)}
          />
          <div>
            <dt>{t("trip.driver")}</dt>
            <dd>
              <strong>
                {rental.driver.given_name} {rental.driver.family_name}
              </strong>
              <span>{rental.driver.email}</span>
            </dd>
          </div>
        </dl>
        {[rental.pickup, rental.return].some(
          (stop) => !isReadersClock(Date.parse(stop.at), stop.timezone),
        ) && <p class="muted">{t("trip.branch_clock")}</p>}
      </section>
      <section class="card" aria-labelledby="rental-price">
        <h2 id="rental-price">{t("price.title")}</h2>
        <PriceTable price={rental.price} caption={t("price.caption", { name })} />
        {AHEAD.has(rental.status) && (
          <PolicyText policy={rental.cancellation_policy} timeZone={rental.pickup.timezone} />
        )}
        {AHEAD.has(rental.status) && rental.deposit && (
          <p class="muted">{t("price.deposit", { amount: money(rental.deposit) })}</p>
        )}
      </section>
      <Timeline rental={rental} />
    </div>
  );
}

interface StopLineProps {
  label: string;
  stop: Stop;
  city: string | undefined;
}

function StopLine({ label, stop, city }: StopLineProps) {
  const { dateTime } = useI18n();
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <strong>
          <time dateTime={stop.at}>{dateTime(stop.at, stop.timezone)}</time>
        </strong>
        <span>{city ? `${city} · ${stop.branch_name}` : stop.branch_name}</span>
      </dd>
    </div>
  );
}
