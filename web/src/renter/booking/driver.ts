/** The driver's form: what people type, checked lightly here and finally by the server. */
import type { Driver } from "../../api/types";
import { isLocalDate } from "../../shared/time";

export type DocumentType = "cpf" | "passport" | "rg" | "national_id";

export interface DriverForm {
  given_name: string;
  family_name: string;
  email: string;
  phone: string;
  birth_date: string;
  document_type: DocumentType;
  document_number: string;
  document_country: string;
}

export const EMPTY_DRIVER: DriverForm = {
  given_name: "",
  family_name: "",
  email: "",
  phone: "",
  birth_date: "",
  document_type: "cpf",
  document_number: "",
  document_country: "BR",
};

export type DriverField = keyof DriverForm;
export type DriverFault =
  | "required"
  | "email_invalid"
  | "phone_invalid"
  | "birth_date_invalid"
  | "cpf_invalid"
  | "document_invalid";
export type DriverFaults = Partial<Record<DriverField, DriverFault>>;

/** The API's names for our fields, to place its faults. */
export const FIELD_OF_POINTER: Record<string, DriverField> = {
  "driver.given_name": "given_name",
  "driver.family_name": "family_name",
  "driver.email": "email",
  "driver.phone": "phone",
  "driver.birth_date": "birth_date",
  "driver.document.type": "document_type",
  "driver.document.number": "document_number",
  "driver.document.country": "document_country",
  "driver.document": "document_number",
};

export function checkDriver(form: DriverForm): DriverFaults {
  const faults: DriverFaults = {};
  for (const field of ["given_name", "family_name", "email", "phone", "birth_date"] as const) {
    if (!form[field].trim()) faults[field] = "required";
  }
  if (!form.document_number.trim()) faults.document_number = "required";
  if (!faults.email && !/^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/.test(form.email.trim())) {
    faults.email = "email_invalid";
  }
  if (!faults.phone && !isPhone(form.phone)) faults.phone = "phone_invalid";
  if (!faults.birth_date && !parseBirthDate(form.birth_date)) {
    faults.birth_date = "birth_date_invalid";
  }
  if (!faults.document_number) {
    const fault = checkDocument(form);
    if (fault) faults.document_number = fault;
  }
  return faults;
}

function checkDocument({ document_type, document_number }: DriverForm): DriverFault | null {
  if (document_type === "cpf") return isCpf(document_number) ? null : "cpf_invalid";
  const { length } = document_number.trim();
  return length >= 3 && length <= 32 ? null : "document_invalid";
}

export function toDriver(form: DriverForm): Driver {
  return {
    given_name: form.given_name.trim(),
    family_name: form.family_name.trim(),
    email: form.email.trim(),
    phone: form.phone.trim(),
    birth_date: parseBirthDate(form.birth_date) ?? form.birth_date,
    document: {
      type: form.document_type,
      number: form.document_number.trim(),
      country: form.document_type === "cpf" ? "BR" : form.document_country,
    },
    licence: null,
  };
}

/** Ten or more digits; the server knows the world's numbering plans. */
function isPhone(value: string): boolean {
  const digits = value.replace(/\D/g, "");
  return /^[+\d\s().-]+$/.test(value.trim()) && digits.length >= 8 && digits.length <= 15;
}

/** Both check digits of a CPF (Receita Federal): weights 10…2 and 11…2, modulo 11. */
export function isCpf(value: string): boolean {
  const digits = value.replace(/[.\-\s]/g, "");
  if (!/^\d{11}$/.test(digits) || /^(\d)\1{10}$/.test(digits)) return false;
  return [9, 10].every((length) => {
    let total = 0;
    for (let index = 0; index < length; index += 1) {
      total += Number(digits[index]) * (length + 1 - index);
    }
    return ((total * 10) % 11) % 10 === Number(digits[length]);
  });
}

/** `25/12/1990` (or what a browser fills in, `1990-12-25`) as `1990-12-25`; null if no such day. */
export function parseBirthDate(text: string, now = new Date()): string | null {
  const typed = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(text.trim());
  const iso = typed ? `${typed[3]}-${typed[2]}-${typed[1]}` : text.trim();
  if (!isLocalDate(iso) || iso < "1900-01-01") return null;
  return iso < now.toISOString().slice(0, 10) ? iso : null;
}

/** Slashes put in while typing forward; deleting is never fought. */
export function maskDate(text: string, before = ""): string {
  if (text.length < before.length || !/^[\d/]*$/.test(text)) return text;
  const digits = text.replace(/\D/g, "").slice(0, 8);
  const parts = [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4)].filter(Boolean);
  const joined = parts.join("/");
  return (digits.length === 2 || digits.length === 4) && parts.length < 3 ? `${joined}/` : joined;
}

export function maskCpf(text: string, before = ""): string {
  if (text.length < before.length || !/^[\d.-]*$/.test(text)) return text;
  const digits = text.replace(/\D/g, "").slice(0, 11);
  const head = [digits.slice(0, 3), digits.slice(3, 6), digits.slice(6, 9)].filter(Boolean);
  return head.join(".") + (digits.length > 9 ? `-${digits.slice(9)}` : "");
}
