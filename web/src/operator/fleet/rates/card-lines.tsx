/** A card, readable: fees, classes and their seasons, discounts, extras, coverages, one-ways. */
import type { ComponentChildren } from "preact";
import type { RateCard } from "../../../api/fleet";
import { type Column, Table } from "../../parts/list";
import { useFleetWords } from "../i18n";
import { type CardLine, dayText, fieldName, linesOf, valueText } from "./words";

export function CardLines({ card: { lines, currency } }: { card: RateCard }) {
  const words = useFleetWords();
  const { t } = words;
  const given = { currency };
  return (
    <>
      {linesOf(lines, "fees").map((fees) => (
        <Fees key="fees" fees={fees} currency={currency} />
      ))}
      <Lines
        {...given}
        title={t("rates.seasons")}
        lines={linesOf(lines, "rate")}
        name={(line) => line.class}
        fields={["hour_minor", "day_minor", "week_minor", "month_minor", "weekend_basis_points"]}
        more={{
          title: t("rates.season"),
          draw: (line) => `${dayText(line.first_day, words)} – ${dayText(line.last_day, words)}`,
        }}
      />
      <Lines
        {...given}
        title={t("rates.classes")}
        lines={linesOf(lines, "class")}
        name={(line) => line.class}
        fields={["deposit_minor", "young_driver"]}
      />
      <Lines
        {...given}
        title={t("rates.tiers")}
        lines={linesOf(lines, "tier")}
        name={(line) => words.count("rates.from_days", line.from_days)}
        fields={["discount_basis_points"]}
      />
      <Lines
        {...given}
        title={t("rates.extras")}
        lines={linesOf(lines, "extra")}
        name={(line) => line.code}
        fields={["unit_minor", "cap_minor"]}
      />
      <Lines
        {...given}
        title={t("rates.coverages")}
        lines={linesOf(lines, "coverage")}
        name={(line) => line.code}
        fields={["day_minor", "excess_minor"]}
      />
      <Lines
        {...given}
        title={t("rates.one_ways")}
        lines={linesOf(lines, "one_way")}
        name={(line) => `${line.origin} → ${line.destination}`}
        fields={["fee_minor"]}
      />
    </>
  );
}

interface LinesProps<Line> {
  title: string;
  lines: readonly Line[];
  currency: string;
  name: (line: Line) => string;
  fields: readonly (keyof Line & string)[];
  more?: { title: string; draw: (line: Line) => ComponentChildren };
}

/** One kind of line as a folded table: a card has many, and few are looked for at once. */
function Lines<Line extends CardLine>(props: LinesProps<Line>) {
  const { title, lines, currency, name, fields, more } = props;
  const words = useFleetWords();
  if (lines.length === 0) return null;
  const columns: Column<Line>[] = [
    { title: words.t("rates.what"), draw: name },
    ...(more ? [more] : []),
    ...fields.map((field) => ({
      title: fieldName(field, words),
      numeric: true,
      draw: (line: Line) => valueText(field, line[field], currency, words),
    })),
  ];
  return (
    <details class="card rate-lines" open={lines.length <= 30}>
      <summary>
        <h3>{title}</h3> <span class="muted">{words.count("rates.lines", lines.length)}</span>
      </summary>
      <Table
        caption={title}
        items={lines}
        columns={columns}
        keyOf={(line) => JSON.stringify(line)}
      />
    </details>
  );
}

function Fees({ fees, currency }: { fees: CardLine; currency: string }) {
  const words = useFleetWords();
  const values = Object.entries(fees).filter(([name]) => name !== "item");
  return (
    <section class="card" aria-labelledby="fees">
      <h3 id="fees">{words.t("rates.fees")}</h3>
      <dl class="fleet-facts">
        {values.map(([name, value]) => (
          <div key={name}>
            <dt>{fieldName(name, words)}</dt>
            <dd>{valueText(name, value, currency, words)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
