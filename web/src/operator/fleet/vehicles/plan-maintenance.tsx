/** Keep a car from being rented and sold for a while. */
import { useState } from "preact/hooks";
import { type MaintenancePlanned, planMaintenance, type Vehicle } from "../../../api/fleet";
import { isLocalTime, type LocalTime, toRfc3339 } from "../../../shared/time";
import { TextField } from "../../../shared/ui/field";
import { ActionDialog } from "../../parts/action-dialog";
import { useAction } from "../../parts/use-action";
import { useSession } from "../../session/gate";
import { useFleetWords } from "../i18n";
import { type Catalogue, zoneOf } from "../parts/catalogue";
import { Conflicts } from "../parts/conflicts";
import { MomentField } from "../parts/moment-field";
import { useConflicts } from "../parts/use-conflicts";
import { type FaultKeys, useFaults } from "../parts/use-faults";
import { isMomentOrEmpty, momentOrNothing } from "../parts/when";

interface PlanProps {
  vehicle: Vehicle;
  catalogue: Catalogue;
  onClose: () => void;
  onDone: (said: string) => void;
}

interface Plan {
  from: LocalTime;
  to: LocalTime;
  reason: string;
}

const CONTROLS = { from: "from", to: "to", reason: "reason" } as const;

export function PlanMaintenance({ vehicle, catalogue, onClose, onDone }: PlanProps) {
  const { t, count } = useFleetWords();
  const { token } = useSession();
  const [plan, setPlan] = useState<Plan>({ from: "", to: "", reason: "" });
  const zone = zoneOf(catalogue, vehicle.branch);
  const action = useAction<boolean, MaintenancePlanned>(
    (override) =>
      planMaintenance(token, vehicle.plate, {
        from: momentOrNothing(plan.from, zone),
        to: toRfc3339(plan.to, zone),
        reason: plan.reason.trim(),
        override,
      }),
    ({ short_hours: short }) =>
      onDone(short > 0 ? count("maintenance.short", short) : t("maintenance.planned")),
  );
  const conflicting = useConflicts(action);
  const { faults, check, clear } = useFaults(action, CONTROLS);
  const { override } = conflicting;
  const changeTime = (part: Partial<Plan>) => {
    clear();
    conflicting.forget();
    setPlan({ ...plan, ...part });
  };
  return (
    <ActionDialog
      title={t("maintenance.plan_title", { plate: vehicle.plate })}
      label={t(override ? "conflict.go_ahead" : "maintenance.submit")}
      danger={override}
      action={conflicting.shown}
      onClose={onClose}
      onSubmit={(form) => check(form, checkPlan(plan), () => void action.run(override))}
    >
      <MomentField
        id="from"
        label={t("maintenance.from")}
        value={plan.from}
        timeZone={zone}
        emptyMeans={t("when.empty_now")}
        fault={faults["from"]}
        onTime={(from) => changeTime({ from })}
      />
      <MomentField
        id="to"
        label={t("maintenance.to")}
        value={plan.to}
        timeZone={zone}
        fault={faults["to"]}
        onTime={(to) => changeTime({ to })}
      />
      <TextField
        id="reason"
        label={t("maintenance.reason")}
        hint={t("reason.hint")}
        value={plan.reason}
        fault={faults["reason"]}
        maxLength={500}
        autoComplete="off"
        required
        onText={(reason) => {
          clear();
          setPlan({ ...plan, reason });
        }}
      />
      <Conflicts conflicting={conflicting} catalogue={catalogue} />
    </ActionDialog>
  );
}

function checkPlan({ from, to, reason }: Plan): FaultKeys {
  const found: FaultKeys = {};
  if (!isMomentOrEmpty(from)) found["from"] = "fault.moment";
  if (!isLocalTime(to)) found["to"] = "fault.moment";
  else if (from !== "" && to <= from) found["to"] = "fault.ends_before";
  if (!reason.trim()) found["reason"] = "fault.required";
  return found;
}
