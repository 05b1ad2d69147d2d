/** All that was agreed: the trip, the car, the price, the policy, and what has happened so far. */
import { useEffect } from "preact/hooks";
import { loadClasses } from "../../api/calls";
import type { Rental, Stop } from "../../api/types";
import { useI18n } from "../../shared/i18n";
import { useLoad } from "../../shared/load";
import { PriceTable } from "../../shared/ui/price-table";
import { Timeline } from "../../shared/ui/timeline";
import { CarPicture } from "../cars/car-picture";
import { ClassFacts } from "../cars/class-facts";
import { PolicyText } from "./policy-text";
import { labelRental } from "./tokens";

export function RentalDetails({ rental }: { rental: Rental }) {
  const { t, money, locale } = useI18n();
  const classes = useLoad(`classes ${locale}`, () => loadClasses(locale));
  const carClass = classes.data?.find((each) => each.acriss === rental.class);
  const name = carClass?.name ?? rental.class;
  useEffect(() => {
    if (carClass) labelRental(rental.reference, `${carClass.name} · ${rental.pickup.branch_name}`);
  }, [carClass, rental.reference, rental.pickup.branch_name]);
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
          <StopLine label={t("trip.pickup")} stop={rental.pickup} />
          <StopLine label={t("trip.return")} stop={rental.return} />
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
      </section>
      <section class="card" aria-labelledby="rental-price">
        <h2 id="rental-price">{t("price.title")}</h2>
        <PriceTable price={rental.price} caption={t("price.caption", { name })} />
        <PolicyText policy={rental.cancellation_policy} timeZone={rental.pickup.timezone} />
        {rental.deposit && (
          <p class="muted">{t("price.deposit", { amount: money(rental.deposit) })}</p>
        )}
      </section>
      <Timeline rental={rental} />
    </div>
  );
}

function StopLine({ label, stop }: { label: string; stop: Stop }) {
  const { dateTime } = useI18n();
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <strong>
          <time dateTime={stop.at}>{dateTime(stop.at, stop.timezone)}</time>
        </strong>
        <span>{stop.branch_name}</span>
      </dd>
    </div>
  );
}
