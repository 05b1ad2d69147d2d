/** Who drives, from where to where, and what was booked. */
import type { Rental, Stop } from "../../../api/types";
import { useI18n } from "../../../shared/i18n";
import { useClassName } from "../class-name";
import { useDeskWords } from "../i18n";

export function TripCard({ rental }: { rental: Rental }) {
  const { t } = useI18n();
  const { t: desk } = useDeskWords();
  const nameOf = useClassName();
  const { given_name, family_name, email, phone } = rental.driver;
  const name = `${given_name} ${family_name}`.trim();
  return (
    <section class="card" aria-labelledby="rental-trip">
      <h2 id="rental-trip">{desk("rental.trip")}</h2>
      <dl class="stops">
        <div>
          <dt>{t("trip.driver")}</dt>
          <dd>
            <strong>{name || desk("rental.erased")}</strong>
            {email && <a href={`mailto:${email}`}>{email}</a>}
            {phone && <a href={`tel:${phone}`}>{phone}</a>}
          </dd>
        </div>
        <StopLine label={t("trip.pickup")} stop={rental.pickup} />
        <StopLine label={t("trip.return")} stop={rental.return} />
        <div>
          <dt>{desk("column.class")}</dt>
          <dd>
            <strong>{nameOf(rental.class)}</strong>
          </dd>
        </div>
      </dl>
    </section>
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
        <span>{`${stop.branch_name} (${stop.branch})`}</span>
        <span class="muted">{stop.timezone}</span>
      </dd>
    </div>
  );
}
