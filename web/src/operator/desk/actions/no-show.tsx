/** Nobody came: the car goes back on sale, and the policy shares what was paid. */
import { recordNoShow } from "../../../api/desk";
import { useDeskWords } from "../i18n";
import { Ending } from "./ending";
import type { DialogParts } from "./parts";

export function NoShowDialog(parts: DialogParts) {
  const { t } = useDeskWords();
  return (
    <Ending parts={parts} what="no_show" send={recordNoShow} refusal="refused.no_show">
      <p>{t("no_show.text")}</p>
    </Ending>
  );
}
