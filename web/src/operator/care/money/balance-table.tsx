/** What a rental costs, what of it is paid or on its way, and what is left. */
import type { Rental } from "../../../api/types";
import { useI18n } from "../../../shared/i18n";
import { useCareWords } from "../i18n";
import { balanceOf, depositPhaseOf } from "./balance";

export function BalanceTable({ rental }: { rental: Rental }) {
  const { t, money } = useCareWords();
  const balance = balanceOf(rental);
  if (!balance) {
    return (
      <p>
        {rental.due
          ? t("money.only_due", { amount: money(rental.due) })
          : t(rental.status === "PENDING" ? "money.pending" : "money.ended")}
      </p>
    );
  }
  const { price, extra, covered, due } = balance;
  return (
    <table class="price-table care-balance">
      <caption class="visually-hidden">{t("money.balance")}</caption>
      <tbody>
        <tr>
          <th scope="row">{t("money.price")}</th>
          <td>{money(price)}</td>
        </tr>
        {(rental.charges ?? []).map((line, index) => (
          <tr key={`${line.purpose}-${index}`}>
            <th scope="row">
              <Purpose purpose={line.purpose} /> <span class="muted">{line.description}</span>
            </th>
            <td>{money(line.amount)}</td>
          </tr>
        ))}
        {extra.amount > 0 && (
          <tr>
            <th scope="row">{t("money.together")}</th>
            <td>{money({ ...price, amount: price.amount + extra.amount })}</td>
          </tr>
        )}
        <tr>
          <th scope="row">{t("money.covered")}</th>
          <td>{money({ ...covered, amount: 0 - covered.amount })}</td>
        </tr>
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{t("money.due")}</th>
          <td>{money(due)}</td>
        </tr>
      </tfoot>
    </table>
  );
}

function Purpose({ purpose }: { purpose: string }) {
  const { lookUp } = useI18n();
  return <>{lookUp(`purpose.${purpose}`) ?? purpose}</>;
}

/** What the counter took too much is shown where it is due: beside the rest of the money. */
function CounterOwes({ rental }: { rental: Rental }) {
  const { t, money } = useCareWords();
  const { counter_owes: owed } = rental;
  if (!owed || owed.amount === 0) return null;
  return (
    <div>
      <dt>{t("money.counter_owes")}</dt>
      <dd>
        <strong>{money(owed)}</strong>
      </dd>
    </div>
  );
}

/** How it was paid, what is being asked, where the deposit stands. */
export function MoneyFacts({ rental }: { rental: Rental }) {
  const { t, lookUp, money } = useCareWords();
  const shared = useI18n();
  const { payment, due_payment: later, deposit } = rental;
  const statusOf = (status: string) => lookUp(`payment.${status.toLowerCase()}`) ?? status;
  const why = (code: string) => shared.lookUp(`decline.${code}`) ?? code;
  const method = shared.lookUp(`method.${payment.method}`) ?? payment.method;
  return (
    <dl class="care-facts">
      <CounterOwes rental={rental} />
      <div>
        <dt>{t("money.booking_payment")}</dt>
        <dd>
          {`${method} · ${statusOf(payment.status)}`}
          {payment.decline_code && <span class="muted">{why(payment.decline_code)}</span>}
        </dd>
      </div>
      {later && (
        <div>
          <dt>{t("money.later_payment")}</dt>
          <dd>
            {`${money(later.amount)} · ${statusOf(later.status)}`}
            {later.decline_code && <span class="muted">{why(later.decline_code)}</span>}
          </dd>
        </div>
      )}
      {deposit && deposit.amount > 0 && (
        <div>
          <dt>{t("money.deposit")}</dt>
          <dd>{`${money(deposit)} · ${t(`deposit.phase.${depositPhaseOf(rental)}`)}`}</dd>
        </div>
      )}
    </dl>
  );
}
