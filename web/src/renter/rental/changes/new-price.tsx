/** The price after the change, beside the present one and what was paid. */
import type { CarClass, Money, Offer, Price, Rental } from "../../../api/types";
import { useI18n } from "../../../shared/i18n";
import { PriceTable } from "../../../shared/ui/price-table";
import { PolicyText } from "../policy-text";
import type { Difference } from "./difference";

interface NewPriceProps {
  rental: Rental;
  offer: Offer;
  price: Price;
  kept: Money;
  difference: Difference;
  classes: readonly CarClass[];
}

export function NewPrice({ rental, offer, price, kept, difference, classes }: NewPriceProps) {
  const { t, money } = useI18n();
  const name = classes.find((each) => each.acriss === offer.class)?.name ?? offer.class;
  const { kind, amount } = difference;
  const rows = [
    [t("change.before"), rental.price.total],
    [t("change.after"), price.total],
    [t("change.kept"), kept],
  ] as const;
  return (
    <section class="card change-price" aria-labelledby="change-price">
      <h4 id="change-price">{t("change.after")}</h4>
      <PriceTable price={price} caption={t("price.caption", { name })} />
      <PolicyText policy={offer.cancellation_policy} timeZone={rental.pickup.timezone} />
      <p class="muted">{t("price.deposit", { amount: money(offer.deposit) })}</p>
      <table class="price-table change-amounts">
        <caption class="visually-hidden">{t("change.amounts")}</caption>
        <tbody>
          {rows.map(([label, value]) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>{money(value)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t(`change.total.${kind}`)}</th>
            <td>{money(amount)}</td>
          </tr>
        </tfoot>
      </table>
      <p class="visually-hidden" role="status">
        {t(`change.total.${kind}`)}: {money(amount)}
      </p>
    </section>
  );
}
