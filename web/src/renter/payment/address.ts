/** The payer's address, which a boleto carries: what people type, and what the API takes. */
import type { BillingAddress } from "../../api/types";

export interface AddressForm {
  line1: string;
  line2: string;
  city: string;
  state: string;
  postal_code: string;
}

export type AddressField = keyof AddressForm;

export const EMPTY_ADDRESS: AddressForm = {
  line1: "",
  line2: "",
  city: "",
  state: "",
  postal_code: "",
};

/** The states of Brazil and its federal district (IBGE). */
export const STATES =
  "AC AL AM AP BA CE DF ES GO MA MG MS MT PA PB PE PI PR RJ RN RO RR RS SC SE SP TO".split(" ");

const REQUIRED: readonly AddressField[] = ["line1", "city", "state", "postal_code"];
const FIELDS: readonly AddressField[] = [...REQUIRED, "line2"];

/** What a control of the address is called in the page and among the faults. */
export const controlOf = (field: AddressField) => `address_${field}`;

/** The API's names for our fields: in a booking they stand below `payment`. */
export const ADDRESS_POINTERS: Record<string, string> = Object.fromEntries(
  FIELDS.map((field) => [`payment.billing_address.${field}`, controlOf(field)]),
);

export function checkAddress(form: AddressForm): Record<string, string> {
  const faults: Record<string, string> = {};
  for (const field of REQUIRED) {
    if (!form[field].trim()) faults[controlOf(field)] = "required";
  }
  const code = form.postal_code.trim();
  if (code && !/^\d{5}-?\d{3}$/.test(code)) faults[controlOf("postal_code")] = "cep_invalid";
  return faults;
}

export function toAddress(form: AddressForm): BillingAddress {
  return {
    line1: form.line1.trim(),
    line2: form.line2.trim() || null,
    city: form.city.trim(),
    state: form.state,
    postal_code: form.postal_code.trim(),
    country: "BR",
  };
}

/** The hyphen of a CEP put in while typing forward; deleting is never fought. */
export function maskCep(text: string, before = ""): string {
  if (text.length < before.length || !/^[\d-]*$/.test(text)) return text;
  const digits = text.replace(/\D/g, "").slice(0, 8);
  return digits.length > 5 ? `${digits.slice(0, 5)}-${digits.slice(5)}` : digits;
}
