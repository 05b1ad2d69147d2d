/** The cars that left for it, with what their dials showed. */
import type { Rental } from "../../../api/types";
import { useDeskWords } from "../i18n";

type RentedCar = NonNullable<Rental["cars"]>[number];

export function CarsCard({ rental }: { rental: Rental }) {
  const { t } = useDeskWords();
  if (!rental.cars?.length) return null;
  return (
    <section class="card" aria-labelledby="rental-cars">
      <h2 id="rental-cars">{t("cars.title")}</h2>
      <ul class="desk-cars">
        {rental.cars.map((car) => (
          <li key={`${car.plate} ${car.out_at}`}>
            <p>
              <strong class="plate">{car.plate}</strong> {`${car.model} (${car.class})`}
            </p>
            <dl class="stops">
              <Reading
                label={t("cars.out")}
                at={car.out_at}
                km={car.out_odometer_km}
                eighths={car.out_fuel_eighths}
                timeZone={rental.pickup.timezone}
              />
              <Back car={car} timeZone={rental.return.timezone} />
            </dl>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Back({ car, timeZone }: { car: RentedCar; timeZone: string }) {
  const { t } = useDeskWords();
  const { in_at: at, in_odometer_km: km, in_fuel_eighths: eighths } = car;
  if (at == null || km == null || eighths == null) return null;
  const shown = { at, km, eighths, timeZone };
  return <Reading label={t("cars.in")} {...shown} />;
}

interface ReadingProps {
  label: string;
  at: string;
  km: number;
  eighths: number;
  timeZone: string;
}

function Reading({ label, at, km, eighths, timeZone }: ReadingProps) {
  const { t, dateTime, number } = useDeskWords();
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <time dateTime={at}>{dateTime(at, timeZone)}</time>
        <span>{t("cars.reading", { km: number(km), fuel: `${eighths}/8` })}</span>
      </dd>
    </div>
  );
}
