/** Nobody came: the car goes back on sale, and the policy shares what was paid. */
import { useState } from "preact/hooks";
import { type NoShow, recordNoShow } from "../../../api/desk";
import { ActionDialog } from "../../parts/action-dialog";
import { useSession } from "../../session/gate";
import { useDeskWords } from "../i18n";
import { type DialogParts, ReasonField, useDeed, useFaults } from "./parts";
import { useShares } from "./shares";

const CONTROLS = { reason: "reason" };

export function NoShowDialog(parts: DialogParts) {
  const { rental, onClose, onEnd } = parts;
  const { t } = useDeskWords();
  const { token } = useSession();
  const tell = useShares();
  const [reason, setReason] = useState("");
  const action = useDeed(
    parts,
    () => recordNoShow(token, rental.reference, reason.trim() || null),
    (shared: NoShow) => onEnd({ tone: "success", title: t("no_show.done"), text: tell(shared) }),
    "refused.no_show",
  );
  const { faults } = useFaults(action.problem, CONTROLS);
  return (
    <ActionDialog
      title={t("do.no_show")}
      label={t("no_show.submit")}
      danger
      action={action}
      onClose={onClose}
      onSubmit={() => void action.run(undefined)}
    >
      <p>{t("no_show.text")}</p>
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
