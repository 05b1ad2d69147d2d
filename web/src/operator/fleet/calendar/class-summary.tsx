/** Each class of the period in one line, and how far it may be sold beyond its cars. */
import { useState } from "preact/hooks";
import type { Calendar, ClassHours } from "../../../api/fleet";
import { type Column, Table } from "../../parts/list";
import { useFleetWords } from "../i18n";
import { type Catalogue, classLabel } from "../parts/catalogue";
import { Told } from "../parts/told";
import { balanceOf, cellOf, levelOf, scarcest } from "./hours";
import { OverbookingDialog } from "./overbooking-dialog";
import type { CalendarView } from "./view";

export interface CalendarPart {
  calendar: Calendar;
  view: CalendarView;
  catalogue: Catalogue;
}

export function ClassSummary({ calendar, catalogue, refresh }: CalendarPart & { refresh(): void }) {
  const { t } = useFleetWords();
  const [asked, setAsked] = useState<ClassHours | null>(null);
  const [said, setSaid] = useState("");
  const columns: Column<ClassHours>[] = [
    { title: t("vehicle.class"), draw: (hours) => classLabel(catalogue, hours.class) },
    { title: t("summary.cars"), numeric: true, draw: ({ cars }) => range(cars) },
    { title: t("summary.sold"), numeric: true, draw: ({ sold }) => Math.max(0, ...sold) },
    { title: t("summary.fewest"), numeric: true, draw: (hours) => <Fewest hours={hours} /> },
    {
      title: t("summary.short"),
      numeric: true,
      draw: ({ short }) => short.filter((cars) => cars > 0).length,
    },
    {
      title: t("overbooking.title"),
      numeric: true,
      draw: (hours) => (
        <span class="overbooking">
          {t("percent", { percent: hours.overbooking_percent })}
          <button
            type="button"
            class="button button-quiet button-small"
            aria-label={t("overbooking.change_of", { class: hours.class })}
            onClick={() => {
              setSaid("");
              setAsked(hours);
            }}
          >
            {t("change")}
          </button>
        </span>
      ),
    },
  ];
  return (
    <section class="fleet-section" aria-labelledby="summary">
      <h2 id="summary">{t("summary.title")}</h2>
      {calendar.classes.length > 0 ? (
        <Table
          caption={t("summary.title")}
          items={calendar.classes}
          columns={columns}
          keyOf={(hours) => hours.class}
        />
      ) : (
        <p class="muted">{t("calendar.no_classes")}</p>
      )}
      <Told what={said} />
      {asked && (
        <OverbookingDialog
          branch={calendar.branch}
          hours={asked}
          catalogue={catalogue}
          onClose={() => setAsked(null)}
          onDone={(what) => {
            setAsked(null);
            setSaid(what);
            refresh();
          }}
        />
      )}
    </section>
  );
}

function Fewest({ hours }: { hours: ClassHours }) {
  const cell = scarcest(hours.cars.map((_, hour) => cellOf(hours, hour)));
  return <span class={`heat-number heat-${levelOf(cell)}`}>{balanceOf(cell)}</span>;
}

function range(numbers: readonly number[]): string {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return least === most ? String(least) : `${least}–${most}`;
}
