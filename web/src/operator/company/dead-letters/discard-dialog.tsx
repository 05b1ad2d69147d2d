/** Given up for good, for a reason that the audit keeps. */
import { useState } from "preact/hooks";
import { type DeadLetter, discardDeadLetter } from "../../../api/company";
import { useI18n } from "../../../shared/i18n";
import { faultsByControl } from "../../../shared/problem";
import { focusFirstFault, TextField } from "../../../shared/ui/field";
import { ActionDialog } from "../../parts/action-dialog";
import { useAction } from "../../parts/use-action";
import { useSession } from "../../session/gate";
import { useCompanyWords } from "../i18n";

const LONGEST = 500;
const CONTROLS = { reason: "discard-reason" };

interface DiscardDialogProps {
  letter: DeadLetter;
  /** After a failure the list may be out of date. */
  onClose: (failed: boolean) => void;
  onDone: () => void;
}

export function DiscardDialog({ letter: { id, queue }, onClose, onDone }: DiscardDialogProps) {
  const { t, lookUp } = useCompanyWords();
  const shared = useI18n();
  const { token } = useSession();
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState(false);
  const discard = useAction((text: string) => discardDeadLetter(token, id, text), onDone);
  const refused = faultsByControl(discard.problem?.errors ?? [], CONTROLS, lookUp);
  const submit = (form: HTMLFormElement) => {
    const text = reason.trim();
    setMissing(!text);
    if (text) void discard.run(text).then(() => focusFirstFault(form));
    else focusFirstFault(form);
  };
  return (
    <ActionDialog
      title={t("discard.title")}
      action={discard}
      label={t("letters.discard")}
      danger
      onClose={() => onClose(discard.problem !== null)}
      onSubmit={submit}
    >
      <p>{lookUp(`queue.lost.${queue}`) ?? t("discard.text")}</p>
      <TextField
        id="discard-reason"
        label={t("discard.reason")}
        hint={t("discard.hint")}
        value={reason}
        maxLength={LONGEST}
        required
        fault={missing ? shared.t("fault.required") : refused["discard-reason"]}
        onText={(text) => {
          setReason(text);
          setMissing(false);
        }}
      />
    </ActionDialog>
  );
}
