/** How many percent of its cars a class may sell beyond them. */
import { useState } from "preact/hooks";
import { type ClassHours, type Overbooking, putOverbooking } from "../../../api/fleet";
import { TextField } from "../../../shared/ui/field";
import { ActionDialog } from "../../parts/action-dialog";
import { useAction } from "../../parts/use-action";
import { useSession } from "../../session/gate";
import { useFleetWords } from "../i18n";
import { type Catalogue, classLabel } from "../parts/catalogue";
import { Conflicts } from "../parts/conflicts";
import { useConflicts } from "../parts/use-conflicts";
import { type FaultKeys, useFaults } from "../parts/use-faults";

interface DialogProps {
  branch: string;
  hours: ClassHours;
  catalogue: Catalogue;
  onClose: () => void;
  onDone: (said: string) => void;
}

const CONTROLS = { percent: "percent", reason: "reason" } as const;

export function OverbookingDialog({ branch, hours, catalogue, onClose, onDone }: DialogProps) {
  const { t, count } = useFleetWords();
  const { token } = useSession();
  const [percent, setPercent] = useState(String(hours.overbooking_percent));
  const [reason, setReason] = useState("");
  const say = ({ percent: agreed, cars }: Overbooking) =>
    agreed > 0 && cars === 0
      ? t("overbooking.none", { percent: agreed })
      : count("overbooking.done", cars, { percent: agreed });
  const action = useAction<boolean, Overbooking>(
    (override) =>
      putOverbooking(token, {
        branch,
        class: hours.class,
        percent: Number(percent),
        override,
        reason: override ? reason.trim() : null,
      }),
    (answer) => onDone(say(answer)),
  );
  const conflicting = useConflicts(action);
  const { faults, check, clear } = useFaults(action, CONTROLS);
  const { override } = conflicting;
  const checked = (): FaultKeys => {
    const found: FaultKeys = {};
    if (!/^\d+$/.test(percent) || Number(percent) > 100) found["percent"] = "fault.percent";
    if (override && !reason.trim()) found["reason"] = "fault.required";
    return found;
  };
  return (
    <ActionDialog
      title={t("overbooking.of", { class: classLabel(catalogue, hours.class), branch })}
      label={override ? t("conflict.go_ahead") : t("save")}
      danger={override}
      action={conflicting.shown}
      onClose={onClose}
      onSubmit={(form) => check(form, checked(), () => void action.run(override))}
    >
      <TextField
        id="percent"
        label={t("overbooking.percent")}
        hint={t("overbooking.hint")}
        value={percent}
        fault={faults["percent"]}
        inputMode="numeric"
        maxLength={3}
        autoComplete="off"
        required
        onText={(text) => {
          clear();
          conflicting.forget();
          setPercent(text.replace(/\D/g, ""));
        }}
      />
      <Conflicts
        conflicting={conflicting}
        catalogue={catalogue}
        reason={{ value: reason, fault: faults["reason"], onText: setReason }}
      />
    </ActionDialog>
  );
}
