/** The day in three figures. */
import type { OverdueRental } from "../../../api/desk";
import { useDeskWords } from "../i18n";
import { type Sorted, tally } from "./day";

interface GlanceProps extends Sorted {
  overdue: readonly OverdueRental[];
  isToday: boolean;
}

export function Glance({ pickups, returns, overdue, isToday }: GlanceProps) {
  const { t, number } = useDeskWords();
  const figures = [
    { key: "pickups", label: t("today.pickups"), ...tally(pickups) },
    { key: "returns", label: t("today.returns"), ...tally(returns) },
  ];
  return (
    <dl class="glance">
      {figures.map(({ key, label, all, done }) => (
        <div key={key}>
          <dt>{label}</dt>
          <dd>
            <strong>{number(all - done)}</strong>
            <span class="muted">
              {t("today.done_of", { done: number(done), all: number(all) })}
            </span>
          </dd>
        </div>
      ))}
      {isToday && (
        <div class={overdue.length > 0 ? "glance-alarm" : undefined}>
          <dt>{t("today.overdue")}</dt>
          <dd>
            <strong>{number(overdue.length)}</strong>
            <span class="muted">{t("today.overdue_now")}</span>
          </dd>
        </div>
      )}
    </dl>
  );
}
