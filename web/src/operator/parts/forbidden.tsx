/** Signed in, and not allowed: what to do about it. */
import { Notice } from "../../shared/ui/notice";
import { useFrameWords } from "../i18n";

export function Forbidden() {
  const { t } = useFrameWords();
  return (
    <Notice tone="warning" title={t("forbidden.title")}>
      <p>{t("forbidden.text")}</p>
    </Notice>
  );
}
