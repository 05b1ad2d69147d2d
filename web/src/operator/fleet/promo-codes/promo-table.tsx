/** Every code in a line. */
import type { PromoCode } from "../../../api/fleet";
import { type Column, Table } from "../../parts/list";
import { useFleetWords } from "../i18n";
import { WHEN } from "../parts/when";
import { dayText, percentText } from "../rates/words";

interface TableProps {
  codes: readonly PromoCode[];
  zone: string;
  onChange: (promo: PromoCode) => void;
}

export function PromoTable({ codes, zone, onChange }: TableProps) {
  const { t } = useFleetWords();
  const columns: Column<PromoCode>[] = [
    { title: t("promo.code"), draw: ({ code }) => code },
    { title: t("promo.off"), draw: (promo) => <Off promo={promo} /> },
    { title: t("promo.valid"), draw: (promo) => <Valid promo={promo} zone={zone} /> },
    { title: t("promo.only"), draw: (promo) => <Only promo={promo} /> },
    { title: t("promo.uses"), draw: (promo) => <Uses promo={promo} />, numeric: true },
    {
      title: t("actions"),
      draw: (promo) => (
        <button
          type="button"
          class="button button-quiet button-small"
          aria-label={t("promo.change_of", { code: promo.code })}
          onClick={() => onChange(promo)}
        >
          {t("change")}
        </button>
      ),
    },
  ];
  return (
    <Table
      caption={t("promos.title")}
      items={codes}
      columns={columns}
      keyOf={({ code }) => code}
    />
  );
}

function Off({ promo: { amount, basis_points: points } }: { promo: PromoCode }) {
  const words = useFleetWords();
  return <>{amount ? words.money(amount) : percentText(points ?? 0, words)}</>;
}

function Valid({ promo, zone }: { promo: PromoCode; zone: string }) {
  const { t, dateTime } = useFleetWords();
  const now = Date.now();
  const state =
    Date.parse(promo.valid_until) <= now
      ? "over"
      : Date.parse(promo.valid_from) > now
        ? "to_come"
        : "now";
  return (
    <span class="vehicle-state">
      <span class={`badge ${state === "over" ? "badge-warning" : ""}`}>{t(`promo.${state}`)}</span>
      <span class="muted">
        {t("promo.between", {
          from: dateTime(promo.valid_from, zone, WHEN),
          until: dateTime(promo.valid_until, zone, WHEN),
        })}
      </span>
    </span>
  );
}

/** What a rental must be like; nothing where any will do. */
function Only({ promo }: { promo: PromoCode }) {
  const words = useFleetWords();
  const { t, count } = words;
  const { pickup_from: from, pickup_until: until, minimum_days: days } = promo;
  const rules = [
    days > 1 && count("promo.from_days", days),
    from && t("promo.pickup_from", { day: dayText(from, words) }),
    until && t("promo.pickup_until", { day: dayText(until, words) }),
    promo.classes && t("promo.of_classes", { classes: promo.classes.join(", ") }),
    promo.branches && t("promo.of_branches", { branches: promo.branches.join(", ") }),
  ].filter((rule): rule is string => Boolean(rule));
  if (rules.length === 0) return <span class="muted">{t("promo.any")}</span>;
  return (
    <ul>
      {rules.map((rule) => (
        <li key={rule}>{rule}</li>
      ))}
    </ul>
  );
}

function Uses({ promo: { uses, usage_limit: limit } }: { promo: PromoCode }) {
  const { t, number } = useFleetWords();
  if (!limit) return <>{number(uses)}</>;
  return <>{t("promo.uses_of", { uses: number(uses), limit: number(limit) })}</>;
}
