/** What each report counts, and by what its rows may be put together. */
import type { ReportName } from "../../../api/company";

export type Dimension = "date" | "branch" | "class" | "purpose" | "method";

export interface Shape {
  dimensions: readonly Dimension[];
  counts: readonly string[];
  amounts: readonly string[];
  /** The part of a count in another: rented hours of those that a car was there. */
  share?: readonly [part: string, whole: string];
  /** What the chart's bars show: the share, or this amount. */
  drawn?: string;
}

export type SummedName = Exclude<ReportName, "manifest">;

export const SHAPES: Readonly<Record<SummedName, Shape>> = {
  utilisation: {
    dimensions: ["date", "branch", "class"],
    counts: ["capacity_hours", "rented_hours", "held_hours"],
    amounts: [],
    share: ["rented_hours", "capacity_hours"],
    drawn: "share",
  },
  revenue: {
    dimensions: ["date", "branch", "class"],
    counts: ["rentals", "cancellations"],
    amounts: ["price", "additional", "cancellation_fees", "total"],
    drawn: "total",
  },
  payments: {
    dimensions: ["date", "branch", "purpose", "method"],
    counts: ["payments"],
    amounts: ["captured", "refunded", "net"],
  },
  cancellations: {
    dimensions: ["date", "branch", "class"],
    counts: ["cancellations", "free_of_charge"],
    amounts: ["fees", "refunds"],
  },
};

export const REPORTS = [
  "utilisation",
  "revenue",
  "payments",
  "cancellations",
  "manifest",
] as const satisfies readonly ReportName[];
