/** The running price beside the form; on a phone it stands above it, folded but for the total. */
import { useState } from "preact/hooks";
import type { Branch, CarClass, Offer, Price } from "../../api/types";
import { useI18n } from "../../shared/i18n";
import { instantOf, isReadersClock } from "../../shared/time";
import { PriceTable } from "../../shared/ui/price-table";
import { CarPicture } from "../cars/car-picture";
import { ClassFacts } from "../cars/class-facts";
import { PolicyText } from "../rental/policy-text";
import type { Trip } from "../search/trip";
import { TripSummary } from "../search/trip-summary";

interface SummaryProps {
  offer: Offer;
  price: Price;
  trip: Trip;
  branches: readonly Branch[];
  timeZone: string;
  carClass: CarClass | undefined;
}

export function Summary({ offer, price, trip, branches, timeZone, carClass }: SummaryProps) {
  const { t, money } = useI18n();
  const [wide] = useState(() => window.matchMedia("(min-width: 60rem)").matches);
  const name = carClass?.name ?? offer.class;
  return (
    <aside class="booking-summary card" aria-label={t("book.summary")}>
      <div class="summary-car">
        <CarPicture carClass={carClass} />
        <div>
          <h2>{name}</h2>
          {carClass && <p class="muted">{t("class.similar", { model: carClass.example_model })}</p>}
        </div>
      </div>
      <details open={wide}>
        <summary>
          {t("book.details")}
          <strong>{money(price.total)}</strong>
        </summary>
        <div class="summary-details">
          {carClass && <ClassFacts carClass={carClass} />}
          <TripSummary trip={trip} branches={branches} />
          {!isReadersClock(instantOf(trip.from, timeZone), timeZone) && (
            <p class="muted">{t("trip.branch_clock")}</p>
          )}
          <PriceTable price={price} caption={t("price.caption", { name })} />
          <PolicyText policy={offer.cancellation_policy} timeZone={timeZone} />
          <p class="muted">{t("price.deposit", { amount: money(offer.deposit) })}</p>
        </div>
      </details>
      <p class="visually-hidden" role="status">
        {t("price.total")}: {money(price.total)}
      </p>
    </aside>
  );
}
