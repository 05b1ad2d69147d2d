/** Cancelling by the policy: first what is kept and what goes back, then the question. */
import { useState } from "preact/hooks";
import { cancel, previewCancellation } from "../../../api/desk";
import type { Cancellation } from "../../../api/types";
import { ActionDialog } from "../../parts/action-dialog";
import { useSession } from "../../session/gate";
import { useDeskWords } from "../i18n";
import { Offered } from "./offered";
import { type DialogParts, ReasonField, useDeed, useFaults } from "./parts";
import { Shares, useShares } from "./shares";

const CONTROLS = { reason: "reason" };

export function CancellationDialog(parts: DialogParts) {
  const { t } = useDeskWords();
  return (
    <Offered
      parts={parts}
      title={t("do.cancellation")}
      load={previewCancellation}
      draw={(preview) => <Asking parts={parts} preview={preview} />}
    />
  );
}

function Asking({ parts, preview }: { parts: DialogParts; preview: Cancellation }) {
  const { rental, onClose, onEnd } = parts;
  const { t } = useDeskWords();
  const { token } = useSession();
  const tell = useShares();
  const [reason, setReason] = useState("");
  const action = useDeed(
    parts,
    () => cancel(token, rental.reference, reason.trim() || null),
    (shared: Cancellation) =>
      onEnd({ tone: "success", title: t("cancellation.done"), text: tell(shared) }),
  );
  const { faults } = useFaults(action.problem, CONTROLS);
  return (
    <ActionDialog
      title={t("do.cancellation")}
      label={t("cancellation.submit")}
      danger
      action={action}
      onClose={onClose}
      onSubmit={() => void action.run(undefined)}
    >
      <p>{t("cancellation.now")}</p>
      <Shares shared={preview} />
      <ReasonField
        id="reason"
        label={t("reason.label")}
        value={reason}
        fault={faults["reason"]}
        onText={setReason}
      />
    </ActionDialog>
  );
}
