/** The booking form: extras and coverages, the driver, the payment; beside it the running price. */
import { useEffect, useRef, useState } from "preact/hooks";
import { bookRental } from "../../api/calls";
import type { ApiProblem } from "../../api/client";
import type {
  Branch,
  CarClass,
  Features,
  Offer,
  PaymentMethod,
  RentalAccepted,
  RentalRequest,
} from "../../api/types";
import { type I18n, useI18n } from "../../shared/i18n";
import { asProblem } from "../../shared/load";
import { faultsByControl } from "../../shared/problem";
import { navigate } from "../../shared/router";
import { readStoredJson, writeStored } from "../../shared/storage";
import { ageOn, dateOf } from "../../shared/time";
import { focusFirstFault } from "../../shared/ui/field";
import { Notice, ProblemNotice } from "../../shared/ui/notice";
import {
  ADDRESS_POINTERS,
  type AddressField,
  checkAddress,
  controlOf,
  EMPTY_ADDRESS,
  toAddress,
} from "../payment/address";
import type { CardHandle } from "../payment/card-field";
import { methodsOf, PaymentFields } from "../payment/payment-fields";
import { rememberRental } from "../rental/tokens";
import type { Trip } from "../search/trip";
import { AcceptTerms } from "./accept-terms";
import { ChoiceFields } from "./choice-fields";
import {
  checkDriver,
  type DriverField,
  type DriverForm,
  EMPTY_DRIVER,
  FIELD_OF_POINTER,
  parseBirthDate,
  toDriver,
} from "./driver";
import { DriverFields } from "./driver-fields";
import { type Choices, estimate, NO_CHOICES } from "./estimate";
import { type Submission, submitOnce } from "./submission";
import { Summary } from "./summary";

interface BookingFormProps {
  offer: Offer;
  renewing: boolean;
  /** Why the driver of that birth date may not rent this class; empty when they may. */
  ageFault: string;
  priceChanged: string;
  trip: Trip;
  branches: readonly Branch[];
  timeZone: string;
  carClass: CarClass | undefined;
  features: Features;
  onAge: (age: number) => void;
  onStale: () => void;
}

type Step = "editing" | "preparing" | "sending";
const STALE = new Set([
  "offer_expired",
  "offer_invalid",
  "offer_mismatch",
  "car_unavailable",
  "promo_code_used_up",
]);

/** Kept for as long as the page's script lives, so that going back to the results loses nothing. */
const draft = { driver: EMPTY_DRIVER, choices: NO_CHOICES, address: EMPTY_ADDRESS };
const FIELDS: Record<string, string> = { ...FIELD_OF_POINTER, ...ADDRESS_POINTERS };

const session = () => sessionStorage;
const store = {
  read: () => readStoredJson<Submission<RentalRequest>>("submission", session),
  write: (submission: Submission<RentalRequest> | null) =>
    writeStored("submission", submission && JSON.stringify(submission), session),
};

