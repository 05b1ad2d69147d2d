/** Back on its queue, once. */
import { type DeadLetter, replayDeadLetter } from "../../../api/company";
import { ActionDialog } from "../../parts/action-dialog";
import { useAction } from "../../parts/use-action";
import { useSession } from "../../session/gate";
import { useCompanyWords } from "../i18n";

interface ReplayDialogProps {
  letter: DeadLetter;
  /** After a failure the list may be out of date. */
  onClose: (failed: boolean) => void;
  onDone: () => void;
}

export function ReplayDialog({ letter: { id, queue }, onClose, onDone }: ReplayDialogProps) {
  const { t } = useCompanyWords();
  const { token } = useSession();
  const replay = useAction(() => replayDeadLetter(token, id), onDone);
  return (
    <ActionDialog
      title={t("replay.title")}
      action={replay}
      label={t("letters.replay")}
      onClose={() => onClose(replay.problem !== null)}
      onSubmit={() => void replay.run(null)}
    >
      <p>{t("replay.text", { queue })}</p>
      <p class="muted">{t("replay.safe")}</p>
    </ActionDialog>
  );
}
