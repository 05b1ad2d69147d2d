/** Another attempt after a declined one: why it was declined, and another card. */
import type { Rental } from "../../api/types";
import { useI18n } from "../../shared/i18n";
import { PayForm } from "./pay-form";

interface RetryPaymentProps {
  rental: Rental;
  token: string;
  refresh: () => void;
}

export function RetryPayment({ rental, token, refresh }: RetryPaymentProps) {
  const { count } = useI18n();
  const { payment, price } = rental;
  return (
    <>
      <DeclineReason code={payment.decline_code} />
      <p class="muted">{count("retry.attempts", payment.attempts_left)}</p>
      <PayForm
        rental={rental}
        token={token}
        amount={price.total}
        turn={String(payment.attempt)}
        holds
        refresh={refresh}
      />
    </>
  );
}

export function DeclineReason({ code }: { code: string | null | undefined }) {
  const { t, lookUp } = useI18n();
  const reason = lookUp(`decline.${code ?? "generic"}`) ?? t("decline.generic");
  return <p class="retry-reason">{reason}</p>;
}
