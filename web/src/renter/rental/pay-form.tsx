/** Pays with another card, or in another way, exactly once: for a held car, or for what is due. */
import { useRef, useState } from "preact/hooks";
import { loadFeatures, retryPayment } from "../../api/calls";
import type { ApiProblem } from "../../api/client";
import type { Money, PaymentChoice, PaymentMethod, Rental } from "../../api/types";
import { type I18n, useI18n } from "../../shared/i18n";
import { asProblem, useLoad } from "../../shared/load";
import { faultsByControl } from "../../shared/problem";
import { focusFirstFault } from "../../shared/ui/field";
import { Notice, ProblemNotice } from "../../shared/ui/notice";
import { submitOnce } from "../booking/submission";
import { checkAddress, controlOf, EMPTY_ADDRESS, toAddress } from "../payment/address";
import type { CardHandle } from "../payment/card-field";
import { PaymentFields } from "../payment/payment-fields";
import { NO_CPF, onlineMethods, POINTERS, submissionsOf } from "./paying";

interface PayFormProps {
  rental: Rental;
  token: string;
  amount: Money;
  /** Moves on once what was sent is being worked on: then the form is free again. */
  turn: string;
  /** Whether a car is held meanwhile. */
  holds: boolean;
  refresh: () => void;
}

export function PayForm({ rental, token, amount, turn, holds, refresh }: PayFormProps) {
  const { t, lookUp, money } = useI18n();
  const { driver, reference } = rental;
  const features = useLoad("features", () => loadFeatures());
  const [chosen, setChosen] = useState<PaymentMethod>("card");
  const [step, setStep] = useState<"editing" | "sending" | "sent">("editing");
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [address, setAddress] = useState(EMPTY_ADDRESS);
  const [faults, setFaults] = useState<Record<string, string>>({});
  const form = useRef<HTMLFormElement>(null);
  const card = useRef<CardHandle>(null);
  const busy = useRef(false);
  const store = submissionsOf(reference, turn);
  const [waiting, setWaiting] = useState(() => store.read() !== null);
  const seen = useRef(turn);
  if (seen.current !== turn) {
    seen.current = turn;
    setWaiting(false);
    if (step === "sent") setStep("editing");
  }

  const methods = onlineMethods(features.data?.flags ?? {});
  const method = methods.includes(chosen) ? chosen : methods[0];
  if (!method) return <Notice tone="info">{t("pay.offline")}</Notice>;

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
  const refuse = (refused: ApiProblem) => {
    const shown = faultsByControl(refused.errors, POINTERS, lookUp);
    setFaults(shown);
    setProblem(refused);
    if (Object.keys(shown).length > 0) focusFirstFault(form.current);
  };
  const deliver = async () => {
    if (busy.current) return;
    busy.current = true;
    setProblem(null);
    setStep("sending");
    const began = seen.current;
    let accepted = false;
    try {
      await submitOnce(build, {
        store,
        send: (choice, key) => retryPayment(reference, token, choice, key),
      });
      accepted = !waiting; // the answer to an old question may bring nothing new
    } catch (error) {
      if (!(error instanceof NoCard)) refuse(asProblem(error));
    } finally {
      busy.current = false;
      setWaiting(store.read() !== null);
      setStep(accepted && seen.current === began ? "sent" : "editing");
      refresh();
    }
  };
  const submit = (event: Event) => {
    event.preventDefault();
    if (step !== "editing") return;
    const found = waiting || method !== "boleto" ? {} : checkAddress(address);
    setFaults(wordsFor(found, lookUp));
    if (Object.keys(found).length > 0) return focusFirstFault(form.current);
    void deliver();
  };

  const working = step !== "editing";
  const foreign = problem?.errors.some(({ pointer }) => pointer === NO_CPF);
  return (
    <form class="retry" ref={form} onSubmit={submit} noValidate aria-busy={working}>
      {waiting ? (
        !working && <Notice tone="warning">{t("pay.waiting")}</Notice>
      ) : (
        <PaymentFields
          methods={methods}
          method={method}
          onMethod={setChosen}
          card={card}
          address={address}
          faults={faults}
          onAddress={(field, value) => {
            setAddress((old) => ({ ...old, [field]: value }));
            setFaults(({ [controlOf(field)]: _gone, ...rest }) => rest);
          }}
          holds={holds}
          disabled={working}
        />
      )}
      {foreign && <Notice tone="danger">{t("fault.boleto_cpf")}</Notice>}
      {problem && !foreign && <ProblemNotice problem={problem} />}
      <button type="submit" class="button button-primary button-large" disabled={working}>
        {working && <span class="spinner" aria-hidden="true" />}
        {label(working, waiting, money(amount), t)}
      </button>
    </form>
  );
}

function label(working: boolean, waiting: boolean, total: string, t: I18n["t"]): string {
  if (working) return t("book.sending");
  return waiting ? t("pay.resume") : t("retry.submit", { total });
}

function wordsFor(codes: Record<string, string>, lookUp: I18n["lookUp"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(codes).map(([field, code]) => [field, lookUp(`fault.${code}`) ?? code]),
  );
}

class NoCard extends Error {
  override readonly name = "NoCard";
}
