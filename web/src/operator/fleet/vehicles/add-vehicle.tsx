/** A car joins the fleet. */
import { useState } from "preact/hooks";
import { addVehicle, type Vehicle } from "../../../api/fleet";
import type { LocalTime } from "../../../shared/time";
import { TextField } from "../../../shared/ui/field";
import { ActionDialog } from "../../parts/action-dialog";
import { useAction } from "../../parts/use-action";
import { useSession } from "../../session/gate";
import { useFleetWords } from "../i18n";
import { branchOptions, type Catalogue, classOptions, zoneOf } from "../parts/catalogue";
import { MomentField } from "../parts/moment-field";
import { SelectField } from "../parts/select-field";
import { type FaultKeys, useFaults } from "../parts/use-faults";
import { isMomentOrEmpty, momentOrNothing } from "../parts/when";
import { checkFacts, type Facts, factsOf } from "./facts";
import { FactsFields } from "./facts-fields";
import { plateLetters } from "./filters";

interface AddProps {
  catalogue: Catalogue;
  branch: string;
  onClose: () => void;
  onAdded: (vehicle: Vehicle) => void;
}

interface Car extends Facts {
  plate: string;
  branch: string;
  class: string;
  from: LocalTime;
}

const CONTROLS = {
  plate: "plate",
  branch: "branch",
  class: "class",
  model: "model",
  model_year: "model_year",
  odometer_km: "odometer_km",
  from: "from",
} as const;

export function AddVehicle({ catalogue, branch, onClose, onAdded }: AddProps) {
  const { t } = useFleetWords();
  const { token } = useSession();
  const [car, setCar] = useState<Car>(() => ({
    plate: "",
    branch: branch || (catalogue.served.length === 1 ? (catalogue.served[0]?.code ?? "") : ""),
    class: "",
    model: "",
    year: "",
    odometer: "0",
    from: "",
  }));
  const zone = zoneOf(catalogue, car.branch);
  const action = useAction<Car, Vehicle>(
    (given) =>
      addVehicle(token, {
        plate: given.plate,
        branch: given.branch,
        class: given.class,
        ...factsOf(given),
        from: momentOrNothing(given.from, zone),
      }),
    onAdded,
  );
  const { faults, check, clear } = useFaults(action, CONTROLS);
  const change = (part: Partial<Car>) => {
    clear();
    setCar({ ...car, ...part });
  };
  return (
    <ActionDialog
      title={t("vehicle.add")}
      label={t("vehicle.add_submit")}
      action={action}
      onClose={onClose}
      onSubmit={(form) => check(form, checkCar(car), () => void action.run(car))}
    >
      <TextField
        id="plate"
        label={t("vehicle.plate")}
        hint={t("vehicle.plate_hint")}
        value={car.plate}
        fault={faults["plate"]}
        maxLength={9}
        autoComplete="off"
        autoCapitalize="characters"
        spellcheck={false}
        required
        onText={(text) => change({ plate: plateLetters(text) })}
      />
      <SelectField
        id="branch"
        label={t("vehicle.branch")}
        value={car.branch}
        none={t("choose")}
        options={branchOptions(catalogue.served)}
        fault={faults["branch"]}
        onChoose={(code) => change({ branch: code })}
      />
      <SelectField
        id="class"
        label={t("vehicle.class")}
        value={car.class}
        none={t("choose")}
        options={classOptions(catalogue)}
        fault={faults["class"]}
        onChoose={(code) => change({ class: code })}
      />
      <FactsFields facts={car} faults={faults} onChange={change} />
      <MomentField
        id="from"
        label={t("vehicle.from")}
        value={car.from}
        timeZone={car.branch ? zone : null}
        emptyMeans={t("when.empty_now")}
        fault={faults["from"]}
        onTime={(from) => change({ from })}
      />
    </ActionDialog>
  );
}

function checkCar(car: Car): FaultKeys {
  const found: FaultKeys = {};
  if (!/^[A-Z0-9]{5,8}$/.test(car.plate)) found["plate"] = "fault.plate";
  if (!car.branch) found["branch"] = "fault.choose";
  if (!car.class) found["class"] = "fault.choose";
  if (!isMomentOrEmpty(car.from)) found["from"] = "fault.moment";
  return { ...found, ...checkFacts(car) };
}
