/** A transfer, a car that leaves the fleet or comes back to it, or a move that is called off. */
import { useState } from "preact/hooks";
import { changeVehicle, type Vehicle, type VehicleChange } from "../../../api/fleet";
import { ActionDialog } from "../../parts/action-dialog";
import { useAction } from "../../parts/use-action";
import { useSession } from "../../session/gate";
import { useFleetWords } from "../i18n";
import { branchOptions, type Catalogue, classOptions, zoneOf } from "../parts/catalogue";
import { Conflicts } from "../parts/conflicts";
import { MomentField } from "../parts/moment-field";
import { SelectField } from "../parts/select-field";
import { useConflicts } from "../parts/use-conflicts";
import { type Faults, useFaults } from "../parts/use-faults";
import { changeOf, checkPlace, type Place, type PlaceKind, readPlace } from "./place";

interface ChangePlaceProps {
  vehicle: Vehicle;
  catalogue: Catalogue;
  kind: PlaceKind;
  onClose: () => void;
  onDone: () => void;
}

const CONTROLS = {
  branch: "branch",
  class: "class",
  from: "from",
  arrives_at: "arrives_at",
  reason: "reason",
} as const;

export function ChangePlace(props: ChangePlaceProps) {
  const { vehicle, catalogue, kind, onClose, onDone } = props;
  const { t } = useFleetWords();
  const { token } = useSession();
  const [place, setPlace] = useState(() => readPlace(vehicle));
  const action = useAction<VehicleChange, Vehicle>(
    (change) => changeVehicle(token, vehicle.plate, change),
    onDone,
  );
  const conflicting = useConflicts(action);
  const { faults, check, clear } = useFaults(action, CONTROLS);
  const { override } = conflicting;
  const zones = {
    here: zoneOf(catalogue, vehicle.branch),
    there: zoneOf(catalogue, place.branch),
  };
  const change = (part: Partial<Place>) => {
    clear();
    conflicting.forget();
    setPlace({ ...place, ...part });
  };
  const submit = (form: HTMLFormElement) =>
    check(form, checkPlace(kind, place, vehicle, override), () => {
      void action.run(changeOf(kind, place, vehicle, zones, override));
    });
  const shared = { place, faults, zones, change };
  return (
    <ActionDialog
      title={t(`place.${kind}.title`, { plate: vehicle.plate })}
      label={t(override ? "conflict.go_ahead" : `place.${kind}.submit`)}
      danger={override || kind === "retire"}
      action={conflicting.shown}
      onClose={onClose}
      onSubmit={submit}
    >
      <p>{t(`place.${kind}.text`)}</p>
      {kind === "move" && <Target {...shared} catalogue={catalogue} />}
      {kind !== "call_off" && <Leaving {...shared} kind={kind} />}
      <Conflicts
        conflicting={conflicting}
        catalogue={catalogue}
        reason={{
          value: place.reason,
          fault: faults["reason"],
          onText: (reason) => {
            clear();
            setPlace({ ...place, reason });
          },
        }}
      />
    </ActionDialog>
  );
}

interface PartProps {
  place: Place;
  faults: Faults;
  zones: { here: string; there: string };
  change: (part: Partial<Place>) => void;
}

function Target({ place, faults, change, catalogue }: PartProps & { catalogue: Catalogue }) {
  const { t } = useFleetWords();
  return (
    <>
      <SelectField
        id="branch"
        label={t("place.branch")}
        value={place.branch}
        options={branchOptions(catalogue.branches)}
        fault={faults["branch"]}
        onChoose={(branch) => change({ branch })}
      />
      <SelectField
        id="class"
        label={t("place.class")}
        value={place.class}
        options={classOptions(catalogue)}
        fault={faults["class"]}
        onChoose={(code) => change({ class: code })}
      />
    </>
  );
}

function Leaving({ place, faults, zones, change, kind }: PartProps & { kind: PlaceKind }) {
  const { t } = useFleetWords();
  return (
    <>
      <MomentField
        id="from"
        label={t(kind === "move" ? "place.leaves_at" : "place.from")}
        value={place.from}
        timeZone={zones.here}
        emptyMeans={t("when.empty_now")}
        fault={faults["from"]}
        onTime={(from) => change({ from })}
      />
      {kind === "move" && (
        <MomentField
          id="arrives_at"
          label={t("place.arrives_at")}
          value={place.arrives}
          timeZone={zones.there}
          emptyMeans={t("place.arrives_at_once")}
          fault={faults["arrives_at"]}
          onTime={(arrives) => change({ arrives })}
        />
      )}
    </>
  );
}
