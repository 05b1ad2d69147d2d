/* Inside the card frame: formats, checks and sends the card. The page outside hears only states. */
(() => {
  "use strict";
  const TEXTS = {
    en: {
      number: "Card number", expiry: "MM / YY", cvc: "CVC", postal: "ZIP",
      expiryLabel: "Credit or debit card expiration date", cvcLabel: "Credit or debit card CVC/CVV",
      invalid_number: "Your card number is invalid.",
      incomplete_number: "Your card number is incomplete.",
      incomplete_expiry: "Your card's expiration date is incomplete.",
      invalid_expiry_year_past: "Your card's expiration year is in the past.",
      invalid_expiry_month_past: "Your card's expiration date is in the past.",
      incomplete_cvc: "Your card's security code is incomplete.",
      incomplete_zip: "Your postal code is incomplete.",
    },
    pt: {
      number: "Número do cartão", expiry: "MM / AA", cvc: "CVC", postal: "CEP",
      expiryLabel: "Data de validade do cartão", cvcLabel: "Código de segurança do cartão (CVC)",
      invalid_number: "O número do seu cartão é inválido.",
      incomplete_number: "O número do seu cartão está incompleto.",
      incomplete_expiry: "A data de validade do seu cartão está incompleta.",
      invalid_expiry_year_past: "O ano de validade do seu cartão já passou.",
      invalid_expiry_month_past: "A data de validade do seu cartão já passou.",
      incomplete_cvc: "O código de segurança do seu cartão está incompleto.",
      incomplete_zip: "Seu CEP está incompleto.",
    },
  };
  const BRANDS = [
    ["amex", /^3[47]/, 15], ["diners", /^3(0|6|8)/, 16], ["jcb", /^35/, 16], ["unionpay", /^62/, 16],
    ["discover", /^6/, 16], ["mastercard", /^(5[1-5]|2[2-7])/, 16], ["visa", /^4/, 16],
  ];
  const locale = location.hash === "#pt" ? "pt" : "en";
  const text = TEXTS[locale];
  const [number, expiry, cvc, postal] = ["number", "expiry", "cvc", "postal"].map((id) => document.getElementById(id));
  const fields = [number, expiry, cvc, postal];
  let parentOrigin = "*";
  let last = "";

  document.documentElement.lang = locale === "pt" ? "pt-BR" : "en";
  const labels = [text.number, text.expiryLabel, text.cvcLabel, text.postal];
  const placeholders = [text.number, text.expiry, text.cvc, text.postal];
  fields.forEach((field, i) => {
    field.placeholder = placeholders[i];
    field.setAttribute("aria-label", labels[i]);
  });

  const digits = (field) => field.value.replace(/\D/g, "");
  const say = (name, detail, call) => parent.postMessage({ standin: "card", name, detail, call }, parentOrigin);
  const brand = () => BRANDS.find(([, pattern]) => pattern.test(digits(number))) ?? ["unknown", null, 16];
  const luhn = (value) => [...value].reverse().reduce((sum, digit, i) => {
    const twice = Number(digit) * 2;
    return sum + (i % 2 ? (twice > 9 ? twice - 9 : twice) : Number(digit));
  }, 0) % 10 === 0;

  const expiryFault = () => {
    const value = digits(expiry);
    const month = Number(value.slice(0, 2));
    if (value.length < 4 || month < 1 || month > 12) return "incomplete_expiry";
    const now = new Date();
    const [year, thisYear] = [2000 + Number(value.slice(2, 4)), now.getFullYear()];
    if (year < thisYear) return "invalid_expiry_year_past";
    return year === thisYear && month < now.getMonth() + 1 ? "invalid_expiry_month_past" : null;
  };

  /** The first fault of each field, in the order of the fields. */
  const faults = () => {
    const value = digits(number);
    const [name, , length] = brand();
    const numberFault = value.length < length ? "incomplete_number" : luhn(value) ? null : "invalid_number";
    return [
      numberFault,
      expiryFault(),
      digits(cvc).length < (name === "amex" ? 4 : 3) ? "incomplete_cvc" : null,
      !postal.hidden && postal.value.trim().length < 5 ? "incomplete_zip" : null,
    ];
  };

  const fault = (code) => code && { type: "validation_error", code, message: text[code] };

  const changed = () => {
    const found = faults();
    const visible = fields.filter((field) => !field.hidden);
    // An incomplete field is a fault only once it was left.
    const shown = found.map((code, i) => {
      const left = fields[i] !== document.activeElement && fields[i].value !== "";
      return code && (left || code.startsWith("invalid")) ? code : null;
    });
    fields.forEach((field, i) => field.setAttribute("aria-invalid", String(Boolean(shown[i]))));
    const detail = {
      brand: brand()[0],
      complete: found.every((code) => code === null),
      empty: visible.every((field) => field.value === ""),
      error: fault(shown.find(Boolean)) ?? undefined,
      value: { postalCode: postal.value },
    };
    const state = JSON.stringify(detail);
    if (state !== last) say("change", detail);
    last = state;
  };

  const format = (field) => {
    const value = digits(field);
    if (field === number) {
      const groups = brand()[0] === "amex" ? /^(\d{0,4})(\d{0,6})(\d{0,5}).*$/ : /^(\d{0,4})(\d{0,4})(\d{0,4})(\d{0,7}).*$/;
      field.value = value.replace(groups, (_, ...parts) => parts.slice(0, -2).filter(Boolean).join(" "));
      if (value.length === brand()[2] && luhn(value)) expiry.focus();
    } else if (field === expiry) {
      const padded = /^[2-9]/.test(value) ? `0${value}` : value;
      field.value = padded.length > 2 ? `${padded.slice(0, 2)} / ${padded.slice(2, 4)}` : padded;
      if (padded.length >= 4 && !expiryFault()) cvc.focus();
    } else if (field === cvc) {
      field.value = value;
    }
  };

  for (const field of fields) {
    field.addEventListener("input", () => { format(field); changed(); });
    field.addEventListener("focus", () => say("focus", {}));
    field.addEventListener("blur", () => { changed(); say("blur", {}); });
    field.addEventListener("keydown", (event) => {
      if (event.key === "Escape") say("escape", {});
      if (event.key === "Backspace" && field.value === "") fields[fields.indexOf(field) - 1]?.focus();
    });
  }
  document.forms[0].addEventListener("submit", (event) => event.preventDefault());

  const useOptions = ({ style, hidePostalCode, disabled }) => {
    const { base = {}, invalid = {} } = style ?? {};
    const form = document.forms[0].style;
    for (const name of ["fontFamily", "fontSize", "fontWeight", "letterSpacing"]) {
      if (base[name]) form[name] = base[name];
    }
    const colors = { "--color": base.color, "--placeholder": base["::placeholder"]?.color, "--invalid": invalid.color };
    for (const [name, value] of Object.entries(colors)) if (value) form.setProperty(name, value);
    postal.hidden = Boolean(hidePostalCode);
    for (const field of fields) field.disabled = Boolean(disabled);
  };

  const create = async (key, params) => {
    const found = faults().find(Boolean);
    if (found) return { error: fault(found) };
    const form = new URLSearchParams();
    const add = (name, value) => {
      if (value === undefined || value === null) return;
      if (typeof value === "object") for (const [k, v] of Object.entries(value)) add(`${name}[${k}]`, v);
      else form.append(name, String(value));
    };
    for (const [name, value] of Object.entries(params)) add(name, value);
    if (!postal.hidden && !form.has("billing_details[address][postal_code]")) {
      form.append("billing_details[address][postal_code]", postal.value.trim());
    }
    add("card", {
      number: digits(number), cvc: digits(cvc),
      exp_month: Number(digits(expiry).slice(0, 2)), exp_year: 2000 + Number(digits(expiry).slice(2, 4)),
    });
    try {
      const headers = { Authorization: `Bearer ${key}`, "Stripe-Version": "2026-10-28.endive" };
      const answer = await fetch("/v1/payment_methods", { method: "POST", headers, body: form });
      const body = await answer.json();
      return body.error ? { error: body.error } : { object: body };
    } catch {
      const message = "We are experiencing issues connecting to our payments provider.";
      return { error: { type: "api_connection_error", message } };
    }
  };

  window.addEventListener("message", async (event) => {
    const { standin, action, options, call, key, params } = event.data ?? {};
    if (event.source !== parent || standin !== "card") return;
    parentOrigin = event.origin;
    if (action === "options") useOptions(options);
    if (action === "clear") { for (const field of fields) field.value = ""; changed(); }
    if (action === "focus") number.focus();
    if (action === "blur") document.activeElement?.blur();
    if (action === "create") say("answer", await create(key, params), call);
  });
  say("ready", {});
})();
