/** The cancellation policy in the visitor's language, from its figures. */
import type { CancellationPolicy } from "../../api/types";
import { useI18n } from "../../shared/i18n";
import { Icon } from "../../shared/ui/icon";

interface PolicyTextProps {
  policy: CancellationPolicy;
  /** The pick-up branch's. */
  timeZone: string;
}

export function PolicyText({ policy, timeZone }: PolicyTextProps) {
  const { t, dateTime, money } = useI18n();
  const when = dateTime(policy.free_until, timeZone);
  const free = Date.parse(policy.free_until) > Date.now();
  const values = { when, percent: policy.fee_percent, cap: money(policy.fee_cap) };
  return (
    <p class="policy">
      <Icon name="shield" />
      <span>{free ? t("policy.free_until", values) : t("policy.fee", values)}</span>
    </p>
  );
}
