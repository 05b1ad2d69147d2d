/** Sums of a report: of everything, and by day, branch, class or what else it is about. */
import type { Branch } from "../../../api/types";
import { type Column, Table } from "../../parts/list";
import { useCompanyWords } from "../i18n";
import { oneOf, useFilters } from "../parts/address";
import { SelectField } from "../parts/select-field";
import { daysBetween, type Period } from "./period";
import { type Dimension, SHAPES, type Shape, type SummedName } from "./shapes";
import { SumsChart } from "./sums-chart";
import { type Group, shareOf, sumAll, sumBy } from "./sums";

interface SummedReportProps {
  name: SummedName;
  rows: readonly object[];
  period: Period;
  branches: readonly Branch[];
}

export function SummedReport({ name, rows, period, branches }: SummedReportProps) {
  const { t } = useCompanyWords();
  const { query, change } = useFilters();
  const shape = SHAPES[name];
  const by = oneOf(query.get("by"), shape.dimensions) ?? "date";
  const nameOf = useNames(by, branches);
  const columns = useColumns(shape, by, nameOf);
  if (rows.length === 0) {
    return (
      <p class="muted" role="status">
        {t("reports.empty")}
      </p>
    );
  }
  const groups = sumBy(rows, shape, by);
  const chart = { shape, groups, nameOf, names: by === "date" ? daysBetween(period) : null };
  return (
    <>
      <Totals shape={shape} rows={rows} />
      <div class="filters">
        <SelectField
          id="report-by"
          label={t("reports.by")}
          value={by}
          options={shape.dimensions.map((each) => [each, t(`by.${each}`)])}
          onChoose={(value) => change({ by: value === "date" ? "" : value })}
        />
      </div>
      {shape.drawn && <SumsChart title={t(`chart.${name}`)} {...chart} />}
      <Table
        caption={t("reports.caption", { report: t(`report.${name}`), by: t(`by.${by}`) })}
        items={groups}
        columns={columns}
        keyOf={({ name: each, currency }) => `${each} ${currency}`}
      />
    </>
  );
}

/** How a group's name is written. */
function useNames(by: Dimension, branches: readonly Branch[]): (name: string) => string {
  const { dateTime, lookUp } = useCompanyWords();
  const day = { day: "2-digit", month: "short" } as const;
  if (by === "date") return (name) => dateTime(`${name}T00:00:00Z`, "UTC", day);
  if (by === "branch") {
    const names = new Map(branches.map((branch) => [branch.code, branch.name]));
    return (name) => (names.has(name) ? `${name} · ${names.get(name)}` : name);
  }
  return (name) => lookUp(`${by}.${name}`) ?? name;
}

function useMeasures(shape: Shape) {
  const { t, lookUp, number, money, locale } = useCompanyWords();
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const title = (measure: string) => lookUp(`measure.${measure}`) ?? measure;
  const amount = ({ currency, sums }: Group, measure: string) =>
    money({ amount: sums[measure] ?? 0, currency: currency ?? "" });
  const share = (group: Group) => {
    const value = shareOf(group, shape);
    return value === null ? t("value.none") : percent.format(value);
  };
  return [
    ...shape.counts.map((measure) => ({
      title: title(measure),
      draw: (group: Group) => number(group.sums[measure] ?? 0),
    })),
    ...shape.amounts.map((measure) => ({
      title: title(measure),
      draw: (group: Group) => amount(group, measure),
    })),
    ...(shape.share ? [{ title: title("share"), draw: share }] : []),
  ];
}

function useColumns(shape: Shape, by: Dimension, nameOf: (name: string) => string) {
  const { t } = useCompanyWords();
  const measures = useMeasures(shape).map((each) => ({ ...each, numeric: true }));
  const first: Column<Group> = { title: t(`by.${by}`), draw: ({ name }) => nameOf(name) };
  return [first, ...measures];
}

function Totals({ shape, rows }: { shape: Shape; rows: readonly object[] }) {
  const measures = useMeasures(shape);
  return (
    <>
      {sumAll(rows, shape).map((whole) => (
        <dl key={whole.currency} class="figures">
          {measures.map(({ title, draw }) => (
            <div key={title}>
              <dt>{title}</dt>
              <dd>{draw(whole)}</dd>
            </div>
          ))}
        </dl>
      ))}
    </>
  );
}
