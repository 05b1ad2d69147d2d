/* A stand-in for Stripe.js: the documented calls, served beside the stand-in API.
 * As with Stripe, the card is typed into a frame of this origin; the page never sees it. */
(() => {
  "use strict";
  const ORIGIN = new URL(document.currentScript.src).origin;
  const VERSION = "2026-10-28.endive";
  const FRAME_TITLES = {
    en: "Secure card payment input frame",
    pt: "Quadro seguro de entrada do pagamento com cartão",
  };
  let frames = 0;

  class IntegrationError extends Error {
    constructor(message) {
      super(message);
      this.name = "IntegrationError";
    }
  }

  const language = (locale) => {
    const wanted = !locale || locale === "auto" ? navigator.language : locale;
    return wanted.toLowerCase().startsWith("pt") ? "pt" : "en";
  };

  const flat = (value, prefix, pairs = new URLSearchParams()) => {
    for (const [name, inner] of Object.entries(value)) {
      const key = prefix ? `${prefix}[${name}]` : name;
      if (inner === undefined || inner === null) continue;
      if (typeof inner === "object") flat(inner, key, pairs);
      else pairs.append(key, String(inner));
    }
    return pairs;
  };

  /** One call of the API with the publishable key: {object} or {error}, never a rejection. */
  const call = async (key, method, path, params) => {
    const form = flat(params, "");
    const reads = method === "GET";
    try {
      const answer = await fetch(`${ORIGIN}${path}${reads ? `?${form}` : ""}`, {
        method,
        headers: { Authorization: `Bearer ${key}`, "Stripe-Version": VERSION },
        body: reads ? undefined : form,
      });
      const body = await answer.json();
      return body.error ? { error: body.error } : { object: body };
    } catch {
      const message = "We are experiencing issues connecting to our payments provider.";
      return { error: { type: "api_connection_error", message } };
    }
  };

  const intentId = (clientSecret) => {
    const match = /^(pi_\w+?)_secret_/.exec(String(clientSecret));
    if (!match) throw new IntegrationError(`Invalid value for clientSecret: ${clientSecret}.`);
    return match[1];
  };

  class CardElement {
    constructor(locale, options) {
      this._locale = language(locale);
      this._options = options ?? {};
      this._listeners = new Map();
      this._waiting = new Map();
      this._calls = 0;
      this._onMessage = (event) => this._receive(event);
    }

    mount(target) {
      const place = typeof target === "string" ? document.querySelector(target) : target;
      if (!place) throw new IntegrationError(`The selector you specified (${target}) applies to no DOM elements.`);
      this.unmount();
      frames += 1;
      const frame = document.createElement("iframe");
      frame.name = `__privateStripeFrame${frames}`;
      frame.title = FRAME_TITLES[this._locale];
      frame.setAttribute("allow", "payment *");
      frame.setAttribute("scrolling", "no");
      frame.style.cssText = "border:0;margin:0;padding:0;width:100%;display:block;height:1.3em;color-scheme:normal";
      frame.style.height = `calc(1.3 * ${this._options.style?.base?.fontSize ?? "16px"})`;
      frame.src = `${ORIGIN}/v3/elements-inner-card.html#${this._locale}`;
      this._place = place;
      this._frame = frame;
      place.classList.add("StripeElement", "StripeElement--empty");
      place.replaceChildren(frame);
      window.addEventListener("message", this._onMessage);
    }

    unmount() {
      window.removeEventListener("message", this._onMessage);
      this._frame?.remove();
      for (const state of ["", "--empty", "--focus", "--complete", "--invalid"]) {
        this._place?.classList.remove(`StripeElement${state}`);
      }
      this._frame = undefined;
    }

    destroy() {
      this.unmount();
      this._listeners.clear();
      this._destroyed = true;
    }

    on(name, listener) {
      const listeners = this._listeners.get(name) ?? [];
      this._listeners.set(name, [...listeners, listener]);
      return this;
    }

    once(name, listener) {
      const one = (event) => {
        this.off(name, one);
        listener(event);
      };
      return this.on(name, one);
    }

    off(name, listener) {
      const kept = (this._listeners.get(name) ?? []).filter((each) => listener && each !== listener);
      this._listeners.set(name, kept);
      return this;
    }

    update(options) {
      this._options = { ...this._options, ...options };
      this._tell({ action: "options", options: this._options });
    }

    clear() { this._tell({ action: "clear" }); }
    focus() { this._frame?.focus(); this._tell({ action: "focus" }); }
    blur() { this._tell({ action: "blur" }); }

    _tell(message) { this._frame?.contentWindow?.postMessage({ standin: "card", ...message }, ORIGIN); }

    _receive(event) {
      if (event.origin !== ORIGIN || event.source !== this._frame?.contentWindow) return;
      const { standin, name, detail, call: number } = event.data ?? {};
      if (standin !== "card") return;
      if (name === "answer") {
        this._waiting.get(number)?.(detail);
        this._waiting.delete(number);
        return;
      }
      if (name === "ready") this._tell({ action: "options", options: this._options });
      this._mark(name, detail);
      for (const listener of this._listeners.get(name) ?? []) listener({ elementType: "card", ...detail });
    }

    _mark(name, detail) {
      const mark = (state, on) => this._place.classList.toggle(`StripeElement--${state}`, on);
      if (name === "focus" || name === "blur") mark("focus", name === "focus");
      if (name === "change") {
        mark("empty", detail.empty);
        mark("complete", detail.complete);
        mark("invalid", Boolean(detail.error));
      }
    }

    /** The frame itself sends the card to the API and hands back the payment method. */
    _createPaymentMethod(key, params) {
      if (!this._frame) {
        throw new IntegrationError("We could not retrieve data from the specified Element. Please make sure the Element you are attempting to use is still mounted.");
      }
      this._calls += 1;
      const number = this._calls;
      return new Promise((resolve) => {
        this._waiting.set(number, resolve);
        this._tell({ action: "create", call: number, key, params });
      });
    }
  }

  class Elements {
    constructor(options) {
      this._options = options ?? {};
      this._elements = new Map();
    }

    create(type, options) {
      if (type !== "card") throw new IntegrationError(`The stand-in has no ${type} Element.`);
      if (this._elements.has(type) && !this._elements.get(type)._destroyed) {
        throw new IntegrationError("Can only create one Element of type card through this Elements instance.");
      }
      const element = new CardElement(this._options.locale, options);
      this._elements.set(type, element);
      return element;
    }

    getElement(type) {
      const element = this._elements.get(type === CardElement ? "card" : type);
      return element && !element._destroyed ? element : null;
    }

    update(options) { this._options = { ...this._options, ...options }; }
  }

  /** The bank's page in a dialog, for next_action use_stripe_sdk. */
  const authenticateHere = (url) => new Promise((resolve) => {
    const dialog = document.createElement("dialog");
    const frame = document.createElement("iframe");
    dialog.setAttribute("aria-label", "3D Secure");
    dialog.style.cssText = "padding:0;border:0;border-radius:16px;width:min(30rem,94vw);height:min(32rem,90vh);overflow:hidden";
    frame.style.cssText = "border:0;width:100%;height:100%";
    frame.name = "__privateStripeFrame3ds";
    frame.title = "3D Secure";
    frame.src = url;
    const listen = (event) => {
      if (event.origin !== ORIGIN || event.data?.standin !== "authenticated") return;
      window.removeEventListener("message", listen);
      dialog.close();
      dialog.remove();
      resolve();
    };
    window.addEventListener("message", listen);
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    dialog.append(frame);
    document.body.append(dialog);
    dialog.showModal();
  });

  class StripeClient {
    constructor(key, options) {
      this._key = key;
      this._locale = options?.locale;
    }

    elements(options) { return new Elements({ locale: this._locale, ...options }); }

    async createPaymentMethod(params) {
      const { card, ...rest } = params;
      const done = card instanceof CardElement
        ? await card._createPaymentMethod(this._key, rest)
        : await call(this._key, "POST", "/v1/payment_methods", params);
      return done.error ? { error: done.error } : { paymentMethod: done.object };
    }

    async retrievePaymentIntent(clientSecret) {
      const path = `/v1/payment_intents/${intentId(clientSecret)}`;
      const done = await call(this._key, "GET", path, { client_secret: clientSecret });
      return done.error ? { error: done.error } : { paymentIntent: done.object };
    }

    async handleNextAction({ clientSecret }) {
      const found = await this.retrievePaymentIntent(clientSecret);
      if (found.error) return found;
      if (found.paymentIntent.status !== "requires_action") {
        throw new IntegrationError("handleNextAction: The PaymentIntent supplied is not in the requires_action state.");
      }
      return this._act(found.paymentIntent, clientSecret);
    }

    async _act(intent, clientSecret) {
      const action = intent.next_action;
      if (action.type === "redirect_to_url") {
        window.location.assign(action.redirect_to_url.url);
        return new Promise(() => {});
      }
      if (action.type !== "use_stripe_sdk") return { paymentIntent: intent };
      await authenticateHere(action.use_stripe_sdk.stripe_js);
      const after = await this.retrievePaymentIntent(clientSecret);
      const failed = after.paymentIntent?.status === "requires_payment_method";
      return failed ? { error: after.paymentIntent.last_payment_error } : after;
    }

    handleCardAction(clientSecret) { return this.handleNextAction({ clientSecret }); }

    async confirmCardPayment(clientSecret, data, options) {
      let method = data?.payment_method;
      if (method && typeof method === "object") {
        const made = await this.createPaymentMethod({ type: "card", ...method });
        if (made.error) return made;
        method = made.paymentMethod.id;
      }
      const path = `/v1/payment_intents/${intentId(clientSecret)}/confirm`;
      const done = await call(this._key, "POST", path, {
        client_secret: clientSecret,
        payment_method: method,
        return_url: data?.return_url ?? window.location.href,
        use_stripe_sdk: true,
      });
      if (done.error) return { error: done.error };
      const acts = done.object.status === "requires_action" && options?.handleActions !== false;
      return acts ? this._act(done.object, clientSecret) : { paymentIntent: done.object };
    }
  }

  window.Stripe = function Stripe(key, options) {
    if (typeof key !== "string" || !key.startsWith("pk_")) {
      throw new IntegrationError("Please call Stripe() with your publishable key. You used an empty string or a secret key.");
    }
    return new StripeClient(key, options);
  };
  window.Stripe.version = 3;
})();
