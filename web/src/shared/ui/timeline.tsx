/** What has happened to a rental so far, on its pick-up branch's clock. */
import type { Rental } from "../../api/types";
import { useI18n } from "../i18n";

export function Timeline({ rental }: { rental: Rental }) {
  const { t, lookUp, dateTime } = useI18n();
  return (
    <section class="card" aria-labelledby="timeline">
      <h2 id="timeline">{t("timeline.title")}</h2>
      <ol class="timeline">
        {rental.timeline.map(({ at, event }) => (
          <li key={`${at}-${event}`}>
            <span>{lookUp(`event.${event.toLowerCase()}`) ?? event.replaceAll("_", " ")}</span>
            <time dateTime={at} class="muted">
              {dateTime(at, rental.pickup.timezone)}
            </time>
          </li>
        ))}
      </ol>
    </section>
  );
}
