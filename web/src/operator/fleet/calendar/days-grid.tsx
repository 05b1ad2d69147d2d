/** The whole period at a glance: of each class and day the hour with the fewest cars left. */
import { Link } from "../../../shared/router";
import { useFleetWords } from "../i18n";
import { classLabel } from "../parts/catalogue";
import type { CalendarPart } from "./class-summary";
import { balanceOf, cellsOf, levelOf, scarcest, splitDays } from "./hours";
import { viewPath } from "./view";

const DAY: Intl.DateTimeFormatOptions = { weekday: "short", day: "2-digit", month: "2-digit" };

export function DaysGrid({ calendar, view, catalogue }: CalendarPart) {
  const { t, dateTime } = useFleetWords();
  const days = splitDays(calendar.from, calendar.to, calendar.timezone);
  if (days.length < 2 || calendar.classes.length === 0) return null;
  return (
    <section class="fleet-section" aria-labelledby="days">
      <h2 id="days">{t("days.title")}</h2>
      <div class="table-frame" tabIndex={0} role="group" aria-labelledby="days">
        <table class="heat">
          <caption class="visually-hidden">{t("days.title")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("vehicle.class")}</th>
              {days.map(({ date }) => (
                <th key={date} scope="col">
                  <Link href={viewPath({ ...view, day: date, days: 1 })}>
                    {dateTime(`${date}T00:00:00Z`, "UTC", DAY)}
                  </Link>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {calendar.classes.map((hours) => (
              <tr key={hours.class}>
                <th scope="row">
                  <abbr title={classLabel(catalogue, hours.class)}>{hours.class}</abbr>
                </th>
                {days.map((day) => {
                  const cell = scarcest(cellsOf(hours, day));
                  return (
                    <td key={day.date} class={`heat-${levelOf(cell)}`}>
                      {balanceOf(cell)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
