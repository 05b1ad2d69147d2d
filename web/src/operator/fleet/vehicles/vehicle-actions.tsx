/** What may be done with a car; each asks in a dialog and says here that it is done. */
import { useState } from "preact/hooks";
import type { Vehicle } from "../../../api/fleet";
import { useFleetWords } from "../i18n";
import type { Catalogue } from "../parts/catalogue";
import { ChangeFacts } from "./change-facts";
import { ChangePlace } from "./change-place";
import { PlanMaintenance } from "./plan-maintenance";

export interface ActsOnVehicle {
  vehicle: Vehicle;
  catalogue: Catalogue;
  refresh: () => void;
}

type Asked = "facts" | "move" | "maintenance" | "retire" | "restore";

export function VehicleActions({ vehicle, catalogue, refresh }: ActsOnVehicle) {
  const { t } = useFleetWords();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [said, setSaid] = useState("");
  const close = () => setAsked(null);
  const done = (what: string) => {
    close();
    setSaid(what);
    refresh();
  };
  const ask = (what: Asked) => {
    setSaid("");
    setAsked(what);
  };
  const given = { vehicle, catalogue, onClose: close };
  const button = (what: Asked, kind = "button-quiet") => (
    <button type="button" class={`button ${kind}`} onClick={() => ask(what)}>
      {t(`vehicle.${what}`)}
    </button>
  );
  const isRetired = vehicle.status === "retired";
  return (
    <div class="fleet-section">
      <div class="actions">
        {button("facts")}
        {!isRetired && button("maintenance")}
        {!isRetired && !vehicle.move && button("move")}
        {!isRetired && !vehicle.move && button("retire", "button-danger")}
        {isRetired && !vehicle.move && button("restore")}
      </div>
      <p class="muted" role="status">
        {said}
      </p>
      {asked === "facts" && <ChangeFacts {...given} onDone={() => done(t("vehicle.changed"))} />}
      {asked === "maintenance" && <PlanMaintenance {...given} onDone={done} />}
      {(asked === "move" || asked === "retire" || asked === "restore") && (
        <ChangePlace {...given} kind={asked} onDone={() => done(t("vehicle.changed"))} />
      )}
    </div>
  );
}
