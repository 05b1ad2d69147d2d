/** What came on top of the price, and what of everything is still to pay. */
import type { Rental } from "../../api/types";
import { useI18n } from "../../shared/i18n";
import { PriceTable } from "../../shared/ui/price-table";

export function Owed({ rental }: { rental: Rental }) {
  const { t, money } = useI18n();
  const { charges, due } = rental;
  const atPickUp = rental.status === "CONFIRMED" && rental.payment.method === "counter";
  const still = due && due.amount > 0 && !atPickUp ? money(due) : null;
  const owed = still && <p>{t("owed.due", { amount: still })}</p>;
  if (!charges?.length) return owed && <section class="card">{owed}</section>;
  const amount = charges.reduce((sum, line) => sum + line.amount.amount, 0);
  const price = { lines: charges, total: { amount, currency: rental.price.total.currency } };
  return (
    <section class="card" aria-labelledby="owed-title">
      <h2 id="owed-title">{t("owed.title")}</h2>
      <PriceTable price={price} caption={t("owed.caption")} />
      {owed}
    </section>
  );
}
