/** The part of Stripe.js that we use. Card data goes from its frame to Stripe, not to our API. */
import { loadFeatures } from "../../api/calls";

export interface StripeFault {
  code?: string;
  message?: string;
}

export interface CardChange {
  complete: boolean;
  empty: boolean;
  error?: StripeFault;
}

export interface CardElement {
  mount: (place: HTMLElement) => void;
  on: (
    event: "change" | "ready" | "focus" | "blur",
    listener: (change: CardChange) => void,
  ) => void;
  update: (options: CardOptions) => void;
  focus: () => void;
  destroy: () => void;
}

export interface CardOptions {
  hidePostalCode?: boolean;
  disabled?: boolean;
  style?: Record<string, Record<string, string | Record<string, string>>>;
}

export interface BillingDetails {
  name: string;
  email?: string;
}

export interface Stripe {
  elements: (options: { locale: string }) => {
    create: (type: "card", options: CardOptions) => CardElement;
  };
  createPaymentMethod: (details: {
    type: "card";
    card: CardElement;
    billing_details: BillingDetails;
  }) => Promise<{ paymentMethod?: { id: string }; error?: StripeFault }>;
  handleNextAction: (options: { clientSecret: string }) => Promise<{ error?: StripeFault }>;
}

declare global {
  interface Window {
    Stripe?: (publishableKey: string) => Stripe;
  }
}

export class StripeUnavailable extends Error {
  override readonly name = "StripeUnavailable";
}

let loading: Promise<Stripe> | null = null;

/** Loads the script on the first page that needs it; a failed load may be tried again. */
export function loadStripe(): Promise<Stripe> {
  loading ??= load().catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

async function load(): Promise<Stripe> {
  const { stripe } = await loadFeatures();
  if (!window.Stripe) await addScript(stripe.js_url);
  if (!window.Stripe) throw new StripeUnavailable(stripe.js_url);
  return window.Stripe(stripe.publishable_key);
}

function addScript(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.async = true;
    script.onload = () => resolve();
    script.onerror = () => {
      script.remove();
      reject(new StripeUnavailable(url));
    };
    document.head.append(script);
  });
}
