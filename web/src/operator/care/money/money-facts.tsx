/** Beside a rental's balance: how it was paid, what is being asked, where the deposit stands. */
import type { Rental } from "../../../api/types";
import { useI18n } from "../../../shared/i18n";
import { useCareWords } from "../i18n";
import { concernsDeposit, depositPhaseOf } from "./balance";

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
      {deposit && deposit.amount > 0 && concernsDeposit(rental) && (
        <div>
          <dt>{t("money.deposit")}</dt>
          <dd>{`${money(deposit)} · ${t(`deposit.phase.${depositPhaseOf(rental)}`)}`}</dd>
        </div>
      )}
    </dl>
  );
}
