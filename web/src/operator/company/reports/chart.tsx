/** Columns over days, branches or classes. The table below says the same in numbers. */
import { useCompanyWords } from "../i18n";
import { type Bar, columnsOf, HEIGHT, highestOf, topOf } from "./bars";

interface ChartProps {
  title: string;
  bars: readonly Bar[];
  nameOf: (name: string) => string;
  valueOf: (value: number) => string;
}

/** More names than these do not fit below their columns: then only the ends are named. */
const MOST_NAMES = 12;

export function Chart({ title, bars, nameOf, valueOf }: ChartProps) {
  const { t } = useCompanyWords();
  const top = topOf(bars);
  const highest = highestOf(bars);
  if (!highest) return null;
  const say = ({ name, value }: Bar) => `${nameOf(name)}: ${valueOf(value)}`;
  return (
    <figure class="chart">
      <figcaption>
        {title} <span class="muted">{t("chart.highest", { highest: say(highest) })}</span>
      </figcaption>
      <div class="chart-plot">
        <p class="chart-top" aria-hidden="true">
          {valueOf(top)}
        </p>
        <svg
          role="img"
          aria-label={t("chart.label", { title, highest: say(highest) })}
          viewBox={`0 0 ${bars.length} ${HEIGHT}`}
          preserveAspectRatio="none"
        >
          {columnsOf(bars, top).map((column) => (
            <rect
              key={column.name}
              x={column.x}
              y={column.y}
              width={column.width}
              height={column.height}
            >
              <title>{say(column)}</title>
            </rect>
          ))}
        </svg>
        <Names bars={bars} nameOf={nameOf} />
      </div>
    </figure>
  );
}

function Names({ bars, nameOf }: Pick<ChartProps, "bars" | "nameOf">) {
  const all = bars.length <= MOST_NAMES;
  const named = all ? bars : [bars[0], bars.at(-1)].filter((bar) => bar !== undefined);
  return (
    <p class={all ? "chart-names" : "chart-ends"} aria-hidden="true">
      {named.map(({ name }) => (
        <span key={name}>{nameOf(name)}</span>
      ))}
    </p>
  );
}
