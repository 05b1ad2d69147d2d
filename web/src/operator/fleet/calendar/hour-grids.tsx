/** Each day of the period: a table of classes and hours, or the same in words. */
import { useState } from "preact/hooks";
import { useFleetWords } from "../i18n";
import { classLabel } from "../parts/catalogue";
import type { CalendarPart } from "./class-summary";
import {
  balanceOf,
  type Cell,
  cellsOf,
  type DayOfHours,
  levelOf,
  runsOf,
  splitDays,
} from "./hours";

const DAY: Intl.DateTimeFormatOptions = { weekday: "long", day: "numeric", month: "long" };
const LEVELS = ["many", "some", "few", "none", "short"] as const;
/** More tables at once than this would only be scrolled past. */
const OPEN_AT_FIRST = 3;

export function HourGrids(props: CalendarPart) {
  const { t } = useFleetWords();
  const { calendar, view } = props;
  const days = splitDays(calendar.from, calendar.to, calendar.timezone);
  if (calendar.classes.length === 0) return null;
  return (
    <section class="fleet-section" aria-labelledby="hours">
      <h2 id="hours">{t(`hours.${view.measure}`)}</h2>
      {view.form === "table" && <Legend />}
      {days.map((day, index) => (
        <Day
          key={`${calendar.branch} ${day.date}`}
          {...props}
          day={day}
          open={index < OPEN_AT_FIRST}
        />
      ))}
    </section>
  );
}

function Legend() {
  const { t } = useFleetWords();
  return (
    <ul class="heat-legend" aria-label={t("legend")}>
      {LEVELS.map((level) => (
        <li key={level}>
          <span class={`heat-sample heat-${level}`} aria-hidden="true" />
          {t(`level.${level}`)}
        </li>
      ))}
    </ul>
  );
}

type DayProps = CalendarPart & { day: DayOfHours };

function Day({ open, ...props }: DayProps & { open: boolean }) {
  const { dateTime } = useFleetWords();
  const [isOpen, setOpen] = useState(open);
  const title = dateTime(`${props.day.date}T00:00:00Z`, "UTC", DAY);
  return (
    <details
      class="day-hours"
      open={isOpen}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        <h3>{title}</h3>
      </summary>
      {isOpen && (props.view.form === "table" ? <Grid {...props} /> : <InWords {...props} />)}
    </details>
  );
}

function Grid({ calendar, view, catalogue, day }: DayProps) {
  const { t, dateTime } = useFleetWords();
  const title = dateTime(`${day.date}T00:00:00Z`, "UTC", DAY);
  return (
    // Wider than a phone: whoever has no mouse scrolls it by the arrow keys.
    <div class="table-frame" tabIndex={0} role="group" aria-label={title}>
      <table class="heat">
        <caption class="visually-hidden">
          {t(`hours.${view.measure}`)}, {title}
        </caption>
        <thead>
          <tr>
            <th scope="col">{t("vehicle.class")}</th>
            {day.labels.map((label, index) => (
              <th key={index} scope="col">
                {label}
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
              {cellsOf(hours, day).map((cell, index) => (
                <td key={index} class={`heat-${levelOf(cell)}`}>
                  {view.measure === "free" ? balanceOf(cell) : cell.sold}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function InWords({ calendar, catalogue, day }: DayProps) {
  const { t } = useFleetWords();
  return (
    <dl class="hours-text">
      {calendar.classes.map((hours) => (
        <div key={hours.class}>
          <dt>{classLabel(catalogue, hours.class)}</dt>
          <dd>
            <ul>
              {runsOf(cellsOf(hours, day), day.labels).map((run) => (
                <li key={run.from}>
                  {t("run.period", { from: run.from, to: run.to })} <RunText cell={run} />
                </li>
              ))}
            </ul>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function RunText({ cell }: { cell: Cell }) {
  const { t } = useFleetWords();
  const { cars, sold, free, short } = cell;
  return <>{t(short > 0 ? "run.short" : "run.free", { cars, sold, free, short })}</>;
}
