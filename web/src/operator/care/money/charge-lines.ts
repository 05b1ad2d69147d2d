/** What an operator adds on top of a price, line by line, as it is typed and as it is sent. */
import type { ChargeLine, ChargePurpose } from "../../../api/care";
import { parseAmount } from "../../parts/amount";

/** What comes weeks later first, then what check-in is for. */
export const PURPOSES: readonly ChargePurpose[] = [
  "Fine",
  "Toll",
  "Damage",
  "Fuel",
  "AdditionalHour",
  "AdditionalDriver",
  "Equipment",
  "Coverage",
  "Drop",
  "Tax",
];
export const MOST_LINES = 50;
const MOST_PIECES = 100_000;

export interface TypedLine {
  /** Of this row on the page alone. */
  id: number;
  purpose: ChargePurpose;
  description: string;
  quantity: string;
  amount: string;
}

export type LineFault = "description" | "quantity" | "amount";

export const newLine = (id: number): TypedLine => ({
  id,
  purpose: "Fine",
  description: "",
  quantity: "1",
  amount: "",
});

export const piecesOf = ({ quantity }: TypedLine): number | null => {
  const pieces = /^\d{1,6}$/.test(quantity.trim()) ? Number(quantity) : 0;
  return pieces >= 1 && pieces <= MOST_PIECES ? pieces : null;
};

export function lineFaults(line: TypedLine, currency: string): LineFault[] {
  const faults: LineFault[] = [];
  if (!line.description.trim()) faults.push("description");
  if (piecesOf(line) === null) faults.push("quantity");
  if (!parseAmount(line.amount, currency)) faults.push("amount");
  return faults;
}

/** Of the lines that are whole. */
export function totalOf(lines: readonly TypedLine[], currency: string): number {
  return lines.reduce(
    (sum, line) => sum + (piecesOf(line) ?? 0) * (parseAmount(line.amount, currency) ?? 0),
    0,
  );
}

export const toSend = (lines: readonly TypedLine[], currency: string): ChargeLine[] =>
  lines.map((line) => ({
    purpose: line.purpose,
    description: line.description.trim(),
    quantity: piecesOf(line) ?? 1,
    unit_amount: { amount: parseAmount(line.amount, currency) ?? 0, currency },
  }));
