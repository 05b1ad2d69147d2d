/** What it costs, what came on top, how it is paid, and what is held as a deposit. */
import type { PriceLine, Rental, RentalStatus } from "../../../api/types";
import { PolicyText } from "../../../renter/rental/policy-text";
import { useI18n } from "../../../shared/i18n";
import { PriceTable } from "../../../shared/ui/price-table";
import { useDeskWords } from "../i18n";
import { usePaymentWords } from "../payment-words";

const CANCELLABLE: ReadonlySet<RentalStatus> = new Set(["PENDING", "CONFIRMED"]);

export function MoneyCard({ rental }: { rental: Rental }) {
  const { t } = useI18n();
  return (
    <section class="card" aria-labelledby="rental-price">
      <h2 id="rental-price">{t("price.title")}</h2>
      <PriceTable price={rental.price} caption={t("price.title")} />
      {!!rental.charges?.length && <Charges lines={rental.charges} />}
      <Payment rental={rental} />
      {CANCELLABLE.has(rental.status) && (
        <PolicyText policy={rental.cancellation_policy} timeZone={rental.pickup.timezone} />
      )}
    </section>
  );
}

export function Charges({ lines }: { lines: readonly PriceLine[] }) {
  const { t } = useI18n();
  const [first] = lines;
  if (!first) return null;
  const amount = lines.reduce((all, line) => all + line.amount.amount, 0);
  const total = { amount, currency: first.amount.currency };
  return (
    <div>
      <h3>{t("owed.title")}</h3>
      <PriceTable price={{ lines: [...lines], total }} caption={t("owed.caption")} />
    </div>
  );
}

function Payment({ rental }: { rental: Rental }) {
  const { t, money } = useDeskWords();
  const words = usePaymentWords();
  const { payment, due, due_payment: asked, deposit, deposit_status: held } = rental;
  return (
    <dl class="stops desk-money">
      <div>
        <dt>{t("column.payment")}</dt>
        <dd>
          <strong>{words.method(payment.method)}</strong>
          <span>{words.status(payment.status)}</span>
        </dd>
      </div>
      {due && (
        <div>
          <dt>{t("money.due")}</dt>
          <dd>
            <strong>{money(due)}</strong>
          </dd>
        </div>
      )}
      {asked?.open && (
        <div>
          <dt>{t("money.asked")}</dt>
          <dd>
            <strong>{money(asked.amount)}</strong>
            <span>{words.status(asked.status)}</span>
          </dd>
        </div>
      )}
      {deposit && (
        <div>
          <dt>{t("money.deposit")}</dt>
          <dd>
            <strong>{money(deposit)}</strong>
            <span>{held ? words.deposit(held) : t("money.deposit_later")}</span>
          </dd>
        </div>
      )}
    </dl>
  );
}
