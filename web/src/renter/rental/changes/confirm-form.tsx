/** What goes with the car, the new price line by line, how the difference is paid, and the deed. */
import { useRef, useState } from "preact/hooks";
import { modifyRental } from "../../../api/changes";
import type { ApiProblem } from "../../../api/client";
import type {
  ModificationRequest,
  Money,
  Offer,
  PaymentChoice,
  PaymentMethod,
} from "../../../api/types";
import { useI18n } from "../../../shared/i18n";
import { asProblem } from "../../../shared/load";
import { faultsByControl } from "../../../shared/problem";
import { focusFirstFault } from "../../../shared/ui/field";
import { Notice, ProblemNotice } from "../../../shared/ui/notice";
import { ChoiceFields } from "../../booking/choice-fields";
import { estimate } from "../../booking/estimate";
import { type Submission, submitOnce } from "../../booking/submission";
import {
  ADDRESS_POINTERS,
  checkAddress,
  controlOf,
  EMPTY_ADDRESS,
  toAddress,
} from "../../payment/address";
import type { CardHandle } from "../../payment/card-field";
import { methodsOf, PaymentFields } from "../../payment/payment-fields";
import type { ConfirmingProps } from "./confirming";
import { differenceOf, MOVED_ON, paysAtCounter, requestOf } from "./difference";
import { NewPrice } from "./new-price";

interface ConfirmFormProps extends ConfirmingProps {
  offer: Offer;
  kept: Money;
  renewing: boolean;
}

const STALE = new Set([
  "offer_expired",
  "offer_invalid",
  "offer_mismatch",
  "car_unavailable",
  "promo_code_used_up",
]);

export function ConfirmForm(props: ConfirmFormProps) {
  const { rental, token, offer, kept, choices, renewing, found, features } = props;
  const { t, lookUp, money } = useI18n();
  const [method, setMethod] = useState<PaymentMethod>("card");
  const [address, setAddress] = useState(EMPTY_ADDRESS);
  const [faults, setFaults] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [sending, setSending] = useState(false);
  const [waiting, setWaiting] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const card = useRef<CardHandle>(null);
  const submission = useRef<Submission<ModificationRequest> | null>(null);

  const price = estimate(offer, choices);
  const difference = differenceOf(price.total, kept, paysAtCounter(rental));
  const { kind, amount } = difference;
  const pays = kind === "pay";

  const payment = async (): Promise<PaymentChoice | null> => {
    if (!pays) return null;
    if (method !== "card") {
      const billing = method === "boleto" ? toAddress(address) : null;
      return { method, payment_method_id: null, billing_address: billing };
    }
    const { given_name, family_name, email } = rental.driver;
    const billing = { name: `${given_name} ${family_name}`, email };
    const id = (await card.current?.createPaymentMethod(billing)) ?? null;
    if (!id) throw new CardRefused();
    return { method, payment_method_id: id, billing_address: null };
  };
  const deliver = async () => {
    setSending(true);
    setProblem(null);
    try {
      const change = await submitOnce(
        async () => requestOf(offer, choices, await payment()),
        {
          store: {
            read: () => submission.current,
            write: (next) => {
              submission.current = next;
            },
          },
          send: (request, key) => modifyRental(rental.reference, token, request, key),
        },
      );
      props.onDone({ change, online: pays && method !== "counter" });
    } catch (error) {
      if (!(error instanceof CardRefused)) refuse(asProblem(error));
    } finally {
      setSending(false);
      setWaiting(submission.current !== null);
    }
  };
  const refuse = (refused: ApiProblem) => {
    const shown = faultsByControl(refused.errors, ADDRESS_POINTERS, lookUp);
    setFaults(shown);
    setProblem(refused);
    if (STALE.has(refused.code)) found.reload();
    if (MOVED_ON.has(refused.code)) props.refresh();
    if (Object.keys(shown).length > 0) focusFirstFault(form.current);
  };
  const submit = (event: Event) => {
    event.preventDefault();
    if (sending || renewing) return;
    const missing = pays && method === "boleto" && !waiting ? checkAddress(address) : {};
    const words = Object.entries(missing).map(([field, code]) => [
      field,
      lookUp(`fault.${code}`) ?? code,
    ]);
    setFaults(Object.fromEntries(words));
    if (words.length > 0) return focusFirstFault(form.current);
    void deliver();
  };

  const methods: PaymentMethod[] = [...new Set([...methodsOf(features.flags), "counter" as const])];
  return (
    <form class="change-confirm" ref={form} onSubmit={submit} noValidate aria-busy={sending}>
      {waiting ? (
        <Notice tone="warning">{t("change.waiting")}</Notice>
      ) : (
        <>
          <ChoiceFields offer={offer} choices={choices} onChange={props.onChoices} />
          <NewPrice {...props} price={price} difference={difference} />
          {pays && (
            <PaymentFields
              methods={methods}
              method={method}
              onMethod={setMethod}
              card={card}
              address={address}
              faults={faults}
              onAddress={(field, value) => {
                setAddress((old) => ({ ...old, [field]: value }));
                setFaults(({ [controlOf(field)]: _, ...rest }) => rest);
              }}
              disabled={sending}
              holds={false}
            />
          )}
        </>
      )}
      {problem && <ProblemNotice problem={problem} />}
      <button
        type="submit"
        class="button button-primary button-large"
        disabled={sending || renewing}
      >
        {sending && <span class="spinner" aria-hidden="true" />}
        {sending
          ? t("book.sending")
          : waiting
            ? t("change.resume")
            : t(`change.submit.${kind}`, { amount: money(amount) })}
      </button>
      {!waiting && <p class="hint">{t("change.hint")}</p>}
    </form>
  );
}

class CardRefused extends Error {
  override readonly name = "CardRefused";
}
