/** The chart of a report's sums: one for each currency, days without a row as nothing. */
import { useCompanyWords } from "../i18n";
import { Chart } from "./chart";
import type { Shape } from "./shapes";
import { type Group, shareOf } from "./sums";

interface SumsChartProps {
  title: string;
  shape: Shape;
  groups: readonly Group[];
  /** Every name that the chart has a place for, if not only those of the groups. */
  names: readonly string[] | null;
  nameOf: (name: string) => string;
}

export function SumsChart({ title, shape, groups, names, nameOf }: SumsChartProps) {
  const { money, locale } = useCompanyWords();
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const measure = shape.drawn ?? "";
  const currencies = [...new Set(groups.map(({ currency }) => currency))];
  const short = (name: string) => nameOf(name).split(" · ")[0] ?? name;
  return (
    <>
      {currencies.map((currency) => {
        const ours = new Map(
          groups.filter((each) => each.currency === currency).map((each) => [each.name, each]),
        );
        const bars = (names ?? [...ours.keys()]).map((name) => ({
          name,
          value: valueOf(ours.get(name), shape, measure),
        }));
        const say = (value: number) =>
          currency ? money({ amount: Math.round(value), currency }) : percent.format(value);
        return <Chart key={currency} title={title} bars={bars} nameOf={short} valueOf={say} />;
      })}
    </>
  );
}

function valueOf(group: Group | undefined, shape: Shape, measure: string): number {
  if (!group) return 0;
  return measure === "share" ? (shareOf(group, shape) ?? 0) : (group.sums[measure] ?? 0);
}
