/** What a deed has added to the price, line by line. */
import type { PriceLine } from "../../../api/types";
import { useI18n } from "../../../shared/i18n";
import { PriceTable } from "../../../shared/ui/price-table";

export function Charges({ lines }: { lines: readonly PriceLine[] }) {
  const { t } = useI18n();
  const [first] = lines;
  if (!first) return null;
  const amount = lines.reduce((all, line) => all + line.amount.amount, 0);
  const total = { amount, currency: first.amount.currency };
  return (
    <div>
      <h3>{t("owed.title")}</h3>
      <PriceTable price={{ lines: [...lines], total }} caption={t("owed.caption")} />
    </div>
  );
}
