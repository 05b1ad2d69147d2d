/** How a payment stands and came about, in the desk's words; a new state is shown as it is. */
import type { PaymentMethod } from "../../api/types";
import { useI18n } from "../../shared/i18n";
import { useDeskWords } from "./i18n";

export function usePaymentWords() {
  const { t } = useI18n();
  const { lookUp } = useDeskWords();
  return {
    method: (method: PaymentMethod) => t(`method.${method}`),
    status: (status: string) => lookUp(`payment.${status}`) ?? status,
  };
}
