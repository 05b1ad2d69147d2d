/** Itemised price: what each line is for, how it comes about, and the total. */
import type { Price, PriceLine } from "../../api/types";
import { useI18n } from "../i18n";

export function PriceTable({ price, caption }: { price: Price; caption: string }) {
  const { t, money } = useI18n();
  return (
    <table class="price-table">
      <caption class="visually-hidden">{caption}</caption>
      <tbody>
        <PriceRows lines={price.lines} />
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{t("price.total")}</th>
          <td>{money(price.total)}</td>
        </tr>
      </tfoot>
    </table>
  );
}

/** The lines alone, for a table that goes on after them. */
export function PriceRows({ lines }: { lines: readonly PriceLine[] }) {
  return (
    <>
      {lines.map((line, index) => (
        <Line key={`${line.purpose}-${index}`} line={line} />
      ))}
    </>
  );
}

/** Lines whose description names a product; for the others the purpose says it all. */
const NAMED = new Set(["BaseRate", "Equipment", "Coverage", "Discount", "Damage", "Fine", "Toll"]);

function Line({ line }: { line: PriceLine }) {
  const { lookUp, money, number } = useI18n();
  const purpose = lookUp(`purpose.${line.purpose}`);
  const label = purpose === null || NAMED.has(line.purpose) ? line.description : purpose;
  const itemised =
    line.quantity !== 1 &&
    Math.round(line.quantity * line.unit_amount.amount) === line.amount.amount;
  return (
    <tr>
      <th scope="row">
        {label}
        {itemised && (
          <span class="muted price-how">
            {number(line.quantity)} × {money(line.unit_amount)}
          </span>
        )}
      </th>
      <td>{money(line.amount)}</td>
    </tr>
  );
}
