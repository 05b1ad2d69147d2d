/** What may be done with a car; each asks in a dialog and says on the page that it is done. */
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
  /** What has been done; nothing when something else begins. */
  tell: (what: string) => void;
}

type Asked = "facts" | "move" | "maintenance" | "retire" | "restore";

export function VehicleActions({ vehicle, catalogue, tell }: ActsOnVehicle) {
  const { t } = useFleetWords();
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = () => setAsked(null);
  const done = (what: string) => {
    close();
    tell(what);
  };
  const ask = (what: Asked) => {
    tell("");
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
    <>
      <div class="actions">
        {button("facts")}
        {!isRetired && button("maintenance")}
        {!isRetired && !vehicle.move && button("move")}
        {!isRetired && !vehicle.move && button("retire", "button-danger")}
        {isRetired && !vehicle.move && button("restore")}
      </div>
      {asked === "facts" && <ChangeFacts {...given} onDone={() => done(t("vehicle.changed"))} />}
      {asked === "maintenance" && <PlanMaintenance {...given} onDone={done} />}
      {(asked === "move" || asked === "retire" || asked === "restore") && (
        <ChangePlace {...given} kind={asked} onDone={() => done(t("vehicle.changed"))} />
      )}
    </>
  );
}
