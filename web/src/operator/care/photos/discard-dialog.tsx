/** Lets a photo go, for a reason: its file is deleted, that there was one stays known. */
import { useState } from "preact/hooks";
import { discardPhoto } from "../../../api/care";
import { TextField } from "../../../shared/ui/field";
import { ActionDialog } from "../../parts/action-dialog";
import { useAction } from "../../parts/use-action";
import { useSession } from "../../session/gate";
import { useCareWords } from "../i18n";
import { LONGEST_REASON } from "../money/act";
import type { Told } from "../parts/told";
import { useFaults } from "../parts/use-faults";
import type { Seen } from "./photos-panel";

interface DiscardProps {
  seen: Seen;
  reference: string;
  onClose: () => void;
  onDone: (told: Told) => void;
}

const CONTROLS = { reason: "photo-reason" };

export function DiscardDialog({ seen, reference, onClose, onDone }: DiscardProps) {
  const { t, lookUp } = useCareWords();
  const { token } = useSession();
  const [reason, setReason] = useState("");
  const { photo, name } = seen;
  const action = useAction(
    (why: string) => discardPhoto(token, reference, photo.id, why),
    () => onDone([t("photos.discarded", { name })]),
  );
  const { faults, check } = useFaults(action.problem, CONTROLS, (code) =>
    lookUp(`reason.refused.${code}`),
  );
  return (
    <ActionDialog
      title={t("photos.discard_title")}
      label={t("photos.discard")}
      danger
      action={action}
      onClose={onClose}
      onSubmit={(form) => {
        const found = { "photo-reason": reason.trim() ? undefined : t("fault.reason") };
        if (check(form, found)) void action.run(reason.trim());
      }}
    >
      <p>{t("photos.discard_about", { name })}</p>
      <TextField
        id="photo-reason"
        label={t("field.reason")}
        hint={t("field.reason_hint")}
        value={reason}
        maxLength={LONGEST_REASON}
        fault={faults["photo-reason"]}
        onText={setReason}
      />
    </ActionDialog>
  );
}
