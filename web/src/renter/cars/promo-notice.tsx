/** What became of the promo code: taken off, or why not; the offers stand either way. */
import type { CarClass, PromoAnswer } from "../../api/types";
import { useI18n } from "../../shared/i18n";
import { Notice } from "../../shared/ui/notice";

interface PromoNoticeProps {
  promo: PromoAnswer;
  classes: readonly CarClass[];
}

export function PromoNotice({ promo, classes }: PromoNoticeProps) {
  const { t, lookUp, locale } = useI18n();
  const nameOf = (code: string) => classes.find((each) => each.acriss === code)?.name ?? code;
  const names = new Intl.ListFormat(locale).format((promo.classes ?? []).map(nameOf));
  if (promo.applied) {
    return (
      <Notice tone="success" title={t("promo.applied", { code: promo.code })}>
        {names && <p>{t("promo.only", { classes: names })}</p>}
      </Notice>
    );
  }
  const why = lookUp(`promo.refused.${promo.reason}`) ?? t("promo.refused.unknown");
  return (
    <Notice tone="warning" title={t("promo.refused", { code: promo.code })}>
      <p>
        {why} {names && t("promo.only", { classes: names })}
      </p>
      <p>{t("promo.without")}</p>
    </Notice>
  );
}
