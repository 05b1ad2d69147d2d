/* The part of Stripe.js that the pages use, without Stripe: the number typed picks the outcome. */
window.Stripe = () => ({
  elements: () => ({
    create: () => {
      const input = document.createElement("input");
      input.placeholder = "4242 4242 4242 4242";
      input.setAttribute("aria-label", "Card number");
      input.className = "mock-card";
      const listeners = {};
      input.addEventListener("focus", () => listeners.focus?.({}));
      input.addEventListener("blur", () => listeners.blur?.({}));
      input.addEventListener("input", () => listeners.change?.({ complete: true, empty: false }));
      return {
        input,
        mount: (place) => {
          place.append(input);
          setTimeout(() => listeners.ready?.({}));
        },
        on: (event, listener) => {
          listeners[event] = listener;
        },
        update: ({ disabled }) => {
          if (disabled !== undefined) input.disabled = disabled;
        },
        focus: () => input.focus(),
        destroy: () => input.remove(),
      };
    },
  }),
  createPaymentMethod: async ({ card }) => {
    const digits = card.input.value.replace(/\D/g, "");
    const ids = {
      4000000000000002: "pm_card_chargeDeclined",
      4000000000009995: "pm_card_chargeDeclinedInsufficientFunds",
      4000002500003155: "pm_card_threeDSecure2Required",
      4000000000000069: "pm_card_expire",
    };
    if (digits.length < 15) return { error: { message: "O número do cartão está incompleto." } };
    return { paymentMethod: { id: ids[digits] ?? "pm_card_visa" } };
  },
  handleNextAction: async () => ({}),
});
