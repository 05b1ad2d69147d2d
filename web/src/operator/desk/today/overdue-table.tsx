/** Cars that should be back, the longest overdue first, and what they keep waiting. */
import type { NextPlan, OverdueRental } from "../../../api/desk";
import { Link } from "../../../shared/router";
import { type Column, Table } from "../../parts/list";
import { rentalAt } from "../addresses";
import { useDeskWords } from "../i18n";

export function OverdueTable({ rentals }: { rentals: readonly OverdueRental[] }) {
  const { t, dateTime } = useDeskWords();
  const late = useLateness();
  const columns: Column<OverdueRental>[] = [
    { title: t("column.plate"), draw: ({ plate }) => plate },
    { title: t("column.renter"), draw: (rental) => <Who rental={rental} /> },
    {
      title: t("column.return"),
      draw: ({ return: { at, timezone, branch_name } }) => (
        <span class="cell-stack">
          <time dateTime={at}>{dateTime(at, timezone)}</time>
          <span class="muted">{branch_name}</span>
        </span>
      ),
    },
    {
      title: t("overdue.late"),
      draw: ({ minutes_late }) => <strong class="late">{late(minutes_late)}</strong>,
    },
    { title: t("overdue.waits"), draw: (rental) => <Waiting rental={rental} /> },
  ];
  return (
    <Table
      caption={t("today.overdue")}
      items={rentals}
      columns={columns}
      keyOf={({ reference }) => reference}
    />
  );
}

function Who({ rental: { reference, driver } }: { rental: OverdueRental }) {
  const name = `${driver.given_name} ${driver.family_name}`.trim() || reference;
  return (
    <span class="cell-stack">
      <Link href={rentalAt(reference)}>{name}</Link>
      <span class="muted">
        {reference} · {driver.phone}
      </span>
    </span>
  );
}

function Waiting({ rental }: { rental: OverdueRental }) {
  const { t, count } = useDeskWords();
  const { hours_short: short, next_plan: plan } = rental;
  if (!short && !plan) return <span class="muted">—</span>;
  return (
    <span class="cell-stack">
      {short > 0 && <span>{count("overdue.short", short)}</span>}
      {plan && (
        <span>
          {t(`plan.${plan.kind}`)} <PlanTimes plan={plan} timeZone={rental.return.timezone} />
        </span>
      )}
    </span>
  );
}

function PlanTimes({ plan, timeZone }: { plan: NextPlan; timeZone: string }) {
  const { t, dateTime } = useDeskWords();
  return <>{t("plan.from", { when: dateTime(plan.from, timeZone) })}</>;
}

/** `45 min`, `3 h`, `2 d`: how late, at a glance. */
function useLateness(): (minutes: number) => string {
  const { t, number } = useDeskWords();
  return (minutes) => {
    if (minutes < 60) return t("late.minutes", { count: number(minutes) });
    if (minutes < 48 * 60) return t("late.hours", { count: number(Math.floor(minutes / 60)) });
    return t("late.days", { count: number(Math.floor(minutes / (24 * 60))) });
  };
}
