/** Each car of the branch: what it is kept for in the period, drawn and said. */
import type { AllocatedVehicle, Allocation } from "../../../api/fleet";
import { Link } from "../../../shared/router";
import { type Column, Table } from "../../parts/list";
import { useFleetWords } from "../i18n";
import { vehiclePath } from "../vehicles/filters";
import type { CalendarPart } from "./class-summary";
import { splitDays } from "./hours";
import { barOf, LENGTH } from "./timeline";

const HEIGHT = 20;
const WHEN: Intl.DateTimeFormatOptions = {
  day: "2-digit",
  month: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
};

export function Timelines({ calendar }: CalendarPart) {
  const { t } = useFleetWords();
  const { vehicles } = calendar;
  const kept = vehicles.filter(({ allocations }) => allocations.length > 0);
  const columns: Column<AllocatedVehicle>[] = [
    {
      title: t("vehicle.plate"),
      draw: ({ plate }) => <Link href={vehiclePath(plate)}>{plate}</Link>,
    },
    { title: t("vehicle.class"), draw: (car) => car.class },
    {
      title: t("timeline.period"),
      draw: (car) => (
        <div class="car-line">
          <Line allocations={car.allocations} calendar={calendar} />
          <Said allocations={car.allocations} timeZone={calendar.timezone} />
        </div>
      ),
    },
  ];
  return (
    <section class="fleet-section" aria-labelledby="timelines">
      <h2 id="timelines">{t("timeline.title")}</h2>
      <p class="muted">{t("timeline.note")}</p>
      {vehicles.length === 0 && <p class="muted">{t("vehicles.none")}</p>}
      {kept.length > 0 && (
        <Table
          caption={t("timeline.title")}
          items={kept}
          columns={columns}
          keyOf={({ plate }) => plate}
        />
      )}
      <Unused vehicles={vehicles} />
    </section>
  );
}

/** Cars that are kept for nothing, by their class: a line of each would say no more. */
function Unused({ vehicles }: { vehicles: readonly AllocatedVehicle[] }) {
  const { t } = useFleetWords();
  const plates = new Map<string, string[]>();
  for (const { allocations, class: code, plate } of vehicles) {
    if (allocations.length === 0) plates.set(code, [...(plates.get(code) ?? []), plate]);
  }
  if (plates.size === 0) return null;
  return (
    <>
      <h3>{t("timeline.free")}</h3>
      <dl class="unused">
        {[...plates].map(([code, each]) => (
          <div key={code}>
            <dt>{code}</dt>
            <dd>
              {each.map((plate) => (
                <Link key={plate} href={vehiclePath(plate)}>
                  {plate}
                </Link>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

interface LineProps extends Pick<CalendarPart, "calendar"> {
  allocations: readonly Allocation[];
}

function Line({ allocations, calendar }: LineProps) {
  const { from, to, timezone } = calendar;
  const hours = (Date.parse(to) - Date.parse(from)) / 3_600_000;
  return (
    <svg
      class="car-line-line"
      viewBox={`0 0 ${LENGTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      <rect class="car-line-ground" width={LENGTH} height={HEIGHT} />
      {allocations.map((each) => (
        <rect
          key={each.from}
          class={`car-line-${each.kind}`}
          height={HEIGHT}
          {...barOf(each, from, to)}
        />
      ))}
      {splitDays(from, to, timezone)
        .slice(1)
        .map(({ date, first }) => (
          <rect
            key={date}
            class="car-line-midnight"
            x={(first / hours) * LENGTH}
            width={1}
            height={HEIGHT}
          />
        ))}
    </svg>
  );
}

function Said({ allocations, timeZone }: { allocations: Allocation[]; timeZone: string }) {
  const { t, dateTime } = useFleetWords();
  return (
    <ul class="car-line-said">
      {allocations.map(({ kind, from, to, reference, reason }) => (
        <li key={from}>
          <span class={`car-line-sample car-line-${kind}`} aria-hidden="true" />
          <span>
            {t(`allocation.${kind}`)}{" "}
            {reference && <Link href={`/operator/rentals/${reference}`}>{reference}</Link>}
            {reason && `(${reason}) `}{" "}
            {t(to ? "allocation.period" : "allocation.for_good", {
              from: dateTime(from, timeZone, WHEN),
              to: to ? dateTime(to, timeZone, WHEN) : "",
            })}
          </span>
        </li>
      ))}
    </ul>
  );
}
