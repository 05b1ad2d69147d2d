/** What a rental costs line by line, what of it is paid or on its way, and what is left. */
import type { Money, Rental } from "../../../api/types";
import { useI18n } from "../../../shared/i18n";
import { PriceRows } from "../../../shared/ui/price-table";
import { useCareWords } from "../i18n";
import { balanceOf, extraOf } from "./balance";

export function BalanceTable({ rental }: { rental: Rental }) {
  const { t, money } = useCareWords();
  const { price, charges } = rental;
  const extra = extraOf(rental);
  const whole = { ...price.total, amount: price.total.amount + extra.amount };
  const balance = balanceOf(rental);
  return (
    <>
      <table class="price-table care-balance">
        <caption class="visually-hidden">{t("money.balance")}</caption>
        <tbody>
          <PriceRows lines={price.lines} />
          {extra.amount > 0 && (
            <>
              <Sum label={t("money.price")} amount={price.total} />
              <PriceRows lines={charges ?? []} />
            </>
          )}
          {balance && (
            <>
              <Sum label={t("money.together")} amount={whole} />
              <tr>
                <th scope="row">{t("money.covered")}</th>
                <td>{money({ ...balance.covered, amount: 0 - balance.covered.amount })}</td>
              </tr>
            </>
          )}
        </tbody>
        <tfoot>
          {balance ? (
            <Sum label={t("money.due")} amount={balance.due} />
          ) : (
            <Sum label={t("money.together")} amount={whole} />
          )}
        </tfoot>
      </table>
      {!balance && <Unreckoned rental={rental} />}
    </>
  );
}

function Sum({ label, amount }: { label: string; amount: Money }) {
  const { money } = useI18n();
  return (
    <tr class="care-sum">
      <th scope="row">{label}</th>
      <td>{money(amount)}</td>
    </tr>
  );
}

/** Why the price says nothing of what is left to pay. */
function Unreckoned({ rental: { due, status } }: { rental: Rental }) {
  const { t, money } = useCareWords();
  if (due) return <p>{t("money.only_due", { amount: money(due) })}</p>;
  return <p>{t(status === "PENDING" ? "money.pending" : "money.ended")}</p>;
}