export function BookingForm(props: BookingFormProps) {
  const { offer, trip, branches, features, carClass, onAge, onStale, renewing } = props;
  const i18n = useI18n();
  const { t, money, lookUp } = i18n;
  const [driver, setDriver] = useState(draft.driver);
  const [choices, setChoices] = useState(draft.choices);
  const [address, setAddress] = useState(draft.address);
  const methods = methodsOf(features.flags);
  const [method, setMethod] = useState<PaymentMethod>(methods[0] ?? "card");
  const [accepted, setAccepted] = useState(false);
  const [faults, setFaults] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [step, setStep] = useState<Step>("editing");
  const [waiting, setWaiting] = useState(() => store.read() !== null);
  const form = useRef<HTMLFormElement>(null);
  const card = useRef<CardHandle>(null);
  const busy = useRef(false);

  const price = estimate(offer, choices);
  const age = ageAtPickup(driver, trip);
  useEffect(() => {
    if (age !== null && age >= 16 && age <= 120 && age !== trip.age) onAge(age);
  }, [age]);

  const editDriver = (field: DriverField, value: string) => {
    draft.driver = { ...driver, [field]: value };
    setDriver(draft.driver);
    setFaults((old) => without(old, field));
  };
  const editAddress = (field: AddressField, value: string) => {
    draft.address = { ...address, [field]: value };
    setAddress(draft.address);
    setFaults((old) => without(old, controlOf(field)));
  };
  const choose = (next: Choices) => {
    draft.choices = next;
    setChoices(next);
  };

  const check = (): Record<string, string> => {
    const found = wordsFor({ ...checkDriver(driver), ...checkPayer(method) }, i18n);
    if (!accepted) found["accept_terms"] = t("fault.accept_terms");
    return found;
  };

  const checkPayer = (chosen: PaymentMethod): Record<string, string> => {
    if (chosen !== "boleto") return {};
    const foreign = driver.document_type !== "cpf";
    return { ...checkAddress(address), ...(foreign && { document_type: "boleto_cpf" }) };
  };

  const build = async (): Promise<RentalRequest> => {
    const name = `${driver.given_name} ${driver.family_name}`.trim();
    let paymentMethodId: string | null = null;
    if (method === "card") {
      const billing = { name, email: driver.email.trim() };
      paymentMethodId = (await card.current?.createPaymentMethod(billing)) ?? null;
      if (!paymentMethodId) throw new CardRefused();
    }
    setStep("sending");
    return {
      offer: offer.offer ?? "",
      extras: offer.extras.flatMap(({ code }) => {
        const quantity = choices.extras[code] ?? 0;
        return quantity > 0 ? [{ code, quantity }] : [];
      }),
      coverages: offer.coverages
        .map(({ code }) => code)
        .filter((code) => choices.coverages.includes(code)),
      driver: toDriver(driver),
      payment: {
        method,
        payment_method_id: paymentMethodId,
        billing_address: method === "boleto" ? toAddress(address) : null,
      },
      locale: i18n.locale,
      accept_terms: true,
    };
  };

  const deliver = async () => {
    if (busy.current) return;
    busy.current = true;
    setProblem(null);
    setStep(waiting ? "sending" : "preparing");
    try {
      finish(await submitOnce(build, { store, send: bookRental }), carClass?.name ?? offer.class);
    } catch (error) {
      if (!(error instanceof CardRefused)) refuse(asProblem(error));
    } finally {
      busy.current = false;
      setWaiting(store.read() !== null);
      setStep("editing");
    }
  };

  const refuse = (refused: ApiProblem) => {
    const shown = faultsByControl(refused.errors, FIELDS, lookUp);
    setFaults(shown);
    setProblem(refused);
    if (STALE.has(refused.code)) onStale();
    if (Object.keys(shown).length > 0) focusFirstFault(form.current);
  };

  const submit = (event: Event) => {
    event.preventDefault();
    if (renewing || step !== "editing") return;
    if (!waiting) {
      const found = check();
      setFaults(found);
      if (Object.keys(found).length > 0) return focusFirstFault(form.current);
    }
    void deliver();
  };

  const total = money(price.total);
  return (
    <form class="booking" ref={form} onSubmit={submit} noValidate aria-busy={step !== "editing"}>
      <Summary {...props} price={price} trip={trip} branches={branches} carClass={carClass} />
      <div class="booking-main">
        <ChoiceFields offer={offer} choices={choices} onChange={choose} />
        <DriverFields
          driver={driver}
          faults={props.ageFault ? { birth_date: props.ageFault, ...faults } : faults}
          onEdit={editDriver}
        />
        <PaymentFields
          methods={methods}
          method={method}
          onMethod={setMethod}
          card={card}
          address={address}
          faults={faults}
          onAddress={editAddress}
          disabled={step !== "editing"}
        />
        <div class="card booking-end">
          <AcceptTerms
            accepted={accepted}
            fault={faults["accept_terms"]}
            onChange={(checked) => {
              setAccepted(checked);
              setFaults((old) => without(old, "accept_terms"));
            }}
          />
          {waiting && step === "editing" && <Notice tone="warning">{t("book.waiting")}</Notice>}
          {problem && <ProblemNotice problem={problem} />}
          {/* Beside the amount that it is about: the top of the form is far away by now. */}
          {props.priceChanged && <Notice tone="info">{props.priceChanged}</Notice>}
          <button
            type="submit"
            class="button button-primary button-large button-wide"
            disabled={renewing || step !== "editing"}
          >
            {step !== "editing" && <span class="spinner" aria-hidden="true" />}
            {label(step, waiting, method, total, t)}
          </button>
          <p class="hint center" role="status">
            {step === "sending" ? t("book.sending_hint") : t(`book.hint_${method}`)}
          </p>
        </div>
      </div>
    </form>
  );
}

class CardRefused extends Error {
  override readonly name = "CardRefused";
}

function label(step: Step, waiting: boolean, method: PaymentMethod, total: string, t: I18n["t"]) {
  if (step === "preparing") return t("book.preparing");
  if (step === "sending") return t("book.sending");
  if (waiting) return t("book.resume");
  return method === "counter" ? t("book.submit_counter", { total }) : t("book.submit", { total });
}

function finish(accepted: RentalAccepted, name: string): void {
  draft.driver = EMPTY_DRIVER;
  draft.choices = NO_CHOICES;
  draft.address = EMPTY_ADDRESS;
  const { reference, manage_token: token } = accepted;
  rememberRental({ reference, token, label: name });
  navigate(`/rentals/${reference}`);
}

function ageAtPickup(driver: DriverForm, trip: Trip): number | null {
  const born = parseBirthDate(driver.birth_date);
  return born ? ageOn(born, dateOf(trip.from)) : null;
}

function wordsFor(codes: Record<string, string>, { lookUp }: I18n): Record<string, string> {
  return Object.fromEntries(
    Object.entries(codes).map(([field, code]) => [field, lookUp(`fault.${code}`) ?? code]),
  );
}

function without(faults: Record<string, string>, field: string): Record<string, string> {
  const { [field]: _gone, ...rest } = faults;
  return rest;
}
