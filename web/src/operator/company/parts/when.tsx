/** A moment of no branch's: on the clock of whoever reads, with the name of its zone. */
import { useI18n } from "../../../shared/i18n";

const EXACT: Intl.DateTimeFormatOptions = {
  day: "2-digit",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  timeZoneName: "short",
};

export function When({ at }: { at: string }) {
  const { dateTime } = useI18n();
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return (
    <time class="when" dateTime={at}>
      {dateTime(at, timeZone, EXACT)}
    </time>
  );
}
