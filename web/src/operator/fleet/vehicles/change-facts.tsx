/** Another model, year or odometer: nothing that the calendar hears of. */
import { useState } from "preact/hooks";
import { changeVehicle, type Vehicle } from "../../../api/fleet";
import { ActionDialog } from "../../parts/action-dialog";
import { useAction } from "../../parts/use-action";
import { useSession } from "../../session/gate";
import { useFleetWords } from "../i18n";
import { useFaults } from "../parts/use-faults";
import { checkFacts, type Facts, factsOf, readFacts } from "./facts";
import { FactsFields } from "./facts-fields";

interface ChangeProps {
  vehicle: Vehicle;
  onClose: () => void;
  onDone: () => void;
}

const CONTROLS = { model: "model", model_year: "model_year", odometer_km: "odometer_km" } as const;

export function ChangeFacts({ vehicle, onClose, onDone }: ChangeProps) {
  const { t } = useFleetWords();
  const { token } = useSession();
  const [facts, setFacts] = useState(() => readFacts(vehicle));
  const action = useAction<Facts, Vehicle>(
    (given) => changeVehicle(token, vehicle.plate, factsOf(given)),
    onDone,
  );
  const { faults, check, clear } = useFaults(action, CONTROLS);
  return (
    <ActionDialog
      title={t("vehicle.facts_title", { plate: vehicle.plate })}
      label={t("save")}
      action={action}
      onClose={onClose}
      onSubmit={(form) => check(form, checkFacts(facts), () => void action.run(facts))}
    >
      <FactsFields
        facts={facts}
        faults={faults}
        onChange={(part) => {
          clear();
          setFacts({ ...facts, ...part });
        }}
      />
    </ActionDialog>
  );
}
