/** Cancelling by the policy: first what is kept and what goes back, then the question. */
import { cancel, previewCancellation } from "../../../api/desk";
import { useDeskWords } from "../i18n";
import { Ending } from "./ending";
import { Offered } from "./offered";
import type { DialogParts } from "./parts";
import { Shares } from "./shares";

export function CancellationDialog(parts: DialogParts) {
  const { t } = useDeskWords();
  return (
    <Offered
      parts={parts}
      title={t("do.cancellation")}
      load={previewCancellation}
      draw={(preview) => (
        <Ending parts={parts} what="cancellation" send={cancel}>
          <p>{t("cancellation.now")}</p>
          <Shares shared={preview} />
        </Ending>
      )}
    />
  );
}
