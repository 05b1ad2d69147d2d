/** Ends a rental before its car has left: what that means, why it is done, and then no way back. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Token } from "../../../api/operator";
import { ActionDialog } from "../../parts/action-dialog";
import { useSession } from "../../session/gate";
import { useDeskWords } from "../i18n";
import { type DialogParts, ReasonField, useDeed, useFaults } from "./parts";
import { type Shared, useShares } from "./shares";

const CONTROLS = { reason: "reason" };

interface EndingProps {
  parts: DialogParts;
  /** `cancellation` and `no_show` begin the names of its words. */
  what: "cancellation" | "no_show";
  send: (token: Token, reference: string, reason: string | null) => Promise<Shared>;
  /** Why the server may not allow it yet, where there are words for that. */
  refusal?: "refused.no_show";
  children: ComponentChildren;
}

export function Ending({ parts, what, send, refusal, children }: EndingProps) {
  const { rental, onClose, onEnd } = parts;
  const { t } = useDeskWords();
  const { token } = useSession();
  const tell = useShares();
  const [reason, setReason] = useState("");
  const action = useDeed(
    parts,
    () => send(token, rental.reference, reason.trim() || null),
    (shared) => onEnd({ tone: "success", title: t(`${what}.done`), text: tell(shared) }),
    refusal,
  );
  const { faults } = useFaults(action.problem, CONTROLS);
  return (
    <ActionDialog
      title={t(`do.${what}`)}
      label={t(`${what}.submit`)}
      danger
      action={action}
      onClose={onClose}
      onSubmit={() => void action.run(undefined)}
    >
      {children}
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
