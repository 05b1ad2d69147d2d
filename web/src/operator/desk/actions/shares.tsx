/** What is kept of what was paid, and what goes back which way. */
import type { Money } from "../../../api/types";
import { useDeskWords } from "../i18n";

export interface Shared {
  fee: Money;
  refund: Money;
  at_counter?: Money | null;
}

export function Shares({ shared: { fee, refund, at_counter } }: { shared: Shared }) {
  const { t, money } = useDeskWords();
  return (
    <dl class="stops desk-money">
      <div>
        <dt>{t("shares.fee")}</dt>
        <dd>
          <strong>{money(fee)}</strong>
        </dd>
      </div>
      <div>
        <dt>{t("shares.refund")}</dt>
        <dd>
          <strong>{money(refund)}</strong>
          {at_counter && <span>{t("shares.at_counter", { amount: money(at_counter) })}</span>}
        </dd>
      </div>
    </dl>
  );
}

/** The same in a sentence. */
export function useShares(): (shared: Shared) => string {
  const { t, money } = useDeskWords();
  return ({ fee, refund, at_counter }) => {
    const told = t("shares.told", { fee: money(fee), refund: money(refund) });
    if (!at_counter) return told;
    return `${told} ${t("shares.at_counter", { amount: money(at_counter) })}`;
  };
}
