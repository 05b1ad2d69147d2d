/** Another attempt after a declined one: why it was declined, and another card. */
import { useRef, useState } from "preact/hooks";
import { loadFeatures, retryPayment } from "../../api/calls";
import type { ApiProblem } from "../../api/client";
import type { PaymentChoice, PaymentMethod, Rental } from "../../api/types";
import { type I18n, useI18n } from "../../shared/i18n";
import { asProblem, useLoad } from "../../shared/load";
import { ProblemNotice } from "../../shared/ui/notice";
import { type Submission, submitOnce } from "../booking/submission";
import { checkAddress, EMPTY_ADDRESS, toAddress } from "../payment/address";
import type { CardHandle } from "../payment/card-field";
import { methodsOf, PaymentFields } from "../payment/payment-fields";

interface RetryPaymentProps {
  rental: Rental;
  token: string;
  refresh: () => void;
}

export function RetryPayment({ rental, token, refresh }: RetryPaymentProps) {
  const { t, count, lookUp, money } = useI18n();
  const features = useLoad("features", () => loadFeatures());
  const { payment, driver, reference } = rental;
  const [method, setMethod] = useState<PaymentMethod>("card");
  const [step, setStep] = useState<"editing" | "sending" | "sent">("editing");
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [address, setAddress] = useState(EMPTY_ADDRESS);
  const [faults, setFaults] = useState<Record<string, string>>({});
  const card = useRef<CardHandle>(null);
  const kept = useRef<Submission<PaymentChoice> | null>(null);
  const busy = useRef(false);
  const attempt = useRef(payment.attempt);
  if (attempt.current !== payment.attempt && step === "sent") {
    attempt.current = payment.attempt;
    setStep("editing");
  }

  const build = async (): Promise<PaymentChoice> => {
    if (method !== "card") {
      const billing = method === "boleto" ? toAddress(address) : null;
      return { method, payment_method_id: null, billing_address: billing };
    }
    const billing = { name: `${driver.given_name} ${driver.family_name}`, email: driver.email };
    const id = (await card.current?.createPaymentMethod(billing)) ?? null;
    if (!id) throw new NoCard();
    return { method, payment_method_id: id, billing_address: null };
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy.current) return;
    const found = method === "boleto" ? checkAddress(address) : {};
    setFaults(wordsFor(found, lookUp));
    if (Object.keys(found).length > 0) return;
    busy.current = true;
    setProblem(null);
    setStep("sending");
    try {
      await submitOnce(build, {
        store: {
          read: () => kept.current,
          write: (submission) => {
            kept.current = submission;
          },
        },
        send: (choice, key) => retryPayment(reference, token, choice, key),
      });
      setStep("sent");
    } catch (error) {
      setStep("editing");
      if (!(error instanceof NoCard)) setProblem(asProblem(error));
    } finally {
      busy.current = false;
      refresh();
    }
  };

  const reason = lookUp(`decline.${payment.decline_code ?? "generic"}`) ?? t("decline.generic");
  const working = step !== "editing";
  return (
    <form class="retry" onSubmit={(event) => void submit(event)} aria-busy={working}>
      <p class="retry-reason">{reason}</p>
      <p class="muted">{count("retry.attempts", payment.attempts_left)}</p>
      <PaymentFields
        methods={features.data ? methodsOf(features.data.flags) : ["card"]}
        method={method}
        onMethod={setMethod}
        card={card}
        address={address}
        faults={faults}
        onAddress={(field, value) => setAddress((old) => ({ ...old, [field]: value }))}
        disabled={working}
      />
      {problem && <ProblemNotice problem={problem} />}
      <button type="submit" class="button button-primary button-large" disabled={working}>
        {working && <span class="spinner" aria-hidden="true" />}
        {working ? t("book.sending") : t("retry.submit", { total: money(rental.price.total) })}
      </button>
    </form>
  );
}

function wordsFor(codes: Record<string, string>, lookUp: I18n["lookUp"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(codes).map(([field, code]) => [field, lookUp(`fault.${code}`) ?? code]),
  );
}

class NoCard extends Error {
  override readonly name = "NoCard";
}
