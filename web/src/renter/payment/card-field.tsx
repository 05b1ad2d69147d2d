/** Stripe's card field in our clothes: its own frame, our label, fault and colours. */

import type { Ref } from "preact";
import { useEffect, useId, useImperativeHandle, useRef, useState } from "preact/hooks";
import { loadFeatures } from "../../api/calls";
import { useI18n } from "../../shared/i18n";
import { useLoad } from "../../shared/load";
import { Icon } from "../../shared/ui/icon";
import {
  type BillingDetails,
  type CardElement,
  type CardOptions,
  loadStripe,
  type Stripe,
} from "./stripe";

export interface CardHandle {
  /** The id of a payment method made from what was typed, or null with the fault shown. */
  createPaymentMethod: (billing: BillingDetails) => Promise<string | null>;
}

interface CardFieldProps {
  handle: Ref<CardHandle>;
  disabled: boolean;
}

export function CardField({ handle, disabled }: CardFieldProps) {
  const { t, locale } = useI18n();
  const id = useId(); // a page may ask for a card in two places
  const place = useRef<HTMLDivElement>(null);
  const live = useRef<{ stripe: Stripe; card: CardElement } | null>(null);
  const [state, setState] = useState<"loading" | "ready" | "unavailable">("loading");
  const [fault, setFault] = useState("");
  const [focused, setFocused] = useState(false);
  const [round, setRound] = useState(0);
  const features = useLoad("features", () => loadFeatures());
  const testMode = features.data?.stripe.publishable_key.startsWith("pk_test_");

  useEffect(() => {
    let gone = false;
    let card: CardElement | null = null;
    const dark = window.matchMedia("(prefers-color-scheme: dark)");
    const restyle = () => card?.update({ style: cardStyle() });
    setState("loading");
    setFault("");
    loadStripe()
      .then((stripe) => {
        if (gone || !place.current) return;
        card = stripe.elements({ locale }).create("card", cardOptions());
        card.on("change", ({ error }) => setFault(error?.message ?? ""));
        card.on("focus", () => setFocused(true));
        card.on("blur", () => setFocused(false));
        card.on("ready", () => setState("ready"));
        card.mount(place.current);
        live.current = { stripe, card };
        dark.addEventListener("change", restyle);
      })
      .catch(() => {
        if (!gone) setState("unavailable");
      });
    return () => {
      gone = true;
      dark.removeEventListener("change", restyle);
      live.current = null;
      card?.destroy();
    };
  }, [locale, round]);

  useEffect(() => {
    if (state === "ready") live.current?.card.update({ disabled });
  }, [disabled, state]);

  useImperativeHandle(
    handle,
    () => ({
      createPaymentMethod: async (billing) => {
        if (!live.current) return null;
        const { stripe, card } = live.current;
        const made = await stripe.createPaymentMethod({
          type: "card",
          card,
          billing_details: billing,
        });
        if (made.paymentMethod) return made.paymentMethod.id;
        setFault(made.error?.message ?? t("card.refused"));
        card.focus();
        return null;
      },
    }),
    [t],
  );

  return (
    <div class="field">
      <span class="label" id={`${id}-label`}>
        {t("card.label")}
      </span>
      <div
        role="group"
        aria-labelledby={`${id}-label`}
        aria-describedby={`${id}-fault ${id}-hint`}
        class={`control card-frame ${focused ? "is-focused" : ""} ${fault ? "is-invalid" : ""}`}
      >
        <div ref={place} class="card-place" />
        {state === "loading" && <span class="muted">{t("loading")}</span>}
        {state === "unavailable" && (
          <button type="button" class="button button-quiet" onClick={() => setRound(round + 1)}>
            {t("card.reload")}
          </button>
        )}
      </div>
      <p id={`${id}-fault`} class="fault" role="alert">
        {(fault || state === "unavailable") && <Icon name="warning" />}
        {fault || (state === "unavailable" ? t("card.unavailable") : "")}
      </p>
      <p id={`${id}-hint`} class="hint hint-icon">
        <Icon name="lock" />
        {t("card.hint")}
      </p>
      {testMode && <p class="hint">{t("card.test_mode")}</p>}
    </div>
  );
}

function cardOptions(): CardOptions {
  return { hidePostalCode: true, style: cardStyle() };
}

/** The frame cannot see our style sheet: it is handed the tokens' present values. */
function cardStyle(): NonNullable<CardOptions["style"]> {
  const tokens = getComputedStyle(document.documentElement);
  const token = (name: string) => tokens.getPropertyValue(name).trim();
  return {
    base: {
      color: token("--text"),
      iconColor: token("--muted"),
      fontFamily: "system-ui, sans-serif",
      fontSize: "16px",
      "::placeholder": { color: token("--muted") },
    },
    invalid: { color: token("--danger"), iconColor: token("--danger") },
  };
}
