/** A rental's state in one word. */
import type { RentalStatus } from "../../api/types";
import { useDeskWords } from "./i18n";

const TONES: Record<RentalStatus, string> = {
  PENDING: "badge-warning",
  CONFIRMED: "badge-info",
  CHECKED_OUT: "badge-success",
  COMPLETED: "",
  EXPIRED: "",
  FAILED: "badge-danger",
  CANCELLED: "",
  NO_SHOW: "badge-danger",
};

export function StatusBadge({ status }: { status: RentalStatus }) {
  const { t } = useDeskWords();
  return <span class={`badge ${TONES[status]}`}>{t(`status.${status}`)}</span>;
}
