/** The bank asks for its customer: on its own page, or in a dialog that Stripe opens in ours. */
import { useState } from "preact/hooks";
import { useI18n } from "../../shared/i18n";
import { Icon } from "../../shared/ui/icon";
import { loadStripe } from "../payment/stripe";
import { type AskedPayment, bankUrl } from "./phase";

export function BankCheck({ payment, refresh }: { payment: AskedPayment; refresh: () => void }) {
  const { t } = useI18n();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const url = bankUrl(payment);
  const secret = payment.client_secret;
  const ask = async () => {
    if (!secret) return;
    setBusy(true);
    setFault("");
    try {
      const stripe = await loadStripe();
      const { error } = await stripe.handleNextAction({ clientSecret: secret });
      if (error) setFault(error.message ?? t("bank.failed"));
    } catch {
      setFault(t("card.unavailable"));
    } finally {
      setBusy(false);
      refresh();
    }
  };
  if (!url && !secret) return <p class="muted">{t("bank.waiting")}</p>;
  return (
    <>
      {url ? (
        <a class="button button-primary button-large" href={url}>
          {t("bank.go")}
          <Icon name="arrow" />
        </a>
      ) : (
        <button
          type="button"
          class="button button-primary button-large"
          disabled={busy}
          onClick={() => void ask()}
        >
          {busy && <span class="spinner" aria-hidden="true" />}
          {t("bank.go")}
        </button>
      )}
      {fault && (
        <p class="fault" role="alert">
          <Icon name="warning" />
          {fault}
        </p>
      )}
    </>
  );
}
